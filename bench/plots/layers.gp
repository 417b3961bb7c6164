# SPDX-License-Identifier: Apache-2.0
# The nine layers beside the paper: cycles over useful work.
load "bench/plots/style.gp"
set title "64 PEs: cycles / useful work, from start to done (1 = every PE busy with weights in every cycle)"
set style data histograms
set style histogram clustered gap 1
set style fill solid border
set yrange [1:2.5]
set key top right reverse Left
plot csv."/layers.csv" using "paper":xtic(1) linecolor rgb grey title "the paper", \
     "" using "uniform" linecolor rgb ours title "here, rows alike", \
     "" using "uneven" linecolor rgb other title "here, rows uneven (log-normal, sigma 0.4)"
