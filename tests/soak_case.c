// SPDX-License-Identifier: Apache-2.0
// Drawing a case; its plan.
#include "soak_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_golden.h"
#include "eie_random.h"
#include "eie_timing.h"
#include "soak_config.h"

static int chance(eie_random *rng, uint32_t percent) {
  return eie_random_below(rng, 100) < percent;
}

static uint32_t between(eie_random *rng, uint32_t lo, uint32_t hi) {
  return lo + eie_random_below(rng, hi - lo + 1);
}

void soak_case_free(soak_case *c) {
  eie_model_free(&c->model);
  eie_activations_free(&c->inputs);
}

static const struct {
  const char *name;
  soak_when when;
} kinds[] = {
#define SOAK_KIND(name, when, what) {#name, SOAK_##when},
    SOAK_ACTIONS(SOAK_KIND)
#undef SOAK_KIND
};

const char *soak_kind_name(soak_kind kind) {
  return kinds[kind].name;
}

soak_when soak_kind_when(soak_kind kind) {
  return kinds[kind].when;
}

// One more layer behind the last; columns are filled in order.
static eie_status append_layer(eie_random *rng, eie_model *m, uint32_t rows, eie_error *err) {
  eie_layer *grown = realloc(m->layers, (m->n_layers + 1) * sizeof *grown);
  if (!grown) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a layer");
  m->layers = grown;
  eie_layer *l = &grown[m->n_layers];
  const uint32_t cols = l[-1].rows, percent = between(rng, 1, 60);
  *l = (eie_layer){.rows = rows, .cols = cols, .codebook_size = 16, .name = "Lx", .relu = chance(rng, 50)};
  eie_random again = *rng;
  for (uint32_t k = 0; k < rows * cols; k++) l->nnz += (uint32_t)chance(&again, percent);
  EIE_TRY(eie_layer_alloc(l, err));
  m->n_layers++;
  uint32_t n = 0;
  for (uint32_t k = 0; k < rows * cols; k++) {
    if (chance(rng, percent)) {
      l->indices[n] = k % rows;
      l->codes[n++] = (uint8_t)(1 + k * 5u % 15);
    }
    l->indptr[k / rows + 1] = n;
  }
  for (uint32_t k = 1; k < 16; k++) l->codebook[k] = (int16_t)((int32_t)between(rng, 0, 4000) - 2000);
  for (uint32_t r = 0; r < rows; r++) l->bias[r] = (int32_t)between(rng, 0, 1 << 20) - (1 << 19);
  l->shift = between(rng, 0, 14);
  l->weight_frac = (int32_t)l->shift;
  return EIE_OK;
}

static void count_model(const random_model_census *n, soak_case *c) {
  uint32_t *of = c->corners.of;
  of[SOAK_CORNER_ZERO_INPUT] = n->zero_inputs > 0;
  of[SOAK_CORNER_EMPTY_COLUMNS] = n->empty_columns > 0;
  of[SOAK_CORNER_EMPTY_ROWS] = n->empty_rows > 0;
  of[SOAK_CORNER_FULL_ROW] = n->full_rows > 0;
  of[SOAK_CORNER_EXTREMES] = n->extremes > 0;
  for (uint32_t k = 0; k < c->model.n_layers; k++) {
    of[SOAK_CORNER_SHIFT_0] |= c->model.layers[k].shift == 0;
    of[SOAK_CORNER_SHIFT_31] |= c->model.layers[k].shift == 31;
  }
  of[SOAK_CORNER_LAYERS_2] = c->model.n_layers > 1;
  of[SOAK_CORNER_LAYERS_5] = c->model.n_layers > 4;
  of[SOAK_CORNER_STALLED] = c->stalls != 0;
  of[SOAK_CORNER_REPEATED] = c->repeats > 1;
  of[SOAK_CORNER_BALANCED] = c->dealing == EIE_DEAL_BALANCED;
}

static uint32_t at_most(uint32_t x, uint32_t limit) {
  return x < limit ? x : limit;
}

// Most models are small, whatever the array could hold: sizes follow the memories of `room`.
static eie_status draw_model(eie_random *rng, soak_case *c, eie_error *err) {
  random_model_census census = {0};
  eie_config room = c->config;
  if (chance(rng, 65)) {
    const uint32_t slots = 1 + 24 / room.n_pe;
    room.rows = at_most(room.rows, slots);
    room.act_slots = at_most(room.act_slots, slots);
    room.ptr_depth = at_most(room.ptr_depth, slots * room.n_pe + 2);
  }
  EIE_TRY(random_model_make(rng, &room, &c->model, &c->inputs, &census, err));
  if (c->model.n_layers == 4 && chance(rng, 50))
    EIE_TRY(append_layer(rng, &c->model, between(rng, 1, 40), err));
  if (c->config.n_pe > 64) c->inputs.count = 1;
  count_model(&census, c);
  return EIE_OK;
}

