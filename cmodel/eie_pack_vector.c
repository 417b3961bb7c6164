// SPDX-License-Identifier: Apache-2.0
// Vectors from natural to packed order and back.
#include <string.h>

#include "eie_pack.h"

// Places of layer k's input, or NULL where the order is the natural one; *count natural elements.
static const uint32_t *places(const eie_packed *packed, uint32_t k, uint32_t *count, uint32_t *slots) {
  if (k == 0) {
    *count = packed->layers[0].cols;
    *slots = packed->layers[0].in_slots;
    return NULL;
  }
  *count = packed->layers[k - 1].rows;
  *slots = packed->layers[k - 1].out_slots;
  return packed->layers[k - 1].row_place;
}

void eie_packed_scatter(const eie_packed *packed, uint32_t k, const int16_t *natural, int16_t *place) {
  uint32_t count, slots;
  const uint32_t *to = places(packed, k, &count, &slots);
  memset(place, 0, (size_t)slots * packed->config.n_pe * sizeof *place);
  for (uint32_t i = 0; i < count; i++) place[to ? to[i] : i] = natural[i];
}

void eie_packed_gather(const eie_packed *packed, uint32_t k, const int16_t *place, int16_t *natural) {
  uint32_t count, slots;
  const uint32_t *from = places(packed, k, &count, &slots);
  for (uint32_t i = 0; i < count; i++) natural[i] = place[from ? from[i] : i];
}
