// SPDX-License-Identifier: Apache-2.0
// What follows a red run: the same input once more in lock-step, which tells the first event that differs,
// and once more with waves of the cycles around it and a save file for GTKWave. docs/lockstep.md.
#ifndef EIE_DIVERGENCE_H
#define EIE_DIVERGENCE_H

#include <stdio.h>

#include "eie_compare.h"

enum { EIE_WAVE_BEFORE = 64, EIE_WAVE_BEHIND = 32 };  // cycles around a difference

typedef struct {
  const char *engine;
  const eie_device_options *options;  // of the red run: seed and stalls
  const eie_compare_job *job;         // of the red run; its device is not used
  uint32_t input;                     // that was red
  const char *dir;                    // folder of the waves, made when it is not there; NULL: no waves
  // Opens the device in place of eie_device_open(engine, ...); NULL, or for tests that spoil it.
  eie_status (*open)(void *context, const eie_device_options *options, eie_device **device, eie_error *err);
  void *context;
} eie_divergence_job;

typedef struct {
  eie_divergence found;       // kind EIE_DIFFERS_NOT: every event was right
  char wave[512], save[512];  // "" when there are none
} eie_divergence_report;

// Prints the sentence, the last events before it and the names of the files to `out`. The status is not
// EIE_OK only when a run could not be made at all; then nothing is known.
eie_status eie_divergence_find(const eie_divergence_job *job, FILE *out, eie_divergence_report *report,
                               eie_error *err);

// Only the waves: of a difference that a lock-step run of inputs 0 .. job->input has found already.
void eie_divergence_waves(const eie_divergence_job *job, const eie_divergence *found, FILE *out,
                          eie_divergence_report *report);

#endif
