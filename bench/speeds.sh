#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# speeds.sh DIR: how fast timing model, simulation and golden model are on this machine: what each of the
# three says, in DIR/NAME.txt. Exit status 1 when one failed or compared unequal. A program that is not there
# (golden_speed needs libraries from PyPI) is left out, and said to be.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=$1
mkdir -p "$dir"
failed=0

measure() { # measure NAME COMMAND ...
  local name=$1
  shift
  rm -f "$dir/$name.txt"
  if [ ! -x "$1" ]; then
    echo "  $1 is not there: not measured" >&2
    return
  fi
  echo "  $*" >&2
  if "$@" > "$dir/$name.part" 2> "$dir/$name.log"; then
    mv "$dir/$name.part" "$dir/$name.txt"
  else
    failed=1
    echo "FAILED: $*" >&2
    tail -n 5 "$dir/$name.log" "$dir/$name.part" | sed 's/^/    | /' >&2
    rm -f "$dir/$name.part" "$dir/$name.txt"
  fi
}

measure timing build/bench/timing_speed
measure golden build/bench/golden_speed
measure simulation bench/simulation_speed.sh
exit $failed
