// SPDX-License-Identifier: Apache-2.0
// Random layers on many configurations of the RTL, every output bit and counter compared with the golden
// model, half of them with random stalls on the bus. A failure prints the two variables that replay it:
//   EIE_ONLY=t04 EIE_SEED=1003002 build/tests/rtl_random
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cmocka.h>

#include "eie_compare.h"
#include "random_configs.h"
#include "random_model.h"
#include "rtl_part.h"

// Models a configuration: loading the memories of a large array takes most of the time of its simulation.
static uint32_t models_of(const eie_config *config) {
  return config->n_pe <= 16 ? 14 : config->n_pe == 32 ? 5 : config->n_pe == 64 ? 3 : 1;
}

typedef struct {
  random_model_census census;
  uint32_t configs, models, inputs, loads_more;
  uint64_t outputs, cycles;
  uint64_t seed;     // EIE_SEED, or 1
  const char *only;  // EIE_ONLY, or NULL
  rtl_part part;
  uint64_t left;  // of this configuration's budget
  uint32_t left_out;
} campaign;

// What kinds of tiles each layer of a packed model was cut into.
static void count_tiles(const eie_packed *packed, random_model_census *census) {
  for (uint32_t l = 0; l < packed->n_layers; l++) {
    int by_rows = 0, by_columns = 0;
    for (uint32_t p = 0; p < packed->n_passes; p++) {
      if (packed->passes[p].layer != l) continue;
      by_rows |= packed->passes[p].row_slot > 0;
      by_columns |= packed->passes[p].col_slot > 0;
    }
    census->row_tiled += by_rows && !by_columns;
    census->column_tiled += by_columns && !by_rows;
    census->both_tiled += by_columns && by_rows;
  }
}

static void count_run(campaign *c, const eie_packed *packed, const eie_compare_report *report) {
  c->models++;
  c->inputs += report->inputs;
  c->outputs += report->sum.compared;
  c->cycles += report->device_cycles;
  c->loads_more += packed->n_loads > 1;
  c->census.overflows += report->sum.golden.overflow;
  c->census.clamps += report->sum.golden.clamped > 0;
  count_tiles(packed, &c->census);
}

// Each model has a device of its own, whose registers and memories hold what `seed` draws, or X. Every other
// one (in the small part every fourth) has stalls on its bus, up to 64 PEs: see models_of.
static void compare_packed(campaign *c, const eie_model *model, const eie_packed *packed,
                           const eie_activations *inputs, uint64_t seed) {
  eie_error err = {""};
  eie_compare_report report;
  eie_device *device = NULL;
  const eie_device_options options = {
      .stalls = seed % (c->part.small ? 4 : 2) == 1 && packed->config.n_pe <= 64 ? seed : 0,
      .seed = seed,
      .build = EIE_BUILD_FAST};
  if (eie_device_open("rtl", &packed->config, &options, &device, &err)) fail_msg("%s", err.text);
  const eie_compare_job job = {
      .packed = packed, .model = model, .inputs = inputs, .count = inputs->count, .device = device};
  if (eie_compare_run(&job, &report, &err))
    fail_msg("EIE_ONLY=%s EIE_SEED=%llu replays: %s", packed->config.name, (unsigned long long)seed,
             err.text);
  assert_int_equal(report.inputs, inputs->count);
  assert_int_equal(report.sum.differing, 0);
  count_run(c, packed, &report);
  eie_compare_report_free(&report);
  eie_device_close(device);
}

// Returns 0 when the model was left out: it would cost more than is left of the budget.
static int run_model(campaign *c, const eie_config *config, uint64_t seed) {
  eie_error err = {""};
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  eie_random rng;
  random_model_census census = c->census;
  eie_random_seed(&rng, seed);
  const eie_pack_options options = {eie_random_below(&rng, 2) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED,
                                    seed};
  if (random_model_make(&rng, config, &model, &inputs, &census, &err)) fail_msg("%s", err.text);
  if (config->n_pe > 64) inputs.count = 1;  // as above
  if (eie_pack(&model, config, &options, &packed, &err)) fail_msg("%s: %s", config->name, err.text);
  const uint64_t cost = cost_of(&packed, inputs.count);
  const int affordable = cost <= c->left;
  if (affordable) {
    c->left -= cost;
    c->census = census;
    compare_packed(c, &model, &packed, &inputs, seed);
  }
  eie_packed_free(&packed);
  eie_activations_free(&inputs);
  eie_model_free(&model);
  return affordable;
}

