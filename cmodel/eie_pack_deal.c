// SPDX-License-Identifier: Apache-2.0
// Deals rows to PEs. interleaved: row r to PE r mod N, slot r div N, as in the paper. balanced:
// longest-processing-time-first over the rows' weights with equal rows a PE, then swaps that even out the
// load in blocks of columns and in single columns as well. docs/packer.md.
#include "eie_pack_deal.h"

#include <stdlib.h>
#include <string.h>

#include "eie_pack_parts.h"

// A PE in the heap of longest-processing-time-first: least load on top, then lowest number.
typedef struct {
  uint64_t load;
  uint32_t pe, rows;
} bin;

static int before(const bin *a, const bin *b) {
  return a->load != b->load ? a->load < b->load : a->pe < b->pe;
}

static void sift_down(bin *heap, uint32_t n) {
  for (uint32_t at = 0;;) {
    uint32_t least = at;
    for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < n; child++)
      if (before(&heap[child], &heap[least])) least = child;
    if (least == at) return;
    const bin swap = heap[at];
    heap[at] = heap[least];
    heap[least] = swap;
    at = least;
  }
}

typedef struct {
  uint64_t weight;  // of the row's entries
  uint32_t row;
} weighed;

static int longest_first(const void *a, const void *b) {
  const weighed *x = a, *y = b;
  if (x->weight != y->weight) return x->weight < y->weight ? 1 : -1;
  return x->row < y->row ? -1 : x->row > y->row;
}

// pe_of[row] for n_places rows (those past the layer are empty), n_places / n_pe of them in every PE.
static void deal_longest_first(weighed *rows, uint32_t n_places, bin *heap, uint32_t n_pe, uint32_t *pe_of) {
  qsort(rows, n_places, sizeof *rows, longest_first);
  for (uint32_t pe = 0; pe < n_pe; pe++) heap[pe] = (bin){0, pe, 0};
  uint32_t open = n_pe;
  for (uint32_t i = 0; i < n_places; i++) {
    pe_of[rows[i].row] = heap[0].pe;
    heap[0].load += rows[i].weight;
    heap[0].rows++;
    if (heap[0].rows == n_places / n_pe) heap[0] = heap[--open];
    sift_down(heap, open);
  }
}

// Slots ascend with the row in every PE: the encoder relies on it.
static void number_slots(const uint32_t *pe_of, uint32_t rows, uint32_t n_pe, uint32_t *next,
                         uint32_t *row_place) {
  memset(next, 0, n_pe * sizeof *next);
  for (uint32_t r = 0; r < rows; r++) row_place[r] = next[pe_of[r]]++ * n_pe + pe_of[r];
}

static eie_status deal_balanced(const eie_deal_job *job, uint32_t *row_place, eie_error *err) {
  const eie_layer *layer = job->layer;
  const uint32_t n_pe = job->n_pe, n_places = (layer->rows + n_pe - 1) / n_pe * n_pe;
  weighed *rows = malloc(n_places * sizeof *rows);
  bin *heap = malloc(n_pe * sizeof *heap);
  uint32_t *pe_of = malloc(n_places * sizeof *pe_of), *next = malloc(n_pe * sizeof *next);
  eie_status status = EIE_OK;
  if (!rows || !heap || !pe_of || !next)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory to deal %u rows", layer->rows);
  if (status == EIE_OK) {
    for (uint32_t r = 0; r < n_places; r++) rows[r] = (weighed){0, r};
    for (uint32_t c = 0; c < layer->cols; c++)
      for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++)
        rows[layer->indices[e]].weight += job->weights->column[c];
    deal_longest_first(rows, n_places, heap, n_pe, pe_of);
    status = eie_pack_even_blocks(job, n_places, pe_of, err);
  }
  if (status == EIE_OK) number_slots(pe_of, layer->rows, n_pe, next, row_place);
  free(rows);
  free(heap);
  free(pe_of);
  free(next);
  return status;
}

eie_status eie_pack_deal(const eie_deal_job *job, eie_dealing dealing, uint32_t *row_place, eie_error *err) {
  if (dealing == EIE_DEAL_BALANCED) return deal_balanced(job, row_place, err);
  for (uint32_t r = 0; r < job->layer->rows; r++) row_place[r] = r;  // slot * N + pe = r
  return EIE_OK;
}

eie_status eie_pack_busiest(const eie_deal_job *job, const uint32_t *row_place, uint64_t *busiest,
                            eie_error *err) {
  const eie_layer *layer = job->layer;
  uint64_t *load = calloc(job->n_pe, sizeof *load);
  if (!load) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the loads of %u PEs", job->n_pe);
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++)
      load[row_place[layer->indices[e]] % job->n_pe] += job->weights->column[c];
  *busiest = 0;
  for (uint32_t pe = 0; pe < job->n_pe; pe++)
    if (load[pe] > *busiest) *busiest = load[pe];
  free(load);
  return EIE_OK;
}
