// SPDX-License-Identifier: Apache-2.0
// The timing model: the cycles and counters of a pass, equal to the RTL's to the cycle, without stepping
// a clock. docs/timing.md has the recurrence and where each delay stands in the RTL.
#ifndef EIE_TIMING_H
#define EIE_TIMING_H

#include <stdint.h>

#include "eie_pack.h"

// The delays of the RTL and the places of its queues: all that the recurrence knows of a configuration.
typedef struct {
  int32_t first_group;    // launch of the layer to the first group of activations in the search
  int32_t fire_to_met;    // broadcast found to column and value in front of a PE's activation queue
  int32_t credit_return;  // column leaves its activation queue to the broadcast that its credit allows
  int32_t drain;          // last entry of the array issued to the CCU's decision that all is done
  int32_t write_back;     // that decision to the first row's landing: the end of a layer of one row
  uint32_t act_queue;     // ACT_QUEUE_DEPTH
  uint32_t work_queue;    // QUEUE_DEPTH
} eie_timing_delays;

eie_timing_delays eie_timing_delays_of(const eie_config *config);

// Of one pass: the counters of its descriptor by the same names. (CLAMPED and OVERFLOW depend on values,
// not on time: eie_golden_pass.)
typedef struct {
  uint64_t cycles;      // from launch to the landing of the last row
  uint64_t window;      // first broadcast to last entry; starved of a PE = window - busy
  uint64_t queue_full;  // cycles in which a broadcast stood ready and some PE had no room
  uint64_t broadcasts, entries, padding;
} eie_timing_counters;

typedef struct eie_timing eie_timing;

// Counts the entries of every column in every PE, once for all inputs. Borrows `packed` for its lifetime.
// EIE_ERR_INPUT for pointers that no RTL would accept (descending, or more entries in a column than ROWS).
eie_status eie_timing_open(const eie_packed *packed, eie_timing **timing, eie_error *err);
void eie_timing_close(eie_timing *timing);

// The same with delays of the caller's choice: to ask what a deeper queue would bring, or to prove that
// a test notices a wrong one.
eie_status eie_timing_open_with(const eie_packed *packed, const eie_timing_delays *delays,
                                eie_timing **timing, eie_error *err);

// Pass p on in[layers[l].in_slots * N], the whole input vector of its layer in packed order: only which
// activations are 0 matters. busy[N] (may be NULL) gets the entries issued a PE.
void eie_timing_pass(eie_timing *timing, uint32_t p, const int16_t *in, eie_timing_counters *c,
                     uint64_t *busy);

// Two ways give the same counters: one for every processor, and one for AVX-512 (docs/timing.md, Speed),
// which is taken where it can be. For tests and measurements: the first one only, and whether the next call
// of eie_timing_pass on pass p tries the second.
void eie_timing_plain_only(eie_timing *timing);
int eie_timing_is_wide(const eie_timing *timing, uint32_t p);

// Pass p with every activation that exists non-zero. No input takes more cycles.
eie_status eie_timing_worst(eie_timing *timing, uint32_t p, eie_timing_counters *c, eie_error *err);

#endif
