#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_points.sh LIST DIR: runs all points of a list (bench/points.sh) on all cores (JOBS: that many) and says
# how far it is. Exit status 1 when a point failed or the list is bad; the others run all the same.
set -uo pipefail
cd "$(dirname "$0")/.."
list=$1 dir=$2
total=$(grep -c . "$list")
if [ "$total" = 0 ]; then
  echo "run_points.sh: $list has no point" >&2
  exit 1
fi
twice=$(awk '{ print $1, $2 }' "$list" | sort | uniq -d | head -n 1)
if [ -n "$twice" ]; then
  echo "run_points.sh: $list has the point $twice twice" >&2
  exit 1
fi
mkdir -p "$dir"

step() { # one line a point: DONE or FAILED, for the progress below
  if bench/run_point.sh "$1" "$2"; then echo done; else echo failed; fi
}
export -f step

started=$SECONDS
grep . "$list" | tr '\n' '\0' |
  xargs -0 -n 1 -P "${JOBS:-$(nproc)}" bash -c 'step "$0" "$1"' "$dir" |
  {
    ended=0 failed=0 shown=0
    while read -r outcome; do
      ended=$((ended + 1))
      [ "$outcome" = done ] || failed=$((failed + 1))
      spent=$((SECONDS - started))
      # On a terminal each point, elsewhere about ten lines.
      if [ -t 2 ]; then
        printf '\r  point %d of %d, %d s, about %d s left   ' $ended $total $spent $((spent * (total - ended) / ended)) >&2
      elif [ $((ended * 10 / total)) -gt $shown ]; then
        shown=$((ended * 10 / total))
        echo "  point $ended of $total, $spent s" >&2
      fi
    done
    [ ! -t 2 ] || echo >&2
    [ $ended = $total ] || echo "run_points.sh: $((total - ended)) points did not run" >&2
    [ $ended = $total ] && [ $failed = 0 ]
  }
