#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# table.sh: the table of all boards, from the newest results: those of build/synth/BOARD where `make synth BOARD=...` has
# been run here, else those that were measured and committed with the board (synth/boards/BOARD/summary.json).
set -euo pipefail
cd "$(dirname "$0")/.."
folders=()
for board in synth/boards/*/; do
  name=$(basename "$board")
  if [ -r "build/synth/$name/summary.json" ]; then
    folders+=("build/synth/$name")
  elif [ -r "$board/summary.json" ]; then
    folders+=("synth/boards/$name")
  else
    echo "$name: no results yet: make synth BOARD=$name" >&2
  fi
done
[ ${#folders[@]} -gt 0 ] || exit 0
build/synth_report --table "${folders[@]}"
