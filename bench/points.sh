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

# The same on the timing model: every number must be equal.
points_model() {
  local kind seed
  for kind in uniform uneven; do for seed in $(seeds); do
    bench model "rows=$kind,seed=$seed" --engine model --seed "$seed" $(rows $kind)
  done; done
}

# The paper's figure 8: the queue between activations and arithmetic.
points_queue() {
  local kind dealing depth
  for kind in uniform uneven; do for dealing in interleaved balanced; do for depth in 2 4 8 16 32 64 128 256; do
    bench queue "rows=$kind,dealing=$dealing,depth=$depth" --engine model --dealing $dealing \
      --set "QUEUE_DEPTH=$depth" $(rows $kind)
  done; done; done
}

# The small queue in front of the pointer read. The last ones have the paper's arrangement: the long queue
# in front, 4 places behind.
points_act_queue() {
  local kind depth
  for kind in uniform uneven; do
    for depth in 2 4 8 12 16 17 18 19 24 32 48 64; do
      bench act_queue "rows=$kind,behind=32,depth=$depth" --engine model \
        --set "ACT_QUEUE_DEPTH=$depth" --set QUEUE_DEPTH=32 $(rows $kind)
    done
    for depth in 17 19 24 32 48 64; do
      bench act_queue "rows=$kind,behind=4,depth=$depth" --engine model \
        --set "ACT_QUEUE_DEPTH=$depth" --set QUEUE_DEPTH=4 $(rows $kind)
    done
  done
}

# The paper's figures 11 to 13: speedup, padding and load balance from 1 to 256 PEs, each layer in one pass.
points_pes() {
  local pes idx dealing
  for idx in 4 6; do for dealing in interleaved balanced; do for pes in 1 2 4 8 16 32 64 128 256; do
    bench pes "idx=$idx,dealing=$dealing,pes=$pes" --engine model --one-pass --dealing $dealing \
      --set "N_PE=$pes" --set "IDX_W=$idx" --set "ACT_QUEUE_DEPTH=$((pes > 64 ? 21 : 19))"
  done; done; done
}

# How rows are dealt to the PEs, over the seeds. (balanced is `model`.)
points_dealing() {
  local kind seed
  for kind in uniform uneven; do for seed in $(seeds); do
    bench dealing "rows=$kind,dealing=interleaved,seed=$seed" --engine model --dealing interleaved \
      --seed "$seed" $(rows $kind)
  done; done
}

# The committed network on 1,000 test images: real weights and activations.
points_network() {
  local pes dealing images=${EIE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
  for dealing in interleaved balanced; do for pes in 1 4 16 64 256; do
    echo "network dealing=$dealing,pes=$pes build/eie cycles vectors/lenet-300-100.safetensors --config pe$pes --json" \
      "--input $images/t10k-images-idx3-ubyte.gz --limit 1000 --dealing $dealing"
  done; done
}

# Bits of a run against padding and storage.
points_index() {
  local width
  for width in 2 3 4 5 6 7 8; do echo "index width=$width build/bench/index_width $width"; done
}

# What a layer of one entry a PE and one row a PE takes: filling and draining the pipeline.
points_fill() { echo "fill pes=64 bench/fill_and_drain.sh pe64 64"; }

for figure in ${*:-rtl model queue act_queue pes dealing network index fill}; do
  declare -F "points_$figure" > /dev/null || {
    echo "points.sh: no figure '$figure'" >&2
    exit 2
  }
  "points_$figure"
done
