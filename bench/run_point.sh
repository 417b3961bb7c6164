#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_point.sh DIR 'FIGURE KEYS COMMAND ...': runs one point (bench/points.sh) from the repository root. The
# result, one JSON object, goes to DIR/FIGURE.KEYS.json, at once or not at all; on failure the words of
# the command are in DIR/FIGURE.KEYS.err and the exit status is 1. On a cluster: one call an array task.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=$1
read -ra word <<< "$2"
name='[A-Za-z0-9_.+-]+'
if [ ${#word[@]} -lt 3 ] || ! [[ ${word[0]} =~ ^[a-z0-9_]+$ && ${word[1]} =~ ^$name=$name(,$name=$name)*$ ]]; then
  echo "run_point.sh: not FIGURE KEY=VALUE,... COMMAND ...: '$2'" >&2
  exit 1
fi
result=$dir/${word[0]}.${word[1]}
rm -f "$result.json" "$result.err"
"${word[@]:2}" > "$result.part" 2> "$result.err" < /dev/null
status=$?
if [ $status = 0 ] && [ -s "$result.part" ]; then
  mv "$result.part" "$result.json" && rm -f "$result.err"
  exit
fi
rm -f "$result.part"
[ -s "$result.err" ] || echo "printed nothing" > "$result.err"
echo "FAILED (status $status): $2" >&2
head -n 3 "$result.err" | sed 's/^/    | /' >&2
exit 1
