// SPDX-License-Identifier: Apache-2.0
// What a soak says: a failure with what follows it, and the table at the end.
#ifndef SOAK_REPORT_H
#define SOAK_REPORT_H

#include <stdio.h>

#include "soak_shrink.h"

enum { SOAK_MOST_CONFIGS = 4000 };

// Of one simulator; goes through a pipe at the end.
typedef struct {
  char engine[16];
  uint64_t passed, failed, passed_over, inputs, layers, outputs, cycles, timed;
  double seconds;                      // of cases; shrinking is not in it
  uint32_t corners[SOAK_CORNERS_ALL];  // cases, or host actions
  uint32_t named, fresh;               // configurations
} soak_totals;

void soak_totals_add(soak_totals *t, const soak_result *r);

void soak_print_totals(const soak_totals *each, uint32_t n, FILE *out);

// Writes the small case to the folder `dir` and prints what is in it and its commands.
void soak_print_small(const soak_way *way, const soak_case *c, const soak_result *result, const char *dir,
                      FILE *out);

// "3 layers, 40 x 12, ..." of a case.
void soak_describe(const soak_case *c, char *text, size_t size);

#endif
