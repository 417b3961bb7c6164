// SPDX-License-Identifier: Apache-2.0
// eie cycles: how many cycles a model takes on an array, by the timing model.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_packed_source.h"
#include "eie_predict.h"
#include "sim_report.h"

static const char description[] =
    "Says how many cycles each layer of MODEL takes on a configuration, for each of the inputs, without "
    "simulating: the timing model's counts are those of the RTL, to the cycle (docs/timing.md). The golden "
    "model works out the activations between the layers. Also tells the most cycles that any input can "
    "take.\n\n"
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
  uint64_t *worst;  // [n_layers]
  eie_compare_report report;
} work;

static int parse(request *r, eie_option_list *sets, int argc, char **argv) {
  const eie_option options[] = {
      {EIE_OPTION_CONFIG(&r->source.config)},
      {EIE_OPTION_INPUT(&r->input)},
      {EIE_OPTION_SET(sets)},
      {EIE_OPTION_DEALING(&r->dealing)},
      {EIE_OPTION_SEED(&r->source.options.seed)},
      {EIE_OPTION_CALIBRATE(&r->source.calibrate)},
      {EIE_OPTION_LIMIT(&r->limit)},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {.name = "cycles",
                               .summary = "tell the cycles of a model, exact, without simulating",
                               .synopsis =
                                   "MODEL --config NAME --input X [--set KEY=VALUE] [--dealing HOW] "
                                   "[--seed S] [--calibrate X] [--limit N] [--json]",
                               .description = description,
                               .examples = examples,
                               .options = options,
                               .n_options = sizeof options / sizeof options[0],
                               .min_operands = 1,
                               .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->source.path, NULL);
}

static eie_status run(const request *r, work *w, eie_error *err) {
  EIE_TRY(eie_packed_source_read(&r->source, &w->packed, &w->model, err));
  EIE_TRY(eie_activations_read(r->input, w->packed.layers[0].cols, w->packed.input_frac, &w->inputs, err));
  w->worst = calloc(w->packed.n_layers, sizeof *w->worst);
  if (!w->worst) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u layers", w->packed.n_layers);
  const eie_predict_job job = {.packed = &w->packed,
                               .inputs = &w->inputs,
                               .count = r->limit && r->limit < w->inputs.count ? r->limit : w->inputs.count,
                               .progress = "timing model",
                               .worst = w->worst,
                               .bus = 1};
  return eie_predict_run(&job, &w->report, err);
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

int eie_cmd_cycles(int argc, char **argv) {
  eie_option_list sets = {.count = 0};
  request r = {.source = {.sets = &sets, .options = {.seed = 1}}, .dealing = EIE_DEAL_BALANCED};
  int code = parse(&r, &sets, argc, argv);
  if (code >= 0) return code;
  r.source.options.dealing = (eie_dealing)r.dealing;
  work w = {.worst = NULL};
  eie_error err = {""};
  eie_status status = run(&r, &w, &err);
  code = status ? eie_cli_fail("cycles", status, &err) : show(&r, &w);
  free(w.worst);
  eie_compare_report_free(&w.report);
  eie_packed_free(&w.packed);
  eie_model_free(&w.model);
  eie_activations_free(&w.inputs);
  return code;
}
