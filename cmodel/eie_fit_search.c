// SPDX-License-Identifier: Apache-2.0
// The largest configuration of a board for a model. What its memories must hold at a PE count is known but
// for padding and the busiest PE's share of the weights: where it could fit, the model is packed to learn
// those.
#include <stdio.h>
#include <string.h>

#include "eie_fit_parts.h"
#include "eie_pack.h"

enum { MOST_PE = 256, PAPER_CODE_W = 4, WIDE_CODE_W = 8, DEFAULT_SEED = 1 };

typedef struct {
  const eie_model *model;
  const eie_board *board;
  uint32_t code_w;
} search;

// What the model needs on so many PEs to be in the array at once.
typedef struct {
  int possible;          // 0: more than any array has
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

static uint64_t ceil_div(uint64_t a, uint64_t b) {
  return (a + b - 1) / b;
}

// Raises a parameter to what is needed, at most to `hi`, the most that an array can have.
static void need(needs *n, uint32_t *parameter, uint64_t value, uint32_t hi) {
  if (value > hi) n->possible = 0;
  if (value > hi) value = hi;
  if (value > *parameter) *parameter = (uint32_t)value;
}

typedef struct {
  uint64_t words, places, rows, resident, visible;
} amounts;

static amounts amounts_of(const search *s, const eie_config *c) {
  uint64_t in_slots = ceil_div(s->model->layers[0].cols, c->n_pe);
  amounts a = {.visible = in_slots};
  for (uint32_t k = 0; k < s->model->n_layers; k++) {
    const eie_layer *layer = &s->model->layers[k];
    const uint64_t out_slots = ceil_div(layer->rows, c->n_pe);
    a.words += ceil_div(ceil_div(layer->nnz, c->n_pe), c->entries_per_word);
    a.places += ((in_slots * c->n_pe + 2) & ~(uint64_t)1) + 2 * out_slots;
    if (out_slots > a.rows) a.rows = out_slots;
    if (in_slots + out_slots > a.resident) a.resident = in_slots + out_slots;
    a.visible += out_slots;
    in_slots = out_slots;
  }
  return a;
}

// The same parameters and limits as EIE_CONFIG_PARAMETERS; SPMAT_WORDS as if weights were dealt out
// perfectly.
static needs least_needs(const search *s, uint32_t n_pe) {
  needs n = {.possible = 1, .lean = smallest_of(s, n_pe)};
  const amounts a = amounts_of(s, &n.lean);
  need(&n, &n.lean.spmat_words, a.words, 65536);
  need(&n, &n.lean.ptr_depth, a.places, 131072);
  need(&n, &n.lean.rows, a.rows, 4096);
  need(&n, &n.lean.act_slots, a.resident, 32768);
  need(&n, &n.lean.layers, s->model->n_layers, 64);
  n.visible_act = a.visible < UINT32_MAX ? (uint32_t)a.visible : UINT32_MAX;
  if (eie_config_check(&n.lean, NULL) != EIE_OK) n.possible = 0;
  return n;
}

// Sets SPMAT_WORDS to what the fullest PE needs.
static eie_status pack_to_learn(const search *s, needs *n, eie_error *err) {
  const eie_config smallest = smallest_of(s, n->lean.n_pe);
  const eie_pack_options options = {.dealing = EIE_DEAL_BALANCED, .seed = DEFAULT_SEED};
  eie_packed packed;
  const eie_status status = eie_pack_one_pass(s->model, &smallest, &options, &packed, err);
  if (status == EIE_ERR_FIT) n->possible = 0;
  if (status) return status == EIE_ERR_FIT ? EIE_OK : status;
  need(n, &n->lean.spmat_words, packed.config.spmat_words, 65536);
  eie_packed_free(&packed);
  return EIE_OK;
}

// Max of each memory of two configurations.
static eie_config roomier(const eie_config *a, const eie_config *b) {
  eie_config c = *a, other = *b;
  for (int k = 0; k < EIE_FIT_SIZES; k++)
    if (*eie_fit_size(&other, k) > *eie_fit_size(&c, k)) *eie_fit_size(&c, k) = *eie_fit_size(&other, k);
  return c;
}

// The board's own memories where they are large enough for the model, else the smallest that are.
static int fit_one_load(const search *s, uint32_t n_pe, const needs *n, eie_config *to) {
  const eie_config own = base_of(s, n_pe);
  eie_config c = roomier(&n->lean, &own);
  if (n->visible_act > c.act_slots) c.act_slots = n->visible_act;
  if (eie_fit_good(&c, s->board)) {
    *to = c;
    return 1;
  }
  c = n->lean;
  if (!eie_fit_good(&c, s->board)) return 0;
  eie_fit_grow(&c, s->board);
  *to = c;
  return 1;
}

// Most PEs that are proposed: what was routed. Where nothing was, because a board is only synthesised or new,
// its own count, unless measured costs say that more would go.
static uint32_t most_pes(const eie_board *board) {
  const uint32_t routed = eie_board_routed(board);
  return routed ? routed : board->costs.measured ? MOST_PE : board->config.n_pe;
}

static eie_status try_one_load(const search *s, uint32_t n_pe, int *fits, eie_config *c, eie_fit_verdict *why,
                               eie_error *err) {
  needs n = least_needs(s, n_pe);
  *c = n.lean;
  *why = eie_fit_check(&n.lean, s->board);
  if (!n.possible || why->what != EIE_FIT_GOOD) return EIE_OK;
  EIE_TRY(pack_to_learn(s, &n, err));
  *c = n.lean;
  *why = eie_fit_check(&n.lean, s->board);
  *fits = n.possible && fit_one_load(s, n_pe, &n, c);
  return EIE_OK;
}

static eie_status try_count(const search *s, uint32_t n_pe, int tiled, eie_fit_found *found, eie_error *err) {
  const needs n = least_needs(s, n_pe);
  const eie_config smallest = smallest_of(s, n_pe);
  int fits = 0;
  found->config = smallest;
  found->next_pe = n_pe;
  found->next = eie_fit_check(&smallest, s->board);
  if (tiled)
    fits = eie_fit_shrink(s->model, s->board, &n.lean, &smallest, &found->config);
  else if (found->next.what == EIE_FIT_GOOD)
    EIE_TRY(try_one_load(s, n_pe, &fits, &found->config, &found->next, err));
  found->next_unrouted = fits && n_pe > most_pes(s->board);
  found->fits = fits && !found->next_unrouted;
  found->one_load = found->fits && !tiled;
  return EIE_OK;
}

eie_status eie_fit_search(const eie_model *model, const eie_board *board, eie_fit_found *found,
                          eie_error *err) {
  const search s = {.model = model, .board = board, .code_w = eie_fit_code_w(model)};
  const uint32_t most =
      most_pes(board) < MOST_PE ? 2 * most_pes(board) : MOST_PE;  // the next one is told too
  memset(found, 0, sizeof *found);
  for (int tiled = 0; tiled <= 1; tiled++) {
    eie_fit_found larger = {.fits = 0};
    for (uint32_t n_pe = most; n_pe >= 1; n_pe /= 2) {
      EIE_TRY(try_count(&s, n_pe, tiled, found, err));
      if (found->fits) {
        found->next = larger.next;
        found->next_pe = larger.next_pe;
        found->next_unrouted = larger.next_unrouted;
        return EIE_OK;
      }
      larger = *found;
    }
  }
  return EIE_OK;
}
