// SPDX-License-Identifier: Apache-2.0
// The timing model against the Verilated RTL: every counter of every pass of random layers, on many
// configurations and with both dealings, multi-layer programs and tiles included. The same comparison with
// each delay of the model off by one must find a difference. A failure prints what replays it:
//   EIE_ONLY=t04 EIE_SEED=1003002 build/tests/rtl_timing
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cmocka.h>

#include "device_bus.h"
#include "eie_golden.h"
#include "eie_image.h"
#include "eie_timing.h"
#include "random_configs.h"
#include "random_model.h"
#include "rtl_part.h"
#include "timing_delays.h"

enum { MAX_VECTORS = 8, MAX_PE = 256 };

typedef struct {
  random_model_census census;
  uint64_t seed;     // EIE_SEED, or 1
  const char *only;  // EIE_ONLY, or NULL
  uint32_t configs, cases, passes, programs, tiled, waits;
  uint64_t cycles;
  rtl_part part;
  uint64_t left;  // of this configuration's budget
  uint32_t left_out;
  uint32_t wrong_passes[N_WRONG];  // passes in which a wrong model was found out
} campaign;

// One packed model on one device.
typedef struct {
  campaign *c;
  uint64_t seed;
  const eie_packed *packed;
  eie_packed_image image;
  eie_timing *timing, *wrong[N_WRONG];  // wrong: NULL once it was found out
  eie_golden *golden;
  eie_device_bus bus;
  eie_driver driver;
  int16_t *vectors[MAX_VECTORS], *outputs[MAX_VECTORS];
  eie_error err;
} trial;

static void must(const trial *t, eie_status status) {
  if (status)
    fail_msg("EIE_ONLY=%s EIE_SEED=%llu replays: %s", t->packed->config.name, (unsigned long long)t->seed,
             t->err.text);
}

static void driven(trial *t, eie_driver_status status) {
  must(t, eie_device_bus_check(&t->bus, status, &t->err));
}

static void equal(const trial *t, uint32_t pass, const char *counter, uint64_t device, uint64_t model) {
  if (device != model)
    fail_msg("EIE_ONLY=%s EIE_SEED=%llu replays: pass %u, %s: device %llu, model %llu",
             t->packed->config.name, (unsigned long long)t->seed, pass, counter, (unsigned long long)device,
             (unsigned long long)model);
}

// What the golden model and the timing model say of one input.
typedef struct {
  eie_counters golden;
  eie_timing_counters timing;
  uint64_t busy[MAX_PE];
} prediction;

static void predict(trial *t, prediction *p) {
  for (uint32_t k = 0; k < t->packed->n_passes; k++) {
    const uint32_t layer = t->packed->passes[k].layer;
    uint64_t busy[MAX_PE];
    must(t, eie_golden_pass(t->golden, k, t->vectors[layer], t->vectors[layer + 1], &p[k].golden, busy,
                            &t->err));
    eie_timing_pass(t->timing, k, t->vectors[layer], &p[k].timing, p[k].busy);
    for (uint32_t pe = 0; pe < t->packed->config.n_pe; pe++)
      equal(t, k, "golden busy", busy[pe], p[k].busy[pe]);
  }
}

static int same_times(const eie_timing_counters *c, const uint64_t *device) {
  return c->cycles == device[EIE_COUNTER_CYCLES] && c->window == device[EIE_COUNTER_WINDOW] &&
         c->queue_full == device[EIE_COUNTER_QUEUE_FULL];
}

static void try_wrong_ones(trial *t, uint32_t pass, const uint64_t *device) {
  const int16_t *in = t->vectors[t->packed->passes[pass].layer];
  for (uint32_t w = 0; w < N_WRONG; w++) {
    eie_timing_counters c;
    if (!t->wrong[w]) continue;
    eie_timing_pass(t->wrong[w], pass, in, &c, NULL);
    t->c->wrong_passes[w] += !same_times(&c, device);
  }
}

static void check_pass(trial *t, uint32_t pass, const prediction *p) {
  uint64_t device[EIE_NUM_COUNTERS];
  driven(t, eie_driver_counters(&t->driver, t->packed->passes[pass].descriptor, device));
  equal(t, pass, "CYCLES", device[EIE_COUNTER_CYCLES], p->timing.cycles);
  equal(t, pass, "WINDOW", device[EIE_COUNTER_WINDOW], p->timing.window);
  equal(t, pass, "QUEUE_FULL", device[EIE_COUNTER_QUEUE_FULL], p->timing.queue_full);
  equal(t, pass, "BROADCASTS", device[EIE_COUNTER_BROADCASTS], p->timing.broadcasts);
  equal(t, pass, "ENTRIES", device[EIE_COUNTER_ENTRIES], p->timing.entries);
  equal(t, pass, "PADDING", device[EIE_COUNTER_PADDING], p->timing.padding);
  equal(t, pass, "CLAMPED", device[EIE_COUNTER_CLAMPED], p->golden.clamped);
  equal(t, pass, "OVERFLOW", device[EIE_COUNTER_OVERFLOW], p->golden.overflow);
  try_wrong_ones(t, pass, device);
  t->c->passes++;
  t->c->waits += p->timing.queue_full > 0;
  t->c->cycles += p->timing.cycles;
}

