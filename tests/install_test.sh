#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The installation of packages, with an apt, a dpkg and a sudo that only write down what they were asked.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(cd build/tmp && mktemp -d "$PWD/install.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
export EIE_PACKAGES=$tmp/packages.txt EIE_PACKAGES_LOG=$tmp/log CALLS=$tmp/calls

# A machine with nothing but what the script itself may count on, and the three pretended programs.
mkdir "$tmp/bin"
for tool in bash sh awk sort comm env cat mkdir rm tail dirname cc; do ln -s "$(command -v $tool)" "$tmp/bin/$tool"; done
fake() { # fake NAME: a program from stdin
  { echo '#!/bin/bash'; cat; } > "$tmp/bin/$1"
  chmod +x "$tmp/bin/$1"
}
fake id <<< 'echo "${FAKE_UID:-0}"'
fake dpkg-query <<< 'for p in $FAKE_INSTALLED; do echo "$p installed"; done; for p in $FAKE_REMOVED; do echo "$p config-files"; done; exit 1'
fake apt-get <<'SH'
echo "apt-get $*" >> "$CALLS"
[[ $DEBIAN_FRONTEND = noninteractive ]] || echo "asks questions" >> "$CALLS"
if [[ $* = *' install '* ]]; then
  echo "words of apt"
  echo "pmstatus:one:50.0:Installing one" >&3
  exit "${FAKE_APT:-0}"
fi
SH
printf '%s\n' '# comment' 'one  tool-one  reason' 'two  <stddef.h>  reason' 'three  /etc/passwd  reason' > "$EIE_PACKAGES"

run() { # run [VARIABLE=VALUE ...]: the script on that machine
  rm -f "$CALLS" "$EIE_PACKAGES_LOG"
  output=$(env PATH="$tmp/bin" "$@" scripts/install_packages.sh 2>&1 < /dev/null)
  status=$?
  calls=$(cat "$CALLS" 2> /dev/null)
}

check() { # check SENTENCE CONDITION...: the rest is a command
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED: %s\n  status %s\n  output %s\n  calls %s\n' "$sentence" "$status" "$output" "$calls"
  fi
}
has() { [[ $1 = *"$2"* ]]; }
lacks() { [[ $1 != *"$2"* ]]; }

run FAKE_INSTALLED="one two three"
check "nothing missing: success" [ $status = 0 ]
check "nothing missing: not a word" [ -z "$output" ]
check "nothing missing: apt is not asked" [ -z "$calls" ]

run FAKE_INSTALLED="two" FAKE_REMOVED="three"
check "missing: success" [ $status = 0 ]
check "missing: lists are updated first" has "$(head -n 1 <<< "$calls")" update
check "missing: exactly the missing ones, without recommendations" has "$calls" "install --no-install-recommends one three"
check "missing: no questions" lacks "$calls" "asks questions"
check "missing: progress is shown" has "$output" "installed 50 %"
check "missing: apt's words are in the log, not on the screen" lacks "$output" "words of apt"
check "missing: apt's words are in the log" grep -q "words of apt" "$EIE_PACKAGES_LOG"

run FAKE_INSTALLED="one two" FAKE_APT=100
check "apt fails, the tool is there: goes on" [ $status = 0 ]
check "apt fails, the tool is there: says so" has "$output" "going on"

run FAKE_INSTALLED="two three" FAKE_APT=100
check "apt fails, the tool is not there: failure" [ $status = 1 ]
check "apt fails, the tool is not there: named" has "$output" "could not be installed: one"
check "apt fails, the tool is not there: what to do" has "$output" "apt-get install --no-install-recommends one"

run FAKE_INSTALLED="two three" FAKE_UID=1000
check "neither root nor sudo: failure" [ $status = 1 ]
check "neither root nor sudo: apt is not asked" [ -z "$calls" ]

run FAKE_INSTALLED="one two" EIE_INSTALL=no
check "EIE_INSTALL=no: success without a word when the tool is there" [ "$status$output$calls" = 0 ]

# sudo closes what is above standard error, and asks no password without a terminal.
fake sudo <<'SH'
echo "sudo $1" >> "$CALLS"
[ "$1" != -n ] || shift
exec 3>&- && exec "$@"
SH
run FAKE_INSTALLED="two three" FAKE_UID=1000
check "sudo: success" [ $status = 0 ]
check "sudo: not interactive" has "$calls" "sudo -n"
check "sudo: installs" has "$calls" "install --no-install-recommends one"
check "sudo: progress is shown" has "$output" "installed 50 %"

rm "$tmp/bin/dpkg-query" "$tmp/bin/apt-get"
run
check "no Debian, a tool is missing: failure" [ $status = 1 ]
check "no Debian: only what is not found is named" has "$output" "could not be installed: one"$'\n'
printf 'two  <stddef.h>  reason\nthree  /etc/passwd  reason\n' > "$EIE_PACKAGES"
run
check "no Debian, all tools are there: success without a word" [ "$status$output" = 0 ]
printf 'two  <no_such_header.h>  reason\n' > "$EIE_PACKAGES"
run
check "no Debian, a header is missing: failure" [ $status = 1 ]

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
