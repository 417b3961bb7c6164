// SPDX-License-Identifier: Apache-2.0
// The last swaps. Which columns an input will broadcast is not known, so a PE's work is its share of a random
// subset of the columns: on average its whole load, but its spread is the sum over single columns of
// (entries there - the mean of all PEs)^2, and the array waits for the PE that was least lucky. So swaps go
// on while the sum of squares falls in which single columns count beside blocks and whole loads.
//
// Rows have an entry in a column or not. With meet(p, r) = weight of the entries of PE p in the columns of
// row r, a swap of row r of PE p and row s of PE q changes the columns' sum (halved) by
//   meet(q, r) - (meet(p, r) - weight(r)) + meet(p, s) - (meet(q, s) - weight(s)) - 2 common(r, s).
// All but the last are kept in tables, so a row can look at all partners; common(r, s) is worked out for
// those that look best.
#include <stdlib.h>
#include <string.h>

#include "eie_pack_deal.h"
#include "eie_random.h"

enum {
  COLUMN = 16,           // weight of a single column, and
  WHOLE = 16,            // of the whole load, against one block's
  ROUNDS = 4,            // at most
  BEST = 16,             // partners that are looked at closely
  LOOKS = 1 << 25,       // partners looked at in a round, about
  MOST_TABLE = 1 << 24,  // words of the meet table
  MOST_START = 1 << 30,  // steps to fill it
  MOST_STEPS = 1 << 30   // steps to keep it right, in all
};

typedef struct {
  const eie_deal_job *job;
  eie_deal *deal;
  uint32_t *row_start, *row_cols;  // [n_places + 1], [nnz]: the columns of each row
  int32_t *meet;                   // [n_pe][n_places]
  int32_t *own;                    // [n_places] what a row meets in its own PE, less its own weight
  int32_t *moved;                  // [n_places] scratch of a swap
  int64_t *gain, *load;            // [n_pe] scratch of a search
  uint8_t *mark;                   // [cols] columns of the row that looks for a partner
  uint64_t all_columns;            // weight of one entry in each
  int64_t factor;                  // of the columns' sum against the others
  uint64_t steps;
} even;

typedef struct {
  int64_t change;
  uint32_t row;
} partner;

static int32_t weight_of(const even *e, uint32_t row) {
  return e->deal->rows[row].n[EIE_BLOCKS];
}

// The model has columns; this needs rows.
static void turn(even *e) {
  const eie_layer *layer = e->job->layer;
  uint32_t *next = e->row_start;
  for (uint32_t k = 0; k < layer->nnz; k++) next[layer->indices[k] + 1]++;
  for (uint32_t r = 0; r < e->deal->n_places; r++) next[r + 1] += next[r];
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t k = layer->indptr[c]; k < layer->indptr[c + 1]; k++)
      e->row_cols[next[layer->indices[k]]++] = c;
  for (uint32_t r = e->deal->n_places; r > 0; r--) next[r] = next[r - 1];
  next[0] = 0;
}

// load[cols] is scratch.
static void fill_meet(even *e, uint32_t *load) {
  const uint32_t *weight = e->job->weights->column, n = e->deal->n_places;
  for (uint32_t p = 0; p < e->job->n_pe; p++) {
    memset(load, 0, e->job->layer->cols * sizeof *load);
    for (uint32_t r = 0; r < n; r++)
      if (e->deal->pe_of[r] == p)
        for (uint32_t k = e->row_start[r]; k < e->row_start[r + 1]; k++)
          load[e->row_cols[k]] += weight[e->row_cols[k]];
    for (uint32_t r = 0; r < n; r++) {
      uint32_t sum = 0;
      for (uint32_t k = e->row_start[r]; k < e->row_start[r + 1]; k++) sum += load[e->row_cols[k]];
      e->meet[(size_t)p * n + r] = (int32_t)sum;
      if (e->deal->pe_of[r] == p) e->own[r] = (int32_t)sum - weight_of(e, r);
    }
  }
}

// What row r would meet in PE q more than it does in its own, without itself.
static int64_t elsewhere(const even *e, uint32_t r, uint32_t q) {
  return (int64_t)e->meet[(size_t)q * e->deal->n_places + r] - e->own[r];
}

// The columns of row r are marked.
static int64_t exact(const even *e, uint32_t r, uint32_t s) {
  const uint32_t *weight = e->job->weights->column;
  int64_t common = 0;
  for (uint32_t k = e->row_start[s]; k < e->row_start[s + 1]; k++)
    common += e->mark[e->row_cols[k]] ? weight[e->row_cols[k]] : 0;
  const int64_t columns =
      elsewhere(e, r, e->deal->pe_of[s]) + elsewhere(e, s, e->deal->pe_of[r]) - 2 * common;
  return e->factor * columns + eie_deal_change(e->deal, r, s, WHOLE);
}

static void keep(partner *best, uint32_t *n, partner p) {
  if (*n == BEST && p.change >= best[BEST - 1].change) return;
  uint32_t at = *n < BEST ? (*n)++ : BEST - 1;
  for (; at > 0 && best[at - 1].change > p.change; at--) best[at] = best[at - 1];
  best[at] = p;
}

static void mark_row(even *e, uint32_t r, uint8_t mark) {
  for (uint32_t k = e->row_start[r]; k < e->row_start[r + 1]; k++) e->mark[e->row_cols[k]] = mark;
}

