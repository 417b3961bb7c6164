// SPDX-License-Identifier: Apache-2.0
// The run behind a vector set: the driver on the recording device, input by input.
#ifndef VECTORS_RUN_H
#define VECTORS_RUN_H

#include "device_bus.h"
#include "eie_golden.h"
#include "eie_image.h"
#include "eie_tensor.h"
#include "eie_timing.h"
#include "vectors_record.h"

typedef struct {
  const eie_packed *packed;
  const eie_activations *inputs;
  uint32_t count;
  vectors_recorder recorder;
  int16_t **values;  // [n_layers + 1]: the inputs, then each layer's outputs: [count][places], packed order
  uint64_t *sums;    // [n_layers][EIE_NUM_COUNTERS] over the inputs, of the whole programs
  uint64_t program_cycles;  // likewise
  // Of the input under work
  int16_t **want;          // [n_layers + 1] into values
  uint64_t *counter;       // [n_passes][EIE_NUM_COUNTERS]
  uint64_t *busy;          // [n_passes][N]
  uint64_t *program_busy;  // [N]
  eie_golden *golden;
  eie_timing *timing;
  eie_packed_image image;
  eie_driver driver;
  eie_device_bus bus;
} vectors_run;

uint32_t vectors_run_places(const eie_packed *packed, uint32_t k);  // elements of vector k

// *run must stay where it is until vectors_run_free, which is due also after a failure.
eie_status vectors_run_all(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                           vectors_run *run, eie_error *err);
void vectors_run_free(vectors_run *run);

#endif
