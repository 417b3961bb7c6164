#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The array with the bodies for ECP5 (TECH 1: block RAM, multiplier and carry chain instantiated, codebooks behind the
# activations where both fit) is the same machine: random models give the same bits, counters and cycles (rtl_random,
# rtl_timing; seeds SEEDS) on arrays that have both in one memory (t01, t09, t10) and apart (t08), whose multipliers shift (t01, t09) or
# do not, and that is noticed when it is spoiled. The cells are models (tb/ecp5_cells.sv).
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/device_bodies.bash
device_bodies 1 build/ecp5-bodies
seeds=${SEEDS:-1 2}
campaigns t01 t08 t09 t10

spoiled() { # spoiled NAME CONFIG FILE SED-EXPRESSION: a copy of the RTL, edited so, must be red: in a value or by an assertion
  spoil "$1" "$3" "$4" || return
  if ! (export RTL_DIR=$spoilt EIE_BUILD_DIR=$logs/build-$1 && campaign "$2" > /dev/null) \
    && grep -qE 'device 0x|_A does not hold' "$logs/$2.log"; then
    passed=$((passed + 1)) && echo "$1: noticed"
  else
    failed=$((failed + 1)) && echo "FAILED: $1 was not noticed" && tail -n 20 "$logs/$2.log"
  fi
}
spoiled book_on_acts t10 eie_act_book "s/{1'b1, AddrW'/{1'b0, AddrW'/"
spoiled no_clear t08 eie_ram_ecp5 "s/RSTB(clear_i)/RSTB(1'b0)/"
spoiled stale_operand t10 eie_pe_arith 's/.other_i(near7_q)/.other_i(1)/'
spoiled ring_ahead t01 eie_act_ring 's/if (next_i)/if (next_i || push_i)/'
spoiled shift_too_far t01 eie_shift_ecp5 "s/18'h10000/18'h08000/"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
