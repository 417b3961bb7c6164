// SPDX-License-Identifier: Apache-2.0
// Each event of the RTL against the next one of its stream: one for each stage of the array, and one for each
// stage in each PE. Content first, then the cycle: an event that is right but late is kept in mind and told
// when nothing else differs.
#include <string.h>

#include "lockstep_state.h"

static uint32_t values_of(eie_stage stage) {
  static const uint8_t values[EIE_STAGES] = {2, 2, 1, 2, 5, 2, 3, 2};
  return values[stage];
}

// The biases of a silent row are not read.
static int is_known(const eie_lockstep *l, const eie_event *e, eie_stage stage) {
  if (e->valid_unknown) return 0;
  for (uint32_t k = 0; k < values_of(stage); k++) {
    if (!e->unknown[k]) continue;
    if (stage == EIE_STAGE_READ_OUT && k == 2 && l->launched && !l->pass.pass->write_back) continue;
    return 0;
  }
  return 1;
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
  if (!is_known(l, e, stage)) {
    lockstep_differ_extra(l, stage, e, pe, "bits of it are X or Z");
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
