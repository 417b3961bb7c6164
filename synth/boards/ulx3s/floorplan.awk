# SPDX-License-Identifier: Apache-2.0
# floorplan.awk: a place for each block RAM of the ECP5-85F, and for the multipliers of write-back, as attribute BEL in Yosys' netlist; read twice:
#   awk -f floorplan.awk netlist.json netlist.json > placed.json
# The block RAMs of a PE stand side by side, the PEs of a cluster in one half of two rows of block RAMs, those of the control
# side in the middle. The two multipliers that shift are in the row next to them, in the same columns (the third would fill
# groups of four, which the router does not come to an end with). Without it the placer spreads a PE over the device
# and half of all wire is inside PEs (docs/fpga.md).
# More PEs, or more block RAMs or multipliers a PE, than have a place here: the netlist stays as it is.
function rank(name) {
  if (name ~ /u_even_bank/) return 1
  if (name ~ /u_odd_bank/) return 2
  if (name ~ /u_spmat/) return name ~ /g_block\[0\]/ ? 3 : 4
  return name ~ /u_act_book/ ? 5 : 6
}
function site(at, row,    group, k) { # of 52 in a row, four to a group of nine columns; two groups stand behind a gap
  group = int(at / 4) + 1
  k = at % 4
  return sprintf("X%d/Y%d/EBR%d", column[group] + 2 * k, row, k)
}
function mul_site(at, row,    first) { # of 52 in a row, in the same groups of columns
  first = at % 4 + (at % 4 > 1 ? 2 : 0)
  return sprintf("X%d/Y%d/MULT18_%d", column[int(at / 4) + 1] + first, row, first)
}
function put(name, at, row) {
  taken[at, row] = 1
  bel[name] = site(at, row)
}
function place_pes(    pe, cluster, k, width, row, start, i, r, at) {
  for (pe = 0; pe < pes; pe++) {
    cluster = int(pe / 8)
    k = pe % 8
    width = count[pe] > 5 ? 6 : 6.5
    start = int((k % 4) * width)
    row = pes <= 16 ? (k < 4 ? 46 : 70) : cluster < 2 ? (k < 4 ? 22 : 46) : (k < 4 ? 70 : 82)
    for (r = 1; r <= 6; r++)
      for (i = 0; i < count[pe]; i++)
        if (rank(ram[pe, i]) == r) {
          at = start++
          put(ram[pe, i], cluster % 2 ? 51 - at : at, row)
        }
    row = pes <= 16 || cluster > 1 ? 58 : k < 4 ? 10 : 34
    for (i = 0; i < muls[pe]; i++) {
      at = int((k % 4) * 6.5) + (k < 4 ? 0 : 3) + i
      bel[mul[pe, i]] = mul_site(cluster % 2 ? 51 - at : at, row)
    }
  }
}
function place_control(    i, at, r, far, best, best_at, best_row, rows, row) {
  split("46 70 22 82", rows, " ")
  for (i = 0; i < controls; i++) {
    best = -1
    for (r = 1; r <= 4; r++)
      for (at = 0; at < 52; at++) {
        row = rows[r]
        if ((at, row) in taken) continue
        far = 2.2 * (at > 25.5 ? at - 25.5 : 25.5 - at) + (row > 52 ? row - 52 : 52 - row)
        if (best < 0 || far < best) { best = far; best_at = at; best_row = row }
      }
    if (best >= 0) put(control[i], best_at, best_row)
  }
}
BEGIN { split("4 13 22 31 40 49 58 69 78 87 96 105 114", column, " ") }
/^        "[^"]*": \{$/ {
  cell = $1
  gsub(/^"|":$/, "", cell)
}
FNR == NR && /^          "type": "DP16KD",?$/ {
  if (match(cell, /g_cluster\[[0-9]+\]\.g_pe\[[0-9]+\]\./)) {
    split(substr(cell, RSTART, RLENGTH), part, /[][]/)
    pe = 8 * part[2] + part[4]
    ram[pe, count[pe]++] = cell
    if (pe >= pes) pes = pe + 1
    if (count[pe] > 6) too_many = 1
  } else control[controls++] = cell
}
FNR == NR && /^          "type": "MULT18X18D",?$/ && cell ~ /u_shift/ && match(cell, /g_cluster\[[0-9]+\]\.g_pe\[[0-9]+\]\./) {
  split(substr(cell, RSTART, RLENGTH), part, /[][]/)
  pe = 8 * part[2] + part[4]
  mul[pe, muls[pe]++] = cell
  if (muls[pe] > 2) too_many = 1
}
FNR == NR { next }
FNR == 1 && pes <= 32 && !too_many {
  place_pes()
  place_control()
}
{ print }
/^          "attributes": \{$/ && cell in bel {
  printf "            \"BEL\": \"%s\",\n", bel[cell]
  delete bel[cell]
}
