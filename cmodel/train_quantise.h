// SPDX-License-Identifier: Apache-2.0
// From a network with shared weights to a compressed model in 16-bit fixed point.
//
// Activations keep TRAIN_ACT_FRAC fraction bits in every layer: shift = weight_frac. weight_frac is the
// largest number up to TRAIN_MAX_WEIGHT_FRAC with which every word fits int16 and no sum of a row can
// leave a 32-bit accumulator, whatever the inputs.
#ifndef TRAIN_QUANTISE_H
#define TRAIN_QUANTISE_H

#include <stdint.h>

#include "eie_golden.h"
#include "eie_model.h"
#include "train_data.h"
#include "train_network.h"

enum {
  TRAIN_ACT_FRAC = 8,
  TRAIN_MAX_WEIGHT_FRAC = 14,
  TRAIN_ROW_SUM_MAX = 65535  // largest sum of |word| of a row: 65535 * 32768 < 2^31
};

// The weight_frac of one layer by the rule above. Where the proof would leave the largest word fewer
// than 8 bits, the fit to int16 alone decides.
int32_t train_weight_frac(const train_layer *layer);

// Largest sum of |quantised weight| over the rows of a layer.
uint64_t train_row_sum(const train_layer *layer, int32_t weight_frac);

// Builds the model; names[k] names layer k. The caller owns *model (eie_model_free).
eie_status train_quantise(const train_network *net, const char *const *names, eie_model *model,
                          eie_error *err);

// Runs the golden model on all images: part of them classified as labelled, and the counters of each
// layer, [n_layers], which are added to.
eie_status train_golden_accuracy(const eie_model *model, const train_images *images, double *accuracy,
                                 eie_counters *counters, eie_error *err);

#endif
