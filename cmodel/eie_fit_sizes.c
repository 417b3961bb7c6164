// SPDX-License-Identifier: Apache-2.0
// Sizes of memories: larger where it costs nothing, smaller where a model must run in tiles.
#include <math.h>
#include <stddef.h>

#include "eie_fit_parts.h"

static const size_t sizes[EIE_FIT_SIZES] = {offsetof(eie_config, spmat_words),
                                            offsetof(eie_config, ptr_depth), offsetof(eie_config, act_slots),
                                            offsetof(eie_config, rows), offsetof(eie_config, layers)};

uint32_t *eie_fit_size(eie_config *config, int k) {
  return (uint32_t *)(void *)((char *)config + sizes[k]);
}

int eie_fit_good(const eie_config *config, const eie_board *board) {
  return eie_config_check(config, NULL) == EIE_OK && eie_fit_check(config, board).what == EIE_FIT_GOOD;
}

static int costs_the_same(const eie_board *board, const eie_config *a, const eie_config *b) {
  eie_fit_use x, y;
  if (!eie_fit_good(b, board)) return 0;
  eie_fit_resources(a, board, &x);
  eie_fit_resources(b, board, &y);
  return x.used.ram == y.used.ram && x.used.spram == y.used.spram && x.memory_lut == y.memory_lut;
}

void eie_fit_grow(eie_config *config, const eie_board *board) {
  for (int k = 0; k < EIE_FIT_SIZES; k++) {
    const eie_config start = *config;
    for (uint32_t step = 1u << 17; step >= 2; step /= 2) {  // even steps: PTR_DEPTH stays even
      eie_config tried = *config;
      *eie_fit_size(&tried, k) += step;
      if (costs_the_same(board, &start, &tried)) *config = tried;
    }
  }
}

// Tiles of one layer with row tiles of so many slots: as wide as pointers, entries and activations allow, if
// the weights lay evenly. 0: such a tile does not fit.
static double tiles_of_height(const eie_layer *layer, const eie_config *c, double height) {
  const double in = ceil((double)layer->cols / c->n_pe), out = ceil((double)layer->rows / c->n_pe);
  const double a_slot = (double)layer->nnz / c->n_pe * height / out / in;  // entries of a PE
  double width = floor((c->ptr_depth - 2 * height - 2) / c->n_pe);
  const double by_entries = floor((double)c->spmat_words * c->entries_per_word / (a_slot > 1 ? a_slot : 1));
  if (by_entries < width) width = by_entries;
  if (c->act_slots < width) width = c->act_slots;
  return width < 1 ? 0 : ceil(out / height) * ceil(in / width);
}

static double tiles_of_layer(const eie_layer *layer, const eie_config *c) {
  const double out = ceil((double)layer->rows / c->n_pe);
  double height = c->rows < c->act_slots ? c->rows : c->act_slots, best = HUGE_VAL;
  if (height > out) height = out;
  for (; height >= 1; height = floor(height / 2)) {
    const double tiles = tiles_of_height(layer, c, height);
    if (tiles > 0 && tiles < best) best = tiles;
  }
  return best;
}

// Loads and tiles together: descriptors that are too few make loads.
static double tiles_of(const eie_model *model, const eie_config *c) {
  double sum = 0, loads = ceil((double)model->n_layers / c->layers);
  for (uint32_t k = 0; k < model->n_layers; k++) sum += tiles_of_layer(&model->layers[k], c);
  return sum + loads;
}

static double amount(const eie_config *c, const eie_board *board, const eie_fit_verdict *v) {
  eie_fit_use use;
  eie_fit_resources(c, board, &use);
  switch (v->what) {
    case EIE_FIT_SHORT_SPRAM:
      return (double)use.used.spram;
    case EIE_FIT_SHORT_RAM:
      return (double)use.used.ram;
    case EIE_FIT_SHORT_LUT:
      return (double)use.used.lut;
    case EIE_FIT_SHORT_DEPTH:
      return use.too_deep == v->key;
    default:
      return 0;
  }
}

static uint32_t halved(uint32_t value, uint32_t least) {
  const uint32_t half = value / 2 & ~1u;
  return half < least ? least : half;
}

// One memory smaller by as many halves as it takes to free something of what is short; 0 when none does.
static int shrink_one(const eie_config *c, const eie_config *least, int k, const eie_board *board,
                      const eie_fit_verdict *v, eie_config *to, double *gain) {
  eie_config low = *least;
  *to = *c;
  while (*eie_fit_size(to, k) > *eie_fit_size(&low, k)) {
    *eie_fit_size(to, k) = halved(*eie_fit_size(to, k), *eie_fit_size(&low, k));
    *gain = amount(c, board, v) - amount(to, board, v);
    if (*gain > 0) return 1;
  }
  return 0;
}

int eie_fit_shrink(const eie_model *model, const eie_board *board, const eie_config *from,
                   const eie_config *least, eie_config *to) {
  eie_config c = *from, tried, best = c;
  if (!eie_fit_good(least, board)) return 0;
  for (eie_fit_verdict v; (v = eie_fit_check(&c, board)).what != EIE_FIT_GOOD; c = best) {
    const double before = tiles_of(model, &c);
    double lowest = HUGE_VAL, gain = 0;
    for (int k = 0; k < EIE_FIT_SIZES; k++) {
      if (!shrink_one(&c, least, k, board, &v, &tried, &gain)) continue;
      // Growth of the tiles for each RAM freed; among those that cost no tile the one that frees most.
      const double cost = (log(tiles_of(model, &tried) / before) + 1e-6) / gain;
      if (cost >= lowest) continue;
      lowest = cost;
      best = tried;
    }
    if (lowest == HUGE_VAL) return 0;
  }
  if (eie_config_check(&c, NULL) != EIE_OK) return 0;
  eie_fit_grow(&c, board);
  *to = c;
  return 1;
}
