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
  uint64_t ran[N_CONFIGS];  // in the small part: the seed of each configuration's cheapest model, or 0
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

typedef struct {
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  random_model_census census;
  uint64_t cost;
} drawn;

static void draw(const campaign *c, const eie_config *config, uint64_t seed, drawn *d) {
  eie_error err = {""};
  eie_random rng;
  d->census = c->census;
  eie_random_seed(&rng, seed);
  const eie_pack_options options = {eie_random_below(&rng, 2) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED,
                                    seed};
  if (random_model_make(&rng, config, &d->model, &d->inputs, &d->census, &err)) fail_msg("%s", err.text);
  if (config->n_pe > 64) d->inputs.count = 1;  // see models_of
  if (eie_pack(&d->model, config, &options, &d->packed, &err)) fail_msg("%s: %s", config->name, err.text);
  d->cost = cost_of(&d->packed, d->inputs.count);
}

static void drawn_free(drawn *d) {
  eie_packed_free(&d->packed);
  eie_activations_free(&d->inputs);
  eie_model_free(&d->model);
}

// Returns 0 when the model was left out: it would cost more than is left of the budget.
static int run_model(campaign *c, const eie_config *config, uint64_t seed) {
  drawn d;
  draw(c, config, seed, &d);
  const int affordable = d.cost <= c->left;
  if (affordable) {
    c->left -= d.cost;
    c->census = d.census;
    compare_packed(c, &d.model, &d.packed, &d.inputs, seed);
  }
  drawn_free(&d);
  return affordable;
}

static uint64_t base_seed(const campaign *c, uint32_t k) {
  return c->only ? c->seed : c->seed * 1000000 + k * 1000;
}

static void run_config(campaign *c, uint32_t k) {
  const eie_config config = read_config(names[k]);
  if (!c->only && config.n_pe > c->part.most_pe) return;
  const uint64_t base = base_seed(c, k);
  const uint32_t layers = c->census.layers, models = c->only ? 1 : models_of(&config);
  uint32_t run = 0;
  c->left = c->only ? UINT64_MAX : c->part.budget;
  for (uint32_t n = 0; n < models; n++) run += (uint32_t)run_model(c, &config, base + n);
  c->left_out += models - run;
  c->configs += run > 0;
  print_message("  %-5s %3u PEs: %u of %u models, %u layers, seeds %llu to %llu\n", config.name, config.n_pe,
                run, models, c->census.layers - layers, (unsigned long long)base,
                (unsigned long long)(base + models - 1));
}

// The small part, first half: of each configuration the model that costs least. One with 16 PEs is enough.
static void run_cheapest(campaign *c, uint32_t k, int *large) {
  const eie_config config = read_config(names[k]);
  uint64_t least = UINT64_MAX;
  if (config.n_pe > c->part.most_pe || (config.n_pe == c->part.most_pe && *large)) return;
  const uint32_t layers = c->census.layers, models = models_of(&config);
  for (uint32_t n = 0; n < models; n++) {
    drawn d;
    draw(c, &config, base_seed(c, k) + n, &d);
    if (d.cost < least) {
      least = d.cost;
      c->ran[k] = base_seed(c, k) + n;
    }
    drawn_free(&d);
  }
  c->left = config.n_pe == c->part.most_pe ? 2 * c->part.budget : c->part.budget;
  if (least > c->left) return;
  run_model(c, &config, c->ran[k]);
  c->configs++;
  *large |= config.n_pe == c->part.most_pe;
  print_message("  %-5s %3u PEs: the cheapest of %u models, %u layers, seed %llu\n", config.name, config.n_pe,
                models, c->census.layers - layers, (unsigned long long)c->ran[k]);
}

// Second half: cheap models of small arrays, from one configuration after the other, until there are enough
// layers.
static void make_up_the_number(campaign *c) {
  uint32_t run = 0;
  for (uint32_t n = 0; n < 1000 && c->census.layers < c->part.layers; n++) {
    for (uint32_t k = 0; k < N_CONFIGS && c->census.layers < c->part.layers; k++) {
      const eie_config config = read_config(names[k]);
      c->left = c->part.cheap;
      if (config.n_pe <= 4 && base_seed(c, k) + n != c->ran[k])
        run += (uint32_t)run_model(c, &config, base_seed(c, k) + n);
    }
  }
  print_message("  and %u cheap models of arrays of up to 4 PEs\n", run);
}

static void run_small_part(campaign *c) {
  int large = 0;
  for (uint32_t k = 0; k < N_CONFIGS; k++) run_cheapest(c, k, &large);
  make_up_the_number(c);
}

static void run_configs(campaign *c) {
  for (uint32_t k = 0; k < N_CONFIGS; k++)
    if (!c->only || strcmp(c->only, names[k]) == 0) run_config(c, k);
}

static void random_layers_are_equal_in_every_bit(void **state) {
  campaign *c = *state;
  build_all(c->only);
  if (c->part.small && !c->only)
    run_small_part(c);
  else
    run_configs(c);
  if (c->part.small)
    print_message(
        "reduced: no array above %u PEs; of a configuration the cheapest model where its budget (%llu) holds "
        "it, then cheap ones of up to 4 PEs to %u layers\n",
        c->part.most_pe, (unsigned long long)c->part.budget, c->part.layers);
  else if (c->part.limited)
    print_message("reduced: no array above %u PEs; %u models left out that cost more than was left of %llu\n",
                  c->part.most_pe, c->left_out, (unsigned long long)c->part.budget);
  print_message(
      "seed %llu: %u layers in %u models on %u configurations, %u inputs, %llu outputs equal, %llu cycles\n",
      (unsigned long long)c->seed, c->census.layers, c->models, c->configs, c->inputs,
      (unsigned long long)c->outputs, (unsigned long long)c->cycles);
}

static void there_were_enough_of_them(void **state) {
  const campaign *c = *state;
  if (c->only) skip();
  assert_in_range(c->census.layers, c->part.layers, UINT32_MAX);
  assert_in_range(c->configs, c->part.small ? 8 : c->part.limited ? 10 : 20, UINT32_MAX);
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
