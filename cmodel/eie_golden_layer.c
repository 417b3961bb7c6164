// SPDX-License-Identifier: Apache-2.0
// Natural order: a layer as the model file has it, ACC_W 32, and a whole model on one vector.
// Outputs equal those of the packed layers; only the overflow flag may differ (another order of adds).
#include <stdlib.h>
#include <string.h>

#include "eie_golden.h"

void eie_counters_add(eie_counters *sum, const eie_counters *c) {
  sum->broadcasts += c->broadcasts;
  sum->useful += c->useful;
  sum->entries += c->entries;
  sum->padding += c->padding;
  sum->clamped += c->clamped;
  sum->overflow |= c->overflow;
}

// acc += product, wrapping modulo 2^32; the value is 1 when the exact sum did not fit.
static uint32_t accumulate(int32_t *acc, int32_t product) {
  return __builtin_add_overflow(*acc, product, acc);
}

// One broadcast: the column's weights times act into acc. Long columns look products up in a table of
// the whole codebook instead of multiplying for each entry.
static uint32_t column(const eie_layer *layer, uint32_t col, int16_t act, int32_t *acc) {
  const uint32_t begin = layer->indptr[col], end = layer->indptr[col + 1];
  const uint32_t *row = layer->indices;
  const uint8_t *code = layer->codes;
  uint32_t overflow = 0;
  if (end - begin < layer->codebook_size) {
    for (uint32_t e = begin; e < end; e++)
      overflow |= accumulate(&acc[row[e]], (int32_t)layer->codebook[code[e]] * act);
    return overflow;
  }
  int32_t product[256];
  for (uint32_t k = 0; k < layer->codebook_size; k++) product[k] = (int32_t)layer->codebook[k] * act;
  for (uint32_t e = begin; e < end; e++) overflow |= accumulate(&acc[row[e]], product[code[e]]);
  return overflow;
}

void eie_golden_layer(const eie_layer *layer, const int16_t *in, int16_t *out, int32_t *acc,
                      eie_counters *c) {
  eie_counters here = {0};
  memset(acc, 0, layer->rows * sizeof *acc);
  for (uint32_t col = 0; col < layer->cols; col++) {
    if (in[col] == 0) continue;
    here.broadcasts++;
    here.useful += layer->indptr[col + 1] - layer->indptr[col];
    here.overflow |= column(layer, col, in[col], acc);
  }
  uint32_t clamped = 0;
  for (uint32_t r = 0; r < layer->rows; r++)
    out[r] = eie_write_back(acc[r], layer->bias[r], layer->shift, layer->relu, &clamped);
  here.clamped = clamped;
  here.entries = here.useful;
  if (c) eie_counters_add(c, &here);
}

eie_status eie_golden_run(const eie_model *model, const int16_t *in, int16_t *out, eie_counters *counters,
                          int16_t *const *layer_out, eie_error *err) {
  size_t widest = 1;
  for (uint32_t k = 0; k < model->n_layers; k++)
    if (model->layers[k].rows > widest) widest = model->layers[k].rows;
  int32_t *acc = malloc(widest * sizeof *acc);
  int16_t *vectors = malloc(2 * widest * sizeof *vectors);
  if (!acc || !vectors) {
    free(acc);
    free(vectors);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for a vector of %zu activations", widest);
  }
  const int16_t *from = in;
  for (uint32_t k = 0; k < model->n_layers; k++) {
    const eie_layer *layer = &model->layers[k];
    int16_t *to = k + 1 == model->n_layers ? out : vectors + (k % 2) * widest;
    eie_golden_layer(layer, from, to, acc, counters ? &counters[k] : NULL);
    if (layer_out && layer_out[k]) memcpy(layer_out[k], to, layer->rows * sizeof *to);
    from = to;
  }
  free(acc);
  free(vectors);
  return EIE_OK;
}
