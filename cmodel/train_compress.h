// SPDX-License-Identifier: Apache-2.0
// Deep Compression of one fully connected network: dense training, pruning with retraining, weight
// sharing with fine-tuned centroids, 16-bit quantisation. docs/training.md.
#ifndef TRAIN_COMPRESS_H
#define TRAIN_COMPRESS_H

#include <stdint.h>

#include "eie_golden.h"
#include "eie_model.h"
#include "train_data.h"
#include "train_fit.h"

enum { TRAIN_LENET_LAYERS = 3 };

typedef enum { TRAIN_DENSE, TRAIN_PRUNED, TRAIN_SHARED, TRAIN_FIXED, TRAIN_STEPS } train_step;

typedef struct {
  uint64_t seed;
  double density[TRAIN_LENET_LAYERS];  // part of the weights that is kept, 0..1
  uint32_t words;                      // shared weights of a layer, 1..15, word 0 not counted
  train_schedule fit[TRAIN_FIXED];     // of the dense, the pruned and the shared step
} train_options;

typedef struct {
  double held_out, test;  // accuracy, 0..1
  double seconds;         // of this step
} train_step_report;

typedef struct {
  uint32_t rows, cols, nnz, words_used;
  uint64_t row_sum;       // largest sum of |word| of a row; at most TRAIN_ROW_SUM_MAX: no overflow, ever
  eie_counters counters;  // of the golden model over the test images
} train_layer_report;

typedef struct {
  train_step_report steps[TRAIN_STEPS];
  train_layer_report layers[TRAIN_LENET_LAYERS];
} train_report;

// Both may be NULL. epoch: after each of `epochs`. step: when a step and its measurements are over.
typedef struct {
  void (*epoch)(void *context, train_step step, uint32_t epoch, uint32_t epochs);
  void (*step)(void *context, train_step step, const train_step_report *report);
  void *context;
} train_watch;

// The options that made the committed model; quick: a tenth of the work, some tenths of a percent
// less accurate.
void train_options_default(train_options *options, int quick);

// The name of a step for a table: "dense", "pruned", "shared", "16-bit".
const char *train_step_name(train_step step);

// LeNet-300-100 on `data`. The test images are measured and decide nothing. The same options and data
// give the same bits on one machine. The caller owns *model (eie_model_free).
eie_status train_compress(const train_options *options, const train_data *data, const train_watch *watch,
                          eie_model *model, train_report *report, eie_error *err);

#endif
