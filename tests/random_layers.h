// SPDX-License-Identifier: Apache-2.0
// Random models and legal configurations for the tests of golden model and packer. Sizes lean towards
// the corners: one row, one column, nothing stored, everything stored, memories of the least legal size.
#ifndef RANDOM_LAYERS_H
#define RANDOM_LAYERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// cmocka wants these four before it.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "../cmodel/eie_model.h"
#include "../cmodel/eie_pack.h"
#include "../cmodel/eie_random.h"

// The seed of a random test: EIE_SEED or `normal`. Printed, so that a failure can be replayed.
static inline uint64_t test_seed(const char *test, uint64_t normal) {
  const char *text = getenv("EIE_SEED");
  const uint64_t seed = text ? strtoull(text, NULL, 0) : normal;
  printf("%s: EIE_SEED=%llu\n", test, (unsigned long long)seed);
  return seed;
}

static inline uint32_t between(eie_random *r, uint32_t lo, uint32_t hi) {
  return lo + eie_random_below(r, hi - lo + 1);
}

// Any int16, the two ends and zero often.
static inline int16_t any_int16(eie_random *r) {
  static const int16_t special[] = {INT16_MIN, INT16_MAX, 0, 1, -1};
  if (eie_random_below(r, 4) == 0) return special[eie_random_below(r, 5)];
  return (int16_t)((int32_t)eie_random_below(r, 65536) - 32768);
}

static inline int32_t any_int32(eie_random *r) {
  static const int32_t special[] = {INT32_MIN, INT32_MAX, 0, 1, -1};
  if (eie_random_below(r, 4) == 0) return special[eie_random_below(r, 5)];
  return (int32_t)(eie_random_below(r, UINT32_MAX) - (uint32_t)INT32_MAX);
}

// Probability of a stored weight: none, few, half, all.
static inline double any_density(eie_random *r) {
  static const double densities[] = {0.0, 0.02, 0.1, 0.1, 0.3, 0.5, 1.0};
  return densities[eie_random_below(r, 7)];
}

// A layer of the given size; some columns and some rows empty, some rows full. Codes below `codes`.
static inline void random_layer(eie_random *r, uint32_t rows, uint32_t cols, double density,
                                uint32_t codebook_size, uint32_t codes, eie_layer *layer) {
  uint8_t *dense = calloc((size_t)rows * cols, 1), *row_kind = calloc(rows, 1);
  assert_non_null(dense);
  assert_non_null(row_kind);
  *layer = (eie_layer){.rows = rows, .cols = cols, .codebook_size = codebook_size};
  for (uint32_t i = 0; i < rows; i++) row_kind[i] = (uint8_t)eie_random_below(r, 16);  // 0 empty, 1 full
  for (uint32_t c = 0; c < cols; c++) {
    const int empty = eie_random_below(r, 12) == 0;
    for (uint32_t i = 0; i < rows && !empty && density > 0; i++)
      if (row_kind[i] == 1 || (row_kind[i] > 1 && eie_random_unit(r) < density)) {
        dense[(size_t)c * rows + i] = (uint8_t)between(r, 1, codes - 1);
        layer->nnz++;
      }
  }
  eie_error err;
  assert_int_equal(eie_layer_alloc(layer, &err), EIE_OK);
  uint32_t n = 0;
  for (uint32_t c = 0; c < cols; c++) {
    for (uint32_t i = 0; i < rows; i++) {
      if (dense[(size_t)c * rows + i] == 0) continue;
      layer->indices[n] = i;
      layer->codes[n++] = dense[(size_t)c * rows + i];
    }
    layer->indptr[c + 1] = n;
  }
  for (uint32_t k = 1; k < codebook_size; k++) layer->codebook[k] = any_int16(r);
  for (uint32_t i = 0; i < rows; i++) layer->bias[i] = any_int32(r);
  layer->shift = eie_random_below(r, 5) == 0 ? eie_random_below(r, 2) * 31 : eie_random_below(r, 32);
  layer->relu = eie_random_below(r, 2);
  free(dense);
  free(row_kind);
}

// A model of n_layers layers with dimensions 1 .. largest; codes fit code_w bits.
static inline void random_model(eie_random *r, uint32_t n_layers, uint32_t largest, uint32_t code_w,
                                eie_model *model) {
  *model = (eie_model){.input_frac = 8, .n_layers = n_layers};
  model->layers = calloc(n_layers, sizeof *model->layers);
  assert_non_null(model->layers);
  uint32_t cols = between(r, 1, eie_random_below(r, 4) == 0 ? 3 : largest);
  for (uint32_t k = 0; k < n_layers; k++) {
    const uint32_t rows = between(r, 1, eie_random_below(r, 4) == 0 ? 3 : largest);
    const uint32_t size = eie_random_below(r, 2) ? 256 : 16;
    const uint32_t codes = size == 256 && code_w == 8 ? 256 : 16;
    random_layer(r, rows, cols, any_density(r), size, codes, &model->layers[k]);
    snprintf(model->layers[k].name, EIE_NAME_SIZE, "layer%u", k);
    cols = rows;
  }
}

// A legal configuration with 2^log2_pe PEs. `room` 0: the least of everything; larger: more.
static inline eie_config random_config(eie_random *r, uint32_t log2_pe, uint32_t room) {
  const uint32_t n = 1u << log2_pe;
  eie_config c = {.name = "random", .n_pe = n, .act_queue_depth = 2, .queue_depth = 2};
  c.code_w = eie_random_below(r, 2) ? 4 : 8;
  c.idx_w = between(r, 4, 8);
  c.entries_per_word = 1u << eie_random_below(r, 4);
  c.acc_w = between(r, 32, 48);
  c.rows = 2 + eie_random_below(r, 4 * room + 1);
  const uint32_t least = (n + c.entries_per_word - 1) / c.entries_per_word;
  c.spmat_words = (least < 2 ? 2 : least) + eie_random_below(r, 64 * room + 1);
  c.ptr_depth = n + 4 + (n == 1) + 2 * eie_random_below(r, 32 * room * (1 + n / 4) + 1);
  if (c.ptr_depth < 6) c.ptr_depth = 6;
  c.act_slots = 2 + eie_random_below(r, 8 * room + 1);
  c.layers = 1 + eie_random_below(r, 3 * room + 1);
  eie_error err = {""};
  if (eie_config_check(&c, &err) != EIE_OK) fail_msg("random_config made an illegal one: %s", err.text);
  return c;
}

static inline int16_t *random_input(eie_random *r, uint32_t n) {
  int16_t *in = malloc((n + (size_t)1) * sizeof *in);
  assert_non_null(in);
  const uint32_t zeros = eie_random_below(r, 4);  // of 3: none, some, many, all zero
  for (uint32_t i = 0; i < n; i++) in[i] = eie_random_below(r, 3) < zeros ? 0 : any_int16(r);
  return in;
}

#endif
