// SPDX-License-Identifier: Apache-2.0
// From a network with shared weights to a compressed model in 16-bit fixed point.
#include "train_quantise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_tensor.h"

static double scaled(double x, int32_t frac) {
  return floor(ldexp(x, frac) + 0.5);
}

static double largest_word(const train_layer *layer, int32_t frac) {
  double largest = 0.0;
  for (int w = 1; w < TRAIN_WORDS; w++) {
    double word = fabs(scaled(layer->codebook[w], frac));
    largest = word > largest ? word : largest;
  }
  return largest;
}

uint64_t train_row_sum(const train_layer *layer, int32_t weight_frac) {
  double most = 0.0;
  for (uint32_t r = 0; r < layer->rows; r++) {
    double sum = 0.0;
    for (uint32_t c = 0; c < layer->cols; c++)
      sum += fabs(scaled(layer->codebook[layer->code[(size_t)r * layer->cols + c]], weight_frac));
    most = sum > most ? sum : most;
  }
  return most < 1e18 ? (uint64_t)most : UINT64_MAX;
}

int32_t train_weight_frac(const train_layer *layer) {
  int32_t fits = TRAIN_MAX_WEIGHT_FRAC;
  while (fits > EIE_MIN_FRAC && largest_word(layer, fits) > INT16_MAX) fits--;
  int32_t proven = fits;
  while (proven > EIE_MIN_FRAC && train_row_sum(layer, proven) > TRAIN_ROW_SUM_MAX) proven--;
  return largest_word(layer, proven) >= 128.0 ? proven : fits;
}

static int32_t quantise_bias(double bias, int32_t frac) {
  double b = scaled(bias, frac);
  return b > INT32_MAX ? INT32_MAX : b < INT32_MIN ? INT32_MIN : (int32_t)b;
}

// The codes of a layer, column by column.
static void fill_columns(const train_layer *from, eie_layer *to) {
  uint32_t n = 0;
  for (uint32_t c = 0; c < from->cols; c++) {
    for (uint32_t r = 0; r < from->rows; r++) {
      uint8_t code = from->code[(size_t)r * from->cols + c];
      if (!code) continue;
      to->indices[n] = r;
      to->codes[n++] = code;
    }
    to->indptr[c + 1] = n;
  }
}

static eie_status quantise_layer(const train_layer *from, const char *name, int relu, int32_t input_frac,
                                 eie_layer *to, eie_error *err) {
  to->rows = from->rows;
  to->cols = from->cols;
  to->nnz = train_layer_nnz(from);
  to->codebook_size = TRAIN_WORDS;
  to->relu = relu ? 1 : 0;
  to->weight_frac = train_weight_frac(from);
  if (to->weight_frac < 0)
    return eie_fail(err, EIE_ERR_USE, "%s: the weights are too large for 16 bits, the training diverged",
                    name);
  to->shift = (uint32_t)to->weight_frac;
  snprintf(to->name, sizeof to->name, "%s", name);
  EIE_TRY(eie_layer_alloc(to, err));
  fill_columns(from, to);
  for (int w = 1; w < TRAIN_WORDS; w++)
    if (eie_quantise(from->codebook[w], to->weight_frac, &to->codebook[w]))
      return eie_fail(err, EIE_ERR_USE, "%s: word %d of the codebook is not finite", name, w);
  for (uint32_t r = 0; r < from->rows; r++)
    to->bias[r] = quantise_bias(from->bias[r], to->weight_frac + input_frac);
  return EIE_OK;
}

eie_status train_quantise(const train_network *net, const char *const *names, eie_model *model,
                          eie_error *err) {
  eie_model made = {.input_frac = TRAIN_ACT_FRAC, .n_layers = net->n_layers};
  made.layers = calloc(net->n_layers, sizeof *made.layers);
  if (!made.layers) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a model of %u layers", net->n_layers);
  eie_status status = EIE_OK;
  for (uint32_t k = 0; k < net->n_layers && status == EIE_OK; k++)
    status = quantise_layer(&net->layers[k], names[k], k + 1 < net->n_layers, TRAIN_ACT_FRAC, &made.layers[k],
                            err);
  if (status == EIE_OK) status = eie_model_check(&made, "the trained model", err);
  if (status == EIE_OK)
    *model = made;
  else
    eie_model_free(&made);
  return status;
}

static uint32_t largest(const int16_t *row, uint32_t n) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < n; i++) best = row[i] > row[best] ? i : best;
  return best;
}

eie_status train_golden_accuracy(const eie_model *model, const train_images *images, double *accuracy,
                                 eie_counters *counters, eie_error *err) {
  uint32_t classes = model->layers[model->n_layers - 1].rows, right = 0;
  int16_t *in = malloc(images->size * sizeof *in), *out = malloc(classes * sizeof *out);
  eie_status status = EIE_OK;
  if (!in || !out) status = eie_fail(err, EIE_ERR_MEMORY, "no memory to run the golden model");
  for (uint32_t i = 0; i < images->count && status == EIE_OK; i++) {
    // pixel / 256 with 8 fraction bits is the pixel
    for (uint32_t p = 0; p < images->size; p++) in[p] = images->pixels[(size_t)i * images->size + p];
    status = eie_golden_run(model, in, out, counters, NULL, err);
    right += status == EIE_OK && largest(out, classes) == images->labels[i];
  }
  free(in);
  free(out);
  if (status == EIE_OK) *accuracy = images->count ? (double)right / images->count : 0.0;
  return status;
}
