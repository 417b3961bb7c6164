// SPDX-License-Identifier: Apache-2.0
// What dealing one layer is about, and the steps of balanced dealing; private to the packer.
#ifndef EIE_PACK_DEAL_H
#define EIE_PACK_DEAL_H

#include <stdint.h>

#include "eie_model.h"

// What an entry of each column weighs: 1 everywhere, or in proportion to how often the column's activation
// was non-zero in the calibration inputs. All entries of a layer together weigh at most EIE_MOST_WEIGHT, so
// that sums of squares fit 64 bits; only a layer with more entries than that (which is dealt longest first,
// without swaps) weighs more.
enum { EIE_MOST_WEIGHT = 1 << 27 };

typedef struct {
  uint32_t *column;  // [cols]; owned
  uint32_t unit;     // of a column of average density; 1 without calibration
} eie_weights;

// seen[cols]: calibration inputs with a non-zero activation there; NULL, all alike or all 0: no calibration.
eie_status eie_pack_weigh(const eie_layer *layer, const uint32_t *seen, eie_weights *weights, eie_error *err);
void eie_weights_free(eie_weights *weights);

typedef struct {
  const eie_layer *layer;
  const uint32_t *col_place;  // [cols] packed columns, below in_slots * n_pe
  const eie_weights *weights;
  uint32_t in_slots, n_pe;
  uint64_t seed;
} eie_deal_job;

// Weights of a row's entries, or of all rows of a PE, in blocks of packed columns, and in all.
enum { EIE_BLOCKS = 64, EIE_BLOCK_LANES = EIE_BLOCKS + 1 };
typedef struct {
  int32_t n[EIE_BLOCK_LANES];
} eie_profile;

// The dealing under work: n_places rows (those past layer->rows are empty), as many in every PE.
typedef struct {
  uint32_t n_places;
  uint32_t *pe_of;    // [n_places]
  eie_profile *rows;  // [n_places]
  eie_profile *pes;   // [n_pe]
} eie_deal;

// Rows r and s change places.
void eie_deal_swap(eie_deal *deal, uint32_t r, uint32_t s);

// By how much (halved) the sum of squares of the loads in the blocks, and of the whole loads with weight
// `whole`, changes when r and s change places.
int64_t eie_deal_change(const eie_deal *deal, uint32_t r, uint32_t s, int64_t whole);

// Swaps that even out the blocks, then swaps that even out single columns as well. deal->pe_of keeps its
// number of rows in every PE. Deterministic by seed.
eie_status eie_pack_even_blocks(const eie_deal_job *job, uint32_t n_places, uint32_t *pe_of, eie_error *err);
eie_status eie_pack_even_columns(const eie_deal_job *job, eie_deal *deal, eie_error *err);

#endif
