// SPDX-License-Identifier: Apache-2.0
// Random models: each layer draws a density and the corners it has, then columns are filled in order.
#include "random_model.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WEIGHTS = 12000, MOST_LAYERS = 4, MOST_DIM = 700 };

// The plan of one layer before it has contents.
typedef struct {
  uint32_t rows, cols;
  double density;
  int empty_columns, empty_rows, full_row, extremes;
  uint32_t codes;  // codes 1 .. codes - 1 are used
} layer_plan;

static int chance(eie_random *rng, uint32_t percent) {
  return eie_random_below(rng, 100) < percent;
}

static uint32_t between(eie_random *rng, uint32_t lo, uint32_t hi) {
  return lo + eie_random_below(rng, hi - lo + 1);
}

static uint32_t at_most(uint64_t x, uint32_t limit) {
  return x < 1 ? 1 : x > limit ? limit : (uint32_t)x;
}

// Half of the layers are small, the others go past what one tile holds.
static uint32_t draw_dim(eie_random *rng, uint64_t one_tile) {
  uint32_t small = at_most(one_tile, MOST_DIM), large = at_most(one_tile * 5 / 2 + 3, MOST_DIM);
  return between(rng, 1, chance(rng, 50) ? small : large);
}

static void draw_plan(eie_random *rng, const eie_config *c, uint32_t cols, layer_plan *p,
                      random_model_census *n) {
  static const double densities[] = {0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0};
  p->cols = cols;
  p->rows = draw_dim(rng, (uint64_t)c->rows * c->n_pe);
  p->density = densities[eie_random_below(rng, 7)];
  double most = (double)MOST_WEIGHTS / ((double)p->rows * p->cols);
  if (p->density > most) p->density = most;
  p->empty_columns = chance(rng, 30);
  p->empty_rows = chance(rng, 30);
  p->full_row = chance(rng, 25);
  p->extremes = chance(rng, 30);
  p->codes = chance(rng, 25) ? 2 : c->code_w == 8 && chance(rng, 70) ? 256 : 16;
  n->layers++;
  n->empty_columns += p->empty_columns;
  n->empty_rows += p->empty_rows;
  n->full_rows += p->full_row;
  n->extremes += p->extremes;
}

static int weight_here(eie_random *rng, const layer_plan *p, uint32_t row, uint32_t col, uint32_t full_row) {
  if (p->full_row && row == full_row) return 1;
  if (p->empty_columns && col % 16 >= 4 && col % 16 < 11) return 0;  // seven empty columns side by side
  if (p->empty_rows && row % 5 == 2) return 0;
  return eie_random_unit(rng) < p->density;
}

// Two passes over the same random numbers: the first counts, the second stores.
static uint32_t place_weights(eie_random *rng, const layer_plan *p, uint32_t full_row, eie_layer *l) {
  uint32_t nnz = 0;
  for (uint32_t col = 0; col < p->cols; col++) {
    for (uint32_t row = 0; row < p->rows; row++) {
      if (!weight_here(rng, p, row, col, full_row)) continue;
      if (l) {
        l->indices[nnz] = row;
        l->codes[nnz] = (uint8_t)(1 + nnz * 7u % (p->codes - 1));
      }
      nnz++;
    }
    if (l) l->indptr[col + 1] = nnz;
  }
  return nnz;
}

static void fill_numbers(eie_random *rng, const layer_plan *p, eie_layer *l, random_model_census *n) {
  static const int16_t corners[] = {-32768, 32767, 1, -1, 0, 16384, -16384, 32766};
  const int32_t spread = 1 << between(rng, 4, 15);
  for (uint32_t k = 1; k < l->codebook_size; k++)
    l->codebook[k] = p->extremes ? corners[eie_random_below(rng, 8)]
                                 : (int16_t)((int32_t)eie_random_below(rng, (uint32_t)(2 * spread)) - spread);
  for (uint32_t r = 0; r < p->rows; r++) {
    l->bias[r] = (int32_t)eie_random_below(rng, 1u << 20) - (1 << 19);
    if (p->extremes && chance(rng, 30)) l->bias[r] = chance(rng, 50) ? INT32_MIN : INT32_MAX;
  }
  l->shift = chance(rng, 12) ? 0 : chance(rng, 12) ? 31 : between(rng, 4, 20);
  l->relu = (uint32_t)chance(rng, 50);
  n->shift_0 += l->shift == 0;
  n->shift_31 += l->shift == 31;
}

static eie_status make_layer(eie_random *rng, const layer_plan *p, uint32_t k, eie_layer *l,
                             random_model_census *n, eie_error *err) {
  const uint32_t full_row = eie_random_below(rng, p->rows);
  eie_random again = *rng;
  l->rows = p->rows;
  l->cols = p->cols;
  l->nnz = place_weights(&again, p, full_row, NULL);
  l->codebook_size = p->codes > 16 ? 256 : 16;
  l->name[0] = 'L';
  l->name[1] = (char)('0' + k);
  EIE_TRY(eie_layer_alloc(l, err));
  place_weights(rng, p, full_row, l);
  fill_numbers(rng, p, l, n);
  // The output has as many fraction bits as the input, whatever the shift.
  l->weight_frac = (int32_t)l->shift;
  return EIE_OK;
}

static eie_status make_inputs(eie_random *rng, uint32_t cols, eie_activations *in, random_model_census *n,
                              eie_error *err) {
  static const uint32_t percents[] = {0, 3, 20, 50, 100};
  in->count = between(rng, 1, 3);
  in->cols = cols;
  in->data = calloc((size_t)in->count * cols, sizeof *in->data);
  if (!in->data) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u inputs", in->count);
  for (uint32_t i = 0; i < in->count; i++) {
    const uint32_t percent = percents[eie_random_below(rng, 5)];
    const int extremes = chance(rng, 30);
    uint32_t nonzero = 0;
    for (uint32_t c = 0; c < cols; c++) {
      if (!chance(rng, percent)) continue;
      int16_t value = (int16_t)(eie_random_below(rng, 65536) - 32768u);
      if (extremes) value = chance(rng, 50) ? INT16_MIN : INT16_MAX;
      in->data[(size_t)i * cols + c] = value;
      nonzero += value != 0;
    }
    n->zero_inputs += nonzero == 0;
  }
  return EIE_OK;
}

eie_status random_model_make(eie_random *rng, const eie_config *config, eie_model *model,
                             eie_activations *inputs, random_model_census *census, eie_error *err) {
  const uint32_t ptr_cols = (config->ptr_depth - 1) / config->n_pe * config->n_pe;
  const uint64_t act_cols = (uint64_t)config->act_slots * config->n_pe;
  memset(model, 0, sizeof *model);
  memset(inputs, 0, sizeof *inputs);
  model->n_layers = between(rng, 1, MOST_LAYERS);
  model->layers = calloc(model->n_layers, sizeof *model->layers);
  if (!model->layers) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u layers", model->n_layers);
  census->multi_layer += model->n_layers > 1;
  uint32_t cols = draw_dim(rng, ptr_cols < act_cols ? ptr_cols : act_cols);
  eie_status status = make_inputs(rng, cols, inputs, census, err);
  for (uint32_t k = 0; k < model->n_layers && !status; k++) {
    layer_plan plan;
    draw_plan(rng, config, cols, &plan, census);
    status = make_layer(rng, &plan, k, &model->layers[k], census, err);
    cols = plan.rows;
  }
  if (!status) status = eie_model_check(model, "random model", err);
  if (!status) return EIE_OK;
  eie_model_free(model);
  eie_activations_free(inputs);
  return status;
}
