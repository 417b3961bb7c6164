// SPDX-License-Identifier: Apache-2.0
// The last events before a difference, in words.
#include <inttypes.h>

#include "lockstep_state.h"

static int64_t accumulator(const eie_lockstep *l, uint64_t bits) {
  const uint64_t sign = (uint64_t)1 << (l->packed->config.acc_w - 1), mask = (sign << 1) - 1;
  return (int64_t)((bits & mask) ^ sign) - (int64_t)sign;
}

static void print_event(const eie_lockstep *l, const recent_event *e, FILE *f) {
  const uint64_t *v = e->value;
  fprintf(f, "  cycle %" PRIu64 "  %s: ", e->cycle, eie_stage_name(e->stage));
  switch (e->stage) {
    case EIE_STAGE_LAUNCH:
      fprintf(f, "descriptor %" PRIu64 "\n", v[1]);
      break;
    case EIE_STAGE_COLUMN:
      fprintf(f, "%s place %" PRIu64 "\n", v[0] ? "bias" : "pointer", v[1]);
      break;
    case EIE_STAGE_VALUE:
      fprintf(f, "%d\n", (int16_t)v[0]);
      break;
    case EIE_STAGE_POINTERS:
      fprintf(f, "first entry %" PRIu64 ", %" PRIu64 " entries\n", v[0], v[1]);
      break;
    case EIE_STAGE_ENTRY:
      fprintf(f, "%" PRIu64 ", slot %" PRIu64 "%s, weight %d, activation %d\n", v[0], v[1],
              v[4] ? " (outside the tile)" : "", (int16_t)v[2], (int16_t)v[3]);
      break;
    case EIE_STAGE_UPDATE:
      fprintf(f, "slot %" PRIu64 ", %" PRId64 "\n", v[0], accumulator(l, v[1]));
      break;
    case EIE_STAGE_READ_OUT:
      fprintf(f, "slot %" PRIu64 ", %" PRId64 ", bias %d\n", v[0], accumulator(l, v[1]), (int32_t)v[2]);
      break;
    default:
      fprintf(f, "activation slot %" PRIu64 ", %d\n", v[0], (int16_t)v[1]);
      break;
  }
}

void eie_lockstep_history(const eie_lockstep *l, FILE *f) {
  if (!l->found.kind) return;
  const recent_events *r = l->found.pe == UINT32_MAX ? &l->recent : &l->pes[l->found.pe].recent;
  const uint32_t shown = r->count < RECENT ? r->count : RECENT;
  if (l->found.pe == UINT32_MAX)
    fprintf(f, "The last %u events of the array:\n", shown);
  else
    fprintf(f, "The last %u events of PE %u:\n", shown, l->found.pe);
  for (uint32_t k = r->count - shown; k != r->count; k++) print_event(l, &r->event[k % RECENT], f);
}
