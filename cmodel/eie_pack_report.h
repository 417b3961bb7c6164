// SPDX-License-Identifier: Apache-2.0
// What is known of a packed model before any simulation: the static bounds. docs/packer.md.
#ifndef EIE_PACK_REPORT_H
#define EIE_PACK_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "eie_pack.h"

// One layer, summed over its passes.
typedef struct {
  uint64_t weights;      // entries with code != 0: the model's stored weights
  uint64_t padding;      // padding entries
  uint64_t entries;      // weights + padding
  uint64_t busiest;      // entries of the busiest PE
  double busiest_ratio;  // busiest / (entries / N): 1 is perfect balance; 0 without entries
  // Stored weights alone, without padding: the busiest PE as dealt and as interleaved dealing would have it,
  // and the mean, which no dealing passes; the same of sums over 64 blocks of columns, which is what it takes
  // when no PE may run ahead into the next block.
  uint64_t weights_busiest, interleaved_busiest, perfect;
  uint64_t blocks_busiest, interleaved_blocks;
  uint64_t entry_cycles;       // sum over passes of the fullest PE's entries: no input needs more entry
                               // cycles, and one with no zero activation needs at least these
  uint64_t broadcasts;         // the same of broadcasts: sum over passes of the columns that exist
  uint64_t write_back_cycles;  // row slots written back
  uint32_t passes;
  uint32_t resident;           // 1: its vectors stay in the activation memory; 0: the host carries them
  uint32_t overflow_possible;  // an input exists, perhaps, that leaves ACC_W; 0 is a proof
} eie_pack_layer_report;

// Fill of the memories in one load; the fullest PE decides.
typedef struct {
  uint32_t spmat_words, spmat_words_of;  // in the fullest PE, of SPMAT_WORDS
  uint32_t spmat_pe;                     // which one that is (the lowest)
  uint32_t ptr_places, ptr_places_of;    // pointers and biases, of PTR_DEPTH
  uint32_t codebooks, descriptors;       // of LAYERS
  uint64_t bus_words;                    // 32-bit writes that put this load into the device
} eie_pack_load_report;

typedef struct {
  uint32_t n_layers, n_loads, n_passes;
  uint32_t all_visible;
  eie_pack_layer_report *layers;     // [n_layers]; owned
  eie_pack_load_report *loads;       // [n_loads]; owned
  uint32_t act_slots, act_slots_of;  // highest activation slot in use + 1, of ACT_SLOTS
} eie_pack_report;

// Works the report out. On success the caller ends it with eie_pack_report_free.
eie_status eie_pack_report_make(const eie_packed *packed, eie_pack_report *report, eie_error *err);
void eie_pack_report_free(eie_pack_report *report);

// Its comparison with interleaved dealing, of one layer whose other fields are set, and as a table; private
// to the report. By how much a bound of interleaved dealing passes the same bound as dealt (1 without
// weights).
eie_status eie_pack_report_dealing(const eie_packed *packed, uint32_t layer, eie_pack_layer_report *to,
                                   eie_error *err);
void eie_pack_report_print_dealing(const eie_packed *packed, const eie_pack_report *report, FILE *out);
double eie_pack_gain(uint64_t interleaved, uint64_t dealt);

// Prints it as a table for a person.
void eie_pack_report_print(const eie_packed *packed, const eie_pack_report *report, FILE *out);

#endif
