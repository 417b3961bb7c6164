#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# config_header.sh FILE.cfg [board.cfg]: a SystemVerilog header on standard output. EIE_CONFIG: the configuration, as the
# parameters of eie_top by name, which the top of a board passes on. With board.cfg also EIE_CLOCKS_PER_BIT (the
# array's clock over the baud rate) and EIE_PLL_... for each PLL_... of the board.
set -euo pipefail
[ $# = 1 ] || [ $# = 2 ] || { echo "usage: synth/config_header.sh FILE.cfg [board.cfg]" >&2 && exit 2; }

settings() { # settings FILE: KEY=VALUE lines
  sed -e 's/#.*//' -e 's/[[:space:]]*=[[:space:]]*/=/' -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"
}

for file; do [ -r "$file" ] || { echo "$file: cannot be read" >&2 && exit 2; }; done
words=$(settings "$1" | sed -n -e '/^TECH=/d' -e 's/^\([A-Z_]*\)=\([0-9]*\)$/.\1(\2)/p' | paste -sd, | sed 's/,/, /g')
[ -n "$words" ] || { echo "$1: no configuration" >&2 && exit 2; }
printf '// Made by synth/config_header.sh from %s\n`define EIE_CONFIG %s\n' "$*" "$words"
if [ $# = 2 ]; then
  settings "$2" | awk -F= -v file="$2" '
    /^PLL_/ { printf "`define EIE_%s %d\n", $1, $2 }
    $1 == "CLOCK_MHZ" { mhz = $2 } $1 == "BAUD" { baud = $2 }
    END {
      if (!(mhz > 0) || !(baud > 0)) { print file ": CLOCK_MHZ and BAUD are needed" > "/dev/stderr"; exit 2 }
      printf "`define EIE_CLOCKS_PER_BIT %d\n", mhz * 1e6 / baud + 0.5
    }'
fi
