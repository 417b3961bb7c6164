// SPDX-License-Identifier: Apache-2.0
// Measured activation densities: the golden model runs the calibration inputs and every layer's non-zero
// inputs are counted.
#include <stdlib.h>
#include <zlib.h>

#include "eie_golden.h"
#include "eie_pack_parts.h"

uint32_t eie_pack_calibration_crc32(const eie_activations *inputs) {
  uLong crc = crc32_z(0, NULL, 0);
  for (size_t i = 0; i < (size_t)inputs->count * inputs->cols; i++) {
    const uint16_t value = (uint16_t)inputs->data[i];
    const Bytef bytes[2] = {(Bytef)(value & 255), (Bytef)(value >> 8)};
    crc = crc32_z(crc, bytes, 2);
  }
  return (uint32_t)crc;
}

// Lists by layer over one block that list[0] owns; NULL without memory.
static uint32_t **allocate_seen(const eie_model *model) {
  size_t cols = 0;
  for (uint32_t k = 0; k < model->n_layers; k++) cols += model->layers[k].cols;
  uint32_t **seen = malloc(model->n_layers * sizeof *seen), *block = calloc(cols, sizeof *block);
  if (!seen || !block) {
    free(seen);
    free(block);
    return NULL;
  }
  for (uint32_t k = 0; k < model->n_layers; k++) {
    seen[k] = block;
    block += model->layers[k].cols;
  }
  return seen;
}

static void count(const int16_t *activations, uint32_t n, uint32_t *seen) {
  for (uint32_t i = 0; i < n; i++) seen[i] += activations[i] != 0;
}

// outputs[n_layers] has room for every layer's.
static eie_status count_all(const eie_model *model, const eie_activations *inputs, int16_t **outputs,
                            uint32_t **seen, eie_error *err) {
  const uint32_t last = model->n_layers - 1;
  for (uint32_t i = 0; i < inputs->count; i++) {
    const int16_t *in = inputs->data + (size_t)i * inputs->cols;
    count(in, inputs->cols, seen[0]);
    if (last == 0) continue;
    EIE_TRY(eie_golden_run(model, in, outputs[last], NULL, outputs, err));
    for (uint32_t k = 0; k < last; k++) count(outputs[k], model->layers[k].rows, seen[k + 1]);
  }
  return EIE_OK;
}

eie_status eie_pack_calibrate(const eie_model *model, const eie_activations *inputs, uint32_t ***seen,
                              eie_error *err) {
  if (inputs->cols != model->layers[0].cols || inputs->count == 0)
    return eie_fail(
        err, EIE_ERR_USE,
        "the calibration has %u inputs of %u activations where the model takes %u; give it inputs "
        "of this model",
        inputs->count, inputs->cols, model->layers[0].cols);
  int16_t **outputs = calloc(model->n_layers, sizeof *outputs);
  uint32_t **made = allocate_seen(model);
  int good = outputs && made;
  for (uint32_t k = 0; good && k < model->n_layers; k++) {
    outputs[k] = malloc(model->layers[k].rows * sizeof **outputs);
    good = outputs[k] != NULL;
  }
  eie_status status =
      good ? count_all(model, inputs, outputs, made, err)
           : eie_fail(err, EIE_ERR_MEMORY, "no memory to calibrate %u layers", model->n_layers);
  for (uint32_t k = 0; outputs && k < model->n_layers; k++) free(outputs[k]);
  free(outputs);
  if (status != EIE_OK && made) free(made[0]);
  if (status != EIE_OK) free(made);
  if (status == EIE_OK) *seen = made;
  return status;
}
