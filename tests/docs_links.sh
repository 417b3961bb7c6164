#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every page that a source, a help text or another page points to exists; every page is in docs/README.md;
# every target that a page tells to `make` is there.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0

check() { # check SENTENCE COMMAND...
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $sentence"; fi
}

pages=$(find . -name '*.md' -not -path './build/*' -not -path './.git/*' | sed 's|^\./||' | sort)
sources=$(find bench cmodel rtl tb firmware synth vectors scripts tests Makefile .ci -type f \
  \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.sv' -o -name '*.svh' -o -name '*.mk' -o -name '*.sh' -o -name '*.cfg' \
  -o -name '*.def' -o -name Makefile -o -name run \))

# shellcheck disable=SC2086 # no file here has a space in its name
while IFS=: read -r file target; do
  check "$file names $target, which does not exist" test -e "$target"
done < <(grep -oE 'docs/[A-Za-z0-9_/-]+\.md' $sources | sort -u)

for page in $pages; do
  while read -r target; do
    check "$page links to $target, which does not exist" test -e "$(dirname "$page")/$target"
  done < <(grep -oE '\]\([^)]*\)' "$page" | sed -E 's/^\]\(//; s/[)#].*$//' | grep -vE '^(https?:|mailto:|$)' | sort -u)
  while read -r target; do
    check "$page says 'make $target', which is no target" grep -qE "^$target:" Makefile
  done < <(grep -oE '(^    |`)make [a-z]+' "$page" | sed 's/.*make //' | sort -u)
done

for page in docs/*.md; do
  [ "$page" = docs/README.md ] || check "$page is not in docs/README.md" grep -qF "($(basename "$page"))" docs/README.md
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
