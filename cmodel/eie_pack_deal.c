// SPDX-License-Identifier: Apache-2.0
// Deals rows to PEs. interleaved: row r to PE r mod N, slot r div N, as in the paper. balanced:
// longest-processing-time-first over the rows' entry counts with equal rows a PE, then swaps that even
// out the load in each of some tens of column blocks as well. docs/packer.md.
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
  uint32_t count, row;
} counted;

static int longest_first(const void *a, const void *b) {
  const counted *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  return x->row < y->row ? -1 : x->row > y->row;
}

// pe_of[row] for n_places rows (those past the layer are empty), n_places / n_pe of them in every PE.
static void deal_longest_first(counted *rows, uint32_t n_places, bin *heap, uint32_t n_pe, uint32_t *pe_of) {
  qsort(rows, n_places, sizeof *rows, longest_first);
  for (uint32_t pe = 0; pe < n_pe; pe++) heap[pe] = (bin){0, pe, 0};
  uint32_t open = n_pe;
  for (uint32_t i = 0; i < n_places; i++) {
    pe_of[rows[i].row] = heap[0].pe;
    heap[0].load += rows[i].count;
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

static eie_status deal_balanced(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots,
                                uint32_t n_pe, uint64_t seed, uint32_t *row_place, eie_error *err) {
  const uint32_t n_places = (layer->rows + n_pe - 1) / n_pe * n_pe;
  counted *rows = malloc(n_places * sizeof *rows);
  bin *heap = malloc(n_pe * sizeof *heap);
  uint32_t *pe_of = malloc(n_places * sizeof *pe_of), *next = malloc(n_pe * sizeof *next);
  eie_status status = EIE_OK;
  if (!rows || !heap || !pe_of || !next)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory to deal %u rows", layer->rows);
  if (status == EIE_OK) {
    for (uint32_t r = 0; r < n_places; r++) rows[r] = (counted){0, r};
    for (uint32_t e = 0; e < layer->nnz; e++) rows[layer->indices[e]].count++;
    deal_longest_first(rows, n_places, heap, n_pe, pe_of);
    status = eie_pack_even_out(layer, col_place, in_slots, n_pe, seed, n_places, pe_of, err);
  }
  if (status == EIE_OK) number_slots(pe_of, layer->rows, n_pe, next, row_place);
  free(rows);
  free(heap);
  free(pe_of);
  free(next);
  return status;
}

eie_status eie_pack_deal(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots, uint32_t n_pe,
                         eie_dealing dealing, uint64_t seed, uint32_t *row_place, eie_error *err) {
  if (dealing == EIE_DEAL_BALANCED)
    return deal_balanced(layer, col_place, in_slots, n_pe, seed, row_place, err);
  for (uint32_t r = 0; r < layer->rows; r++) row_place[r] = r;  // slot * N + pe = r
  return EIE_OK;
}
