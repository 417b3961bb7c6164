#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Trains, prunes, shares and quantises the demo's network again, into build/vectors/. The committed model is
# the authority: it is not replaced, and another machine or another BLAS may end in other bits.
set -euo pipefail
cd "$(dirname "$0")/.."
new=build/vectors/lenet-300-100.safetensors
mkdir -p build/vectors
build/eie train --seed 1 -o "$new"
if cmp -s "$new" vectors/lenet-300-100.safetensors; then
  echo "$new is the committed model, bit for bit"
else
  echo "$new differs from vectors/lenet-300-100.safetensors, which stays as it is"
fi
