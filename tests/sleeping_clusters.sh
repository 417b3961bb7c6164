#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Clusters that sleep (EIE_CLOCKS=gated) and registers that are clocked in every cycle (plain) are one
# machine: every report of `eie sim` is the same word by word, cycles of bus and program included. Wake logic
# that forgets an event, or sleeps too early, is noticed.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(cd build/tmp && mktemp -d "$PWD/sleep.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}/t10k-images-idx3-ubyte.gz
unset EIE_ENGINE EIE_BUILD_DIR RTL_DIR

check() { # check NAME COMMAND ...: the command says whether the promise holds
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1)) && echo "ok: $name"
  else
    failed=$((failed + 1)) && echo "FAILED: $name"
  fi
}

simulate() { # simulate CLOCKS OUT ARGS ...: the report without what the machine's speed decides
  local clocks=$1 out=$2 builds=build
  shift 2
  if [ "$clocks" = gated ]; then builds=build/clocks; fi
  EIE_CLOCKS=$clocks EIE_BUILD_DIR=$builds build/eie sim "$@" --divergence "$tmp/divergence" --json 2> "$tmp/log" > "$tmp/json" \
    || { tail -n 3 "$tmp/log"; return 1; }
  grep -v '"seconds"' "$tmp/json" > "$out"
}

same() { # same ARGS ...: both clocks give one report, and it counts cycles
  simulate plain "$tmp/plain" "$@" && simulate gated "$tmp/gated" "$@" \
    && grep -q '"simulated_cycles":.[1-9]' "$tmp/plain" && diff "$tmp/plain" "$tmp/gated"
}

build/eie gen --rows 600 --cols 500 --density 0.1 --act-density 0.4 --uneven 0.8 --seed 3 --count 4 --relu \
  -o "$tmp/uneven.safetensors" -x "$tmp/uneven.npy"
lenet=(vectors/lenet-300-100.safetensors --input "$images" --limit 20)
uneven=("$tmp/uneven.safetensors" --input "$tmp/uneven.npy")

check "two clusters: a network of three layers" same "${lenet[@]}" --config pe16
check "two clusters: queues that fill, random delays on the bus" same "${uneven[@]}" --config pe16 --stalls 5

differs() { # differs SED_PROGRAM FILE: the RTL with that change, gated, no longer gives the same report
  rm -rf "$tmp/rtl" && cp -r rtl "$tmp/rtl" && sed -i "$1" "$tmp/rtl/$2"
  if cmp -s "rtl/$2" "$tmp/rtl/$2"; then echo "nothing to change in $2" && return 1; fi
  simulate plain "$tmp/plain" "${lenet[@]}" --config pe16 || return 1
  ! { RTL_DIR=$tmp/rtl simulate gated "$tmp/gated" "${lenet[@]}" --config pe16 && cmp -s "$tmp/plain" "$tmp/gated"; }
}
check "an event that wakes nobody is noticed" differs 's/= flush_i || col_valid_i/= flush_i/' eie_array.sv
check "a cluster that sleeps before it has answered is noticed" differs 's/HostTail = 8/HostTail = 2/' eie_wake.sv

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
