// SPDX-License-Identifier: Apache-2.0
// The report that eie_compare_run would make of the RTL, without the RTL: times from the timing model
// (docs/timing.md), counts and values from the golden model, bus cycles from the driver's accesses.
#ifndef EIE_PREDICT_H
#define EIE_PREDICT_H

#include "eie_compare.h"
#include "eie_timing.h"

typedef struct {
  const eie_packed *packed;
  const eie_activations *inputs;
  uint32_t count;        // the first `count` inputs
  const char *progress;  // label of a progress line on a terminal, or NULL
  uint64_t *worst;       // [n_layers] gets the cycles that no input can pass, or NULL
  int bus;               // 1: bus cycles too; the image is made for it
  int skip_verify;  // as in eie_compare_job: the first input comes right behind the load, so the bus needs no
                    // turn
  uint32_t repeats;  // how often each recurrence is timed; the fastest counts; 0: once
} eie_predict_job;

// Fills *report but what only a comparison knows (compared, differing, correct: 0); the bus cycles
// are those of a master that never waits.
// device_cycles and seconds are those of the recurrence alone. The caller frees *report with
// eie_compare_report_free, also on failure.
eie_status eie_predict_run(const eie_predict_job *job, eie_compare_report *report, eie_error *err);

#endif
