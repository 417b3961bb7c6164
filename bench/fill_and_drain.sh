#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fill_and_drain.sh CONFIG PES: the JSON of `eie cycles` for a layer with one column, one activation, and one
# row and one entry in each PE. Its cycles - 2 are what filling and draining the pipeline takes of any layer.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/fill.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
build/eie gen --rows "$2" --cols 1 --density 1 --act-density 1 --seed 1 -o "$tmp/one.safetensors" -x "$tmp/one.npy"
build/eie cycles "$tmp/one.safetensors" --config "$1" --input "$tmp/one.npy" --json
