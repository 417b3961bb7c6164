// SPDX-License-Identifier: Apache-2.0
// The report of `eie bench`: the table of the nine layers, seed by seed, and what follows from it.
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "bench_layer.h"

typedef struct {
  const bench_setup *setup;
  uint32_t n_layers, n_seeds;
  uint64_t first_seed;
  const paper_layer *const *layers;  // [n_layers]
  const bench_result *results;       // [n_seeds][n_layers]
} bench_report;

void bench_report_print(const bench_report *report, FILE *out);
cJSON *bench_report_json(const bench_report *report);  // bench_json.c

// ---- numbers of a report: bench_sums.c

const char *bench_engine_name(const bench_report *report);  // "model" or "verilator"
const bench_result *bench_result_of(const bench_report *report, uint32_t seed, uint32_t layer);

// Adds what can be added: *sum is the result of several layers or seeds.
void bench_add(bench_result *sum, const bench_result *result);

// cycles x N_PE / useful work: 1 is every PE busy with stored weights from start to done. 0 without work.
double bench_ratio(const bench_report *report, const bench_result *result);

// Geometric mean of the ratios of one seed's layers, and the mean of that over the seeds.
double bench_geomean(const bench_report *report, uint32_t seed);
double bench_mean_geomean(const bench_report *report);

// Cycles in which a PE waited between the first broadcast and the last entry, mean of the PEs.
double bench_starved(const bench_report *report, const bench_result *result);

// Largest memory that the process has had, bytes.
uint64_t bench_peak_memory(void);

#endif
