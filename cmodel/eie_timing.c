// SPDX-License-Identifier: Apache-2.0
// The recurrence. A queue is no state here: the event of index k waits for the event of index k - depth.
// All PEs take the same step for a broadcast, so they are lanes of one loop that the compiler vectorises.
#include "eie_timing.h"

#include <stdlib.h>
#include <string.h>

enum {
  LANES = 16,             // PEs are padded to a multiple; a lane without entries delays nobody
  NEVER = -(1 << 30),     // before everything
  LONGEST_STEP = 1 << 7,  // cycles of one broadcast beside its entries, with nothing else on its way
  MOST_DELAY = 32,        // two of them and the steps between are less than LONGEST_STEP
  MOST_PLACES = 1 << 16,  // of a queue
  LATEST = (1 << 30) - 1  // times stay below it: see check_span
};

// One pass, as the recurrence wants it.
typedef struct {
  uint32_t slots, rows;
  uint16_t *count;    // [slots * N][lanes] entries of a column in a PE
  uint32_t *entries;  // [slots * N] of a column in all PEs
  uint32_t *padding;  // [slots * N] padding entries among them
} pass_columns;

// Of each lane: when its newest column left the activation queue; of its newest column with entries, when
// the sequencer took it and when its last entry was issued; how many such columns there were, and when
// the last of them left the work queue, by number.
typedef struct {
  int32_t *leave, *take, *last, *columns;  // [lanes] each
  int32_t *popped;                         // [lanes / LANES][ring][LANES]
  int32_t work_queue, ring, ring_mask;     // ring: power of two above work_queue
} lane_state;

struct eie_timing {
  const eie_packed *packed;
  eie_timing_delays delays;
  uint32_t n_pe, lanes, most_columns;
  pass_columns *pass;  // [n_passes]
  lane_state state;
  int32_t *slowest;  // [act_queue + broadcasts] when the last PE let go of each broadcast
  uint32_t *group;   // [N] non-zeros of a group
};

eie_timing_delays eie_timing_delays_of(const eie_config *config) {
  const int32_t levels = (int32_t)(eie_clog2(config->n_pe) + 1) / 2, value_lag = 4 + levels;
  return (eie_timing_delays){.first_group = 4,
                             .fire_to_met = 3 + (value_lag > 5 ? value_lag : 5),
                             .credit_return = 2 + levels,
                             .drain = 1 + (levels > 1 ? levels : 1),
                             .write_back = 14,
                             .act_queue = config->act_queue_depth,
                             .work_queue = config->queue_depth};
}

// ---- the recurrence ------------------------------------------------------------------------------

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

// The non-zeros of one group, lowest PE first.
EIE_INLINE uint32_t search_group(const int16_t *in, uint32_t n_pe, uint32_t *group) {
  uint32_t n = 0;
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    group[n] = pe;
    n += in[pe] != 0;
  }
  return n;
}

typedef struct {
  int32_t scan_end;    // cycle after the last group's last
  int32_t first_fire;  // meaningful with broadcasts
  int32_t all_back;    // last column's leaving in the slowest PE
  int32_t last_issue;  // NEVER without entries
} pass_times;

EIE_VECTORISED
static void scan_pass(eie_timing *t, const pass_columns *p, const int16_t *in, eie_timing_counters *c,
                      pass_times *times) {
  const eie_timing_delays *d = &t->delays;
  const uint32_t lanes = t->lanes;
  const int32_t *credited = t->slowest;  // of the broadcast act_queue before
  int32_t *slowest = t->slowest + d->act_queue, next = d->first_group, first_fire = NEVER;
  for (uint32_t slot = 0; slot < p->slots; slot++) {
    const uint32_t n = search_group(in + (size_t)slot * t->n_pe, t->n_pe, t->group);
    next += n == 0;
    for (uint32_t i = 0; i < n; i++) {
      const size_t column = (size_t)slot * t->n_pe + t->group[i];
      const int32_t fire = later(next, *credited++ + d->credit_return);
      c->queue_full += (uint32_t)(fire - next);
      if (c->broadcasts++ == 0) first_fire = fire;
      c->entries += p->entries[column];
      c->padding += p->padding[column];
      next = fire + 1;
      const arrival b = {.count = p->count + column * lanes, .meets = fire + d->fire_to_met};
      *slowest++ = run_broadcast(&t->state, lanes, &b);
    }
  }
  *times = (pass_times){next, first_fire, slowest[-1], latest(t->state.last, lanes)};
}

// ---- a pass --------------------------------------------------------------------------------------

