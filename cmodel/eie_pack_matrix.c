// SPDX-License-Identifier: Apache-2.0
// The dealt layer: the model's entries sorted by PE, packed column and slot, by one counting sort.
#include <stdlib.h>

#include "eie_pack_parts.h"

void eie_dealt_free(eie_dealt *dealt) {
  free(dealt->start);
  free(dealt->slot);
  free(dealt->code);
  *dealt = (eie_dealt){0};
}

static size_t columns_of(const eie_dealt *dealt) {
  return (size_t)dealt->in_slots * dealt->n_pe;
}

static eie_status allocate(eie_dealt *dealt, uint32_t nnz, eie_error *err) {
  const size_t places = columns_of(dealt) * dealt->n_pe + 1;
  dealt->start = calloc(places, sizeof *dealt->start);
  dealt->slot = malloc((nnz + (size_t)1) * sizeof *dealt->slot);
  dealt->code = malloc(nnz + (size_t)1);
  if (dealt->start && dealt->slot && dealt->code) return EIE_OK;
  eie_dealt_free(dealt);
  return eie_fail(err, EIE_ERR_MEMORY, "no memory to deal %u weights over %zu column starts", nnz, places);
}

// Counts entries of each (PE, column), then turns the counts into places where each one begins.
static void count(const eie_layer *layer, const uint32_t *col_place, const uint32_t *row_place,
                  eie_dealt *dealt) {
  const size_t columns = columns_of(dealt), places = columns * dealt->n_pe;
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++)
      dealt->start[(row_place[layer->indices[e]] % dealt->n_pe) * columns + col_place[c]]++;
  uint32_t sum = 0;
  for (size_t i = 0; i <= places; i++) {
    const uint32_t n = dealt->start[i];
    dealt->start[i] = sum;
    sum += n;
  }
}

// Puts every entry at its place; `start` ends one step ahead and is moved back. The rows of a column
// ascend and so do slots with rows, so each list comes out in ascending slots.
static void place(const eie_layer *layer, const uint32_t *col_place, const uint32_t *row_place,
                  eie_dealt *dealt) {
  const size_t columns = columns_of(dealt), places = columns * dealt->n_pe;
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++) {
      const uint32_t p = row_place[layer->indices[e]];
      const uint32_t to = dealt->start[(p % dealt->n_pe) * columns + col_place[c]]++;
      dealt->slot[to] = p / dealt->n_pe;
      dealt->code[to] = layer->codes[e];
    }
  for (size_t i = places; i > 0; i--) dealt->start[i] = dealt->start[i - 1];
  dealt->start[0] = 0;
}

eie_status eie_pack_matrix(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots,
                           const uint32_t *row_place, uint32_t n_pe, eie_dealt *dealt, eie_error *err) {
  *dealt = (eie_dealt){.n_pe = n_pe, .in_slots = in_slots, .out_slots = (layer->rows + n_pe - 1) / n_pe};
  EIE_TRY(allocate(dealt, layer->nnz, err));
  count(layer, col_place, row_place, dealt);
  place(layer, col_place, row_place, dealt);
  return EIE_OK;
}

// First index in [begin, end) whose slot is at least `slot`.
static uint32_t lower_bound(const uint32_t *slots, uint32_t begin, uint32_t end, uint32_t slot) {
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (slots[middle] < slot)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

void eie_dealt_column(const eie_dealt *dealt, uint32_t pe, uint32_t column, uint32_t row_slot, uint32_t rows,
                      uint32_t *begin, uint32_t *end) {
  const uint32_t *start = dealt->start + (size_t)pe * dealt->in_slots * dealt->n_pe + column;
  *begin = start[0];
  *end = start[1];
  if (row_slot == 0 && rows >= dealt->out_slots) return;
  *begin = lower_bound(dealt->slot, *begin, *end, row_slot);
  *end = lower_bound(dealt->slot, *begin, *end, row_slot + rows);
}
