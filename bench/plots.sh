#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# plots.sh CSV_DIR DIR: draws every bench/plots/NAME.gp as DIR/perf-NAME.svg. Exit status 1 when one
# fails or lacks data; the words of gnuplot are in DIR/NAME.log.
set -uo pipefail
cd "$(dirname "$0")/.."
csv=$1 dir=$2
mkdir -p "$dir"
failed=0
for plot in bench/plots/*.gp; do
  name=$(basename "$plot" .gp)
  [ "$name" != style ] || continue
  if gnuplot -e "csv = '$csv'; out = '$dir/perf-$name.part'" "$plot" 2> "$dir/$name.log" &&
    [ -s "$dir/perf-$name.part" ] && ! grep -q warning "$dir/$name.log"; then
    mv "$dir/perf-$name.part" "$dir/perf-$name.svg"
  else
    rm -f "$dir/perf-$name.part" "$dir/perf-$name.svg"
    echo "plots.sh: $plot is not drawn: $(grep -m 1 . "$dir/$name.log")" >&2
    failed=1
  fi
done
exit $failed
