// SPDX-License-Identifier: Apache-2.0
// `eie train`: trains and compresses LeNet-300-100, reports accuracy after each step.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "eie_cli.h"
#include "eie_commands.h"
#include "train_compress.h"
#include "train_quantise.h"

enum { HELD_OUT = 5000 };

static const char description[] =
    "Trains LeNet-300-100 (784-300-100-10) on Fashion-MNIST and compresses it as in Deep Compression: "
    "dense training; magnitude pruning, step by step, with retraining; k-means sharing of at most 15 "
    "weights a layer with fine-tuned centroids; 16-bit fixed point. The dense network teaches the pruned "
    "and the shared one. Writes a compressed model for the other commands of eie.\n"
    "\n"
    "The last 5,000 training images are held out and shown as a check. The 10,000 test images are "
    "measured after each step and decide nothing; the 16-bit accuracy is the golden model's.\n"
    "\n"
    "The same seed gives the same file on the same machine: one thread, one generator. Another "
    "processor may have OpenBLAS sum in another order, and so end in other bits; the committed "
    "vectors/lenet-300-100.safetensors is the authority.";

static const char examples[] =
    "eie train --seed 1 -o lenet-300-100.safetensors\n"
    "eie train --quick --density 0.05,0.06,0.2 -o build/sparser.safetensors\n";

static int parse_density(const char *text, double density[TRAIN_LENET_LAYERS]) {
  char rest;
  double d[TRAIN_LENET_LAYERS];
  if (sscanf(text, "%lf,%lf,%lf%c", &d[0], &d[1], &d[2], &rest) != TRAIN_LENET_LAYERS) return -1;
  for (int k = 0; k < TRAIN_LENET_LAYERS; k++) {
    if (!(d[k] > 0.0 && d[k] <= 1.0)) return -1;
    density[k] = d[k];
  }
  return 0;
}

typedef struct {
  eie_progress progress;
  int json, drawing;
  train_step step;
  char label[64];
} view;

static void draw_epoch(void *context, train_step step, uint32_t epoch, uint32_t epochs) {
  view *v = context;
  if (!v->drawing || v->step != step) {
    snprintf(v->label, sizeof v->label, "%s: epoch", train_step_name(step));
    eie_progress_start(&v->progress, v->label, epochs);
    v->drawing = 1;
    v->step = step;
  }
  eie_progress_update(&v->progress, epoch);
}

static void print_step(void *context, train_step step, const train_step_report *report) {
  view *v = context;
  if (v->drawing) eie_progress_end(&v->progress);
  v->drawing = 0;
  if (v->json) return;
  printf("  %-8s %8.2f %% %8.2f %% %9.1f s\n", train_step_name(step), 100.0 * report->held_out,
         100.0 * report->test, report->seconds);
  fflush(stdout);
}

static double total_seconds(const train_report *report) {
  double sum = 0.0;
  for (int s = 0; s < TRAIN_STEPS; s++) sum += report->steps[s].seconds;
  return sum;
}

static void print_layer(const train_layer_report *r, const eie_layer *layer) {
  printf("  %-8s %4u x %-4u %7u %7.2f %% %6u %12" PRId32 " %8" PRIu64 " %9" PRIu64 "  %s\n", layer->name,
         r->cols, r->rows, r->nnz, 100.0 * r->nnz / ((double)r->rows * r->cols), r->words_used,
         layer->weight_frac, r->row_sum, r->counters.clamped,
         r->row_sum <= TRAIN_ROW_SUM_MAX ? "impossible"
         : r->counters.overflow          ? "HAPPENED"
                                         : "did not happen");
}

static void print_layers(const train_report *report, const eie_model *model, const char *path) {
  uint32_t nnz = 0;
  printf("\n  layer    cols x rows weights  density  words  weight_frac  row sum   clamped  overflow\n");
  for (uint32_t k = 0; k < model->n_layers; k++) {
    print_layer(&report->layers[k], &model->layers[k]);
    nnz += report->layers[k].nnz;
  }
  printf("\n%u weights, %.0f s, written to %s\n", nnz, total_seconds(report), path);
}

