// SPDX-License-Identifier: Apache-2.0
// Runs inputs through a device and compares every bit of every layer, and every counter that can be
// predicted, with the golden model. What was not compared is an error too. docs/harness.md.
#ifndef EIE_COMPARE_H
#define EIE_COMPARE_H

#include "eie_device.h"
#include "eie_golden.h"
#include "eie_image.h"
#include "eie_lockstep.h"
#include "eie_tensor.h"
#include "eie_timing.h"

typedef struct {
  const eie_packed *packed;
  const eie_packed_image *image;  // NULL: made from packed; else what is loaded (tests plant faults in it)
  const eie_model *model;         // NULL: natural order is not compared with the packed one
  const eie_activations *inputs;
  const eie_labels *labels;  // or NULL
  uint32_t count;            // the first `count` inputs
  uint32_t first;            // but not those before this one
  eie_device *device;
  eie_lockstep *lockstep;  // NULL, or what watches this device: each program is compared event by event
  int skip_verify;         // 1: do not read the memories back after loading
  int progress;            // 1: progress line on a terminal
  int timed;               // 1: the device's times are the RTL's; compare them with the timing model
  const eie_timing_delays *delays;  // of that model; NULL: those of the configuration
} eie_compare_job;

// Sums over the inputs.
typedef struct {
  eie_counters golden;  // useful, broadcasts, entries, padding, clamped, overflow: equal in the device
  uint64_t cycles, window, queue_full;
  uint64_t busiest;              // sum over passes of the busiest PE's entries
  uint64_t scanned, written;     // activation slots scanned, row slots written back
  uint64_t compared, differing;  // outputs
  uint64_t differing_bits;
} eie_compare_layer;

typedef struct {
  uint32_t n_layers, inputs;
  eie_compare_layer *layers;  // [n_layers]; owned
  eie_compare_layer sum;
  uint64_t correct;         // of the labelled inputs, by the device's outputs
  uint64_t load_cycles;     // bus cycles that put the image into the device, once
  uint64_t io_cycles;       // bus cycles of activations in and out
  uint64_t program_cycles;  // from start to done, by the device's own register
  uint64_t device_cycles;   // all that were clocked
  uint64_t timed_counters;  // counters that were compared with the timing model
  double seconds;
} eie_compare_report;

// EIE_ERR_UNEQUAL at the first difference: the sentence names input, layer, row, PE, slot and both values,
// or the counter. *report is filled as far as the run came, also on failure; the caller frees it.
eie_status eie_compare_run(const eie_compare_job *job, eie_compare_report *report, eie_error *err);
void eie_compare_layer_add(eie_compare_layer *sum, const eie_compare_layer *l);
void eie_compare_report_free(eie_compare_report *report);

#endif
