// SPDX-License-Identifier: Apache-2.0
// Random models for tests: sizes around the limits of a configuration, so that tiles of every kind arise,
// and contents with the corners of the arithmetic and the encoding in them.
#ifndef EIE_RANDOM_MODEL_H
#define EIE_RANDOM_MODEL_H

#include "eie_config.h"
#include "eie_model.h"
#include "eie_random.h"
#include "eie_tensor.h"

// What a random model has had in it; tests check at their end that every corner came up.
typedef struct {
  uint32_t layers, row_tiled, column_tiled, both_tiled, multi_layer;
  uint32_t zero_inputs, empty_columns, empty_rows, full_rows, extremes, shift_0, shift_31, overflows, clamps;
} random_model_census;

// Fills *model (1 to 4 layers) and *inputs (1 to 3 vectors); the caller frees both. Corners are counted.
eie_status random_model_make(eie_random *rng, const eie_config *config, eie_model *model,
                             eie_activations *inputs, random_model_census *census, eie_error *err);

#endif