static void start_lanes(eie_timing *t) {
  lane_state *s = &t->state;
  for (uint32_t l = 0; l < t->lanes; l++) {
    s->leave[l] = s->take[l] = s->last[l] = NEVER;
    s->columns[l] = 0;
  }
  for (size_t k = 0; k < (size_t)t->lanes * (uint32_t)s->ring; k++) s->popped[k] = NEVER;
}

static void count_busy(const eie_timing *t, const pass_columns *p, const int16_t *in, uint64_t *busy) {
  memset(busy, 0, t->n_pe * sizeof *busy);
  for (size_t column = 0; column < (size_t)p->slots * t->n_pe; column++) {
    if (in[column] == 0) continue;
    const uint16_t *count = p->count + column * t->lanes;
    for (uint32_t pe = 0; pe < t->n_pe; pe++) busy[pe] += count[pe];
  }
}

void eie_timing_pass(eie_timing *t, uint32_t p, const int16_t *in, eie_timing_counters *c, uint64_t *busy) {
  const pass_columns *columns = &t->pass[p];
  const eie_timing_delays *d = &t->delays;
  pass_times times;
  memset(c, 0, sizeof *c);
  in += (size_t)t->packed->passes[p].col_slot * t->n_pe;
  start_lanes(t);
  scan_pass(t, columns, in, c, &times);
  if (busy) count_busy(t, columns, in, busy);
  int32_t drained = later(times.scan_end, times.all_back + d->credit_return);
  drained = later(drained, times.last_issue + d->drain);
  c->cycles = (uint64_t)drained + (uint64_t)d->write_back + columns->rows - 1;
  if (c->entries) c->window = (uint64_t)(times.last_issue - times.first_fire) + 1;
}

eie_status eie_timing_worst(eie_timing *t, uint32_t p, eie_timing_counters *c, eie_error *err) {
  const uint32_t layer = t->packed->passes[p].layer;
  const eie_packed_layer *l = &t->packed->layers[layer];
  int16_t *natural = malloc(l->cols * sizeof *natural);
  int16_t *place = calloc((size_t)l->in_slots * t->n_pe, sizeof *place);
  const int good = natural && place;
  if (good) {
    for (uint32_t i = 0; i < l->cols; i++) natural[i] = 1;
    eie_packed_scatter(t->packed, layer, natural, place);
    eie_timing_pass(t, p, place, c, NULL);
  }
  free(natural);
  free(place);
  return good ? EIE_OK
              : eie_fail(err, EIE_ERR_MEMORY, "no memory for the %u inputs of layer %u", l->cols, layer);
}

// ---- opening -------------------------------------------------------------------------------------

static void free_pass(pass_columns *p) {
  free(p->count);
  free(p->entries);
  free(p->padding);
}

static eie_status alloc_pass(eie_timing *t, uint32_t number, eie_error *err) {
  const eie_pass *pass = &t->packed->passes[number];
  const size_t columns = (size_t)pass->col_slots * t->n_pe;
  pass_columns *p = &t->pass[number];
  p->slots = pass->col_slots;
  p->rows = pass->write_back ? pass->rows : 1;
  p->count = calloc(columns * t->lanes, sizeof *p->count);
  p->entries = calloc(columns, sizeof *p->entries);
  p->padding = calloc(columns, sizeof *p->padding);
  if (columns > t->most_columns) t->most_columns = (uint32_t)columns;
  return p->count && p->entries && p->padding
             ? EIE_OK
             : eie_fail(err, EIE_ERR_MEMORY, "no memory for the columns of pass %u", number);
}

// What one PE holds of a pass.
static eie_status count_pe(eie_timing *t, uint32_t number, uint32_t pe, eie_error *err) {
  const eie_pass *pass = &t->packed->passes[number];
  const uint32_t columns = pass->col_slots * t->n_pe, most = t->packed->config.rows;
  const uint32_t code_mask = (1u << t->packed->config.code_w) - 1;
  const uint32_t *ptr = pass->ptr[pe];
  const uint16_t *entry = pass->entries[pe];
  pass_columns *p = &t->pass[number];
  if (ptr[0] != pass->first_entry[pe] || ptr[columns] - ptr[0] > pass->n_entries[pe])
    return eie_fail(err, EIE_ERR_INPUT, "pass %u, PE %u: the pointers do not span its entries; pack again",
                    number, pe);
  for (uint32_t k = 0; k < columns; k++) {
    if (ptr[k + 1] < ptr[k] || ptr[k + 1] - ptr[k] > most || ptr[k + 1] > ptr[columns])
      return eie_fail(err, EIE_ERR_INPUT,
                      "pass %u, PE %u, column %u: its pointers %u and %u are not a column of at most ROWS = "
                      "%u entries; pack again",
                      number, pe, k, ptr[k], ptr[k + 1], most);
    const uint32_t n = ptr[k + 1] - ptr[k];
    p->count[(size_t)k * t->lanes + pe] = (uint16_t)n;
    p->entries[k] += n;
    for (uint32_t e = 0; e < n; e++) p->padding[k] += (*entry++ & code_mask) == 0;
  }
  return EIE_OK;
}

