// SPDX-License-Identifier: Apache-2.0
// The run: load, then for each input golden model, whole program, pass by pass where layers overwrite
// each other, comparison. Before a run every place of `got` is made different from what is wanted, so
// that a place that nobody read is a difference.
#include "eie_compare.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compare_run.h"
#include "eie_cli.h"

uint32_t compare_places(const compare_run *r, uint32_t k) {
  const eie_packed *p = r->packed;
  return (k < p->n_layers ? p->layers[k].in_slots : p->layers[k - 1].out_slots) * p->config.n_pe;
}

eie_status compare_prefix(const compare_run *r, uint32_t layer, eie_status status, eie_error *err) {
  eie_error_prefix(err, "input %u, layer %u (%s)", r->input, layer, r->packed->layers[layer].name);
  return status;
}

static void poison(compare_run *r) {
  memcpy(r->got[0], r->want[0], compare_places(r, 0) * sizeof **r->got);
  for (uint32_t k = 1; k <= r->packed->n_layers; k++)
    for (uint32_t i = 0; i < compare_places(r, k); i++) r->got[k][i] = (int16_t)(r->want[k][i] ^ 0x5555);
}

static eie_status run_program(compare_run *r, uint32_t step, uint32_t count, int whole, eie_error *err) {
  uint64_t io = r->bus.cycles[EIE_REGION_ACTIVATION];
  if (r->job->lockstep) eie_lockstep_begin(r->job->lockstep, r->input, step, count, r->want);
  eie_driver_status s = eie_driver_run_program(&r->driver, r->image, step, count, r->got);
  if (whole) r->report->io_cycles += r->bus.cycles[EIE_REGION_ACTIVATION] - io;
  eie_status status = eie_device_bus_check(&r->bus, s, err);
  if (r->job->lockstep) {
    status = eie_lockstep_end(r->job->lockstep, eie_device_cycles(r->job->device), status, err);
    if (eie_lockstep_found(r->job->lockstep)) return status;
  }
  if (!status) status = compare_counters(r, step, count, whole, err);
  if (!status) return EIE_OK;
  uint32_t at = step;  // a fault tells which of the passes it was in
  if (s == EIE_DRIVER_FAULT)
    for (uint32_t k = step; k < step + count; k++)
      if (r->image->steps[k].descriptor == r->driver.why.fault.descriptor) at = k;
  eie_error_prefix(err, "passes %u to %u", step, step + count - 1);
  return compare_prefix(r, r->packed->passes[at].layer, status, err);
}

static eie_status read_layer_outputs(compare_run *r, uint32_t step, uint32_t count, eie_error *err) {
  for (uint32_t k = step; k < step + count; k++) {
    const eie_step *s = &r->image->steps[k];
    if (!s->write_back) continue;
    eie_driver_status status = eie_driver_read_outputs(&r->driver, s, r->got[s->layer + 1]);
    EIE_TRY(eie_device_bus_check(&r->bus, status, err));
  }
  return EIE_OK;
}

static eie_status run_whole(compare_run *r, eie_error *err) {
  poison(r);
  for (uint32_t step = 0; step < r->image->n_steps;) {
    uint32_t count = eie_image_program(r->image, step);
    EIE_TRY(run_program(r, step, count, 1, err));
    step += count;
  }
  const uint32_t last = r->packed->n_layers;
  memcpy(r->whole, r->got[last], compare_places(r, last) * sizeof *r->whole);
  return r->packed->all_visible ? read_layer_outputs(r, 0, r->image->n_steps, err) : EIE_OK;
}

// Where layers reuse activation slots, each pass alone and its outputs read at once.
static eie_status run_pass_by_pass(compare_run *r, eie_error *err) {
  poison(r);
  for (uint32_t step = 0; step < r->image->n_steps; step++) {
    EIE_TRY(run_program(r, step, 1, 0, err));
    EIE_TRY(read_layer_outputs(r, step, 1, err));
  }
  return EIE_OK;
}