// Anywhere in the program; often near its start, its end or the seam of two passes.
static uint32_t draw_cycle(eie_random *rng, const soak_plan *plan, const soak_program *p) {
  const uint64_t last = p->cycles + 2;
  uint64_t at = eie_random_below(rng, (uint32_t)last);
  if (chance(rng, 25)) {
    const uint32_t passes = between(rng, 0, p->count);
    at = between(rng, 0, 40);
    for (uint32_t k = 0; k < passes; k++)
      at += plan->times[(size_t)p->input * plan->packed.n_passes + p->step + k].cycles;
    at = at < 30 ? at : at - 30;
  }
  return (uint32_t)(at < last ? at : last);
}

static int by_program_and_cycle(const void *a, const void *b) {
  const soak_action *x = a, *y = b;
  if (x->program != y->program) return x->program < y->program ? -1 : 1;
  return x->cycle < y->cycle ? -1 : x->cycle > y->cycle;
}

// Reads are frequent; what makes programs run twice is less so, and rare on arrays that take long to load.
static void draw_actions(eie_random *rng, const soak_plan *plan, soak_case *c) {
  const uint32_t programs = plan->n_programs * c->repeats;
  if (chance(rng, 25)) return;
  c->n_actions = between(rng, 1, c->config.n_pe > 16 ? 6 : chance(rng, 20) ? SOAK_MOST_ACTIONS : 10);
  for (uint32_t k = 0; k < c->n_actions; k++) {
    soak_action *a = &c->actions[k];
    a->kind = (soak_kind)eie_random_below(rng, SOAK_KINDS);
    a->program = eie_random_below(rng, programs);
    a->pick = eie_random_below(rng, 1u << 30);
    a->cycle = draw_cycle(rng, plan, &plan->programs[a->program % plan->n_programs]);
  }
  qsort(c->actions, c->n_actions, sizeof c->actions[0], by_program_and_cycle);
  c->corners.of[SOAK_CORNER_HOST] = c->n_actions > 0;
}

static eie_status draw(eie_random *rng, const soak_source *source, uint64_t number, soak_case *c,
                       eie_error *err) {
  int fresh = 0;
  EIE_TRY(soak_config_draw(rng, source, number, &c->config, &fresh, err));
  c->corners.of[SOAK_CORNER_FRESH] = (uint32_t)fresh;
  c->dealing = chance(rng, 50) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED;
  c->seed = 1 + eie_random_below(rng, 1000000);
  c->stalls = chance(rng, 40) && c->config.n_pe <= 64 ? 1 + eie_random_below(rng, 1000000) : 0;
  c->repeats = c->config.n_pe <= 16 && chance(rng, 10) ? 2 : 1;
  EIE_TRY(draw_model(rng, c, err));
  soak_plan plan;
  EIE_TRY(soak_plan_make(c, &plan, err));
  draw_actions(rng, &plan, c);
  soak_plan_free(&plan);
  return EIE_OK;
}

eie_status soak_case_draw(const soak_source *source, uint64_t number, soak_case *c, eie_error *err) {
  eie_random rng;
  memset(c, 0, sizeof *c);
  eie_random_seed(&rng, source->seed * 0x9E3779B97F4A7C15u + number);
  eie_status status = draw(&rng, source, number, c, err);
  if (status) soak_case_free(c);
  return status;
}

// ---- plan ----------------------------------------------------------------------------------------

static eie_status time_inputs(const soak_case *c, soak_plan *plan, eie_golden *golden, eie_timing *timing,
                              int16_t **vectors, eie_error *err) {
  const eie_packed *p = &plan->packed;
  for (uint32_t i = 0; i < c->inputs.count; i++) {
    eie_packed_scatter(p, 0, c->inputs.data + (size_t)i * c->inputs.cols, vectors[0]);
    for (uint32_t s = 0; s < p->n_passes; s++) {
      const uint32_t layer = p->passes[s].layer;
      eie_counters counters;
      EIE_TRY(eie_golden_pass(golden, s, vectors[layer], vectors[layer + 1], &counters, NULL, err));
      eie_timing_pass(timing, s, vectors[layer], &plan->times[(size_t)i * p->n_passes + s], NULL);
    }
  }
  return EIE_OK;
}

