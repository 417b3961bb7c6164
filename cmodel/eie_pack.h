// SPDX-License-Identifier: Apache-2.0
// The packed layers: rows dealt to PEs, columns encoded, layers cut into passes that fit a configuration.
// docs/encoding.md (entries, pointers), docs/packer.md (dealing, tiling), docs/packed-format.md (files).
//
// Places: activation i of a vector lives in PE i mod N, slot i div N ("place" i). Row r of a layer has
// place row_place[r] = slot(r) * N + pe(r), which is the packed column of that row in the next layer.
// The first layer's columns keep their order: place = column.
#ifndef EIE_PACK_H
#define EIE_PACK_H

#include <stdint.h>

#include "eie_config.h"
#include "eie_model.h"
#include "eie_tensor.h"

typedef enum { EIE_DEAL_INTERLEAVED, EIE_DEAL_BALANCED } eie_dealing;

// One pass: a tile of one layer, run by one descriptor. A tile is a range of row slots by a range of
// whole activation slots; rows outermost, columns inside; write-back only in the last column tile.
typedef struct {
  uint32_t layer;
  uint32_t row_slot, rows;           // the layer's row slots [row_slot, row_slot + rows)
  uint32_t col_slot, col_slots;      // the layer's input slots [col_slot, col_slot + col_slots)
  uint32_t chain_first, write_back;  // first, last column tile of its rows
  uint32_t load;                     // passes of one load are in the memories together; ascending
  uint32_t descriptor;               // descriptor index inside the load
  uint32_t in_base;                  // activation slot where col_slot begins
  uint32_t out_base;                 // activation slot of row_slot (meaningful with write_back)
  uint32_t ptr_base;                 // pointer place of the first column; even; the same in every PE
  uint32_t bias_base;                // pointer place of the first row's bias (with write_back); even
  uint32_t codebook;                 // codebook index inside the load
  // Before the pass the host writes slots [host_in_slot, + host_in_slots) of the layer's input vector
  // to activation slots host_in_base ...; host_in_slots = 0: nothing to write.
  uint32_t host_in_slot, host_in_slots, host_in_base;
  uint32_t host_out;  // 1: after the pass the host reads its outputs, because they will not stay
  // Encoded tile, one a PE. n_cols = col_slots * N; local row slots count from row_slot.
  uint32_t *first_entry;  // [N] entry index of the tile's first entry; begins a Spmat word
  uint32_t *n_entries;    // [N] entries, padding included
  uint32_t *padding;      // [N] padding entries among them
  uint32_t **ptr;         // [N][n_cols + 1] absolute entry indices
  uint16_t **entries;     // [N][n_entries] run << CODE_W | code
} eie_pass;

typedef struct {
  char name[EIE_NAME_SIZE];
  uint32_t rows, cols;  // of the model's layer
  uint32_t nnz;
  uint32_t shift, relu;
  int32_t weight_frac, in_frac, out_frac;
  uint32_t in_slots, out_slots;  // slots of the packed input and output vectors
  uint32_t *row_place;           // [rows]
  int16_t *codebook;             // [1 << CODE_W], zero-extended
  int32_t *bias;                 // [out_slots * N] by place; 0 where no row lives
  uint64_t worst_sum;            // max over rows of sum |w| * 32768: the accumulator cannot pass it
  uint32_t overflow_possible;    // worst_sum does not fit ACC_W
} eie_packed_layer;

typedef struct {
  eie_config config;
  eie_dealing dealing;
  uint64_t seed;
  int32_t input_frac;
  uint32_t n_layers, n_passes, n_loads;
  eie_packed_layer *layers;  // [n_layers]
  eie_pass *passes;          // [n_passes] in the order they run
  // 1: every layer's input and output has activation slots of its own (nothing overwritten, no
  // host_out), so after the whole program all of them can be read. 0: they reuse slots.
  uint32_t all_visible;
  uint32_t calibrated;         // inputs that the dealing was calibrated with; 0: none
  uint32_t calibration_crc32;  // of them as little-endian int16
} eie_packed;

typedef struct {
  eie_dealing dealing;
  uint64_t seed;
} eie_pack_options;

// Packs a checked model. On success the caller owns *packed (eie_packed_free).
// EIE_ERR_FIT when even tiling cannot help (more codes than CODE_W holds), with the remedy.
eie_status eie_pack(const eie_model *model, const eie_config *config, const eie_pack_options *options,
                    eie_packed *packed, eie_error *err);

// The same with inputs that are like those to come: the golden model runs them, and an entry then counts in
// dealing as often as its activation was non-zero. Outputs are the same bits either way. EIE_ERR_USE for
// interleaved dealing, which looks at nothing, and for inputs of another width.
eie_status eie_pack_calibrated(const eie_model *model, const eie_config *config,
                               const eie_pack_options *options, const eie_activations *calibration,
                               eie_packed *packed, eie_error *err);

void eie_packed_free(eie_packed *packed);

// The same with ROWS, SPMAT_WORDS, PTR_DEPTH, ACT_SLOTS and LAYERS raised to what it takes to run every layer
// in one pass and one load, also beyond what an array can have: packed->config tells them. For the golden
// and the timing model. EIE_ERR_FIT for a model that is too large even so.
eie_status eie_pack_one_pass(const eie_model *model, const eie_config *config,
                             const eie_pack_options *options, eie_packed *packed, eie_error *err);

// What one memory of one PE holds in one load, as 32-bit bus words from word 0 of its region on
// (registers: firmware/eie_registers.def). Spmat words take their part stride; pointers and biases
// share a memory. Words no pass uses are 0. The caller frees *words; *count may be 0.
typedef enum { EIE_MEM_SPMAT, EIE_MEM_POINTER, EIE_MEM_CODEBOOK } eie_memory;
eie_status eie_packed_memory(const eie_packed *packed, uint32_t load, eie_memory memory, uint32_t pe,
                             uint32_t **words, uint32_t *count, eie_error *err);

// The 8 words of the descriptor of pass `p` (layout: EIE_DESC in firmware/eie_registers.def).
void eie_packed_descriptor(const eie_packed *packed, uint32_t p, uint32_t words[8]);

// Natural order to packed order and back, of one vector of layer k's input (k = n_layers: outputs).
// `place` has slots(k) * N elements, where slots(k) = layers[k].in_slots or the last out_slots.
void eie_packed_scatter(const eie_packed *packed, uint32_t k, const int16_t *natural, int16_t *place);
void eie_packed_gather(const eie_packed *packed, uint32_t k, const int16_t *place, int16_t *natural);

// Packed directory (docs/packed-format.md): manifest.json and $readmemh files. Written to a temporary
// name and renamed; an existing directory is replaced only if it is a packed directory.
eie_status eie_packed_write(const char *dir, const eie_packed *packed, eie_error *err);
eie_status eie_packed_read(const char *dir, eie_packed *packed, eie_error *err);

#endif
