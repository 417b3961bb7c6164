// SPDX-License-Identifier: Apache-2.0
// What `eie sim` and `eie cycles` tell at their end: a table for a person, or JSON.
#ifndef EIE_SIM_REPORT_H
#define EIE_SIM_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "eie_compare.h"

typedef struct {
  const char *model, *engine;
  const eie_packed *packed;
  const eie_compare_report *report;
  int labelled;
  int predicted;  // 1: by the timing model; nothing was compared and no bus was clocked
  int unclocked;  // 1: a board; nobody counted the cycles of its bus
} sim_report;

void sim_report_print(const sim_report *r, FILE *out);

// What takes the most cycles: sending activations, the entries of the busiest PE, scanning slots that hold
// none, writing back, or the rest (filling and draining the pipeline, waits between PEs).
const char *sim_report_bound_by(const eie_compare_layer *layer);

cJSON *sim_report_json(const sim_report *r);

#endif