static eie_status make_times(const soak_case *c, soak_plan *plan, eie_error *err) {
  const eie_packed *p = &plan->packed;
  eie_golden *golden = NULL;
  eie_timing *timing = NULL;
  int16_t **vectors = calloc(p->n_layers + 1, sizeof *vectors);
  plan->times = calloc((size_t)c->inputs.count * p->n_passes, sizeof *plan->times);
  int short_of_memory = !vectors || !plan->times;
  for (uint32_t k = 0; k <= p->n_layers && !short_of_memory; k++) {
    const uint32_t slots = k < p->n_layers ? p->layers[k].in_slots : p->layers[k - 1].out_slots;
    vectors[k] = calloc((size_t)slots * p->config.n_pe, sizeof **vectors);
    short_of_memory = !vectors[k];
  }
  eie_status status = short_of_memory ? eie_fail(err, EIE_ERR_MEMORY, "no memory for a plan") : EIE_OK;
  if (!status) status = eie_golden_open(p, &golden, err);
  if (!status) status = eie_timing_open(p, &timing, err);
  if (!status) status = time_inputs(c, plan, golden, timing, vectors, err);
  eie_golden_close(golden);
  eie_timing_close(timing);
  for (uint32_t k = 0; vectors && k <= p->n_layers; k++) free(vectors[k]);
  free(vectors);
  return status;
}

// Lengths are known, so a program that takes twice as long hangs.
static void add_program(soak_plan *plan, uint32_t input, uint32_t step, uint32_t count) {
  soak_program *g = &plan->programs[plan->n_programs++];
  *g = (soak_program){input, step, count, plan->packed.passes[step].chain_first, 0};
  for (uint32_t k = step; k < step + count; k++)
    g->cycles += plan->times[(size_t)input * plan->packed.n_passes + k].cycles;
  const uint64_t limit = 2 * g->cycles + 2000;
  if (plan->n_programs == 1 || limit > plan->image.image.limit) plan->image.image.limit = (uint32_t)limit;
}

// The order of eie_compare_run: the whole, then pass by pass where layers overwrite each other.
static eie_status list_programs(const soak_case *c, soak_plan *plan, eie_error *err) {
  const uint32_t n = plan->packed.n_passes;
  plan->programs = calloc((size_t)2 * n * c->inputs.count + 1, sizeof *plan->programs);
  if (!plan->programs) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a plan");
  for (uint32_t i = 0; i < c->inputs.count; i++) {
    for (uint32_t step = 0, count; step < n; step += count) {
      count = eie_image_program(&plan->image.image, step);
      add_program(plan, i, step, count);
    }
    for (uint32_t step = 0; step < n && !plan->packed.all_visible; step++) add_program(plan, i, step, 1);
  }
  return EIE_OK;
}

eie_status soak_plan_make(const soak_case *c, soak_plan *plan, eie_error *err) {
  const eie_pack_options options = {c->dealing, c->seed};
  memset(plan, 0, sizeof *plan);
  EIE_TRY(eie_pack(&c->model, &c->config, &options, &plan->packed, err));
  eie_status status = eie_packed_image_make(&plan->packed, &plan->image, err);
  if (!status) status = make_times(c, plan, err);
  if (!status) status = list_programs(c, plan, err);
  if (status) soak_plan_free(plan);
  return status;
}

void soak_plan_free(soak_plan *plan) {
  free(plan->times);
  free(plan->programs);
  eie_packed_image_free(&plan->image);
  eie_packed_free(&plan->packed);
  memset(plan, 0, sizeof *plan);
}

uint64_t soak_plan_cost(const soak_case *c, const soak_plan *plan) {
  uint64_t words = 0, cycles = 500;
  for (uint32_t b = 0; b < plan->image.n_blocks; b++) words += plan->image.blocks[b].count;
  if (plan->packed.n_loads > 1) words *= c->inputs.count * (plan->packed.all_visible ? 1 : 2);
  for (uint32_t k = 0; k < plan->n_programs; k++) cycles += plan->programs[k].cycles + 60;
  for (uint32_t k = 0; k < c->n_actions; k++)
    if (c->actions[k].kind == SOAK_ABORT || c->actions[k].kind == SOAK_BAD_DESCRIPTOR ||
        c->actions[k].kind == SOAK_BAD_PROGRAM || c->actions[k].kind == SOAK_RESET)
      cycles += 2 * c->config.act_slots * c->config.n_pe + (c->actions[k].kind == SOAK_RESET ? words : 0);
  return (2 * words + cycles) * (c->stalls ? 3 : 1) * c->repeats * (c->config.n_pe + 2);
}
