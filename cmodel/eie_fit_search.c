// SPDX-License-Identifier: Apache-2.0
// The largest configuration of a board for a model. The model is packed for each PE count to learn what its
// memories must hold: padding and the busiest PE depend on the count, and no formula knows them.
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "eie_fit.h"
#include "eie_pack.h"

enum { MOST_PE = 256, PAPER_CODE_W = 4, WIDE_CODE_W = 8, DEFAULT_SEED = 1 };

typedef struct {
  const eie_model *model;
  const eie_board *board;
  uint32_t code_w;
} search;

// What the model needs on so many PEs to be in the array at once.
typedef struct {
  int possible;          // 0: no array holds it in one load
  eie_config lean;       // smallest memories
  uint32_t visible_act;  // ACT_SLOTS with which no layer's outputs are overwritten
} needs;

uint32_t eie_fit_code_w(const eie_model *model) {
  uint32_t most = 0;
  for (uint32_t k = 0; k < model->n_layers; k++)
    for (uint32_t i = 0; i < model->layers[k].nnz; i++)
      if (model->layers[k].codes[i] > most) most = model->layers[k].codes[i];
  return most < 1u << PAPER_CODE_W ? PAPER_CODE_W : WIDE_CODE_W;
}

// Cycles from a broadcast to the return of its credit, which ACT_QUEUE_DEPTH must cover
// (docs/configurations.md).
static uint32_t round_trip(uint32_t n_pe) {
  return n_pe == 1 ? 12 : 11 + 2 * ((eie_clog2(n_pe) + 1) / 2);
}

// The board's configuration for another PE count. The queue of broadcasts stays as much longer or shorter
// than the round trip as the board chose; codes of 8 bits need runs and words that go with them.
static eie_config base_of(const search *s, uint32_t n_pe) {
  eie_config c = s->board->config;
  const uint32_t word_w = eie_word_w(&c), own = c.act_queue_depth, trip = round_trip(c.n_pe);
  const uint32_t depth = own + round_trip(n_pe) > trip + 2 ? own + round_trip(n_pe) - trip : 2;
  c.n_pe = n_pe;
  c.act_queue_depth = own < trip ? own : depth;  // a board without room for the round trip keeps what it has
  if (s->code_w > c.code_w) {
    c.code_w = c.idx_w = s->code_w;
    while (c.entries_per_word > 1 && eie_word_w(&c) > word_w) c.entries_per_word /= 2;
  }
  snprintf(c.name, sizeof c.name, "%.48s-%upe", s->board->name, n_pe);
  return c;
}

// The smallest memories that eie_config_check lets pass.
static eie_config smallest_of(const search *s, uint32_t n_pe) {
  eie_config c = base_of(s, n_pe);
  c.rows = c.act_slots = c.spmat_words = 2;
  c.layers = 1;
  if (c.spmat_words * c.entries_per_word < n_pe) c.spmat_words = n_pe / c.entries_per_word;
  c.ptr_depth = (n_pe + 5) & ~1u;
  return c;
}

static void set_needs(const eie_packed *packed, needs *n) {
  uint32_t places = 0, widest = 0;
  n->lean = packed->config;
  n->visible_act = packed->layers[0].in_slots;
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *pass = &packed->passes[p];
    const uint32_t end = pass->bias_base + 2 * pass->rows;
    if (end > places) places = end;
  }
  for (uint32_t k = 0; k < packed->n_layers; k++) {
    const uint32_t both = packed->layers[k].in_slots + packed->layers[k].out_slots;
    if (both > widest) widest = both;
    n->visible_act += packed->layers[k].out_slots;
  }
  if (places > 6) n->lean.ptr_depth = places;
  n->lean.act_slots = widest;
  n->possible = eie_config_check(&n->lean, NULL) == EIE_OK;
}

static eie_status find_needs(const search *s, uint32_t n_pe, needs *n, eie_error *err) {
  const eie_config smallest = smallest_of(s, n_pe);
  const eie_pack_options options = {.dealing = EIE_DEAL_BALANCED, .seed = DEFAULT_SEED};
  eie_packed packed;
  *n = (needs){.possible = 0, .lean = smallest};
  const eie_status status = eie_pack_one_pass(s->model, &smallest, &options, &packed, err);
  if (status == EIE_ERR_FIT) return EIE_OK;
  if (status) return status;
  set_needs(&packed, n);
  eie_packed_free(&packed);
  return EIE_OK;
}

static const size_t sizes[] = {offsetof(eie_config, spmat_words), offsetof(eie_config, ptr_depth),
                               offsetof(eie_config, act_slots), offsetof(eie_config, rows),
                               offsetof(eie_config, layers)};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

static uint32_t *size_of(eie_config *c, int k) {
  return (uint32_t *)(void *)((char *)c + sizes[k]);
}

static int good(const search *s, const eie_config *c) {
  return eie_config_check(c, NULL) == EIE_OK && eie_fit_check(c, s->board).what == EIE_FIT_GOOD;
}

static int costs_the_same(const search *s, const eie_config *a, const eie_config *b) {
  eie_fit_use x, y;
  if (eie_config_check(b, NULL) != EIE_OK) return 0;
  eie_fit_resources(a, s->board, &x);
  eie_fit_resources(b, s->board, &y);
  return good(s, b) && x.used.ram == y.used.ram && x.used.spram == y.used.spram &&
         x.memory_lut == y.memory_lut;
}

