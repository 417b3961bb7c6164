// SPDX-License-Identifier: Apache-2.0
// Load and read back every load; then for each input the golden and the timing model, the whole program,
// and, where layers overwrite each other, every pass alone, so that the outputs of each layer are read.
#include "vectors_run.h"

#include <stdlib.h>
#include <string.h>

enum { CYCLES_AFTER_RESET = 4 };

uint32_t vectors_run_places(const eie_packed *p, uint32_t k) {
  return (k < p->n_layers ? p->layers[k].in_slots : p->layers[k - 1].out_slots) * p->config.n_pe;
}

static eie_status driven(vectors_run *r, eie_driver_status status, eie_error *err) {
  return eie_device_bus_check(&r->bus, status, err);
}

static eie_status load_all(vectors_run *r, eie_error *err) {
  const eie_image *image = &r->image.image;
  EIE_TRY(driven(r, eie_driver_check(&r->driver, image), err));
  for (uint32_t load = image->n_loads; load-- > 0;) {
    r->recorder.now.load = load;
    EIE_TRY(driven(r, eie_driver_load(&r->driver, image, load), err));
    EIE_TRY(driven(r, eie_driver_verify(&r->driver, image, load), err));
  }
  return EIE_OK;
}

// What the pass must count.
static void set_counters(const eie_timing_counters *t, const eie_counters *g, uint64_t *counter) {
  counter[EIE_COUNTER_CYCLES] = t->cycles;
  counter[EIE_COUNTER_WINDOW] = t->window;
  counter[EIE_COUNTER_QUEUE_FULL] = t->queue_full;
  counter[EIE_COUNTER_BROADCASTS] = g->broadcasts;
  counter[EIE_COUNTER_ENTRIES] = g->entries;
  counter[EIE_COUNTER_PADDING] = g->padding;
  counter[EIE_COUNTER_CLAMPED] = g->clamped;
  counter[EIE_COUNTER_OVERFLOW] = g->overflow;
}

static eie_status predict(vectors_run *r, uint32_t input, eie_error *err) {
  const eie_packed *p = r->packed;
  for (uint32_t k = 0; k <= p->n_layers; k++)
    r->want[k] = r->values[k] + (size_t)input * vectors_run_places(p, k);
  eie_packed_scatter(p, 0, r->inputs->data + (size_t)input * r->inputs->cols, r->want[0]);
  for (uint32_t s = 0; s < p->n_passes; s++) {
    const uint32_t layer = p->passes[s].layer;
    uint64_t *counter = r->counter + (size_t)s * EIE_NUM_COUNTERS;
    eie_counters golden;
    eie_timing_counters timing;
    EIE_TRY(eie_golden_pass(r->golden, s, r->want[layer], r->want[layer + 1], &golden,
                            r->busy + (size_t)s * p->config.n_pe, err));
    eie_timing_pass(r->timing, s, r->want[layer], &timing, NULL);
    set_counters(&timing, &golden, counter);
    for (uint32_t k = 0; k < EIE_NUM_COUNTERS; k++) r->sums[layer * EIE_NUM_COUNTERS + k] += counter[k];
    r->program_cycles += timing.cycles;
  }
  return EIE_OK;
}

// Tells the recorder what comes.
static void announce(vectors_run *r, uint32_t step, uint32_t count) {
  const uint32_t n_pe = r->packed->config.n_pe;
  vectors_context *now = &r->recorder.now;
  now->load = r->packed->passes[step].load;
  now->step = step;
  now->steps = count;
  now->want = r->want;
  now->counter = r->counter + (size_t)step * EIE_NUM_COUNTERS;
  now->busy = r->program_busy;
  now->cycles = now->window = 0;
  memset(r->program_busy, 0, n_pe * sizeof *r->program_busy);
  for (uint32_t k = step; k < step + count; k++) {
    now->cycles += r->counter[(size_t)k * EIE_NUM_COUNTERS + EIE_COUNTER_CYCLES];
    now->window += r->counter[(size_t)k * EIE_NUM_COUNTERS + EIE_COUNTER_WINDOW];
    for (uint32_t pe = 0; pe < n_pe; pe++) r->program_busy[pe] += r->busy[(size_t)k * n_pe + pe];
  }
}

static eie_status read_counters(vectors_run *r, uint32_t step, uint32_t count, eie_error *err) {
  uint64_t counter[EIE_NUM_COUNTERS], cycles, window;
  for (uint32_t k = step; k < step + count; k++)
    EIE_TRY(driven(r, eie_driver_counters(&r->driver, r->image.steps[k].descriptor, counter), err));
  EIE_TRY(driven(r, eie_driver_program_cycles(&r->driver, &cycles, &window), err));
  return driven(r, eie_driver_pe_busy(&r->driver, r->program_busy), err);
}

