#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The runner tells the truth about programs that pass, fail, hang, crash, say nothing or are not there.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/runner.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

program() { # program NAME: makes one from stdin
  { echo '#!/bin/bash'; cat; } > "$tmp/$1"
  chmod +x "$tmp/$1"
}

expect() { # expect STATUS LAST_LINE PROGRAM...: what the runner does with these programs of $tmp
  local status=$1 last=$2 out got
  shift 2
  out=$(EIE_TEST_TIMEOUT=2 EIE_TEST_GRACE=1 EIE_TEST_LOGS=$tmp/logs tests/run_tests.sh "${@/#/$tmp/}" 2>&1)
  got=$?
  if [ "$got" = "$status" ] && [ "${out##*$'\n'}" = "$last" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s: exit %s, wanted %s and "%s":\n%s\n' "$*" "$got" "$status" "$last" "$out"
  fi
  output=$out
}

contains() { # contains TEXT: the last output has it
  if grep -qF -- "$1" <<< "$output"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: no '$1' in: $output"; fi
}

program good <<< 'echo hello; echo "3 passed, 0 failed"'
program good2 <<< 'echo "4 passed, 0 failed"'
program skips <<< 'echo "2 passed, 0 failed, 1 skipped"'
program only_skips <<< 'echo "0 passed, 0 failed, 1 skipped"'
program bad <<< 'echo the reason; echo "3 passed, 2 failed"; exit 1'
program bad_but_zero <<< 'echo "3 passed, 2 failed"'
program lies <<< 'echo "3 passed, 0 failed"; exit 3'
program silent <<< ':'
program no_test <<< 'echo "0 passed, 0 failed"'
program early_count <<< 'echo "9 passed, 0 failed"; echo and then something else'
program hangs <<< 'echo "3 passed, 0 failed"; sleep 60'
program stubborn <<< 'trap "" TERM; echo "3 passed, 0 failed"; sleep 1; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1; done'
program crashes <<< 'echo "3 passed, 0 failed"; kill -SEGV $$'
program reads <<< 'read -r line && exit 1; echo "1 passed, 0 failed"'
program cmocka_good <<< 'echo "[==========] Running 2 test(s)." >&2; echo "[  PASSED  ] 2 test(s)." >&2'
program cmocka_groups <<< 'echo "[  PASSED  ] 2 test(s)."; echo "[  PASSED  ] 5 test(s)."'
program cmocka_bad <<< 'printf "%s\n" "[  PASSED  ] 2 test(s)." "[  FAILED  ] 1 test(s), listed below:" "[  FAILED  ] a_promise" "" " 1 FAILED TEST(S)" >&2; exit 1'
program cmocka_asan <<< 'echo "[  PASSED  ] 2 test(s)." >&2; echo "ERROR: AddressSanitizer: leak" >&2; exit 1'
program cmocka_skip <<< 'printf "%s\n" "[  PASSED  ] 2 test(s)." "[  SKIPPED ] 1 test(s), listed below:" "[  SKIPPED ] absent" "" " 1 SKIPPED TEST(S)" >&2'
echo no program > "$tmp/not_executable"

expect 0 "7 passed, 0 failed" good good2
expect 0 "5 passed, 0 failed, 1 skipped" good skips
expect 1 "0 passed, 1 failed, 1 skipped" only_skips
expect 1 "6 passed, 2 failed" good bad
contains "the reason"
expect 1 "3 passed, 2 failed" bad_but_zero
expect 1 "3 passed, 1 failed" lies
contains "exit status 3"
expect 1 "0 passed, 1 failed" silent
contains "counted no test"
expect 1 "0 passed, 1 failed" no_test
expect 1 "0 passed, 1 failed" early_count
expect 1 "3 passed, 1 failed" hangs
contains "not finished in 2 s"
expect 1 "3 passed, 1 failed" stubborn
expect 1 "3 passed, 1 failed" crashes
contains "signal 11"
expect 0 "1 passed, 0 failed" reads
expect 1 "3 passed, 1 failed" good missing
expect 1 "3 passed, 1 failed" good not_executable
expect 1 "0 passed, 1 failed"
expect 0 "2 passed, 0 failed" cmocka_good
expect 0 "7 passed, 0 failed" cmocka_groups
expect 1 "2 passed, 1 failed" cmocka_bad
expect 1 "2 passed, 1 failed" cmocka_asan
expect 0 "2 passed, 0 failed, 1 skipped" cmocka_skip

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
