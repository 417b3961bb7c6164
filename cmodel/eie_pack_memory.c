// SPDX-License-Identifier: Apache-2.0
// What the host writes: the words of each memory of each PE in one load, and the descriptors.
// The layouts are those of firmware/eie_registers.def, which is read here for the descriptor fields.
#include <stdlib.h>
#include <string.h>

#include "eie_pack.h"
#include "eie_pack_parts.h"

// The fields of a descriptor, by name, from the register table.
typedef struct {
  uint32_t word, lsb, width;
} field;

#define EIE_REGION(name, index, what)
#define EIE_REG(name, offset, access, fields, what)
#define EIE_BITS(name, mask, what)
#define EIE_COUNTER(name, index, what)
#define EIE_FAULT(name, code, what)

enum {
#define EIE_DESC(name, word, lsb, width, what) DESC_##name,
#include "../firmware/eie_registers.def"
#undef EIE_DESC
  N_FIELDS
};

static const field fields[N_FIELDS] = {
#define EIE_DESC(name, word, lsb, width, what) {word, lsb, width},
#include "../firmware/eie_registers.def"
#undef EIE_DESC
};

static void set(uint32_t words[8], uint32_t name, uint32_t value) {
  const field *f = &fields[name];
  const uint32_t mask = (uint32_t)(((uint64_t)1 << f->width) - 1);
  words[f->word] |= (value & mask) << f->lsb;
}

void eie_packed_descriptor(const eie_packed *packed, uint32_t p, uint32_t words[8]) {
  const eie_pass *pass = &packed->passes[p];
  const eie_packed_layer *layer = &packed->layers[pass->layer];
  memset(words, 0, 8 * sizeof words[0]);
  set(words, DESC_SHIFT, layer->shift);
  set(words, DESC_RELU, layer->relu);
  set(words, DESC_CHAIN_FIRST, pass->chain_first);
  set(words, DESC_WRITE_BACK, pass->write_back);
  set(words, DESC_SEGMENTS, 1);
  set(words, DESC_CODEBOOK, pass->codebook);
  set(words, DESC_ROWS, pass->rows);
  set(words, DESC_OUT_BASE, pass->out_base);
  set(words, DESC_PTR_BASE, pass->ptr_base);
  set(words, DESC_BIAS_BASE, pass->bias_base);
  set(words, DESC_SEG0_START, pass->in_base);
  set(words, DESC_SEG0_LENGTH, pass->col_slots);
}

// One memory's words; grown by `reach` and filled pass by pass.
typedef struct {
  const eie_config *config;
  uint32_t *words;
  uint32_t count;
} image;

// Words of the memory that a pass uses, counted from 0.
static uint32_t reach(const eie_config *c, const eie_pass *pass, eie_memory memory, uint32_t pe) {
  const uint32_t epw = c->entries_per_word;
  switch (memory) {
    case EIE_MEM_SPMAT:
      if (pass->n_entries[pe] == 0) return 0;
      return ((pass->first_entry[pe] + pass->n_entries[pe] + epw - 1) / epw) << eie_clog2(eie_word_parts(c));
    case EIE_MEM_POINTER:
      return pass->ptr_base + eie_pack_ptr_places(c->n_pe, pass->col_slots) +
             (pass->write_back ? 2 * pass->rows : 0);
    case EIE_MEM_CODEBOOK:
      return (pass->codebook + 1) << c->code_w;
  }
  return 0;
}

// Puts one entry at its bits of its Spmat word; an entry may reach over two 32-bit parts.
static void put_entry(const image *m, uint32_t index, uint16_t entry) {
  const uint32_t epw = m->config->entries_per_word, bit = index % epw * eie_entry_w(m->config);
  uint32_t *word = m->words + ((size_t)(index / epw) << eie_clog2(eie_word_parts(m->config)));
  word[bit / 32] |= (uint32_t)entry << bit % 32;
  if (bit % 32 + eie_entry_w(m->config) > 32) word[bit / 32 + 1] |= (uint32_t)entry >> (32 - bit % 32);
}

static void put_pointers(const image *m, const eie_packed *packed, const eie_pass *pass, uint32_t pe) {
  const uint32_t n_pe = packed->config.n_pe, n_cols = pass->col_slots * n_pe;
  memcpy(m->words + pass->ptr_base, pass->ptr[pe], (n_cols + (size_t)1) * sizeof *m->words);
  if (!pass->write_back) return;
  for (uint32_t slot = 0; slot < pass->rows; slot++) {
    const size_t at = (size_t)(pass->row_slot + slot) * n_pe + pe;
    const uint32_t bias = (uint32_t)packed->layers[pass->layer].bias[at];
    m->words[pass->bias_base + 2 * slot] = bias & 0xffff;
    m->words[pass->bias_base + 2 * slot + 1] = bias >> 16;
  }
}

static void put_pass(const image *m, const eie_packed *packed, const eie_pass *pass, eie_memory memory,
                     uint32_t pe) {
  const uint32_t code_w = packed->config.code_w;
  if (memory == EIE_MEM_SPMAT)
    for (uint32_t e = 0; e < pass->n_entries[pe]; e++)
      put_entry(m, pass->first_entry[pe] + e, pass->entries[pe][e]);
  if (memory == EIE_MEM_POINTER) put_pointers(m, packed, pass, pe);
  if (memory == EIE_MEM_CODEBOOK)
    for (uint32_t k = 0; k < 1u << code_w; k++)
      m->words[(pass->codebook << code_w) + k] = (uint16_t)packed->layers[pass->layer].codebook[k];
}

// First pass of a load; loads ascend with passes.
static uint32_t first_pass(const eie_packed *packed, uint32_t load) {
  uint32_t begin = 0, end = packed->n_passes;
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (packed->passes[middle].load < load)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

eie_status eie_packed_memory(const eie_packed *packed, uint32_t load, eie_memory memory, uint32_t pe,
                             uint32_t **words, uint32_t *count, eie_error *err) {
  if (load >= packed->n_loads || pe >= packed->config.n_pe)
    return eie_fail(err, EIE_ERR_USE, "load %u of PE %u does not exist: there are %u loads and %u PEs", load,
                    pe, packed->n_loads, packed->config.n_pe);
  image m = {.config = &packed->config};
  const uint32_t first = first_pass(packed, load);
  for (uint32_t p = first; p < packed->n_passes && packed->passes[p].load == load; p++) {
    const uint32_t n = reach(&packed->config, &packed->passes[p], memory, pe);
    if (n > m.count) m.count = n;
  }
  m.words = calloc(m.count + (size_t)1, sizeof *m.words);
  if (!m.words) return eie_fail(err, EIE_ERR_MEMORY, "no memory for an image of %u words", m.count);
  for (uint32_t p = first; p < packed->n_passes && packed->passes[p].load == load; p++)
    put_pass(&m, packed, &packed->passes[p], memory, pe);
  *words = m.words;
  *count = m.count;
  return EIE_OK;
}
