#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Peak memory and time of each command on the largest of the nine layers (VGG-6, 4.1 million weights), and the
# time to pack Alex-6. Prints CSV: command, seconds, MiB. Exit status 1 when a command fails.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/memory.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
failed=0
measure() { build/bench/peak_memory "$@" || failed=1; }

echo command,seconds,mib
vgg6=$tmp/vgg6.safetensors x=$tmp/vgg6.npy
measure "eie gen VGG-6" build/eie gen --rows 4096 --cols 25088 --density 0.04 --act-density 0.183 --seed 1 \
  --relu -o "$vgg6" -x "$x"
measure "eie info VGG-6" build/eie info "$vgg6"
measure "eie pack VGG-6" build/eie pack "$vgg6" --config pe64 -o "$tmp/packed"
measure "eie run VGG-6" build/eie run "$vgg6" --input "$x"
measure "eie cycles VGG-6" build/eie cycles "$vgg6" --config pe64 --input "$x"
measure "eie cycles packed VGG-6" build/eie cycles "$tmp/packed" --input "$x"
measure "eie bench nine layers" build/eie bench
measure "eie bench VGG-6 on RTL" build/eie bench --engine verilator --layer VGG-6
rm -rf "$tmp/packed"
alex6=$tmp/alex6.safetensors
measure "eie gen Alex-6" build/eie gen --rows 4096 --cols 9216 --density 0.09 --act-density 0.351 --seed 1 \
  --relu -o "$alex6" -x "$x"
measure "eie pack Alex-6" build/eie pack "$alex6" --config pe64
measure "eie pack Alex-6 to files" build/eie pack "$alex6" --config pe64 -o "$tmp/packed"
exit $failed