// Makes each memory as deep as its RAMs are anyway.
static void grow_for_free(const search *s, eie_config *c) {
  for (int k = 0; k < N_SIZES; k++) {
    const eie_config start = *c;
    eie_config tried = start;
    for (uint32_t step = 1u << 17; step >= 2; step /= 2) {  // even steps: PTR_DEPTH stays even
      *size_of(&tried, k) = *size_of(c, k) + step;
      if (costs_the_same(s, &start, &tried)) *c = tried;
    }
  }
}

// Max of each memory of two configurations.
static eie_config roomier(const eie_config *a, const eie_config *b) {
  eie_config c = *a, other = *b;
  for (int k = 0; k < N_SIZES; k++)
    if (*size_of(&other, k) > *size_of(&c, k)) *size_of(&c, k) = *size_of(&other, k);
  return c;
}

// The board's own memories where they are large enough for the model, else the smallest that are.
static int fit_one_load(const search *s, uint32_t n_pe, const needs *n, eie_config *to) {
  const eie_config own = base_of(s, n_pe);
  eie_config c = roomier(&n->lean, &own);
  if (n->visible_act > c.act_slots) c.act_slots = n->visible_act;
  if (good(s, &c)) {
    *to = c;
    return 1;
  }
  c = n->lean;
  if (!good(s, &c)) return 0;
  grow_for_free(s, &c);
  *to = c;
  return 1;
}

static uint64_t amount(const eie_fit_use *use, eie_fit_short what) {
  switch (what) {
    case EIE_FIT_SHORT_SPRAM:
      return use->used.spram;
    case EIE_FIT_SHORT_RAM:
      return use->used.ram;
    case EIE_FIT_SHORT_LUT:
      return use->used.lut;
    default:
      return 0;
  }
}

// The memory whose size costs most of what is short, -1 when none does.
static int most_costly(const search *s, const eie_config *c, const eie_config *least,
                       const eie_fit_verdict *verdict) {
  eie_fit_use now, without;
  uint64_t most = 0;
  int found = -1;
  eie_fit_resources(c, s->board, &now);
  for (int k = 0; k < N_SIZES; k++) {
    eie_config tried = *c, low = *least;
    if (*size_of(&tried, k) <= *size_of(&low, k)) continue;
    *size_of(&tried, k) = *size_of(&low, k);
    eie_fit_resources(&tried, s->board, &without);
    uint64_t gain = amount(&now, verdict->what) - amount(&without, verdict->what);
    if (amount(&without, verdict->what) > amount(&now, verdict->what)) gain = 0;
    if (verdict->what == EIE_FIT_SHORT_DEPTH) gain = now.too_deep != without.too_deep;
    if (gain > most) most = gain, found = k;
  }
  return found;
}

static uint32_t halved(uint32_t value, uint32_t least) {
  const uint32_t half = value / 2 & ~1u;
  return half < least ? least : half;
}

// Halves what costs most until it fits: tiles then take the place of what is missing.
static int fit_tiled(const search *s, uint32_t n_pe, const needs *n, eie_config *to) {
  eie_config c, least = smallest_of(s, n_pe);
  const eie_config own = base_of(s, n_pe);
  if (!good(s, &least)) return 0;
  c = n->possible ? n->lean : own;
  for (eie_fit_verdict v; (v = eie_fit_check(&c, s->board)).what != EIE_FIT_GOOD;) {
    const int k = most_costly(s, &c, &least, &v);
    if (k < 0) return 0;
    *size_of(&c, k) = halved(*size_of(&c, k), *size_of(&least, k));
  }
  if (eie_config_check(&c, NULL) != EIE_OK) return 0;
  grow_for_free(s, &c);
  *to = c;
  return 1;
}

static eie_status try_count(const search *s, uint32_t n_pe, int tiled, eie_fit_found *found, eie_error *err) {
  const uint32_t routed = eie_board_routed(s->board);
  const eie_config smallest = smallest_of(s, n_pe);
  needs n = {.lean = smallest};
  eie_fit_verdict v = eie_fit_check(&smallest, s->board);
  const int far = routed && n_pe > 2 * routed;  // never proposed, and not the next after what is
  const int worth = v.what == EIE_FIT_GOOD && !far;
  if (worth) EIE_TRY(find_needs(s, n_pe, &n, err));
  if (worth) v = eie_fit_check(&n.lean, s->board);
  eie_config c = n.lean;
  const int fits =
      worth && (tiled ? fit_tiled(s, n_pe, &n, &c) : n.possible && fit_one_load(s, n_pe, &n, &c));
  const int unrouted = fits && routed && n_pe > routed;
  found->config = c;
  found->fits = fits && !unrouted;
  found->one_load = found->fits && !tiled;
  if (found->fits) return EIE_OK;
  found->next = v;
  found->next_pe = n_pe;
  found->next_unrouted = unrouted;
  return EIE_OK;
}

eie_status eie_fit_search(const eie_model *model, const eie_board *board, eie_fit_found *found,
                          eie_error *err) {
  const search s = {.model = model, .board = board, .code_w = eie_fit_code_w(model)};
  memset(found, 0, sizeof *found);
  for (int tiled = 0; tiled <= 1; tiled++) {
    found->next_pe = 0;
    for (uint32_t n_pe = MOST_PE; n_pe >= 1; n_pe /= 2) {
      EIE_TRY(try_count(&s, n_pe, tiled, found, err));
      if (found->fits) return EIE_OK;
    }
  }
  return EIE_OK;
}
