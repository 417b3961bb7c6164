// SPDX-License-Identifier: Apache-2.0
// The recurrence with 16-bit times, 64 PEs in two AVX-512 registers.
//
// Times count from a base that moves on before they grow too large; what lies 2^15 cycles back becomes "long
// ago", which never decides. The work queue: column j of a PE waits for its column j - Q, columns without
// entries not counted, so each PE looks back another number of broadcasts. A row of `popped` holds when
// broadcast k left the work queues of all PEs, and `tails` of a row has a bit for every PE that looks at it:
// mostly one row with all the bits. When a PE gets a column, its bit moves to its next row with entries.
#include "eie_timing_scan.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>
#include <string.h>

#define EIE_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,sse4.1")))
#define EIE_WIDE_INLINE EIE_WIDE static inline __attribute__((always_inline))

enum {
  LANES = EIE_TIMING_LANES,
  HALF = LANES / 2,
  LONG_AGO = INT16_MIN,
  MOST_ROWS = 1 << 14,  // of the ring
  HIGHEST_MET = 12000,  // the base moves when a broadcast meets the queues later
  MOST_AHEAD = 10000,   // of a PE: time from a broadcast's fire to its last entry; half of what would fit
  AHEAD = 16            // broadcasts whose counts are fetched in advance
};

typedef struct {
  _Alignas(64) int16_t leave[LANES];
  int16_t take[LANES], last[LANES];
  int64_t oldest;  // no row before it has tails
  int64_t rows;    // ring: power of two
} block_state;     // then [rows] tails, [rows] has, [rows][LANES] popped

typedef struct {
  block_state *s;
  uint64_t *tails, *has;
  int16_t *popped;
} block;

