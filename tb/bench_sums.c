// SPDX-License-Identifier: Apache-2.0
// Sums and means of the results of `eie bench`.
#include <math.h>
#include <sys/resource.h>

#include "bench_report.h"

const char *bench_engine_name(const bench_report *r) {
  return r->setup->engine == BENCH_TIMING ? "model" : "verilator";
}

const bench_result *bench_result_of(const bench_report *r, uint32_t seed, uint32_t layer) {
  return &r->results[(size_t)seed * r->n_layers + layer];
}

void bench_add(bench_result *sum, const bench_result *b) {
  eie_compare_layer_add(&sum->run, &b->run);
  sum->weights += b->weights;
  sum->worst_cycles += b->worst_cycles;
  sum->load_cycles += b->load_cycles;
  sum->io_cycles += b->io_cycles;
  sum->timed_counters += b->timed_counters;
  sum->simulated += b->simulated;
  sum->seconds += b->seconds;
  sum->packed_in += b->packed_in;
  sum->passes += b->passes;
}

double bench_ratio(const bench_report *r, const bench_result *b) {
  const double useful = (double)b->run.golden.useful;
  return useful > 0 ? (double)b->run.cycles * r->setup->config.n_pe / useful : 0;
}

double bench_geomean(const bench_report *r, uint32_t seed) {
  double sum = 0;
  for (uint32_t k = 0; k < r->n_layers; k++) sum += log(bench_ratio(r, bench_result_of(r, seed, k)));
  return exp(sum / r->n_layers);
}

double bench_mean_geomean(const bench_report *r) {
  double sum = 0;
  for (uint32_t s = 0; s < r->n_seeds; s++) sum += bench_geomean(r, s);
  return sum / r->n_seeds;
}

double bench_starved(const bench_report *r, const bench_result *b) {
  return (double)b->run.window - (double)b->run.golden.entries / r->setup->config.n_pe;
}

uint64_t bench_peak_memory(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? 0 : (uint64_t)usage.ru_maxrss * 1024;
}
