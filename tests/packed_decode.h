// SPDX-License-Identifier: Apache-2.0
// Reads a pass back from what the host would write: descriptor words, pointer memory, Spmat memory and
// codebook, bit by bit and with its own idea of the format. Nothing of the packer's lists is used.
#ifndef PACKED_DECODE_H
#define PACKED_DECODE_H

#include "random_layers.h"

// The memories of one PE in one load.
typedef struct {
  uint32_t *spmat, *pointer, *codebook;
  uint32_t n_spmat, n_pointer, n_codebook;
} pe_image;

static inline pe_image read_image(const eie_packed *packed, uint32_t load, uint32_t pe) {
  pe_image m;
  eie_error err;
  assert_int_equal(eie_packed_memory(packed, load, EIE_MEM_SPMAT, pe, &m.spmat, &m.n_spmat, &err), EIE_OK);
  assert_int_equal(eie_packed_memory(packed, load, EIE_MEM_POINTER, pe, &m.pointer, &m.n_pointer, &err),
                   EIE_OK);
  assert_int_equal(eie_packed_memory(packed, load, EIE_MEM_CODEBOOK, pe, &m.codebook, &m.n_codebook, &err),
                   EIE_OK);
  return m;
}

static inline void free_image(pe_image *m) {
  free(m->spmat);
  free(m->pointer);
  free(m->codebook);
}

// One bit of the Spmat memory: entry `index`, bit `b` of the entry.
static inline uint32_t spmat_bit(const pe_image *m, const eie_config *c, uint32_t index, uint32_t b) {
  const uint32_t entry_w = c->idx_w + c->code_w, parts = (entry_w * c->entries_per_word + 31) / 32;
  const uint32_t stride = parts == 3 ? 4 : parts;
  const uint32_t bit = index % c->entries_per_word * entry_w + b;
  const uint32_t word = index / c->entries_per_word * stride + bit / 32;
  assert_true(word < m->n_spmat);
  return m->spmat[word] >> bit % 32 & 1;
}

static inline uint32_t spmat_bits(const pe_image *m, const eie_config *c, uint32_t index, uint32_t lsb,
                                  uint32_t width) {
  uint32_t value = 0;
  for (uint32_t b = 0; b < width; b++) value |= spmat_bit(m, c, index, lsb + b) << b;
  return value;
}

// Called for every stored weight of a pass: its local slot, local column, codebook word and code.
typedef void weight_fn(void *user, uint32_t pe, uint32_t slot, uint32_t column, int16_t word, uint32_t code);

// Walks the entries of one PE of the pass that descriptor words `d` describe. The value is its padding.
static inline uint32_t decode_pass(const pe_image *m, const eie_config *c, const uint32_t d[8], uint32_t pe,
                                   weight_fn *weight, void *user) {
  const uint32_t rows = d[1] & 0xffff, ptr_base = d[2], n_cols = (d[4] >> 16) * c->n_pe;
  const uint32_t codebook = d[0] >> 16 & 0xff;
  uint32_t padding = 0;
  assert_true(ptr_base + n_cols < m->n_pointer && ptr_base % 2 == 0);
  for (uint32_t column = 0; column < n_cols; column++) {
    uint32_t slot = 0;
    for (uint32_t e = m->pointer[ptr_base + column]; e < m->pointer[ptr_base + column + 1]; e++, slot++) {
      const uint32_t code = spmat_bits(m, c, e, 0, c->code_w);
      slot += spmat_bits(m, c, e, c->code_w, c->idx_w);
      assert_true(slot < rows);
      const uint32_t at = (codebook << c->code_w) + code;
      assert_true(at < m->n_codebook);
      if (code == 0) {
        assert_int_equal(m->codebook[at], 0);
        padding++;
      } else {
        weight(user, pe, slot, column, (int16_t)(uint16_t)m->codebook[at], code);
      }
    }
  }
  return padding;
}

#endif
