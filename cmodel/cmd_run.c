// SPDX-License-Identifier: Apache-2.0
// eie run: a model in the golden model, natural order: outputs, accuracy, counters.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_golden.h"
#include "eie_tensor.h"

static const uint64_t most_output_bytes = (uint64_t)1 << 32;

enum {
  MOST_THREADS = 256,
  INPUTS_WORTH_LAYING_OUT = 100,  // fewer are done sooner than the faster layout is made
  INPUTS_AT_ONCE = 1024,          // between two looks at the progress
  OUTPUTS_AT_ONCE = 1 << 24
};

static const char description[] =
    "Runs every input vector through the layers of MODEL in the golden model (bit-exact, layers in natural "
    "order, "
    "32-bit accumulators) and reports the counters of each layer: broadcasts (activations that are not "
    "zero), useful "
    "work (stored weights that met one), outputs that the clamp to 16 bits changed, and whether an "
    "accumulator "
    "overflowed.\n\n"
    "X is a .npy file of int16 or float32, shape (count, cols) or (cols,), or an IDX file of bytes, plain or "
    "gz; "
    "float32 and bytes are quantised with the model's input_frac (docs/tensor-formats.md). With labels the "
    "accuracy is "
    "the share of inputs whose largest output has the label's number; of equal outputs the lowest number "
    "wins.";

static const char examples[] =
    "eie run model.safetensors --input t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz\n"
    "eie run layer.safetensors --input x.npy -o y.npy";

typedef struct {
  const char *model_path, *input_path, *labels_path, *output_path;
  uint32_t limit, threads;  // 0: all inputs, all cores
  int json;
} request;

typedef struct {
  eie_model model;
  eie_activations inputs;
  eie_labels labels;       // count 0: none
  eie_counters *counters;  // [n_layers]
  int16_t *outputs;        // [inputs.count][rows], or [inputs_at_once][rows] without -o
  uint32_t correct;
} job;

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {EIE_OPTION_INPUT(&r->input_path)},
      {EIE_OPTION_LABELS(&r->labels_path)},
      {.name = "output",
       .letter = 'o',
       .value = "OUT.npy",
       .help = "write the outputs: int16, shape (count, rows)",
       .text = &r->output_path},
      {EIE_OPTION_LIMIT(&r->limit)},
      {.name = "threads",
       .value = "T",
       .help = "work on T inputs at a time (default: as many as there are cores); changes no result",
       .u32 = &r->threads,
       .lo = 1,
       .hi = MOST_THREADS},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {
      .name = "run",
      .summary = "run a model in the golden model",
      .synopsis = "MODEL --input X [--labels Y] [-o OUT.npy] [--limit N] [--threads T] [--json]",
      .description = description,
      .examples = examples,
      .options = options,
      .n_options = sizeof options / sizeof options[0],
      .min_operands = 1,
      .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->model_path, NULL);
}

static uint32_t output_rows(const job *j) {
  return j->model.layers[j->model.n_layers - 1].rows;
}

static eie_status check_labels(const request *r, const job *j, eie_error *err) {
  if (j->labels.count != j->inputs.count)
    return eie_fail(err, EIE_ERR_INPUT, "%s: holds %u labels, but %.160s holds %u inputs", r->labels_path,
                    j->labels.count, r->input_path, j->inputs.count);
  for (uint32_t i = 0; i < j->labels.count; i++)
    if (j->labels.data[i] < 0 || (uint32_t)j->labels.data[i] >= output_rows(j))
      return eie_fail(err, EIE_ERR_INPUT, "%s: label %u is %d, but the model has outputs 0 to %u",
                      r->labels_path, i, j->labels.data[i], output_rows(j) - 1);
  return EIE_OK;
}

static uint32_t inputs_at_once(const job *j) {
  uint32_t n = OUTPUTS_AT_ONCE / output_rows(j);
  if (n > INPUTS_AT_ONCE) n = INPUTS_AT_ONCE;
  if (n > j->inputs.count) n = j->inputs.count;
  return n > 1 ? n : 1;
}

static eie_status load(const request *r, job *j, eie_error *err) {
  EIE_TRY(eie_model_read(r->model_path, &j->model, err));
  EIE_TRY(eie_activations_read(r->input_path, j->model.layers[0].cols, j->model.input_frac, &j->inputs, err));
  if (r->labels_path) {
    EIE_TRY(eie_labels_read(r->labels_path, &j->labels, err));
    EIE_TRY(check_labels(r, j, err));
  }
  if (r->limit && r->limit < j->inputs.count) j->inputs.count = r->limit;
  uint64_t vectors = r->output_path ? j->inputs.count : inputs_at_once(j),
           bytes = vectors * output_rows(j) * sizeof(int16_t);
  if (bytes > most_output_bytes)
    return eie_fail(err, EIE_ERR_USE,
                    "the outputs would have %" PRIu64 " bytes; use --limit to run fewer inputs", bytes);
  j->counters = calloc(j->model.n_layers, sizeof *j->counters);
  j->outputs = malloc(bytes);
  if (!j->counters || !j->outputs) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for the outputs");
  return EIE_OK;
}

static void unload(job *j) {
  eie_model_free(&j->model);
  eie_activations_free(&j->inputs);
  eie_labels_free(&j->labels);
  free(j->counters);
  free(j->outputs);
}

static uint32_t argmax(const int16_t *y, uint32_t n) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < n; i++)
    if (y[i] > y[best]) best = i;
  return best;
}

