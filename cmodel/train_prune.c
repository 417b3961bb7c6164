// SPDX-License-Identifier: Apache-2.0
// Magnitude pruning. For floats that are not negative, order of value is order of bits: the threshold
// is found by bisection on the bits, without sorting and without memory.
#include "train_prune.h"

#include <math.h>
#include <string.h>

uint32_t train_prune_count(uint32_t count, double density) {
  return (uint32_t)floor(count * density + 0.5);
}

static uint32_t magnitude_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits & 0x7fffffff;
}

static uint32_t count_above(const train_layer *layer, uint32_t bits) {
  uint32_t n = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++)
    n += layer->code[i] && magnitude_bits(layer->weight[i]) > bits;
  return n;
}

void train_prune_layer(train_layer *layer, uint32_t keep) {
  if (train_layer_nnz(layer) <= keep) return;
  uint32_t low = 0, high = 0x7fffffff;  // smallest threshold with at most `keep` weights above it
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (count_above(layer, middle) <= keep)
      high = middle;
    else
      low = middle + 1;
  }
  uint32_t equal = keep - count_above(layer, low);
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) {
    uint32_t bits = magnitude_bits(layer->weight[i]);
    if (!layer->code[i] || bits > low) continue;
    if (bits == low && equal > 0) {
      equal--;
      continue;
    }
    layer->code[i] = 0;
    layer->weight[i] = 0.0f;
  }
}

double train_prune_density(double final, double progress) {
  double left = 1.0 - progress / 0.5;
  return left > 0.0 ? final + (1.0 - final) * left * left * left : final;
}
