// SPDX-License-Identifier: Apache-2.0
// One layer of the paper, generated, packed and run in memory: what `eie bench` does nine times a seed.
#ifndef BENCH_LAYER_H
#define BENCH_LAYER_H

#include "eie_compare.h"
#include "paper_layers.h"

typedef enum { BENCH_TIMING, BENCH_VERILATOR } bench_engine;

typedef struct {
  eie_config config;
  eie_dealing dealing;
  bench_engine engine;
  double uneven;                    // sigma of log-normal row densities, 0: rows alike
  const eie_timing_delays *delays;  // NULL: the configuration's; else of another timing model
  int one_pass;                     // memories as large as it takes; timing model only
} bench_setup;

// One input through one layer.
typedef struct {
  eie_compare_layer run;  // compared 0 where nothing was
  uint64_t weights;       // stored, padding not included
  uint64_t worst_cycles;  // no input takes more
  uint64_t load_cycles, io_cycles;
  uint64_t timed_counters;  // that were compared with the timing model
  uint64_t simulated;       // cycles clocked, or modelled
  double seconds;           // that those took
  double packed_in;         // seconds of the packer
  uint32_t passes;
} bench_result;

// The same seed and setup give the same result but the seconds. `device` is open for setup->config, or NULL
// for the timing model. A difference between the device and the golden or the timing model is
// EIE_ERR_UNEQUAL.
eie_status bench_layer_run(const bench_setup *setup, const paper_layer *layer, uint64_t seed,
                           eie_device *device, bench_result *result, eie_error *err);

// Cycles that nothing can undercut: the broadcasts, or the entries of the busiest PE.
uint64_t bench_bound(const bench_result *result);

#endif