// Inputs [first, first + n); y[n][rows].
static eie_status run_some(const request *r, job *j, const eie_golden_natural *golden, uint32_t first,
                           uint32_t n, int16_t *y, eie_error *err) {
  const uint32_t rows = output_rows(j);
  const int16_t *in = j->inputs.data + (size_t)first * j->inputs.cols;
  EIE_TRY(eie_golden_natural_run(golden, n, in, y, j->counters, r->threads, err));
  for (uint32_t i = 0; j->labels.count && i < n; i++)
    j->correct += argmax(y + (size_t)i * rows, rows) == (uint32_t)j->labels.data[first + i];
  return EIE_OK;
}

static eie_status run_all(const request *r, job *j, eie_error *err) {
  const uint32_t count = j->inputs.count, rows = output_rows(j), most = inputs_at_once(j);
  const eie_golden_way way = count < INPUTS_WORTH_LAYING_OUT ? EIE_GOLDEN_CHECKED : EIE_GOLDEN_FASTEST;
  eie_golden_natural *golden;
  eie_progress progress;
  eie_status status = EIE_OK;
  EIE_TRY(eie_golden_natural_open(&j->model, way, &golden, err));
  eie_progress_start(&progress, "golden model", count);
  for (uint32_t i = 0, n; i < count && status == EIE_OK; i += n) {
    n = count - i < most ? count - i : most;
    status = run_some(r, j, golden, i, n, j->outputs + (r->output_path ? (size_t)i * rows : 0), err);
    eie_progress_update(&progress, i + n);
  }
  eie_progress_end(&progress);
  eie_golden_natural_close(golden);
  if (status != EIE_OK || !r->output_path) return status;
  const eie_activations outputs = {.count = count, .cols = rows, .data = j->outputs};
  return eie_activations_write(r->output_path, &outputs, err);
}

static void print_text(const request *r, const job *j) {
  const eie_layer *last = &j->model.layers[j->model.n_layers - 1];
  double n = j->inputs.count;
  printf("%s: %u layer%s, %u -> %u; %u input%s\n\n", r->model_path, j->model.n_layers,
         j->model.n_layers == 1 ? "" : "s", j->model.layers[0].cols, last->rows, j->inputs.count,
         j->inputs.count == 1 ? "" : "s");
  printf("%-16s %8s %8s %14s %14s %10s  %s\n", "layer", "columns", "rows", "broadcasts", "useful work",
         "clamped", "overflow");
  printf("%-16s %8s %8s %14s %14s %10s\n", "", "", "", "an input", "an input", "in all");
  for (uint32_t k = 0; k < j->model.n_layers; k++) {
    const eie_layer *l = &j->model.layers[k];
    const eie_counters *c = &j->counters[k];
    printf("%-16.16s %8u %8u %14.1f %14.1f %10" PRIu64 "  %s\n", l->name, l->cols, l->rows,
           (double)c->broadcasts / n, (double)c->useful / n, c->clamped, c->overflow ? "yes" : "no");
  }
  if (j->labels.count)
    printf("\naccuracy %.2f %% (%u of %u)\n", 100.0 * j->correct / n, j->correct, j->inputs.count);
  if (r->output_path) printf("\noutputs written to %s\n", r->output_path);
}

static void add_counters(cJSON *object, const eie_counters *c) {
  eie_json_add_u64(object, "useful", c->useful);
  eie_json_add_u64(object, "broadcasts", c->broadcasts);
  eie_json_add_u64(object, "padding", c->padding);
  eie_json_add_u64(object, "clamped", c->clamped);
  cJSON_AddBoolToObject(object, "overflow", c->overflow != 0);
}

static cJSON *make_json(const request *r, const job *j) {
  cJSON *root = cJSON_CreateObject();
  eie_counters sum = {.broadcasts = 0};
  for (uint32_t k = 0; k < j->model.n_layers; k++) eie_counters_add(&sum, &j->counters[k]);
  cJSON_AddStringToObject(root, "engine", "golden");
  cJSON_AddStringToObject(root, "model", r->model_path);
  eie_json_add_u64(root, "inputs", j->inputs.count);
  if (j->labels.count)
    cJSON_AddNumberToObject(root, "accuracy", (double)j->correct / j->inputs.count);
  else
    cJSON_AddNullToObject(root, "accuracy");
  add_counters(root, &sum);
  cJSON *layers = cJSON_AddArrayToObject(root, "layers");
  for (uint32_t k = 0; k < j->model.n_layers; k++) {
    cJSON *layer = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, layer);
    cJSON_AddStringToObject(layer, "name", j->model.layers[k].name);
    eie_json_add_u64(layer, "rows", j->model.layers[k].rows);
    eie_json_add_u64(layer, "cols", j->model.layers[k].cols);
    add_counters(layer, &j->counters[k]);
  }
  return root;
}

int eie_cmd_run(int argc, char **argv) {
  request r = {.limit = 0};
  int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  eie_error err;
  job j = {.correct = 0};
  eie_status status = load(&r, &j, &err);
  if (status == EIE_OK) status = run_all(&r, &j, &err);
  code = eie_cli_fail("run", status, &err);
  if (status == EIE_OK && r.json) code = eie_cli_json("run", make_json(&r, &j));
  if (status == EIE_OK && !r.json) print_text(&r, &j);
  unload(&j);
  return code;
}
