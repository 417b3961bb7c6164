// SPDX-License-Identifier: Apache-2.0
// Adam with decoupled weight decay (Kingma and Ba 2015, Loshchilov and Hutter 2019).
#include "train_adam.h"

#include <math.h>
#include <stdlib.h>

#include "train_share.h"

eie_status train_adam_init(train_adam *adam, const train_network *net, uint32_t shared, eie_error *err) {
  *adam = (train_adam){.n_layers = net->n_layers, .shared = shared};
  for (uint32_t k = 0; k < net->n_layers; k++) {
    const train_layer *layer = &net->layers[k];
    train_moments *m = &adam->moments[k];
    size_t n = shared ? TRAIN_WORDS : (size_t)layer->rows * layer->cols;
    m->weight_mean = calloc(n, sizeof(float));
    m->weight_square = calloc(n, sizeof(float));
    m->bias_mean = calloc(layer->rows, sizeof(float));
    m->bias_square = calloc(layer->rows, sizeof(float));
    if (!m->weight_mean || !m->weight_square || !m->bias_mean || !m->bias_square) {
      train_adam_free(adam);
      return eie_fail(err, EIE_ERR_MEMORY, "no memory to train a layer of %u x %u", layer->rows, layer->cols);
    }
  }
  return EIE_OK;
}

void train_adam_free(train_adam *adam) {
  for (uint32_t k = 0; k < TRAIN_MAX_LAYERS; k++) {
    free(adam->moments[k].weight_mean);
    free(adam->moments[k].weight_square);
    free(adam->moments[k].bias_mean);
    free(adam->moments[k].bias_square);
  }
  *adam = (train_adam){0};
}

// One step: rate and epsilon hold the corrections for the moments' start at 0.
typedef struct {
  float rate, epsilon, keep;
} step_size;

static void update(float *value, const float *grad, float *mean, float *square, size_t n, step_size step) {
  const float beta1 = 0.9f, beta2 = 0.999f;
  for (size_t i = 0; i < n; i++) {
    mean[i] = beta1 * mean[i] + (1.0f - beta1) * grad[i];
    square[i] = beta2 * square[i] + (1.0f - beta2) * grad[i] * grad[i];
    value[i] = value[i] * step.keep - step.rate * mean[i] / (sqrtf(square[i]) + step.epsilon);
  }
}

void train_adam_step(train_adam *adam, train_network *net, double rate, double decay) {
  double t = (double)++adam->steps;
  double correct1 = 1.0 - pow(0.9, t), correct2 = sqrt(1.0 - pow(0.999, t));
  step_size plain = {(float)(rate * correct2 / correct1), (float)(1e-8 * correct2), 1.0f};
  step_size decayed = plain;
  decayed.keep = (float)(1.0 - rate * decay);
  for (uint32_t k = 0; k < net->n_layers; k++) {
    train_layer *layer = &net->layers[k];
    train_moments *m = &adam->moments[k];
    update(layer->bias, layer->bias_grad, m->bias_mean, m->bias_square, layer->rows, plain);
    if (adam->shared) {
      float grad[TRAIN_WORDS];
      train_share_gradient(layer, grad);
      update(layer->codebook, grad, m->weight_mean, m->weight_square, TRAIN_WORDS, plain);
      train_share_apply(layer);
    } else {
      size_t n = (size_t)layer->rows * layer->cols;
      update(layer->weight, layer->weight_grad, m->weight_mean, m->weight_square, n, decayed);
      for (size_t i = 0; i < n; i++)
        if (!layer->code[i]) layer->weight[i] = 0.0f;
    }
  }
}
