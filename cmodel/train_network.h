// SPDX-License-Identifier: Apache-2.0
// A fully connected network in floating point: y = W x + b, ReLU after every layer but the last,
// softmax cross-entropy at the end. docs/training.md.
#ifndef TRAIN_NETWORK_H
#define TRAIN_NETWORK_H

#include <stdint.h>

#include "eie_error.h"
#include "eie_random.h"

enum {
  TRAIN_MAX_LAYERS = 8,
  TRAIN_WORDS = 16  // of a codebook; word 0 is always 0
};

typedef struct {
  uint32_t rows, cols;
  float *weight;                // [rows][cols]; owned, like all below
  float *bias;                  // [rows]
  float *weight_grad;           // [rows][cols], of the mean loss of the last batch
  float *bias_grad;             // [rows]
  uint8_t *code;                // [rows][cols] 0: pruned, weight 0; else the codebook word (1 before sharing)
  float codebook[TRAIN_WORDS];  // meaningful once train_share_layer has run
} train_layer;

typedef struct {
  uint32_t n_layers;
  train_layer layers[TRAIN_MAX_LAYERS];
} train_network;

// Layers dims[0] -> dims[1] -> ... -> dims[n_layers]; weights normal with deviation sqrt(2 / cols),
// biases 0, nothing pruned. The caller ends it with train_network_free.
eie_status train_network_init(train_network *net, uint32_t n_layers, const uint32_t *dims, eie_random *random,
                              eie_error *err);
void train_network_free(train_network *net);

// Copies everything but the gradients; both must have the same dimensions.
void train_network_copy(train_network *to, const train_network *from);

// Weights of one layer that are not pruned.
uint32_t train_layer_nnz(const train_layer *layer);

// What one batch needs: activations and their gradients, image by image.
typedef struct {
  uint32_t n_layers, capacity;  // capacity: largest number of images
  uint32_t dims[TRAIN_MAX_LAYERS + 1];
  float *act[TRAIN_MAX_LAYERS + 1];   // [capacity][dims[k]]: act[0] the input, the last the logits
  float *grad[TRAIN_MAX_LAYERS + 1];  // of the loss; grad[0] is NULL, nobody wants it
} train_batch;

eie_status train_batch_init(train_batch *batch, const train_network *net, uint32_t capacity, eie_error *err);
void train_batch_free(train_batch *batch);

// act[1..] from act[0] for the first `count` images. drop: probability that a hidden activation is
// set to 0 (the others grow by 1 / (1 - drop)); 0: none, and random may be NULL.
void train_forward(const train_network *net, train_batch *batch, uint32_t count, double drop,
                   eie_random *random);

// Sets the gradients of the network from grad[n_layers], which train_softmax_loss filled; drop as in
// the forward pass.
void train_backward(train_network *net, train_batch *batch, uint32_t count, double drop);

// Mean cross-entropy of the logits against target[count][classes] (rows sum to 1), and its
// gradient into grad[n_layers].
double train_softmax_loss(train_batch *batch, uint32_t count, const float *target);

// row[n] becomes softmax(row / temperature).
void train_softmax(float *row, uint32_t n, float temperature);

#endif
