// SPDX-License-Identifier: Apache-2.0
// One tile as the PEs read it: {run, code} entries, padding where a run does not fit IDX_W, and the
// pointers of every column. docs/encoding.md.
#include <stdlib.h>

#include "eie_pack_parts.h"

void eie_pass_free(eie_pass *pass) {
  if (pass->ptr) free(pass->ptr[0]);
  if (pass->entries) free(pass->entries[0]);
  free(pass->ptr);
  free(pass->entries);
  free(pass->first_entry);
  free(pass->n_entries);
  free(pass->padding);
  pass->ptr = NULL;
  pass->entries = NULL;
  pass->first_entry = pass->n_entries = pass->padding = NULL;
}

// The lists by PE, and all pointers in one block that ptr[0] owns.
static int allocate_lists(eie_pass *pass, uint32_t n_pe) {
  const size_t n_ptr = (size_t)pass->col_slots * n_pe + 1;
  pass->first_entry = calloc(n_pe, sizeof *pass->first_entry);
  pass->n_entries = calloc(n_pe, sizeof *pass->n_entries);
  pass->padding = calloc(n_pe, sizeof *pass->padding);
  pass->ptr = calloc(n_pe, sizeof *pass->ptr);
  pass->entries = calloc(n_pe, sizeof *pass->entries);
  if (!pass->first_entry || !pass->n_entries || !pass->padding || !pass->ptr || !pass->entries) return -1;
  pass->ptr[0] = malloc(n_ptr * n_pe * sizeof *pass->ptr[0]);
  if (!pass->ptr[0]) return -1;
  for (uint32_t pe = 1; pe < n_pe; pe++) pass->ptr[pe] = pass->ptr[0] + pe * n_ptr;
  return 0;
}

// All entries in one block that entries[0] owns.
static int allocate_entries(eie_pass *pass, uint32_t n_pe) {
  size_t total = 0;
  for (uint32_t pe = 0; pe < n_pe; pe++) total += pass->n_entries[pe];
  pass->entries[0] = malloc((total + 1) * sizeof *pass->entries[0]);
  if (!pass->entries[0]) return -1;
  for (uint32_t pe = 1; pe < n_pe; pe++) pass->entries[pe] = pass->entries[pe - 1] + pass->n_entries[pe - 1];
  return 0;
}

// Writes one column's entries to `out`, or only counts them when out is NULL.
static uint32_t encode_column(const eie_dealt *dealt, uint32_t begin, uint32_t end, uint32_t row_slot,
                              const eie_config *config, uint16_t *out) {
  const uint32_t longest = (1u << config->idx_w) - 1;
  uint32_t n = 0, expected = row_slot;
  for (uint32_t e = begin; e < end; e++) {
    uint32_t gap = dealt->slot[e] - expected;
    for (; gap > longest; gap -= longest + 1, n++)
      if (out) out[n] = (uint16_t)(longest << config->code_w);
    if (out) out[n] = (uint16_t)(gap << config->code_w | dealt->code[e]);
    n++;
    expected = dealt->slot[e] + 1;
  }
  return n;
}

// One PE's tile: pointers and entries, or pointers and counts when pass->entries[pe] is NULL.
static void encode_pe(const eie_dealt *dealt, const eie_config *config, eie_pass *pass, uint32_t pe) {
  const uint32_t first = pass->col_slot * dealt->n_pe, n_cols = pass->col_slots * dealt->n_pe;
  uint16_t *out = pass->entries[pe];
  uint32_t n = 0, weights = 0;
  for (uint32_t c = 0; c < n_cols; c++) {
    uint32_t begin, end;
    eie_dealt_column(dealt, pe, first + c, pass->row_slot, pass->rows, &begin, &end);
    pass->ptr[pe][c] = n;
    n += encode_column(dealt, begin, end, pass->row_slot, config, out ? out + n : NULL);
    weights += end - begin;
  }
  pass->ptr[pe][n_cols] = n;
  pass->n_entries[pe] = n;
  pass->padding[pe] = n - weights;
}

eie_status eie_pack_encode(const eie_dealt *dealt, const eie_config *config, eie_pass *pass, eie_error *err) {
  int failed = allocate_lists(pass, dealt->n_pe);
  for (uint32_t pe = 0; !failed && pe < dealt->n_pe; pe++) encode_pe(dealt, config, pass, pe);
  if (!failed) failed = allocate_entries(pass, dealt->n_pe);
  for (uint32_t pe = 0; !failed && pe < dealt->n_pe; pe++) encode_pe(dealt, config, pass, pe);
  if (!failed) return EIE_OK;
  eie_pass_free(pass);
  return eie_fail(err, EIE_ERR_MEMORY, "no memory for a tile of %u columns in %u PEs",
                  pass->col_slots * dealt->n_pe, dealt->n_pe);
}
