// SPDX-License-Identifier: Apache-2.0
// Executes descriptors on the memories of a model_array.
#include "model_array.h"

#include <stdlib.h>
#include <string.h>

#include "eie_golden.h"

#define FIELD(words, name) \
  (((words)[EIE_DESC_##name##_WORD] >> EIE_DESC_##name##_LSB) & ((1ull << EIE_DESC_##name##_WIDTH) - 1))

// One descriptor under work.
typedef struct {
  model_array *a;
  uint32_t shift, relu, chain_first, write_back, segments, codebook, rows, out_base, ptr_base, bias_base;
  uint32_t start[4], length[4];
  uint32_t slots;     // of all segments
  uint64_t *counter;  // [EIE_NUM_COUNTERS]
  uint64_t *busy;     // [N], of this layer alone
} layer_run;

static uint32_t larger(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

int model_array_alloc(model_array *a, const eie_config *c) {
  memset(a, 0, sizeof *a);
  a->config = *c;
  a->part_shift = eie_clog2(eie_word_parts(c));
  a->spmat_stride = c->spmat_words << a->part_shift;
  uint32_t word = larger(larger(eie_clog2(c->spmat_words) + a->part_shift, eie_clog2(c->ptr_depth)),
                         c->code_w + eie_clog2(c->layers));
  a->pe_shift = 2 + word;
  a->region_shift =
      larger(larger(a->pe_shift + eie_clog2(c->n_pe), 12),
             2 + larger(eie_clog2(c->act_slots) + eie_clog2(c->n_pe), eie_clog2(c->layers) + 4));
  size_t n = c->n_pe;
  a->descriptor = calloc((size_t)c->layers * EIE_DESC_WORDS, sizeof *a->descriptor);
  a->spmat = calloc(n * a->spmat_stride, sizeof *a->spmat);
  a->pointer = calloc(n * c->ptr_depth, sizeof *a->pointer);
  a->codebook = calloc(n * ((size_t)c->layers << c->code_w), sizeof *a->codebook);
  a->activation = calloc(n * c->act_slots, sizeof *a->activation);
  a->acc = calloc(n * c->rows, sizeof *a->acc);
  a->counter = calloc((size_t)c->layers * EIE_NUM_COUNTERS, sizeof *a->counter);
  a->busy = calloc(n * 2, sizeof *a->busy);  // [N] of the program, [N] of the layer under work
  if (a->descriptor && a->spmat && a->pointer && a->codebook && a->activation && a->acc && a->counter &&
      a->busy)
    return 0;
  model_array_free(a);
  return -1;
}

void model_array_free(model_array *a) {
  free(a->descriptor);
  free(a->spmat);
  free(a->pointer);
  free(a->codebook);
  free(a->activation);
  free(a->acc);
  free(a->counter);
  free(a->busy);
  memset(a, 0, sizeof *a);
}

void model_array_clear(model_array *a) {
  memset(a->acc, 0, (size_t)a->config.n_pe * a->config.rows * sizeof *a->acc);
  a->chain_open = 0;
}

static void decode(model_array *a, uint32_t index, layer_run *r) {
  const uint32_t *w = a->descriptor + (size_t)index * EIE_DESC_WORDS;
  *r = (layer_run){.a = a,
                   .shift = (uint32_t)FIELD(w, SHIFT),
                   .relu = (uint32_t)FIELD(w, RELU),
                   .chain_first = (uint32_t)FIELD(w, CHAIN_FIRST),
                   .write_back = (uint32_t)FIELD(w, WRITE_BACK),
                   .segments = (uint32_t)FIELD(w, SEGMENTS),
                   .codebook = (uint32_t)FIELD(w, CODEBOOK),
                   .rows = (uint32_t)FIELD(w, ROWS),
                   .out_base = (uint32_t)FIELD(w, OUT_BASE),
                   .ptr_base = (uint32_t)FIELD(w, PTR_BASE),
                   .bias_base = (uint32_t)FIELD(w, BIAS_BASE),
                   .counter = a->counter + (size_t)index * EIE_NUM_COUNTERS,
                   .busy = a->busy + a->config.n_pe};
  for (uint32_t s = 0; s < 4; s++) {  // the four segments have the layout of the first
    r->start[s] = w[EIE_DESC_SEG0_START_WORD + s] & 0xFFFF;
    r->length[s] = w[EIE_DESC_SEG0_START_WORD + s] >> 16;
  }
}

// The fault code of a descriptor that must not run, or EIE_FAULT_NONE. Sets r->slots.
static uint32_t check(layer_run *r) {
  const eie_config *c = &r->a->config;
  if (r->segments < 1 || r->segments > 4) return EIE_FAULT_INPUT;
  for (uint32_t s = 0; s < r->segments; s++) {
    if (r->length[s] == 0 || r->start[s] + r->length[s] > c->act_slots) return EIE_FAULT_INPUT;
    r->slots += r->length[s];
  }
  if (r->ptr_base & 1 || (uint64_t)r->ptr_base + (uint64_t)r->slots * c->n_pe + 1 > c->ptr_depth)
    return EIE_FAULT_COLUMNS;
  if (r->write_back && r->out_base + r->rows > c->act_slots) return EIE_FAULT_OUTPUT;
  if (r->write_back && (r->bias_base & 1 || (uint64_t)r->bias_base + 2u * r->rows > c->ptr_depth))
    return EIE_FAULT_BIAS;
  if (r->rows == 0 || r->rows > c->rows ||
      (!r->chain_first && r->a->chain_open && r->rows != r->a->chain_rows))
    return EIE_FAULT_TILE_ROWS;
  if (r->codebook >= c->layers) return EIE_FAULT_CODEBOOK;
  if (r->chain_first == r->a->chain_open) return EIE_FAULT_CHAIN;
  return EIE_FAULT_NONE;
}

static uint32_t entry_at(const model_array *a, uint32_t pe, uint32_t index) {
  const eie_config *c = &a->config;
  uint32_t w = eie_entry_w(c), bit = index % c->entries_per_word * w;
  const uint32_t *word =
      a->spmat + (size_t)pe * a->spmat_stride + ((size_t)(index / c->entries_per_word) << a->part_shift);
  uint64_t two = word[bit / 32];
  if (bit % 32 + w > 32) two |= (uint64_t)word[bit / 32 + 1] << 32;
  return (uint32_t)(two >> bit % 32) & ((1u << w) - 1);
}

// One PE takes one broadcast. Returns a fault code; *entry is the one that caused it.
static uint32_t pe_column(layer_run *r, uint32_t pe, uint32_t column, int16_t act, uint32_t *entry) {
  model_array *a = r->a;
  const eie_config *c = &a->config;
  const uint32_t *pointer = a->pointer + (size_t)pe * c->ptr_depth + r->ptr_base + column;
  const uint16_t *codebook = a->codebook + (((size_t)pe * c->layers + r->codebook) << c->code_w);
  uint32_t begin = pointer[0], end = pointer[1], slot = 0, overflow = 0;
  *entry = begin;
  if (end < begin || end - begin > c->rows || end > c->spmat_words * c->entries_per_word)
    return EIE_FAULT_POINTER;
  for (uint32_t e = begin; e < end; e++, slot++) {
    uint32_t word = entry_at(a, pe, e), code = word & ((1u << c->code_w) - 1);
    slot += word >> c->code_w;
    *entry = e;
    if (slot >= r->rows) return EIE_FAULT_SLOT;
    int64_t *acc = a->acc + (size_t)pe * c->rows + slot;
    *acc = eie_pe_arith(*acc, (int16_t)codebook[code], act, c->acc_w, &overflow);
    r->busy[pe]++;
    r->counter[EIE_COUNTER_ENTRIES]++;
    r->counter[EIE_COUNTER_PADDING] += code == 0;
  }
  if (overflow) r->counter[EIE_COUNTER_OVERFLOW] = 1;
  return EIE_FAULT_NONE;
}

static uint32_t scan(layer_run *r, uint32_t *pe, uint32_t *entry) {
  const uint32_t n = r->a->config.n_pe;
  uint32_t column = 0;
  for (uint32_t s = 0; s < r->segments; s++) {
    for (uint32_t slot = r->start[s]; slot < r->start[s] + r->length[s]; slot++) {
      for (uint32_t lane = 0; lane < n; lane++, column++) {
        int16_t act = r->a->activation[(size_t)slot * n + lane];
        if (act == 0) continue;
        r->counter[EIE_COUNTER_BROADCASTS]++;
        for (*pe = 0; *pe < n; (*pe)++) {
          uint32_t code = pe_column(r, *pe, column, act, entry);
          if (code) return code;
        }
      }
    }
  }
  return EIE_FAULT_NONE;
}

static void write_back(layer_run *r) {
  model_array *a = r->a;
  const eie_config *c = &a->config;
  uint32_t clamped = 0;
  for (uint32_t pe = 0; pe < c->n_pe; pe++) {
    const uint32_t *bias = a->pointer + (size_t)pe * c->ptr_depth + r->bias_base;
    for (uint32_t slot = 0; slot < r->rows; slot++) {
      int64_t *acc = a->acc + (size_t)pe * c->rows + slot;
      int32_t b = (int32_t)((bias[2 * slot] & 0xFFFF) | bias[2 * slot + 1] << 16);
      a->activation[(size_t)(r->out_base + slot) * c->n_pe + pe] =
          eie_write_back(*acc, b, r->shift, r->relu, &clamped);
      *acc = 0;
    }
  }
  r->counter[EIE_COUNTER_CLAMPED] = clamped;
}

// A plausible time: the scan or the busiest PE, whichever is longer, then write-back and a pipeline.
static void count_cycles(layer_run *r) {
  uint64_t window = r->counter[EIE_COUNTER_BROADCASTS];
  for (uint32_t pe = 0; pe < r->a->config.n_pe; pe++) {
    if (r->busy[pe] > window) window = r->busy[pe];
    r->a->busy[pe] += r->busy[pe];
  }
  r->counter[EIE_COUNTER_WINDOW] = window;
  r->counter[EIE_COUNTER_CYCLES] =
      (window > r->slots ? window : r->slots) + (r->write_back ? r->rows : 0) + 30;
}

static uint32_t run_layer(layer_run *r, uint32_t *pe, uint32_t *entry) {
  model_array *a = r->a;
  memset(r->counter, 0, EIE_NUM_COUNTERS * sizeof *r->counter);
  memset(r->busy, 0, a->config.n_pe * sizeof *r->busy);
  uint32_t code = check(r);
  if (!code) code = scan(r, pe, entry);
  if (code) return code;
  if (r->write_back) write_back(r);
  a->chain_open = !r->write_back;
  a->chain_rows = r->rows;
  count_cycles(r);
  return EIE_FAULT_NONE;
}

void model_array_run(model_array *a, uint32_t first, uint32_t count, uint32_t *finished, model_fault *fault) {
  memset(a->busy, 0, a->config.n_pe * sizeof *a->busy);
  *finished = 0;
  *fault = (model_fault){0};
  if (count == 0 || first + count > a->config.layers) fault->code = EIE_FAULT_PROGRAM;
  for (uint32_t k = 0; k < count && !fault->code; k++) {
    layer_run r;
    uint32_t pe = 0, entry = 0;
    decode(a, first + k, &r);
    fault->code = run_layer(&r, &pe, &entry);
    if (!fault->code) {
      ++*finished;
      continue;
    }
    int in_pe = fault->code == EIE_FAULT_SLOT || fault->code == EIE_FAULT_POINTER;
    *fault = (model_fault){fault->code, first + k, in_pe ? pe : 0, in_pe ? entry : 0};
  }
  if (fault->code) model_array_clear(a);
}
