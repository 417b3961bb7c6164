// SPDX-License-Identifier: Apache-2.0
// A lock-step run from outside: opening, the program around which it is active, what it found.
#include "eie_lockstep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep_state.h"

static int tell(void *context, const eie_event *event) {
  eie_lockstep *l = context;
  if (!l->active || l->found.kind) return l->found.kind && !l->run_on;
  lockstep_check(l, event);
  return l->found.kind && !l->run_on;
}

static uint32_t most(const eie_packed *packed, int rows) {
  uint32_t m = 1;
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const uint32_t n = rows ? packed->passes[p].rows : packed->passes[p].col_slots * packed->config.n_pe;
    if (n > m) m = n;
  }
  return m;
}

static eie_status alloc_state(eie_lockstep *l, eie_error *err) {
  const uint32_t n_pe = l->packed->config.n_pe;
  l->stride = most(l->packed, 1);
  l->acc = calloc((size_t)n_pe * l->stride, sizeof *l->acc);
  l->pes = calloc(n_pe, sizeof *l->pes);
  l->column_cycle = calloc(most(l->packed, 0), sizeof *l->column_cycle);
  l->walk_cycle = calloc(l->stride, sizeof *l->walk_cycle);
  if (l->acc && l->pes && l->column_cycle && l->walk_cycle) return EIE_OK;
  return eie_fail(err, EIE_ERR_MEMORY, "no memory for a lock-step run of %u PEs", n_pe);
}

eie_status eie_lockstep_open(const eie_packed *packed, eie_lockstep **lockstep, eie_error *err) {
  eie_lockstep *l = calloc(1, sizeof *l);
  if (!l) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a lock-step run");
  l->packed = packed;
  eie_status status = alloc_state(l, err);
  if (!status) status = lockstep_pass_open(&l->pass, packed, err);
  if (!status) status = lockstep_probes_make(&packed->config, &l->probes, err);
  if (status) {
    eie_lockstep_close(l);
    return status;
  }
  l->watch = (eie_watch){l->probes.probes, l->probes.count, tell, l, 1};
  *lockstep = l;
  return EIE_OK;
}

void eie_lockstep_close(eie_lockstep *l) {
  if (!l) return;
  lockstep_probes_free(&l->probes);
  lockstep_pass_close(&l->pass);
  free(l->acc);
  free(l->pes);
  free(l->column_cycle);
  free(l->walk_cycle);
  free(l);
}

const eie_watch *eie_lockstep_watch(eie_lockstep *l) {
  return &l->watch;
}

void eie_lockstep_run_on(eie_lockstep *l, int run_on) {
  l->run_on = run_on;
}

void lockstep_next_entry(const lockstep_pass *p, uint32_t pe, pe_state *s) {
  uint32_t k = s->end ? s->broadcast + 1 : 0;
  for (s->entry = s->end; k < p->broadcasts; k++) {
    uint32_t begin, end;
    lockstep_entries(p, pe, k, &begin, &end);
    if (begin == end) continue;
    s->broadcast = k;
    s->entry = begin;
    s->end = end;
    s->slot = 0;
    return;
  }
}

int lockstep_pass_complete(const eie_lockstep *l) {
  const uint32_t walk = lockstep_walk_rows(l), rows = l->pass.pass->write_back ? l->pass.pass->rows : 0;
  if (l->columns < l->pass.broadcasts || l->values < l->columns || l->walked < walk) return 0;
  for (uint32_t pe = 0; pe < l->packed->config.n_pe; pe++) {
    const pe_state *s = &l->pes[pe];
    if (s->pointers < l->columns || s->entry < s->end || s->updated < s->entered) return 0;
    if (s->read_outs < walk || s->write_backs < rows) return 0;
  }
  return 1;
}

void eie_lockstep_begin(eie_lockstep *l, uint32_t input, uint32_t step, uint32_t count,
                        int16_t *const *want) {
  l->want = want;
  l->input = input;
  l->step = step;
  l->count = count;
  l->launched = 0;
  l->launch = 0;
  l->active = 1;
  l->watch.deaf = 0;
  l->recent.count = 0;
  for (uint32_t pe = 0; pe < l->packed->config.n_pe; pe++) l->pes[pe] = (pe_state){.entry = 0};
  lockstep_pass_name(&l->pass, step);
}

static eie_status tell_difference(const eie_divergence *d, eie_error *err) {
  return eie_fail(err, EIE_ERR_UNEQUAL, "%s", d->sentence);
}

// The program ended before all had come. Where nothing that was due is missing, what came in another cycle
// is the difference; else it is told beside what is missing, of which it may be the cause.
static eie_divergence ended_early(const eie_lockstep *l, uint64_t now, const char *instead) {
  eie_divergence d = lockstep_missing(l, now, instead);
  if (!l->late.kind) return d;
  if (d.cycle > now) {
    d = l->late;
    lockstep_add(&d, "; then %s", instead);
  } else {
    lockstep_add(&d, "; before it, in cycle %" PRIu64 ", the first event out of its cycle: %s", l->late.cycle,
                 eie_stage_name(l->late.stage));
    if (l->late.column != UINT32_MAX) lockstep_add(&d, ", column %u", l->late.column);
  }
  return d;
}

eie_status eie_lockstep_end(eie_lockstep *l, uint64_t now, eie_status status, eie_error *err) {
  const int all = l->launched == l->count && lockstep_pass_complete(l);
  char instead[180] = "the program ended";
  l->active = 0;
  l->watch.deaf = 1;
  if (l->found.kind) return tell_difference(&l->found, err);
  if (status) {
    snprintf(instead, sizeof instead, "%.170s", err && err->text[0] ? err->text : "the device failed");
    instead[strcspn(instead, "%")] = 0;  // what the simulator adds to an assertion's words
  }
  if (!all) {
    l->found = ended_early(l, now, instead);
    return tell_difference(&l->found, err);
  }
  if (l->late.kind) {
    l->found = l->late;
    return tell_difference(&l->found, err);
  }
  if (status) eie_error_prefix(err, "every event of the program came and was right");
  return status;
}

const eie_divergence *eie_lockstep_found(const eie_lockstep *l) {
  return l->found.kind ? &l->found : NULL;
}

const eie_lockstep_counts *eie_lockstep_counted(const eie_lockstep *l) {
  return &l->counts;
}
