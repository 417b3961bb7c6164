#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Prints the points of the sweeps: one independent command a line, in any order, on any machine.
#
#   FIGURE KEY=VALUE[,KEY=VALUE...] COMMAND ARGUMENT ...
#
# FIGURE and the keys name the result (FIGURE.KEYS.json) and become the first columns of FIGURE.csv. The
# command prints one JSON object. No quoting: words are what stands between spaces. `points.sh FIGURE ...`
# prints only these figures.
set -euo pipefail

rows() { # rows KIND: the option that makes them
  [ "$1" = uniform ] || echo --uneven 0.4
}

# EIE_BENCH_SEEDS: how many seeds the tables have (default 5; the targets are means of 5).
seeds() { seq "${EIE_BENCH_SEEDS:-5}"; }

bench() { # bench FIGURE KEYS OPTION ...
  local figure=$1 keys=$2
  shift 2
  echo "$figure $keys build/eie bench --config pe64 --json $*"
}

# The table of the nine layers on the RTL, longest first so that the two cores end together.
points_rtl() {
  local kind seed
  for kind in uniform uneven; do for seed in $(seeds); do
    bench rtl "rows=$kind,seed=$seed" --engine verilator --seed "$seed" $(rows $kind)
  done; done
}

# The same on the timing model, for the first seed: every number must be equal. (--engine verilator compares all
# counters itself, for all seeds.)
points_model() {
  local kind
  for kind in uniform uneven; do bench model "rows=$kind,seed=1" --engine model --seed 1 $(rows $kind); done
}

# The paper's figure 8: the queues between activations and arithmetic.
points_queue() {
  local kind dealing
  for kind in uniform uneven; do for dealing in balanced interleaved; do
    echo "queue rows=$kind,dealing=$dealing build/bench/queue_depths $kind $dealing"
  done; done
}

# The paper's figures 11 to 13: speedup, padding and load balance from 1 to 256 PEs, each layer in one pass.
points_pes() {
  local pes kind
  for kind in 6,balanced 6,interleaved 4,interleaved; do for pes in 1 2 4 8 16 32 64 128 256; do
    bench pes "idx=${kind%,*},dealing=${kind#*,},pes=$pes" --engine model --one-pass --dealing "${kind#*,}" \
      --set "N_PE=$pes" --set "IDX_W=${kind%,*}" --set "ACT_QUEUE_DEPTH=$((pes > 64 ? 21 : 19))"
  done; done
}

# How rows are dealt to the PEs, over the seeds. (balanced is `rtl`.)
points_dealing() {
  local kind seed
  for kind in uniform uneven; do for seed in $(seeds); do
    bench dealing "rows=$kind,dealing=interleaved,seed=$seed" --engine model --dealing interleaved \
      --seed "$seed" $(rows $kind)
  done; done
}

# The committed network on 1,000 test images: real weights and activations. Calibrated with the training images.
points_network() {
  local pes how images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
  for how in interleaved balanced calibrated; do for pes in 1 4 16 64 256; do
    echo "network dealing=$how,pes=$pes build/eie cycles vectors/lenet-300-100.safetensors --config pe$pes --json" \
      "--input $images/t10k-images-idx3-ubyte.gz --limit 1000" \
      "$([ $how = calibrated ] && echo "--calibrate $images/train-images-idx3-ubyte.gz" || echo "--dealing $how")"
  done; done
}

# Bits of a run against padding and storage.
points_index() {
  local width
  for width in 2 3 4 5 6 7 8; do echo "index width=$width build/bench/index_width $width"; done
}

# What a layer of one entry a PE and one row a PE takes: filling and draining the pipeline.
points_fill() { echo "fill pes=64 bench/fill_and_drain.sh pe64 64"; }

for figure in ${*:-rtl model queue pes dealing network index fill}; do
  declare -F "points_$figure" > /dev/null || {
    echo "points.sh: no figure '$figure'" >&2
    exit 2
  }
  "points_$figure"
done
