// SPDX-License-Identifier: Apache-2.0
// How a difference is put down: the first one is kept.
#include <inttypes.h>

#include "lockstep_state.h"

void lockstep_keep(eie_lockstep *l, const eie_divergence *d) {
  if (!l->found.kind) l->found = *d;
}

void lockstep_differ_missing(eie_lockstep *l, const eie_event *e, const char *instead) {
  const eie_divergence d = lockstep_missing(l, e->cycle, instead);
  lockstep_keep(l, &d);
}

void lockstep_differ_extra(eie_lockstep *l, eie_stage stage, const eie_event *e, uint32_t pe,
                           const char *what) {
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_EXTRA, stage, e->cycle, pe);
  lockstep_say(l, &d, "%s: %s", eie_stage_name(stage), what);
  lockstep_keep(l, &d);
}

// Enough bits for both in hexadecimal: 16, 32 or 48.
static uint64_t bits_of_both(int64_t a, int64_t b) {
  if (a == (int16_t)a && b == (int16_t)b) return 0xFFFF;
  return a == (int32_t)a && b == (int32_t)b ? 0xFFFFFFFF : 0xFFFFFFFFFFFF;
}

// `d` has its place; what is one field of the event.
void lockstep_differ_value(eie_lockstep *l, eie_divergence *d, const char *field, int64_t got, int64_t want,
                           const char *hint) {
  const uint64_t mask = bits_of_both(got, want);
  d->got = got;
  d->want = want;
  lockstep_say(l, d, "%s, %s: device %" PRId64 " (0x%" PRIx64 "), golden %" PRId64 " (0x%" PRIx64 ")%s",
               eie_stage_name(d->stage), field, got, (uint64_t)got & mask, want, (uint64_t)want & mask, hint);
  lockstep_keep(l, d);
}

// `what` came, right, in d->cycle.
void lockstep_on_time(eie_lockstep *l, eie_divergence *d, const char *what, uint64_t due) {
  if (d->cycle == due || l->late.kind) return;
  d->kind = EIE_DIFFERS_CYCLE;
  const uint64_t apart = d->cycle > due ? d->cycle - due : due - d->cycle;
  lockstep_say(l, d, "%s: right, but %" PRIu64 " cycle%s %s: the timing model has it in cycle %" PRIu64, what,
               apart, apart == 1 ? "" : "s", d->cycle > due ? "late" : "early", due);
  l->late = *d;
}
