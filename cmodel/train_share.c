// SPDX-License-Identifier: Apache-2.0
// Weight sharing by k-means.
#include "train_share.h"

#include <string.h>

static uint8_t nearest(const float *codebook, uint32_t words, float x) {
  uint8_t best = 1;
  for (uint32_t w = 2; w <= words; w++) {
    // The words ascend: the next one wins when x lies beyond the middle.
    if ((double)x - codebook[best] <= (double)codebook[w] - x) break;
    best = (uint8_t)w;
  }
  return best;
}

static uint32_t assign(train_layer *layer, uint32_t words) {
  uint32_t changed = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) {
    if (!layer->code[i]) continue;
    uint8_t code = nearest(layer->codebook, words, layer->weight[i]);
    changed += code != layer->code[i];
    layer->code[i] = code;
  }
  return changed;
}

// A word that no weight is nearest to stays where it is.
static void move_to_means(train_layer *layer, uint32_t words) {
  double sum[TRAIN_WORDS] = {0};
  uint32_t count[TRAIN_WORDS] = {0};
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) {
    sum[layer->code[i]] += (double)layer->weight[i];
    count[layer->code[i]]++;
  }
  for (uint32_t w = 1; w <= words; w++)
    if (count[w]) layer->codebook[w] = (float)(sum[w] / count[w]);
}

static void spread_words(train_layer *layer, uint32_t words) {
  float low = 0.0f, high = 0.0f;
  int seen = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) {
    if (!layer->code[i]) continue;
    float x = layer->weight[i];
    if (!seen || x < low) low = x;
    if (!seen || x > high) high = x;
    seen = 1;
  }
  memset(layer->codebook, 0, sizeof layer->codebook);
  for (uint32_t w = 1; w <= words; w++)
    layer->codebook[w] = words == 1 ? low : low + (high - low) * (float)(w - 1) / (float)(words - 1);
}

void train_share_layer(train_layer *layer, uint32_t words) {
  spread_words(layer, words);
  assign(layer, words);
  for (int round = 0; round < 1000; round++) {
    move_to_means(layer, words);
    if (!assign(layer, words)) break;
  }
  train_share_apply(layer);
}

void train_share_gradient(const train_layer *layer, float grad[TRAIN_WORDS]) {
  double sum[TRAIN_WORDS] = {0};
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++)
    sum[layer->code[i]] += (double)layer->weight_grad[i];
  grad[0] = 0.0f;
  for (int w = 1; w < TRAIN_WORDS; w++) grad[w] = (float)sum[w];
}

void train_share_apply(train_layer *layer) {
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++)
    layer->weight[i] = layer->codebook[layer->code[i]];
}

uint32_t train_share_used(const train_layer *layer) {
  uint8_t seen[TRAIN_WORDS] = {0};
  uint32_t used = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) seen[layer->code[i]] = 1;
  for (int w = 1; w < TRAIN_WORDS; w++) used += seen[w];
  return used;
}
