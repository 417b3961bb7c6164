// SPDX-License-Identifier: Apache-2.0
// Which event is missing: of all that come next, one a stream, the one that was due first. Nothing that is
// still to come can be the cause of its absence.
#include <inttypes.h>

#include "lockstep_state.h"

typedef struct {
  uint64_t due;
  eie_stage stage;
  uint32_t pe;
} candidate;

// Equal times: the stage nearer to the source.
static void consider(candidate *best, uint64_t due, eie_stage stage, uint32_t pe) {
  if (due < best->due || (due == best->due && stage < best->stage)) *best = (candidate){due, stage, pe};
}

static uint64_t entry_due(const eie_lockstep *l, uint32_t pe) {
  const pe_state *s = &l->pes[pe];
  uint32_t begin, end;
  lockstep_entries(&l->pass, pe, s->broadcast, &begin, &end);
  const int32_t take = l->pass.take[(size_t)s->broadcast * l->packed->config.n_pe + pe];
  return l->launch + (uint64_t)take + LAG_TAKE_TO_ENTRY + (s->entry - begin);
}

static void consider_pe(const eie_lockstep *l, uint32_t pe, candidate *best) {
  const pe_state *s = &l->pes[pe];
  const uint32_t rows = l->pass.pass->write_back ? l->pass.pass->rows : 0;
  if (s->pointers < l->columns)
    consider(best, l->column_cycle[s->pointers] + l->pass.pointers_lag, EIE_STAGE_POINTERS, pe);
  if (s->updated < s->entered) consider(best, s->way[s->updated % WAY].due, EIE_STAGE_UPDATE, pe);
  if (s->entry < s->end) consider(best, entry_due(l, pe), EIE_STAGE_ENTRY, pe);
  if (s->read_outs < l->walked)
    consider(best, l->walk_cycle[s->read_outs] + LAG_COLUMN_TO_READ_OUT, EIE_STAGE_READ_OUT, pe);
  if (s->write_backs < l->walked && s->write_backs < rows)
    consider(best, l->walk_cycle[s->write_backs] + LAG_COLUMN_TO_WRITE_BACK, EIE_STAGE_WRITE_BACK, pe);
}

static candidate oldest(const eie_lockstep *l) {
  const lockstep_pass *p = &l->pass;
  candidate best = {UINT64_MAX, EIE_STAGE_LAUNCH, UINT32_MAX};
  if (l->columns < p->broadcasts)
    consider(&best, l->launch + (uint64_t)p->fire[l->columns] + LAG_FIRE_TO_COLUMN, EIE_STAGE_COLUMN,
             UINT32_MAX);
  if (l->values < l->columns)
    consider(&best, l->column_cycle[l->values] + p->value_lag, EIE_STAGE_VALUE, UINT32_MAX);
  if (l->walked < lockstep_walk_rows(l))
    consider(&best, l->launch + (uint64_t)p->drained + LAG_DRAINED_TO_WALK + l->walked, EIE_STAGE_COLUMN,
             UINT32_MAX);
  for (uint32_t pe = 0; pe < l->packed->config.n_pe; pe++) consider_pe(l, pe, &best);
  return best;
}

static void place_entry(const eie_lockstep *l, eie_divergence *d, uint32_t broadcast, uint32_t entry,
                        uint32_t slot) {
  d->entry = l->pass.pass->first_entry[d->pe] + entry;
  lockstep_set_slot(l, d, slot);
  lockstep_set_column(l, d, broadcast);
}

static void place(const eie_lockstep *l, eie_divergence *d) {
  const pe_state *s = d->pe == UINT32_MAX ? NULL : &l->pes[d->pe];
  const update *u = s ? &s->way[s->updated % WAY] : NULL;
  switch (d->stage) {
    case EIE_STAGE_COLUMN:
      if (l->columns < l->pass.broadcasts) lockstep_set_column(l, d, l->columns);
      break;
    case EIE_STAGE_VALUE:
      lockstep_set_column(l, d, l->values);
      break;
    case EIE_STAGE_POINTERS:
      lockstep_set_column(l, d, s->pointers);
      break;
    case EIE_STAGE_ENTRY: {
      const uint32_t raw = l->pass.pass->entries[d->pe][s->entry];
      place_entry(l, d, s->broadcast, s->entry, s->slot + (raw >> l->packed->config.code_w));
      break;
    }
    case EIE_STAGE_UPDATE:
      place_entry(l, d, u->broadcast, u->entry, u->slot);
      break;
    case EIE_STAGE_READ_OUT:
      lockstep_set_slot(l, d, s->read_outs);
      break;
    case EIE_STAGE_WRITE_BACK:
      lockstep_set_slot(l, d, s->write_backs);
      break;
    default:
      break;
  }
}

eie_divergence lockstep_missing(const eie_lockstep *l, uint64_t now, const char *instead) {
  if (!l->launched || lockstep_pass_complete(l)) {
    eie_divergence d = lockstep_at(l, EIE_DIFFERS_MISSING, EIE_STAGE_LAUNCH, now, UINT32_MAX);
    d.launch = 0;
    lockstep_say(l, &d, "the launch of pass %u (descriptor %u) has not come; %s", l->step + l->launched,
                 l->packed->passes[l->step + l->launched].descriptor, instead);
    return d;
  }
  const candidate best = oldest(l);
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_MISSING, best.stage, best.due, best.pe);
  place(l, &d);
  const int walk = best.stage == EIE_STAGE_COLUMN && l->columns == l->pass.broadcasts;
  const char *what = walk ? "write-back column" : eie_stage_name(best.stage);
  if (best.due > now)
    lockstep_say(l, &d,
                 "%s missing: all that was due by cycle %" PRIu64 " was right, this would come next; %s",
                 what, now, instead);
  else
    lockstep_say(l, &d, "%s missing: it was due in this cycle and had not come by cycle %" PRIu64 "; %s",
                 what, now, instead);
  return d;
}
