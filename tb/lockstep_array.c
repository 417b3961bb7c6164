// SPDX-License-Identifier: Apache-2.0
// The stages of the array: launches, broadcasts and write-back columns, against those of the golden model.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep_state.h"

// A layer is launched in the cycle in which the last row of the one before it has landed.
static uint64_t launch_after(const eie_lockstep *l) {
  return l->launch + (uint64_t)(l->pass.drained + l->pass.delays.write_back) + lockstep_walk_rows(l) - 1;
}

void lockstep_check_launch(eie_lockstep *l, const eie_event *e) {
  if (!e->value[0]) return;  // the array is being cleared
  if (l->launched > 0 && !lockstep_pass_complete(l)) {
    lockstep_differ_missing(l, e, "the next layer was launched");
    return;
  }
  if (l->launched == l->count) {
    lockstep_differ_extra(l, EIE_STAGE_LAUNCH, e, UINT32_MAX, "the program has no layer after this one");
    return;
  }
  const uint32_t number = l->step + l->launched, n_pe = l->packed->config.n_pe;
  // Only the launch after another one has a cycle: the first comes when the host starts it.
  const uint64_t due = l->launched++ ? launch_after(l) : e->cycle - 1;
  lockstep_pass_begin(&l->pass, number, l->want);
  l->launch = e->cycle - 1;
  l->columns = l->values = l->walked = 0;
  if (l->pass.pass->chain_first) memset(l->acc, 0, (size_t)l->stride * n_pe * sizeof *l->acc);
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    pe_state *s = &l->pes[pe];
    const recent_events recent = s->recent;
    *s = (pe_state){.recent = recent};
    lockstep_next_entry(&l->pass, pe, s);
  }
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_LAUNCH, l->launch, UINT32_MAX);
  if (e->value[1] != l->pass.pass->descriptor)
    lockstep_differ_value(l, &d, "descriptor", (int64_t)e->value[1], l->pass.pass->descriptor, "");
  else
    lockstep_on_time(l, &d, eie_stage_name(d.stage), due);
}

static void check_walk(eie_lockstep *l, const eie_event *e) {
  const lockstep_pass *p = &l->pass;
  char text[120], what[60];
  if (l->columns < p->broadcasts || l->walked == lockstep_walk_rows(l)) {
    snprintf(text, sizeof text, "a write-back column after that of slot %u, the tile's last", l->walked - 1);
    if (l->columns < p->broadcasts)
      lockstep_differ_missing(l, e, "write-back began");
    else
      lockstep_differ_extra(l, EIE_STAGE_COLUMN, e, UINT32_MAX, text);
    return;
  }
  const uint32_t n = l->walked++;
  snprintf(what, sizeof what, "write-back column of slot %u of all PEs", n);
  snprintf(text, sizeof text, "bias place of slot %u of all PEs", n);
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_COLUMN, e->cycle, UINT32_MAX);
  l->walk_cycle[n] = e->cycle;
  if (p->pass->write_back && e->value[1] != p->pass->bias_base + 2 * n)
    lockstep_differ_value(l, &d, text, (int64_t)e->value[1], p->pass->bias_base + 2 * n, "");
  else
    lockstep_on_time(l, &d, what, l->launch + (uint64_t)p->drained + LAG_DRAINED_TO_WALK + n);
}

// A column that is not the next: one of those that come later, one that was there, or none.
static void wrong_column(eie_lockstep *l, const eie_event *e, uint32_t got) {
  const lockstep_pass *p = &l->pass;
  const uint32_t columns = p->pass->col_slots * l->packed->config.n_pe;
  uint32_t k = 0;
  char text[120];
  while (k < p->broadcasts && p->column[k] != got) k++;
  if (k >= l->columns && k < p->broadcasts) {
    snprintf(text, sizeof text, "the device went on with the column at place %u", got);
    lockstep_differ_missing(l, e, text);
    return;
  }
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_EXTRA, EIE_STAGE_COLUMN, e->cycle, UINT32_MAX);
  if (got < columns) lockstep_set_place(l, &d, got);
  if (k < p->broadcasts)
    lockstep_say(l, &d, "broadcast column: it was there in cycle %" PRIu64 " and comes once more",
                 l->column_cycle[k]);
  else if (got < columns)
    lockstep_say(l, &d, "broadcast column: its activation is 0 and is not broadcast");
  else
    lockstep_say(l, &d, "broadcast column: pointer place %u, outside the tile's places %u to %u",
                 (uint32_t)e->value[1], p->pass->ptr_base, p->pass->ptr_base + columns - 1);
  lockstep_keep(l, &d);
}

void lockstep_check_column(eie_lockstep *l, const eie_event *e) {
  const lockstep_pass *p = &l->pass;
  const uint32_t got = (uint32_t)e->value[1] - p->pass->ptr_base;
  if (e->value[0]) {
    check_walk(l, e);
    return;
  }
  if (l->columns == p->broadcasts || p->column[l->columns] != got) {
    wrong_column(l, e, got);
    return;
  }
  const uint32_t k = l->columns++;
  l->column_cycle[k] = e->cycle;
  const uint64_t due = l->launch + (uint64_t)p->fire[k] + LAG_FIRE_TO_COLUMN;
  if (e->cycle == due) return;
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_CYCLE, EIE_STAGE_COLUMN, e->cycle, UINT32_MAX);
  lockstep_set_column(l, &d, k);
  lockstep_on_time(l, &d, eie_stage_name(d.stage), due);
}

// Stages that follow a broadcast after a fixed time. 0 when this is not what should come now.
int lockstep_follows(eie_lockstep *l, const eie_event *e, eie_stage stage, uint32_t pe, uint32_t done,
                     uint32_t lag) {
  if (done < l->columns && l->column_cycle[done] + lag == e->cycle) return 1;
  if (done < l->columns && l->column_cycle[done] + lag < e->cycle)
    lockstep_differ_missing(l, e, "the device went on with a later broadcast");
  else
    lockstep_differ_extra(l, stage, e, pe, "no broadcast is due here in this cycle");
  return 0;
}

void lockstep_check_value(eie_lockstep *l, const eie_event *e) {
  if (!lockstep_follows(l, e, EIE_STAGE_VALUE, UINT32_MAX, l->values, l->pass.value_lag)) return;
  const uint32_t k = l->values++;
  const int16_t got = (int16_t)e->value[0], want = l->pass.in[l->pass.column[k]];
  if (got == want) return;
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_VALUE, e->cycle, UINT32_MAX);
  lockstep_set_column(l, &d, k);
  lockstep_differ_value(l, &d, "activation", got, want, "");
}
