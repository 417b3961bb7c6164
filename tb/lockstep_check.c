// SPDX-License-Identifier: Apache-2.0
// Each event of the RTL against the next one of its stream: one for each stage of the array, and one for each
// stage in each PE. Content first, then the cycle: an event that is right but late is kept in mind and told
// when nothing else differs.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep_state.h"

static uint32_t values_of(eie_stage stage) {
  static const uint8_t values[EIE_STAGES] = {2, 2, 1, 2, 5, 2, 3, 2};
  return values[stage];
}

// X-strict: the signal of the event that has an X or Z, and its bits; NULL when all is known. The biases of a
// silent row are not read.
static const char *unknown_signal(const eie_lockstep *l, const eie_event *e, eie_stage stage,
                                  uint64_t *bits) {
  const eie_probe *probe = &l->probes.probes[e->probe];
  *bits = 1;
  if (e->valid_unknown) return probe->valid;
  for (uint32_t k = 0; k < values_of(stage); k++) {
    if (!e->unknown[k]) continue;
    if (stage == EIE_STAGE_READ_OUT && k == 2 && l->launched && !l->pass.pass->write_back) continue;
    *bits = e->unknown[k];
    return probe->value[k];
  }
  return NULL;
}

static void differ_unknown(eie_lockstep *l, eie_stage stage, const eie_event *e, uint32_t pe,
                           const char *signal, uint64_t bits) {
  char what[EIE_PATH_SIZE + 64];
  snprintf(what, sizeof what, "X-strict: signal %s is unknown (bits 0x%" PRIx64 " are X or Z)", signal, bits);
  lockstep_differ_extra(l, stage, e, pe, what);
}

static void remember(recent_events *r, const eie_event *e, eie_stage stage) {
  recent_event *to = &r->event[r->count++ % RECENT];
  to->cycle = e->cycle;
  to->stage = stage;
  memcpy(to->value, e->value, sizeof to->value);
}

void lockstep_check(eie_lockstep *l, const eie_event *e) {
  uint32_t pe;
  const eie_stage stage = lockstep_stage_of(e->probe, &pe);
  if (stage == EIE_STAGE_LAUNCH && !e->valid_unknown && !e->value[0]) return;  // the array is being cleared
  remember(pe == UINT32_MAX ? &l->recent : &l->pes[pe].recent, e, stage);
  uint64_t bits;
  const char *unknown = unknown_signal(l, e, stage, &bits);
  if (unknown) {
    differ_unknown(l, stage, e, pe, unknown, bits);
    return;
  }
  l->counts.of[stage]++;
  if (stage == EIE_STAGE_LAUNCH) {
    lockstep_check_launch(l, e);
    return;
  }
  if (!l->launched) {
    lockstep_differ_extra(l, stage, e, pe, "no layer has been launched");
    return;
  }
  switch (stage) {
    case EIE_STAGE_COLUMN:
      lockstep_check_column(l, e);
      break;
    case EIE_STAGE_VALUE:
      lockstep_check_value(l, e);
      break;
    case EIE_STAGE_POINTERS:
      lockstep_check_pointers(l, e, pe);
      break;
    case EIE_STAGE_ENTRY:
      lockstep_check_entry(l, e, pe);
      break;
    case EIE_STAGE_UPDATE:
      lockstep_check_update(l, e, pe);
      break;
    case EIE_STAGE_READ_OUT:
      lockstep_check_read_out(l, e, pe);
      break;
    default:
      lockstep_check_write_back(l, e, pe);
      break;
  }
}