static void count_correct(compare_run *r) {
  const uint32_t last = r->packed->n_layers, rows = r->packed->layers[last - 1].rows;
  if (!r->job->labels) return;
  eie_packed_gather(r->packed, last, r->got[last], r->gathered);
  uint32_t best = 0;
  for (uint32_t row = 1; row < rows; row++)
    if (r->gathered[row] > r->gathered[best]) best = row;
  r->report->correct += r->job->labels->data[r->input] == (int32_t)best;
}

static eie_status run_input(compare_run *r, eie_error *err) {
  EIE_TRY(compare_golden(r, err));
  EIE_TRY(compare_timing_input(r, err));
  EIE_TRY(run_whole(r, err));
  if (!r->packed->all_visible) EIE_TRY(run_pass_by_pass(r, err));
  EIE_TRY(compare_outputs(r, err));
  if (r->counter_status) {
    if (err) *err = r->counter_error;
    return r->counter_status;
  }
  count_correct(r);
  return EIE_OK;
}

static uint64_t memory_cycles(const compare_run *r) {
  const uint64_t *c = r->bus.cycles;
  return c[EIE_REGION_DESCRIPTOR] + c[EIE_REGION_SPMAT] + c[EIE_REGION_POINTER] + c[EIE_REGION_CODEBOOK];
}

// Every load once, read back; what it took to write them is the image's load time.
static eie_status load_all(compare_run *r, eie_error *err) {
  EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_check(&r->driver, r->image), err));
  for (uint32_t load = r->image->n_loads; load-- > 0;) {
    uint64_t since = memory_cycles(r);
    EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_load(&r->driver, r->image, load), err));
    r->report->load_cycles += memory_cycles(r) - since;
    if (!r->job->skip_verify)
      EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_verify(&r->driver, r->image, load), err));
  }
  return EIE_OK;
}

// Nothing that was asked for may have been left out.
static eie_status check_complete(const compare_run *r, eie_error *err) {
  for (uint32_t l = 0; l < r->packed->n_layers; l++) {
    const uint64_t inputs = r->job->count - r->job->first, got = r->report->layers[l].compared;
    const uint64_t want = r->packed->layers[l].rows * inputs;
    if (got != want)
      return eie_fail(err, EIE_ERR_UNEQUAL,
                      "layer %u (%s): %llu outputs were compared, not the %llu asked for", l,
                      r->packed->layers[l].name, (unsigned long long)got, (unsigned long long)want);
  }
  return EIE_OK;
}

static eie_status run_inputs(compare_run *r, eie_error *err) {
  eie_progress progress;
  if (r->job->progress) eie_progress_start(&progress, "inputs compared", r->job->count - r->job->first);
  eie_status status = EIE_OK;
  for (r->input = r->job->first; r->input < r->job->count && !status; r->input++) {
    status = run_input(r, err);
    if (!status) r->report->inputs++;
    if (r->job->progress) eie_progress_update(&progress, r->report->inputs);
  }
  if (r->job->progress) eie_progress_end(&progress);
  return status ? status : check_complete(r, err);
}

static void *take(size_t count, size_t size, int *short_of_memory) {
  void *p = calloc(count + 1, size);
  if (!p) *short_of_memory = 1;
  return p;
}

