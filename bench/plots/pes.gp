# SPDX-License-Identifier: Apache-2.0
# The paper's figures 11 to 13: speedup, padding and load balance from 1 to 256 PEs.
load "bench/plots/style.gp"
set logscale x 2
set xlabel "PEs"
set multiplot layout 1,3
set title "speedup on one PE (6 bits of run; dotted: ideal)"
set logscale y 2
set key top left Left reverse font ",10" spacing 0.9
one(i) = pick3("pes", "idx", "6", "dealing", "balanced", "name", word(layers, i))
plot for [i=1:9] one(i) using (column("pes")):(first = (column("pes") == 1 ? column("cycles") : first), first / column("cycles")) \
     with linespoints pointtype 7 pointsize 0.3 linewidth 1.5 linecolor rgb colour(i) title word(layers, i), \
     pick3("pes", "idx", "6", "dealing", "balanced", "name", "Alex-6") using (column("pes")):(column("pes")) with lines dashtype 3 linecolor rgb "#000000" notitle
unset logscale y
set ylabel "%" offset 2,0
set yrange [0:100]
set title "entries that are weights, not padding"
set key bottom right noreverse Right font ",12" spacing 1
plot for [i=1:9] pick2("pes", "idx", "4", "name", word(layers, i)) \
     using (column("pes")):(100 * column("useful") / column("entries")) \
     with linespoints pointtype 7 pointsize 0.3 linewidth 1.5 linecolor rgb colour(i), \
     pick("pes-means", "idx", "4") using (column("pes")):(100 * column("real_work")) with lines linewidth 2 linecolor rgb other title "4 bits of run: mean", \
     pick2("pes-means", "idx", "6", "dealing", "balanced") using (column("pes")):(100 * column("real_work")) with lines linewidth 2 linecolor rgb ours title "6 bits of run: mean"
set title "cycles in which a PE issues an entry"
plot for [i=1:9] one(i) using (column("pes")):(100 * column("entries") / column("pes") / column("cycles")) \
     with linespoints pointtype 7 pointsize 0.3 linewidth 1.5 linecolor rgb colour(i), \
     pick2("pes-means", "idx", "6", "dealing", "interleaved") using (column("pes")):(100 * column("busy")) with lines linewidth 2 linecolor rgb other title "interleaved: mean", \
     pick2("pes-means", "idx", "6", "dealing", "balanced") using (column("pes")):(100 * column("busy")) with lines linewidth 2 linecolor rgb ours title "balanced: mean"
unset multiplot
