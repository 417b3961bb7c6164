// SPDX-License-Identifier: Apache-2.0
// The second half of balanced dealing; private to the packer.
#ifndef EIE_PACK_DEAL_H
#define EIE_PACK_DEAL_H

#include "eie_model.h"

// Swaps rows between PEs until the loads of the PEs are even in every block of columns, or the effort
// is spent. pe_of[n_places] (rows past layer->rows are empty) keeps its number of rows in every PE.
// Deterministic by seed.
eie_status eie_pack_even_out(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots,
                             uint32_t n_pe, uint64_t seed, uint32_t n_places, uint32_t *pe_of,
                             eie_error *err);

#endif
