#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The array with the bodies for ECP5 (TECH 1: block RAM, multiplier and carry chain instantiated, codebooks behind the
# activations where both fit) is the same machine: random models give the same bits, counters and cycles (rtl_random,
# rtl_timing; seeds SEEDS) on arrays that have both in one memory (t01, t10) and apart (t08), and that is noticed
# when it is spoiled. The cells are models (tb/ecp5_cells.sv).
set -uo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
logs=build/ecp5-bodies
mkdir -p $logs
export EIE_TECH=1 EIE_BUILD_DIR=$logs EIE_ENGINE=verilator
passed=0 failed=0
seeds=${SEEDS:-1 2}

campaign() { # campaign NAME: each seed through both programs; the first that is red stops it
  local program seed
  make -s -f tb/verilator.mk BUILD="$EIE_BUILD_DIR" RTL_DIR="${RTL_DIR:-rtl}" NAME="$1" VARIANT=fast lib || return
  for program in rtl_random rtl_timing; do
    for seed in $seeds; do
      EIE_BUILD_TRUST=1 EIE_ONLY=$1 EIE_SEED=$seed build/tests/$program > "$logs/$1.log" 2>&1 || {
        echo "$program: EIE_TECH=1 EIE_ONLY=$1 EIE_SEED=$seed" && return 1
      }
    done
  done
}

for config in t01 t08 t10; do
  if campaign $config; then
    passed=$((passed + 1)) && echo "$config: equal for seeds $seeds"
  else
    failed=$((failed + 1)) && echo "FAILED: $config" && tail -n 20 "$logs/$config.log"
  fi
done

spoiled() { # spoiled NAME CONFIG FILE SED-EXPRESSION: a copy of the RTL, edited so, must be red: in a value or by an assertion
  local rtl=$logs/rtl-$1
  rm -rf "$rtl" && cp -r rtl "$rtl" && sed -i "$4" "$rtl/$3.sv"
  if cmp -s "rtl/$3.sv" "$rtl/$3.sv"; then
    failed=$((failed + 1)) && echo "FAILED: nothing was spoiled for $1"
  elif ! (export RTL_DIR=$rtl EIE_BUILD_DIR=$logs/build-$1 && campaign "$2" > /dev/null) \
    && grep -qE 'device 0x|_A does not hold' "$logs/$2.log"; then
    passed=$((passed + 1)) && echo "$1: noticed"
  else
    failed=$((failed + 1)) && echo "FAILED: $1 was not noticed" && tail -n 20 "$logs/$2.log"
  fi
}
spoiled book_on_acts t10 eie_act_book "s/{1'b1, AddrW'/{1'b0, AddrW'/"
spoiled no_clear t08 eie_ram_ecp5 "s/RSTB(clear_i)/RSTB(1'b0)/"
spoiled stale_operand t10 eie_pe_arith 's/.other_i(near7_q)/.other_i(1)/'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
