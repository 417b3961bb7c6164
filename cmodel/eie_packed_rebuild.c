// SPDX-License-Identifier: Apache-2.0
// From the memories of a load back to the lists of its passes. The memories are not trusted: pointers must
// ascend inside the Spmat, no column holds more entries than its tile has rows, no slot leaves the tile.
#include <stdlib.h>

#include "eie_pack_parts.h"
#include "eie_packed_parts.h"

static eie_status bad(uint32_t load, uint32_t pe, const char *file, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_INPUT, "load%u.pe%u.%s.hex: %s; pack the model again", load, pe, file, what);
}

// A word of the pointer memory, by place.
static uint32_t pointer(const eie_packed_image *m, uint32_t pe, uint32_t place) {
  return place % 2 == 0 ? m->even[pe][place / 2] : m->odd[pe][place / 2];
}

// Both banks of every PE must reach the end of the pass, so that `pointer` may be asked.
static eie_status check_banks(const eie_packed *packed, const eie_pass *pass, const eie_packed_image *m,
                              eie_error *err) {
  const uint32_t pointers = pass->ptr_base + eie_pack_ptr_places(packed->config.n_pe, pass->col_slots);
  const uint32_t places = pass->write_back ? pass->bias_base + 2 * pass->rows : pointers;
  for (uint32_t pe = 0; pe < packed->config.n_pe; pe++) {
    if (m->n_even[pe] < places / 2) return bad(pass->load, pe, "ptr_even", "has too few words", err);
    if (m->n_odd[pe] < places / 2) return bad(pass->load, pe, "ptr_odd", "has too few words", err);
  }
  return EIE_OK;
}

static eie_status allocate(eie_pass *pass, uint32_t n_pe, eie_error *err) {
  const size_t n_ptr = (size_t)pass->col_slots * n_pe + 1;
  pass->first_entry = calloc(n_pe, sizeof *pass->first_entry);
  pass->n_entries = calloc(n_pe, sizeof *pass->n_entries);
  pass->padding = calloc(n_pe, sizeof *pass->padding);
  pass->ptr = calloc(n_pe, sizeof *pass->ptr);
  pass->entries = calloc(n_pe, sizeof *pass->entries);
  if (pass->ptr) pass->ptr[0] = malloc(n_ptr * n_pe * sizeof *pass->ptr[0]);
  if (!pass->first_entry || !pass->n_entries || !pass->padding || !pass->entries || !pass->ptr ||
      !pass->ptr[0])
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for a pass of %zu pointers", n_ptr);
  for (uint32_t pe = 1; pe < n_pe; pe++) pass->ptr[pe] = pass->ptr[0] + pe * n_ptr;
  return EIE_OK;
}

static eie_status take_pointers(const eie_packed *packed, const eie_pass *pass, const eie_packed_image *m,
                                uint32_t pe, eie_error *err) {
  const eie_config *c = &packed->config;
  const uint32_t n_cols = pass->col_slots * c->n_pe, entries = c->spmat_words * c->entries_per_word;
  uint32_t *ptr = pass->ptr[pe];
  for (uint32_t i = 0; i <= n_cols; i++) {
    ptr[i] = pointer(m, pe, pass->ptr_base + i);
    if (ptr[i] > entries) return bad(pass->load, pe, "ptr_even/odd", "a pointer reaches past the Spmat", err);
    if (i > 0 && (ptr[i] < ptr[i - 1] || ptr[i] - ptr[i - 1] > pass->rows))
      return bad(pass->load, pe, "ptr_even/odd", "a column's pointers descend or hold more entries than rows",
                 err);
  }
  if (ptr[0] % c->entries_per_word != 0)
    return bad(pass->load, pe, "ptr_even/odd", "a pass does not begin with a Spmat word", err);
  pass->first_entry[pe] = ptr[0];
  pass->n_entries[pe] = ptr[n_cols] - ptr[0];
  return EIE_OK;
}

// The entry at `index` of a PE; the caller has checked that the file has its word.
static uint16_t entry_at(const eie_config *c, const eie_packed_image *m, uint32_t pe, uint32_t index) {
  const uint32_t width = eie_entry_w(c), bit = index % c->entries_per_word * width;
  const uint32_t *word = m->spmat[pe] + (size_t)(index / c->entries_per_word) * eie_word_parts(c);
  uint64_t two = word[bit / 32];
  if (bit % 32 + width > 32) two |= (uint64_t)word[bit / 32 + 1] << 32;
  return (uint16_t)(two >> bit % 32 & ((1u << width) - 1));
}

