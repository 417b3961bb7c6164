// SPDX-License-Identifier: Apache-2.0
// Magnitude pruning: the weights nearest to 0 go first, and what is gone does not come back.
#ifndef TRAIN_PRUNE_H
#define TRAIN_PRUNE_H

#include <stdint.h>

#include "train_network.h"

// Weights that a layer of `count` weights keeps at `density` (0..1): the nearest whole number.
uint32_t train_prune_count(uint32_t count, double density);

// Keeps the `keep` weights of largest magnitude (of equal ones the first in row-major order); the
// others become 0 with code 0. Does nothing when the layer holds no more than `keep` weights.
void train_prune_layer(train_layer *layer, uint32_t keep);

// Density on the way from 1 to `final`: falls along a cubic, fast at first, and is `final` from
// progress 0.5 on, so that half of the fit retrains what is left.
double train_prune_density(double final, double progress);

#endif
