// SPDX-License-Identifier: Apache-2.0
// The recurrence with 32-bit times, for every processor. All PEs take the same step for a broadcast, so they
// are lanes of branch-free loops that the compiler vectorises.
#include "eie_timing_scan.h"

enum { LANES = 16, NEVER = EIE_TIMING_NEVER };  // lanes of one step

// Of each lane: when its newest column left the activation queue; of its newest column with entries, when
// the sequencer took it and when its last entry was issued; how many such columns there were, and when
// the last of them left the work queue, by number.
typedef struct {
  int32_t *leave, *take, *last, *columns;  // [lanes] each
  int32_t *popped;                         // [lanes / LANES][ring][LANES]
  int32_t work_queue, ring, ring_mask;     // ring: power of two above work_queue
} lane_state;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define EIE_VECTORISED __attribute__((optimize("O3"), target_clones("avx2", "default")))
#else
#define EIE_VECTORISED
#endif
#define EIE_INLINE static inline __attribute__((always_inline))

EIE_INLINE int32_t later(int32_t a, int32_t b) {
  return a > b ? a : b;
}

// The column of one broadcast, and when it stands in front of the activation queues.
typedef struct {
  const uint16_t *count;
  int32_t meets;
} arrival;

// LANES PEs take a column; *slowest becomes the last time at which one let go of it. Branch-free loops
// over lanes: each becomes a few vector instructions.
EIE_INLINE void take_column(const lane_state *s, const arrival *b, uint32_t at, int32_t *slowest) {
  int32_t *leave = s->leave + at, *take = s->take + at, *last = s->last + at, *columns = s->columns + at;
  int32_t *ring = s->popped + (size_t)at * (uint32_t)s->ring;
  const uint16_t *count = b->count + at;
  const int32_t meets = b->meets, places = s->work_queue, mask = s->ring_mask;
  int32_t room[LANES], pop[LANES];
  // A place of the work queue is free in the cycle after the column that had it left.
#pragma GCC ivdep
  for (int l = 0; l < LANES; l++) room[l] = ring[((columns[l] - places) & mask) * LANES + l] + 1;
#pragma GCC ivdep
  for (int l = 0; l < LANES; l++) {
    const int32_t n = count[l], took_before = take[l], issued = last[l];
    const int32_t head = later(meets + 1, leave[l]) + 1, held = later(head, room[l]);
    const int32_t left = n ? held : head;
    const int32_t popped = later(left + 1, took_before), took = later(popped + 1, issued);
    leave[l] = left;
    pop[l] = popped;
    take[l] = n ? took : took_before;
    last[l] = n ? took + n : issued;
    slowest[l] = later(slowest[l], left);
  }
  // Without entries this notes nothing: the place is that of the column to come.
#pragma GCC ivdep
  for (int l = 0; l < LANES; l++) ring[(columns[l] & mask) * LANES + l] = pop[l];
#pragma GCC ivdep
  for (int l = 0; l < LANES; l++) columns[l] += count[l] != 0;
}

EIE_INLINE int32_t latest(const int32_t *times, uint32_t n) {
  int32_t t = NEVER;
  for (uint32_t l = 0; l < n; l++) t = later(t, times[l]);
  return t;
}

EIE_INLINE int32_t run_broadcast(const lane_state *s, uint32_t lanes, const arrival *b) {
  int32_t slowest[LANES];
  for (int l = 0; l < LANES; l++) slowest[l] = NEVER;
  for (uint32_t at = 0; at < lanes; at += LANES) take_column(s, b, at, slowest);
  return latest(slowest, LANES);
}

static int32_t ring_size(const eie_timing_delays *d) {
  int32_t size = 2;
  while ((uint32_t)size <= d->work_queue) size *= 2;
  return size;
}

size_t eie_timing_plain_state(uint32_t lanes, const eie_timing_delays *delays) {
  return (size_t)lanes * (4 + (size_t)ring_size(delays)) * sizeof(int32_t);
}

static lane_state start(const eie_timing_scan *scan) {
  int32_t *state = scan->state;
  const uint32_t lanes = scan->lanes;
  lane_state s = {state, state + lanes, state + 2 * (size_t)lanes, state + 3 * (size_t)lanes, NULL, 0, 0, 0};
  s.popped = state + 4 * (size_t)lanes;
  s.work_queue = (int32_t)scan->delays->work_queue;
  s.ring = ring_size(scan->delays);
  s.ring_mask = s.ring - 1;
  for (size_t k = 0; k < (size_t)lanes * (4 + (size_t)s.ring); k++) state[k] = NEVER;
  for (uint32_t l = 0; l < lanes; l++) s.columns[l] = 0;
  return s;
}

EIE_VECTORISED
void eie_timing_plain(const eie_timing_scan *scan, eie_timing_times *times) {
  const eie_timing_delays *d = scan->delays;
  const uint32_t lanes = scan->lanes;
  const lane_state s = start(scan);
  const int32_t *credited = scan->slowest;  // of the broadcast act_queue before
  int32_t *slowest = scan->slowest + d->act_queue, next = d->first_group;
  *times = (eie_timing_times){.first_fire = NEVER};
  for (uint32_t k = 0; k < scan->n; k++) {
    next += (int32_t)scan->broadcast[k].empty_groups;
    const int32_t fire = later(next, *credited++ + d->credit_return);
    times->queue_full += (uint32_t)(fire - next);
    if (k == 0) times->first_fire = fire;
    next = fire + 1;
    const arrival b = {.count = scan->count + (size_t)scan->broadcast[k].column * lanes,
                       .meets = fire + d->fire_to_met};
    *slowest++ = run_broadcast(&s, lanes, &b);
  }
  times->next = next;
  times->last_issue = latest(s.last, lanes);
}
