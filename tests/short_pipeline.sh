#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The PE with the short pipeline (TECH 2, iCE40) is the same machine: random models give the same bits, counters and
# cycles on arrays of one, two and four PEs (rtl_random, rtl_timing; seeds SEEDS), rates hold and entries are forwarded
# at every distance (rtl_rates), and that is noticed when it is spoiled. Memories are models of SPRAM and late-read block RAM (tb/ice40_cells.sv).
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/device_bodies.bash
device_bodies 2 build/short-pipeline
seeds=${SEEDS:-1 2 3 4 5 6 7 8}
campaigns t01 tiny t05 t07

# The rates of the array, forwarding at every distance among them. The one that must not hold is that of the bus: here
# it has one access at a time.
rates() { # rates LOG: the names of the tests that failed, a line each
  build rates || return
  EIE_BUILD_TRUST=1 build/tests/rtl_rates > "$1" 2>&1
  sed -n 's/^\[  FAILED  \] \([a-z_0-9]*\)$/\1/p' "$1" | sort -u
}
if [ "$(rates $logs/rates.log)" = the_bus_moves_one_beat_a_cycle_each_way ]; then
  passed=$((passed + 1)) && echo "rates: all but that of the bus"
else
  failed=$((failed + 1)) && echo "FAILED: rates" && tail -n 30 $logs/rates.log
fi

# Copies of the RTL in which the sum of the entry two ahead, or one ahead, is not forwarded, in the low or the high half, or
# the carry between them is lost.
spoiled() { # spoiled NAME SED-EXPRESSION
  spoil "$1" eie_arith_short "$2" || return
  if RTL_DIR=$spoilt EIE_BUILD_DIR=$logs/build-$1 rates "$logs/$1.log" \
    | grep -qx one_entry_a_cycle_on_the_same_accumulator_at_every_distance && grep -q 'device 0x' "$logs/$1.log"; then
    passed=$((passed + 1)) && echo "$1: noticed"
  else
    failed=$((failed + 1)) && echo "FAILED: $1 was not noticed" && tail -n 20 "$logs/$1.log"
  fi
}
spoiled far_lost 's|<= far2 ? low_sum4_q : low2;|<= low2;|'
spoiled near_lost 's|near3_q ? low_sum4_q : low_operand3_q|low_operand3_q|'
spoiled far_lost_above 's|: far3_q ? high_sum5_q : high3;|: high3;|'
spoiled near_lost_above 's|high_operand4 = near4_q ? high_sum5_q : high_operand4_q;|high_operand4 = high_operand4_q;|'
spoiled carry_lost 's|HighW.(high_product4_q), carry4_q}|HighW'"'"'(high_product4_q), 1'"'"'b0}|'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
