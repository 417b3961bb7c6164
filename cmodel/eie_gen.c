// SPDX-License-Identifier: Apache-2.0
// Synthetic layers. Reals use only operations that IEEE 754 rounds exactly, so no machine differs.
#include "eie_gen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  WEIGHT_FRAC = 14,
  INPUT_FRAC = 8,
  WEIGHT_DEVIATION = 1 << 10,
  BIAS_DEVIATION = 1 << 16,
  LARGEST_ACT = 1023
};

static const uint64_t most_places = (uint64_t)1 << 31;
static const uint64_t activation_stream = 0x6163746976617465u;  // keeps the two streams apart

static eie_status check_options(const eie_gen_options *o, eie_error *err) {
  int real_ok = o->density >= 0 && o->density <= 1 && o->act_density >= 0 && o->act_density <= 1 &&
                o->uneven >= 0 && o->uneven <= 2;
  if (!real_ok) return eie_fail(err, EIE_ERR_USE, "densities must be 0 to 1 and the unevenness 0 to 2");
  if (o->rows < 1 || o->cols < 1 || (uint64_t)o->rows * o->cols > most_places)
    return eie_fail(err, EIE_ERR_USE, "%u rows x %u columns: a generated layer has 1 to 2^31 places", o->rows,
                    o->cols);
  return EIE_OK;
}

// e^x for |x| <= 16 by its series on x / 64, squared six times.
static double exponential(double x) {
  double y = x / 64, term = 1, sum = 1;
  for (int i = 1; i < 16; i++) {
    term = term * y / i;
    sum += term;
  }
  for (int i = 0; i < 6; i++) sum *= sum;
  return sum;
}

// Scales the rows' densities to the mean that was asked for; rows at 1 stay there and the others take
// what they cannot.
static void normalise(double *p, uint32_t rows, double density) {
  for (int round = 0; round < 64; round++) {
    double sum = 0;
    uint32_t full = 0;
    for (uint32_t r = 0; r < rows; r++) {
      full += p[r] >= 1;
      if (p[r] < 1) sum += p[r];
    }
    double left = density * rows - full;
    if (sum <= 0 || left <= 0) return;
    int cut = 0;
    for (uint32_t r = 0; r < rows; r++) {
      if (p[r] >= 1) continue;
      p[r] *= left / sum;
      if (p[r] >= 1) p[r] = 1, cut = 1;
    }
    if (!cut) return;
  }
}

// The threshold of each row: a 53-bit draw below it is a weight.
static uint64_t *row_thresholds(const eie_gen_options *o, eie_random *random) {
  double *p = malloc(o->rows * sizeof *p);
  uint64_t *threshold = malloc(o->rows * sizeof *threshold);
  if (p && threshold) {
    for (uint32_t r = 0; r < o->rows; r++) {
      double normal = eie_random_normal(random);
      p[r] = o->uneven > 0 ? 1e-6 * exponential(o->uneven * normal) : o->density;
    }
    if (o->uneven > 0) normalise(p, o->rows, o->density);
    for (uint32_t r = 0; r < o->rows; r++) threshold[r] = (uint64_t)(p[r] * 0x1p53);
  } else {
    free(threshold);
    threshold = NULL;
  }
  free(p);
  return threshold;
}

// Walks the places column by column. With `fill`, stores; without, only counts. Returns the weights.
static uint32_t place_weights(const uint64_t *threshold, eie_random random, eie_layer *l, int fill) {
  uint32_t n = 0;
  for (uint32_t c = 0; c < l->cols; c++) {
    for (uint32_t r = 0; r < l->rows; r++) {
      if (eie_random_next(&random) >> 11 >= threshold[r]) continue;
      if (fill) l->indices[n] = r;
      n++;
    }
    if (fill) l->indptr[c + 1] = n;
  }
  return n;
}

// Shared weights in pairs w, -w, and a small odd one: activations are never negative, so that a mean
// away from 0 would give every output the same sign.
static void fill_codebook(eie_layer *l, eie_random *random) {
  for (uint32_t i = 1; i + 1 < l->codebook_size; i += 2) {
    l->codebook[i] = (int16_t)(1 + floor(fabs(eie_random_normal(random)) * WEIGHT_DEVIATION));
    l->codebook[i + 1] = (int16_t)-l->codebook[i];
  }
  l->codebook[l->codebook_size - 1] = (int16_t)(1 + eie_random_below(random, WEIGHT_DEVIATION / 16));
}

static void fill_values(eie_layer *l, eie_random *random) {
  fill_codebook(l, random);
  for (uint32_t r = 0; r < l->rows; r++)
    l->bias[r] = (int32_t)floor(eie_random_normal(random) * BIAS_DEVIATION + 0.5);
  for (uint32_t i = 0; i < l->nnz; i++)
    l->codes[i] = (uint8_t)(1 + eie_random_below(random, l->codebook_size - 1));
}

static eie_status gen_layer(const eie_gen_options *o, eie_layer *l, eie_error *err) {
  eie_random random;
  eie_random_seed(&random, o->seed);
  uint64_t *threshold = row_thresholds(o, &random);
  if (!threshold) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for %u rows", o->rows);
  l->nnz = place_weights(threshold, random, l, 0);
  eie_status status = eie_layer_alloc(l, err);
  if (status == EIE_OK) {
    place_weights(threshold, random, l, 1);
    eie_random_next(&random);  // the values come from another state than the places
    eie_random_seed(&random, eie_random_next(&random));
    fill_values(l, &random);
  }
  free(threshold);
  return status;
}

eie_status eie_gen_model(const eie_gen_options *options, eie_model *model, eie_error *err) {
  EIE_TRY(check_options(options, err));
  eie_model made = {.input_frac = INPUT_FRAC, .n_layers = 1, .layers = calloc(1, sizeof *made.layers)};
  if (!made.layers) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for a model");
  made.layers[0] = (eie_layer){.name = "layer0",
                               .rows = options->rows,
                               .cols = options->cols,
                               .shift = options->shift,
                               .relu = options->relu,
                               .weight_frac = WEIGHT_FRAC,
                               .codebook_size = options->codebook_size};
  eie_status status = gen_layer(options, &made.layers[0], err);
  if (status != EIE_OK) {
    eie_model_free(&made);
    return status;
  }
  *model = made;
  return EIE_OK;
}

eie_status eie_gen_activations(const eie_gen_options *options, eie_activations *acts, eie_error *err) {
  EIE_TRY(check_options(options, err));
  uint64_t n = (uint64_t)options->count * options->cols;
  if (n == 0 || n > most_places)
    return eie_fail(err, EIE_ERR_USE, "%u inputs of %u activations: 1 to 2^31 activations can be generated",
                    options->count, options->cols);
  int16_t *data = malloc(n * sizeof *data);
  if (!data) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for %u inputs", options->count);
  eie_random random;
  eie_random_seed(&random, options->seed ^ activation_stream);
  uint64_t threshold = (uint64_t)(options->act_density * 0x1p53);
  for (uint64_t i = 0; i < n; i++) {
    int there = eie_random_next(&random) >> 11 < threshold;
    data[i] = there ? (int16_t)(1 + eie_random_below(&random, LARGEST_ACT)) : 0;
  }
  *acts = (eie_activations){.count = options->count, .cols = options->cols, .data = data};
  return EIE_OK;
}
