// SPDX-License-Identifier: Apache-2.0
// The steps of eie_pack, in the order they run; private to the packer. docs/packer.md.
//   calibrate, weigh   what an entry of each column counts in dealing
//   deal     rows to places
//   matrix   the layer's entries sorted by PE, packed column, slot
//   plan     tiles: how a layer is cut so that each tile fits the memories
//   encode   one tile: runs, padding, pointers
//   schedule passes to loads and descriptors, vectors to activation slots
#ifndef EIE_PACK_PARTS_H
#define EIE_PACK_PARTS_H

#include <stddef.h>

#include "eie_pack.h"
#include "eie_pack_deal.h"

// How often each activation was non-zero: seen[k][c] of the calibration's inputs, for column c of layer k.
// One block, which (*seen)[0] owns; the caller frees it and *seen.
eie_status eie_pack_calibrate(const eie_model *model, const eie_activations *inputs, uint32_t ***seen,
                              eie_error *err);

uint32_t eie_pack_calibration_crc32(const eie_activations *inputs);

// Deals the rows: row_place[layer->rows]. Within a PE slots ascend with the row number.
eie_status eie_pack_deal(const eie_deal_job *job, eie_dealing dealing, uint32_t *row_place, eie_error *err);

// Weight of the busiest PE.
eie_status eie_pack_busiest(const eie_deal_job *job, const uint32_t *row_place, uint64_t *busiest,
                            eie_error *err);

// A dealt layer: PE by PE, packed column by packed column, slots ascending.
typedef struct {
  uint32_t n_pe, in_slots, out_slots;
  uint32_t *start;  // [n_pe * in_slots * n_pe + 1]: entries of (pe, column) begin at pe * columns + column
  uint32_t *slot;   // [nnz]
  uint8_t *code;    // [nnz]
} eie_dealt;

eie_status eie_pack_matrix(const eie_layer *layer, const uint32_t *col_place, uint32_t in_slots,
                           const uint32_t *row_place, uint32_t n_pe, eie_dealt *dealt, eie_error *err);
void eie_dealt_free(eie_dealt *dealt);

// The entries of one column of one PE with slots in [row_slot, row_slot + rows): dealt->slot[*begin .. *end).
void eie_dealt_column(const eie_dealt *dealt, uint32_t pe, uint32_t column, uint32_t row_slot, uint32_t rows,
                      uint32_t *begin, uint32_t *end);

typedef struct {
  uint32_t row_slot, rows, col_slot, col_slots;
} eie_tile;

typedef struct {
  uint32_t n_tiles, capacity;
  eie_tile *tiles;        // rows outermost, columns inside
  uint64_t entry_cycles;  // sum over tiles of the fullest PE's entries, padding included
} eie_plan;

// Cuts a dealt layer into tiles that each fit an empty device. Few tiles first.
eie_status eie_pack_plan(const eie_dealt *dealt, const eie_config *config, eie_plan *plan, eie_error *err);
void eie_plan_free(eie_plan *plan);

// Pointer places of a tile: pointers of its columns, to the next even place, and the biases of its rows.
uint32_t eie_pack_ptr_places(uint32_t n_pe, uint32_t col_slots);

// Encodes one tile into a pass whose row_slot, rows, col_slot, col_slots are set: n_entries, padding,
// ptr (counted from 0 until schedule moves them), entries. The pass owns what it gets.
eie_status eie_pack_encode(const eie_dealt *dealt, const eie_config *config, eie_pass *pass, eie_error *err);
void eie_pass_free(eie_pass *pass);

// Gives every pass its load, descriptor, codebook, bases in the memories and activation slots.
eie_status eie_pack_schedule(eie_packed *packed, eie_error *err);

// Packs for a configuration that is taken as it is.
eie_status eie_pack_unchecked(const eie_model *model, const eie_config *config,
                              const eie_pack_options *options, eie_packed *packed, eie_error *err);

// 1: the layer's input and output fit the activation memory side by side.
int eie_pack_resident(const eie_packed *packed, uint32_t layer);

#endif