// The partners that look best among `looks` rows from row `from` on, when common(r, s) is taken to be what
// two rows of these weights have on average.
static uint32_t look(even *e, uint32_t r, uint32_t from, uint32_t looks, partner *best) {
  const uint32_t n = e->deal->n_places, *pe_of = e->deal->pe_of, p = pe_of[r];
  const int32_t *met = e->meet + (size_t)p * n;
  const int64_t weight = weight_of(e, r), average = (weight << 21) / (int64_t)e->all_columns;
  uint32_t n_best = 0;
  for (uint32_t q = 0; q < e->job->n_pe; q++) {
    e->gain[q] = elsewhere(e, r, q);
    e->load[q] = (int64_t)e->deal->pes[p].n[EIE_BLOCKS] - e->deal->pes[q].n[EIE_BLOCKS];
  }
  for (uint32_t k = 0, s = from; k < looks; k++, s = s + 1 == n ? 0 : s + 1) {
    const uint32_t q = pe_of[s];
    if (q == p) continue;
    const int64_t other = weight_of(e, s), d = other - weight;
    const int64_t columns = e->gain[q] + met[s] - e->own[s] - (average * other >> 20);
    keep(best, &n_best, (partner){e->factor * columns + WHOLE * d * (e->load[q] + d), s});
  }
  return n_best;
}

// The value is the best partner for row r, or r.
static uint32_t find_partner(even *e, uint32_t r, uint32_t from, uint32_t looks) {
  partner best[BEST];
  uint32_t found = r;
  int64_t change = 0;
  const uint32_t n_best = look(e, r, from, looks, best);
  mark_row(e, r, 1);
  for (uint32_t k = 0; k < n_best; k++) {
    const int64_t delta = exact(e, r, best[k].row);
    if (delta >= change) continue;
    change = delta;
    found = best[k].row;
  }
  mark_row(e, r, 0);
  return found;
}

// Adds to moved[] what every row has in common with `row`, `times` times.
static void meet_row(even *e, uint32_t row, int32_t times) {
  const eie_layer *layer = e->job->layer;
  for (uint32_t k = e->row_start[row]; k < e->row_start[row + 1]; k++) {
    const uint32_t c = e->row_cols[k];
    const int32_t weight = times * (int32_t)e->job->weights->column[c];
    for (uint32_t i = layer->indptr[c]; i < layer->indptr[c + 1]; i++) e->moved[layer->indices[i]] += weight;
    e->steps += layer->indptr[c + 1] - layer->indptr[c];
  }
}

static void swap(even *e, uint32_t r, uint32_t s) {
  const uint32_t n = e->deal->n_places, p = e->deal->pe_of[r], q = e->deal->pe_of[s];
  int32_t *in_p = e->meet + (size_t)p * n, *in_q = e->meet + (size_t)q * n;
  memset(e->moved, 0, n * sizeof *e->moved);
  meet_row(e, r, 1);
  meet_row(e, s, -1);
  eie_deal_swap(e->deal, r, s);
  for (uint32_t y = 0; y < n; y++) {
    in_p[y] -= e->moved[y];
    in_q[y] += e->moved[y];
    if (e->deal->pe_of[y] == p) e->own[y] = in_p[y] - weight_of(e, y);
    if (e->deal->pe_of[y] == q) e->own[y] = in_q[y] - weight_of(e, y);
  }
}

static uint32_t swap_round(even *e, eie_random *random) {
  const uint32_t n = e->deal->n_places, looks = n < LOOKS / n ? n : LOOKS / n;
  uint32_t swaps = 0;
  for (uint32_t r = 0; r < n && e->steps < MOST_STEPS; r++) {
    const uint32_t s = find_partner(e, r, looks < n ? eie_random_below(random, n) : 0, looks);
    if (s == r) continue;
    swap(e, r, s);
    swaps++;
  }
  return swaps;
}

static void even_out(even *e, uint32_t *load) {
  eie_random random;
  eie_random_seed(&random, e->job->seed);
  turn(e);
  fill_meet(e, load);
  e->factor = (int64_t)COLUMN * e->job->weights->unit;
  for (uint32_t c = 0; c < e->job->layer->cols; c++) e->all_columns += e->job->weights->column[c];
  for (int round = 0; round < ROUNDS; round++)
    if (swap_round(e, &random) == 0) break;
}

eie_status eie_pack_even_columns(const eie_deal_job *job, eie_deal *deal, eie_error *err) {
  const eie_layer *layer = job->layer;
  const uint64_t n = deal->n_places, table = n * job->n_pe;
  if (layer->nnz == 0 || n > LOOKS || table > MOST_TABLE || (uint64_t)layer->nnz * job->n_pe > MOST_START)
    return EIE_OK;
  even e = {.job = job, .deal = deal};
  uint32_t *load = malloc(layer->cols * sizeof *load);
  e.row_start = calloc(n + 1, sizeof *e.row_start);
  e.row_cols = malloc(layer->nnz * sizeof *e.row_cols);
  e.meet = malloc(table * sizeof *e.meet);
  e.mark = calloc(layer->cols, 1);
  e.own = malloc(2 * n * sizeof *e.own);
  e.gain = malloc(2 * job->n_pe * sizeof *e.gain);
  const int good = load && e.row_start && e.row_cols && e.meet && e.mark && e.own && e.gain;
  if (good) {
    e.moved = e.own + n;
    e.load = e.gain + job->n_pe;
    even_out(&e, load);
  }
  free(load);
  free(e.row_start);
  free(e.row_cols);
  free(e.meet);
  free(e.mark);
  free(e.own);
  free(e.gain);
  return good ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory to even out %u columns", layer->cols);
}
