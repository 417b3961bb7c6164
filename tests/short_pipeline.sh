#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The PE with the short pipeline (TECH 2, iCE40) is the same machine: random models and hand-made corners give the
# same bits, counters and cycles (small part of the campaigns, tests/rtl_part.h), and the comparison notices when its
# forwarding is spoiled. Memories are models of SPRAM and late-read block RAM (tb/ice40_cells.sv).
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/short-pipeline
export EIE_TECH=2 EIE_PART=small EIE_BUILD_DIR=build/short-pipeline EIE_ENGINE=verilator
passed=0 failed=0

ends_green() { # ends_green PROGRAM: runs it; its last lines when it fails
  if build/tests/"$1" > "build/short-pipeline/$1.log" 2>&1; then
    grep -E '^\[  PASSED  \]|^seed|compared' "build/short-pipeline/$1.log" | tail -n 3 | sed "s/^/$1: /"
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1 with TECH 2"
    tail -n 30 "build/short-pipeline/$1.log"
  fi
}
for program in rtl_random rtl_timing; do ends_green "$program"; done

# A copy of the RTL in which the sum of the entry two ahead, or one ahead, is not forwarded.
spoiled() { # spoiled NAME SED-EXPRESSION
  local rtl=build/short-pipeline/$1
  rm -rf "$rtl" && cp -r rtl "$rtl" && sed -i "$2" "$rtl/eie_arith_short.sv"
  if cmp -s rtl/eie_arith_short.sv "$rtl/eie_arith_short.sv"; then
    failed=$((failed + 1)) && echo "FAILED: nothing was spoiled for $1"
  elif RTL_DIR=$rtl EIE_BUILD_DIR=build/short-pipeline/build-$1 build/tests/rtl_random > "build/short-pipeline/$1.log" 2>&1; then
    failed=$((failed + 1)) && echo "FAILED: $1 was not noticed"
  elif grep -qE 'device 0x|golden' "build/short-pipeline/$1.log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && echo "FAILED: $1 failed for another reason" && tail -n 20 "build/short-pipeline/$1.log"
  fi
}
spoiled far_lost 's/operand3_q <= far2 ? sum4_q : acc2;/operand3_q <= acc2;/'
spoiled near_lost 's/operand = near3_q ? sum4_q : operand3_q;/operand = operand3_q;/'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
