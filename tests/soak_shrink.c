// SPDX-License-Identifier: Apache-2.0
// Every cut makes a copy, cuts, and runs it; the copy is kept when it fails in the same way.
#include "soak_shrink.h"

#include <string.h>
#include <time.h>

#include "soak_cut.h"

typedef struct {
  const soak_way *way;
  soak_case *c;
  soak_result *result;
  char kind[600];
  time_t until;
  soak_shrunk *shrunk;
} shrinker;

static int out_of_time(shrinker *s) {
  s->shrunk->timed_out |= time(NULL) >= s->until;
  return s->shrunk->timed_out;
}

// Takes *smaller (and frees it, or what it replaces). 1: it fails in the same way.
static int try_case(shrinker *s, soak_case *smaller) {
  soak_result result;
  char kind[600];
  s->shrunk->runs++;
  soak_run(s->way, smaller, &result);
  soak_sentence_kind(result.sentence, kind, sizeof kind);
  const int same = result.verdict == SOAK_FAILED && !strcmp(kind, s->kind);
  soak_case_free(same ? s->c : smaller);
  if (!same) return 0;
  *s->c = *smaller;
  *s->result = result;
  return 1;
}

typedef enum { CUT_ACTIONS, CUT_INPUTS, CUT_LAYERS, CUT_VECTOR, CUT_WEIGHTS, CUT_VALUES } cut_kind;

// How many pieces there are, of layer or vector k.
static uint32_t size_of(const soak_case *c, cut_kind kind, uint32_t k) {
  const eie_model *m = &c->model;
  switch (kind) {
    case CUT_ACTIONS:
      return c->n_actions;
    case CUT_INPUTS:
      return c->inputs.count;
    case CUT_VECTOR:
      return k < m->n_layers ? m->layers[k].cols : m->layers[k - 1].rows;
    case CUT_WEIGHTS:
      return m->layers[k].nnz;
    case CUT_VALUES:
      return c->inputs.count * c->inputs.cols;
    default:
      return m->n_layers;
  }
}

static uint32_t least_of(cut_kind kind) {
  return kind == CUT_ACTIONS || kind == CUT_WEIGHTS || kind == CUT_VALUES ? 0 : 1;
}

// 1 when there is something to try.
static int cut(soak_case *c, cut_kind kind, uint32_t k, uint32_t from, uint32_t count) {
  int changed = 1;
  switch (kind) {
    case CUT_ACTIONS:
      soak_cut_actions(c, from, count);
      return 1;
    case CUT_INPUTS:
      return soak_cut_inputs(c, from, count, NULL) == EIE_OK;
    case CUT_VECTOR:
      return soak_cut_vector(c, k, from, count, NULL) == EIE_OK;
    case CUT_WEIGHTS:
      return soak_cut_weights(c, k, from, count, NULL) == EIE_OK;
    case CUT_VALUES:
      changed = 0;
      for (uint32_t i = from; i < from + count; i++) changed |= c->inputs.data[i] != 0, c->inputs.data[i] = 0;
      return changed;
    default:  // layers, from one end
      if (from > 0 && from + count < c->model.n_layers) return 0;
      return soak_cut_layers(c, from ? 0 : count, c->model.n_layers - count, NULL) == EIE_OK;
  }
}

// Moves each action in a running program to where it is as far from the program's end as it was. 1: something
// moved.
static int keep_distance(const soak_case *before, soak_case *c) {
  soak_plan old, new;
  int changed = 0;
  if (soak_plan_make(before, &old, NULL)) return 0;
  if (soak_plan_make(c, &new, NULL)) {
    soak_plan_free(&old);
    return 0;
  }
  for (uint32_t k = 0; k < c->n_actions; k++) {
    soak_action *a = &c->actions[k];
    const uint64_t end = old.programs[a->program % old.n_programs].cycles,
                   left = end > a->cycle ? end - a->cycle : 0;
    if (soak_kind_when(a->kind) != SOAK_DURING) continue;
    if (a->program >= new.n_programs * c->repeats) a->program = new.n_programs * c->repeats - 1;
    const uint64_t now = new.programs[a->program % new.n_programs].cycles, at = now > left ? now - left : 0;
    changed |= a->cycle != at;
    a->cycle = (uint32_t)at;
  }
  soak_plan_free(&old);
  soak_plan_free(&new);
  return changed;
}

// Without host actions once; with them also with the actions moved along.
static int try_cut(shrinker *s, cut_kind kind, uint32_t k, uint32_t from, uint32_t count) {
  for (int moved = 0; moved < 2; moved++) {
    soak_case smaller;
    if (soak_case_copy(s->c, &smaller, NULL)) return 0;
    if (!cut(&smaller, kind, k, from, count) || (moved && !keep_distance(s->c, &smaller))) {
      soak_case_free(&smaller);
      return 0;
    }
    if (try_case(s, &smaller)) return 1;
    if (!s->c->n_actions || kind == CUT_ACTIONS || kind == CUT_INPUTS) return 0;
  }
  return 0;
}

// Takes pieces out, first half of all at once, at last single ones, from the end to the front.
static int cut_pieces(shrinker *s, cut_kind kind, uint32_t k) {
  int progress = 0;
  const uint32_t least = least_of(kind);
  for (uint32_t piece = size_of(s->c, kind, k); piece > 0; piece /= 2) {
    for (uint32_t end = size_of(s->c, kind, k); end > 0 && !out_of_time(s);) {
      const uint32_t size = size_of(s->c, kind, k), count = piece < end ? piece : end;
      if (size - count >= least) progress |= try_cut(s, kind, k, end - count, count);
      end -= count;
    }
  }
  return progress;
}

// Stalls, repeats, dealing: each to its plainest.
static int plainer(shrinker *s) {
  int progress = 0;
  for (int k = 0; k < 3 && !out_of_time(s); k++) {
    soak_case smaller;
    const soak_case *c = s->c;
    const int plain = k == 0 ? c->stalls == 0 : k == 1 ? c->repeats == 1 : c->dealing == EIE_DEAL_INTERLEAVED;
    if (plain || soak_case_copy(c, &smaller, NULL)) continue;
    if (k == 0) smaller.stalls = 0;
    if (k == 1) smaller.repeats = 1;
    if (k == 2) smaller.dealing = EIE_DEAL_INTERLEAVED;
    progress |= try_case(s, &smaller);
  }
  return progress;
}

void soak_shrink(const soak_way *way, uint32_t seconds, soak_case *c, soak_result *result,
                 soak_shrunk *shrunk) {
  shrinker s = {.way = way, .c = c, .result = result, .until = time(NULL) + seconds, .shrunk = shrunk};
  memset(shrunk, 0, sizeof *shrunk);
  soak_sentence_kind(result->sentence, s.kind, sizeof s.kind);
  for (int progress = 1; progress && !out_of_time(&s);) {
    progress = cut_pieces(&s, CUT_ACTIONS, 0);
    progress |= cut_pieces(&s, CUT_INPUTS, 0);
    progress |= plainer(&s);
    progress |= cut_pieces(&s, CUT_LAYERS, 0);
    for (uint32_t k = 0; k <= c->model.n_layers; k++) progress |= cut_pieces(&s, CUT_VECTOR, k);
    for (uint32_t k = 0; k < c->model.n_layers; k++) progress |= cut_pieces(&s, CUT_WEIGHTS, k);
    progress |= cut_pieces(&s, CUT_VALUES, 0);
  }
}
