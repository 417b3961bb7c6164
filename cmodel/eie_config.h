// SPDX-License-Identifier: Apache-2.0
// A configuration of the array: rtl/configs/NAME.cfg, lines of KEY = VALUE. docs/configurations.md.
// The keys are the module parameters of rtl/eie_top.sv, by the same names.
#ifndef EIE_CONFIG_H
#define EIE_CONFIG_H

#include <stdint.h>

#include "eie_error.h"

// One line a parameter: field, key, smallest, largest, what it is. Everything that lists the
// parameters (reader, --json, manifest, identification check) expands this list.
#define EIE_CONFIG_PARAMETERS(X)                                                               \
  X(n_pe, N_PE, 1, 256, "processing elements, a power of two")                                 \
  X(act_queue_depth, ACT_QUEUE_DEPTH, 2, 64, "broadcasts a PE can hold before its work queue") \
  X(queue_depth, QUEUE_DEPTH, 2, 256, "places of the work queue behind the pointer read")      \
  X(code_w, CODE_W, 4, 8, "bits of a code: 4 or 8")                                            \
  X(idx_w, IDX_W, 4, 8, "bits of a run")                                                       \
  X(entries_per_word, ENTRIES_PER_WORD, 1, 8, "entries of a Spmat word: 1, 2, 4 or 8")         \
  X(acc_w, ACC_W, 32, 48, "bits of an accumulator")                                            \
  X(rows, ROWS, 2, 4096, "accumulators of a PE")                                               \
  X(spmat_words, SPMAT_WORDS, 2, 65536, "Spmat words of a PE")                                 \
  X(ptr_depth, PTR_DEPTH, 6, 131072, "pointer places of a PE, both banks together; even")      \
  X(act_slots, ACT_SLOTS, 2, 32768, "activations of a PE")                                     \
  X(layers, LAYERS, 1, 64, "layer descriptors, and codebooks")

typedef struct {
  char name[64];  // file name without folder and ".cfg"
#define EIE_CONFIG_FIELD(field, key, lo, hi, what) uint32_t field;
  EIE_CONFIG_PARAMETERS(EIE_CONFIG_FIELD)
#undef EIE_CONFIG_FIELD
} eie_config;

// Reads a configuration by name (looked for as NAME.cfg in $EIE_CONFIG_DIR, then in rtl/configs and then as
// synth/boards/NAME/NAME.cfg in the source tree the library was built from) or, when `name` has a slash or
// ends in ".cfg", by path. Every key must appear once; '#' starts a comment; unknown keys other than TECH are
// refused.
eie_status eie_config_read(const char *name, eie_config *config, eie_error *err);

// Sets one parameter from "KEY=VALUE"; the caller runs eie_config_check when all are set.
eie_status eie_config_set(eie_config *config, const char *assignment, eie_error *err);

// Checks ranges and combinations; the same rules stop the RTL at elaboration (rtl/eie_top.sv):
// N_PE a power of two; CODE_W 4 or 8; ENTRIES_PER_WORD 1, 2, 4 or 8; PTR_DEPTH even and
// >= N_PE + 4 (one activation slot of columns, its end, and one row's bias);
// SPMAT_WORDS * ENTRIES_PER_WORD >= N_PE; ACT_SLOTS * N_PE <= 2^24.
eie_status eie_config_check(const eie_config *config, eie_error *err);

// Derived numbers; each has a function of the same name in rtl/eie_pkg.sv.
uint32_t eie_entry_w(const eie_config *c);     // bits of an entry: IDX_W + CODE_W
uint32_t eie_word_w(const eie_config *c);      // bits of a Spmat word
uint32_t eie_word_parts(const eie_config *c);  // 32-bit parts of a Spmat word on the bus
uint32_t eie_ptr_w(const eie_config *c);       // $clog2(SPMAT_WORDS * ENTRIES_PER_WORD + 1)
uint32_t eie_bank_w(const eie_config *c);      // bits of a pointer bank: max(ptr_w, 16)
uint32_t eie_clog2(uint32_t x);                // smallest n with 2^n >= x; 0 for 0 and 1
uint32_t eie_index_w(uint32_t x);              // bits of an index into x things, at least 1

#endif
