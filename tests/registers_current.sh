#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The generated register files are what firmware/eie_registers.def says, all three tools read the package,
# the header is accepted without a C library, and the generator refuses tables that contradict themselves.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/registers.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() { # check NAME COMMAND...
  local name=$1
  shift
  if "$@" > "$tmp/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    cat "$tmp/log"
  fi
}

build_generator() { # build_generator DEF PROGRAM
  mkdir -p "$tmp/def" && cp "$1" "$tmp/def/eie_registers.def" &&
    cp firmware/gen_registers.c "$tmp/def/" &&
    "${CC:-gcc}" -std=c11 -Wall -Wextra -Werror -Icmodel -I"$tmp/def" "$tmp/def/gen_registers.c" -o "$2"
}

refuses() { # refuses WHY SED_SCRIPT: the table edited so is not accepted, for that reason
  sed -E "$2" firmware/eie_registers.def > "$tmp/edited.def"
  ! cmp -s "$tmp/edited.def" firmware/eie_registers.def && build_generator "$tmp/edited.def" "$tmp/edited" &&
    ! "$tmp/edited" sv > "$tmp/out" 2> "$tmp/err" && ! [ -s "$tmp/out" ] && grep -q "$1" "$tmp/err"
}

check "the generator builds" build_generator firmware/eie_registers.def "$tmp/gen"
check "the generator prints" scripts/registers.sh "$tmp/gen" "$tmp/new"
for file in rtl/eie_regs_pkg.sv firmware/eie_registers.h docs/registers.md; do
  check "$file is current (else: make registers)" diff -u "$file" "$tmp/new/$file"
done

echo '#include "eie_registers.h"' > "$tmp/h.c"
check "the header is freestanding C" \
  "${CC:-gcc}" -std=c11 -ffreestanding -nostdinc -Wall -Wextra -Wpedantic -Werror -Ifirmware -c "$tmp/h.c" -o "$tmp/h.o"

printf '%s\n' '`default_nettype none' 'module uses_regs (output logic [31:0] y_o);' \
  '  assign y_o = eie_regs_pkg::VersionWord ^ 32'"'"'(eie_regs_pkg::RegStatus) ^ 32'"'"'(eie_regs_pkg::DescShiftWidth);' \
  'endmodule' > "$tmp/uses_regs.sv"
check "Verilator reads the package" \
  verilator --lint-only -Wall rtl/lint.vlt rtl/eie_regs_pkg.sv "$tmp/uses_regs.sv" --top-module uses_regs
check "Icarus reads the package" iverilog -g2012 -Wall -t null rtl/eie_regs_pkg.sv "$tmp/uses_regs.sv"
check "Yosys reads the package" \
  yosys -q -p "read_verilog -sv rtl/eie_regs_pkg.sv $tmp/uses_regs.sv; hierarchy -check -top uses_regs; proc"

check "refuses an offset used twice" refuses "value used twice" 's/STATUS, 0x00C/STATUS, 0x008/'
check "refuses an offset that is no word" refuses "no offset of a word" 's/STATUS, 0x00C/STATUS, 0x00E/'
check "refuses a name used twice" refuses "named twice" 's/REG\(ROWS,/REG(N_PE,/'
check "refuses descriptor fields that overlap" refuses "overlaps" 's/RELU, 0, 5/RELU, 0, 4/'
check "refuses a field outside its word" refuses "outside its word" 's/RELU, 0, 5, 1/RELU, 0, 31, 2/'
check "refuses a gap in the fault codes" refuses "without a gap" 's/FAULT\(CHAIN, 10/FAULT(CHAIN, 12/'
check "refuses a mask of two bits" refuses "not a single bit" 's/CTRL_ABORT, 0x2/CTRL_ABORT, 0x3/'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
