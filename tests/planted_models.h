// SPDX-License-Identifier: Apache-2.0
// Small models, each made so that one kind of bug shows at one known place. Rows are interleaved: row r is
// in PE r mod N, slot r div N. Column c of the first layer is place c. All columns are dense unless said.
#ifndef PLANTED_MODELS_H
#define PLANTED_MODELS_H

#include "harness_fixture.h"

typedef struct {
  eie_config config;
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  eie_packed_image image;
  eie_error err;
} scene;

typedef void scene_fn(scene *s);

static inline eie_layer *scene_layer(scene *s, uint32_t k) {
  return &s->model.layers[k];
}

static inline void scene_inputs(scene *s, uint32_t count, uint32_t cols) {
  s->inputs = (eie_activations){
      .count = count, .cols = cols, .data = calloc((size_t)count * cols, sizeof *s->inputs.data)};
  assert_non_null(s->inputs.data);
  for (uint32_t i = 0; i < count * cols; i++) s->inputs.data[i] = (int16_t)(1 + i % 5);
}

// sizes[0] activations, then the rows of each layer. Weights are small odd numbers, layer k's codebook is
// 2 * code - 17 + 2 * k; row r has bias 1 + r; no shift, no ReLU.
static inline void scene_dense(scene *s, uint32_t n_layers, const uint32_t *sizes) {
  static const char *const names[] = {"fc1", "fc2"};
  eie_random rng;
  eie_random_seed(&rng, 5);
  s->model.n_layers = n_layers;
  s->model.layers = calloc(n_layers, sizeof *s->model.layers);
  assert_non_null(s->model.layers);
  for (uint32_t k = 0; k < n_layers; k++) {
    fixture_layer(scene_layer(s, k), sizes[k + 1], sizes[k], names[k], &rng, &s->err);
    for (uint32_t code = 1; code < 16; code++)
      scene_layer(s, k)->codebook[code] = (int16_t)(scene_layer(s, k)->codebook[code] + 2 * (int)k);
  }
  scene_inputs(s, 2, sizes[0]);
}
#define DENSE(s, n_layers, ...) scene_dense(s, n_layers, (const uint32_t[]){__VA_ARGS__})

static inline void scene_codes(eie_layer *l, uint8_t code) {
  for (uint32_t k = 0; k < l->nnz; k++) l->codes[k] = code;
}

static inline uint8_t *scene_code(eie_layer *l, uint32_t row, uint32_t col) {
  return &l->codes[(size_t)col * l->rows + row];
}

static inline void two_layers(scene *s) {
  DENSE(s, 2, 12, 10, 6);
}

// d rows in each PE: a slot comes back every d cycles.
static inline void one_row(scene *s) {
  DENSE(s, 1, 12, 4);
}
static inline void two_rows(scene *s) {
  DENSE(s, 1, 12, 8);
}
static inline void three_rows(scene *s) {
  DENSE(s, 1, 12, 12);
}
static inline void four_rows(scene *s) {
  DENSE(s, 1, 12, 16);
}

// More columns than the work queue of pe4 has places.
static inline void many_columns(scene *s) {
  DENSE(s, 1, 40, 4);
}

// Weights and biases are multiples of 8, shifted out; only row 6 (PE 2, slot 1) ends on a half.
static inline void half_in_row_6(scene *s) {
  DENSE(s, 1, 12, 10);
  eie_layer *l = scene_layer(s, 0);
  l->shift = 3;
  for (uint32_t code = 1; code < 16; code++) l->codebook[code] = (int16_t)(8 * (int)code - 64);
  for (uint32_t r = 0; r < l->rows; r++) l->bias[r] = 8 * (int32_t)r;
  l->bias[6] += 4;
}

// Only row 7 (PE 3, slot 1) is below the smallest activation.
static inline void row_7_far_below(scene *s) {
  DENSE(s, 1, 12, 10);
  scene_layer(s, 0)->bias[7] = -100000;
}

