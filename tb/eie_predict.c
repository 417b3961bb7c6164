// SPDX-License-Identifier: Apache-2.0
#include "eie_predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "eie_cli.h"
#include "predict_bus.h"

typedef struct {
  const eie_predict_job *job;
  const eie_packed *packed;
  eie_golden *golden;
  eie_timing *timing;
  int16_t **vectors;  // [n_layers + 1] in packed order
  uint64_t *busy;     // [N]
  eie_compare_report *report;
} prediction;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static eie_status alloc_run(prediction *r, eie_error *err) {
  const eie_packed *p = r->packed;
  const uint32_t n = p->n_layers, n_pe = p->config.n_pe;
  r->vectors = calloc(n + (size_t)1, sizeof *r->vectors);
  r->busy = calloc(n_pe, sizeof *r->busy);
  r->report->layers = calloc(n, sizeof *r->report->layers);
  int good = r->vectors && r->busy && r->report->layers;
  for (uint32_t k = 0; k <= n && good; k++) {
    const size_t slots = k < n ? p->layers[k].in_slots : p->layers[k - 1].out_slots;
    r->vectors[k] = calloc(slots * n_pe, sizeof **r->vectors);
    good = r->vectors[k] != NULL;
  }
  r->report->n_layers = good ? n : 0;
  return good ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for the vectors of %u layers", n);
}

static void free_run(prediction *r) {
  for (uint32_t k = 0; r->vectors && k <= r->packed->n_layers; k++) free(r->vectors[k]);
  free(r->vectors);
  free(r->busy);
  eie_golden_close(r->golden);
  eie_timing_close(r->timing);
}

static void add_pass(const prediction *r, uint32_t p, const eie_counters *golden,
                     const eie_timing_counters *c, eie_compare_layer *sum) {
  const eie_pass *pass = &r->packed->passes[p];
  uint64_t busiest = 0;
  for (uint32_t pe = 0; pe < r->packed->config.n_pe; pe++)
    if (r->busy[pe] > busiest) busiest = r->busy[pe];
  eie_counters_add(&sum->golden, golden);
  sum->cycles += c->cycles;
  sum->window += c->window;
  sum->queue_full += c->queue_full;
  sum->busiest += busiest;
  sum->scanned += pass->col_slots;
  sum->written += pass->write_back ? pass->rows : 0;
}

// Seconds of the fastest run of the recurrence.
static double time_pass(prediction *r, uint32_t p, const int16_t *in, eie_timing_counters *c) {
  double fastest = HUGE_VAL;
  for (uint32_t k = 0; k == 0 || k < r->job->repeats; k++) {
    const double began = now();
    eie_timing_pass(r->timing, p, in, c, NULL);
    fastest = fmin(fastest, now() - began);
  }
  return fastest;
}

static eie_status run_input(prediction *r, uint32_t input, eie_error *err) {
  eie_compare_report *report = r->report;
  eie_packed_scatter(r->packed, 0, r->job->inputs->data + (size_t)input * r->job->inputs->cols,
                     r->vectors[0]);
  for (uint32_t p = 0; p < r->packed->n_passes; p++) {
    const uint32_t layer = r->packed->passes[p].layer;
    eie_counters golden;
    eie_timing_counters c;
    EIE_TRY(eie_golden_pass(r->golden, p, r->vectors[layer], r->vectors[layer + 1], &golden, r->busy, err));
    report->seconds += time_pass(r, p, r->vectors[layer], &c);
    add_pass(r, p, &golden, &c, &report->layers[layer]);
    add_pass(r, p, &golden, &c, &report->sum);
    report->program_cycles += c.cycles;
  }
  report->device_cycles = report->program_cycles;
  report->inputs++;
  return EIE_OK;
}

static eie_status find_worst(prediction *r, eie_error *err) {
  memset(r->job->worst, 0, r->packed->n_layers * sizeof *r->job->worst);
  for (uint32_t p = 0; p < r->packed->n_passes; p++) {
    eie_timing_counters c;
    EIE_TRY(eie_timing_worst(r->timing, p, &c, err));
    r->job->worst[r->packed->passes[p].layer] += c.cycles;
  }
  return EIE_OK;
}

static eie_status run_inputs(prediction *r, eie_error *err) {
  eie_progress progress;
  eie_status status = EIE_OK;
  if (r->job->progress) eie_progress_start(&progress, r->job->progress, r->job->count);
  for (uint32_t i = 0; i < r->job->count && !status; i++) {
    status = run_input(r, i, err);
    if (r->job->progress) eie_progress_update(&progress, i + 1);
  }
  if (r->job->progress) eie_progress_end(&progress);
  return status;
}

static eie_status count_bus(prediction *r, eie_error *err) {
  predicted_bus bus;
  EIE_TRY(predict_bus(r->packed, &bus, err));
  r->report->load_cycles = bus.load;
  r->report->io_cycles = bus.io * r->job->count - (r->job->skip_verify && r->job->count > 0);
  return EIE_OK;
}

static eie_status run_all(prediction *r, eie_error *err) {
  EIE_TRY(alloc_run(r, err));
  EIE_TRY(eie_golden_open(r->packed, &r->golden, err));
  EIE_TRY(eie_timing_open(r->packed, &r->timing, err));
  if (r->job->bus) EIE_TRY(count_bus(r, err));
  if (r->job->worst) EIE_TRY(find_worst(r, err));
  return run_inputs(r, err);
}

eie_status eie_predict_run(const eie_predict_job *job, eie_compare_report *report, eie_error *err) {
  memset(report, 0, sizeof *report);
  if (job->count > job->inputs->count || job->inputs->cols != job->packed->layers[0].cols)
    return eie_fail(err, EIE_ERR_USE, "%u inputs of %u activations were asked for, there are %u of %u",
                    job->count, job->packed->layers[0].cols, job->inputs->count, job->inputs->cols);
  prediction r = {.job = job, .packed = job->packed, .report = report};
  const eie_status status = run_all(&r, err);
  free_run(&r);
  return status;
}
