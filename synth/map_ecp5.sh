#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# map_ecp5.sh TOP NETLIST.json: prints the Yosys commands from a design after `proc` to a netlist of ECP5 cells, for
# board.sh and pe_clock.sh. As synth_ecp5, but:
# - `opt_expr -full` first, as board.sh does for others: comparisons with a power of two are bits, not carry chains.
# - ABC's second flow instead of the plain one: a PE alone takes 675 instead of 739 LUTs, the clock is not lower.
# - A wire counts 800 ps, as it does here, not 300: fewer levels of LUTs (docs/fpga.md).
set -euo pipefail
[ $# = 2 ] || { echo "usage: synth/map_ecp5.sh TOP NETLIST.json" >&2 && exit 2; }
cat << END
opt_expr -full
scratchpad -copy abc9.script.flow2 abc9.script
synth_ecp5 -top $1 -run begin:map_gates
techmap -map synth/ecp5_carry.v
synth_ecp5 -top $1 -run map_gates:map_luts
abc9 -W 800
clean
synth_ecp5 -top $1 -run map_cells: -json $2
END
