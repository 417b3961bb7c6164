// SPDX-License-Identifier: Apache-2.0
// eie cycles: how many cycles a model takes on an array, by the timing model.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "eie_cli.h"
#include "eie_commands.h"
#include "eie_golden.h"
#include "eie_packed_source.h"
#include "eie_tensor.h"
#include "eie_timing.h"
#include "sim_report.h"

static const char description[] =
    "Says how many cycles each layer of MODEL takes on a configuration, for each of the inputs, without "
    "simulating: "
    "the timing model's counts are those of the RTL, to the cycle (docs/timing.md). The golden model works "
    "out "
    "the "
    "activations between the layers. Also tells the most cycles that any input can take.\n\n"
    "In place of MODEL --config NAME a packed directory (eie pack -o) can be given. The columns are those of "
    "eie sim. --set changes parameters of the configuration, so that a question like \"what would a deeper "
    "queue bring?\" needs no file.";

static const char examples[] =
    "eie cycles vectors/lenet-300-100.safetensors --config pe64 --input t10k-images-idx3-ubyte.gz \\\n"
    "    --limit 1000\n"
    "eie cycles alex7.safetensors --config pe64 --input alex7.npy --set QUEUE_DEPTH=8 --json";

typedef struct {
  eie_packed_source source;
  const char *input;
  uint32_t limit, dealing;
  int json;
} request;

typedef struct {
  eie_packed packed;
  eie_model model;
  eie_activations inputs;
  eie_golden *golden;
  eie_timing *timing;
  int16_t **vectors;  // [n_layers + 1] in packed order
  uint64_t *busy;     // [N]
  uint64_t *worst;    // [n_layers]
  eie_compare_report report;
} work;

static int parse(request *r, eie_option_list *sets, int argc, char **argv) {
  const eie_option options[] = {
      {.name = "config",
       .value = "NAME",
       .help = "configuration: a name in rtl/configs, or a .cfg file",
       .text = &r->source.config},
      {.name = "input",
       .value = "X",
       .help = "the activations: .npy or IDX",
       .text = &r->input,
       .required = 1},
      {.name = "set",
       .value = "KEY=VALUE",
       .help = "change a parameter of the configuration; may be repeated",
       .list = sets},
      {.name = "dealing",
       .value = "HOW",
       .help = "rows to PEs: balanced (default) or interleaved, as in the paper",
       .choice = &r->dealing,
       .choices = "interleaved|balanced"},
      {.name = "seed",
       .value = "S",
       .help = "seed of the balanced dealing (default 1)",
       .u64 = &r->source.options.seed},
      {.name = "limit",
       .value = "N",
       .help = "only the first N inputs",
       .u32 = &r->limit,
       .lo = 1,
       .hi = UINT32_MAX},
      {.name = "json", .help = "report as JSON", .flag = &r->json},
  };
  const eie_command command = {.name = "cycles",
                               .summary = "tell the cycles of a model, exact, without simulating",
                               .synopsis =
                                   "MODEL --config NAME --input X [--set KEY=VALUE] [--dealing HOW] "
                                   "[--seed S] [--limit N] [--json]",
                               .description = description,
                               .examples = examples,
                               .options = options,
                               .n_options = sizeof options / sizeof options[0],
                               .min_operands = 1,
                               .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->source.path, NULL);
}

static eie_status alloc_work(work *w, eie_error *err) {
  const eie_packed *p = &w->packed;
  const uint32_t n = p->n_layers, n_pe = p->config.n_pe;
  w->vectors = calloc(n + (size_t)1, sizeof *w->vectors);
  w->busy = calloc(n_pe, sizeof *w->busy);
  w->worst = calloc(n, sizeof *w->worst);
  w->report.layers = calloc(n, sizeof *w->report.layers);
  int good = w->vectors && w->busy && w->worst && w->report.layers;
  for (uint32_t k = 0; k <= n && good; k++) {
    const size_t slots = k < n ? p->layers[k].in_slots : p->layers[k - 1].out_slots;
    w->vectors[k] = calloc(slots * n_pe, sizeof **w->vectors);
    good = w->vectors[k] != NULL;
  }
  w->report.n_layers = good ? n : 0;
  return good ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for the vectors of %u layers", n);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void add_pass(const work *w, uint32_t p, const eie_counters *golden, const eie_timing_counters *c,
                     eie_compare_layer *sum) {
  const eie_pass *pass = &w->packed.passes[p];
  uint64_t busiest = 0;
  for (uint32_t pe = 0; pe < w->packed.config.n_pe; pe++)
    if (w->busy[pe] > busiest) busiest = w->busy[pe];
  eie_counters_add(&sum->golden, golden);
  sum->cycles += c->cycles;
  sum->window += c->window;
  sum->queue_full += c->queue_full;
  sum->busiest += busiest;
  sum->scanned += pass->col_slots;
  sum->written += pass->write_back ? pass->rows : 0;
}

