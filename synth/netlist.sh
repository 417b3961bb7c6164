#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# netlist.sh RTL_DIR OUT.v KEY=VALUE...: eie_top with these parameters, from the sources in RTL_DIR, synthesised for iCE40
# UP5K and written as Verilog: cells of Yosys' ice40/cells_sim.v, wires of one bit, pins as they are. The Yosys of
# Debian 12. The log is OUT.log.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: synth/netlist.sh RTL_DIR OUT.v KEY=VALUE..." >&2 && exit 2; }
rtl=$1 out=$2 settings=''
shift 2
for setting; do settings+=" -chparam ${setting%%=*} ${setting#*=}"; done
# iCE40 has no RAM in logic cells: the queues' request for it is dropped. A bus whose bits come from each other would be a
# loop to Verilator: splitnets makes each bit a wire of its own.
yosys -q -l "$out.log" -p "
  read_verilog -lib -specify -D ICE40_U +/ice40/cells_sim.v
  read_verilog -sv -I$rtl $(ls "$rtl"/*_pkg.sv | tr '\n' ' ')
  read_verilog -sv -defer -DSYNTHESIS -I$rtl $(ls "$rtl"/eie_*.sv | grep -v _pkg.sv | tr '\n' ' ')
  hierarchy -check -top eie_top$settings -chparam TECH 2
  proc
  setattr -unset ram_style */m:*
  synth_ice40 -device u -dsp -top eie_top -run flatten:check
  setattr -mod -unset keep_hierarchy *
  flatten
  opt_clean -purge
  check -assert
  splitnets
  write_verilog -noattr $out.new" > "$out.out" 2>&1 || {
  tail -n 20 "$out.out" >&2
  echo "$rtl: Yosys refused the array; the whole log: $out.log" >&2
  exit 1
}
mv "$out.new" "$out"
