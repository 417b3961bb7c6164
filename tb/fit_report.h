// SPDX-License-Identifier: Apache-2.0
// What `eie fit` found for each board, as tables for a person and as JSON (keys: docs/commands.md).
#ifndef FIT_REPORT_H
#define FIT_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "eie_fit.h"
#include "fit_speed.h"

typedef struct {
  const eie_board *board;
  eie_fit_found found;      // found.config is the one asked for where one was
  eie_fit_verdict verdict;  // of found.config
  eie_fit_use use;
  char change[EIE_FIT_TEXT];     // what to change when it does not fit, "" otherwise
  fit_speed speed;               // set when it fits
  const eie_board_clock *clock;  // NULL: nothing was routed
} fit_row;

typedef struct {
  const char *model;
  int fixed;  // 1: a configuration was asked for, nothing was searched
  uint32_t inputs;
  uint32_t n_rows;
  const fit_row *rows;
} fit_report;

void fit_report_print(const fit_report *r, FILE *out);
cJSON *fit_report_json(const fit_report *r);

// The rates at the clock of a row; all 0 where it does not fit or no clock is known.
fit_rates fit_row_rates(const fit_row *row);

#endif
