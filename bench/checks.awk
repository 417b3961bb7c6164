# SPDX-License-Identifier: Apache-2.0
# checks.awk model.csv rtl.csv: what `make bench` promises exactly, machine time never among it. For each layer,
# kind of rows and seed: all outputs compared and equal; every count of the RTL that of the timing model;
# fewer cycles than the paper. For each kind of rows: the mean over the seeds of the geometric mean of
# cycles / useful work is at most 1.04. Failures as sentences, then "PASSED FAILED" as the last line.
BEGIN {
  FS = ","
  counts = split("weights useful cycles broadcasts entries padding busiest window queue_full starved write_back worst_cycles", count, " ")
}
FNR == 1 {
  file++
  for (i = 1; i <= NF; i++) column[file, $i] = i
  next
}
{ point = $column[file, "rows"] " seed " $column[file, "seed"] " " $column[file, "name"] }
file == 1 {
  for (i = 1; i <= counts; i++) model[point, count[i]] = $column[1, count[i]]
  next
}
{
  check($column[2, "compared"] > 0 && $column[2, "differing"] == "0", point ": outputs differ or were not compared")
  same = 1
  for (i = 1; i <= counts; i++)
    if (!((point, count[i]) in model) || model[point, count[i]] != $column[2, count[i]]) {
      same = 0
      which = count[i] " RTL " $column[2, count[i]] ", timing model " model[point, count[i]]
    }
  check(same, point ": " which)
  check($column[2, "cycles"] < $column[2, "paper_cycles"],
        point ": " $column[2, "cycles"] " cycles, the paper " $column[2, "paper_cycles"])
  kind = $column[2, "rows"]
  logs[kind, $column[2, "seed"]] += log($column[2, "ratio"])
  layers[kind, $column[2, "seed"]]++
  kinds[kind] = 1
}
END {
  for (kind in kinds) {
    sum = n = 0
    for (k in logs) {
      split(k, part, SUBSEP)
      if (part[1] == kind) {
        check(layers[k] == 9, kind " seed " part[2] ": " layers[k] " layers")
        sum += exp(logs[k] / layers[k])
        n++
      }
    }
    check(sum / n <= 1.04, kind ": geometric mean " sum / n ", the goal is 1.04")
  }
  check(n > 0 && length_of(kinds) == 2, "not both kinds of rows were measured")
  print passed + 0, failed + 0
}
function check(good, sentence) {
  if (good) passed++
  else {
    failed++
    print "FAILED: " sentence
  }
}
function length_of(list,  k, n) {
  for (k in list) n++
  return n
}
