// SPDX-License-Identifier: Apache-2.0
// Fits a network to images: shuffled mini-batches, Adam, a learning rate that falls along a cosine.
#ifndef TRAIN_FIT_H
#define TRAIN_FIT_H

#include <stdint.h>

#include "train_data.h"
#include "train_network.h"

typedef struct {
  uint32_t epochs, batch;
  double rate;        // learning rate at the start; it ends at a hundredth of this
  double decay;       // weight decay, decoupled from the gradient; weights only
  double drop;        // probability that a hidden activation is dropped
  uint32_t move;      // images are moved by -move..move pixels each way
  double teach;       // share of the teacher's answer in the target, 0..1
  float temperature;  // the teacher's softmax temperature
  uint32_t shared;    // 1: only the codebooks and biases learn (train_share)
} train_schedule;

typedef struct {
  const train_schedule *schedule;
  const train_images *images;
  const train_network *teacher;  // used where schedule.teach > 0
  eie_random *random;
  // Before each batch, with the part of the fit that is over, 0..1; may be NULL.
  void (*constrain)(train_network *net, double progress, void *context);
  // After each epoch; may be NULL.
  void (*report)(const train_network *net, uint32_t epoch, double loss, void *context);
  void *context;
} train_fit_request;

// A weight whose code is 0 stays 0. The result depends on nothing but the arguments.
eie_status train_fit(train_network *net, const train_fit_request *request, eie_error *err);

// Part of the images, 0..1, whose largest logit is their label.
eie_status train_accuracy(const train_network *net, const train_images *images, double *accuracy,
                          eie_error *err);

#endif
