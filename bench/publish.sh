#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# publish.sh: puts what the last `make bench` measured into the documentation: its plots as docs/img/perf-*.svg,
# the small tables behind them as docs/img/perf-*.csv, and the sections of its report between the lines
#   <!-- bench: SECTION -->  and  <!-- end -->
# of docs/performance.md. Refuses a run in which something failed. EIE_PUBLISH_FROM: another folder than
# build/bench; EIE_PUBLISH_TO: another than docs.
set -euo pipefail
cd "$(dirname "$0")/.."
from=${EIE_PUBLISH_FROM:-build/bench} to=${EIE_PUBLISH_TO:-docs}

[[ $(tail -n 1 "$from/report.txt") = *' passed, 0 failed' ]] || {
  echo "publish.sh: the last line of $from/report.txt is not 'N passed, 0 failed'" >&2
  exit 1
}

columns() { # columns TABLE COLUMN ...: only these
  awk -F, -v OFS=, -v want="${*:2}" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; n = split(want, name, " ") }
    { for (i = 1; i <= n; i++) printf "%s%s", $column[name[i]], i < n ? OFS : "\n" }' "$from/csv/$1.csv"
}

cp "$from"/plots/perf-*.svg "$to/img/"
for table in layers split queue-means pes-means; do
  cp "$from/csv/$table.csv" "$to/img/perf-$table.csv"
done
# Of the single layers only what is drawn.
columns queue rows dealing series depth name cycles ratio |
  awk -F, 'NR == 1 || ($1 == "uniform" && $2 == "interleaved" && $3 == "queue")' > "$to/img/perf-queue.csv"
columns pes idx dealing pes name cycles useful entries > "$to/img/perf-pes.csv"
cp "$from/csv/index.csv" "$to/img/perf-index.csv"

# Between the markers: the section without its title, as it is.
awk -v from="$from/report" '
  /^<!-- end -->$/ { if (!inside) bad("<!-- end --> without a section"); inside = 0 }
  !inside { print }
  /^<!-- bench: [a-z_-]+ -->$/ {
    if (inside) bad("section inside a section")
    inside = 1
    file = from "/" $3 ".txt"
    print "```"
    for (n = 0; (getline line < file) > 0; n++) if (n) print line
    if (n < 2) bad(file " is missing or empty")
    print "```"
  }
  END { if (inside) bad("a section does not end"); exit failed }
  function bad(what) { failed = 1; print "publish.sh: docs/performance.md: " what > "/dev/stderr" }
' "$to/performance.md" > "$from/performance.part"
mv "$from/performance.part" "$to/performance.md"
echo "docs/performance.md and docs/img/perf-* are those of $from; look at them, then commit"
