#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# vector_sets.sh FOLDER: makes the committed vector sets again, in FOLDER: corners-tiny, corners-pe4 and
# lenet-pe16, of which vectors/ has all but its images and its inputs. vectors/sets.md says what is in them.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?which folder?}
images=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
mkdir -p "$folder"
[ -x build/corners ] || make -s build/corners
build/corners "$folder"
for name in tiny pe4; do
  build/eie vectors "$folder/corners-$name.safetensors" --config $name --input "$folder/corners-$name.npy" -o "$folder/corners-$name"
done
build/eie vectors vectors/lenet-300-100.safetensors --config pe16 --input "$images" --limit 10 -o "$folder/lenet-pe16"
