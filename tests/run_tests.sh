#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run_tests.sh PROGRAM ...: runs test programs, two at a time, each with a time limit, from the repository
# root. Understands cmocka's summary and programs whose last line is "N passed, N failed[, N skipped]".
# A program that ends with an error, is killed, runs out of time or counts nothing is at least one failure.
# Logs: build/test-logs/NAME.log; a failing one is shown. The last line is the sum, in the same words.
# EIE_TEST_TIMEOUT: seconds a program (default 1800). EIE_TEST_JOBS: programs at a time. EIE_TEST_LOGS: folder.
set -uo pipefail
cd "$(dirname "$0")/.."
export EIE_TEST_TIMEOUT=${EIE_TEST_TIMEOUT:-1800}
export EIE_TEST_LOGS=${EIE_TEST_LOGS:-build/test-logs}
unset MAKEFLAGS MFLAGS MAKELEVEL  # a make that a test starts is its own
jobs=${EIE_TEST_JOBS:-$(nproc)}
[ "$jobs" -le 2 ] || jobs=2

# Prints "passed failed skipped" of a log, or nothing when it has no count. cmocka prints one summary a
# group: "[  PASSED  ] 3 test(s)." and, where there are any, "[  FAILED  ] ..." and "[  SKIPPED ] ...".
count() { # count LOG
  awk '
    /^\[  PASSED  \] [0-9]+ test\(s\)\.$/               { passed += $4; seen = 1 }
    /^\[  FAILED  \] [0-9]+ test\(s\), listed below:$/  { failed += $4; seen = 1 }
    /^\[  SKIPPED \] [0-9]+ test\(s\), listed below:$/  { skipped += $4; seen = 1 }
    { if (NF) last = $0 }
    END {
      if (last ~ /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/) {
        split(last, word, /[ ,]+/)
        print word[1], word[3], (last ~ /skipped/) ? word[5] : 0
      } else if (seen) print passed + 0, failed + 0, skipped + 0
    }' "$1"
}

run_one() { # run_one PROGRAM: prints its line, and its log when it failed
  local program=$1 name log started status passed failed skipped note=''
  name=$(basename "$program")
  log=$EIE_TEST_LOGS/$name.log
  started=$(date +%s)
  # timeout signals the whole group, also what the program started itself.
  timeout -k "${EIE_TEST_GRACE:-10}" "$EIE_TEST_TIMEOUT" "$program" > "$log" 2>&1 < /dev/null
  status=$?
  read -r passed failed skipped < <(count "$log" | grep . || echo "0 0 0")
  if [ "$status" = 124 ] || [ "$status" = 137 ]; then
    note="not finished in $EIE_TEST_TIMEOUT s"
    [ "$status" = 137 ] && note="killed (signal 9)"
  elif [ "$status" -ge 128 ]; then
    note="crashed (signal $((status - 128)))"
  elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    note="exit status $status"
  elif [ $((passed + failed + skipped)) = 0 ]; then
    note="counted no test"
  fi
  if [ -n "$note" ] && [ "$failed" = 0 ]; then failed=1; fi
  echo "$passed $failed $skipped" > "$EIE_TEST_LOGS/$name.count"
  report "$name" "$passed" "$failed" "$skipped" $(($(date +%s) - started)) "$note" "$log"
}

report() { # one write, so that two programs that end together do not mix
  local text mark=' '
  [ "$3" = 0 ] || mark='!'
  text=$(printf '%s %-32s %4d passed %3d failed' "$mark" "$1" "$2" "$3")
  [ "$4" = 0 ] || text+=$(printf ' %3d skipped' "$4")
  text+=$(printf ' %5d s' "$5")
  [ -z "$6" ] || text+="  $6"
  [ "$3" = 0 ] || text+=$'\n'$(sed 's/^/    | /' "$7" | tail -n 200)
  printf '%s\n' "$text"
}
export -f count run_one report

rm -rf "$EIE_TEST_LOGS"
mkdir -p "$EIE_TEST_LOGS"
if [ $# -gt 0 ]; then printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" bash -c 'run_one "$1"' run_one; fi

# A program without a count file did not even start; each program named counts.
passed=0 failed=0 skipped=0
for program; do
  if read -r p f s < "$EIE_TEST_LOGS/$(basename "$program").count"; then
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  else
    failed=$((failed + 1))
    echo "! $program did not run"
  fi
done 2> /dev/null
if [ $((passed + failed)) = 0 ]; then
  echo "nothing ran"
  failed=1
fi
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ]
