#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Waves: the pictures of docs/waves.md are those that the RTL makes today; every signal of a save file is in its wave file;
# a window has the cycles that were asked for; bad windows are refused.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
work=build/tmp/waves
rm -rf "$work"
mkdir -p "$work"

check() { # check NAME COMMAND...
  if "${@:2}" > "$work/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/     /' "$work/log"
  fi
}

refused() { # refused WORD COMMAND...: exit 2 and a sentence with WORD
  "${@:2}" > "$work/out" 2>&1
  [ $? = 2 ] && grep -q -- "$1" "$work/out"
}

check "pictures are made and save files name signals of the trace" scripts/waves.sh "$work"
for picture in "$work"/wave-*.svg; do
  check "$(basename "$picture") is current (make waves)" cmp "$picture" "docs/img/$(basename "$picture")"
done
check "there are four pictures" test "$(ls "$work"/wave-*.svg | wc -l)" = 4

sim=(build/eie sim build/waves/bypass.safetensors --config pe4 --input build/waves/bypass.npy)
sed 's/sum8_q/sum9_x/' build/waves/bypass.gtkw > "$work/spoilt.gtkw"
spoilt_is_seen() { ! build/waves/wave_svg --check build/waves/bypass.fst "$work/spoilt.gtkw"; }
check "a signal that the trace has not is seen" spoilt_is_seen

window() { "${sim[@]}" --wave "$work/window.fst" --from 700 --to 760 && [ "$(build/waves/wave_svg --span "$work/window.fst")" = "700 760" ]; }
check "a window has its cycles" window
from_on() { "${sim[@]}" --wave "$work/on.fst" --from 700 && [[ $(build/waves/wave_svg --span "$work/on.fst") == "700 "* ]]; }
check "without --to the window goes to the end" from_on
check "a window wants a wave file" refused "go with --wave" "${sim[@]}" --from 7
check "a window that ends before it begins is refused" refused "lies before" "${sim[@]}" --wave "$work/x.fst" --from 9 --to 8
check "lock-step wants the RTL" refused "has none" "${sim[@]}" --engine model --lockstep
check "waves and lock-step go together" "${sim[@]}" --lockstep --wave "$work/both.fst"

# Lock-step off costs nothing: the fast build is made without the list of probes.
commands() { make -n -B -f tb/verilator.mk NAME=pe4 VARIANT="$1" EIE_RTL_LOCKED=1 "build/rtl/pe4$2/libeie_rtl.so"; }
only_watch_has_probes() { [ "$(commands fast '' | grep -c probes)" = 0 ] && [ "$(commands watch -watch | grep -c probes)" -gt 0 ]; }
check "the fast build has no probes" only_watch_has_probes

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
