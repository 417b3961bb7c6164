// SPDX-License-Identifier: Apache-2.0
// Cuts a layer into tiles that each fit the memories of an empty device, with as few tiles as a search
// over tile heights finds. A tile of one row slot by one activation slot fits every legal
// configuration (eie_config_check), so a plan always exists. docs/packer.md.
#include <stdlib.h>

#include "eie_pack_parts.h"

// What one tile may hold, and the scratch of one row tile.
typedef struct {
  const eie_dealt *dealt;
  uint32_t idx_w;
  uint32_t entries;    // of one PE
  uint32_t ptr_depth;  // pointer and bias places
  uint32_t width;      // activation slots of one segment
  uint32_t height;     // row slots
  uint32_t *slots;     // [in_slots][n_pe] entries of each activation slot's columns in each PE
  uint32_t *sum;       // [n_pe]
} limits;

void eie_plan_free(eie_plan *plan) {
  free(plan->tiles);
  *plan = (eie_plan){0};
}

uint32_t eie_pack_ptr_places(uint32_t n_pe, uint32_t col_slots) {
  return (col_slots * n_pe + 2) & ~1u;
}

// Widest tile whose pointers leave `spare` places; 0 when not even one activation slot does.
static uint32_t widest(const limits *l, uint32_t spare) {
  if (spare + 2 > l->ptr_depth) return 0;
  const uint32_t width = (l->ptr_depth - spare - 1) / l->dealt->n_pe;  // both are even
  return width < l->width ? width : l->width;
}

static limits limits_of(const eie_dealt *dealt, const eie_config *config) {
  limits l = {.dealt = dealt, .idx_w = config->idx_w, .ptr_depth = config->ptr_depth};
  l.entries = config->spmat_words * config->entries_per_word;
  l.width = config->act_slots;
  l.height = (config->ptr_depth - eie_pack_ptr_places(dealt->n_pe, 1)) / 2;
  if (l.height > config->rows) l.height = config->rows;
  if (l.height > config->act_slots) l.height = config->act_slots;
  return l;
}

static uint32_t encoded_length(const eie_dealt *dealt, uint32_t begin, uint32_t end, uint32_t row_slot,
                               uint32_t idx_w) {
  uint32_t n = end - begin, expected = row_slot;
  for (uint32_t e = begin; e < end; e++) {
    n += (dealt->slot[e] - expected) >> idx_w;
    expected = dealt->slot[e] + 1;
  }
  return n;
}

// Entries of every activation slot of a row tile in every PE; 0, or -1 when some slot alone is too much.
static int count_slots(const limits *l, uint32_t row_slot, uint32_t rows) {
  const eie_dealt *d = l->dealt;
  for (uint32_t pe = 0; pe < d->n_pe; pe++)
    for (uint32_t slot = 0; slot < d->in_slots; slot++) {
      uint32_t n = 0, begin, end;
      for (uint32_t c = slot * d->n_pe; c < (slot + 1) * d->n_pe; c++) {
        eie_dealt_column(d, pe, c, row_slot, rows, &begin, &end);
        n += encoded_length(d, begin, end, row_slot, l->idx_w);
      }
      if (n > l->entries) return -1;
      l->slots[(size_t)slot * d->n_pe + pe] = n;
    }
  return 0;
}

static eie_status append(eie_plan *plan, const eie_tile *tile, eie_error *err) {
  if (plan->n_tiles == plan->capacity) {
    const uint32_t capacity = plan->capacity ? plan->capacity * 2 : 16;
    eie_tile *tiles = realloc(plan->tiles, capacity * sizeof *tiles);
    if (!tiles) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u tiles", capacity);
    plan->tiles = tiles;
    plan->capacity = capacity;
  }
  plan->tiles[plan->n_tiles++] = *tile;
  return EIE_OK;
}

