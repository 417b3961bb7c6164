// SPDX-License-Identifier: Apache-2.0
// Lays a layer out as a lane stream. Each step takes, for each of its 16 rows, the next at most two
// weights that lie in a window of 64 columns; the window starts where the row that is most behind goes on.
#include <stdlib.h>
#include <string.h>

#include "eie_golden_natural.h"

// The layer by rows, and the rows by length.
typedef struct {
  uint32_t *start;  // [rows + 1]
  uint32_t *entry;  // [nnz] column << 8 | code, ascending in each row
  uint32_t *order;  // [rows] rows, longest first
} row_lists;

static void free_rows(row_lists *l) {
  free(l->start);
  free(l->entry);
  free(l->order);
}

static uint32_t length_of(const row_lists *l, uint32_t row) {
  return l->start[row + 1] - l->start[row];
}

// Counting sort of the rows by length; equal lengths keep their order.
static int sort_rows(const eie_layer *layer, row_lists *l) {
  uint32_t *count = calloc((size_t)layer->cols + 2, sizeof *count);
  if (!count) return -1;
  for (uint32_t r = 0; r < layer->rows; r++) count[layer->cols - length_of(l, r) + 1]++;
  for (uint32_t n = 0; n <= layer->cols; n++) count[n + 1] += count[n];
  for (uint32_t r = 0; r < layer->rows; r++) l->order[count[layer->cols - length_of(l, r)]++] = r;
  free(count);
  return 0;
}

// start[r] is used as the cursor of row r and ends as its end, so that start moves by one row.
static void fill_rows(const eie_layer *layer, row_lists *l) {
  uint32_t *cursor = l->start + 1;
  for (uint32_t i = 0; i < layer->nnz; i++)
    if (layer->indices[i] + 2 <= layer->rows) cursor[layer->indices[i] + 1]++;
  for (uint32_t r = 1; r < layer->rows; r++) cursor[r] += cursor[r - 1];
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t i = layer->indptr[c]; i < layer->indptr[c + 1]; i++)
      l->entry[cursor[layer->indices[i]]++] = c << 8 | layer->codes[i];
}

static eie_status list_rows(const eie_layer *layer, row_lists *l, eie_error *err) {
  l->start = calloc((size_t)layer->rows + 1, sizeof *l->start);
  l->entry = malloc((layer->nnz + (size_t)1) * sizeof *l->entry);
  l->order = malloc(layer->rows * sizeof *l->order);
  if (l->start && l->entry && l->order) {
    fill_rows(layer, l);
    if (sort_rows(layer, l) == 0) return EIE_OK;
  }
  return eie_fail(err, EIE_ERR_MEMORY, "no memory to order %u weights by rows", layer->nnz);
}

// The rows of one group with what is left of them.
typedef struct {
  const uint32_t *next[LANES], *end[LANES];
} group_rows;

static void open_group(const row_lists *l, uint32_t rows, uint32_t group, group_rows *g) {
  for (uint32_t lane = 0; lane < LANES; lane++) {
    const uint32_t i = group * LANES + lane;
    g->next[lane] = g->end[lane] = NULL;
    if (i >= rows) continue;
    g->next[lane] = l->entry + l->start[l->order[i]];
    g->end[lane] = l->entry + l->start[l->order[i] + 1];
  }
}

// First column that any row still needs; UINT32_MAX: none.
static uint32_t first_column(const group_rows *g) {
  uint32_t first = UINT32_MAX;
  for (uint32_t lane = 0; lane < LANES; lane++)
    if (g->next[lane] != g->end[lane] && *g->next[lane] >> 8 < first) first = *g->next[lane] >> 8;
  return first;
}