static void check_program(trial *t, uint32_t step, uint32_t count, const prediction *p) {
  const uint32_t n_pe = t->packed->config.n_pe;
  uint64_t cycles, window, device_busy[MAX_PE], want_cycles = 0, want_window = 0;
  driven(t, eie_driver_run_program(&t->driver, &t->image.image, step, count, t->outputs));
  for (uint32_t k = step; k < step + count; k++) {
    check_pass(t, k, &p[k]);
    want_cycles += p[k].timing.cycles;
    want_window += p[k].timing.window;
  }
  driven(t, eie_driver_program_cycles(&t->driver, &cycles, &window));
  driven(t, eie_driver_pe_busy(&t->driver, device_busy));
  equal(t, step, "PROGRAM_CYCLES", cycles, want_cycles);
  equal(t, step, "register WINDOW", window, want_window);
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    uint64_t busy = 0;
    for (uint32_t k = step; k < step + count; k++) busy += p[k].busy[pe];
    equal(t, step, "busy", device_busy[pe], busy);
  }
  t->c->programs += count > 1;
}

static void run_input(trial *t, const int16_t *in) {
  prediction *p = calloc(t->packed->n_passes, sizeof *p);
  assert_non_null(p);
  eie_packed_scatter(t->packed, 0, in, t->vectors[0]);
  predict(t, p);
  for (uint32_t k = 0; k < t->packed->n_layers; k++)
    memcpy(t->outputs[k], t->vectors[k],
           (size_t)t->packed->layers[k].in_slots * t->packed->config.n_pe * sizeof **t->outputs);
  for (uint32_t step = 0; step < t->image.image.n_steps;) {
    const uint32_t count = eie_image_program(&t->image.image, step);
    check_program(t, step, count, p);
    step += count;
  }
  free(p);
}

static void open_wrong_ones(trial *t) {
  for (uint32_t w = 0; w < N_WRONG; w++) {
    eie_timing_delays d = eie_timing_delays_of(&t->packed->config);
    int32_t *delay = (int32_t *)(void *)((char *)&d + timing_delays[w / 2].offset);
    *delay += w % 2 ? -1 : 1;
    // A few passes are enough to find a wrong model out.
    if (t->c->wrong_passes[w] < 5) must(t, eie_timing_open_with(t->packed, &d, &t->wrong[w], &t->err));
  }
}

static void open_trial(trial *t, eie_device *device) {
  const eie_packed *p = t->packed;
  must(t, eie_timing_open(p, &t->timing, &t->err));
  open_wrong_ones(t);
  must(t, eie_golden_open(p, &t->golden, &t->err));
  must(t, eie_packed_image_make(p, &t->image, &t->err));
  must(t, eie_device_bus_open(&t->bus, device, &t->driver, &t->err));
  driven(t, eie_driver_check(&t->driver, &t->image.image));
  assert_in_range(p->n_layers, 1, MAX_VECTORS - 1);
  for (uint32_t k = 0; k <= p->n_layers; k++) {
    const size_t slots = k < p->n_layers ? p->layers[k].in_slots : p->layers[k - 1].out_slots;
    t->vectors[k] = calloc(slots * p->config.n_pe, sizeof **t->vectors);
    t->outputs[k] = calloc(slots * p->config.n_pe, sizeof **t->outputs);
    assert_true(t->vectors[k] && t->outputs[k]);
  }
}

static void close_trial(trial *t) {
  for (uint32_t k = 0; k <= t->packed->n_layers; k++) {
    free(t->vectors[k]);
    free(t->outputs[k]);
  }
  for (uint32_t w = 0; w < N_WRONG; w++) eie_timing_close(t->wrong[w]);
  eie_timing_close(t->timing);
  eie_golden_close(t->golden);
  eie_packed_image_free(&t->image);
}

static void run_packed(campaign *c, const eie_packed *packed, const eie_activations *inputs,
                       eie_device *device, uint64_t seed) {
  trial t = {.c = c, .seed = seed, .packed = packed};
  open_trial(&t, device);
  const uint32_t count = packed->config.n_pe <= 16 ? inputs->count : 1;
  for (uint32_t i = 0; i < count; i++) run_input(&t, inputs->data + (size_t)i * inputs->cols);
  close_trial(&t);
  c->cases += packed->n_layers;
  c->tiled += packed->n_passes > packed->n_layers;
}

// Loading a large array through a simulated bus takes longer than the layers themselves: few models for
// those, and none of several loads.
static uint32_t models_of(const eie_config *config) {
  return config->n_pe <= 4 ? 22 : config->n_pe <= 16 ? 10 : config->n_pe <= 64 ? 3 : 1;
}