static cJSON *json_steps(const train_report *report) {
  cJSON *steps = cJSON_CreateArray();
  for (int s = 0; s < TRAIN_STEPS; s++) {
    cJSON *step = cJSON_CreateObject();
    cJSON_AddStringToObject(step, "name", train_step_name((train_step)s));
    cJSON_AddNumberToObject(step, "held_out_accuracy", report->steps[s].held_out);
    cJSON_AddNumberToObject(step, "accuracy", report->steps[s].test);
    cJSON_AddNumberToObject(step, "seconds", report->steps[s].seconds);
    cJSON_AddItemToArray(steps, step);
  }
  return steps;
}

static cJSON *json_layers(const train_report *report, const eie_model *model) {
  cJSON *layers = cJSON_CreateArray();
  for (uint32_t k = 0; k < model->n_layers; k++) {
    const train_layer_report *r = &report->layers[k];
    cJSON *layer = cJSON_CreateObject();
    cJSON_AddStringToObject(layer, "name", model->layers[k].name);
    eie_json_add_u64(layer, "rows", r->rows);
    eie_json_add_u64(layer, "cols", r->cols);
    eie_json_add_u64(layer, "nnz", r->nnz);
    eie_json_add_u64(layer, "words", r->words_used);
    cJSON_AddNumberToObject(layer, "weight_frac", model->layers[k].weight_frac);
    eie_json_add_u64(layer, "shift", model->layers[k].shift);
    eie_json_add_u64(layer, "row_sum", r->row_sum);
    eie_json_add_u64(layer, "useful", r->counters.useful);
    eie_json_add_u64(layer, "clamped", r->counters.clamped);
    eie_json_add_u64(layer, "overflow", r->counters.overflow);
    cJSON_AddItemToArray(layers, layer);
  }
  return layers;
}

static int print_json(const train_options *options, const train_report *report, const eie_model *model,
                      const char *path) {
  cJSON *root = cJSON_CreateObject();
  eie_json_add_u64(root, "seed", options->seed);
  cJSON_AddStringToObject(root, "model", path);
  cJSON_AddNumberToObject(root, "accuracy", report->steps[TRAIN_FIXED].test);
  cJSON_AddNumberToObject(root, "seconds", total_seconds(report));
  cJSON_AddItemToObject(root, "steps", json_steps(report));
  cJSON_AddItemToObject(root, "layers", json_layers(report, model));
  return eie_cli_json("train", root);
}

// Refuses a place that cannot be written to before the minutes of training, not after them.
static eie_status check_place(const char *path, eie_error *err) {
  char folder[4096] = ".";
  const char *slash = strrchr(path, '/');
  size_t n = slash ? (size_t)(slash - path) + 1 : 0;
  if (n >= sizeof folder) return eie_fail(err, EIE_ERR_USE, "--output is too long: %.40s...", path);
  if (n > 0) {
    memcpy(folder, path, n);
    folder[n] = 0;
  }
  if (access(folder, W_OK) != 0 || !path[n])
    return eie_fail(err, EIE_ERR_IO, "%.200s: cannot be written; make its folder first", path);
  return EIE_OK;
}

