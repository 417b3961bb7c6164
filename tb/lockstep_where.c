// SPDX-License-Identifier: Apache-2.0
// Where a difference is, in the words of the model: row and column numbers as its file has them.
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "lockstep_state.h"

static const char *const stage_names[EIE_STAGES] = {"launch",
                                                    "broadcast column",
                                                    "broadcast value",
                                                    "pointer read",
                                                    "entry",
                                                    "accumulator update",
                                                    "accumulator read for write-back",
                                                    "write-back"};

const char *eie_stage_name(eie_stage stage) {
  return stage_names[stage];
}

eie_divergence lockstep_at(const eie_lockstep *l, eie_difference kind, eie_stage stage, uint64_t cycle,
                           uint32_t pe) {
  return (eie_divergence){.kind = kind,
                          .stage = stage,
                          .input = l->input,
                          .pass = l->pass.number,
                          .layer = l->pass.pass->layer,
                          .pe = pe,
                          .slot = UINT32_MAX,
                          .row = UINT32_MAX,
                          .place = UINT32_MAX,
                          .column = UINT32_MAX,
                          .entry = UINT32_MAX,
                          .cycle = cycle,
                          .launch = l->launch};
}

static uint32_t row_at(const eie_packed_layer *layer, uint32_t place) {
  for (uint32_t row = 0; row < layer->rows; row++)
    if (layer->row_place[row] == place) return row;
  return UINT32_MAX;
}

void lockstep_set_slot(const eie_lockstep *l, eie_divergence *d, uint32_t slot) {
  d->slot = slot;
  d->row = row_at(l->pass.layer, (l->pass.pass->row_slot + slot) * l->packed->config.n_pe + d->pe);
}

// Column c of a layer is row c of the layer before it.
static uint32_t column_at(const eie_lockstep *l, uint32_t place) {
  const uint32_t layer = l->pass.pass->layer;
  if (layer > 0) return row_at(&l->packed->layers[layer - 1], place);
  return place < l->packed->layers[0].cols ? place : UINT32_MAX;
}

void lockstep_set_place(const eie_lockstep *l, eie_divergence *d, uint32_t column) {
  d->place = l->pass.pass->col_slot * l->packed->config.n_pe + column;
  d->column = column_at(l, d->place);
}

void lockstep_set_column(const eie_lockstep *l, eie_divergence *d, uint32_t broadcast) {
  lockstep_set_place(l, d, l->pass.column[broadcast]);
}

static size_t add(eie_divergence *d, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static size_t add(eie_divergence *d, size_t at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int n = vsnprintf(d->sentence + at, sizeof d->sentence - at, format, args);
  va_end(args);
  return n < 0 || at + (size_t)n >= sizeof d->sentence ? sizeof d->sentence - 1 : at + (size_t)n;
}

static size_t add_slot(eie_divergence *d, size_t at) {
  if (d->row == UINT32_MAX) return add(d, at, ", slot %u (no row)", d->slot);
  return add(d, at, ", slot %u (row %u)", d->slot, d->row);
}

static size_t add_column(eie_divergence *d, size_t at) {
  if (d->column == UINT32_MAX) return add(d, at, ", place %u (no column)", d->place);
  at = add(d, at, ", column %u", d->column);
  return d->column == d->place ? at : add(d, at, " (place %u)", d->place);
}

void lockstep_say(const eie_lockstep *l, eie_divergence *d, const char *format, ...) {
  size_t at = add(d, 0, "input %u, layer %u (%s), pass %u, cycle %" PRIu64, d->input, d->layer,
                  l->packed->layers[d->layer].name, d->pass, d->cycle);
  if (d->launch && d->cycle >= d->launch)
    at = add(d, at, " (%" PRIu64 " of the layer)", d->cycle - d->launch);
  if (d->pe != UINT32_MAX) at = add(d, at, ", PE %u", d->pe);
  if (d->slot != UINT32_MAX) at = add_slot(d, at);
  if (d->place != UINT32_MAX) at = add_column(d, at);
  if (d->entry != UINT32_MAX) at = add(d, at, ", entry %u", d->entry);
  at = add(d, at, ": ");
  va_list args;
  va_start(args, format);
  vsnprintf(d->sentence + at, sizeof d->sentence - at, format, args);
  va_end(args);
}

void lockstep_add(eie_divergence *d, const char *format, ...) {
  const size_t at = strlen(d->sentence);
  va_list args;
  va_start(args, format);
  vsnprintf(d->sentence + at, sizeof d->sentence - at, format, args);
  va_end(args);
}
