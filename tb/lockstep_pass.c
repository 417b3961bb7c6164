// SPDX-License-Identifier: Apache-2.0
// The broadcasts of a pass and when they are due. The recurrence is that of docs/timing.md once more, in its
// plain form: here the time of every event is kept, where eie_timing keeps none.
#include "lockstep_pass.h"

#include <stdlib.h>
#include <string.h>

enum { NEVER = -(1 << 30) };

// Of one PE: when its newest column left the activation queue; of its newest column with entries, when the
// sequencer took it and issued its last entry; the number of such columns.
typedef struct lockstep_lane {
  int32_t leave, take, last, columns;
} lane;

static uint32_t most_columns(const eie_packed *packed) {
  uint32_t most = 1;
  for (uint32_t p = 0; p < packed->n_passes; p++)
    if (packed->passes[p].col_slots > most) most = packed->passes[p].col_slots;
  return most * packed->config.n_pe;
}

eie_status lockstep_pass_open(lockstep_pass *p, const eie_packed *packed, eie_error *err) {
  const size_t n_pe = packed->config.n_pe, columns = most_columns(packed);
  *p = (lockstep_pass){.packed = packed, .delays = eie_timing_delays_of(&packed->config)};
  p->value_lag = 4 + (eie_clog2(packed->config.n_pe) + 1) / 2;
  p->pointers_lag = 6 + (p->value_lag > 5 ? p->value_lag - 5 : 0);
  p->column = malloc(columns * sizeof *p->column);
  p->fire = malloc(columns * sizeof *p->fire);
  p->take = malloc(columns * n_pe * sizeof *p->take);
  p->lanes = malloc(n_pe * sizeof *p->lanes);
  p->pop = malloc(n_pe * p->delays.work_queue * sizeof *p->pop);
  p->slowest = malloc((columns + p->delays.act_queue) * sizeof *p->slowest);
  if (p->column && p->fire && p->take && p->lanes && p->pop && p->slowest) return EIE_OK;
  lockstep_pass_close(p);
  return eie_fail(err, EIE_ERR_MEMORY, "no memory for the events of %zu columns in %zu PEs", columns, n_pe);
}

void lockstep_pass_close(lockstep_pass *p) {
  free(p->column);
  free(p->fire);
  free(p->take);
  free(p->lanes);
  free(p->pop);
  free(p->slowest);
  memset(p, 0, sizeof *p);
}

static int32_t later(int32_t a, int32_t b) {
  return a > b ? a : b;
}

// A PE takes broadcast k, which met its activation queue in cycle `meets`.
static void take_column(lockstep_pass *p, uint32_t k, uint32_t pe, int32_t meets, lane *l) {
  const int32_t head = later(meets + 1, l->leave) + 1;
  uint32_t begin, end;
  lockstep_entries(p, pe, k, &begin, &end);
  l->leave = head;
  if (begin == end) return;
  int32_t *pop = &p->pop[(size_t)pe * p->delays.work_queue + (uint32_t)l->columns % p->delays.work_queue];
  l->leave = later(head, *pop + 1);  // of the column work_queue before
  *pop = later(l->leave + 1, l->take);
  l->take = later(*pop + 1, l->last);
  l->last = l->take + (int32_t)(end - begin);
  l->columns++;
  p->take[(size_t)k * p->packed->config.n_pe + pe] = l->take;
}

static void reset_lanes(lockstep_pass *p, lane *lanes) {
  for (uint32_t pe = 0; pe < p->packed->config.n_pe; pe++) lanes[pe] = (lane){NEVER, NEVER, NEVER, 0};
  for (size_t k = 0; k < (size_t)p->packed->config.n_pe * p->delays.work_queue; k++) p->pop[k] = NEVER;
  for (uint32_t k = 0; k < p->delays.act_queue; k++) p->slowest[k] = NEVER;
}

static void broadcast(lockstep_pass *p, lane *lanes, uint32_t column, int32_t *turn) {
  const uint32_t k = p->broadcasts++;
  int32_t *slowest = &p->slowest[k + p->delays.act_queue];
  p->column[k] = column;
  p->fire[k] = later(*turn, p->slowest[k] + p->delays.credit_return);
  *turn = p->fire[k] + 1;
  *slowest = NEVER;
  for (uint32_t pe = 0; pe < p->packed->config.n_pe; pe++) {
    take_column(p, k, pe, p->fire[k] + p->delays.fire_to_met, &lanes[pe]);
    *slowest = later(*slowest, lanes[pe].leave);
  }
}

void lockstep_pass_name(lockstep_pass *p, uint32_t number) {
  p->number = number;
  p->pass = &p->packed->passes[number];
  p->layer = &p->packed->layers[p->pass->layer];
}

void lockstep_pass_begin(lockstep_pass *p, uint32_t number, int16_t *const *want) {
  const uint32_t n_pe = p->packed->config.n_pe;
  lane *lanes = p->lanes;
  lockstep_pass_name(p, number);
  p->in = want[p->pass->layer] + (size_t)p->pass->col_slot * n_pe;
  p->want = want[p->pass->layer + 1];
  p->broadcasts = 0;
  reset_lanes(p, lanes);
  int32_t turn = p->delays.first_group;
  for (uint32_t slot = 0; slot < p->pass->col_slots; slot++) {
    const uint32_t before = p->broadcasts;
    for (uint32_t pe = 0; pe < n_pe; pe++)
      if (p->in[slot * n_pe + pe]) broadcast(p, lanes, slot * n_pe + pe, &turn);
    turn += before == p->broadcasts;
  }
  const int32_t back = p->slowest[p->broadcasts + p->delays.act_queue - 1];
  p->drained = later(turn, back + p->delays.credit_return);
  for (uint32_t pe = 0; pe < n_pe; pe++) p->drained = later(p->drained, lanes[pe].last + p->delays.drain);
}
