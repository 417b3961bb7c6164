// SPDX-License-Identifier: Apache-2.0
// Swaps after longest-processing-time-first: a PE that has its share of the whole layer but too much of
// some columns fills its queue there and stalls the others. The sum of squares of the loads of every PE
// in every block of columns, and of its whole load, only ever falls.
#include <stdlib.h>

#include "eie_pack_deal.h"
#include "eie_random.h"

enum {
  WHOLE = EIE_BLOCKS,  // weight of the whole load against one block's
  ROUNDS = 6,
  TRIES = 64,            // partners that a row tries in a round
  EFFORT = 1 << 24,      // tries in all, about
  MOST_PLACES = 1 << 21  // layers with more rows than that keep longest-first: 0.5 GB of counts
};

static void add(eie_profile *sum, const eie_profile *p, int32_t times) {
  for (int b = 0; b < EIE_BLOCK_LANES; b++) sum->n[b] += times * p->n[b];
}

void eie_deal_swap(eie_deal *deal, uint32_t r, uint32_t s) {
  const uint32_t p = deal->pe_of[r], q = deal->pe_of[s];
  add(&deal->pes[p], &deal->rows[r], -1);
  add(&deal->pes[p], &deal->rows[s], 1);
  add(&deal->pes[q], &deal->rows[s], -1);
  add(&deal->pes[q], &deal->rows[r], 1);
  deal->pe_of[r] = q;
  deal->pe_of[s] = p;
}

int64_t eie_deal_change(const eie_deal *deal, uint32_t row_r, uint32_t row_s, int64_t whole) {
  const eie_profile *p = &deal->pes[deal->pe_of[row_r]], *q = &deal->pes[deal->pe_of[row_s]];
  const eie_profile *r = &deal->rows[row_r], *s = &deal->rows[row_s];
  int64_t sum = 0;
  for (int b = 0; b < EIE_BLOCK_LANES; b++) {
    const int64_t d = s->n[b] - r->n[b];
    const int64_t part = d * (p->n[b] - q->n[b] + d);
    sum += b == EIE_BLOCKS ? part * whole : part;
  }
  return sum;
}

static void weigh_rows(const eie_deal_job *job, eie_profile *rows) {
  const eie_layer *layer = job->layer;
  const uint64_t n_cols = (uint64_t)job->in_slots * job->n_pe;
  for (uint32_t c = 0; c < layer->cols; c++) {
    const uint32_t block = (uint32_t)((uint64_t)job->col_place[c] * EIE_BLOCKS / n_cols);
    const int32_t weight = (int32_t)job->weights->column[c];
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++) {
      rows[layer->indices[e]].n[block] += weight;
      rows[layer->indices[e]].n[EIE_BLOCKS] += weight;
    }
  }
}

// One round: every row looks for the best of some random partners.
static void swap_round(eie_deal *deal, uint32_t tries, eie_random *random) {
  for (uint32_t r = 0; r < deal->n_places; r++) {
    int64_t best = 0;
    uint32_t partner = r;
    for (uint32_t t = 0; t < tries; t++) {
      const uint32_t s = eie_random_below(random, deal->n_places);
      if (deal->pe_of[s] == deal->pe_of[r]) continue;
      const int64_t delta = eie_deal_change(deal, r, s, WHOLE);
      if (delta >= best) continue;
      best = delta;
      partner = s;
    }
    if (best != 0) eie_deal_swap(deal, r, partner);
  }
}

eie_status eie_pack_even_blocks(const eie_deal_job *job, uint32_t n_places, uint32_t *pe_of, eie_error *err) {
  if (job->n_pe == 1 || n_places > MOST_PLACES || job->layer->nnz > EIE_MOST_WEIGHT) return EIE_OK;
  eie_deal deal = {.n_places = n_places, .pe_of = pe_of};
  eie_status status = EIE_OK;
  deal.rows = calloc(n_places, sizeof *deal.rows);
  deal.pes = calloc(job->n_pe, sizeof *deal.pes);
  if (!deal.rows || !deal.pes)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory to even out %u rows", job->layer->rows);
  if (status == EIE_OK) {
    weigh_rows(job, deal.rows);
    for (uint32_t r = 0; r < n_places; r++) add(&deal.pes[pe_of[r]], &deal.rows[r], 1);
    eie_random random;
    eie_random_seed(&random, job->seed);
    uint32_t tries = EFFORT / ROUNDS / n_places;
    if (tries > TRIES) tries = TRIES;
    if (tries < 1) tries = 1;
    for (int round = 0; round < ROUNDS; round++) swap_round(&deal, tries, &random);
    status = eie_pack_even_columns(job, &deal, err);
  }
  free(deal.rows);
  free(deal.pes);
  return status;
}
