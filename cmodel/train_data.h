// SPDX-License-Identifier: Apache-2.0
// Labelled images for training: bytes as they stand in the IDX files. A pixel's real value is
// pixel / 256, as in eie_activations_read.
#ifndef TRAIN_DATA_H
#define TRAIN_DATA_H

#include <stdint.h>

#include "eie_error.h"

enum { TRAIN_CLASSES = 10 };

typedef struct {
  uint32_t count, size, side;  // images, pixels of one; side: of a square image, 0 if it is none
  const uint8_t *pixels;       // [count][size]; borrowed
  const uint8_t *labels;       // [count], below TRAIN_CLASSES; borrowed
} train_images;

typedef struct {
  train_images fit, held_out, test;  // views; held_out is the end of the training file
  uint8_t *owned[4];
} train_data;

// Reads train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz and the two t10k files of `dir`.
// `held_out` images at the end of the training file are kept from training. The caller ends it with
// train_data_free.
eie_status train_data_read(const char *dir, uint32_t held_out, train_data *data, eie_error *err);
void train_data_free(train_data *data);

// Image i as real values, moved by (dx, dy) pixels where the image is square (zeros come in).
void train_image(const train_images *images, uint32_t i, int dx, int dy, float *out);

#endif
