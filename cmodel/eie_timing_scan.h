// SPDX-License-Identifier: Apache-2.0
// The recurrence of the timing model over the broadcasts of a pass, in two ways that give the same times;
// private to eie_timing.c. docs/timing.md.
#ifndef EIE_TIMING_SCAN_H
#define EIE_TIMING_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "eie_timing.h"

enum {
  EIE_TIMING_LANES = 64,         // PEs are padded to a multiple; a lane without entries delays nobody
  EIE_TIMING_NEVER = -(1 << 30)  // before everything
};

// One broadcast: its column, and the groups without a non-zero activation that the scan went through since
// the one before.
typedef struct {
  uint32_t column, empty_groups;
} eie_timing_broadcast;

// A pass, and scratch that every scan of it fills anew.
typedef struct {
  const eie_timing_delays *delays;
  const uint16_t *count;  // [columns][lanes] entries of a column in a PE
  const uint64_t *used;   // [lanes / 64] bit l: that PE has entries in some column
  uint32_t lanes;
  const eie_timing_broadcast *broadcast;  // [n]
  uint32_t n;
  int32_t *slowest;  // [act_queue + n]: NEVER, and behind them when the last PE let go of each broadcast
  void *state;       // eie_timing_plain_state or eie_timing_wide_state bytes, aligned to 64
} eie_timing_scan;

typedef struct {
  int32_t next;        // turn of a broadcast behind the last one
  int32_t first_fire;  // NEVER without broadcasts
  int32_t last_issue;  // NEVER without entries
  uint64_t queue_full;
} eie_timing_times;

// 32-bit times, any counts and depths, every processor.
size_t eie_timing_plain_state(uint32_t lanes, const eie_timing_delays *delays);
void eie_timing_plain(const eie_timing_scan *scan, eie_timing_times *times);

// 16-bit times, 64 PEs in two registers: only where the processor has AVX-512 (BW and VL), and for columns
// of at most eie_timing_wide_most(delays) entries in a PE. The value is 0, or -1 when some PE has so many
// broadcasts without entries that its queue reaches further back than is kept: then the plain one must do it.
int eie_timing_wide_here(void);
uint32_t eie_timing_wide_most(const eie_timing_delays *delays);
size_t eie_timing_wide_state(uint32_t lanes, const eie_timing_delays *delays);
int eie_timing_wide(const eie_timing_scan *scan, eie_timing_times *times);

#endif
