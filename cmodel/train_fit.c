// SPDX-License-Identifier: Apache-2.0
// Fits a network to images; accuracy in floating point.
#include "train_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train_adam.h"

typedef struct {
  train_batch batch, teacher_batch;
  train_adam adam;
  uint32_t *order;  // [images]: the images of the epoch
  float *target;    // [batch][classes]
} fit_memory;

static void fit_memory_free(fit_memory *m) {
  train_batch_free(&m->batch);
  train_batch_free(&m->teacher_batch);
  train_adam_free(&m->adam);
  free(m->order);
  free(m->target);
}

static eie_status fit_memory_init(fit_memory *m, const train_network *net, const train_fit_request *request,
                                  eie_error *err) {
  const train_schedule *s = request->schedule;
  EIE_TRY(train_batch_init(&m->batch, net, s->batch, err));
  if (s->teach > 0.0) EIE_TRY(train_batch_init(&m->teacher_batch, request->teacher, s->batch, err));
  EIE_TRY(train_adam_init(&m->adam, net, s->shared, err));
  m->order = malloc(request->images->count * sizeof *m->order);
  m->target = malloc((size_t)s->batch * net->layers[net->n_layers - 1].rows * sizeof *m->target);
  if (!m->order || !m->target)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory to train on %u images", request->images->count);
  for (uint32_t i = 0; i < request->images->count; i++) m->order[i] = i;
  return EIE_OK;
}

static void shuffle(uint32_t *order, uint32_t n, eie_random *random) {
  for (uint32_t i = n; i > 1; i--) {
    uint32_t j = eie_random_below(random, i), kept = order[j];
    order[j] = order[i - 1];
    order[i - 1] = kept;
  }
}

static void fill_inputs(const train_fit_request *request, train_batch *batch, const uint32_t *order,
                        uint32_t count) {
  uint32_t move = request->schedule->move, places = 2 * move + 1;
  for (uint32_t i = 0; i < count; i++) {
    int dx = 0, dy = 0;
    if (move > 0) {
      dx = (int)eie_random_below(request->random, places) - (int)move;
      dy = (int)eie_random_below(request->random, places) - (int)move;
    }
    train_image(request->images, order[i], dx, dy, batch->act[0] + (size_t)i * request->images->size);
  }
}

// Targets: the label, mixed with the teacher's answer to the same picture.
static void fill_targets(const train_fit_request *request, fit_memory *m, const uint32_t *order,
                         uint32_t count) {
  const train_schedule *s = request->schedule;
  uint32_t classes = m->batch.dims[m->batch.n_layers];
  memset(m->target, 0, (size_t)count * classes * sizeof(float));
  for (uint32_t i = 0; i < count; i++)
    m->target[(size_t)i * classes + request->images->labels[order[i]]] = (float)(1.0 - s->teach);
  if (!(s->teach > 0.0)) return;
  memcpy(m->teacher_batch.act[0], m->batch.act[0], (size_t)count * m->batch.dims[0] * sizeof(float));
  train_forward(request->teacher, &m->teacher_batch, count, 0.0, NULL);
  for (uint32_t i = 0; i < count; i++) {
    float *answer = m->teacher_batch.act[m->teacher_batch.n_layers] + (size_t)i * classes;
    train_softmax(answer, classes, s->temperature);
    for (uint32_t c = 0; c < classes; c++) m->target[(size_t)i * classes + c] += (float)s->teach * answer[c];
  }
}

static double fit_epoch(train_network *net, const train_fit_request *request, fit_memory *m, uint32_t epoch) {
  const double pi = 3.14159265358979323846;
  const train_schedule *s = request->schedule;
  uint32_t n = request->images->count;
  double loss = 0.0;
  shuffle(m->order, n, request->random);
  for (uint32_t first = 0; first < n; first += s->batch) {
    uint32_t count = n - first < s->batch ? n - first : s->batch;
    double progress = (epoch + (double)first / n) / s->epochs;
    double rate = s->rate * (0.01 + 0.99 * 0.5 * (1.0 + cos(pi * progress)));
    if (request->constrain) request->constrain(net, progress, request->context);
    fill_inputs(request, &m->batch, m->order + first, count);
    fill_targets(request, m, m->order + first, count);
    train_forward(net, &m->batch, count, s->drop, request->random);
    loss += train_softmax_loss(&m->batch, count, m->target) * count;
    train_backward(net, &m->batch, count, s->drop);
    train_adam_step(&m->adam, net, rate, s->decay);
  }
  return loss / n;
}

eie_status train_fit(train_network *net, const train_fit_request *request, eie_error *err) {
  fit_memory m = {0};
  eie_status status = fit_memory_init(&m, net, request, err);
  for (uint32_t epoch = 0; status == EIE_OK && epoch < request->schedule->epochs; epoch++) {
    double loss = fit_epoch(net, request, &m, epoch);
    if (!isfinite(loss)) {
      status = eie_fail(err, EIE_ERR_USE, "training diverged in epoch %u: lower the learning rate (--rate)",
                        epoch + 1);
      break;
    }
    if (request->report) request->report(net, epoch, loss, request->context);
  }
  fit_memory_free(&m);
  return status;
}

static uint32_t largest(const float *row, uint32_t n) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < n; i++) best = row[i] > row[best] ? i : best;
  return best;
}

eie_status train_accuracy(const train_network *net, const train_images *images, double *accuracy,
                          eie_error *err) {
  train_batch batch;
  uint32_t right = 0, classes = net->layers[net->n_layers - 1].rows;
  EIE_TRY(train_batch_init(&batch, net, 500, err));
  for (uint32_t first = 0; first < images->count; first += batch.capacity) {
    uint32_t count = images->count - first < batch.capacity ? images->count - first : batch.capacity;
    for (uint32_t i = 0; i < count; i++)
      train_image(images, first + i, 0, 0, batch.act[0] + (size_t)i * images->size);
    train_forward(net, &batch, count, 0.0, NULL);
    for (uint32_t i = 0; i < count; i++)
      right += largest(batch.act[batch.n_layers] + (size_t)i * classes, classes) == images->labels[first + i];
  }
  train_batch_free(&batch);
  *accuracy = images->count ? (double)right / images->count : 0.0;
  return EIE_OK;
}
