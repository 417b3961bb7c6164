// SPDX-License-Identifier: Apache-2.0
// Compressed columns for machines without AVX-512, for 256 shared weights and for inputs so sparse that
// skipping their zeros pays more than lanes do. No overflow is looked for: natural_run sees to that.
#include <stdlib.h>
#include <string.h>

#include "eie_golden_natural.h"

static int is_narrow(const eie_layer *layer) {
  return layer->rows <= 1u << 12 && layer->codebook_size == 16;
}

eie_status natural_columns_build(const eie_layer *layer, column_words *w, eie_error *err) {
  const size_t n = layer->nnz + (size_t)1;
  *w = (column_words){NULL, NULL};
  if (is_narrow(layer))
    w->narrow = malloc(n * sizeof *w->narrow);
  else
    w->wide = malloc(n * sizeof *w->wide);
  if (!w->narrow && !w->wide) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u weights", layer->nnz);
  for (uint32_t i = 0; i < layer->nnz; i++)
    if (w->narrow)
      w->narrow[i] = (uint16_t)(layer->indices[i] << 4 | layer->codes[i]);
    else
      w->wide[i] = layer->indices[i] << 8 | layer->codes[i];
  return EIE_OK;
}

void natural_columns_free(column_words *w) {
  free(w->narrow);
  free(w->wide);
  *w = (column_words){NULL, NULL};
}

// The rows of a column differ, so that four of them can be read before any is written.
#define COLUMN(name, type, code_w)                                                                    \
  static void name(const type *w, uint32_t n, const int32_t *product, int32_t *acc) {                 \
    uint32_t i = 0;                                                                                   \
    for (; i + 4 <= n; i += 4) {                                                                      \
      const uint32_t a = w[i], b = w[i + 1], c = w[i + 2], d = w[i + 3], mask = (1u << (code_w)) - 1; \
      const int32_t pa = product[a & mask], pb = product[b & mask];                                   \
      const int32_t pc = product[c & mask], pd = product[d & mask];                                   \
      acc[a >> (code_w)] += pa;                                                                       \
      acc[b >> (code_w)] += pb;                                                                       \
      acc[c >> (code_w)] += pc;                                                                       \
      acc[d >> (code_w)] += pd;                                                                       \
    }                                                                                                 \
    for (; i < n; i++) acc[w[i] >> (code_w)] += product[w[i] & ((1u << (code_w)) - 1)];               \
  }

COLUMN(narrow_column, uint16_t, 4)
COLUMN(wide_column, uint32_t, 8)

void natural_columns_run(const column_words *w, const eie_layer *layer, const int16_t *in, int32_t *acc) {
  int32_t product[256];
  memset(acc, 0, layer->rows * sizeof *acc);
  for (uint32_t c = 0; c < layer->cols; c++) {
    const uint32_t begin = layer->indptr[c], n = layer->indptr[c + 1] - begin;
    if (in[c] == 0 || n == 0) continue;
    for (uint32_t k = 0; k < layer->codebook_size; k++) product[k] = (int32_t)layer->codebook[k] * in[c];
    if (w->narrow)
      narrow_column(w->narrow + begin, n, product, acc);
    else
      wide_column(w->wide + begin, n, product, acc);
  }
}