// Times are 32 bits. One broadcast after the other, each with nothing beside it, takes longer than any
// overlap of them; when even that stays below LATEST, nothing can wrap. So it is in every legal
// configuration: at most 2^17 columns of at most 2^12 entries.
static eie_status check_span(const eie_timing *t, eie_error *err) {
  const uint64_t longest = LONGEST_STEP + (uint64_t)t->packed->config.rows;
  if (t->most_columns * longest < LATEST) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT,
                  "a pass of %u columns of up to %u entries is longer than the timing "
                  "model's clock; pack it for a configuration within the limits",
                  t->most_columns, t->packed->config.rows);
}

static eie_status alloc_state(eie_timing *t, eie_error *err) {
  const size_t lanes = t->lanes, held = t->delays.act_queue;
  lane_state *s = &t->state;
  s->work_queue = (int32_t)t->delays.work_queue;
  s->ring = 1 << eie_clog2(t->delays.work_queue + 1);
  s->ring_mask = s->ring - 1;
  s->leave = malloc(4 * lanes * sizeof *s->leave);
  s->popped = malloc(lanes * (uint32_t)s->ring * sizeof *s->popped);
  t->slowest = malloc((held + t->most_columns) * sizeof *t->slowest);
  t->group = malloc(t->n_pe * sizeof *t->group);
  if (!s->leave || !s->popped || !t->slowest || !t->group)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the times of %u columns", t->most_columns);
  s->take = s->leave + lanes;
  s->last = s->take + lanes;
  s->columns = s->last + lanes;
  for (size_t k = 0; k < held; k++) t->slowest[k] = NEVER;
  return EIE_OK;
}

static eie_status open_passes(eie_timing *t, eie_error *err) {
  const eie_packed *packed = t->packed;
  t->pass = calloc(packed->n_passes, sizeof *t->pass);
  if (!t->pass) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u passes", packed->n_passes);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    EIE_TRY(alloc_pass(t, p, err));
    for (uint32_t pe = 0; pe < t->n_pe; pe++) EIE_TRY(count_pe(t, p, pe, err));
  }
  EIE_TRY(check_span(t, err));
  return alloc_state(t, err);
}

static eie_status check_delays(const eie_timing_delays *d, eie_error *err) {
  const int32_t each[] = {d->first_group, d->fire_to_met, d->credit_return, d->drain, d->write_back};
  for (uint32_t k = 0; k < sizeof each / sizeof each[0]; k++)
    if (each[k] < 0 || each[k] > MOST_DELAY)
      return eie_fail(err, EIE_ERR_USE, "delays are 0 to %d cycles; %d was asked for", MOST_DELAY, each[k]);
  if (d->act_queue - 1 < MOST_PLACES && d->work_queue - 1 < MOST_PLACES) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE, "queues have 1 to %d places; %u and %u were asked for", MOST_PLACES,
                  d->act_queue, d->work_queue);
}

eie_status eie_timing_open_with(const eie_packed *packed, const eie_timing_delays *delays,
                                eie_timing **timing, eie_error *err) {
  EIE_TRY(check_delays(delays, err));
  eie_timing *t = calloc(1, sizeof *t);
  if (!t) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the timing model");
  t->packed = packed;
  t->delays = *delays;
  t->n_pe = packed->config.n_pe;
  t->lanes = (t->n_pe + LANES - 1) / LANES * LANES;
  eie_status status = open_passes(t, err);
  if (status) {
    eie_timing_close(t);
    return status;
  }
  *timing = t;
  return EIE_OK;
}

eie_status eie_timing_open(const eie_packed *packed, eie_timing **timing, eie_error *err) {
  const eie_timing_delays delays = eie_timing_delays_of(&packed->config);
  return eie_timing_open_with(packed, &delays, timing, err);
}

void eie_timing_close(eie_timing *t) {
  if (!t) return;
  for (uint32_t p = 0; t->pass && p < t->packed->n_passes; p++) free_pass(&t->pass[p]);
  free(t->pass);
  free(t->state.leave);
  free(t->state.popped);
  free(t->slowest);
  free(t->group);
  free(t);
}
