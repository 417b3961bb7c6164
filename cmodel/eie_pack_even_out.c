// SPDX-License-Identifier: Apache-2.0
// Swaps after longest-processing-time-first: a PE that has its share of the whole layer but too much of
// some columns fills its queue there and stalls the others. The sum of squares of the loads of every PE
// in every block of columns, and of its whole load, only ever falls.
#include <stdlib.h>

#include "eie_pack_deal.h"
#include "eie_random.h"

enum {
  BLOCKS = 64,  // column blocks, plus one pseudo-block: the whole row
  LANES = BLOCKS + 1,
  TOTAL_WEIGHT = BLOCKS,  // of the whole load against one block's
  ROUNDS = 6,
  TRIES = 64,            // partners that a row tries in a round
  EFFORT = 1 << 24,      // tries in all, about
  MOST_PLACES = 1 << 21  // layers with more rows than that keep longest-first: 0.5 GB of counts
};

typedef struct {
  int32_t n[LANES];
} profile;  // entries in each block, and in all

static void add(profile *sum, const profile *p, int32_t times) {
  for (int b = 0; b < LANES; b++) sum->n[b] += times * p->n[b];
}

// By how much (halved) the sum of squares changes when row r of PE p and row s of PE q change places.
static int64_t change(const profile *p, const profile *q, const profile *r, const profile *s) {
  int64_t sum = 0;
  for (int b = 0; b < LANES; b++) {
    const int64_t d = s->n[b] - r->n[b];
    const int64_t part = d * (p->n[b] - q->n[b] + d);
    sum += b == BLOCKS ? part * TOTAL_WEIGHT : part;
  }
  return sum;
}

static void count(const eie_layer *layer, const uint32_t *col_place, uint64_t n_cols, profile *rows) {
  for (uint32_t c = 0; c < layer->cols; c++) {
    const uint32_t block = (uint32_t)((uint64_t)col_place[c] * BLOCKS / n_cols);
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++) {
      rows[layer->indices[e]].n[block]++;
      rows[layer->indices[e]].n[BLOCKS]++;
    }
  }
}

// One round: every row looks for the best of some random partners.
static void swap_round(const profile *rows, profile *pes, uint32_t n_places, uint32_t tries, uint32_t *pe_of,
                       eie_random *random) {
  for (uint32_t r = 0; r < n_places; r++) {
    int64_t best = 0;
    uint32_t partner = r;
    for (uint32_t t = 0; t < tries; t++) {
      const uint32_t s = eie_random_below(random, n_places);
      if (pe_of[s] == pe_of[r]) continue;
      const int64_t delta = change(&pes[pe_of[r]], &pes[pe_of[s]], &rows[r], &rows[s]);
      if (delta >= best) continue;
      best = delta;
      partner = s;
    }
    if (best == 0) continue;
    const uint32_t p = pe_of[r], q = pe_of[partner];
    add(&pes[p], &rows[r], -1);
    add(&pes[p], &rows[partner], 1);
    add(&pes[q], &rows[partner], -1);
    add(&pes[q], &rows[r], 1);
    pe_of[r] = q;
    pe_of[partner] = p;
  }
}

eie_status eie_pack_even_out(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots,
                             uint32_t n_pe, uint64_t seed, uint32_t n_places, uint32_t *pe_of,
                             eie_error *err) {
  if (n_pe == 1 || n_places > MOST_PLACES || layer->nnz > INT32_MAX) return EIE_OK;
  profile *rows = calloc(n_places, sizeof *rows), *pes = calloc(n_pe, sizeof *pes);
  if (!rows || !pes) {
    free(rows);
    free(pes);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory to even out %u rows", layer->rows);
  }
  count(layer, col_place, (uint64_t)in_slots * n_pe, rows);
  for (uint32_t r = 0; r < n_places; r++) add(&pes[pe_of[r]], &rows[r], 1);
  eie_random random;
  eie_random_seed(&random, seed);
  uint32_t tries = EFFORT / ROUNDS / n_places;
  if (tries > TRIES) tries = TRIES;
  if (tries < 1) tries = 1;
  for (int round = 0; round < ROUNDS; round++) swap_round(rows, pes, n_places, tries, pe_of, &random);
  free(rows);
  free(pes);
  return EIE_OK;
}
