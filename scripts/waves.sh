#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# waves.sh [FOLDER]: makes the pictures of docs/waves.md again, from traces of the RTL (FOLDER: docs/img). Each picture
# has a small layer of its own and a list of signals, docs/waves/NAME.list. Traces stay in build/waves.
set -euo pipefail
cd "$(dirname "$0")/.."
to=${1:-docs/img}
work=build/waves
mkdir -p "$work" "$to"

# The FST reader that comes with Verilator, in C.
reader=$(${VERILATOR:-verilator} --getenv VERILATOR_ROOT)/include/gtkwave
if [ scripts/wave_svg.c -nt "$work/wave_svg" ]; then
  for part in fstapi lz4 fastlz; do
    gcc -O1 -w -DFST_CONFIG_INCLUDE='"fst_config.h"' -I"$reader" -c -o "$work/$part.o" "$reader/$part.c"
  done
  gcc -std=gnu11 -O1 -g -Wall -Wextra -Werror -Wshadow -isystem "$reader" -o "$work/wave_svg.new" scripts/wave_svg.c \
    "$work"/{fstapi,lz4,fastlz}.o -lz -lpthread
  mv "$work/wave_svg.new" "$work/wave_svg"
fi

picture() { # picture NAME ROWS COLS DENSITY
  build/eie gen --rows "$2" --cols "$3" --density "$4" --act-density 0.8 --seed 3 --relu --count 1 \
    -o "$work/$1.safetensors" -x "$work/$1.npy" > /dev/null
  build/eie sim "$work/$1.safetensors" --config pe4 --input "$work/$1.npy" --wave "$work/$1.fst" > "$work/$1.txt"
  "$work/wave_svg" "$work/$1.fst" "docs/waves/$1.list" > "$work/$1.svg"
  "$work/wave_svg" --check "$work/$1.fst" "$work/$1.gtkw"
  cmp -s "$work/$1.svg" "$to/wave-$1.svg" || cp "$work/$1.svg" "$to/wave-$1.svg"
}

picture layer-start 16 24 0.6
picture full-queue 128 80 0.3
picture bypass 4 12 1
picture write-back 16 12 0.6