static eie_status alloc_run(compare_run *r, eie_error *err) {
  const eie_packed *p = r->packed;
  int bad = 0;
  uint32_t most = 1;
  r->want = take(p->n_layers + 1, sizeof *r->want, &bad);
  r->got = take(p->n_layers + 1, sizeof *r->got, &bad);
  r->natural = take(p->n_layers, sizeof *r->natural, &bad);
  for (uint32_t k = 0; k <= p->n_layers && !bad; k++) {
    r->want[k] = take(compare_places(r, k), sizeof **r->want, &bad);
    r->got[k] = take(compare_places(r, k), sizeof **r->got, &bad);
    if (k > 0) r->natural[k - 1] = take(p->layers[k - 1].rows, sizeof **r->natural, &bad);
    if (k > 0 && p->layers[k - 1].rows > most) most = p->layers[k - 1].rows;
  }
  r->whole = take(compare_places(r, p->n_layers), sizeof *r->whole, &bad);
  r->natural_counters = take(p->n_layers, sizeof *r->natural_counters, &bad);
  r->gathered = take(most, sizeof *r->gathered, &bad);
  r->want_counters = take(p->n_passes, sizeof *r->want_counters, &bad);
  r->want_busy = take((size_t)p->n_passes * p->config.n_pe, sizeof *r->want_busy, &bad);
  r->cycles = take(p->n_passes, sizeof *r->cycles, &bad);
  r->busy = take(p->config.n_pe, sizeof *r->busy, &bad);
  r->report->layers = take(p->n_layers, sizeof *r->report->layers, &bad);
  r->report->n_layers = bad ? 0 : p->n_layers;
  return bad ? eie_fail(err, EIE_ERR_MEMORY, "no memory to compare %u layers", p->n_layers) : EIE_OK;
}

static void free_run(compare_run *r) {
  for (uint32_t k = 0; k <= r->packed->n_layers; k++) {
    if (r->want) free(r->want[k]);
    if (r->got) free(r->got[k]);
    if (r->natural && k > 0) free(r->natural[k - 1]);
  }
  free(r->want);
  free(r->got);
  free(r->natural);
  free(r->whole);
  free(r->natural_counters);
  free(r->gathered);
  free(r->want_counters);
  free(r->want_busy);
  free(r->cycles);
  free(r->busy);
  eie_golden_close(r->golden);
  compare_timing_close(r);
  eie_packed_image_free(&r->own);
}

static eie_status open_run(compare_run *r, eie_error *err) {
  EIE_TRY(alloc_run(r, err));
  EIE_TRY(eie_golden_open(r->packed, &r->golden, err));
  EIE_TRY(compare_timing_open(r, err));
  if (!r->job->image) {
    EIE_TRY(eie_packed_image_make(r->packed, &r->own, err));
    r->image = &r->own.image;
  }
  EIE_TRY(eie_device_bus_open(&r->bus, r->job->device, &r->driver, err));
  return load_all(r, err);
}

void eie_compare_layer_add(eie_compare_layer *sum, const eie_compare_layer *l) {
  eie_counters_add(&sum->golden, &l->golden);
  sum->cycles += l->cycles;
  sum->window += l->window;
  sum->queue_full += l->queue_full;
  sum->busiest += l->busiest;
  sum->scanned += l->scanned;
  sum->written += l->written;
  sum->compared += l->compared;
  sum->differing += l->differing;
  sum->differing_bits += l->differing_bits;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

eie_status eie_compare_run(const eie_compare_job *job, eie_compare_report *report, eie_error *err) {
  memset(report, 0, sizeof *report);
  if (job->first > job->count || job->count > job->inputs->count ||
      job->inputs->cols != job->packed->layers[0].cols)
    return eie_fail(err, EIE_ERR_USE, "%u inputs of %u activations were asked for, there are %u of %u",
                    job->count, job->packed->layers[0].cols, job->inputs->count, job->inputs->cols);
  if (job->labels && job->labels->count < job->count)
    return eie_fail(err, EIE_ERR_USE, "there are %u labels for %u inputs", job->labels->count, job->count);
  compare_run r = {.job = job, .packed = job->packed, .report = report};
  if (job->image) r.image = &job->image->image;
  const double began = now();
  const uint64_t since = eie_device_cycles(job->device);
  eie_status status = open_run(&r, err);
  if (!status) status = run_inputs(&r, err);
  report->seconds = now() - began;
  report->device_cycles = eie_device_cycles(job->device) - since;
  for (uint32_t l = 0; l < report->n_layers; l++) eie_compare_layer_add(&report->sum, &report->layers[l]);
  free_run(&r);
  return status;
}

void eie_compare_report_free(eie_compare_report *report) {
  free(report->layers);
  memset(report, 0, sizeof *report);
}
