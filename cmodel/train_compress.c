// SPDX-License-Identifier: Apache-2.0
// Deep Compression of LeNet-300-100, step by step.
#include "train_compress.h"

#include <string.h>
#include <time.h>

#include "train_matrix.h"
#include "train_prune.h"
#include "train_quantise.h"
#include "train_share.h"

enum { PRUNE_EVERY = 32 };  // batches from one cut to the next

typedef struct {
  const train_options *options;
  const train_data *data;
  const train_watch *watch;
  eie_random random;
  train_network net, teacher;  // teacher: the dense network
  train_step step;
  uint32_t batches;
  double began;
  train_report report;
} job;

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

const char *train_step_name(train_step step) {
  static const char *const names[TRAIN_STEPS] = {"dense", "pruned", "shared", "16-bit"};
  return step < TRAIN_STEPS ? names[step] : "";
}

void train_options_default(train_options *options, int quick) {
  const train_options committed = {
      .seed = 1,
      .density = {0.08, 0.09, 0.26},
      .words = 15,
      .fit = {[TRAIN_DENSE] = {.epochs = 40, .batch = 128, .rate = 1e-3, .decay = 0.05, .drop = 0.2},
              [TRAIN_PRUNED] = {.epochs = 40,
                                .batch = 128,
                                .rate = 1e-3,
                                .decay = 0.02,
                                .drop = 0.05,
                                .teach = 0.5,
                                .temperature = 2.0f},
              [TRAIN_SHARED] = {
                  .epochs = 10, .batch = 256, .rate = 1e-4, .teach = 0.5, .temperature = 2.0f, .shared = 1}}};
  *options = committed;
  for (int s = 0; quick && s < TRAIN_FIXED; s++) options->fit[s].epochs /= 10;
}

static void after_epoch(const train_network *net, uint32_t epoch, double loss, void *context) {
  const job *j = context;
  (void)net;
  (void)loss;
  if (j->watch && j->watch->epoch)
    j->watch->epoch(j->watch->context, j->step, epoch + 1, j->options->fit[j->step].epochs);
}

static void prune_to(train_network *net, const train_options *options, double progress) {
  for (uint32_t k = 0; k < net->n_layers; k++) {
    train_layer *layer = &net->layers[k];
    double density = train_prune_density(options->density[k], progress);
    train_prune_layer(layer, train_prune_count(layer->rows * layer->cols, density));
  }
}

static void before_batch(train_network *net, double progress, void *context) {
  job *j = context;
  if (j->step == TRAIN_PRUNED && j->batches++ % PRUNE_EVERY == 0) prune_to(net, j->options, progress);
}

static eie_status fit(job *j, eie_error *err) {
  const train_fit_request request = {.schedule = &j->options->fit[j->step],
                                     .images = &j->data->fit,
                                     .teacher = &j->teacher,
                                     .random = &j->random,
                                     .constrain = before_batch,
                                     .report = after_epoch,
                                     .context = j};
  return train_fit(&j->net, &request, err);
}

static void end_step(job *j) {
  double now = seconds_now();
  j->report.steps[j->step].seconds = now - j->began;
  j->began = now;
  if (j->watch && j->watch->step) j->watch->step(j->watch->context, j->step, &j->report.steps[j->step]);
}

// Accuracies of the network in floating point, then the step is over.
static eie_status measure(job *j, eie_error *err) {
  train_step_report *report = &j->report.steps[j->step];
  EIE_TRY(train_accuracy(&j->net, &j->data->held_out, &report->held_out, err));
  EIE_TRY(train_accuracy(&j->net, &j->data->test, &report->test, err));
  end_step(j);
  return EIE_OK;
}

static eie_status make_fixed(job *j, eie_model *model, eie_error *err) {
  static const char *const names[TRAIN_LENET_LAYERS] = {"ip1", "ip2", "ip3"};
  eie_counters unused[TRAIN_LENET_LAYERS] = {{0}}, counters[TRAIN_LENET_LAYERS] = {{0}};
  train_step_report *report = &j->report.steps[TRAIN_FIXED];
  EIE_TRY(train_quantise(&j->net, names, model, err));
  EIE_TRY(train_golden_accuracy(model, &j->data->held_out, &report->held_out, unused, err));
  EIE_TRY(train_golden_accuracy(model, &j->data->test, &report->test, counters, err));
  for (uint32_t k = 0; k < TRAIN_LENET_LAYERS; k++) {
    const train_layer *layer = &j->net.layers[k];
    j->report.layers[k] = (train_layer_report){.rows = layer->rows,
                                               .cols = layer->cols,
                                               .nnz = model->layers[k].nnz,
                                               .words_used = train_share_used(layer),
                                               .row_sum = train_row_sum(layer, model->layers[k].weight_frac),
                                               .counters = counters[k]};
  }
  end_step(j);
  return EIE_OK;
}

static eie_status run_steps(job *j, eie_model *model, eie_error *err) {
  const uint32_t dims[] = {j->data->fit.size, 300, 100, TRAIN_CLASSES};
  eie_random spare;  // the teacher's weights are overwritten
  eie_random_seed(&j->random, j->options->seed);
  eie_random_seed(&spare, 0);
  EIE_TRY(train_network_init(&j->net, TRAIN_LENET_LAYERS, dims, &j->random, err));
  EIE_TRY(train_network_init(&j->teacher, TRAIN_LENET_LAYERS, dims, &spare, err));

  j->step = TRAIN_DENSE;
  EIE_TRY(fit(j, err));
  EIE_TRY(measure(j, err));
  train_network_copy(&j->teacher, &j->net);

  j->step = TRAIN_PRUNED;
  EIE_TRY(fit(j, err));
  prune_to(&j->net, j->options, 1.0);
  EIE_TRY(measure(j, err));

  j->step = TRAIN_SHARED;
  for (uint32_t k = 0; k < j->net.n_layers; k++) train_share_layer(&j->net.layers[k], j->options->words);
  EIE_TRY(fit(j, err));
  EIE_TRY(measure(j, err));

  j->step = TRAIN_FIXED;
  return make_fixed(j, model, err);
}

static eie_status check_options(const train_options *options, const train_data *data, eie_error *err) {
  if (data->fit.size > 1 << 16)
    return eie_fail(err, EIE_ERR_INPUT, "images of %u pixels are too large, at most 65536", data->fit.size);
  if (options->words < 1 || options->words >= TRAIN_WORDS)
    return eie_fail(err, EIE_ERR_USE, "a layer shares 1 to 15 weights, not %u", options->words);
  for (int k = 0; k < TRAIN_LENET_LAYERS; k++)
    if (!(options->density[k] >= 0.0 && options->density[k] <= 1.0))
      return eie_fail(err, EIE_ERR_USE, "the density of layer %d is %g; it must be in 0..1", k,
                      options->density[k]);
  return EIE_OK;
}

eie_status train_compress(const train_options *options, const train_data *data, const train_watch *watch,
                          eie_model *model, train_report *report, eie_error *err) {
  EIE_TRY(check_options(options, data, err));
  train_matrix_one_thread();
  job j = {.options = options, .data = data, .watch = watch, .began = seconds_now()};
  eie_model made = {0};
  eie_status status = run_steps(&j, &made, err);
  if (status == EIE_OK) {
    *model = made;
    *report = j.report;
  } else {
    eie_model_free(&made);
  }
  train_network_free(&j.net);
  train_network_free(&j.teacher);
  return status;
}
