// SPDX-License-Identifier: Apache-2.0
// What a packed layer's entries say about it: stored weights and the largest sum a row can reach.
#include <stdlib.h>
#include <string.h>

#include "eie_packed_parts.h"

// Adds |w| of every entry of one PE's tile to sum[place].
static uint32_t add_tile(const eie_packed *packed, const eie_pass *pass, uint32_t pe, uint64_t *sum) {
  const uint32_t n_pe = packed->config.n_pe, code_w = packed->config.code_w;
  const int16_t *codebook = packed->layers[pass->layer].codebook;
  uint32_t weights = 0;
  for (uint32_t column = 0; column < pass->col_slots * n_pe; column++) {
    uint32_t slot = pass->row_slot;
    for (uint32_t e = pass->ptr[pe][column]; e < pass->ptr[pe][column + 1]; e++, slot++) {
      const uint16_t entry = pass->entries[pe][e - pass->first_entry[pe]];
      const uint32_t code = entry & ((1u << code_w) - 1);
      slot += (uint32_t)entry >> code_w;
      if (code == 0) continue;
      sum[(size_t)slot * n_pe + pe] += (uint32_t)abs(codebook[code]);
      weights++;
    }
  }
  return weights;
}

eie_status eie_packed_bounds(eie_packed *packed, eie_error *err) {
  for (uint32_t k = 0, p = 0; k < packed->n_layers; k++) {
    eie_packed_layer *layer = &packed->layers[k];
    const size_t places = (size_t)layer->out_slots * packed->config.n_pe;
    uint64_t *sum = calloc(places, sizeof *sum), worst = 0, nnz = 0;
    if (!sum) return eie_fail(err, EIE_ERR_MEMORY, "no memory to sum %zu rows", places);
    for (; p < packed->n_passes && packed->passes[p].layer == k; p++)
      for (uint32_t pe = 0; pe < packed->config.n_pe; pe++)
        nnz += add_tile(packed, &packed->passes[p], pe, sum);
    for (size_t i = 0; i < places; i++)
      if (sum[i] > worst) worst = sum[i];
    free(sum);
    if (nnz > UINT32_MAX) return eie_fail(err, EIE_ERR_INPUT, "layer %u: has more than 2^32 - 1 weights", k);
    layer->nnz = (uint32_t)nnz;
    layer->worst_sum = worst * 32768;
    layer->overflow_possible = layer->worst_sum >> (packed->config.acc_w - 1) != 0;
  }
  return EIE_OK;
}