// Only the weight of row 6 (PE 2, slot 1) in column 3 is negative.
static inline void one_negative_weight(scene *s) {
  DENSE(s, 1, 12, 10);
  eie_layer *l = scene_layer(s, 0);
  scene_codes(l, 12);
  *scene_code(l, 6, 3) = 2;
}

// Row 6 (PE 2, slot 1) adds two products of nearly 2^30; all others are small.
static inline void large_row_6(scene *s) {
  DENSE(s, 1, 12, 10);
  eie_layer *l = scene_layer(s, 0);
  scene_codes(l, 1);
  l->codebook[1] = 1;
  l->codebook[2] = 32767;
  *scene_code(l, 6, 4) = *scene_code(l, 6, 5) = 2;
  for (uint32_t i = 0; i < 24; i++) s->inputs.data[i] = 32767;
}

// 16 PEs; ReLU in both layers; only row 27 (PE 11, slot 1) of the first is negative.
static inline void negative_row_27(scene *s) {
  DENSE(s, 2, 16, 40, 20);
  for (uint32_t k = 0; k < 2; k++) {
    scene_layer(s, k)->relu = 1;
    scene_codes(scene_layer(s, k), 9);
  }
  scene_layer(s, 0)->bias[27] = -10000;
}

// Activations 4 to 7, the second group of four, are 0.
static inline void empty_group(scene *s) {
  DENSE(s, 1, 12, 10);
  for (uint32_t k = 0; k < 2; k++)
    for (uint32_t c = 4; c < 8; c++) s->inputs.data[12 * k + c] = 0;
}

// Rows 4 to 7 (slot 1 of all PEs) see activation 1 only, which is 0 in input 1.
static inline void slot_falls_silent(scene *s) {
  DENSE(s, 2, 4, 8, 4);
  eie_layer *l = scene_layer(s, 0);
  l->relu = 1;
  l->codebook[1] = 1;
  l->codebook[2] = 0;
  scene_codes(l, 2);
  for (uint32_t r = 0; r < 8; r++) {
    l->bias[r] = 0;
    *scene_code(l, r, r / 4) = 1;
  }
  memset(s->inputs.data, 0, 8 * sizeof *s->inputs.data);
  s->inputs.data[0] = s->inputs.data[1] = s->inputs.data[4] = 1;
}

// Row 270 (PE 2, slot 67) is alone in column 2: a gap of more than a run of 6 bits holds.
static inline void one_padding(scene *s) {
  scene_dense(s, 1, (const uint32_t[]){4, 272});
  eie_layer *l = scene_layer(s, 0);
  uint32_t n = 0;
  for (uint32_t c = 0; c < 4; c++) {
    l->indptr[c] = n;
    for (uint32_t r = c == 2 ? 270 : 0; r < (c == 2 ? 271u : 8u); r++) {
      l->indices[n] = r;
      l->codes[n++] = 1;
    }
  }
  l->indptr[4] = l->nnz = n;
}

// Fits tiny in one pass: more columns than its activation queue has places.
static inline void tiny_layer(scene *s) {
  DENSE(s, 1, 4, 4);
}

// Two column tiles on tiny: more columns than its Spmat holds at once.
static inline void tiny_tiles(scene *s) {
  DENSE(s, 1, 6, 8);
}

static inline void scene_open(scene *s, const char *config, scene_fn *model) {
  static const eie_pack_options pack = {EIE_DEAL_INTERLEAVED, 1};
  *s = (scene){.model = {.n_layers = 0}};
  must(eie_config_read(config, &s->config, &s->err), &s->err);
  model(s);
  must(eie_model_check(&s->model, "the model", &s->err), &s->err);
  must(eie_pack(&s->model, &s->config, &pack, &s->packed, &s->err), &s->err);
  must(eie_packed_image_make(&s->packed, &s->image, &s->err), &s->err);
}

static inline void scene_close(scene *s) {
  eie_packed_image_free(&s->image);
  eie_packed_free(&s->packed);
  eie_model_free(&s->model);
  eie_activations_free(&s->inputs);
}

#endif
