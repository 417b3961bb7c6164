#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# synth/gates.sh: the table adds up, is plausible, and another liberty file gives its own areas; what is no liberty
# file, or has no flip-flop, is refused with one sentence and exit status 2.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
work=build/tmp/gates
mkdir -p "$work"

check() { # check SENTENCE COMMAND...
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $sentence"; fi
}

# Columns behind the words: flip-flops, registers, logic, sum, memory bits.
number() { # number FILE BLOCK COLUMN
  awk -v block="$2" -v column="$3" 'index($0, block) == 3 { print $(NF - 5 + column) }' "$1"
}

between() { # between VALUE LEAST MOST
  awk -v v="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(v != "" && v + 0 >= a + 0 && v + 0 <= b + 0) }' || { echo "$1 is not in $2 .. $3"; false; }
}

blocks_add_up() { # blocks_add_up FILE: nine rows, and in all, in each column
  awk '/^  / && !/block  / { if (/^  in all/) { for (c = 0; c < 5; c++) if (sum[c] - $(NF - c) > 0.01 || $(NF - c) - sum[c] > 0.01) bad = 1 }
         else { rows++; for (c = 0; c < 5; c++) sum[c] += $(NF - c) } } END { exit bad || rows != 9 }' "$1"
}

refused() { # refused SENTENCE LIBERTY
  local status
  LIBERTY=$2 synth/gates.sh pe4 > "$work/out.txt" 2> "$work/err.txt"
  status=$?
  [ $status = 2 ] && [ ! -s "$work/out.txt" ] && grep -q "^gates: .*$1" "$work/err.txt" && return
  echo "exit status $status: $(cat "$work/err.txt")"
  return 1
}

check "it runs" synth/gates.sh > "$work/pe64.txt"
cat "$work/pe64.txt"
check "the blocks add up" blocks_add_up "$work/pe64.txt"
check "flip-flops" between "$(number "$work/pe64.txt" 'in all' 1)" 700 2000
check "a flip-flop is six" between "$(number "$work/pe64.txt" 'in all' 2)" $((6 * $(number "$work/pe64.txt" 'in all' 1))) \
  $((6 * $(number "$work/pe64.txt" 'in all' 1)))
check "logic" between "$(number "$work/pe64.txt" 'in all' 3)" 4000 12000
check "a multiplier of 16 by 16 bits" between "$(number "$work/pe64.txt" '  multiplier' 3)" 1500 4500
check "no memory fell apart into flip-flops" between "$(number "$work/pe64.txt" 'in all' 5)" 1100000 1300000
check "the work queue's memory is not in it" between "$(number "$work/pe64.txt" '  work queue' 1)" 5 60

# The same gates in a made-up technology in which a NAND2 takes two units.
awk '{ while (match($0, /area : [0-9.]+/)) { printf "%s", substr($0, 1, RSTART - 1); split(substr($0, RSTART, RLENGTH), w, " ")
         printf "area:%g", 2 * w[3]; $0 = substr($0, RSTART + RLENGTH) } print }' synth/nand2.lib > "$work/two.lib"
LIBERTY=$work/two.lib check "another liberty file" synth/gates.sh > "$work/two.txt"
check "its flip-flops are as many" [ "$(number "$work/two.txt" 'in all' 1)" = "$(number "$work/pe64.txt" 'in all' 1)" ]
sum=$(number "$work/pe64.txt" 'in all' 4)
check "its areas are twice" between "$(number "$work/two.txt" 'in all' 4)" "$(awk -v s="$sum" 'BEGIN { print 1.98 * s }')" \
  "$(awk -v s="$sum" 'BEGIN { print 2.02 * s }')"

check "a file that is not there" refused 'not a file that can be read' "$work/none.lib"
check "a folder" refused 'not a file that can be read' "$work"
check "a text" refused 'is no liberty file' README.md
grep -v 'cell (DFF)' synth/nand2.lib | grep -v 'clock : true' | sed 's/^.*function : "IQ".*$//' > "$work/noff.lib"
check "gates without a flip-flop" refused 'did not map the PE' "$work/noff.lib"
head -c 900 synth/nand2.lib > "$work/cut.lib"
check "a liberty file that breaks off" refused 'did not map the PE' "$work/cut.lib"
check "a configuration that is not there" eval '! synth/gates.sh pe65 2> /dev/null'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
