# SPDX-License-Identifier: Apache-2.0
# The queue in front of the pointer read, with the long queue behind it or not.
load "bench/plots/style.gp"
set logscale x 2
set xlabel "places of the activation queue (a credit's round trip is 17 cycles)"
set ylabel "cycles / useful work, geometric mean"
set title "The queue in front of the pointer read, 64 PEs"
set yrange [1:1.6]
set key top right
line(rows, series) = pick3("queue-means", "series", series, "rows", rows, "dealing", "balanced")
plot line("uniform", "front4") using (column("depth")):(column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 linecolor rgb other title "4 places behind it, rows alike (near the paper's arrangement)", \
     line("uneven", "front4") using (column("depth")):(column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 dashtype 2 linecolor rgb other title "4 places behind it, rows uneven", \
     line("uniform", "front32") using (column("depth")):(column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 linecolor rgb ours title "32 places behind it, rows alike", \
     line("uneven", "front32") using (column("depth")):(column("ratio")) with linespoints pointtype 7 pointsize 0.4 linewidth 2 dashtype 2 linecolor rgb ours title "32 places behind it, rows uneven"