// One step with its window at column `base`; words NULL: only takes the weights out of the rows.
static void take_step(group_rows *g, uint32_t base, uint16_t *words) {
  for (uint32_t lane = 0; lane < LANES; lane++)
    for (uint32_t half = 0; half < 2; half++) {
      if (g->next[lane] == g->end[lane]) break;
      const uint32_t column = (*g->next[lane] >> 8) - base;
      if (column >= WINDOW) break;
      if (words) words[2 * lane + half] = (uint16_t)((*g->next[lane] & 15) << CODE_SHIFT | column);
      g->next[lane]++;
    }
}

// Steps of one group, an even number; words NULL: only counts them.
static uint32_t lay_group(group_rows *g, uint16_t *words) {
  uint32_t steps = 0, base = 0;
  for (uint32_t column; (column = first_column(g)) != UINT32_MAX; steps++) {
    const uint32_t wanted = column / WINDOW_ADVANCE - base;
    const uint32_t advance = wanted > MOST_ADVANCE ? MOST_ADVANCE : wanted;
    uint16_t *here = words ? words + (size_t)steps * STEP_WORDS : NULL;
    base += advance;
    take_step(g, base * WINDOW_ADVANCE, here);
    if (here) here[0] |= (uint16_t)(advance << ADVANCE_SHIFT);
  }
  return steps + steps % 2;
}

// Counts the steps of every group into first; 0: fewer than four weights a step, so that compressed
// columns serve this layer better (and no file can ask for an enormous stream).
static int count_steps(const eie_layer *layer, const row_lists *l, lane_stream *s) {
  const uint64_t most = layer->nnz / 4 + (uint64_t)2 * s->n_groups;
  uint64_t steps = 0;
  for (uint32_t k = 0; k < s->n_groups; k++) {
    group_rows g;
    open_group(l, layer->rows, k, &g);
    steps += lay_group(&g, NULL);
    if (steps > most) return 0;
    s->first[k + 1] = (uint32_t)steps;
  }
  return 1;
}

static void name_lanes(const eie_layer *layer, const row_lists *l, lane_stream *s) {
  for (uint32_t i = 0; i < s->n_groups * LANES; i++) {
    const int row = i < layer->rows;
    s->row_of[i] = row ? l->order[i] : layer->rows;
    s->bias[i] = row ? layer->bias[l->order[i]] : 0;
  }
}

static eie_status lay_out(const eie_layer *layer, const row_lists *l, lane_stream *s, eie_error *err) {
  group_rows g;
  s->n_groups = (layer->rows + LANES - 1) / LANES;
  s->first = calloc((size_t)s->n_groups + 1, sizeof *s->first);
  s->row_of = malloc((size_t)s->n_groups * LANES * sizeof *s->row_of);
  s->bias = malloc((size_t)s->n_groups * LANES * sizeof *s->bias);
  if (!s->first || !s->row_of || !s->bias)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u rows", layer->rows);
  if (!count_steps(layer, l, s)) {
    natural_lanes_free(s);
    return EIE_OK;
  }
  const size_t bytes = (size_t)s->first[s->n_groups] * STEP_WORDS * sizeof *s->words;
  s->words = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
  if (!s->words) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %zu bytes of a lane stream", bytes);
  memset(s->words, 0, bytes);
  for (uint32_t k = 0; k < s->n_groups; k++) {
    open_group(l, layer->rows, k, &g);
    lay_group(&g, s->words + (size_t)s->first[k] * STEP_WORDS);
  }
  name_lanes(layer, l, s);
  return EIE_OK;
}

eie_status natural_lanes_build(const eie_layer *layer, lane_stream *s, eie_error *err) {
  row_lists l = {NULL, NULL, NULL};
  *s = (lane_stream){.n_groups = 0};
  eie_status status = list_rows(layer, &l, err);
  if (status == EIE_OK) status = lay_out(layer, &l, s, err);
  free_rows(&l);
  if (status != EIE_OK) natural_lanes_free(s);
  return status;
}

void natural_lanes_free(lane_stream *s) {
  free(s->first);
  free(s->words);
  free(s->row_of);
  free(s->bias);
  *s = (lane_stream){.n_groups = 0};
}
