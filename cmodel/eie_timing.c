// SPDX-License-Identifier: Apache-2.0
// A pass of the timing model: the columns laid out for the recurrence, the non-zero activations listed, and
// the counters from the times. A queue is no state here: the event of index k waits for the event of index
// k - depth (eie_timing_plain.c, eie_timing_wide.c).
#include "eie_timing.h"

#include <stdlib.h>
#include <string.h>

#include "eie_timing_scan.h"

enum {
  LONGEST_STEP = 1 << 7,  // cycles of one broadcast beside its entries, with nothing else on its way
  MOST_DELAY = 32,        // two of them and the steps between are less than LONGEST_STEP
  MOST_PLACES = 1 << 16,  // of a queue
  LATEST = (1 << 30) - 1  // times stay below it: see check_span
};

typedef struct {
  uint32_t entries, padding;  // of a column in all PEs; padding is among the entries
} column_sums;

// One pass, as the recurrence wants it.
typedef struct {
  uint32_t slots, rows;
  uint32_t most;      // entries of a column in a PE
  uint32_t short_of;  // 1: eie_timing_wide could not do some input of this pass
  uint16_t *count;    // [slots * N][lanes] entries of a column in a PE
  column_sums *sums;  // [slots * N]
  uint64_t *used;     // [lanes / EIE_TIMING_LANES] bit l: that PE has entries
} pass_columns;

