#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fit_check.sh [BOARD ...]: does `eie fit` say what synthesis finds? For every board that can be placed: its own
# configuration, which fits, and one that asks for more RAM than there is with few PEs, so that it is soon synthesised.
# Uses the results of build/synth/BOARD where they are there. Minutes a board. Last line: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.."
model=vectors/lenet-300-100.safetensors
passed=0 failed=0

too_much() { # too_much BOARD: settings of a configuration that has no room
  case $1 in
    ulx3s) echo N_PE=8 SPMAT_WORDS=16384 ;;
    icebreaker) echo N_PE=2 PTR_DEPTH=4096 ;;
    tangnano20k) echo N_PE=2 PTR_DEPTH=32768 ;;
    *) return 1 ;;
  esac
}

judge() { # judge BOARD CONFIG FOLDER: both verdicts, "fits" or "does not"
  local said found
  build/eie fit $model --board "$1" --config "$2" > "$3.fit" 2>&1
  case $? in 0) said=fits ;; 1) said='does not' ;; *) said="nothing ($(tail -n 1 "$3.fit"))" ;; esac
  if [ -r "$3/summary.json" ] && grep -q '"routed":[[:space:]]*true' "$3/summary.json" && cmp -s "$2" "$3/$1.cfg"; then
    found=fits
  else
    synth/board.sh "$1" --config "$2" --seeds 1 --out "$3" > "$3.log" 2>&1
    case $? in 0) found=fits ;; 1) found='does not' ;; *) found="nothing ($(tail -n 1 "$3.log"))" ;; esac
  fi
  if [ "$said" = "$found" ] && [ "$found" = "$4" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && printf 'FAILED: '
  fi
  echo "$1, $5: eie fit: $said; synthesis: $found"
}

mkdir -p build/synth/fit
[ $# -gt 0 ] || set -- $(for b in synth/boards/*/pins.*; do basename "$(dirname "$b")"; done)
for board; do
  settings=$(too_much "$board") || { echo "FAILED: $board has no configuration here that is too much" && failed=$((failed + 1)) && continue; }
  judge "$board" "synth/boards/$board/$board.cfg" "build/synth/$board" fits 'its own configuration'
  expression=$(for s in $settings; do printf 's/^%s *=.*/%s = %s/;' "${s%%=*}" "${s%%=*}" "${s#*=}"; done)
  sed "$expression" "synth/boards/$board/$board.cfg" > "build/synth/fit/$board.cfg"
  judge "$board" "build/synth/fit/$board.cfg" "build/synth/fit/$board" 'does not' "$settings"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
