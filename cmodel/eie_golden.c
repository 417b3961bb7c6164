// SPDX-License-Identifier: Apache-2.0
// The packed layers, pass by pass, as the array runs them: LNZD finds the non-zero activations of a
// group lowest PE first, every PE reads its pointers, walks its Spmat entries and accumulates; after
// the last column tile write-back empties the accumulators.
#include "eie_golden.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  uint32_t column;
  int32_t act;
} broadcast;

struct eie_golden {
  const eie_packed *packed;
  uint32_t stride;      // accumulators of a PE: the tallest tile
  uint32_t next;        // the pass that continues the open chain
  uint32_t chain_open;  // 1: accumulators hold the sums of passes before `next`
  uint32_t largest;     // |activation| of the open chain so far
  int64_t *acc;         // [N][stride]
  broadcast *list;      // [columns of the widest tile]
};

// The tile under work: what the array holds in registers while a pass runs.
typedef struct {
  const eie_pass *pass;
  const int16_t *codebook;
  uint32_t n_pe, code_w, acc_w, stride;
  uint32_t may_overflow;  // 0: no order of these additions can leave ACC_W, so that none is checked
  uint32_t n_broadcasts;
  const broadcast *broadcasts;  // in the order of the scan
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

static size_t widest(const eie_packed *packed) {
  uint32_t slots = 1;
  for (uint32_t p = 0; p < packed->n_passes; p++)
    if (packed->passes[p].col_slots > slots) slots = packed->passes[p].col_slots;
  return (size_t)slots * packed->config.n_pe;
}

eie_status eie_golden_open(const eie_packed *packed, eie_golden **golden, eie_error *err) {
  eie_golden *g = calloc(1, sizeof *g);
  if (!g) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the golden model");
  g->packed = packed;
  g->stride = tallest(packed);
  g->acc = calloc((size_t)g->stride * packed->config.n_pe, sizeof *g->acc);
  g->list = malloc(widest(packed) * sizeof *g->list);
  if (!g->acc || !g->list) {
    eie_golden_close(g);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u accumulators in each of %u PEs", tallest(packed),
                    packed->config.n_pe);
  }
  *golden = g;
  return EIE_OK;
}

void eie_golden_close(eie_golden *golden) {
  if (!golden) return;
  free(golden->acc);
  free(golden->list);
  free(golden);
}

static void clear_accumulators(eie_golden *g) {
  memset(g->acc, 0, (size_t)g->stride * g->packed->config.n_pe * sizeof *g->acc);
  g->chain_open = 0;
}

// Leading non-zero detection over the whole tile: what the CCU will broadcast, in its order.
static uint32_t eie_lnzd(const int16_t *in, uint32_t n_cols, broadcast *list, uint32_t *largest) {
  uint32_t n = 0;
  for (uint32_t column = 0; column < n_cols; column++) {
    const int32_t act = in[column];
    list[n] = (broadcast){column, act};
    n += act != 0;
    if ((uint32_t)abs(act) > *largest) *largest = (uint32_t)abs(act);
  }
  return n;
}

typedef struct {
  uint32_t entries, padding, overflow;
} column_counts;

// One PE's share of one broadcast: pointer read, Spmat read, arithmetic. The value is the entry that fell
// outside the tile, or UINT32_MAX. code_w and checked are constants where this is called.
static inline __attribute__((always_inline)) uint32_t eie_pe(const pass_run *run, uint32_t pe, broadcast b,
                                                             uint32_t code_w, int checked, column_counts *n) {
  const eie_pass *pass = run->pass;
  const uint32_t begin = pass->ptr[pe][b.column] - pass->first_entry[pe];
  const uint32_t end = pass->ptr[pe][b.column + 1] - pass->first_entry[pe];
  const uint16_t *entries = pass->entries[pe];
  const int16_t *codebook = run->codebook;
  const uint32_t code_mask = (1u << code_w) - 1, rows = pass->rows;
  int64_t *acc = run->acc + (size_t)pe * run->stride;
  uint32_t slot = 0;
  for (uint32_t e = begin; e < end; e++, slot++) {
    const uint32_t code = entries[e] & code_mask;
    slot += (uint32_t)entries[e] >> code_w;
    if (slot >= rows) return e;
    if (checked)
      acc[slot] = eie_pe_arith(acc[slot], codebook[code], (int16_t)b.act, run->acc_w, &n->overflow);
    else
      acc[slot] += codebook[code] * b.act;
    n->padding += code == 0;
  }
  n->entries += end - begin;
  return UINT32_MAX;
}

