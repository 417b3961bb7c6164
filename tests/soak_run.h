// SPDX-License-Identifier: Apache-2.0
// One case, in a process of its own: what crashes or hangs there is a failure with a sentence like any other.
#ifndef SOAK_RUN_H
#define SOAK_RUN_H

#include <stdio.h>

#include "soak_config.h"

typedef enum { SOAK_PASSED, SOAK_FAILED, SOAK_PASSED_OVER } soak_verdict;

typedef struct {
  soak_verdict verdict;
  char sentence[600];
  soak_corners corners;
  uint64_t inputs, layers, outputs, cycles, timed;
} soak_result;

typedef struct {
  const char *engine;  // verilator, icarus or model
  uint32_t patience;   // seconds after which a case hangs
  uint64_t most_cost;  // cases above it are passed over; 0: none
  soak_builds *builds;
} soak_way;

// Runs the case; the RTL is built first. Never fails itself: what goes wrong is in *result.
void soak_run(const soak_way *way, const soak_case *c, soak_result *result);

// A sentence without its numbers: two failures with the same are taken to be one.
void soak_sentence_kind(const char *sentence, char *kind, size_t size);

// Prints to `out` what a lock-step run of the case says, with the host's actions where they start no program
// twice; in a process of its own. Returns 0 when there was one.
int soak_run_lockstep(const soak_way *way, const soak_case *c, FILE *out);

#endif
