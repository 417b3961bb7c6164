// SPDX-License-Identifier: Apache-2.0
// corners FOLDER: models and inputs of the small vector sets (vectors/corners-tiny, vectors/corners-pe4):
// layers that reach the corners of encoding, arithmetic and tiling. Writes corners-NAME.safetensors and
// corners-NAME.npy into the folder, the same bytes everywhere. What they reach: vectors/sets.md.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_model.h"
#include "eie_tensor.h"

enum { NONE = -1, MOST_CORNERS = 8, CODEBOOK = 16 };

typedef enum { BIAS_SMALL, BIAS_EXTREME } bias_kind;

// A layer by chance, with corners in it. Lists end with 0: row 0 has a member of its own.
typedef struct {
  uint32_t rows, cols, percent, shift, relu;
  const int16_t *codebook;
  uint32_t words;                         // of the codebook, the leading 0 included
  uint32_t empty_columns[MOST_CORNERS];   // no weight
  uint32_t sparse_columns[MOST_CORNERS];  // one weight, in the last row
  uint32_t empty_rows[MOST_CORNERS];
  uint32_t row0_empty;
  int32_t full_row;  // a weight in each column that is not empty; NONE: there is no such row
  bias_kind bias;
} recipe;

static const int16_t small[] = {0, 1, -1, 5, -7, 12, -20, 33, 64, -100};
static const int16_t large[] = {0, 32767, -32768, 16384, -16384, 1, 300};
enum { SMALL = sizeof small / sizeof small[0], LARGE = sizeof large / sizeof large[0] };

// 2 PEs of 4 rows, 4 activation slots: tiles of rows and of columns, one load for nearly each pass.
static const recipe tiny[] = {
    {15, 11, 45, 4, 1, small, SMALL, {4, 7}, {8, 9}, {6}, 0, NONE, BIAS_SMALL},
    {5, 15, 60, 0, 0, small, SMALL, {0}, {0}, {0}, 0, 2, BIAS_SMALL},
    {6, 5, 80, 12, 0, large, LARGE, {0}, {0}, {0}, 0, NONE, BIAS_EXTREME},
};

// One load. Gaps longer than a run, overflow, clamps on both sides, shift 0 and 31.
static const recipe pe4[] = {
    {530, 21, 1, 6, 0, small, SMALL, {3, 4, 5, 6, 20}, {10, 11, 12, 13, 14}, {0}, 0, NONE, BIAS_SMALL},
    {34, 530, 6, 3, 1, small, SMALL, {0}, {0}, {33}, 1, 8, BIAS_SMALL},
    {13, 34, 50, 0, 0, large, LARGE, {0}, {0}, {0}, 0, NONE, BIAS_EXTREME},
    {6, 13, 70, 31, 0, large, LARGE, {0}, {0}, {0}, 0, NONE, BIAS_SMALL},
};

// xorshift64*, its upper half scaled to 0 .. n - 1. The committed sets hang on it.
static uint32_t below(uint64_t *state, uint32_t n) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return (uint32_t)((x * 0x2545F4914F6CDD1D >> 32) * n >> 32);
}

static int listed(const uint32_t *list, uint32_t value) {
  for (int i = 0; i < MOST_CORNERS && list[i]; i++)
    if (list[i] == value) return 1;
  return 0;
}

// Whether there is a weight; draws one number in any case.
static int weight_at(const recipe *r, uint32_t col, uint32_t row, uint64_t *random) {
  int here = below(random, 100) < r->percent;
  if (listed(r->empty_columns, col) || listed(r->empty_rows, row) || (row == 0 && r->row0_empty)) here = 0;
  if (listed(r->sparse_columns, col)) here = row == r->rows - 1;
  if ((int32_t)row == r->full_row && !listed(r->empty_columns, col)) here = 1;
  return here;
}

static int32_t bias_of(const recipe *r, uint32_t row, uint64_t *random) {
  static const int32_t extreme[] = {INT32_MAX, INT32_MIN, 0, 12345};
  return r->bias == BIAS_EXTREME ? extreme[row % 4] : (int32_t)below(random, 4000) - 2000;
}

