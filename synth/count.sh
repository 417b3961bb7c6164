#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# count.sh [ecp5|ecp5_tech1|ice40 ...]: Yosys' cells of one PE, by kind. Refuses latches, and memories or a multiplier
# that did not become what the device has for them. Reports: build/synth/TARGET.txt. What the counts are
# good for: comparing two versions of the RTL; area and clock on a board need placement and routing.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/synth

# What a board of that kind would have: 72-bit Spmat words and queues in LUT RAM on ECP5; 16-bit words
# and short queues on iCE40, whose queues are flip-flops.
ecp5_parameters="N_PE=16 ACT_QUEUE_DEPTH=16 QUEUE_DEPTH=32 CODE_W=4 IDX_W=5 ENTRIES_PER_WORD=8 ACC_W=32 ROWS=256
                 SPMAT_WORDS=512 PTR_DEPTH=2048 ACT_SLOTS=512 LAYERS=4"
ice40_parameters="N_PE=2 ACT_QUEUE_DEPTH=4 QUEUE_DEPTH=4 CODE_W=4 IDX_W=4 ENTRIES_PER_WORD=2 ACC_W=32 ROWS=256
                  SPMAT_WORDS=512 PTR_DEPTH=1024 ACT_SLOTS=256 LAYERS=4"

# Cells that must be there: kind, least, most. Block RAMs: 2 pointer banks, Spmat, accumulators, codebook or
# not, activations. The upper bounds catch a memory that fell apart into flip-flops, not a few more cells.
# The same with the RAM and multiplier of ECP5 instantiated (rtl/eie_*_ecp5.sv) instead of inferred.
ecp5_tech1_parameters="$ecp5_parameters TECH=1"
ecp5_wanted="DP16KD 6 8
MULT18X18D 1 1
flip-flops 100 1500"
ecp5_tech1_wanted="DP16KD 6 8
MULT18X18D 3 3
flip-flops 100 1500"
ice40_wanted="SB_RAM40_4K 8 14
SB_MAC16 1 1
flip-flops 100 1500"

synthesise() { # synthesise TARGET KEY=VALUE...
  local target=$1 settings='' library flow
  shift
  for setting; do settings+=" -chparam ${setting%%=*} ${setting#*=}"; done
  # The first step of synth_TARGET (libraries, hierarchy) is done here, for the parameters' sake. iCE40 has
  # no distributed RAM: there the queues' request for it is dropped.
  case $target in
    ecp5*) library='+/ecp5/cells_sim.v +/ecp5/cells_bb.v' flow='synth_ecp5 -run coarse:' ;;
    ice40) library='-D ICE40_U +/ice40/cells_sim.v' flow='setattr -unset ram_style */m:*; synth_ice40 -device u -dsp -run flatten:' ;;
  esac
  yosys -q -l "build/synth/$target.log" -p "
    read_verilog -lib -specify $library
    read_verilog -sv -Irtl $(echo rtl/*_pkg.sv)
    read_verilog -sv -defer -Irtl rtl/eie_pe.sv
    hierarchy -check -libdir rtl -top eie_pe$settings
    proc
    select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr t:\$sr
    $flow
    check -assert
    tee -q -o build/synth/$target.txt stat" > "build/synth/$target.out" 2>&1 || {
    tail -n 20 "build/synth/$target.out" >&2
    echo "$target: Yosys refused the PE; the whole log: build/synth/$target.log" >&2
    return 1
  }
}

cells() { # cells TARGET: "KIND COUNT" a line, with the flip-flops of all kinds summed at the end
  awk '/Number of cells:/ { on = 1; next }
       on && NF == 2 && $2 ~ /^[0-9]+$/ { print $1, $2; if ($1 ~ /^(TRELLIS_FF|SB_DFF)/) ff += $2 }
       END { print "flip-flops", ff + 0 }' "build/synth/$1.txt"
}

check_cells() { # check_cells TARGET WANTED: one sentence for each that is not so
  local kind least most count bad=0
  while read -r kind least most; do
    count=$(cells "$1" | awk -v k="$kind" '$1 == k { n = $2 } END { print n + 0 }')
    if [ "$count" -lt "$least" ] || [ "$count" -gt "$most" ]; then
      echo "$1: $count $kind, wanted $least to $most" >&2
      bad=1
    fi
  done <<< "$2"
  return $bad
}

count() { # count TARGET
  local parameters=$1_parameters wanted=$1_wanted
  # shellcheck disable=SC2086 # the parameters are words
  synthesise "$1" ${!parameters} || return
  printf 'one PE, %s: %s\n' "$1" "$(echo ${!parameters})"
  cells "$1" | awk '{ printf "  %-18s %6d\n", $1, $2 }'
  check_cells "$1" "${!wanted}"
}

status=0
[ $# -gt 0 ] || set -- ecp5 $([ ! -e rtl/eie_ram_ecp5.sv ] || echo ecp5_tech1) ice40
for target; do
  case $target in
    ecp5 | ecp5_tech1 | ice40) count "$target" || status=1 ;;
    *) echo "usage: synth/count.sh [ecp5|ecp5_tech1|ice40 ...]" >&2 && exit 2 ;;
  esac
done
exit $status
