// SPDX-License-Identifier: Apache-2.0
// The compressed model in memory: layers in compressed-sparse-column form with shared weights.
// File format: docs/model-format.md. Arithmetic: docs/arithmetic.md.
#ifndef EIE_MODEL_H
#define EIE_MODEL_H

#include <stdint.h>

#include "eie_error.h"

enum {
  EIE_MAX_LAYERS = 1024,
  EIE_MAX_DIM = 1 << 24,  // rows or cols of one layer
  EIE_MIN_FRAC = -16,
  EIE_MAX_FRAC = 31,
  EIE_MAX_SHIFT = 31,
  EIE_NAME_SIZE = 64  // bytes of a layer name with its terminator
};

typedef struct {
  char name[EIE_NAME_SIZE];  // printable ASCII; "layerK" when the file has none
  uint32_t rows, cols;       // outputs, inputs: 1..EIE_MAX_DIM
  uint32_t nnz;              // stored weights, padding not included
  uint32_t shift;            // write-back shift, 0..31
  uint32_t relu;             // 0 or 1
  int32_t weight_frac;       // fraction bits of the codebook, EIE_MIN_FRAC..EIE_MAX_FRAC
  uint32_t codebook_size;    // 16 or 256
  uint32_t *indptr;          // [cols + 1], indptr[0] = 0, ascending, indptr[cols] = nnz; owned
  uint32_t *indices;         // [nnz] row numbers, strictly ascending in each column; owned
  uint8_t *codes;            // [nnz] 1 .. codebook_size - 1; owned
  int16_t *codebook;         // [codebook_size], codebook[0] = 0; owned
  int32_t *bias;             // [rows], accumulator scale (weight_frac + input frac); owned
} eie_layer;

typedef struct {
  int32_t input_frac;  // fraction bits of the first layer's activations
  uint32_t n_layers;   // 1..EIE_MAX_LAYERS; layer k + 1 has cols = rows of layer k
  eie_layer *layers;   // [n_layers]; owned
} eie_model;

// Reads and validates a model file. On success the caller owns *model and ends it with
// eie_model_free. Errors: EIE_ERR_IO, EIE_ERR_INPUT, EIE_ERR_MEMORY.
eie_status eie_model_read(const char *path, eie_model *model, eie_error *err);

// Checks every rule of docs/model-format.md on a model in memory. `where` opens the sentence.
eie_status eie_model_check(const eie_model *model, const char *where, eie_error *err);

// Writes a model that passes eie_model_check, to a temporary name which is then renamed.
eie_status eie_model_write(const char *path, const eie_model *model, eie_error *err);

// Frees what the model owns and zeroes it; a zeroed model is allowed.
void eie_model_free(eie_model *model);

// Allocates the arrays of a layer whose rows, cols, nnz and codebook_size are set; all zero.
eie_status eie_layer_alloc(eie_layer *layer, eie_error *err);

// Fraction bits of the activations that enter layer k (k = n_layers: the model's outputs):
// input_frac for 0, else frac(k - 1) + weight_frac(k - 1) - shift(k - 1). In a checked model each
// lies in EIE_MIN_FRAC..EIE_MAX_FRAC.
int32_t eie_model_frac(const eie_model *model, uint32_t k);

#endif
