// SPDX-License-Identifier: Apache-2.0
// Labelled images for training, from IDX files.
#include "train_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_tensor.h"

static eie_status read_part(const char *dir, const char *file, uint32_t *count, uint32_t *size,
                            uint8_t **bytes, eie_error *err) {
  char path[4096];
  int n = snprintf(path, sizeof path, "%s/%s", dir, file);
  if (n < 0 || (size_t)n >= sizeof path)
    return eie_fail(err, EIE_ERR_USE, "the name of the data directory is too long: %.40s...", dir);
  eie_status status = eie_idx_read(path, count, size, bytes, err);
  if (status == EIE_ERR_IO)
    eie_error_prefix(err, "no training data (Debian package dataset-fashion-mnist, or --data DIR)");
  return status;
}

static uint32_t square_side(uint32_t size) {
  uint32_t side = 0;
  while (side < 4096 && side * side < size) side++;
  return side * side == size ? side : 0;
}

static eie_status read_pair(const char *dir, const char *images, const char *labels, train_images *out,
                            uint8_t **owned, eie_error *err) {
  uint32_t n_labels, label_size;
  EIE_TRY(read_part(dir, images, &out->count, &out->size, &owned[0], err));
  EIE_TRY(read_part(dir, labels, &n_labels, &label_size, &owned[1], err));
  if (n_labels != out->count || label_size != 1)
    return eie_fail(err, EIE_ERR_INPUT, "%s/%s: %u labels of %u bytes for %u images", dir, labels, n_labels,
                    label_size, out->count);
  for (uint32_t i = 0; i < n_labels; i++)
    if (owned[1][i] >= TRAIN_CLASSES)
      return eie_fail(err, EIE_ERR_INPUT, "%s/%s: label %u is %u, but there are %d classes", dir, labels, i,
                      owned[1][i], TRAIN_CLASSES);
  out->pixels = owned[0];
  out->labels = owned[1];
  out->side = square_side(out->size);
  return EIE_OK;
}

static eie_status read_all(const char *dir, uint32_t held_out, train_data *data, eie_error *err) {
  EIE_TRY(read_pair(dir, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", &data->fit,
                    &data->owned[0], err));
  EIE_TRY(read_pair(dir, "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", &data->test,
                    &data->owned[2], err));
  if (data->test.size != data->fit.size || data->test.count == 0)
    return eie_fail(err, EIE_ERR_INPUT,
                    "%s: %u test images of %u pixels do not go with training images of %u", dir,
                    data->test.count, data->test.size, data->fit.size);
  if (data->fit.count <= held_out)
    return eie_fail(err, EIE_ERR_INPUT, "%s: %u training images are too few to hold out %u", dir,
                    data->fit.count, held_out);
  data->held_out = data->fit;
  data->held_out.count = held_out;
  data->fit.count -= held_out;
  data->held_out.pixels += (size_t)data->fit.count * data->fit.size;
  data->held_out.labels += data->fit.count;
  return EIE_OK;
}

eie_status train_data_read(const char *dir, uint32_t held_out, train_data *data, eie_error *err) {
  train_data read = {0};
  eie_status status = read_all(dir, held_out, &read, err);
  if (status == EIE_OK)
    *data = read;
  else
    train_data_free(&read);
  return status;
}

void train_data_free(train_data *data) {
  for (int i = 0; i < 4; i++) free(data->owned[i]);
  *data = (train_data){0};
}

void train_image(const train_images *images, uint32_t i, int dx, int dy, float *out) {
  const uint8_t *pixels = images->pixels + (size_t)i * images->size;
  int side = (int)images->side;
  if (side == 0 || (dx == 0 && dy == 0)) {
    for (uint32_t p = 0; p < images->size; p++) out[p] = (float)pixels[p] / 256.0f;
    return;
  }
  memset(out, 0, images->size * sizeof(float));
  for (int y = 0; y < side; y++) {
    int from_y = y - dy;
    if (from_y < 0 || from_y >= side) continue;
    for (int x = dx > 0 ? dx : 0; x < side && x - dx < side; x++)
      out[y * side + x] = (float)pixels[from_y * side + x - dx] / 256.0f;
  }
}
