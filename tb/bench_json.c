// SPDX-License-Identifier: Apache-2.0
// The report of `eie bench` as JSON (docs/commands.md).
#include "bench_report.h"
#include "eie_cli.h"
#include "sim_report.h"

static void add_or_null(cJSON *object, const char *key, uint64_t value, int known) {
  if (known)
    eie_json_add_u64(object, key, value);
  else
    cJSON_AddNullToObject(object, key);
}

static void add_counts(const bench_report *r, cJSON *object, const bench_result *b) {
  const eie_compare_layer *run = &b->run;
  add_or_null(object, "compared", run->compared, r->setup->engine != BENCH_TIMING);
  add_or_null(object, "differing", run->differing, r->setup->engine != BENCH_TIMING);
  add_or_null(object, "timed_counters", b->timed_counters, r->setup->engine != BENCH_TIMING);
  eie_json_add_u64(object, "cycles", run->cycles);
  eie_json_add_u64(object, "useful", run->golden.useful);
  if (run->golden.useful)
    cJSON_AddNumberToObject(object, "ratio", bench_ratio(r, b));
  else
    cJSON_AddNullToObject(object, "ratio");
  eie_json_add_u64(object, "broadcasts", run->golden.broadcasts);
  eie_json_add_u64(object, "entries", run->golden.entries);
  eie_json_add_u64(object, "padding", run->golden.padding);
  eie_json_add_u64(object, "busiest", run->busiest);
  eie_json_add_u64(object, "window", run->window);
  eie_json_add_u64(object, "queue_full", run->queue_full);
  cJSON_AddNumberToObject(object, "starved", bench_starved(r, b));
  eie_json_add_u64(object, "write_back", run->written);
  eie_json_add_u64(object, "clamped", run->golden.clamped);
  cJSON_AddBoolToObject(object, "overflow", run->golden.overflow != 0);
  eie_json_add_u64(object, "weights", b->weights);
  eie_json_add_u64(object, "worst_cycles", b->worst_cycles);
  eie_json_add_u64(object, "passes", b->passes);
  add_or_null(object, "load_cycles", b->load_cycles, !r->setup->one_pass);
  add_or_null(object, "io_cycles", b->io_cycles, !r->setup->one_pass);
  eie_json_add_u64(object, "simulated_cycles", b->simulated);
  cJSON_AddNumberToObject(object, "seconds", b->seconds);
  cJSON_AddNumberToObject(object, "pack_seconds", b->packed_in);
}

static void add_layer(const bench_report *r, cJSON *layers, uint32_t k, const bench_result *b) {
  const paper_layer *layer = r->layers[k];
  cJSON *object = cJSON_CreateObject();
  cJSON_AddItemToArray(layers, object);
  cJSON_AddStringToObject(object, "name", layer->name);
  eie_json_add_u64(object, "rows", layer->rows);
  eie_json_add_u64(object, "cols", layer->cols);
  cJSON_AddNumberToObject(object, "density", layer->density);
  cJSON_AddNumberToObject(object, "act_density", layer->act_density);
  eie_json_add_u64(object, "paper_cycles", layer->cycles);
  add_counts(r, object, b);
  cJSON_AddStringToObject(object, "bound_by", sim_report_bound_by(&b->run));
}

static void add_seeds(const bench_report *r, cJSON *root) {
  cJSON *seeds = cJSON_AddArrayToObject(root, "seeds");
  for (uint32_t s = 0; s < r->n_seeds; s++) {
    cJSON *seed = cJSON_CreateObject();
    cJSON_AddItemToArray(seeds, seed);
    eie_json_add_u64(seed, "seed", r->first_seed + s);
    cJSON_AddNumberToObject(seed, "geomean", bench_geomean(r, s));
    cJSON *layers = cJSON_AddArrayToObject(seed, "layers");
    for (uint32_t k = 0; k < r->n_layers; k++) add_layer(r, layers, k, bench_result_of(r, s, k));
  }
}

cJSON *bench_report_json(const bench_report *r) {
  const bench_setup *s = r->setup;
  bench_result sum = {.seconds = 0};
  cJSON *root = cJSON_CreateObject();
  for (uint32_t i = 0; i < r->n_seeds * r->n_layers; i++) bench_add(&sum, &r->results[i]);
  cJSON_AddStringToObject(root, "config", s->config.name);
  cJSON_AddStringToObject(root, "engine", bench_engine_name(r));
  cJSON_AddStringToObject(root, "dealing", s->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved");
  cJSON *parameters = cJSON_AddObjectToObject(root, "parameters");
#define EIE_KEY(field, key, lo, hi, what) eie_json_add_u64(parameters, #key, s->config.field);
  EIE_CONFIG_PARAMETERS(EIE_KEY)
#undef EIE_KEY
  cJSON_AddNumberToObject(root, "uneven", s->uneven);
  cJSON_AddBoolToObject(root, "one_pass", s->one_pass);
  eie_json_add_u64(root, "inputs", r->n_seeds);
  cJSON_AddNumberToObject(root, "geomean", bench_mean_geomean(r));
  add_counts(r, root, &sum);
  eie_json_add_u64(root, "peak_bytes", bench_peak_memory());
  cJSON *layers = cJSON_AddArrayToObject(root, "layers");
  for (uint32_t k = 0; k < r->n_layers; k++) {
    bench_result layer = {.seconds = 0};
    for (uint32_t i = 0; i < r->n_seeds; i++) bench_add(&layer, bench_result_of(r, i, k));
    add_layer(r, layers, k, &layer);
  }
  add_seeds(r, root);
  return root;
}
