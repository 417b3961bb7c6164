// SPDX-License-Identifier: Apache-2.0
// Memory of a network in training: layers, batches, copies.
#include "train_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static eie_status layer_init(train_layer *layer, uint32_t rows, uint32_t cols, eie_random *random,
                             eie_error *err) {
  size_t n = (size_t)rows * cols;
  layer->rows = rows;
  layer->cols = cols;
  layer->weight = calloc(n, sizeof(float));
  layer->bias = calloc(rows, sizeof(float));
  layer->weight_grad = calloc(n, sizeof(float));
  layer->bias_grad = calloc(rows, sizeof(float));
  layer->code = malloc(n);
  if (!layer->weight || !layer->bias || !layer->weight_grad || !layer->bias_grad || !layer->code)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for a layer of %u x %u weights", rows, cols);
  memset(layer->code, 1, n);
  double deviation = sqrt(2.0 / cols);
  for (size_t i = 0; i < n; i++) layer->weight[i] = (float)(deviation * eie_random_normal(random));
  return EIE_OK;
}

eie_status train_network_init(train_network *net, uint32_t n_layers, const uint32_t *dims, eie_random *random,
                              eie_error *err) {
  *net = (train_network){.n_layers = n_layers};
  if (n_layers < 1 || n_layers > TRAIN_MAX_LAYERS)
    return eie_fail(err, EIE_ERR_USE, "a network has 1 to %d layers, not %u", TRAIN_MAX_LAYERS, n_layers);
  for (uint32_t k = 0; k < n_layers; k++) {
    eie_status status = layer_init(&net->layers[k], dims[k + 1], dims[k], random, err);
    if (status != EIE_OK) {
      train_network_free(net);
      return status;
    }
  }
  return EIE_OK;
}

void train_network_free(train_network *net) {
  for (uint32_t k = 0; k < TRAIN_MAX_LAYERS; k++) {
    train_layer *layer = &net->layers[k];
    free(layer->weight);
    free(layer->bias);
    free(layer->weight_grad);
    free(layer->bias_grad);
    free(layer->code);
  }
  *net = (train_network){0};
}

void train_network_copy(train_network *to, const train_network *from) {
  for (uint32_t k = 0; k < from->n_layers; k++) {
    train_layer *t = &to->layers[k];
    const train_layer *f = &from->layers[k];
    size_t n = (size_t)f->rows * f->cols;
    memcpy(t->weight, f->weight, n * sizeof(float));
    memcpy(t->bias, f->bias, f->rows * sizeof(float));
    memcpy(t->code, f->code, n);
    memcpy(t->codebook, f->codebook, sizeof f->codebook);
  }
}

uint32_t train_layer_nnz(const train_layer *layer) {
  uint32_t nnz = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) nnz += layer->code[i] != 0;
  return nnz;
}

eie_status train_batch_init(train_batch *batch, const train_network *net, uint32_t capacity, eie_error *err) {
  *batch = (train_batch){.n_layers = net->n_layers, .capacity = capacity};
  for (uint32_t k = 0; k <= net->n_layers; k++) {
    batch->dims[k] = k == 0 ? net->layers[0].cols : net->layers[k - 1].rows;
    size_t n = (size_t)capacity * batch->dims[k];
    batch->act[k] = calloc(n, sizeof(float));
    batch->grad[k] = k == 0 ? NULL : calloc(n, sizeof(float));
    if (!batch->act[k] || (k > 0 && !batch->grad[k])) {
      train_batch_free(batch);
      return eie_fail(err, EIE_ERR_MEMORY, "no memory for a batch of %u images", capacity);
    }
  }
  return EIE_OK;
}

void train_batch_free(train_batch *batch) {
  for (uint32_t k = 0; k <= TRAIN_MAX_LAYERS; k++) {
    free(batch->act[k]);
    free(batch->grad[k]);
  }
  *batch = (train_batch){0};
}
