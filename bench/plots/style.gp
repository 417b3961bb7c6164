# SPDX-License-Identifier: Apache-2.0
# What all plots share. A plot gets `csv`, the folder of tables, and `out`, the file to draw.
set terminal svg size 960,400 font "Helvetica,13" background "#ffffff"
set output out
set datafile separator ","
set datafile missing NaN
set datafile columnheaders
set border 3 linecolor "#475569"
set tics nomirror scale 0.5
set grid ytics linetype 1 linewidth 0.5 linecolor "#e2e8f0"
set key noautotitle
layers = "Alex-6 Alex-7 Alex-8 VGG-6 VGG-7 VGG-8 NT-We NT-Wd NT-LSTM"
colour(i) = word("#b91c1c #ef4444 #fca5a5 #1d4ed8 #3b82f6 #93c5fd #047857 #10b981 #6ee7b7", i)
ours = "#4f46e5"
other = "#b45309"
grey = "#94a3b8"
# The rows of a table in which these columns have these values: pick2("pes", "idx", "6", "name", "Alex-6").
pick(table, k, v) = sprintf("< awk -F, -v want='%s %s' -f bench/plots/pick.awk %s/%s.csv", k, v, csv, table)
pick2(table, k, v, k2, v2) = pick(table, k, v." ".k2." ".v2)
pick3(table, k, v, k2, v2, k3, v3) = pick2(table, k, v, k2, v2." ".k3." ".v3)
pick4(table, k, v, k2, v2, k3, v3, k4, v4) = pick3(table, k, v, k2, v2, k3, v3." ".k4." ".v4)
