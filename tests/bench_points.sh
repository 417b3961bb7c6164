#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The machinery of `make bench`: points run and become tables with the numbers of `eie bench`; whatever breaks
# on the way is named and makes the run red.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/bench.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 output='' status=0

check() { # check SENTENCE COMMAND...
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED: %s\n  status %s\n  output %s\n' "$sentence" "$status" "$output"
  fi
}
has() { [[ $1 = *"$2"* ]]; }
run() { # run COMMAND...: output and status of it
  output=$("$@" 2>&1 < /dev/null)
  status=$?
}
field() { # field TABLE KEY=VALUE... COLUMN: of the one row that has these
  awk -F, -v want="${*:2}" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; n = split(want, word, " "); next }
    { for (i = 1; i < n; i++) { split(word[i], pair, "="); if ($column[pair[1]] != pair[2]) next }
      print $column[word[n]] }' "$1"
}
number() { sed -nE "s/^[[:space:]]*\"$1\":[[:space:]]*([0-9.]+),?\$/\1/p" | tail -n 1; }

# ---- the list ----
bench/points.sh > "$tmp/all.txt"
check "the list has its 76 points" [ "$(wc -l < "$tmp/all.txt")" = 76 ]
check "each is FIGURE KEYS COMMAND" [ "$(grep -cvE '^[a-z_]+ [a-z]+=[a-z0-9]+(,[a-z]+=[a-z0-9]+)* (build|bench)/[a-z_/.]+ .+' "$tmp/all.txt")" = 0 ]
check "no point is there twice" [ -z "$(cut -d' ' -f1,2 "$tmp/all.txt" | sort | uniq -d)" ]
run bench/points.sh no_such_figure
check "an unknown figure is refused" [ $status = 2 ]
# The sweeps ask for what `eie bench` understands: each on the smallest layer, its first and last point.
for figure in model pes dealing; do
  grep "^$figure " "$tmp/all.txt" | sed -n '1p;$p' | sed 's/$/ --layer NT-We/'
done > "$tmp/few.txt"
grep '^queue ' "$tmp/all.txt" | sed -n '1p;$p' | sed 's/$/ NT-We/' >> "$tmp/few.txt"
grep '^fill ' "$tmp/all.txt" >> "$tmp/few.txt"
echo "index width=4 build/bench/index_width 4 NT-LSTM" >> "$tmp/few.txt"

# ---- points run ----
run bench/run_points.sh "$tmp/few.txt" "$tmp/points"
check "a list of good points is green" [ $status = 0 ]
check "each has its result" [ "$(ls "$tmp/points" | grep -c 'json$')" = "$(wc -l < "$tmp/few.txt")" ]
run bench/tables.sh "$tmp/few.txt" "$tmp/points" "$tmp/csv"
check "their tables are made" [ $status = 0 ]
build/eie bench --layer NT-We --uneven 0.4 --seed 5 --dealing interleaved --json > "$tmp/one.json"
for key in cycles useful broadcasts queue_full busiest; do
  check "$key in the table is that of eie bench" \
    [ "$(field "$tmp/csv/dealing.csv" rows=uneven $key)" = "$(number $key < "$tmp/one.json")" ]
done
build/eie bench --layer NT-We --set QUEUE_DEPTH=2 --json > "$tmp/one.json"
check "a queue of 2 places takes the cycles of eie bench with that queue" \
  [ "$(field "$tmp/csv/queue.csv" rows=uniform series=queue depth=2 cycles)" = "$(number cycles < "$tmp/one.json")" ]
build/eie bench --layer NT-We --set QUEUE_DEPTH=4 --set ACT_QUEUE_DEPTH=64 --json > "$tmp/one.json"
check "so do 64 places in front of 4" \
  [ "$(field "$tmp/csv/queue.csv" rows=uniform series=front4 depth=64 cycles)" = "$(number cycles < "$tmp/one.json")" ]
check "64 PEs drain a layer of one entry as the RTL does (tests/rtl_rates.c)" [ "$(field "$tmp/csv/fill.csv" pes=64 cycles)" = 37 ]
check "38 row slots and runs of 4 bits: padding, as much as the packer has" [ "$(field "$tmp/csv/index.csv" width=4 padding)" -gt 0 ]

