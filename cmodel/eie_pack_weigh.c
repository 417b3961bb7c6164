// SPDX-License-Identifier: Apache-2.0
// Weights of columns from measured activation densities. Whole numbers, so that a dealing is the same on
// every machine.
#include <stdlib.h>

#include "eie_pack_deal.h"

enum { UNIT = 16, MOST = 4095 };  // weight of an average column and of any

void eie_weights_free(eie_weights *weights) {
  free(weights->column);
  weights->column = NULL;
}

static uint64_t sum_seen(const eie_layer *layer, const uint32_t *seen, int *alike) {
  uint64_t sum = 0;
  *alike = 1;
  for (uint32_t c = 0; c < layer->cols; c++) {
    sum += seen[c];
    *alike &= seen[c] == seen[0];
  }
  return sum;
}

// unit * density / average density, rounded, at most `most`. The value is what all entries weigh together.
static uint64_t weigh(const eie_layer *layer, const uint32_t *seen, uint64_t sum, uint32_t unit,
                      uint32_t most, uint32_t *weight) {
  uint64_t total = 0;
  for (uint32_t c = 0; c < layer->cols; c++) {
    const uint64_t w = ((uint64_t)seen[c] * layer->cols * unit + sum / 2) / sum;
    weight[c] = w < most ? (uint32_t)w : most;
    total += (uint64_t)weight[c] * (layer->indptr[c + 1] - layer->indptr[c]);
  }
  return total;
}

eie_status eie_pack_weigh(const eie_layer *layer, const uint32_t *seen, eie_weights *weights,
                          eie_error *err) {
  int alike = 1;
  const uint64_t sum = seen ? sum_seen(layer, seen, &alike) : 0;
  uint32_t *weight = malloc(layer->cols * sizeof *weight), unit = 1;
  if (!weight) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the weights of %u columns", layer->cols);
  for (uint32_t c = 0; c < layer->cols; c++) weight[c] = 1;
  if (!alike) {
    unit = UNIT;
    while (weigh(layer, seen, sum, unit, MOST, weight) > EIE_MOST_WEIGHT && unit > 1) unit /= 2;
    if (weigh(layer, seen, sum, unit, MOST, weight) > EIE_MOST_WEIGHT)
      weigh(layer, seen, sum, unit, 1, weight);
  }
  *weights = (eie_weights){weight, unit};
  return EIE_OK;
}
