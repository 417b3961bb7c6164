# SPDX-License-Identifier: Apache-2.0
# Where the cycles of each layer go.
load "bench/plots/style.gp"
set style data histograms
set style histogram rowstacked
set style fill solid border -1
set boxwidth 0.7
set yrange [85:100]
set key outside right top reverse Left invert
set xtics font ",11"
set ylabel "% of the cycles (the axis begins at 85)"
set title "64 PEs, rows alike, seed 1: where the cycles go"
share(name) = 100 * column(name) / column("cycles")
plot pick2("split", "rows", "uniform", "seed", "1") using (share("useful")):xtic(3) linecolor rgb ours title "useful work", \
     "" using (share("padding")) linecolor rgb "#000000" title "padding", \
     "" using (share("imbalance")) linecolor rgb "#ef4444" title "busiest PE has more", \
     "" using (share("broadcasts")) linecolor rgb "#10b981" title "more broadcasts than entries", \
     "" using (share("waiting")) linecolor rgb "#f59e0b" title "waiting", \
     "" using (share("write_back")) linecolor rgb "#93c5fd" title "write-back", \
     "" using (share("fill")) linecolor rgb grey title "fill and drain"