# ---- points that break ----
grep '^pes' "$tmp/few.txt" > "$tmp/pes.txt"
echo "pes idx=6,dealing=balanced,pes=3000 build/eie bench --layer NT-We --set N_PE=3000 --json" >> "$tmp/pes.txt"
run bench/run_points.sh "$tmp/pes.txt" "$tmp/broken"
check "a point that fails makes the run red" [ $status = 1 ]
check "it is named" has "$output" "pes=3000"
check "with the words of the command" has "$output" "N_PE"
check "the others ran" [ "$(ls "$tmp/broken" | grep -c 'json$')" = 2 ]
run bench/tables.sh "$tmp/pes.txt" "$tmp/broken" "$tmp/broken-csv"
check "a figure that lacks a point is not made" [ "$status" = 1 -a ! -e "$tmp/broken-csv/pes.csv" ]
check "and the point is named" has "$output" "pes=3000"
for line in "queue" "queue depth=1" "queue depth true" "../up depth=1 true" "queue depth=../1 true"; do
  run bench/run_point.sh "$tmp/broken" "$line"
  check "no point: '$line'" [ $status = 1 ]
done
run bench/run_point.sh "$tmp/broken" "queue depth=5 true"
check "a command that prints nothing is a failure" [ $status = 1 ]
printf 'fill pes=1 true\nfill pes=1 true\n' > "$tmp/twice.txt"
run bench/run_points.sh "$tmp/twice.txt" "$tmp/broken"
check "a point that is there twice is refused" [ $status = 1 ]
run bench/run_points.sh /dev/null "$tmp/broken"
check "an empty list is refused" [ $status = 1 ]
echo "fill pes=9 echo {\"layers\":[{\"cycles\":3}]" > "$tmp/json.txt"
bench/run_point.sh "$tmp/broken" "$(cat "$tmp/json.txt")"
run build/bench/points_csv "$tmp/json.txt" "$tmp/broken" fill cycles
check "a result that is no JSON is refused" [ $status = 2 ]
echo 'fill pes=9 echo {"layers":[{"cycles":3}]}' > "$tmp/json.txt"
bench/run_point.sh "$tmp/broken" "$(cat "$tmp/json.txt")"
run build/bench/points_csv "$tmp/json.txt" "$tmp/broken" fill cycles
check "a row is the keys and the fields" [ "$output" = $'pes,cycles\n9,3' ]
run build/bench/points_csv "$tmp/json.txt" "$tmp/broken" fill cycles colour
check "a field that is not there is named" has "$output" "'colour'"

# ---- what must hold ----
# The timing model's NT-LSTM, nine times under the names of the nine layers, stands for the RTL.
for kind in uniform uneven; do
  bench/points.sh model | grep "rows=$kind" | sed 's/$/ --layer NT-LSTM/'
  bench/points.sh queue | grep "rows=$kind,dealing=balanced" | sed 's/$/ NT-LSTM/'
done > "$tmp/points.txt"
rm -r "$tmp/csv"
bench/points.sh fill >> "$tmp/points.txt"
run bench/run_points.sh "$tmp/points.txt" "$tmp/points"
bench/tables.sh "$tmp/points.txt" "$tmp/points" "$tmp/csv"
for table in model queue; do
  awk '{ print } NR > 1 { for (i = 1; i < 9; i++) { row = $0; sub("NT-LSTM", "layer" i, row); print row } }' \
    "$tmp/csv/$table.csv" > "$tmp/nine" && mv "$tmp/nine" "$tmp/csv/$table.csv"