// All broadcasts in one PE. A row lives in one PE, so that its additions keep their order when one PE after
// the other does all of its work. The value is 1 when an entry fell outside the tile.
static inline __attribute__((always_inline)) int all_broadcasts(const pass_run *run, uint32_t pe,
                                                                uint32_t code_w, int checked) {
  column_counts n = {0, 0, 0};
  int bad = 0;
  for (uint32_t k = 0; k < run->n_broadcasts && !bad; k++)
    bad = eie_pe(run, pe, run->broadcasts[k], code_w, checked, &n) != UINT32_MAX;
  run->c->overflow |= n.overflow;
  run->c->padding += n.padding;
  run->c->entries += n.entries;
  if (run->busy) run->busy[pe] = n.entries;
  return bad;
}

static int run_pe(const pass_run *run, uint32_t pe) {
  if (run->may_overflow) return all_broadcasts(run, pe, run->code_w, 1);
  return run->code_w == 4 ? all_broadcasts(run, pe, 4, 0) : all_broadcasts(run, pe, 8, 0);
}

// Which entry the array meets first outside the tile: of the earliest broadcast, in the lowest PE.
static void find_fault(const pass_run *run, uint32_t *pe, uint32_t *entry) {
  column_counts n = {0, 0, 0};
  for (uint32_t k = 0; k < run->n_broadcasts; k++)
    for (*pe = 0; *pe < run->n_pe; (*pe)++) {
      *entry = eie_pe(run, *pe, run->broadcasts[k], run->code_w, 0, &n);
      if (*entry != UINT32_MAX) return;
    }
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

static eie_status slot_fault(eie_golden *g, uint32_t p, const pass_run *run, eie_error *err) {
  uint32_t pe = 0, entry = 0;
  find_fault(run, &pe, &entry);
  clear_accumulators(g);
  return eie_fail(err, EIE_ERR_INPUT,
                  "pass %u, PE %u, entry %u: its slot lies outside the tile of %u row slots; pack again", p,
                  pe, run->pass->first_entry[pe] + entry, run->pass->rows);
}

eie_status eie_golden_pass(eie_golden *golden, uint32_t p, const int16_t *in, int16_t *out, eie_counters *c,
                           uint64_t *busy, eie_error *err) {
  EIE_TRY(check_chain(golden, p, err));
  const eie_packed *packed = golden->packed;
  const eie_pass *pass = &packed->passes[p];
  const eie_packed_layer *layer = &packed->layers[pass->layer];
  const uint32_t n_pe = packed->config.n_pe, acc_w = packed->config.acc_w;
  if (pass->chain_first) golden->largest = 0;
  const uint32_t n =
      eie_lnzd(in + (size_t)pass->col_slot * n_pe, pass->col_slots * n_pe, golden->list, &golden->largest);
  memset(c, 0, sizeof *c);
  const pass_run run = {.pass = pass,
                        .codebook = layer->codebook,
                        .n_pe = n_pe,
                        .code_w = packed->config.code_w,
                        .acc_w = acc_w,
                        .stride = golden->stride,
                        .may_overflow = layer->worst_sum / 32768 * golden->largest >> (acc_w - 1) != 0,
                        .n_broadcasts = n,
                        .broadcasts = golden->list,
                        .acc = golden->acc,
                        .busy = busy,
                        .c = c};
  for (uint32_t pe = 0; pe < n_pe; pe++)
    if (run_pe(&run, pe) != 0) return slot_fault(golden, p, &run, err);
  c->broadcasts = n;
  c->useful = c->entries - c->padding;
  if (pass->write_back) write_back_tile(&run, layer, out);
  golden->chain_open = !pass->write_back;
  golden->next = p + 1;
  return EIE_OK;
}
