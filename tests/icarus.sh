#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The test programs that drive the RTL, on Icarus in place of Verilator: the same sources, X-strict. In
# `make test` the small part of each (tests/rtl_part.h); `make test-icarus` runs more. What was left out is
# printed; logs are in build/test-logs-icarus. docs/icarus.md.
set -uo pipefail
cd "$(dirname "$0")/.."
programs=(rtl_random rtl_timing rtl_lenet rtl_bad_use rtl_lockstep rtl_checks rtl_rates rtl_planted) # long ones first
export EIE_ENGINE=icarus EIE_PART=${EIE_PART:-small}
export EIE_TEST_LOGS=build/test-logs-icarus EIE_TEST_JOBS=${EIE_TEST_JOBS:-1}
export EIE_TEST_TIMEOUT=${EIE_ICARUS_TIMEOUT:-${EIE_TEST_TIMEOUT:-1800}}

result=$(tests/run_tests.sh "${programs[@]/#/build/tests/}")
status=$?
echo "Icarus, EIE_PART=$EIE_PART:"
sed '$d' <<< "$result"
for program in "${programs[@]}"; do
  log=$EIE_TEST_LOGS/$program.log
  grep -hE '^(reduced|seed [0-9]+:)' "$log" | sed "s/^/  $program: /"
  sed -n 's/^left out ([^)]*): //p' "$log" | paste -sd, | sed -n "s/,/, /g; s/.\\+/  $program: left out: &/p"
done
tail -n 1 <<< "$result"
exit "$status"
