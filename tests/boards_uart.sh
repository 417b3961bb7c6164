#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every board of synth/boards/ that has a top and pins runs the demo network through its UART pins: its own top,
# Verilated with models of the vendor's cells, behind a pseudo-terminal; IMAGES (2) images of Fashion-MNIST, every
# bit, counter and cycle compared, as on a real port (docs/host-link.md). BOARDS picks some by name.
set -uo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}/t10k-images-idx3-ubyte.gz
passed=0 failed=0

run() { # run BOARD: eie sim on it; what is wrong is told
  local path out
  make -s -f tb/board.mk NAME="$1" || { echo "its top did not build"; return 1; }
  coproc simulated { exec build/tests/board_sim "build/board/$1/libboard.so"; }
  local pid=$simulated_PID leash=${simulated[1]}
  read -r -t 60 path <& "${simulated[0]}" || { echo "its simulation did not start"; return 1; }
  out=$(timeout 900 build/eie sim vectors/lenet-300-100.safetensors --config "$1" --input "$images" \
    --limit "${IMAGES:-2}" --engine "uart:$path" 2>&1)
  local status=$?
  exec {leash}>&-
  wait "$pid" 2> /dev/null
  printf '%s\n' "$out" | grep -E 'no bit differs|Timing model|^link:|eie sim:'
  [ $status = 0 ] && [[ $out == *"no bit differs"* ]] && [[ $out == *"Timing model: equal in"* ]]
}

make -s build/eie build/tests/board_sim || exit 1
for folder in synth/boards/*/; do
  board=$(basename "$folder")
  [ -e "$folder/top.sv" ] && compgen -G "$folder/pins.*" > /dev/null || continue
  [[ " ${BOARDS:-$board} " == *" $board "* ]] || continue
  echo "$board:"
  if run "$board"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $board"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
