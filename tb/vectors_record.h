// SPDX-License-Identifier: Apache-2.0
// A device that writes down what the driver does to it, as the operations of a vector set. Behind it stands
// the behavioural model, which gets every access; what it answers must be what the golden model wants, and
// times, which it does not know, come from the timing model.
#ifndef VECTORS_RECORD_H
#define VECTORS_RECORD_H

#include "eie_device.h"
#include "eie_driver.h"
#include "eie_pack.h"
#include "vectors_script.h"

// What the maker of the set knows about the accesses that come next.
typedef struct {
  uint32_t input;           // which input runs
  uint32_t load;            // the load that is being written or read back
  uint32_t step, steps;     // the passes of the program
  int16_t *const *want;     // [n_layers + 1] vectors of this input in packed order
  const uint64_t *counter;  // [steps][EIE_NUM_COUNTERS]
  const uint64_t *busy;     // [N]
  uint64_t cycles, window;  // of the program
} vectors_context;

typedef struct {
  eie_device base;  // what the driver drives
  eie_device *inner;
  const eie_packed *packed;
  uint32_t pe_shift, region_shift;
  vectors_context now;
  vectors_script script;
  uint32_t *counters;  // words of counters.hex, in the order in which they are read; owned
  size_t n_counters, counters_room;
  int awaited;  // the last operation polled STATUS
} vectors_recorder;

// Files of a set by number; image files have the number of the packed directory behind them.
uint32_t vectors_outputs_file(uint32_t layer);  // inputs are file 0
uint32_t vectors_counters_file(const eie_packed *packed);
uint32_t vectors_image_file(const eie_packed *packed, uint64_t packed_file);

// *recorder must stay where it is while the driver uses it. Ended with vectors_recorder_close.
eie_status vectors_recorder_open(const eie_packed *packed, vectors_recorder *recorder, eie_error *err);
void vectors_recorder_close(vectors_recorder *recorder);

#endif
