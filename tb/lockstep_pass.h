// SPDX-License-Identifier: Apache-2.0
// What the golden model does in one pass, as a sequence: which columns are broadcast, and by the recurrence
// of docs/timing.md in which cycle of the layer each event of the array is due.
#ifndef EIE_LOCKSTEP_PASS_H
#define EIE_LOCKSTEP_PASS_H

#include "eie_pack.h"
#include "eie_timing.h"

typedef struct {
  const eie_packed *packed;
  eie_timing_delays delays;
  // Fixed delays of the RTL beside those of the recurrence.
  uint32_t value_lag;  // column on the bus to its value on its way back
  uint32_t
      pointers_lag;  // column on the bus to its pointers, subtracted: it waits for its value before the PEs
  // Of the pass under work
  const eie_pass *pass;
  const eie_packed_layer *layer;
  uint32_t number, broadcasts;
  const int16_t *in;            // activations of the tile's columns, borrowed
  const int16_t *want;          // outputs of the layer by place, borrowed
  uint32_t *column;             // [broadcasts] tile's column numbers
  int32_t *fire;                // [broadcasts] cycle of the layer in which it is found
  int32_t *take;                // [broadcasts][N] in which the sequencer takes it; set where it has entries
  int32_t drained;              // in which the CCU sees that all is done
  struct lockstep_lane *lanes;  // scratch of the recurrence
  int32_t *pop, *slowest;
} lockstep_pass;

// Signals of a column follow its cycle on the broadcast bus, those of an entry its cycle there, ...
enum {
  LAG_FIRE_TO_COLUMN = 2,
  LAG_TAKE_TO_ENTRY = 6,  // of the column's first entry
  LAG_ENTRY_TO_UPDATE = 3,
  LAG_DRAINED_TO_WALK = 1,  // to the first write-back column
  LAG_COLUMN_TO_READ_OUT = 5,
  LAG_COLUMN_TO_WRITE_BACK = 11
};

eie_status lockstep_pass_open(lockstep_pass *p, const eie_packed *packed, eie_error *err);
void lockstep_pass_close(lockstep_pass *p);

// Pass `number` is meant from now on; its sequence is not there yet.
void lockstep_pass_name(lockstep_pass *p, uint32_t number);

// Begins pass `number`; want[k] is vector k of the model in packed order (0: inputs), all as the golden
// model has them.
void lockstep_pass_begin(lockstep_pass *p, uint32_t number, int16_t *const *want);

// Entries of broadcast k in a PE, relative to the tile's first.
static inline void lockstep_entries(const lockstep_pass *p, uint32_t pe, uint32_t k, uint32_t *begin,
                                    uint32_t *end) {
  const uint32_t *ptr = p->pass->ptr[pe] + p->column[k], first = p->pass->first_entry[pe];
  *begin = ptr[0] - first;
  *end = ptr[1] - first;
}

#endif