static eie_status take_entries(const eie_packed *packed, const eie_pass *pass, const eie_packed_image *m,
                               uint32_t pe, eie_error *err) {
  const eie_config *c = &packed->config;
  const uint32_t n_cols = pass->col_slots * c->n_pe, first = pass->first_entry[pe];
  const uint32_t words = (first + pass->n_entries[pe] + c->entries_per_word - 1) / c->entries_per_word;
  if (pass->n_entries[pe] > 0 && words > m->n_spmat[pe])
    return bad(pass->load, pe, "spmat", "has fewer words than the pointers need", err);
  for (uint32_t column = 0; column < n_cols; column++) {
    uint32_t slot = 0;
    for (uint32_t e = pass->ptr[pe][column]; e < pass->ptr[pe][column + 1]; e++, slot++) {
      const uint16_t entry = entry_at(c, m, pe, e);
      slot += (uint32_t)entry >> c->code_w;
      if (slot >= pass->rows)
        return bad(pass->load, pe, "spmat", "an entry's slot lies outside its tile", err);
      if ((entry & ((1u << c->code_w) - 1)) == 0) pass->padding[pe]++;
      pass->entries[pe][e - first] = entry;
    }
  }
  return EIE_OK;
}

static void take_bias(eie_packed *packed, const eie_pass *pass, const eie_packed_image *m) {
  const uint32_t n_pe = packed->config.n_pe;
  for (uint32_t slot = 0; slot < pass->rows; slot++)
    for (uint32_t pe = 0; pe < n_pe; pe++) {
      const uint32_t low = pointer(m, pe, pass->bias_base + 2 * slot) & 0xffff;
      const uint32_t high = pointer(m, pe, pass->bias_base + 2 * slot + 1) & 0xffff;
      packed->layers[pass->layer].bias[(size_t)(pass->row_slot + slot) * n_pe + pe] =
          (int32_t)(high << 16 | low);
    }
}

static eie_status take_codebook(eie_packed *packed, const eie_pass *pass, const eie_packed_image *m,
                                eie_error *err) {
  const uint32_t words = 1u << packed->config.code_w, first = pass->codebook * words;
  if (m->n_codebook < first + words)
    return eie_fail(err, EIE_ERR_INPUT, "load%u.codebook.hex: ends before codebook %u; pack the model again",
                    pass->load, pass->codebook);
  for (uint32_t k = 0; k < words; k++)
    packed->layers[pass->layer].codebook[k] = (int16_t)(uint16_t)m->codebook[first + k];
  if (packed->layers[pass->layer].codebook[0] == 0) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT,
                  "load%u.codebook.hex: word 0 of codebook %u is not 0; pack the model again", pass->load,
                  pass->codebook);
}

eie_status eie_packed_rebuild_pass(eie_packed *packed, uint32_t p, const eie_packed_image *image,
                                   eie_error *err) {
  eie_pass *pass = &packed->passes[p];
  const uint32_t n_pe = packed->config.n_pe;
  size_t total = 0;
  EIE_TRY(check_banks(packed, pass, image, err));
  EIE_TRY(allocate(pass, n_pe, err));
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    EIE_TRY(take_pointers(packed, pass, image, pe, err));
    if (p > 0 && pass[-1].load == pass->load &&
        pass->first_entry[pe] < pass[-1].first_entry[pe] + pass[-1].n_entries[pe])
      return bad(pass->load, pe, "ptr_even/odd", "two passes share entries", err);
    total += pass->n_entries[pe];
  }
  pass->entries[0] = malloc((total + 1) * sizeof *pass->entries[0]);
  if (!pass->entries[0]) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %zu entries", total);
  for (uint32_t pe = 1; pe < n_pe; pe++) pass->entries[pe] = pass->entries[pe - 1] + pass->n_entries[pe - 1];
  for (uint32_t pe = 0; pe < n_pe; pe++) EIE_TRY(take_entries(packed, pass, image, pe, err));
  EIE_TRY(take_codebook(packed, pass, image, err));
  if (pass->write_back) take_bias(packed, pass, image);
  return EIE_OK;
}
