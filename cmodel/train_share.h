// SPDX-License-Identifier: Apache-2.0
// Weight sharing: the weights of a layer become words of a codebook of at most 15, found by k-means.
// Word 0 is the pruned weight, 0.
#ifndef TRAIN_SHARE_H
#define TRAIN_SHARE_H

#include <stdint.h>

#include "train_network.h"

// k-means in one dimension over the weights that are not pruned: `words` centroids (1..15) spread
// evenly from the smallest to the largest weight, then assignment and mean in turn until nothing
// changes. Sets codebook[1..words] (ascending; the rest 0), every code to its nearest word (of two
// equally near the lower), and the weights to their words.
void train_share_layer(train_layer *layer, uint32_t words);

// grad[w] = sum of the weight gradients whose code is w; grad[0] = 0.
void train_share_gradient(const train_layer *layer, float grad[TRAIN_WORDS]);

// Every weight becomes its word.
void train_share_apply(train_layer *layer);

// Words that some weight uses, word 0 not counted.
uint32_t train_share_used(const train_layer *layer);

#endif
