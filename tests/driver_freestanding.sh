#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The driver is freestanding: it compiles for a bare RV32IM without a C library, and linked into one
# object it asks for nothing from outside (no memcpy, no 64-bit helpers).
set -eu
CC=${RISCV_CC:-riscv64-unknown-elf-gcc}
NM=${RISCV_NM:-riscv64-unknown-elf-nm}
OUT=build/driver-rv32
mkdir -p "$OUT"
cat > "$OUT/mmio.c" <<'C'
#define EIE_DRIVER_MMIO
#include "eie_driver.h"
eie_driver_status probe(eie_driver *driver, uintptr_t base);
eie_driver_status probe(eie_driver *driver, uintptr_t base) {
  eie_bus bus;
  eie_mmio_bus(&bus, base);
  return eie_driver_open(driver, &bus);
}
C
for opt in -O0 -Os -O2 -O3; do
  objects=
  for source in firmware/eie_driver.c firmware/eie_driver_run.c firmware/eie_driver_text.c "$OUT/mmio.c"; do
    object=$OUT/$(basename "$source" .c).o
    "$CC" -std=c11 -march=rv32im -mabi=ilp32 -ffreestanding -nostdlib -nostdinc \
      -isystem "$("$CC" -print-file-name=include)" -Wall -Wextra -Werror -Wshadow $opt -Ifirmware -c -o "$object" "$source"
    objects="$objects $object"
  done
  # shellcheck disable=SC2086
  "$CC" -march=rv32im -mabi=ilp32 -nostdlib -r -o "$OUT/driver.o" $objects
  undefined=$("$NM" -u "$OUT/driver.o")
  if [ -n "$undefined" ]; then
    echo "driver_freestanding: at $opt the driver wants symbols from outside: $undefined" >&2
    exit 1
  fi
done
size=$(riscv64-unknown-elf-size "$OUT/driver.o" | awk 'NR == 2 { print $1 " bytes of code and constants, " $2 + $3 " of data" }')
echo "driver_freestanding: rv32im at -O0, -Os, -O2 and -O3, no undefined symbol; $size at -O3"
echo "4 passed, 0 failed"
