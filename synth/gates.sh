#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# gates.sh [CONFIG]: size of one PE of a configuration (pe64) without its memories, by block: NAND2 equivalents
# (synth/nand2.lib) and flip-flops, by the Yosys of Debian 12. LIBERTY=FILE.lib maps to that library in its place and prints
# its areas, which are square micrometres in most. No timing, no placement, no clock tree: docs/gates.md.
# Logs: build/synth/gates/. Exit status 2, with one sentence, when LIBERTY or CONFIG is nothing to work with.
set -euo pipefail
cd "$(dirname "$0")/.."
config=${1:-pe64}
liberty=${LIBERTY:-synth/nand2.lib}
out=build/synth/gates
sorry() { echo "gates: $*" >&2 && exit 2; }
[ $# -le 1 ] || sorry "usage: synth/gates.sh [CONFIG]"
[ -f "rtl/configs/$config.cfg" ] || sorry "rtl/configs/$config.cfg does not exist"
[ -f "$liberty" ] && [ -r "$liberty" ] || sorry "LIBERTY=$liberty is not a file that can be read"
case $liberty in *[[:space:]\"\;]*) sorry "LIBERTY=$liberty has a space, a quote or a semicolon in its path" ;; esac
grep -qE '^[[:space:]]*library[[:space:]]*\(' "$liberty" || sorry "LIBERTY=$liberty is no liberty file: it has no library (...)"
mkdir -p "$out"

# Blocks of a PE, each its own module; what is in none of them is the PE's own (command bus, faults). Memories stay $mem
# cells: their read latch belongs to them, the register behind it to the block.
blocks='eie_pe*u_ptr_read eie_pe*u_ptr_read*u_act_queue eie_pe*u_sequencer eie_pe*u_sequencer*u_work_queue eie_pe*u_spmat
        eie_pe*u_arith eie_pe*u_arith*u_mul eie_pe*u_write_back'
# What simulation carries along for assertions leaves these blocks to nobody; in a flat PE nothing of it is left.
carried='eie_pe*u_sequencer/w:issue_act_o eie_pe*u_spmat/w:entry_act_o eie_pe*u_spmat/w:entry_index_o eie_pe*u_arith/w:fault_entry_o'
settings=$(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -e '/^TECH=/d' "rtl/configs/$config.cfg" |
  sed 's/\(.*\)=\(.*\)/ -chparam \1 \2/' | tr -d '\n')
yosys -q -l "$out/yosys.log" -p "
  read_verilog -sv -Irtl $(echo rtl/*_pkg.sv)
  read_verilog -sv -defer -DSYNTHESIS -Irtl rtl/eie_pe.sv
  hierarchy -check -libdir rtl -top eie_pe$settings
  proc -norom
  select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr t:\$sr
  uniquify
  setattr -mod -set keep_hierarchy 1 $(echo "$blocks" | tr '\n' ' ')
  flatten
  opt_expr; opt_clean
  tee -q -o $out/memories.txt stat
  select -assert-count 4 $carried
  delete -output $carried
  opt_clean
  opt -nodffe -nosdff; fsm; opt; wreduce; peepopt; opt_clean
  alumacc; share; opt
  memory -nomap; opt_clean
  opt -fast -full
  techmap; opt -fast
  tee -q -o $out/registers.txt stat
  dfflibmap -liberty $liberty
  tee -q -o $out/register_area.txt stat -liberty $liberty
  abc -liberty $liberty
  opt_clean
  select -assert-none t:\$_*
  tee -q -o $out/area.txt stat -liberty $liberty" > "$out/yosys.out" 2>&1 || {
  grep -m 1 ERROR "$out/yosys.out" "$out/yosys.log" >&2 || true
  sorry "Yosys did not map the PE to $liberty (it must have a flip-flop of the rising edge and gates); log: $out/yosys.log"
}

# One table from the four reports.
awk -v liberty="${LIBERTY:-}" -v config="$config" '
  function row(words, b) {
    printf "  %-28s %10d %10.1f %10.1f %10.1f %12d\n", words, ff[b], register[b], all[b] - register[b], all[b], bits[b]
  }
  /^===/ { block = $2; gsub(/\.g_[a-z0-9_]+/, "", block); next }  # whatever generate blocks are in between
  /Number of memory bits:/ { if (FILENAME ~ /memories/) bits[block] = $NF }
  /^ +\$_[A-Z]*DFF[A-Z]*_/ { if (FILENAME ~ /registers/) ff[block] += $2 }
  /Chip area for module/ { if (FILENAME ~ /register_area/) register[block] = $NF; else all[block] = $NF }
  END {
    printf "One PE of %s without its memories, %s\n", config,
      liberty == "" ? "NAND2 equivalents (synth/nand2.lib)" : "areas of " liberty
    printf "  %-28s %10s %10s %10s %10s %12s\n", "block", "flip-flops", "registers", "logic", "sum", "memory bits"
    n = split("eie_pe.u_ptr_read|eie_pe.u_ptr_read.u_act_queue|eie_pe.u_sequencer|eie_pe.u_sequencer.u_work_queue|" \
              "eie_pe.u_spmat|eie_pe.u_arith|eie_pe.u_arith.u_mul|eie_pe.u_write_back|eie_pe", order, "|")
    split("ptr_read|  its queue|sequencer|  work queue|spmat|arith|  multiplier|write_back|command bus, faults", words, "|")
    for (k = 1; k <= n; k++) {
      b = order[k]
      row(words[k], b)
      ff["sum"] += ff[b]; register["sum"] += register[b]; all["sum"] += all[b]; bits["sum"] += bits[b]
    }
    row("in all", "sum")
  }' "$out/memories.txt" "$out/registers.txt" "$out/register_area.txt" "$out/area.txt"
cat <<'E2'
For reference, the paper's PE in 45 nm, placed and routed at 1.15 ns: 18,411 um2 without SRAM, of which 8,946
combinational and 9,465 registers. It is another design in another flow: the table above has no clock, no buffers,
no wires and no clock tree, and does not compare with it beyond the order of size.
E2
