// SPDX-License-Identifier: Apache-2.0
// The state of one eie_compare_run, shared by its parts. Nobody else includes this.
#ifndef EIE_COMPARE_RUN_H
#define EIE_COMPARE_RUN_H

#include "device_bus.h"
#include "eie_compare.h"

typedef struct {
  const eie_compare_job *job;
  const eie_packed *packed;
  eie_packed_image own;
  const eie_image *image;
  eie_golden *golden;
  eie_driver driver;
  eie_device_bus bus;
  uint32_t input;         // the one under work
  int16_t **want, **got;  // [n_layers + 1] vectors in packed order; 0: inputs
  int16_t *whole;         // the last layer's outputs of the whole program
  int16_t **natural;      // [n_layers] outputs in natural order, when the model is there
  eie_counters *natural_counters;
  int16_t *gathered;                // one layer in natural order
  eie_counters *want_counters;      // [n_passes]
  uint64_t *want_busy;              // [n_passes][N]
  uint64_t *cycles;                 // [n_passes] of the whole program
  uint64_t *busy;                   // [N]
  eie_timing *timing;               // NULL: the device's times are its own
  eie_timing_counters *want_times;  // [n_passes]
  uint64_t constant;                // PROGRAM_CYCLES - sum of CYCLES, the same in every program
  int constant_known;
  eie_status counter_status;  // the first counter that was wrong; told after the outputs
  eie_error counter_error;
  eie_compare_report *report;
} compare_run;

// Elements of vector k.
uint32_t compare_places(const compare_run *r, uint32_t k);

// "input 3, layer 1 (fc2): " before what *err says.
eie_status compare_prefix(const compare_run *r, uint32_t layer, eie_status status, eie_error *err);

// compare_golden.c: what is wanted for this input.
eie_status compare_golden(compare_run *r, eie_error *err);

// compare_counters.c: after a program of `count` steps, its counters against the golden model's;
// with `whole` they are added to the report, else CYCLES must be what the whole program had.
eie_status compare_counters(compare_run *r, uint32_t step, uint32_t count, int whole, eie_error *err);

// compare_timing.c: what the timing model says, where the device's times are to be the RTL's. _input works
// it out and holds its busy cycles to the golden model's; _pass and _program compare. Else they do nothing.
eie_status compare_timing_open(compare_run *r, eie_error *err);
void compare_timing_close(compare_run *r);
eie_status compare_timing_input(compare_run *r, eie_error *err);
eie_status compare_timing_pass(compare_run *r, uint32_t step, const uint64_t *got, eie_error *err);
eie_status compare_timing_program(compare_run *r, uint32_t step, uint32_t count, uint64_t cycles,
                                  eie_error *err);

// compare_outputs.c: every place of every layer, then the whole program's last layer.
eie_status compare_outputs(compare_run *r, eie_error *err);

#endif
