// SPDX-License-Identifier: Apache-2.0
// Forward and backward pass of a network over one batch.
#include <math.h>
#include <string.h>

#include "train_matrix.h"
#include "train_network.h"

// Adds the bias and applies ReLU to the outputs of one layer.
static void finish_outputs(float *out, const float *bias, uint32_t count, uint32_t rows, int relu) {
  for (uint32_t i = 0; i < count; i++) {
    float *row = out + (size_t)i * rows;
    for (uint32_t r = 0; r < rows; r++) {
      float y = row[r] + bias[r];
      row[r] = relu && y < 0.0f ? 0.0f : y;
    }
  }
}

// One random word decides four activations, 16 bits each.
static void drop_outputs(float *out, size_t n, double drop, eie_random *random) {
  uint32_t limit = (uint32_t)(drop * 65536.0);
  float scale = (float)(1.0 / (1.0 - drop));
  uint64_t bits = 0;
  for (size_t i = 0; i < n; i++) {
    if (i % 4 == 0) bits = eie_random_next(random);
    out[i] = (bits & 0xffff) < limit ? 0.0f : out[i] * scale;
    bits >>= 16;
  }
}

void train_forward(const train_network *net, train_batch *batch, uint32_t count, double drop,
                   eie_random *random) {
  for (uint32_t k = 0; k < net->n_layers; k++) {
    const train_layer *layer = &net->layers[k];
    int hidden = k + 1 < net->n_layers;
    float *out = batch->act[k + 1];
    train_matrix_forward(count, layer->rows, layer->cols, batch->act[k], layer->weight, out);
    finish_outputs(out, layer->bias, count, layer->rows, hidden);
    if (hidden && drop > 0.0) drop_outputs(out, (size_t)count * layer->rows, drop, random);
  }
}

static void bias_gradient(train_layer *layer, const float *grad, uint32_t count) {
  memset(layer->bias_grad, 0, layer->rows * sizeof(float));
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t r = 0; r < layer->rows; r++) layer->bias_grad[r] += grad[(size_t)i * layer->rows + r];
}

// A hidden activation that is 0 (ReLU or dropped) passes no gradient; a kept one was scaled.
static void through_relu(float *grad, const float *act, size_t n, float scale) {
  for (size_t i = 0; i < n; i++) grad[i] = act[i] > 0.0f ? grad[i] * scale : 0.0f;
}

void train_backward(train_network *net, train_batch *batch, uint32_t count, double drop) {
  float scale = (float)(1.0 / (1.0 - drop));
  for (uint32_t k = net->n_layers; k-- > 0;) {
    train_layer *layer = &net->layers[k];
    const float *grad = batch->grad[k + 1];
    train_matrix_weight_grad(layer->rows, layer->cols, count, grad, batch->act[k], layer->weight_grad);
    bias_gradient(layer, grad, count);
    if (k == 0) break;
    train_matrix_input_grad(count, layer->cols, layer->rows, grad, layer->weight, batch->grad[k]);
    through_relu(batch->grad[k], batch->act[k], (size_t)count * layer->cols, scale);
  }
}

void train_softmax(float *row, uint32_t n, float temperature) {
  float top = row[0], sum = 0.0f;
  for (uint32_t i = 1; i < n; i++) top = row[i] > top ? row[i] : top;
  for (uint32_t i = 0; i < n; i++) {
    row[i] = expf((row[i] - top) / temperature);
    sum += row[i];
  }
  for (uint32_t i = 0; i < n; i++) row[i] /= sum;
}

double train_softmax_loss(train_batch *batch, uint32_t count, const float *target) {
  uint32_t classes = batch->dims[batch->n_layers];
  double loss = 0.0;
  for (uint32_t i = 0; i < count; i++) {
    float *grad = batch->grad[batch->n_layers] + (size_t)i * classes;
    const float *want = target + (size_t)i * classes;
    memcpy(grad, batch->act[batch->n_layers] + (size_t)i * classes, classes * sizeof(float));
    train_softmax(grad, classes, 1.0f);
    for (uint32_t c = 0; c < classes; c++) {
      if (want[c] > 0.0f) loss -= (double)want[c] * log((double)grad[c] + 1e-30);
      grad[c] = (grad[c] - want[c]) / (float)count;
    }
  }
  return loss / count;
}