// Adds activation slots to a tile while it fits; leaves in sum[0] .. the entries of each PE.
static uint32_t grow(const limits *l, uint32_t col_slot, uint32_t most) {
  const uint32_t n_pe = l->dealt->n_pe;
  uint32_t width = 0;
  for (uint32_t pe = 0; pe < n_pe; pe++) l->sum[pe] = 0;
  for (; width < most; width++) {
    const uint32_t *slot = l->slots + (size_t)(col_slot + width) * n_pe;
    uint32_t pe = 0;
    while (pe < n_pe && slot[pe] <= l->entries - l->sum[pe]) pe++;
    if (pe < n_pe) break;
    for (pe = 0; pe < n_pe; pe++) l->sum[pe] += slot[pe];
  }
  return width;
}

// One tile from col_slot on: the widest that fits, and no wider than its biases allow if it is last.
static uint32_t next_width(const limits *l, uint32_t col_slot, uint32_t rows) {
  const uint32_t left = l->dealt->in_slots - col_slot;
  const uint32_t open = widest(l, 0), last = widest(l, 2 * rows);
  const uint32_t width = grow(l, col_slot, left < open ? left : open);
  if (width < left || width <= last) return width;
  return grow(l, col_slot, left - last);  // the next tile is the last one, as wide as it may be
}

// The column tiles of one row tile whose slots are counted.
static eie_status cut_columns(const limits *l, uint32_t row_slot, uint32_t rows, eie_plan *plan,
                              eie_error *err) {
  for (uint32_t col_slot = 0; col_slot < l->dealt->in_slots;) {
    eie_tile tile = {row_slot, rows, col_slot, next_width(l, col_slot, rows)};
    uint32_t fullest = 0;
    for (uint32_t pe = 0; pe < l->dealt->n_pe; pe++)
      if (l->sum[pe] > fullest) fullest = l->sum[pe];
    EIE_TRY(append(plan, &tile, err));
    plan->entry_cycles += fullest;
    col_slot += tile.col_slots;
  }
  return EIE_OK;
}

// All tiles with row tiles of `height`; a row tile whose columns are too full for that is halved.
// Gives up, with n_tiles at `enough`, when it cannot be better than a plan of so many tiles.
static eie_status cut_rows(const limits *l, uint32_t height, uint32_t enough, eie_plan *plan,
                           eie_error *err) {
  for (uint32_t row_slot = 0; row_slot < l->dealt->out_slots && plan->n_tiles < enough;) {
    const uint32_t left = l->dealt->out_slots - row_slot;
    uint32_t rows = height < left ? height : left;
    while (count_slots(l, row_slot, rows) != 0) rows = (rows + 1) / 2;
    EIE_TRY(cut_columns(l, row_slot, rows, plan, err));
    row_slot += rows;
  }
  return EIE_OK;
}

// Tries ever lower tiles until even tiles of the greatest width would be too many.
static eie_status search(const limits *l, eie_plan *best, eie_error *err) {
  const uint32_t rows = l->dealt->out_slots, width = widest(l, 0);
  const uint32_t across = (l->dealt->in_slots + width - 1) / width;
  uint32_t down = (rows + l->height - 1) / l->height, last_height = 0;
  for (; down <= rows; down += 1 + down / 4) {
    const uint32_t height = (rows + down - 1) / down, enough = best->tiles ? best->n_tiles : UINT32_MAX;
    if ((uint64_t)down * across >= enough) break;
    if (height == last_height) continue;
    last_height = height;
    eie_plan plan = {0};
    const eie_status status = cut_rows(l, height, enough, &plan, err);
    if (status != EIE_OK || plan.n_tiles >= enough) {
      eie_plan_free(&plan);
      if (status != EIE_OK) return status;
      continue;
    }
    eie_plan_free(best);
    *best = plan;
  }
  return EIE_OK;
}

eie_status eie_pack_plan(const eie_dealt *dealt, const eie_config *config, eie_plan *plan, eie_error *err) {
  limits l = limits_of(dealt, config);
  *plan = (eie_plan){0};
  l.slots = malloc((size_t)dealt->in_slots * dealt->n_pe * sizeof *l.slots);
  l.sum = malloc(dealt->n_pe * sizeof *l.sum);
  eie_status status = EIE_OK;
  if (!l.slots || !l.sum)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory to plan %u activation slots", dealt->in_slots);
  if (status == EIE_OK) status = search(&l, plan, err);
  free(l.slots);
  free(l.sum);
  if (status != EIE_OK) eie_plan_free(plan);
  return status;
}
