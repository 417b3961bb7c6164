# SPDX-License-Identifier: Apache-2.0
# report_layers.awk -v kind=uniform|uneven rtl.csv: the nine layers, means over the seeds, and each seed's mean.
# bound: nothing that has these activations and this dealing can take less: the broadcasts, or the entries of the busiest PE.
BEGIN { FS = "," }
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
$column["rows"] == kind {
  name = $column["name"]
  if (!(name in n)) order[++layers] = name
  n[name]++
  pes = $column["ratio"] * $column["useful"] / $column["cycles"]
  useful[name] += $column["useful"] / pes
  cycles[name] += $column["cycles"]
  bound[name] += $column["broadcasts"] > $column["busiest"] ? $column["broadcasts"] : $column["busiest"]
  ratio[name] += $column["ratio"]
  if ($column["ratio"] > worst[name]) worst[name] = $column["ratio"]
  padding[name] += 100 * $column["padding"] / $column["entries"]
  full[name] += $column["queue_full"]
  starved[name] += $column["starved"]
  paper[name] = $column["paper_cycles"]
  limit[name] = $column["bound_by"]
  seed = $column["seed"]
  if (!(seed in logs)) seeds[++n_seeds] = seed
  logs[seed] += log($column["ratio"])
}
END {
  printf "%-8s %8s %8s %8s %8s %7s %9s %8s %8s %7s %8s  %s\n", "layer", "useful", "bound", "cycles", "cycles/",
         "worst", "utilised", "padding", "queue", "starved", "paper's", "paper/   limited by"
  printf "%-8s %8s %8s %8s %8s %7s %9s %8s %8s %7s %8s  %s\n", "", "work/64", "", "", "useful", "seed", "", "", "full",
         "a PE", "cycles", "ours"
  for (l = 1; l <= layers; l++) {
    a = order[l]
    k = n[a]
    printf "%-8s %8.0f %8.0f %8.0f %8.4f %7.4f %8.1f%% %7.2f%% %8.0f %7.0f %8d %6.2f   %s\n", a, useful[a] / k, bound[a] / k,
           cycles[a] / k, ratio[a] / k, worst[a], 100 * useful[a] / cycles[a], padding[a] / k, full[a] / k,
           starved[a] / k, paper[a], paper[a] / (cycles[a] / k), limit[a]
    faster += log(paper[a] / (cycles[a] / k))
  }
  printf "geometric mean of cycles / useful:"
  for (s = 1; s <= n_seeds; s++) {
    g = exp(logs[seeds[s]] / layers)
    printf " %.4f", g
    mean += g
  }
  printf " (seeds"
  for (s = 1; s <= n_seeds; s++) printf " %s", seeds[s]
  printf "), mean %.4f; the paper's cycles / ours: %.3f\n", mean / n_seeds, exp(faster / layers)
}
