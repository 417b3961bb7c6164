#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# simulation_speed.sh [ROUNDS]: how fast the Verilated array of 64 PEs is, every output and counter compared:
# as `eie sim` builds it, where clusters sleep while they have nothing to do, and with every register
# clocked in every cycle (EIE_CLOCKS=plain), which is how it was before. The two take turns; the best of
# ROUNDS (default 2) counts. Both must have simulated the same cycles. Exit status 1 when a run fails.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-2}
unset EIE_ENGINE RTL_DIR
mkdir -p build/tmp
tmp=$(cd build/tmp && mktemp -d "$PWD/speed.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}/t10k-images-idx3-ubyte.gz

simulate() { # simulate CLOCKS ARGS ...: prints the cycles and the seconds of one run
  local clocks=$1 builds=build
  shift
  if [ "$clocks" = plain ]; then builds=build/plain; fi
  EIE_CLOCKS=$clocks EIE_BUILD_DIR=$builds build/eie sim "$@" --config pe64 --json > "$tmp/json"
  sed -n -e 's/.*"simulated_cycles":[^0-9]*\([0-9]*\).*/\1/p' -e 's/^.\{0,2\}"seconds":[^0-9]*\([0-9.e-]*\).*/\1/p' "$tmp/json" | paste -sd ' '
}

contest() { # contest WORDS ARGS ...: one line of the table
  local words=$1 round clocks
  shift
  for ((round = 0; round < rounds; round++)); do
    for clocks in plain gated; do echo "$clocks $(simulate "$clocks" "$@")"; done
  done | awk -v words="$words" '
    NF != 3 || $3 <= 0 || (cycles && $2 != cycles) { bad = 1; exit }
    { cycles = $2; rate = $2 / $3; if (rate > best[$1]) best[$1] = rate }
    END {
      if (bad || !best["plain"] || !best["gated"]) { print "FAILED: " words > "/dev/stderr"; exit 1 }
      printf "%-34s %12d %16d %16d %7.2f\n", words, cycles, best["plain"], best["gated"], best["gated"] / best["plain"]
    }'
}

# All PEs busy: half of the cycles are spent on loading, reading back and inputs, half on entries.
build/eie gen --rows 2048 --cols 2048 --density 0.2 --act-density 1 --seed 1 --count 60 \
  -o "$tmp/busy.safetensors" -x "$tmp/busy.npy"
# Built before the clock runs; also the first time.
simulate plain vectors/lenet-300-100.safetensors --input "$images" --limit 1 > "$tmp/first"
simulate gated vectors/lenet-300-100.safetensors --input "$images" --limit 1 >> "$tmp/first"

printf 'pe64 in Verilator, every bit and counter compared: simulated cycles a second, best of %d rounds in turn\n' "$rounds"
printf '%-34s %12s %16s %16s %7s\n' '' cycles 'all clocked' 'clusters sleep' ratio
contest 'LeNet-300-100, 100 images' vectors/lenet-300-100.safetensors --input "$images" --limit 100
contest '2048 x 2048, 20 % dense, 60 inputs' "$tmp/busy.safetensors" --input "$tmp/busy.npy"
