// SPDX-License-Identifier: Apache-2.0
#include "bench_layer.h"

#include <string.h>
#include <time.h>

#include "eie_gen.h"
#include "eie_predict.h"

enum {
  SHIFT = 14,  // outputs have the fraction of the inputs
  REPEATS = 5  // of the recurrence, to tell its speed
};

typedef struct {
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  eie_compare_report report;
} work;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static eie_status generate(const bench_setup *s, const paper_layer *layer, uint64_t seed, work *w,
                           eie_error *err) {
  const eie_gen_options options = {.rows = layer->rows,
                                   .cols = layer->cols,
                                   .density = layer->density,
                                   .act_density = layer->act_density,
                                   .uneven = s->uneven,
                                   .seed = seed,
                                   .count = 1,
                                   .relu = layer->relu,
                                   .shift = SHIFT,
                                   .codebook_size = 16};
  EIE_TRY(eie_gen_model(&options, &w->model, err));
  memset(w->model.layers[0].name, 0, sizeof w->model.layers[0].name);
  memcpy(w->model.layers[0].name, layer->name, strlen(layer->name));
  return eie_gen_activations(&options, &w->inputs, err);
}

static eie_status pack(const bench_setup *s, uint64_t seed, work *w, bench_result *result, eie_error *err) {
  const eie_pack_options options = {.dealing = s->dealing, .seed = seed};
  const double began = now();
  const eie_status status = s->one_pass ? eie_pack_one_pass(&w->model, &s->config, &options, &w->packed, err)
                                        : eie_pack(&w->model, &s->config, &options, &w->packed, err);
  result->packed_in = now() - began;
  result->weights = w->model.layers[0].nnz;
  result->passes = w->packed.n_passes;
  return status;
}

static eie_status run(const bench_setup *s, eie_device *device, work *w, bench_result *result,
                      eie_error *err) {
  const eie_predict_job predict = {.packed = &w->packed,
                                   .inputs = &w->inputs,
                                   .count = 1,
                                   .worst = &result->worst_cycles,
                                   .repeats = REPEATS,
                                   .skip_verify = 1,
                                   .bus = s->engine == BENCH_TIMING && !s->one_pass};
  EIE_TRY(eie_predict_run(&predict, &w->report, err));
  if (s->engine == BENCH_TIMING) return EIE_OK;
  eie_compare_report_free(&w->report);
  const eie_compare_job compare = {.packed = &w->packed,
                                   .model = &w->model,
                                   .inputs = &w->inputs,
                                   .count = 1,
                                   .device = device,
                                   .skip_verify = 1,
                                   .timed = 1,
                                   .delays = s->delays};
  return eie_compare_run(&compare, &w->report, err);
}

static eie_status run_layer(const bench_setup *s, const paper_layer *layer, uint64_t seed, eie_device *device,
                            work *w, bench_result *result, eie_error *err) {
  EIE_TRY(generate(s, layer, seed, w, err));
  EIE_TRY(pack(s, seed, w, result, err));
  EIE_TRY(run(s, device, w, result, err));
  result->run = w->report.sum;
  result->load_cycles = w->report.load_cycles;
  result->io_cycles = w->report.io_cycles;
  result->timed_counters = w->report.timed_counters;
  result->simulated = w->report.device_cycles;
  result->seconds = w->report.seconds;
  return EIE_OK;
}

eie_status bench_layer_run(const bench_setup *setup, const paper_layer *layer, uint64_t seed,
                           eie_device *device, bench_result *result, eie_error *err) {
  work w = {.model = {.n_layers = 0}};
  memset(result, 0, sizeof *result);
  const eie_status status = run_layer(setup, layer, seed, device, &w, result, err);
  if (status) eie_error_prefix(err, "%s, seed %llu", layer->name, (unsigned long long)seed);
  eie_compare_report_free(&w.report);
  eie_packed_free(&w.packed);
  eie_model_free(&w.model);
  eie_activations_free(&w.inputs);
  return status;
}

uint64_t bench_bound(const bench_result *result) {
  const eie_compare_layer *r = &result->run;
  return r->golden.broadcasts > r->busiest ? r->golden.broadcasts : r->busiest;
}
