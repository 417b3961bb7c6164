#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# synth_report on small hand-made inputs of each family (tests/synth_report/): the text and summary.json are those
# expected, the table too; what is broken is refused with one sentence and exit status 2, and writes nothing.
set -uo pipefail
cd "$(dirname "$0")/.."
make -s --no-print-directory build/synth_report || exit 1
export EIE_BOARD_DIR=build/tmp/synth_report/boards
work=build/tmp/synth_report
passed=0 failed=0

check() { # check SENTENCE COMMAND...
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $sentence"; fi
}

fresh() {
  rm -rf "$work"
  mkdir -p build/tmp
  cp -r tests/synth_report "$work"
}

report_is_as_expected() { # report_is_as_expected BOARD
  build/synth_report "$work/$1" > "$work/out.txt" && diff "$work/out.txt" "$work/$1/expected.txt" &&
    diff "$work/$1/report.txt" "$work/$1/expected.txt" && diff "$work/$1/summary.json" "$work/$1/expected.json"
}

# What is spoilt; refused BOARD REGEXP COMMAND...: after the command the report of the board is a sentence.
refused() {
  local board=$1 sentence=$2 status
  shift 2
  fresh
  (cd "$work/$board" && "$@")
  build/synth_report "$work/$board" > "$work/out.txt" 2> "$work/err.txt"
  status=$?
  [ "$status" = 2 ] && [ ! -s "$work/out.txt" ] && [ ! -e "$work/$board/summary.json" ] &&
    [ "$(wc -l < "$work/err.txt")" = 1 ] && grep -qE "^synth_report: .*$sentence" "$work/err.txt" && return
  echo "exit status $status: $(cat "$work/err.txt")"
  return 1
}

table_is_as_expected() {
  build/synth_report --table "$work"/{cherry,gooseberry,lemon,peppermint} > "$work/out.txt" &&
    diff "$work/out.txt" "$work/expected_table.md"
}

table_is_refused() { # without one summary
  rm "$work/lemon/summary.json"
  build/synth_report --table "$work/cherry" "$work/lemon" > "$work/out.txt" 2> "$work/err.txt"
  [ $? = 2 ] && [ ! -s "$work/out.txt" ] && grep -q "lemon/summary.json" "$work/err.txt"
}

own_configuration_counts() { # a folder of another name, with the configuration that was synthesised
  cp -r "$work/lemon" "$work/one"
  sed 's/^N_PE = 2/N_PE = 1/' "$work/boards/lemon/lemon.cfg" > "$work/one/lemon.cfg"
  cp "$work/boards/lemon/board.cfg" "$work/one"
  build/synth_report "$work/one" > "$work/out.txt" && grep -q '^lemon: ' "$work/out.txt" && grep -q '^1 PEs, ' "$work/out.txt" &&
    grep -q '"n_pe":.1,' "$work/one/summary.json"
}

usage_is_told() { # usage_is_told WORD...
  build/synth_report "$@" > "$work/out.txt" 2> "$work/err.txt"
  [ $? = 2 ] && grep -q '^usage:' "$work/err.txt"
}

change() { # change FILE FROM TO
  sed -i "s/$2/$3/" "$1"
}

fresh
for board in cherry gooseberry lemon peppermint; do check "report of $board" report_is_as_expected $board; done
check "the table" table_is_as_expected
check "a table without one summary is refused" table_is_refused
check "a configuration of the run's own" own_configuration_counts
check "no operand" usage_is_told
check "two operands" usage_is_told a b
check "an option that there is not" usage_is_told --tables
cut_off() { truncate -s -300 "$1"; }
check "stat.json is missing" refused lemon 'lemon/stat.json' rm stat.json
check "stat.json is cut off" refused lemon 'lemon/stat.json: not JSON' cut_off stat.json
check "stat.json of another family" refused lemon 'no cell of family ice40' cp ../cherry/stat.json .
check "a seed's report is cut off" refused lemon 'lemon/seed2.json: not JSON' cut_off seed2.json
check "a seed's report is no report" refused lemon 'lemon/seed1.json: not a report' cp stat.json seed1.json
check "a clock without a number" refused lemon 'seed1.json: no clock' change seed1.json '"achieved": 44.0' '"achieved": "x"'
check "the netlist is cut off" refused lemon 'netlist.json: not a JSON netlist' cut_off netlist.json
check "the netlist has no top" refused lemon 'netlist.json: no module is the top' change netlist.json '"top"' '"pot"'
check "two configurations" refused lemon 'lemon: has more than one configuration' touch lemon.cfg lime.cfg
check "times are no numbers" refused peppermint 'seconds.txt: "pack soon"' change seconds.txt 'pack 1' 'pack soon'
check "a folder that is no board's" refused lemon 'no board "lemon"' mv ../boards/lemon ../boards/lime
check "board.cfg is garbled" refused lemon 'boards/lemon/board.cfg' change ../boards/lemon/board.cfg 'FAMILY = ice40' 'FAMILY = 7'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
