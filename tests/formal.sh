#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Proofs of the small modules with Yosys, yosys-smtbmc and z3: tests/formal/NAME.sv says what is proved, for
# all inputs. Every proof is then run on a planted mutant of its module and must find a counterexample there.
# Logs of the proofs: build/formal/.
set -uo pipefail
cd "$(dirname "$0")/.."
work=build/formal
rm -rf "$work"
mkdir -p "$work/mutant"
passed=0 failed=0

# Netlist of tests/formal/$1.sv over the RTL in folder $2 with parameters $3 and the RTL files $4.
netlist() { # netlist NAME FOLDER PARAMETERS FILES: the commands up to one flat module
  local settings='' file files=''
  for setting in $3; do settings+=" -chparam ${setting%%=*} ${setting#*=}"; done
  for file in eie_pkg $4; do
    if [ -e "$2/$file.sv" ]; then files+=" $2/$file.sv"; else files+=" rtl/$file.sv"; fi
  done
  echo "read_verilog -formal -sv -Irtl $files tests/formal/$1.sv
        hierarchy -check -top formal_$1$settings; proc; memory -nordff; memory_map; flatten; opt -full"
}

# Prints "proved", "refuted" or "broken" (the tools did not come to an answer).
run() { # run NAME KIND FOLDER PARAMETERS FILES; KIND: sat, bmc:CYCLES, induction:CYCLES
  local kind=${2%%:*} cycles=${2#*:} log=$work/$1.log smt=$work/$1.smt2
  if [ "$kind" = sat ]; then
    yosys -q -l "$log" -p "$(netlist "$1" "$3" "$4" "$5"); sat -prove-asserts -verify" > /dev/null 2>&1 && echo proved && return
    if grep -q 'proof did fail' "$log"; then echo refuted; else echo broken; fi
    return
  fi
  yosys -q -l "$log" -p "$(netlist "$1" "$3" "$4" "$5"); async2sync; dffunmap; opt_clean; write_smt2 -wires $smt" \
    > /dev/null 2>&1 || { echo broken; return; }
  # Induction wants the base too: from reset, as many cycles as the step looks back.
  timeout 120 yosys-smtbmc --noprogress -s z3 -t "$cycles" "$smt" >> "$log" 2>&1
  if grep -q 'BMC failed' "$log"; then echo refuted; return; fi
  if [ "$kind" = induction ] && grep -q 'Status: PASSED' "$log"; then
    timeout 120 yosys-smtbmc --noprogress -s z3 -i -t "$cycles" "$smt" > "$work/$1.induction.log" 2>&1
    log=$work/$1.induction.log
  fi
  if grep -q 'Status: PASSED' "$log"; then echo proved; elif grep -q 'induction failed' "$log"; then echo refuted; else echo broken; fi
}

expect() { # expect WANTED SENTENCE NAME KIND FOLDER PARAMETERS FILES
  local answer
  answer=$(run "${@:3}")
  if [ "$answer" = "$1" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $2: $answer, wanted $1 (log: $work/$3.log)"
  fi
}

prove() { # prove NAME KIND PARAMETERS FILES
  expect proved "$1 $3" "$1" "$2" rtl "$3" "$4"
}

mutant() { # mutant NAME KIND PARAMETERS FILES FILE SED_SCRIPT: FILE edited so must be refuted
  rm -f "$work"/mutant/*
  sed -E "$6" "rtl/$5.sv" > "$work/mutant/$5.sv"
  if cmp -s "rtl/$5.sv" "$work/mutant/$5.sv"; then
    failed=$((failed + 1))
    echo "FAILED: the mutant of $5 changes nothing: $6"
    return
  fi
  expect refuted "the mutant of $5 ($6)" "$1" "$2" "$work/mutant" "$3" "$4"
}

prove  skid induction:4 "Width=3" eie_skid
mutant skid induction:4 "Width=3" eie_skid eie_skid 's/out_q <= hold_valid_q \? hold_q : data_i/out_q <= data_i/'

for depth in 1 2 3 4; do
  prove queue induction:4 "Depth=$depth Width=2" "eie_queue eie_ram_lut"
done
prove queue induction:4 "Depth=8 Width=1 Data=0" "eie_queue eie_ram_lut"
mutant queue induction:4 "Depth=3 Width=2" "eie_queue eie_ram_lut" eie_queue 's/\(place == AddrW.\(Depth - 1\)\)/(1'"'"'b0)/'
mutant queue induction:4 "Depth=8 Width=1 Data=0" "eie_queue eie_ram_lut" eie_queue 's/ \^ \(\(place << 1\) == .0\)//'
mutant queue induction:4 "Depth=3 Width=2" "eie_queue eie_ram_lut" eie_queue 's/push = valid_i && ready_q/push = valid_i/'

for kids in 2 4; do
  prove credit_node induction:4 "Kids=$kids Ahead=5" eie_credit_node
done
mutant credit_node induction:4 "Kids=4 Ahead=5" eie_credit_node eie_credit_node 's/join_all = &ready/join_all = \&ready[Kids-1:1]/'

for leaves in 1 2 4 8 16 64 256; do
  prove lnzd sat "Leaves=$leaves" "eie_lnzd eie_lnzd4"
done
mutant lnzd sat "Leaves=16" "eie_lnzd eie_lnzd4" eie_lnzd4 's/first\[3\] \| first\[1\]/first[3]/'
mutant lnzd sat "Leaves=64" "eie_lnzd eie_lnzd4" eie_lnzd4 's/one_i\) && higher == .0;/one_i);/'
mutant lnzd sat "Leaves=64" "eie_lnzd eie_lnzd4" eie_lnzd4 's/ && higher == second//'

for leaves in 1 2 4 8 16 128; do
  prove any_many sat "Leaves=$leaves" eie_any_many
done
mutant any_many sat "Leaves=16" eie_any_many eie_any_many 's/ \|\| \|below_many.*;/;/'
mutant any_many sat "Leaves=8" eie_any_many eie_any_many 's/ \|\| pair//'

for shape in "Leaves=2 Latency=1" "Leaves=4 Latency=1" "Leaves=8 Latency=2"; do
  prove trees bmc:6 "$shape" "eie_or_tree eie_sum_tree"
done
mutant trees bmc:6 "Leaves=8 Latency=2" "eie_or_tree eie_sum_tree" eie_sum_tree 's/below\[SumW\*\(4\*k\+3\) \+: SumW\]/SumW'"'"'(0)/'
mutant trees bmc:6 "Leaves=8 Latency=2" "eie_or_tree eie_sum_tree" eie_or_tree 's/ \| below\[Width\*\(2\*k\+1\) \+: Width\]//'

# 14 cycles: reset, start, and the first rows through every stage of write-back.
write_back="eie_write_back eie_shift eie_select_add"
for shape in "ACC_W=32" "ACC_W=48" "ACC_W=32 SHORT=1"; do
  prove write_back bmc:14 "$shape" "$write_back"
done
mutant write_back bmc:14 "ACC_W=32" "$write_back" eie_write_back "s/carry_i\(one \? .*\), \.sum_o/carry_i(1'b0), .sum_o/"
mutant write_back bmc:14 "ACC_W=32" "$write_back" eie_shift 's/(shift_i\[3\] \? by16\[KeepW\+)14:8\]/\113:7]/'
# What each step of the shift drops above the result, and the range check behind them.
for seen in '!shift_i\[4\] && wide1' '!shift_i\[3\] && by16' '!shift_i\[2\] && shifted2' '!shift_i\[1\] && by4' '!shift_i\[0\] && shifted3'; do
  mutant write_back bmc:14 "ACC_W=48" "$write_back" eie_shift "s/$seen/1'b0 \&\& !&/"
done
mutant write_back bmc:14 "ACC_W=32" "$write_back" eie_shift 's/ \|\| by1\[KeepW-1\] != sign3//'
mutant write_back bmc:14 "ACC_W=32 SHORT=1" "$write_back" eie_shift 's/\{by1, sign1, past_d\}/{by1, sign1, past1}/'
mutant write_back bmc:14 "ACC_W=32" "$write_back" eie_write_back "s/ == 2'b10/ == 2'b11/"
mutant write_back bmc:14 "ACC_W=32" "$write_back" eie_write_back 's/SlotW.\(!layer_start_i\)/{SlotW{!layer_start_i}}/'

# With ECP5's multipliers: every distance by itself, in which a product is wires. Five cycles: three, and the comparison.
shift_ecp5="eie_shift eie_shift_ecp5"
for distance in $(seq 0 31); do
  prove shift bmc:5 "DISTANCE=$distance" "$shift_ecp5"
done
mutant shift bmc:5 "DISTANCE=3" "$shift_ecp5" eie_shift_ecp5 's/ \| \{2.b00, low\[31:16\]\}//'
mutant shift bmc:5 "DISTANCE=16" "$shift_ecp5" eie_shift_ecp5 's/!shift_i\[4\] && high/high/'
mutant shift bmc:5 "DISTANCE=0" "$shift_ecp5" eie_shift_ecp5 's/high\[32:17\] != \{16/high[31:17] != {15/'

prove  link_bus induction:4 "" eie_link_bus
mutant link_bus induction:4 "" eie_link_bus eie_link_bus 's/ar_q && !axil_arready_i\);/1'"'"'b0);/'
mutant link_bus induction:4 "" eie_link_bus eie_link_bus 's/\(stale_q && !written && !fetched\) \|\|//'
mutant link_bus induction:4 "" eie_link_bus eie_link_bus 's/if \(shift_i \|\| stepping_q\)/if (shift_i || stepping_q || take_i)/'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