struct eie_timing {
  const eie_packed *packed;
  eie_timing_delays delays;
  int wide;  // 1: try eie_timing_wide
  uint32_t n_pe, lanes, most_columns;
  pass_columns *pass;               // [n_passes]
  eie_timing_broadcast *broadcast;  // [most_columns]
  int32_t *slowest;                 // [act_queue + most_columns]
  void *state;
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

// ---- a pass --------------------------------------------------------------------------------------

// Lists the broadcasts, lowest PE of a group first; *trailing: empty groups behind the last one.
static uint32_t list_broadcasts(eie_timing *t, const pass_columns *p, const int16_t *in,
                                eie_timing_counters *c, uint32_t *trailing) {
  eie_timing_broadcast *list = t->broadcast;
  uint32_t n = 0, empty = 0;
  for (uint32_t slot = 0; slot < p->slots; slot++) {
    const uint32_t before = n, first = slot * t->n_pe;
    for (uint32_t column = first; column < first + t->n_pe; column++) {
      list[n] = (eie_timing_broadcast){column, 0};
      n += in[column] != 0;
    }
    if (n > before) list[before].empty_groups = empty;
    empty = n == before ? empty + 1 : 0;
  }
  for (uint32_t k = 0; k < n; k++) {
    c->entries += p->sums[list[k].column].entries;
    c->padding += p->sums[list[k].column].padding;
  }
  c->broadcasts = n;
  *trailing = empty;
  return n;
}

static void run_scan(const eie_timing *t, pass_columns *p, uint32_t n, eie_timing_times *times) {
  const eie_timing_scan scan = {.delays = &t->delays,
                                .count = p->count,
                                .used = p->used,
                                .lanes = t->lanes,
                                .broadcast = t->broadcast,
                                .n = n,
                                .slowest = t->slowest,
                                .state = t->state};
  const int wide = eie_timing_is_wide(t, (uint32_t)(p - t->pass));
  if (wide && eie_timing_wide(&scan, times) == 0) return;
  if (wide) p->short_of = 1;
  eie_timing_plain(&scan, times);
}

static void count_busy(const eie_timing *t, const pass_columns *p, uint32_t n, uint64_t *busy) {
  memset(busy, 0, t->n_pe * sizeof *busy);
  for (uint32_t k = 0; k < n; k++) {
    const uint16_t *count = p->count + (size_t)t->broadcast[k].column * t->lanes;
    for (uint32_t pe = 0; pe < t->n_pe; pe++) busy[pe] += count[pe];
  }
}

static int32_t later(int32_t a, int32_t b) {
  return a > b ? a : b;
}

void eie_timing_pass(eie_timing *t, uint32_t p, const int16_t *in, eie_timing_counters *c, uint64_t *busy) {
  pass_columns *columns = &t->pass[p];
  const eie_timing_delays *d = &t->delays;
  eie_timing_times times;
  uint32_t trailing;
  memset(c, 0, sizeof *c);
  in += (size_t)t->packed->passes[p].col_slot * t->n_pe;
  const uint32_t n = list_broadcasts(t, columns, in, c, &trailing);
  run_scan(t, columns, n, &times);
  if (busy) count_busy(t, columns, n, busy);
  c->queue_full = times.queue_full;
  const int32_t all_back = t->slowest[d->act_queue + n - 1];
  int32_t drained = later(times.next + (int32_t)trailing, all_back + d->credit_return);
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
  free(p->sums);
  free(p->used);
}

// calloc for vectors: aligned to their registers and cache lines.
static void *calloc_aligned(size_t size) {
  const size_t whole = (size + 63) & ~(size_t)63;
  void *p = aligned_alloc(64, whole);
  if (p) memset(p, 0, whole);
  return p;
}

static eie_status alloc_pass(eie_timing *t, uint32_t number, eie_error *err) {
  const eie_pass *pass = &t->packed->passes[number];
  const size_t columns = (size_t)pass->col_slots * t->n_pe;
  pass_columns *p = &t->pass[number];
  p->slots = pass->col_slots;
  p->rows = pass->write_back ? pass->rows : 1;
  p->count = calloc_aligned(columns * t->lanes * sizeof *p->count);
  p->sums = calloc(columns, sizeof *p->sums);
  p->used = calloc(t->lanes / EIE_TIMING_LANES, sizeof *p->used);
  if (columns > t->most_columns) t->most_columns = (uint32_t)columns;
  return p->count && p->sums && p->used
             ? EIE_OK
             : eie_fail(err, EIE_ERR_MEMORY, "no memory for the columns of pass %u", number);
}

static eie_status bad_column(uint32_t number, uint32_t pe, uint32_t column, const uint32_t *ptr,
                             uint32_t most, eie_error *err) {
  return eie_fail(err, EIE_ERR_INPUT,
                  "pass %u, PE %u, column %u: its pointers %u and %u are not a column of at most ROWS = "
                  "%u entries; pack again",
                  number, pe, column, ptr[0], ptr[1], most);
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
      return bad_column(number, pe, k, ptr + k, most, err);
    const uint32_t n = ptr[k + 1] - ptr[k];
    p->count[(size_t)k * t->lanes + pe] = (uint16_t)n;
    if (n > p->most) p->most = n;
    p->sums[k].entries += n;
    uint32_t padding = 0;
    for (uint32_t e = 0; e < n; e++) padding += (*entry++ & code_mask) == 0;
    p->sums[k].padding += padding;
  }
  if (ptr[columns] > ptr[0]) p->used[pe / EIE_TIMING_LANES] |= (uint64_t)1 << pe % EIE_TIMING_LANES;
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
  const size_t held = t->delays.act_queue;
  const size_t plain = eie_timing_plain_state(t->lanes, &t->delays);
  const size_t wide = t->wide ? eie_timing_wide_state(t->lanes, &t->delays) : 0;
  t->state = calloc_aligned(plain > wide ? plain : wide);
  t->slowest = malloc((held + t->most_columns) * sizeof *t->slowest);
  t->broadcast = malloc((t->most_columns + (size_t)1) * sizeof *t->broadcast);
  if (!t->state || !t->slowest || !t->broadcast)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the times of %u columns", t->most_columns);
  for (size_t k = 0; k < held; k++) t->slowest[k] = EIE_TIMING_NEVER;
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
  t->lanes = (t->n_pe + EIE_TIMING_LANES - 1) / EIE_TIMING_LANES * EIE_TIMING_LANES;
  t->wide = eie_timing_wide_here() && eie_timing_wide_most(delays) > 0;
  eie_status status = open_passes(t, err);
  if (status) {
    eie_timing_close(t);
    return status;
  }
  *timing = t;
  return EIE_OK;
}

void eie_timing_plain_only(eie_timing *timing) {
  timing->wide = 0;
}

int eie_timing_is_wide(const eie_timing *timing, uint32_t p) {
  return timing->wide && timing->pass[p].most <= eie_timing_wide_most(&timing->delays) &&
         !timing->pass[p].short_of;
}

eie_status eie_timing_open(const eie_packed *packed, eie_timing **timing, eie_error *err) {
  const eie_timing_delays delays = eie_timing_delays_of(&packed->config);
  return eie_timing_open_with(packed, &delays, timing, err);
}

void eie_timing_close(eie_timing *t) {
  if (!t) return;
  for (uint32_t p = 0; t->pass && p < t->packed->n_passes; p++) free_pass(&t->pass[p]);
  free(t->pass);
  free(t->state);
  free(t->slowest);
  free(t->broadcast);
  free(t);
}
