# SPDX-License-Identifier: Apache-2.0
# checks.awk model.csv queue.csv rtl.csv: what `make bench` promises exactly, machine time never among it. For each
# layer, kind of rows and seed: all outputs compared and equal; the counters of the RTL those of the timing
# model, as `eie bench` found and, for the seeds of model.csv, number by number; fewer cycles than the paper.
# For each kind of rows: the mean over the seeds of the geometric mean of cycles / useful work is at most 1.04;
# the sweep of queues passes through the same cycles. Failures as sentences, then "PASSED FAILED".
BEGIN {
  FS = ","
  counts = split("weights useful cycles broadcasts entries padding busiest window queue_full starved write_back worst_cycles", count, " ")
}
FNR == 1 {
  file++
  for (i = 1; i <= NF; i++) column[file, $i] = i
  next
}
file == 2 {
  if (get("series") == "queue" && get("depth") == 32 && get("dealing") == "balanced")
    swept[get("rows") " seed 1 " get("name")] = get("cycles")
  next
}
{ point = get("rows") " seed " get("seed") " " get("name") }
file == 1 {
  modelled[point] = 1
  for (i = 1; i <= counts; i++) model[point, count[i]] = get(count[i])
  next
}
{
  check(get("compared") > 0 && get("differing") == "0", point ": outputs differ or were not compared")
  which = get("timed_counters") > 0 ? "" : "counters not compared with the timing model"
  for (i = 1; i <= counts && point in modelled; i++)
    if (model[point, count[i]] != get(count[i]))
      which = count[i] " RTL " get(count[i]) ", timing model " model[point, count[i]]
  check(which == "", point ": " which)
  check(get("cycles") < get("paper_cycles"), point ": " get("cycles") " cycles, the paper " get("paper_cycles"))
  if (point in swept) check(swept[point] == get("cycles"), point ": the sweep of queues has " swept[point] " cycles")
  delete modelled[point]
  delete swept[point]
  logs[get("rows"), get("seed")] += log(get("ratio"))
  layers[get("rows"), get("seed")]++
}
END {
  for (point in modelled) check(0, point ": not run on the RTL")
  for (point in swept) check(0, point ": not run on the RTL")
  mean("uniform")
  mean("uneven")
  print passed + 0, failed + 0
}
function get(name) { return $column[file, name] }
function mean(kind,  k, part, sum, n) {
  for (k in logs) {
    split(k, part, SUBSEP)
    if (part[1] != kind) continue
    check(layers[k] == 9, kind " seed " part[2] ": " layers[k] " layers")
    sum += exp(logs[k] / layers[k])
    n++
  }
  check(n > 0 && sum / n <= 1.04, kind ": geometric mean " (n ? sum / n : "of nothing") ", the goal is 1.04")
}
function check(good, sentence) {
  if (good) passed++
  else {
    failed++
    print "FAILED: " sentence
  }
}
