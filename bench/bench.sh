#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh [STEP ...]: what `make bench` does once everything is built; without steps all of them:
#   speeds   timing model, simulation, golden model: machine time, so they run first and alone
#   memory   peak memory and time of each command
#   points   the sweeps, all cores (bench/points.sh; EIE_BENCH_SEEDS)
#   tables   their results as CSV
#   plots    and as SVG
#   report   all tables in words: build/bench/report.txt
# Results: build/bench/. Exit status 1 when a step failed, a comparison was unequal or a goal in cycles was
# missed; never for machine time.
set -uo pipefail
cd "$(dirname "$0")/.."
out=build/bench
steps=${*:-speeds memory points tables plots report}
mkdir -p $out
failed=()

step_speeds() { bench/speeds.sh $out/speeds; }
step_memory() { bench/memory.sh > $out/memory.part && mv $out/memory.part $out/memory.csv; }
step_points() { bench/points.sh > $out/points.txt && bench/run_points.sh $out/points.txt $out/points; }
step_tables() { bench/tables.sh $out/points.txt $out/points $out/csv; }
step_plots() { bench/plots.sh $out/csv $out/plots; }
# Steps that failed are failures of the whole, also in the report's count.
step_report() { bench/report.sh $out "${failed[@]}"; }

started=$SECONDS
for step in $steps; do
  declare -F "step_$step" > /dev/null || {
    echo "bench.sh: no step '$step'; there are: speeds memory points tables plots report" >&2
    exit 2
  }
  began=$SECONDS
  echo "$step ..." >&2
  "step_$step" || failed+=("$step")
  echo "$step: $((SECONDS - began)) s, $((SECONDS - started)) s in all" >&2
done
[ ${#failed[@]} = 0 ]
