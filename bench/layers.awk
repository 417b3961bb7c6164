# SPDX-License-Identifier: Apache-2.0
# layers.awk rtl.csv: cycles / useful work of each layer, the paper's and ours, means over the seeds, and the
# geometric means over the layers (of ours: the mean over the seeds of each seed's).
BEGIN { FS = OFS = "," }
NR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  print "name,paper,uniform,uneven"
  next
}
{
  name = $column["name"]
  kind = $column["rows"]
  if (!(name in seen)) order[++n] = name
  seen[name] = 1
  if (kind == "uniform") {
    pes = $column["ratio"] * $column["useful"] / $column["cycles"]
    paper[name] += $column["paper_cycles"] * pes / $column["useful"]
  }
  ratio[name, kind] += $column["ratio"]
  count[name, kind]++
  logs[kind, $column["seed"]] += log($column["ratio"])
  seeds[$column["seed"]] = 1
}
END {
  for (i = 1; i <= n; i++) {
    name = order[i]
    p = paper[name] / count[name, "uniform"]
    papers += log(p)
    printf "%s,%.4f,%.4f,%.4f\n", name, p, ratio[name, "uniform"] / count[name, "uniform"],
           ratio[name, "uneven"] / count[name, "uneven"]
  }
  for (s in seeds) {
    m++
    uniform += exp(logs["uniform", s] / n)
    uneven += exp(logs["uneven", s] / n)
  }
  printf "geo. mean,%.4f,%.4f,%.4f\n", exp(papers / n), uniform / m, uneven / m
}
