# SPDX-License-Identifier: Apache-2.0
# split.awk fill.csv rtl.csv: where the cycles of each layer go, from the counters of the RTL; the parts add
# up to the cycles.
#   useful       stored weights x non-zero activations, an even share of each PE
#   padding      padding entries, an even share
#   imbalance    how much more than that the busiest PE has
#   broadcasts   how many more broadcasts there are than entries in the busiest PE
#   write_back   one cycle a row slot
#   fill         filling and draining the pipeline: those of a layer of one entry (bench/fill_and_drain.sh)
#   waiting      the rest: the busiest PE waits for activations, or the broadcast for a queue that is full
BEGIN { FS = OFS = "," }
FNR == 1 {
  file++
  for (i = 1; i <= NF; i++) column[$i] = i
  if (file == 2) print "rows,seed,name,cycles,useful,padding,imbalance,broadcasts,write_back,fill,waiting"
  next
}
file == 1 { fill = $column["cycles"] - 2; next }
{
  cycles = $column["cycles"]
  pes = $column["ratio"] * $column["useful"] / cycles
  useful = $column["useful"] / pes
  padding = $column["entries"] / pes - useful
  imbalance = $column["busiest"] - useful - padding
  more = $column["broadcasts"] - $column["busiest"]
  if (more < 0) more = 0
  waiting = cycles - $column["busiest"] - more - $column["write_back"] - fill
  printf "%s,%s,%s,%d,%.2f,%.2f,%.2f,%d,%d,%d,%d\n", $column["rows"], $column["seed"], $column["name"], cycles,
         useful, padding, imbalance, more, $column["write_back"], fill, waiting
}