static void run_config(campaign *c, uint32_t k) {
  const eie_config config = read_config(names[k]);
  if (!c->only && config.n_pe > c->part.most_pe) return;
  const uint64_t base = c->only ? c->seed : c->seed * 1000000 + k * 1000;
  const uint32_t layers = c->census.layers, models = c->only ? 1 : models_of(&config);
  uint32_t run = 0;
  c->left = c->only ? UINT64_MAX : part_budget(&c->part, &config);
  for (uint32_t n = 0; n < models && run < c->part.models; n++)
    run += (uint32_t)run_model(c, &config, base + n);
  c->left_out += models - run;
  c->configs += run > 0;
  print_message("  %-5s %3u PEs: %u of %u models, %u layers, seeds %llu to %llu\n", config.name, config.n_pe,
                run, models, c->census.layers - layers, (unsigned long long)base,
                (unsigned long long)(base + models - 1));
}

static void random_layers_are_equal_in_every_bit(void **state) {
  campaign *c = *state;
  build_all(c->only);
  for (uint32_t k = 0; k < N_CONFIGS; k++)
    if (!c->only || strcmp(c->only, names[k]) == 0) run_config(c, k);
  if (c->part.limited)
    print_message(
        "reduced: no array above %u PEs; %u models left out that their configuration's budget (%llu) "
        "did not hold\n",
        c->part.most_pe, c->left_out, (unsigned long long)c->part.budget);
  print_message(
      "seed %llu: %u layers in %u models on %u configurations, %u inputs, %llu outputs equal, %llu cycles\n",
      (unsigned long long)c->seed, c->census.layers, c->models, c->configs, c->inputs,
      (unsigned long long)c->outputs, (unsigned long long)c->cycles);
}

static void there_were_enough_of_them(void **state) {
  const campaign *c = *state;
  if (c->only) skip();
  assert_in_range(c->census.layers, c->part.limited ? 60 : 500, UINT32_MAX);
  assert_in_range(c->configs, c->part.limited ? 10 : 20, UINT32_MAX);
}

static void every_corner_came_up(void **state) {
  const campaign *c = *state;
  const random_model_census *n = &c->census;
  if (c->only) skip();
  const struct {
    const char *what;
    uint32_t count;
  } corners[] = {{"layers cut into row tiles", n->row_tiled},
                 {"layers cut into column tiles", n->column_tiled},
                 {"layers cut into both", n->both_tiled},
                 {"models of several layers", n->multi_layer},
                 {"models of several loads", c->loads_more},
                 {"inputs of zeros only", n->zero_inputs},
                 {"layers with empty columns side by side", n->empty_columns},
                 {"layers with empty rows", n->empty_rows},
                 {"layers with a full row", n->full_rows},
                 {"layers of extreme values", n->extremes},
                 {"layers of shift 0", n->shift_0},
                 {"layers of shift 31", n->shift_31},
                 {"models with an overflow, flagged alike", n->overflows},
                 {"models with clamped outputs, counted alike", n->clamps}};
  for (uint32_t k = 0; k < sizeof corners / sizeof corners[0]; k++) {
    print_message("  %5u %s\n", corners[k].count, corners[k].what);
    if (!c->part.limited) assert_in_range(corners[k].count, 5, UINT32_MAX);
  }
}

int main(void) {
  const char *seed = getenv("EIE_SEED");
  campaign c = {.seed = seed ? strtoull(seed, NULL, 10) : 1, .only = getenv("EIE_ONLY"), .part = read_part()};
  const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(random_layers_are_equal_in_every_bit, &c),
                                     cmocka_unit_test_prestate(there_were_enough_of_them, &c),
                                     cmocka_unit_test_prestate(every_corner_came_up, &c)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