static eie_status make_layer(const recipe *r, uint32_t number, uint64_t *random, eie_layer *layer,
                             eie_error *err) {
  *layer = (eie_layer){.rows = r->rows,
                       .cols = r->cols,
                       .nnz = r->rows * r->cols,  // room; the count follows
                       .shift = r->shift,
                       .relu = r->relu,
                       .weight_frac = (int32_t)r->shift,  // outputs have the fraction of the inputs
                       .codebook_size = CODEBOOK};
  snprintf(layer->name, sizeof layer->name, "layer%u", number);
  EIE_TRY(eie_layer_alloc(layer, err));
  layer->nnz = 0;
  for (uint32_t col = 0; col < r->cols; col++) {
    for (uint32_t row = 0; row < r->rows; row++) {
      if (!weight_at(r, col, row, random)) continue;
      layer->indices[layer->nnz] = row;
      layer->codes[layer->nnz++] = (uint8_t)(1 + below(random, r->words - 1));
    }
    layer->indptr[col + 1] = layer->nnz;
  }
  memcpy(layer->codebook, r->codebook, r->words * sizeof *layer->codebook);
  for (uint32_t row = 0; row < r->rows; row++) layer->bias[row] = bias_of(r, row, random);
  return EIE_OK;
}

// Nothing; everything, of both signs; half of it; the largest values there are.
static eie_status make_inputs(uint32_t cols, uint64_t *random, eie_activations *acts, eie_error *err) {
  *acts = (eie_activations){4, cols, calloc(4 * (size_t)cols, sizeof *acts->data)};
  if (!acts->data) return eie_fail(err, EIE_ERR_MEMORY, "no memory for inputs");
  int16_t *all = acts->data + cols, *half = all + cols, *largest = half + cols;
  for (uint32_t i = 0; i < cols; i++) {
    const int32_t chosen = (int32_t)below(random, 2);
    half[i] = (int16_t)(chosen * ((int32_t)below(random, 2000) - 1000));
  }
  for (uint32_t i = 0; i < cols; i++) all[i] = (int16_t)((int32_t)below(random, 600) * 2 - 599);
  for (uint32_t i = 0; i < cols; i++) largest[i] = below(random, 2) ? INT16_MAX : INT16_MIN;
  return EIE_OK;
}

static eie_status write_set(const char *folder, const char *name, const recipe *recipes, uint32_t count,
                            uint64_t seed, eie_error *err) {
  char model_path[4096], inputs_path[4096];
  snprintf(model_path, sizeof model_path, "%s/corners-%s.safetensors", folder, name);
  snprintf(inputs_path, sizeof inputs_path, "%s/corners-%s.npy", folder, name);
  eie_model model = {.input_frac = 8, .n_layers = count, .layers = calloc(count, sizeof *model.layers)};
  eie_activations acts = {.count = 0};
  eie_status status = EIE_OK;
  if (!model.layers) status = eie_fail(err, EIE_ERR_MEMORY, "no memory for %u layers", count);
  for (uint32_t k = 0; status == EIE_OK && k < count; k++)
    status = make_layer(&recipes[k], k, &seed, &model.layers[k], err);
  if (status == EIE_OK) status = make_inputs(recipes[0].cols, &seed, &acts, err);
  if (status == EIE_OK) status = eie_model_write(model_path, &model, err);
  if (status == EIE_OK) status = eie_activations_write(inputs_path, &acts, err);
  eie_model_free(&model);
  eie_activations_free(&acts);
  return status;
}

int main(int argc, char **argv) {
  eie_error err = {""};
  if (argc != 2) {
    fputs("usage: corners FOLDER\n", stderr);
    return 2;
  }
  eie_status status = write_set(argv[1], "tiny", tiny, sizeof tiny / sizeof tiny[0], 1, &err);
  if (status == EIE_OK) status = write_set(argv[1], "pe4", pe4, sizeof pe4 / sizeof pe4[0], 2, &err);
  if (status != EIE_OK) fprintf(stderr, "corners: %s\n", err.text);
  return status == EIE_OK ? 0 : 2;
}
