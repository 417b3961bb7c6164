#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tables.sh LIST POINTS DIR: the results of the points (bench/run_points.sh) as DIR/FIGURE.csv, a row a point and
# layer, and DIR/FIGURE-means.csv, a row a point. Exit status 1 when a figure lacks a result.
set -uo pipefail
cd "$(dirname "$0")/.."
list=$1 points=$2 dir=$3
mkdir -p "$dir"
failed=0

table() { # table FIGURE FIELD ...: by way of a temporary name, so that no half table stays
  local figure=$1
  shift
  grep -q "^$figure " "$list" || return 0
  if build/bench/points_csv "$list" "$points" "$figure" "$@" > "$dir/$figure.part"; then
    mv "$dir/$figure.part" "$dir/$figure.csv"
  else
    rm -f "$dir/$figure.part" "$dir/$figure.csv"
    failed=1
  fi
}

counts="name weights useful cycles ratio broadcasts entries padding busiest window queue_full starved write_back"
for figure in model pes dealing; do
  # shellcheck disable=SC2086 # words
  table $figure $counts worst_cycles paper_cycles bound_by pack_seconds
done
# shellcheck disable=SC2086
table rtl $counts worst_cycles paper_cycles bound_by compared differing timed_counters load_cycles simulated_cycles seconds
table queue series depth name useful entries cycles ratio queue_full
table index name weights padding padding_percent entry_bits pointer_bits bits
table fill cycles broadcasts
table network .inputs name useful cycles ratio broadcasts padding bound_by
for figure in rtl model queue pes dealing; do
  [ ! -e "$dir/$figure.csv" ] || awk -f bench/means.awk "$dir/$figure.csv" > "$dir/$figure-means.csv"
done
[ ! -e "$dir/rtl.csv" ] || awk -f bench/layers.awk "$dir/rtl.csv" > "$dir/layers.csv"
if [ -e "$dir/rtl.csv" ] && [ -e "$dir/fill.csv" ]; then
  awk -f bench/split.awk "$dir/fill.csv" "$dir/rtl.csv" > "$dir/split.csv"
fi
exit $failed
