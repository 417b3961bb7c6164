#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# report.sh DIR [FAILED_STEP ...]: all that `make bench` measured, from the tables in DIR, as DIR/report/SECTION.txt
# and together as DIR/report.txt, which is also printed. The last line counts what must hold (bench/checks.awk,
# and the steps and points that failed): "N passed, N failed". Exit status 1 when something failed.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=$1
shift
csv=$dir/csv
report=$dir/report
rm -rf "$report"
mkdir -p "$report"

pivot() { # pivot TABLE ROW 'COLUMN ...' VALUE [-v digits=D] [-v scale=S]
  awk -v row="$2" -v col="$3" -v value="$4" "${@:5}" -f bench/pivot.awk "$csv/$1.csv"
}

section() { # section NAME TABLE TITLE COMMAND ...: skipped, and said so, where its table is missing
  local name=$1 table=$2 title=$3
  shift 3
  {
    echo "$title"
    if [ -e "$table" ]; then "$@"; else echo "(not measured: $table is missing)"; fi
  } > "$report/$name.txt"
}

layers() { awk -v kind="$1" -f bench/report_layers.awk "$csv/rtl.csv"; }
split() {
  awk -F, -v kind="$1" '
    NR == 1 { printf "%-8s %8s %8s %8s %9s %10s %10s %6s %8s\n", "layer", $4, $5, $6, $7, $8, $9, $10, $11 }
    $1 == kind && $2 == 1 {
      printf "%-8s %8d %8.0f %8.1f %9.0f %10d %10d %6d %8d\n", $3, $4, $5, $6, $7, $8, $9, $10, $11
    }' "$csv/split.csv"
}
dealing() {
  awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) column[FILENAME, $i] = i; next }
    {
      how = (FILENAME, "dealing") in column ? $column[FILENAME, "dealing"] : "balanced"
      key = $column[FILENAME, "rows"] " rows, " how
      if (!(key in n)) order[++keys] = key
      n[key]++
      sum[key] += $column[FILENAME, "ratio"]
      list[key] = list[key] " " $column[FILENAME, "ratio"]
    }
    END { for (k = 1; k <= keys; k++) printf "%-28s mean %.4f, seeds%s\n", order[k], sum[order[k]] / n[order[k]], list[order[k]] }
  ' "$csv/rtl-means.csv" "$csv/dealing-means.csv"
}
speedup() { # cycles on one PE over cycles, 6 bits of run, balanced
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["idx"] == 6 && $column["dealing"] == "balanced" {
      pes = $column["pes"]; name = $column["name"]
      if (pes == 1) { one[name] = $column["cycles"]; names[++n] = name }
      if (!(pes in seen)) order[++lines] = pes
      seen[pes] = 1
      up[pes, name] = one[name] / $column["cycles"]
    }
    END {
      printf "%-5s", "PEs"
      for (k = 1; k <= n; k++) printf " %8s", names[k]
      printf "\n"
      for (l = 1; l <= lines; l++) {
        printf "%-5s", order[l]
        for (k = 1; k <= n; k++) printf " %8.2f", up[order[l], names[k]]
        printf "\n"
      }
    }' "$csv/pes.csv"
}
network() { # an input: cycles, useful work and broadcasts, sums over the layers
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    {
      key = $c["dealing"] " " $c["pes"]
      if (!(key in cycles)) order[++n] = key
      cycles[key] += $c["cycles"] / $c["inputs"]
      useful[key] += $c["useful"] / $c["pes"] / $c["inputs"]
      sent[key] += $c["broadcasts"] / $c["inputs"]
    }
    END {
      printf "%-12s %4s %9s %11s %9s\n", "dealing", "PEs", "useful", "broadcasts", "cycles"
      for (k = 1; k <= n; k++) {
        split(order[k], part, " ")
        printf "%-12s %4d %9.1f %11.1f %9.1f\n", part[1], part[2], useful[order[k]], sent[order[k]], cycles[order[k]]
      }
    }' "$csv/network.csv"
}
series() { # series queue|front 'COLUMN ...': with rows dealt both ways, or evenly
  awk -F, -v series="$1" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    index($c["series"], series) == 1 && (series == "queue" || $c["dealing"] == "balanced")' "$csv/queue-means.csv" |
    awk -v row=depth -v col="$2" -v value=ratio -f bench/pivot.awk
}
queue_layers() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print $0 ",utilised"; next }
    $c["series"] == "queue" && $c["rows"] == "uniform" && $c["dealing"] == "interleaved" { print $0 "," 100 / $c["ratio"] }' "$csv/queue.csv" |
    awk -v row=depth -v col=name -v value=utilised -v digits=1 -f bench/pivot.awk
}
memory() { awk -F, '{ printf "%-26s %9s %9s\n", $1, $2, $3 }' "$dir/memory.csv"; }