int eie_timing_wide_here(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

static int64_t ring_rows(const eie_timing_delays *d) {
  int64_t rows = 256;
  while (rows < 4 * (int64_t)d->work_queue) rows *= 2;
  return rows;
}

// Between a broadcast's fire and its last entry in a PE lie at most the columns of both queues.
uint32_t eie_timing_wide_most(const eie_timing_delays *d) {
  const uint64_t columns = (uint64_t)d->work_queue + d->act_queue + 8;
  if (ring_rows(d) > MOST_ROWS || MOST_AHEAD / columns < 8) return 0;
  return (uint32_t)(MOST_AHEAD / columns) - 8;
}

static size_t block_size(int64_t rows) {
  return sizeof(block_state) + (size_t)rows * (2 * sizeof(uint64_t) + LANES * sizeof(int16_t));
}

size_t eie_timing_wide_state(uint32_t lanes, const eie_timing_delays *delays) {
  return lanes / LANES * block_size(ring_rows(delays));
}

static block block_at(const eie_timing_scan *scan, uint32_t number, int64_t rows) {
  char *at = (char *)scan->state + number * block_size(rows);
  block b = {.s = (block_state *)at};
  b.tails = (uint64_t *)(at + sizeof(block_state));
  b.has = b.tails + rows;
  b.popped = (int16_t *)(b.has + rows);
  return b;
}

static void start(const eie_timing_scan *scan, int64_t rows) {
  for (uint32_t k = 0; k < scan->lanes / LANES; k++) {
    const block b = block_at(scan, k, rows);
    memset(b.s, 0, block_size(rows));
    b.s->rows = rows;
    for (int l = 0; l < LANES; l++) b.s->leave[l] = b.s->take[l] = b.s->last[l] = LONG_AGO;
    for (int64_t i = 0; i < rows * LANES; i++) b.popped[i] = LONG_AGO;
    // Before the first broadcast, as many columns as the queue has places: all gone.
    for (uint32_t r = 0; r < scan->delays->work_queue; r++) b.has[r] = UINT64_MAX;
    b.tails[0] = scan->used[k];
  }
}

EIE_WIDE_INLINE __m512i load(const void *p) {
  return _mm512_loadu_si512(p);
}

EIE_WIDE_INLINE __m512i at_half(int16_t value) {
  return _mm512_set1_epi16(value);
}

EIE_WIDE_INLINE int16_t latest(__m512i v) {
  const __m256i half = _mm256_max_epi16(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  const __m128i quarter = _mm_max_epi16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  // The largest signed number is the smallest unsigned one with all bits but the sign turned.
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(quarter, _mm_set1_epi16(INT16_MAX)));
  return (int16_t)(_mm_extract_epi16(least, 0) ^ INT16_MAX);
}

EIE_WIDE static void move_base(const block *b, int64_t delta) {
  for (int turn = 0; turn < 3 && delta > 0; turn++) {
    const int16_t step = delta < INT16_MAX ? (int16_t)delta : INT16_MAX;
    int16_t *const lists[] = {b->s->leave, b->s->take, b->s->last};
    for (int k = 0; k < 3; k++)
      for (int h = 0; h < LANES; h += HALF)
        _mm512_storeu_si512(lists[k] + h, _mm512_subs_epi16(load(lists[k] + h), at_half(step)));
    for (int64_t i = 0; i < b->s->rows * LANES; i += HALF)
      _mm512_storeu_si512(b->popped + i, _mm512_subs_epi16(load(b->popped + i), at_half(step)));
    delta -= step;
  }
}

// The latest entry of a block, or before: what was long ago has been noted already.
EIE_WIDE static int32_t last_entry(const block *b, int64_t base, int32_t before) {
  const int16_t t = latest(_mm512_max_epi16(load(b->s->last), load(b->s->last + HALF)));
  return t == LONG_AGO || base + t < before ? before : (int32_t)(base + t);
}

// When the place in the work queue that each PE of `present` wants was left; their bits move on. Row r is
// the broadcast's own. The value is -1 when the ring is too short.
EIE_WIDE_INLINE int find_room(const block *b, int64_t r, int64_t depth, uint64_t present, __m512i room[2]) {
  const int64_t mask = b->s->rows - 1;
  uint64_t carry = 0;
  room[0] = room[1] = at_half(LONG_AGO);
  for (int64_t t = b->s->oldest; t <= r - depth + 1; t++) {
    const uint64_t looks = b->tails[t & mask], has = b->has[t & mask];
    const int16_t *popped = b->popped + (t & mask) * LANES;
    room[0] = _mm512_mask_mov_epi16(room[0], (__mmask32)looks, load(popped));
    room[1] = _mm512_mask_mov_epi16(room[1], (__mmask32)(looks >> HALF), load(popped + HALF));
    b->tails[t & mask] = (looks & ~present) | (carry & has);
    carry = (carry & ~has) | (looks & present);
  }
  while (b->s->oldest <= r - depth && b->tails[b->s->oldest & mask] == 0) b->s->oldest++;
  return r + 1 - b->s->oldest < b->s->rows ? 0 : -1;
}

// Half a block takes a column. The value is when each PE let go of it.
EIE_WIDE_INLINE __m512i take_half(const block *b, int at, __m512i count, __mmask32 present, __m512i room,
                                  __m512i met, int16_t *popped) {
  const __m512i one = at_half(1), leave = load(b->s->leave + at), take = load(b->s->take + at),
                last = load(b->s->last + at);
  const __m512i head = _mm512_add_epi16(_mm512_max_epi16(met, leave), one);
  const __m512i left = _mm512_mask_max_epi16(head, present, head, _mm512_add_epi16(room, one));
  const __m512i pop = _mm512_max_epi16(_mm512_add_epi16(left, one), take);
  const __m512i took = _mm512_max_epi16(_mm512_add_epi16(pop, one), last);
  _mm512_storeu_si512(b->s->leave + at, left);
  _mm512_storeu_si512(popped + at, pop);
  _mm512_storeu_si512(b->s->take + at, _mm512_mask_mov_epi16(take, present, took));
  _mm512_storeu_si512(b->s->last + at, _mm512_mask_add_epi16(last, present, took, count));
  return left;
}

// A block takes the column of row r; *slowest: when the last PE let go of it, from the base.
EIE_WIDE_INLINE int take_column(const block *b, const uint16_t *count, int64_t r, int64_t depth, __m512i met,
                                int16_t *slowest) {
  const __m512i low = load(count), high = load(count + HALF);
  const __mmask32 in_low = _mm512_test_epi16_mask(low, low), in_high = _mm512_test_epi16_mask(high, high);
  const uint64_t present = (uint64_t)in_high << HALF | in_low;
  const int64_t row = r & (b->s->rows - 1);
  __m512i room[2];
  b->has[row] = present;
  b->tails[row] = 0;
  if (find_room(b, r, depth, present, room)) return -1;
  const __m512i left = take_half(b, 0, low, in_low, room[0], met, b->popped + row * LANES);
  const __m512i right = take_half(b, HALF, high, in_high, room[1], met, b->popped + row * LANES);
  const int16_t t = latest(_mm512_max_epi16(left, right));
  if (t > *slowest) *slowest = t;
  return 0;
}

EIE_WIDE_INLINE int scan_all(const eie_timing_scan *scan, eie_timing_times *times, uint32_t blocks) {
  const eie_timing_delays *d = scan->delays;
  const int64_t depth = d->work_queue, rows = ring_rows(d);
  const size_t lanes = (size_t)blocks * LANES;
  int32_t next = d->first_group, base = 0;
  start(scan, rows);
  *times = (eie_timing_times){.first_fire = EIE_TIMING_NEVER, .last_issue = EIE_TIMING_NEVER};
  for (uint32_t k = 0; k < scan->n; k++) {
    if (k + AHEAD < scan->n)
      for (size_t l = 0; l < lanes; l += HALF)
        _mm_prefetch((const char *)(scan->count + scan->broadcast[k + AHEAD].column * lanes + l),
                     _MM_HINT_T0);
    next += (int32_t)scan->broadcast[k].empty_groups;
    const int32_t credit = scan->slowest[k] + d->credit_return, fire = next > credit ? next : credit;
    times->queue_full += (uint32_t)(fire - next);
    if (k == 0) times->first_fire = fire;
    next = fire + 1;
    const int32_t met = fire + d->fire_to_met + 1;
    const int move = met - base > HIGHEST_MET;
    for (uint32_t i = 0; i < blocks && move; i++) {
      const block b = block_at(scan, i, rows);
      times->last_issue = last_entry(&b, base, times->last_issue);
      move_base(&b, met - base);
    }
    if (move) base = met;
    int16_t slowest = LONG_AGO;
    for (uint32_t i = 0; i < blocks; i++) {
      const block b = block_at(scan, i, rows);
      if (take_column(&b, scan->count + scan->broadcast[k].column * lanes + i * LANES, (int64_t)k + depth,
                      depth, at_half((int16_t)(met - base)), &slowest))
        return -1;
    }
    scan->slowest[k + d->act_queue] = base + slowest;
  }
  for (uint32_t i = 0; i < blocks; i++) {
    const block b = block_at(scan, i, rows);
    times->last_issue = last_entry(&b, base, times->last_issue);
  }
  times->next = next;
  return 0;
}

EIE_WIDE int eie_timing_wide(const eie_timing_scan *scan, eie_timing_times *times) {
  return scan->lanes == LANES ? scan_all(scan, times, 1) : scan_all(scan, times, scan->lanes / LANES);
}

#else

int eie_timing_wide_here(void) {
  return 0;
}

uint32_t eie_timing_wide_most(const eie_timing_delays *delays) {
  (void)delays;
  return 0;
}

size_t eie_timing_wide_state(uint32_t lanes, const eie_timing_delays *delays) {
  (void)lanes;
  (void)delays;
  return 0;
}

int eie_timing_wide(const eie_timing_scan *scan, eie_timing_times *times) {
  (void)scan;
  (void)times;
  return -1;
}

#endif
