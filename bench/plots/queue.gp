# SPDX-License-Identifier: Apache-2.0
# The paper's figure 8: load balance against the depth of the queue.
load "bench/plots/style.gp"
set logscale x 2
set xlabel "places of the work queue"
layer(name) = pick4("queue", "series", "queue", "rows", "uniform", "dealing", "interleaved", "name", name)
mean(rows, dealing) = pick3("queue-means", "series", "queue", "rows", rows, "dealing", dealing)
set multiplot layout 1,2
set yrange [50:100]
set ylabel "useful work / cycles, %"
set title "each layer, rows interleaved and alike, as in the paper"
set key bottom right maxrows 5
plot for [i=1:9] layer(word(layers, i)) \
     using (column("depth")):(100 / column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 1.5 \
     linecolor rgb colour(i) title word(layers, i)
set title "geometric mean of the nine"
set key bottom right maxrows 4
plot mean("uniform", "balanced") \
     using (column("depth")):(100 / column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 linecolor rgb ours title "rows alike, balanced", \
     mean("uneven", "balanced") \
     using (column("depth")):(100 / column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 dashtype 2 linecolor rgb ours title "uneven, balanced", \
     mean("uniform", "interleaved") \
     using (column("depth")):(100 / column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 linecolor rgb other title "rows alike, interleaved", \
     mean("uneven", "interleaved") \
     using (column("depth")):(100 / column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 dashtype 2 linecolor rgb other title "uneven, interleaved"
unset multiplot