section layers-uniform "$csv/rtl.csv" "The nine layers on the RTL (Verilator), 64 PEs, rows alike: means of the seeds" layers uniform
section layers-uneven "$csv/rtl.csv" "The same, rows of uneven density (log-normal, sigma 0.4)" layers uneven
section split "$csv/split.csv" "Where the cycles go: rows alike, seed 1; the parts add up to the cycles" split uniform
section dealing "$csv/dealing-means.csv" "Dealing: geometric mean of cycles / useful work, timing model" dealing
section queue "$csv/queue-means.csv" "Places of the work queue: geometric mean of cycles / useful work" \
  series queue "rows dealing"
section queue-layers "$csv/queue.csv" "The same a layer, useful work in % of the cycles, rows interleaved" queue_layers
section act_queue "$csv/queue-means.csv" "Places of the activation queue, with 32 or 4 places of work queue behind it" \
  series front "rows series"
section speedup "$csv/pes.csv" "Speedup on one PE, each layer in one pass" speedup
section real-work "$csv/pes-means.csv" "PEs: weights in % of the entries, geometric mean, by bits of a run and dealing" \
  pivot pes-means pes "idx dealing" real_work -v scale=100 -v digits=2
section balance "$csv/pes-means.csv" "PEs: % of cycles in which a PE issues an entry, geometric mean" \
  pivot pes-means pes "idx dealing" busy -v scale=100 -v digits=2
section padding "$csv/index.csv" "Bits of a run: padding in % of all entries, 64 PEs" \
  pivot index width name padding_percent -v digits=2
section storage "$csv/index.csv" "Bits of a run: bits of Spmat a weight, padding included, codes of 4 bits" \
  pivot index width name entry_bits -v digits=2
section pointers "$csv/index.csv" "Bits of pointers a weight" pivot index width name pointer_bits -v digits=2
section network "$csv/network.csv" "The committed network (docs/training.md), an image of Fashion-MNIST, mean of 1,000" network
section timing "$dir/speeds/timing.txt" "Timing model" cat "$dir/speeds/timing.txt"
section simulation "$dir/speeds/simulation.txt" "Simulation" cat "$dir/speeds/simulation.txt"
section golden "$dir/speeds/golden.txt" "Golden model" cat "$dir/speeds/golden.txt"
section memory "$dir/memory.csv" "Time and peak memory of a command" memory

ratios() { # what the tables above come to; a line for each that was measured
  [ ! -e "$csv/layers.csv" ] || awk -F, '$1 == "geo. mean" {
    printf "cycles / useful work: %.4f rows alike, %.4f uneven; the paper %.3f\n", $3, $4, $2 }' "$csv/layers.csv"
  [ ! -e "$dir/speeds/timing.txt" ] || sed -nE 's/^(first pass|repeated passes), vector path +median +([0-9.]+),.*/timing model, \1: \2 million cycles a second/p' \
    "$dir/speeds/timing.txt"
  [ ! -e "$dir/speeds/simulation.txt" ] || awk '$NF ~ /^[0-9.]+$/ && $(NF - 1) ~ /^[0-9]+$/ && NF > 4 {
    speed = $(NF - 1); ratio = $NF; NF -= 4; printf "simulation, %s: %d cycles a second, %.2f of before\n", $0, speed, ratio }' \
    "$dir/speeds/simulation.txt"
  [ ! -e "$dir/speeds/golden.txt" ] || sed -n 's/^geometric mean: /golden model: /p' "$dir/speeds/golden.txt"
}
check() { # the exact promises; then the points and the steps
  local passed=0 failed=0 points ran step
  echo "What must hold: outputs, counters, cycles below the paper, means at most 1.04; and every point ran"
  if [ -e "$csv/model.csv" ] && [ -e "$csv/queue.csv" ] && [ -e "$csv/rtl.csv" ]; then
    awk -f bench/checks.awk "$csv/model.csv" "$csv/queue.csv" "$csv/rtl.csv" > "$report/checks.part"
    grep FAILED "$report/checks.part"
    read -r passed failed < <(tail -n 1 "$report/checks.part")
  else
    echo "FAILED: the nine layers are not measured"
    failed=1
  fi
  rm -f "$report/checks.part"
  points=$(grep -c . "$dir/points.txt")
  ran=$(awk -v dir="$dir/points" '{ f = dir "/" $1 "." $2 ".json"; if ((getline line < f) > 0) n++; close(f) } END { print n + 0 }' "$dir/points.txt")
  [ "$ran" = "$points" ] || echo "FAILED: $((points - ran)) of $points points"
  for step; do echo "FAILED: step $step"; done
  echo "$((passed + ran)) passed, $((failed + points - ran + $#)) failed"
}
ratios > "$report/ratios.txt"
check "$@" > "$report/checks.txt"

order="layers-uniform layers-uneven split dealing queue queue-layers act_queue speedup real-work balance padding storage
  pointers network timing simulation golden memory ratios checks"
for name in $order; do
  cat "$report/$name.txt"
  [ "$name" = checks ] || echo
done | tee "$dir/report.txt"
[[ $(tail -n 1 "$report/checks.txt") = *' 0 failed' ]]