static int train(const train_options *options, const char *dir, const char *path, int json) {
  eie_error err = {""};
  train_data data = {0};
  train_report report;
  eie_model model = {0};
  view v = {.json = json};
  const train_watch watch = {.epoch = draw_epoch, .step = print_step, .context = &v};
  eie_status status = check_place(path, &err);
  if (status == EIE_OK) status = train_data_read(dir, HELD_OUT, &data, &err);
  if (status == EIE_OK && !json) {
    printf("LeNet-300-100, seed %" PRIu64 ": %u images to train, %u held out, %u to test\n\n", options->seed,
           data.fit.count, data.held_out.count, data.test.count);
    printf("  step      held out       test        time\n");
  }
  if (status == EIE_OK) status = train_compress(options, &data, &watch, &model, &report, &err);
  if (v.drawing) eie_progress_end(&v.progress);
  if (status == EIE_OK) status = eie_model_write(path, &model, &err);
  int exit_code = 0;
  if (status != EIE_OK)
    exit_code = eie_cli_fail("train", status, &err);
  else if (json)
    exit_code = print_json(options, &report, &model, path);
  else
    print_layers(&report, &model, path);
  train_data_free(&data);
  eie_model_free(&model);
  return exit_code;
}

int eie_cmd_train(int argc, char **argv) {
  const char *dir = "/usr/share/datasets/fashion-mnist", *out = NULL, *density = NULL;
  train_options full, options;
  train_options_default(&full, 0);
  options = full;
  uint32_t epochs[TRAIN_FIXED] = {0};  // 0: not given
  int quick = 0, json = 0;
  const eie_option table[] = {
      {.name = "output",
       .letter = 'o',
       .value = "MODEL",
       .help = "the compressed model to write",
       .text = &out,
       .required = 1},
      {.name = "data",
       .value = "DIR",
       .text = &dir,
       .help = "folder of the four Fashion-MNIST files (*-ubyte.gz); default "
               "/usr/share/datasets/fashion-mnist, from the Debian package dataset-fashion-mnist"},
      {.name = "seed", .value = "N", .help = "seed of everything random; default 1", .u64 = &options.seed},
      {.name = "density",
       .value = "A,B,C",
       .text = &density,
       .help = "part of the weights that each layer keeps, 0..1; default 0.08,0.09,0.26"},
      {.name = "codes",
       .value = "N",
       .u32 = &options.words,
       .lo = 1,
       .hi = 15,
       .help = "shared weights of a layer, the pruned 0 not counted; default 15"},
      {.name = "dense-epochs",
       .value = "N",
       .help = "epochs of dense training; default 40",
       .lo = 1,
       .hi = 10000,
       .u32 = &epochs[TRAIN_DENSE]},
      {.name = "prune-epochs",
       .value = "N",
       .help = "epochs of pruning and retraining; default 40",
       .lo = 1,
       .hi = 10000,
       .u32 = &epochs[TRAIN_PRUNED]},
      {.name = "share-epochs",
       .value = "N",
       .help = "epochs of fine-tuning the shared weights; default 10",
       .lo = 1,
       .hi = 10000,
       .u32 = &epochs[TRAIN_SHARED]},
      {.name = "quick", .help = "a tenth of the epochs: less accurate", .flag = &quick},
      {.name = "json", .help = "report as JSON", .flag = &json},
  };
  const eie_command command = {.name = "train",
                               .summary = "train and compress LeNet-300-100 on Fashion-MNIST",
                               .synopsis = "-o MODEL [--data DIR] [--seed N] [--density A,B,C] [...]",
                               .description = description,
                               .examples = examples,
                               .options = table,
                               .n_options = sizeof table / sizeof table[0]};
  int exit_code = eie_cli_parse(&command, argc, argv, NULL, NULL);
  if (exit_code >= 0) return exit_code;
  if (quick) {
    train_options short_run;
    train_options_default(&short_run, 1);
    for (int s = 0; s < TRAIN_FIXED; s++) options.fit[s] = short_run.fit[s];
  }
  for (int s = 0; s < TRAIN_FIXED; s++)
    if (epochs[s]) options.fit[s].epochs = epochs[s];
  if (density && parse_density(density, options.density))
    return eie_cli_bad_use("train",
                           "--density wants three numbers above 0 and up to 1, as in 0.08,0.09,0.26; "
                           "not '%s'",
                           density);
  return train(&options, dir, out, json);
}
