#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Promises of a board's floorplan, on made-up netlists of 1 to 32 PEs: every block RAM and multiplier of write-back gets a place of its kind, no place is given twice,
# nothing else in the netlist changes; what has no room stays as it is. A floorplan that gives a place twice,
# or one that is not on the device, is found.
set -uo pipefail
cd "$(dirname "$0")/.."
folder=build/tests/floorplan
mkdir -p $folder
passed=0 failed=0

result() { # result NAME STATUS
  if [ "$2" = 0 ]; then echo "ok: $1" && passed=$((passed + 1)); else echo "FAILED: $1" && failed=$((failed + 1)); fi
}

cell() { # cell NAME TYPE
  printf '        "%s": {\n          "hide_name": 0,\n          "type": "%s",\n          "attributes": {\n            "src": "x"\n          }\n        },\n' "$1" "$2"
}

netlist() { # netlist PES RAMS_OF_SPMAT: as Yosys writes it
  local pe=0 i name
  while [ $pe -lt "$1" ]; do
    name="u_array.g_cluster[$((pe / 8))].g_pe[$((pe % 8))].u_pe"
    for i in u_ptr_read.u_even_bank u_ptr_read.u_odd_bank g_full.u_act_book g_full.u_arith.u_acc; do cell "$name.$i.u_block" DP16KD; done
    i=0
    while [ $i -lt "$2" ]; do cell "$name.u_spmat.g_block[$i].u_block" DP16KD && i=$((i + 1)); done
    for i in g_full.u_arith.u_mul u_write_back.u_shift.u_high u_write_back.u_shift.u_low; do cell "$name.$i.u_mult" MULT18X18D; done
    pe=$((pe + 1))
  done
  for i in 0 1 2 3 4 5; do cell "u_counters.g_block[$i].u_block" DP16KD; done
}

kind() { # kind TYPE NAMES PLACE: so many cells of TYPE with such names as there are different places of that kind for them
  local cells places
  cells=$(awk -v type="\"$1\"" -v names="$2" '/^        "/ { name = $1 } /"type":/ && index($0, type) && name ~ names' $folder/placed.json | wc -l)
  places=$(awk -v type="\"$1\"" -v names="$2" '/^        "/ { name = $1 } /"type":/ { on = index($0, type) && name ~ names } on && /"BEL"/' \
    $folder/placed.json | grep "$3" | grep -Fxf $folder/device.txt | sort -u | wc -l)
  given=$((given + cells))
  [ "$cells" = "$places" ]
}

sound() { # sound PLAN NETLIST: every one of those cells, and no other, has a place of its own that the device has, and without them the netlist is the old one
  awk -f "$1" "$2" "$2" > $folder/placed.json || return 1
  given=0
  kind DP16KD . EBR && kind MULT18X18D u_shift MULT18_ && [ "$(grep -c '"BEL"' $folder/placed.json)" = "$given" ] && grep -v '"BEL"' $folder/placed.json | cmp -s - "$2"
}

# All block RAMs and multipliers of the ECP5-85F, as nextpnr names them.
for x in 4 13 22 31 40 49 58 69 78 87 96 105 114; do
  for row in 22 46 70 82; do
    for k in 0 1 2 3; do echo "            \"BEL\": \"X$((x + 2 * k))/Y$row/EBR$k\","; done
  done
  for row in 10 34 58; do
    for k in 0 1 4 5; do echo "            \"BEL\": \"X$((x + k))/Y$row/MULT18_$k\","; done
  done
done > $folder/device.txt

for plan in synth/boards/*/floorplan.awk; do
  for pes in 1 2 3 8 9 16 24 32; do
    for words in 1 2; do
      netlist $pes $words > $folder/netlist.json
      sound "$plan" $folder/netlist.json
      result "$plan: $pes PEs, $((words + 4)) block RAMs and 2 multipliers each" $?
    done
  done
  netlist 33 1 > $folder/netlist.json
  awk -f "$plan" $folder/netlist.json $folder/netlist.json | cmp -s - $folder/netlist.json
  result "$plan: 33 PEs have no room, the netlist stays" $?
  netlist 4 3 > $folder/netlist.json
  awk -f "$plan" $folder/netlist.json $folder/netlist.json | cmp -s - $folder/netlist.json
  result "$plan: seven block RAMs a PE have no room, the netlist stays" $?
  netlist 16 2 > $folder/netlist.json
  sed 's/at = start++/at = start/' "$plan" > $folder/twice.awk
  ! cmp -s "$plan" $folder/twice.awk && ! sound $folder/twice.awk $folder/netlist.json
  result "$plan: a place given twice is found" $?
  sed 's/? 0 : 3) + i/? 0 : 1) + i/' "$plan" > $folder/twice.awk
  ! cmp -s "$plan" $folder/twice.awk && ! sound $folder/twice.awk $folder/netlist.json
  result "$plan: a multiplier's place given twice is found" $?
  sed 's/4 13 22/4 12 22/' "$plan" > $folder/beside.awk
  ! cmp -s "$plan" $folder/beside.awk && ! sound $folder/beside.awk $folder/netlist.json
  result "$plan: a place that the device does not have is found" $?
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
