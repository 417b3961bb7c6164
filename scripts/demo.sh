#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The demo: the committed LeNet-300-100 on the Fashion-MNIST test set. All 10,000 images through the golden
# model, then IMAGES of them (default 1000) through the Verilated array of 64 PEs, every bit of every layer
# compared. CONFIG chooses another array.
set -euo pipefail
cd "$(dirname "$0")/.."
model=vectors/lenet-300-100.safetensors
images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
input=$images/t10k-images-idx3-ubyte.gz
labels=$images/t10k-labels-idx1-ubyte.gz

printf '%s\n' 'All 10,000 test images through the golden model (C):'
build/eie run "$model" --input "$input" --labels "$labels"
printf '\n%s\n' "${IMAGES:-1000} of them through the RTL (${CONFIG:-pe64}, Verilator), every bit of every layer compared:"
build/eie sim "$model" --config "${CONFIG:-pe64}" --input "$input" --labels "$labels" --limit "${IMAGES:-1000}"
