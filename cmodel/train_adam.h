// SPDX-License-Identifier: Apache-2.0
// Adam with decoupled weight decay.
#ifndef TRAIN_ADAM_H
#define TRAIN_ADAM_H

#include <stdint.h>

#include "train_network.h"

typedef struct {
  float *weight_mean, *weight_square;  // [rows * cols]; with `shared` [TRAIN_WORDS]
  float *bias_mean, *bias_square;      // [rows]
} train_moments;

typedef struct {
  uint32_t n_layers, shared;
  uint64_t steps;
  train_moments moments[TRAIN_MAX_LAYERS];
} train_adam;

// shared: the weights of a layer are its codebook, TRAIN_WORDS numbers.
eie_status train_adam_init(train_adam *adam, const train_network *net, uint32_t shared, eie_error *err);
void train_adam_free(train_adam *adam);

// One step along the network's gradients.
void train_adam_step(train_adam *adam, train_network *net, double rate, double decay);

#endif