// The outputs that the driver has not read on its own.
static eie_status read_outputs(vectors_run *r, uint32_t step, uint32_t count, eie_error *err) {
  for (uint32_t k = step; k < step + count; k++) {
    const eie_step *s = &r->image.steps[k];
    if (!s->write_back || s->host_out || s->layer + 1 == r->packed->n_layers) continue;
    EIE_TRY(driven(r, eie_driver_read_outputs(&r->driver, s, r->want[s->layer + 1]), err));
  }
  return EIE_OK;
}

static eie_status run_program(vectors_run *r, uint32_t step, uint32_t count, int read_all, eie_error *err) {
  announce(r, step, count);
  EIE_TRY(driven(r, eie_driver_run_program(&r->driver, &r->image.image, step, count, r->want), err));
  if (read_all) EIE_TRY(read_outputs(r, step, count, err));
  return read_counters(r, step, count, err);
}

static eie_status run_input(vectors_run *r, uint32_t input, eie_error *err) {
  const eie_image *image = &r->image.image;
  r->recorder.now.input = input;
  EIE_TRY(predict(r, input, err));
  for (uint32_t step = 0; step < image->n_steps;) {
    const uint32_t count = eie_image_program(image, step);
    EIE_TRY(run_program(r, step, count, (int)r->packed->all_visible, err));
    step += count;
  }
  for (uint32_t step = 0; step < image->n_steps && !r->packed->all_visible; step++)
    EIE_TRY(run_program(r, step, 1, 1, err));
  return EIE_OK;
}

static void *take(size_t count, size_t size, int *bad) {
  void *p = calloc(count + 1, size);
  if (!p) *bad = 1;
  return p;
}

static eie_status alloc_run(vectors_run *r, eie_error *err) {
  const eie_packed *p = r->packed;
  int bad = 0;
  r->values = take(p->n_layers + (size_t)1, sizeof *r->values, &bad);
  r->want = take(p->n_layers + (size_t)1, sizeof *r->want, &bad);
  r->sums = take((size_t)p->n_layers * EIE_NUM_COUNTERS, sizeof *r->sums, &bad);
  r->counter = take((size_t)p->n_passes * EIE_NUM_COUNTERS, sizeof *r->counter, &bad);
  r->busy = take((size_t)p->n_passes * p->config.n_pe, sizeof *r->busy, &bad);
  r->program_busy = take(p->config.n_pe, sizeof *r->program_busy, &bad);
  for (uint32_t k = 0; k <= p->n_layers && !bad; k++) {
    const uint64_t elements = (uint64_t)r->count * vectors_run_places(p, k);
    if (elements >= UINT32_MAX)
      return eie_fail(err, EIE_ERR_USE, "%u inputs are too many for one vector set; use --limit", r->count);
    r->values[k] = take((size_t)elements, sizeof **r->values, &bad);
  }
  return bad ? eie_fail(err, EIE_ERR_MEMORY, "no memory for the vectors of %u inputs", r->count) : EIE_OK;
}

eie_status vectors_run_all(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                           vectors_run *r, eie_error *err) {
  *r = (vectors_run){.packed = packed, .inputs = inputs, .count = count};
  if (count == 0 || count > inputs->count || inputs->cols != packed->layers[0].cols)
    return eie_fail(err, EIE_ERR_USE, "%u inputs of %u activations were asked for, there are %u of %u", count,
                    packed->layers[0].cols, inputs->count, inputs->cols);
  EIE_TRY(alloc_run(r, err));
  EIE_TRY(eie_golden_open(packed, &r->golden, err));
  EIE_TRY(eie_timing_open(packed, &r->timing, err));
  EIE_TRY(eie_packed_image_make(packed, &r->image, err));
  EIE_TRY(vectors_recorder_open(packed, &r->recorder, err));
  EIE_TRY(eie_device_step(&r->recorder.base, CYCLES_AFTER_RESET, err));
  EIE_TRY(eie_device_bus_open(&r->bus, &r->recorder.base, &r->driver, err));
  EIE_TRY(load_all(r, err));
  for (uint32_t input = 0; input < count; input++) EIE_TRY(run_input(r, input, err));
  return EIE_OK;
}

void vectors_run_free(vectors_run *r) {
  for (uint32_t k = 0; r->values && k <= r->packed->n_layers; k++) free(r->values[k]);
  free(r->values);
  free(r->want);
  free(r->sums);
  free(r->counter);
  free(r->busy);
  free(r->program_busy);
  eie_golden_close(r->golden);
  eie_timing_close(r->timing);
  eie_packed_image_free(&r->image);
  vectors_recorder_close(&r->recorder);
}
