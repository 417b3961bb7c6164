# SPDX-License-Identifier: Apache-2.0
# Bits of a run against padding and storage, 64 PEs.
load "bench/plots/style.gp"
set xlabel "bits of a run"
set xrange [1.8:8.2]
set multiplot layout 1,2
set title "padding, % of all entries"
set key top right
plot for [i=1:9] pick("index", "name", word(layers, i)) using (column("width")):(column("padding_percent")) \
     with linespoints pointtype 7 pointsize 0.4 linewidth 1.5 linecolor rgb colour(i) title word(layers, i)
set title "bits of Spmat a weight, codes of 4 bits, padding included"
set yrange [6:20]
plot for [i=1:9] pick("index", "name", word(layers, i)) using (column("width")):(column("entry_bits")) \
     with linespoints pointtype 7 pointsize 0.4 linewidth 1.5 linecolor rgb colour(i)
unset multiplot
