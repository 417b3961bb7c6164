#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The plain-SystemVerilog bench plays the committed vector sets in Icarus and in verilator --binary, and finds
# what was changed in them, or in the RTL, at its place. The sets are what their commands make.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp build/replay
tmp=$(mktemp -d build/tmp/replay.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() { # check SENTENCE CONDITION...: the rest is a command
  local sentence=$1
  shift
  if "$@" 2> /dev/null; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAILED: $sentence"
    tail -n 5 "$tmp/log" 2> /dev/null
  fi
}

mapfile -t packages < <(ls rtl/*_pkg.sv)
mapfile -t modules < <(ls rtl/*.sv | grep -v _pkg)
parameters() { # parameters CONFIG PREFIX
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -e '/^TECH=/d' -e "s/^/$2/" "rtl/configs/$1.cfg"
}

icarus_build() { # icarus_build CONFIG OUT [SHIFT]: SHIFT replaces rtl/eie_shift.sv
  local files=("${modules[@]}")
  [ $# -lt 3 ] || files=("${files[@]/rtl\/eie_shift.sv/$3}")
  # shellcheck disable=SC2046 # words on purpose
  iverilog -g2012 -Irtl -s replay_tb $(parameters "$1" -Preplay_tb.) -o "$2" "${packages[@]}" "${files[@]}" \
    tb/replay_tb.sv > "$tmp/log" 2>&1
}

# What runs once is not optimised; one file is quicker to compile than many that begin with the same headers. The
# runtime, half of the work, is compiled for the first of them; the others take its objects.
verilator_build() { # verilator_build CONFIG: build/replay/CONFIG/replay, when the RTL or the bench is newer
  local out=build/replay/$1
  if [ -x "$out/replay" ] && [ -z "$(find rtl tb/replay_tb.sv -newer "$out/replay")" ]; then return 0; fi
  rm -rf "$out"
  mkdir -p "$out"
  local runtime=()
  if [ -n "${compiled:-}" ]; then
    cp "$compiled"/verilated*.o "$out"
    for object in "$out"/verilated*.o; do runtime+=(-o "$(basename "$object")"); done # make: these are not old
  fi
  # shellcheck disable=SC2046
  verilator --binary --timing --assert -Wno-fatal -Irtl --top-module replay_tb $(parameters "$1" -G) -o replay \
    --Mdir "$out" --MAKEFLAGS "VM_PARALLEL_BUILDS=0 OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0 ${runtime[*]}" \
    "${packages[@]}" "${modules[@]}" tb/replay_tb.sv > "$tmp/log" 2>&1 && compiled=$out
}

# The verdict of the bench: 0 and REPLAY PASS, or neither.
play() { # play SIMULATOR CONFIG DIR [PLUSARG]: output in $tmp/log
  local status
  case $1 in
    icarus) vvp -N "$tmp/$2.vvp" "+dir=$3" ${4:+"$4"} ;;
    verilator) "build/replay/$2/replay" "+dir=$3" ${4:+"$4"} ;;
  esac > "$tmp/log" 2>&1
  status=$?
  if grep -q '^REPLAY PASS' "$tmp/log"; then return $status; fi
  [ $status != 0 ] && return 1
  echo "ended without a verdict, exit status 0" >> "$tmp/log"
  return 2
}
says() { # says SIMULATOR CONFIG DIR PLUSARG PATTERN: red, and the line says it
  play "$1" "$2" "$3" "$4"
  [ $? = 1 ] && grep -qE "^REPLAY FAIL:? .*$5" "$tmp/log"
}

# ---- the committed sets are what their commands make ----

scripts/vector_sets.sh "$tmp/sets" > "$tmp/log" 2>&1
check "the sets can be made again" [ $? = 0 ]
for set in corners-tiny corners-pe4; do
  check "vectors/$set is what the script makes, byte for byte" diff -r "vectors/$set" "$tmp/sets/$set"
  check "eie vectors --check vectors/$set" build/eie vectors --check "vectors/$set" > "$tmp/log" 2>&1
done
for file in vectors/lenet-pe16/*; do
  check "$file is what the script makes, byte for byte" cmp "$file" "$tmp/sets/lenet-pe16/$(basename "$file")"
done
check "vectors/lenet-pe16 has its script, manifest, README, counters and outputs" [ "$(ls vectors/lenet-pe16 | wc -l)" = 7 ]
check "eie vectors --check of the LeNet made again" build/eie vectors --check "$tmp/sets/lenet-pe16" > "$tmp/log" 2>&1

# ---- both simulators play them, in the same number of cycles ----

for config in tiny pe4; do
  check "Icarus builds the bench for $config" icarus_build $config "$tmp/$config.vvp"
  check "Icarus plays vectors/corners-$config" play icarus $config "vectors/corners-$config"
  verdict=$(grep '^REPLAY' "$tmp/log")
  check "verilator --binary builds the bench for $config" verilator_build $config
  check "verilator --binary plays vectors/corners-$config" play verilator $config "vectors/corners-$config"
  check "both simulators count the same for $config" [ "$verdict" = "$(grep '^REPLAY' "$tmp/log")" ]
done
check "verilator --binary builds the bench for pe16" verilator_build pe16
check "verilator --binary plays the LeNet with ten images on 16 PEs" play verilator pe16 "$tmp/sets/lenet-pe16"

# ---- one byte changed: refused by name ----

copy() { # a fresh copy of the set of pe4
  rm -rf "$tmp/changed"
  cp -r vectors/corners-pe4 "$tmp/changed"
}
damage() { # damage FILE LINE SED: one line of one file, which must change
  sed -i -E "$2$3" "$tmp/changed/$1"
  ! cmp -s "vectors/corners-pe4/$1" "$tmp/changed/$1"
}
checked_names() { # eie vectors --check refuses and names the file
  build/eie vectors --check "$tmp/changed" > "$tmp/log" 2>&1
  [ $? = 2 ] && grep -qF "$tmp/changed/$1:" "$tmp/log"
}

for file in image/load0.pe2.spmat.hex image/load0.pe1.ptr_even.hex image/load0.pe3.ptr_odd.hex \
  image/load0.codebook.hex image/load0.descriptors.hex image/layer0.places.hex image/manifest.json script.txt \
  inputs.hex layer1.outputs.hex counters.hex README.md manifest.json; do
  copy
  # The last digit or letter of the fifth line becomes another one; of a page, of its first.
  line=5
  [ "$file" != README.md ] || line=1
  damage $file $line 's/(.*)[0-9a-z]/\1#/'
  check "a byte of $file is changed" [ $? = 0 ]
  check "the bench refuses a changed $file" says verilator pe4 "$tmp/changed" +nocheck=0 "$(basename $file) was changed"
  check "eie vectors --check refuses a changed $file" checked_names $file
done
check "Icarus refuses a changed manifest" says icarus pe4 "$tmp/changed" +nocheck=0 "manifest.json was changed"
copy
rm "$tmp/changed/image/load0.pe1.spmat.hex"
check "the bench refuses a set with a file missing" says icarus pe4 "$tmp/changed" +nocheck=0 'load0.pe1.spmat.hex cannot be opened'
check "eie vectors --check refuses a set with a file missing" checked_names image/load0.pe1.spmat.hex
copy
: > "$tmp/changed/stranger.txt"
check "eie vectors --check refuses a file that is not of the set" checked_names stranger.txt

# ---- the same with the checksums ignored: the run finds it at its place ----

found() { # found SENTENCE FILE LINE SED PATTERN [SIMULATOR [ANOTHER]]: in verilator's program, which is the quicker one
  copy
  damage "$2" "$3" "$4"
  check "$1: something is changed" [ $? = 0 ]
  check "$1: the bench says where" says "${6:-verilator}" pe4 "$tmp/changed" +nocheck=1 "$5"
  [ $# -lt 7 ] || check "$1: $7 says where" says "$7" pe4 "$tmp/changed" +nocheck=1 "$5"
}

line_of() { grep -nE "$1" vectors/corners-pe4/script.txt | head -n 1 | cut -d: -f1; }
line=$(line_of 'input 0: outputs of layer 1')
found "an expected output" layer1.outputs.hex 7 's/....$/7abc/' \
  "line $line: address [0-9a-f]{8}: expected 00007abc, got [0-9a-f]{8}, PE 2, slot 1 \(layer1.outputs.hex line 7\) # input 0: outputs of layer 1" verilator icarus
line=$(line_of 'input 0: counters of pass 2')
first=$(sed -n "${line}p" vectors/corners-pe4/script.txt | awk '{print $6 + 1}')
found "the expected CYCLES" counters.hex "$first" 's/^......../000fffff/' \
  "line $line: .* expected 000fffff, got [0-9a-f]{8}, CYCLES \(counters.hex line $first\) # input 0: counters of pass 2"
found "the expected BROADCASTS" counters.hex $((first + 6)) 's/^......../000fffff/' \
  "line $line: .* BROADCASTS \(counters.hex line $((first + 6))\) # input 0: counters of pass 2"
found "an activation of the first input" inputs.hex 1 's/0000/0100/' 'script.txt line [0-9]+: .* # input 0: '
found "a weight" image/load0.pe1.spmat.hex 3 's/[0-9a-f]{20}/00000000000000000000/' 'script.txt line [0-9]+: .* # input [01]: '
line=$(line_of 'parameter QUEUE_DEPTH')
found "a parameter" script.txt "$line" 's/00000020/00000021/' \
  "line $line: address 00000048: expected 00000021, got 00000020 # parameter QUEUE_DEPTH: the vectors are for this configuration"
line=$(line_of 'START; passes 0')
found "a start that does not happen" script.txt "$line" 's/^w 00000008 00000001/w 00000008 00000004/' \
  "line $((line + 2)): address 0000000c: expected 00000402, got 00000000 # input 0: register STATUS"
found "a time-out" script.txt $((line + 1)) 's/00000000 00000001 [0-9]+/00000080 000000ff 50/' \
  "line $((line + 1)): time-out: address 0000000c is still 00000[0-9]01 after 50 reads"
found "an address outside" script.txt "$line" 's/^w 00000008/w 0000007c/' "line $line: address 0000007c answers 10, not OKAY"
found "a line that is no operation" script.txt "$line" 's/^w/x/' "line $line: is not an operation"
found "an operation left out" script.txt "$((line + 2))" 'd' 'operations played and [0-9]+ words compared'
check "vectors for another configuration are refused at the parameter" says icarus tiny vectors/corners-pe4 +nocheck=0 \
  'expected 00000004, got 00000002 # parameter N_PE: the vectors are for this configuration'

# ---- a bug in the RTL ----

sed -E 's/\$signed\(\{sum1_q, 1.b0\}\)/{sum1_q, 1'"'"'b0}/' rtl/eie_shift.sv > "$tmp/eie_shift.sv"
check "the bug is planted" eval '! cmp -s rtl/eie_shift.sv "$tmp/eie_shift.sv"'
check "Icarus builds the bench with the bug" icarus_build pe4 "$tmp/bug.vvp" "$tmp/eie_shift.sv"
check "a logical shift in the write-back is found in an output" says icarus bug vectors/corners-pe4 +nocheck=0 \
  'PE [0-9]+, slot [0-9]+ \(layer[0-9].outputs.hex line [0-9]+\) # input [0-9]: outputs of layer'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