static eie_status run_input(work *w, uint32_t input, eie_error *err) {
  eie_compare_report *report = &w->report;
  eie_packed_scatter(&w->packed, 0, w->inputs.data + (size_t)input * w->inputs.cols, w->vectors[0]);
  for (uint32_t p = 0; p < w->packed.n_passes; p++) {
    const uint32_t layer = w->packed.passes[p].layer;
    eie_counters golden;
    eie_timing_counters c;
    EIE_TRY(eie_golden_pass(w->golden, p, w->vectors[layer], w->vectors[layer + 1], &golden, w->busy, err));
    const double began = now();
    eie_timing_pass(w->timing, p, w->vectors[layer], &c, NULL);
    report->seconds += now() - began;
    add_pass(w, p, &golden, &c, &report->layers[layer]);
    add_pass(w, p, &golden, &c, &report->sum);
    report->program_cycles += c.cycles;
  }
  report->device_cycles = report->program_cycles;
  report->inputs++;
  return EIE_OK;
}

static eie_status find_worst(work *w, eie_error *err) {
  for (uint32_t p = 0; p < w->packed.n_passes; p++) {
    eie_timing_counters c;
    EIE_TRY(eie_timing_worst(w->timing, p, &c, err));
    w->worst[w->packed.passes[p].layer] += c.cycles;
  }
  return EIE_OK;
}

static eie_status run_inputs(work *w, uint32_t count, eie_error *err) {
  eie_progress progress;
  eie_status status = EIE_OK;
  eie_progress_start(&progress, "timing model", count);
  for (uint32_t i = 0; i < count && !status; i++) {
    status = run_input(w, i, err);
    eie_progress_update(&progress, i + 1);
  }
  eie_progress_end(&progress);
  return status;
}

static eie_status run(const request *r, work *w, eie_error *err) {
  EIE_TRY(eie_packed_source_read(&r->source, &w->packed, &w->model, err));
  EIE_TRY(eie_activations_read(r->input, w->packed.layers[0].cols, w->packed.input_frac, &w->inputs, err));
  EIE_TRY(alloc_work(w, err));
  EIE_TRY(eie_golden_open(&w->packed, &w->golden, err));
  EIE_TRY(eie_timing_open(&w->packed, &w->timing, err));
  EIE_TRY(find_worst(w, err));
  return run_inputs(w, r->limit && r->limit < w->inputs.count ? r->limit : w->inputs.count, err);
}

static uint64_t worst_of_all(const work *w) {
  uint64_t sum = 0;
  for (uint32_t k = 0; k < w->packed.n_layers; k++) sum += w->worst[k];
  return sum;
}

static cJSON *make_json(const sim_report *report, const work *w) {
  cJSON *root = sim_report_json(report), *layers = cJSON_GetObjectItem(root, "layers");
  eie_json_add_u64(root, "worst_cycles", worst_of_all(w));
  for (uint32_t k = 0; k < w->packed.n_layers; k++)
    eie_json_add_u64(cJSON_GetArrayItem(layers, (int)k), "worst_cycles", w->worst[k]);
  return root;
}

static int show(const request *r, const work *w) {
  const char *slash = strrchr(r->source.path, '/');
  const sim_report report = {.model = slash && slash[1] ? slash + 1 : r->source.path,
                             .engine = "timing",
                             .packed = &w->packed,
                             .report = &w->report,
                             .predicted = 1};
  if (r->json) return eie_cli_json("cycles", make_json(&report, w));
  sim_report_print(&report, stdout);
  printf("No input takes more than %llu cycles.\n", (unsigned long long)worst_of_all(w));
  return 0;
}

static void free_work(work *w) {
  for (uint32_t k = 0; w->vectors && k <= w->packed.n_layers; k++) free(w->vectors[k]);
  free(w->vectors);
  free(w->busy);
  free(w->worst);
  eie_golden_close(w->golden);
  eie_timing_close(w->timing);
  eie_compare_report_free(&w->report);
  eie_packed_free(&w->packed);
  eie_model_free(&w->model);
  eie_activations_free(&w->inputs);
}

int eie_cmd_cycles(int argc, char **argv) {
  eie_option_list sets = {.count = 0};
  request r = {.source = {.sets = &sets, .options = {.seed = 1}}, .dealing = EIE_DEAL_BALANCED};
  int code = parse(&r, &sets, argc, argv);
  if (code >= 0) return code;
  r.source.options.dealing = (eie_dealing)r.dealing;
  work w = {.golden = NULL};
  eie_error err = {""};
  eie_status status = run(&r, &w, &err);
  code = status ? eie_cli_fail("cycles", status, &err) : show(&r, &w);
  free_work(&w);
  return code;
}
