// SPDX-License-Identifier: Apache-2.0
// eie bench: the nine layers of the paper, on the timing model or on the RTL.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_report.h"
#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_packed_source.h"

static const char description[] =
    "Generates the nine layers of the EIE paper's benchmark with its sizes and densities, packs each for a "
    "configuration, runs one input through it, and sets the cycles from start to done beside the useful work "
    "(stored weights that meet an activation that is not zero, divided by the PEs) and beside the cycles of "
    "the paper's 64 PEs. Everything happens in memory, one layer after the other; the same seed gives the "
    "same numbers on every machine.\n\n"
    "--engine model, the default, is the timing model: the RTL's cycles without simulating. --engine "
    "verilator runs the RTL, compares every output bit with the golden model and every counter with the "
    "golden and the timing model, and stops at the first difference.\n\n"
    "With --uneven the rows' densities are log-normal. --seed draws layers, inputs and dealing; --seeds N "
    "repeats all of it with the N - 1 seeds after it. With --one-pass the memories are as large as each "
    "layer needs, so that any number of PEs can be compared without reloading.";

static const char exit_status[] =
    "0 when the run is complete, 1 when the RTL differs, faults or does not answer, 2 after bad use or "
    "input.";

static const char examples[] =
    "eie bench --seeds 5 --uneven 0.4\n"
    "eie bench --engine verilator --layer NT-LSTM --layer VGG-8\n"
    "eie bench --set N_PE=16 --set QUEUE_DEPTH=8 --one-pass --json";

typedef struct {
  const char *config;
  eie_option_list sets, names;
  uint32_t engine, dealing, seeds;
  uint64_t seed;
  int json;
  bench_setup setup;
} request;

typedef struct {
  const paper_layer *layers[PAPER_LAYERS];
  uint32_t n_layers;
  bench_result *results;  // [seeds][n_layers]
  eie_device *device;
} work;

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {.name = "engine",
       .value = "E",
       .help = "model (default: the timing model) or verilator",
       .choice = &r->engine,
       .choices = "model|verilator"},
      {EIE_OPTION_CONFIG(&r->config)},
      {EIE_OPTION_SET(&r->sets)},
      {.name = "layer",
       .value = "NAME",
       .help = "only this layer; may be repeated: Alex-6, Alex-7, Alex-8, VGG-6, VGG-7, VGG-8, NT-We, NT-Wd, "
               "NT-LSTM",
       .list = &r->names},
      {.name = "uneven",
       .value = "S",
       .help = "sigma of log-normal row densities, 0 to 2 (default 0: rows alike)",
       .real = &r->setup.uneven,
       .hi = 2},
      {EIE_OPTION_DEALING(&r->dealing)},
      {.name = "seed",
       .value = "K",
       .help = "seed of the layers, the inputs and the dealing (default 1)",
       .u64 = &r->seed},
      {.name = "seeds",
       .value = "N",
       .help = "run seeds K to K + N - 1 (default 1)",
       .u32 = &r->seeds,
       .lo = 1,
       .hi = 1000},
      {.name = "one-pass",
       .help = "memories as large as each layer needs (timing model only)",
       .flag = &r->setup.one_pass},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {
      .name = "bench",
      .summary = "the nine layers of the paper, and its cycles",
      .synopsis =
          "[--engine E] [--config NAME] [--set KEY=VALUE] [--layer NAME] "
          "[--uneven S] [--dealing HOW] [--seed K] [--seeds N] [--one-pass] [--json]",
      .description = description,
      .exit_status = exit_status,
      .examples = examples,
      .options = options,
      .n_options = sizeof options / sizeof options[0]};
  return eie_cli_parse(&command, argc, argv, NULL, NULL);
}

static eie_status choose_layers(const eie_option_list *names, work *w, eie_error *err) {
  for (uint32_t k = 0; k < PAPER_LAYERS; k++) {
    int wanted = names->count == 0;
    for (uint32_t i = 0; i < names->count; i++) wanted |= strcmp(names->items[i], paper_layers[k].name) == 0;
    if (wanted) w->layers[w->n_layers++] = &paper_layers[k];
  }
  for (uint32_t i = 0; i < names->count; i++) {
    uint32_t k = 0;
    while (k < PAPER_LAYERS && strcmp(names->items[i], paper_layers[k].name) != 0) k++;
    if (k == PAPER_LAYERS)
      return eie_fail(err, EIE_ERR_USE, "the paper has no layer \"%.40s\"; \"eie bench --help\" lists them",
                      names->items[i]);
  }
  return EIE_OK;
}

static eie_status prepare(request *r, work *w, eie_error *err) {
  EIE_TRY(choose_layers(&r->names, w, err));
  EIE_TRY(eie_packed_source_config(r->config, &r->sets, &r->setup.config, err));
  r->setup.dealing = (eie_dealing)r->dealing;
  r->setup.engine = (bench_engine)r->engine;
  w->results = calloc((size_t)r->seeds * w->n_layers, sizeof *w->results);
  if (!w->results) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the results of %u seeds", r->seeds);
  if (r->setup.engine == BENCH_TIMING) return EIE_OK;
  if (r->setup.one_pass)
    return eie_fail(err, EIE_ERR_USE, "--one-pass is for --engine model: an array has the memories it has");
  const eie_device_options options = {.seed = r->seed, .build = EIE_BUILD_FAST, .verbose = 1};
  return eie_device_open("verilator", &r->setup.config, &options, &w->device, err);
}

static eie_status run(const request *r, const work *w, eie_error *err) {
  eie_progress progress;
  eie_status status = EIE_OK;
  const uint32_t total = r->seeds * w->n_layers;
  eie_progress_start(&progress, "layers of the paper", total);
  for (uint32_t i = 0; i < total && !status; i++) {
    status = bench_layer_run(&r->setup, w->layers[i % w->n_layers], r->seed + i / w->n_layers, w->device,
                             &w->results[i], err);
    eie_progress_update(&progress, i + 1);
  }
  eie_progress_end(&progress);
  return status;
}

static int show(const request *r, const work *w) {
  const bench_report report = {.setup = &r->setup,
                               .n_layers = w->n_layers,
                               .n_seeds = r->seeds,
                               .first_seed = r->seed,
                               .layers = w->layers,
                               .results = w->results};
  if (r->json) return eie_cli_json("bench", bench_report_json(&report));
  bench_report_print(&report, stdout);
  return 0;
}

int eie_cmd_bench(int argc, char **argv) {
  request r = {.config = "pe64", .dealing = EIE_DEAL_BALANCED, .seed = 1, .seeds = 1};
  int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  work w = {.n_layers = 0};
  eie_error err = {""};
  eie_status status = prepare(&r, &w, &err);
  if (!status) status = run(&r, &w, &err);
  code = status ? eie_cli_fail("bench", status, &err) : show(&r, &w);
  eie_device_close(w.device);
  free(w.results);
  return code;
}
