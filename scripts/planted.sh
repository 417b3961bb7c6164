#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# planted.sh: makes the tables of docs/planted-bugs.md again: every planted bug is built and run on Verilator, some on
# Icarus, and what was said goes between the page's marks. `make build/tests/rtl_planted build/tests/rtl_bad_use` first
# (`make planted` does).
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/planted-bugs.md
work=build/tmp/planted
mkdir -p "$work"

table() { # table NAME WORD=VALUE...: the rows in $work/NAME.md
  local rows=$work/$1.md
  rm -f "$rows"
  env "${@:2}" EIE_PLANTED_TABLE="$rows" build/tests/rtl_planted > "$work/$1.log" 2>&1 ||
    { grep -E '^(ERROR|\[  FAILED|\[  ERROR)' "$work/$1.log" >&2; echo "planted.sh: $work/$1.log says more" >&2; exit 1; }
}

table verilator EIE_PLANTED=all
table icarus EIE_ENGINE=icarus

# Everything between <!-- NAME --> and <!-- end --> is replaced.
awk -v work="$work" '
  /^<!-- end -->$/ { inside = 0 }
  !inside { print }
  match($0, /^<!-- (verilator|icarus) -->$/) {
    name = $2
    print "| bug | what is broken | array | what is said |\n|---|---|---|---|"
    while ((getline row < (work "/" name ".md")) > 0) print row
    inside = 1
  }' "$page" > "$work/page.md"
cmp -s "$work/page.md" "$page" || cp "$work/page.md" "$page"
