// SPDX-License-Identifier: Apache-2.0
// Lock-step: the RTL's broadcasts, pointer reads, entries, accumulator updates and write-backs, each compared
// with what the golden model does next, in value, order and cycle. It stops at the first that differs and
// says in one sentence where. docs/lockstep.md.
#ifndef EIE_LOCKSTEP_H
#define EIE_LOCKSTEP_H

#include <stdio.h>

#include "eie_device.h"
#include "eie_pack.h"
#include "lockstep_probes.h"

typedef enum {
  EIE_DIFFERS_NOT,
  EIE_DIFFERS_VALUE,    // the event came with another value
  EIE_DIFFERS_MISSING,  // it did not come
  EIE_DIFFERS_EXTRA,    // the golden model has no such event
  EIE_DIFFERS_CYCLE     // it came, right, but not in the cycle that the timing model has
} eie_difference;

// The first difference. Numbers that have no meaning for its stage are UINT32_MAX.
typedef struct {
  eie_difference kind;
  eie_stage stage;
  uint32_t input, pass, layer;
  uint32_t pe;
  uint32_t slot, row;      // of the tile in the PE; the model's row (UINT32_MAX: no row lives there)
  uint32_t place, column;  // of the column in the layer's packed input; the model's column (the same)
  uint32_t entry;          // index in the PE's Spmat
  uint64_t cycle;          // of the device: where it came, or where it was due when it is missing
  uint64_t launch;         // of the device in which the layer was launched
  int64_t got, want;       // with EIE_DIFFERS_VALUE
  char sentence[sizeof((eie_error *)0)->text];
} eie_divergence;

// Events compared, by stage, all inputs together.
typedef struct {
  uint64_t of[EIE_STAGES];
} eie_lockstep_counts;

typedef struct eie_lockstep eie_lockstep;

// Borrows `packed` for its lifetime.
eie_status eie_lockstep_open(const eie_packed *packed, eie_lockstep **lockstep, eie_error *err);
void eie_lockstep_close(eie_lockstep *l);

// For eie_device_options.watch, before the device is opened. With run_on the clock does not stop at the
// difference (waves want the cycles behind it).
const eie_watch *eie_lockstep_watch(eie_lockstep *l);
void eie_lockstep_run_on(eie_lockstep *l, int run_on);

// Around a program of passes step .. step + count - 1: want[k] is vector k of the model in packed order, as
// the golden model has it; borrowed until the end. `status` is how the program ended and *err why; `now` the
// device's cycle. EIE_ERR_UNEQUAL with the sentence in *err when an event differed, was missing or came in
// another cycle than the timing model says; otherwise `status`, with a word that all events were right.
void eie_lockstep_begin(eie_lockstep *l, uint32_t input, uint32_t step, uint32_t count, int16_t *const *want);
eie_status eie_lockstep_end(eie_lockstep *l, uint64_t now, eie_status status, eie_error *err);

// NULL while nothing differs.
const eie_divergence *eie_lockstep_found(const eie_lockstep *l);
const eie_lockstep_counts *eie_lockstep_counted(const eie_lockstep *l);

// The last events of the PE (or of the array) before the difference, a line each.
void eie_lockstep_history(const eie_lockstep *l, FILE *f);

// Name of a stage, "accumulator update".
const char *eie_stage_name(eie_stage stage);

#endif
