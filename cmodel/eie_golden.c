// SPDX-License-Identifier: Apache-2.0
// The packed layers, pass by pass, as the array runs them: LNZD finds the non-zero activations of a
// group lowest PE first, every PE reads its pointers, walks its Spmat entries and accumulates; after
// the last column tile write-back empties the accumulators.
#include "eie_golden.h"

#include <stdlib.h>
#include <string.h>

struct eie_golden {
  const eie_packed *packed;
  uint32_t stride;      // accumulators of a PE: the tallest tile
  uint32_t next;        // the pass that continues the open chain
  uint32_t chain_open;  // 1: accumulators hold the sums of passes before `next`
  int64_t *acc;         // [N][stride]
};

// The tile under work: what the array holds in registers while a pass runs.
typedef struct {
  const eie_pass *pass;
  const int16_t *codebook;
  uint32_t n_pe, code_w, acc_w, stride;
  int64_t *acc;
  uint64_t *busy;  // [N] or NULL
  eie_counters *c;
} pass_run;

static uint32_t tallest(const eie_packed *packed) {
  uint32_t rows = 1;
  for (uint32_t p = 0; p < packed->n_passes; p++)
    if (packed->passes[p].rows > rows) rows = packed->passes[p].rows;
  return rows;
}

eie_status eie_golden_open(const eie_packed *packed, eie_golden **golden, eie_error *err) {
  eie_golden *g = calloc(1, sizeof *g);
  if (!g) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the golden model");
  g->packed = packed;
  g->stride = tallest(packed);
  g->acc = calloc((size_t)g->stride * packed->config.n_pe, sizeof *g->acc);
  if (!g->acc) {
    free(g);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u accumulators in each of %u PEs", tallest(packed),
                    packed->config.n_pe);
  }
  *golden = g;
  return EIE_OK;
}

void eie_golden_close(eie_golden *golden) {
  if (!golden) return;
  free(golden->acc);
  free(golden);
}

static void clear_accumulators(eie_golden *g) {
  memset(g->acc, 0, (size_t)g->stride * g->packed->config.n_pe * sizeof *g->acc);
  g->chain_open = 0;
}

// Pointer read of one PE: the entries of a column, relative to the tile's first.
static void eie_ptr_read(const eie_pass *pass, uint32_t pe, uint32_t column, uint32_t *begin, uint32_t *end) {
  *begin = pass->ptr[pe][column] - pass->first_entry[pe];
  *end = pass->ptr[pe][column + 1] - pass->first_entry[pe];
}

// One PE's share of one broadcast. The value is the entry that fell outside the tile, or UINT32_MAX.
static uint32_t eie_pe(const pass_run *run, uint32_t pe, uint32_t column, int16_t act) {
  uint32_t begin, end, slot = 0, padding = 0, overflow = 0;
  eie_ptr_read(run->pass, pe, column, &begin, &end);
  if (begin == end) return UINT32_MAX;
  int64_t *acc = run->acc + (size_t)pe * run->stride;
  const uint16_t *entries = run->pass->entries[pe];
  const int16_t *codebook = run->codebook;
  const uint32_t code_w = run->code_w, code_mask = (1u << code_w) - 1, rows = run->pass->rows;
  for (uint32_t e = begin; e < end; e++, slot++) {
    const uint32_t code = entries[e] & code_mask;
    slot += (uint32_t)entries[e] >> code_w;
    if (slot >= rows) return e;
    acc[slot] = eie_pe_arith(acc[slot], codebook[code], act, run->acc_w, &overflow);
    padding += code == 0;
  }
  run->c->overflow |= overflow;
  run->c->padding += padding;
  run->c->entries += end - begin;
  if (run->busy) run->busy[pe] += end - begin;
  return UINT32_MAX;
}

// The scan of the tile's activations; on a fault *pe and *entry tell where.
static int eie_scan(const pass_run *run, const int16_t *in, uint32_t *pe, uint32_t *entry) {
  const uint32_t n_cols = run->pass->col_slots * run->n_pe;
  for (uint32_t column = 0; column < n_cols; column++) {
    if (in[column] == 0) continue;
    run->c->broadcasts++;
    for (*pe = 0; *pe < run->n_pe; (*pe)++) {
      *entry = eie_pe(run, *pe, column, in[column]);
      if (*entry != UINT32_MAX) return -1;
    }
  }
  return 0;
}

// Write-back of every row slot of the tile in all PEs; leaves the accumulators 0.
static void write_back_tile(const pass_run *run, const eie_packed_layer *layer, int16_t *out) {
  uint32_t clamped = 0;
  for (uint32_t slot = 0; slot < run->pass->rows; slot++)
    for (uint32_t pe = 0; pe < run->n_pe; pe++) {
      const size_t place = (size_t)(run->pass->row_slot + slot) * run->n_pe + pe;
      int64_t *acc = &run->acc[(size_t)pe * run->stride + slot];
      out[place] = eie_write_back(*acc, layer->bias[place], layer->shift, layer->relu, &clamped);
      *acc = 0;
    }
  run->c->clamped += clamped;
}

// The order of passes that the RTL enforces with fault CHAIN.
static eie_status check_chain(const eie_golden *g, uint32_t p, eie_error *err) {
  if (p >= g->packed->n_passes)
    return eie_fail(err, EIE_ERR_USE, "pass %u does not exist: the packed model has %u", p,
                    g->packed->n_passes);
  const eie_pass *pass = &g->packed->passes[p];
  if (pass->chain_first && g->chain_open)
    return eie_fail(err, EIE_ERR_USE, "pass %u starts a chain of column tiles while pass %u is due", p,
                    g->next);
  if (!pass->chain_first && (!g->chain_open || g->next != p))
    return eie_fail(err, EIE_ERR_USE,
                    "pass %u goes on with a chain of column tiles that the pass before it has not left open",
                    p);
  return EIE_OK;
}

eie_status eie_golden_pass(eie_golden *golden, uint32_t p, const int16_t *in, int16_t *out, eie_counters *c,
                           uint64_t *busy, eie_error *err) {
  EIE_TRY(check_chain(golden, p, err));
  const eie_packed *packed = golden->packed;
  const eie_pass *pass = &packed->passes[p];
  const eie_packed_layer *layer = &packed->layers[pass->layer];
  const uint32_t n_pe = packed->config.n_pe;
  uint32_t pe = 0, entry = 0;
  const pass_run run = {pass,
                        layer->codebook,
                        n_pe,
                        packed->config.code_w,
                        packed->config.acc_w,
                        golden->stride,
                        golden->acc,
                        busy,
                        c};
  memset(c, 0, sizeof *c);
  if (busy) memset(busy, 0, n_pe * sizeof *busy);
  if (eie_scan(&run, in + (size_t)pass->col_slot * n_pe, &pe, &entry) != 0) {
    clear_accumulators(golden);
    return eie_fail(err, EIE_ERR_INPUT,
                    "pass %u, PE %u, entry %u: its slot lies outside the tile of %u row slots; pack again", p,
                    pe, pass->first_entry[pe] + entry, pass->rows);
  }
  c->useful = c->entries - c->padding;
  if (pass->write_back) write_back_tile(&run, layer, out);
  golden->chain_open = !pass->write_back;
  golden->next = p + 1;
  return EIE_OK;
}