// Also what would cost more than is left of the budget.
static int takes_long(campaign *c, const eie_packed *packed, uint32_t inputs) {
  if (c->only) return 0;
  if (packed->config.n_pe > 64 && packed->n_loads > 1) return 1;
  const uint64_t cost = c->part.limited ? cost_of(packed, inputs) : 0;
  if (cost > c->left) {
    c->left_out++;
    return 1;
  }
  c->left -= cost;
  return 0;
}

// Returns how many of the two dealings were run.
static uint32_t run_model(campaign *c, const eie_config *config, eie_device *device, uint64_t seed) {
  uint32_t run = 0;
  eie_error err = {""};
  eie_model model;
  eie_activations inputs;
  eie_random rng;
  eie_random_seed(&rng, seed);
  if (random_model_make(&rng, config, &model, &inputs, &c->census, &err)) fail_msg("%s", err.text);
  for (uint32_t dealing = 0; dealing < 2; dealing++) {
    const eie_pack_options options = {(eie_dealing)dealing, seed};
    eie_packed packed;
    if (eie_pack(&model, config, &options, &packed, &err)) fail_msg("%s: %s", config->name, err.text);
    const int skip_it = takes_long(c, &packed, inputs.count);
    if (!skip_it) run_packed(c, &packed, &inputs, device, seed);
    run += !skip_it;
    eie_packed_free(&packed);
  }
  eie_activations_free(&inputs);
  eie_model_free(&model);
  return run;
}

static void run_config(campaign *c, uint32_t k) {
  const eie_config config = read_config(names[k]);
  if (!c->only && config.n_pe > c->part.most_pe) return;
  const uint64_t base = c->only ? c->seed : c->seed * 1000000 + k * 1000;
  const uint32_t cases = c->cases, packs = c->only ? 2 : 2 * models_of(&config);
  const eie_device_options options = {.seed = base, .build = EIE_BUILD_FAST};
  eie_device *device = NULL;
  eie_error err = {""};
  if (eie_device_open("rtl", &config, &options, &device, &err)) fail_msg("%s", err.text);
  uint64_t seed = base;
  c->left = c->part.timed;
  for (uint32_t run = 0; run < packs && !(c->part.limited && seed - base == packs / 2); seed++)
    run += run_model(c, &config, device, seed);
  eie_device_close(device);
  c->configs += c->cases > cases;
  print_message("  %-5s %3u PEs: %u cases, seeds %llu to %llu\n", config.name, config.n_pe, c->cases - cases,
                (unsigned long long)base, (unsigned long long)(seed - 1));
}

static void every_counter_of_every_pass_is_the_rtls(void **state) {
  campaign *c = *state;
  build_all(c->only);
  for (uint32_t k = 0; k < N_CONFIGS; k++)
    if (!c->only || strcmp(c->only, names[k]) == 0) run_config(c, k);
  if (c->part.limited)
    print_message(
        "reduced: no array above %u PEs; %u packed models left out that their configuration's budget "
        "(%llu) did not hold\n",
        c->part.most_pe, c->left_out, (unsigned long long)c->part.timed);
  print_message(
      "seed %llu: %u cases (configuration, layer, dealing) on %u configurations, %u passes, %llu "
      "cycles, all equal; %u programs of several passes, %u models in tiles, %u passes that waited "
      "for a credit\n",
      (unsigned long long)c->seed, c->cases, c->configs, c->passes, (unsigned long long)c->cycles,
      c->programs, c->tiled, c->waits);
}

static void there_were_enough_cases(void **state) {
  const campaign *c = *state;
  if (c->only) skip();
  const int all = !c->part.limited;
  assert_in_range(c->cases, all ? 1000 : 30, UINT32_MAX);
  assert_in_range(c->configs, all ? 20 : 7, UINT32_MAX);
  assert_in_range(c->programs, all ? 100 : 1, UINT32_MAX);
  assert_in_range(c->tiled, all ? 100 : 3, UINT32_MAX);
  assert_in_range(c->waits, all ? 100 : 3, UINT32_MAX);
}

static void a_model_off_by_one_is_found_out(void **state) {
  const campaign *c = *state;
  if (c->only) skip();
  for (uint32_t w = 0; w < N_WRONG; w++) {
    print_message("  %-14s %s: %u passes differed\n", timing_delays[w / 2].name, w % 2 ? "- 1" : "+ 1",
                  c->wrong_passes[w]);
    if (!c->part.limited) assert_in_range(c->wrong_passes[w], 1, UINT32_MAX);
  }
}

int main(void) {
  const char *seed = getenv("EIE_SEED");
  campaign c = {.seed = seed ? strtoull(seed, NULL, 10) : 1, .only = getenv("EIE_ONLY"), .part = read_part()};
  const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(every_counter_of_every_pass_is_the_rtls, &c),
                                     cmocka_unit_test_prestate(there_were_enough_cases, &c),
                                     cmocka_unit_test_prestate(a_model_off_by_one_is_found_out, &c)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