done
awk -v OFS=, '{ print $0, NR == 1 ? "compared,differing,timed_counters" : "2400,0,80" }' "$tmp/csv/model.csv" > "$tmp/csv/rtl.csv"
run awk -f bench/checks.awk "$tmp/csv/model.csv" "$tmp/csv/queue.csv" "$tmp/csv/rtl.csv"
check "nine layers, two kinds of rows: 4 promises each, and the means" [ "$output" = "76 0" ]
damage() { # damage AWK_CONDITION: one value of the RTL's table
  awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } { '"$1"' } 1' "$tmp/csv/rtl.csv" > "$tmp/damaged.csv"
  run awk -f bench/checks.awk "$tmp/csv/model.csv" "$tmp/csv/queue.csv" "$tmp/damaged.csv"
}
damage 'if (NR == 7) $c["queue_full"]++'
check "a counter that differs is named with its layer" has "$output" "uniform seed 1 layer5: queue_full"
check "and counted" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
damage 'if (NR == 3) $c["differing"] = 1'
check "an output that differs fails" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
damage 'if (NR == 4) $c["compared"] = ""'
check "a layer that was not compared fails" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
damage 'if (NR == 4) $c["timed_counters"] = ""'
check "counters that were not compared fail" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
damage 'if (NR == 3) $c["paper_cycles"] = $c["cycles"]'
check "a layer that is not below the paper fails" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
damage 'if (NR > 1 && $c["rows"] == "uneven") $c["ratio"] *= 1.03'
check "a mean above 1.04 fails" [ "$(tail -n 1 <<< "$output")" = "75 1" ]
awk -F, -v OFS=, '$4 == 32 { $8++ } 1' "$tmp/csv/queue.csv" > "$tmp/swept.csv"
run awk -f bench/checks.awk "$tmp/csv/model.csv" "$tmp/swept.csv" "$tmp/csv/rtl.csv"
check "a sweep of queues that has other cycles fails" [ "$(tail -n 1 <<< "$output")" = "58 18" ]
damage 'if (NR == 5) next'
check "a layer that is missing fails" [ "$(tail -n 1 <<< "$output" | cut -d' ' -f2)" != 0 ]
awk -f bench/split.awk "$tmp/csv/fill.csv" "$tmp/csv/rtl.csv" > "$tmp/split.csv"
check "the parts of the time add up to the cycles" [ "$(awk -F, 'NR > 1 { s = 0; for (i = 5; i <= NF; i++) s += $i
  if (s - $4 > 0.02 || $4 - s > 0.02 || $NF < 0) n++ } END { print NR - 1, n + 0 }' "$tmp/split.csv")" = "18 0" ]

# ---- the report and the page ----
mkdir -p "$tmp/docs/img" "$tmp/plots"
touch "$tmp/plots/perf-layers.svg"
run bench/report.sh "$tmp"
check "the report of a run without some tables still counts" [ "$(tail -n 1 <<< "$output")" = "81 passed, 0 failed" ]
check "and says what is missing" has "$output" "is missing"
printf 'a\n<!-- bench: layers-uniform -->\nold\n<!-- end -->\nb\n' > "$tmp/docs/performance.md"
for table in layers split queue-means pes-means queue pes index; do
  [ -e "$tmp/csv/$table.csv" ] || echo name > "$tmp/csv/$table.csv"
done
run env EIE_PUBLISH_FROM="$tmp" EIE_PUBLISH_TO="$tmp/docs" bench/publish.sh
check "a section of the page becomes that of the report" [ "$(sed -n '1,3p;$p' "$tmp/docs/performance.md" | tr '\n' '|')" = 'a|<!-- bench: layers-uniform -->|```|b|' ]
check "whole" grep -q '^NT-LSTM .* 6000 ' "$tmp/docs/performance.md"
cp docs/performance.md "$tmp/docs/"
run env EIE_PUBLISH_FROM="$tmp" EIE_PUBLISH_TO="$tmp/docs" bench/publish.sh
check "the report has every section of docs/performance.md" [ $status = 0 ]
check "and the page every section of the report but the ratios" \
  [ "$(ls "$tmp/report" | wc -l)" = "$(($(grep -c '^<!-- bench: ' docs/performance.md) + 1))" ]
run bench/report.sh "$tmp" plots
check "a step that failed makes the report red" [ "$status" = 1 -a "$(tail -n 1 <<< "$output")" = "81 passed, 1 failed" ]
run env EIE_PUBLISH_FROM="$tmp" EIE_PUBLISH_TO="$tmp/docs" bench/publish.sh
check "and is not published" [ $status = 1 ]

# ---- memory ----
# shellcheck disable=SC2016 # the inner shell expands
run build/bench/peak_memory hold bash -c 'x=$(head -c 40000000 /dev/zero | tr "\0" a); [ ${#x} = 40000000 ]'
check "a program that holds 40 MB is seen to" [ "$(cut -d, -f3 <<< "$output" | cut -d. -f1)" -ge 38 ]
run build/bench/peak_memory small true
check "one that holds nothing too" [ "$(cut -d, -f3 <<< "$output" | cut -d. -f1)" -lt 20 ]
run build/bench/peak_memory bad bash -c 'exit 3'
check "its exit status is passed on" [ "$status$output" = 3 ]

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
