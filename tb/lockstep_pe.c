// SPDX-License-Identifier: Apache-2.0
// The stages of a PE: pointer reads, entries, accumulator updates, write-back, against what the golden model
// does next in that PE.
#include <inttypes.h>
#include <stdio.h>

#include "eie_golden.h"
#include "lockstep_state.h"

static int64_t wrap(int64_t x, uint32_t width) {
  const uint64_t sign = (uint64_t)1 << (width - 1), mask = (sign << 1) - 1;
  return (int64_t)(((uint64_t)x & mask) ^ sign) - (int64_t)sign;
}

void lockstep_check_pointers(eie_lockstep *l, const eie_event *e, uint32_t pe) {
  pe_state *s = &l->pes[pe];
  if (!lockstep_follows(l, e, EIE_STAGE_POINTERS, pe, s->pointers, l->pass.pointers_lag)) return;
  const uint32_t k = s->pointers++;
  uint32_t begin, end;
  lockstep_entries(&l->pass, pe, k, &begin, &end);
  const uint64_t first = begin + l->pass.pass->first_entry[pe], count = end - begin;
  if (e->value[0] == first && e->value[1] == count) return;
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_POINTERS, e->cycle, pe);
  lockstep_set_column(l, &d, k);
  if (e->value[0] != first)
    lockstep_differ_value(l, &d, "first entry", (int64_t)e->value[0], (int64_t)first, "");
  else
    lockstep_differ_value(l, &d, "number of entries", (int64_t)e->value[1], (int64_t)count, "");
}

// Where in the model an entry is, of those that the PE has seen or is about to see.
static eie_divergence at_entry(const eie_lockstep *l, eie_stage stage, uint64_t cycle, uint32_t pe,
                               uint32_t broadcast, uint32_t entry, uint32_t slot) {
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, stage, cycle, pe);
  d.entry = l->pass.pass->first_entry[pe] + entry;
  lockstep_set_slot(l, &d, slot);
  lockstep_set_column(l, &d, broadcast);
  return d;
}

// Not the entry that comes next. The place that is told is that of the entry that does.
static void wrong_entry(eie_lockstep *l, const eie_event *e, uint32_t pe, uint32_t got) {
  const pe_state *s = &l->pes[pe];
  const uint32_t first = l->pass.pass->first_entry[pe], last = first + l->pass.pass->n_entries[pe];
  char text[120];
  if (s->entry < s->end && got > first + s->entry && got < last) {
    snprintf(text, sizeof text, "the device went on with entry %u", got);
    lockstep_differ_missing(l, e, text);
    return;
  }
  if (s->entry == s->end) {
    snprintf(text, sizeof text, "entry %u after the last of this tile", got);
    lockstep_differ_extra(l, EIE_STAGE_ENTRY, e, pe, text);
    return;
  }
  const uint32_t run = l->pass.pass->entries[pe][s->entry] >> l->packed->config.code_w;
  eie_divergence d = at_entry(l, EIE_STAGE_ENTRY, e->cycle, pe, s->broadcast, s->entry, s->slot + run);
  d.kind = EIE_DIFFERS_EXTRA;
  lockstep_say(l, &d, "entry: in its place the device has entry %u, %s", got,
               got >= first && got < last ? "which was there before" : "which is not of this tile");
  lockstep_keep(l, &d);
}

// 1 when slot, weight and activation of an entry are right.
static int entry_is_right(eie_lockstep *l, const eie_event *e, uint32_t pe, uint32_t code, uint32_t slot) {
  const pe_state *s = &l->pes[pe];
  const int16_t weight = l->pass.layer->codebook[code], act = l->pass.in[l->pass.column[s->broadcast]];
  const int16_t got_weight = (int16_t)e->value[2], got_act = (int16_t)e->value[3];
  if (e->value[1] == slot && got_weight == weight && got_act == act && !e->value[4]) return 1;
  eie_divergence d = at_entry(l, EIE_STAGE_ENTRY, e->cycle, pe, s->broadcast, s->entry, slot);
  char hint[60];
  snprintf(hint, sizeof hint, " (code %u)", code);
  if (e->value[4])
    lockstep_differ_value(l, &d, "slot outside the tile", (int64_t)e->value[1], slot, " (low bits)");
  else if (e->value[1] != slot)
    lockstep_differ_value(l, &d, "slot", (int64_t)e->value[1], slot, "");
  else if (got_weight != weight)
    lockstep_differ_value(l, &d, "weight", got_weight, weight, hint);
  else
    lockstep_differ_value(l, &d, "activation", got_act, act, "");
  return 0;
}

static void expect_update(eie_lockstep *l, const eie_event *e, uint32_t pe, uint32_t code, uint32_t slot) {
  pe_state *s = &l->pes[pe];
  int64_t *acc = &l->acc[(size_t)pe * l->stride + slot];
  uint32_t overflow = 0;
  update *u = &s->way[s->entered++ % WAY];
  *u = (update){s->broadcast, s->entry, slot, *acc, 0, e->cycle + LAG_ENTRY_TO_UPDATE};
  u->after = eie_pe_arith(*acc, l->pass.layer->codebook[code], l->pass.in[l->pass.column[s->broadcast]],
                          l->packed->config.acc_w, &overflow);
  *acc = u->after;
}

void lockstep_check_entry(eie_lockstep *l, const eie_event *e, uint32_t pe) {
  pe_state *s = &l->pes[pe];
  const lockstep_pass *p = &l->pass;
  if (s->entered > s->updated && s->way[s->updated % WAY].due < e->cycle) {
    lockstep_differ_missing(l, e, "the device went on with a later entry");
    return;
  }
  const uint32_t got = (uint32_t)e->value[0];
  if (s->entry == s->end || got != p->pass->first_entry[pe] + s->entry) {
    wrong_entry(l, e, pe, got);
    return;
  }
  const uint32_t raw = p->pass->entries[pe][s->entry], code_w = p->packed->config.code_w;
  const uint32_t code = raw & ((1u << code_w) - 1), slot = s->slot + (raw >> code_w);
  if (!entry_is_right(l, e, pe, code, slot)) return;
  uint32_t begin, end;
  lockstep_entries(p, pe, s->broadcast, &begin, &end);
  const int32_t take = p->take[(size_t)s->broadcast * p->packed->config.n_pe + pe];
  const uint64_t due = l->launch + (uint64_t)take + LAG_TAKE_TO_ENTRY + (s->entry - begin);
  if (e->cycle != due && !l->late.kind) {
    eie_divergence d = at_entry(l, EIE_STAGE_ENTRY, e->cycle, pe, s->broadcast, s->entry, slot);
    lockstep_on_time(l, &d, eie_stage_name(d.stage), due);
  }
  expect_update(l, e, pe, code, slot);
  s->slot = slot + 1;
  s->entry++;
  if (s->entry == s->end) lockstep_next_entry(p, pe, s);
}

// What the adder must have had in place of the accumulator: a sum of a few cycles before that it did not
// see, or something else.
static void hint_operand(const eie_lockstep *l, uint32_t pe, const update *u, int64_t got, char *text,
                         size_t size) {
  const pe_state *s = &l->pes[pe];
  const int64_t used = wrap(u->before + (got - u->after), l->packed->config.acc_w);
  for (uint32_t back = 1; back <= WAY / 2 && back <= s->updated; back++) {
    const update *old = &s->way[(s->updated - back) % WAY];
    if (old->slot != u->slot || old->before != used) continue;
    snprintf(text, size, "; as if the sum of entry %u, %" PRIu64 " cycle%s before, had not been forwarded",
             l->pass.pass->first_entry[pe] + old->entry, u->due - old->due,
             u->due - old->due == 1 ? "" : "s");
    return;
  }
  snprintf(text, size, "; before it %" PRId64 ", as if it had been %" PRId64, u->before, used);
}

void lockstep_check_update(eie_lockstep *l, const eie_event *e, uint32_t pe) {
  pe_state *s = &l->pes[pe];
  const update *u = &s->way[s->updated % WAY];
  if (s->updated == s->entered || u->due != e->cycle) {
    if (s->updated < s->entered && u->due < e->cycle)
      lockstep_differ_missing(l, e, "a later one came");
    else
      lockstep_differ_extra(l, EIE_STAGE_UPDATE, e, pe, "no accumulator is due to be written in this cycle");
    return;
  }
  const int64_t got = wrap((int64_t)e->value[1], l->packed->config.acc_w);
  if (e->value[0] == u->slot && got == u->after) {
    s->updated++;
    return;
  }
  eie_divergence d = at_entry(l, EIE_STAGE_UPDATE, e->cycle, pe, u->broadcast, u->entry, u->slot);
  char hint[120];
  hint_operand(l, pe, u, got, hint, sizeof hint);
  if (e->value[0] != u->slot)
    lockstep_differ_value(l, &d, "slot", (int64_t)e->value[0], u->slot, "");
  else
    lockstep_differ_value(l, &d, "accumulator", got, u->after, hint);
}

// Stages that follow a write-back column after a fixed time.
static int follows_walk(eie_lockstep *l, const eie_event *e, eie_stage stage, uint32_t pe, uint32_t done,
                        uint32_t lag) {
  const pe_state *s = &l->pes[pe];
  if (s->entry < s->end || s->updated < s->entered) {
    lockstep_differ_missing(l, e, "write-back began");
    return 0;
  }
  if (done < l->walked && l->walk_cycle[done] + lag == e->cycle) return 1;
  if (done < l->walked && l->walk_cycle[done] + lag < e->cycle)
    lockstep_differ_missing(l, e, "the device went on with a later row");
  else
    lockstep_differ_extra(l, stage, e, pe, "no row is due to be written back in this cycle");
  return 0;
}

void lockstep_check_read_out(eie_lockstep *l, const eie_event *e, uint32_t pe) {
  pe_state *s = &l->pes[pe];
  const lockstep_pass *p = &l->pass;
  if (!follows_walk(l, e, EIE_STAGE_READ_OUT, pe, s->read_outs, LAG_COLUMN_TO_READ_OUT)) return;
  const uint32_t slot = s->read_outs++;
  int64_t *acc = &l->acc[(size_t)pe * l->stride + slot];
  const int32_t bias = p->layer->bias[(size_t)(p->pass->row_slot + slot) * p->packed->config.n_pe + pe];
  const int64_t got = wrap((int64_t)e->value[1], l->packed->config.acc_w), want = *acc;
  const int32_t got_bias = (int32_t)e->value[2];
  if (p->pass->write_back) *acc = 0;
  if (e->value[0] == slot && got == want && (got_bias == bias || !p->pass->write_back)) return;
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_READ_OUT, e->cycle, pe);
  lockstep_set_slot(l, &d, slot);
  if (e->value[0] != slot)
    lockstep_differ_value(l, &d, "slot", (int64_t)e->value[0], slot, "");
  else if (got != want)
    lockstep_differ_value(l, &d, "accumulator", got, want, "");
  else
    lockstep_differ_value(l, &d, "bias", got_bias, bias, "");
}

void lockstep_check_write_back(eie_lockstep *l, const eie_event *e, uint32_t pe) {
  pe_state *s = &l->pes[pe];
  const eie_pass *pass = l->pass.pass;
  if (!pass->write_back) {
    lockstep_differ_extra(l, EIE_STAGE_WRITE_BACK, e, pe, "this pass keeps its accumulators");
    return;
  }
  if (!follows_walk(l, e, EIE_STAGE_WRITE_BACK, pe, s->write_backs, LAG_COLUMN_TO_WRITE_BACK)) return;
  const uint32_t slot = s->write_backs++;
  const int16_t want = l->pass.want[(size_t)(pass->row_slot + slot) * l->packed->config.n_pe + pe];
  const int16_t got = (int16_t)e->value[1];
  if (e->value[0] == pass->out_base + slot && got == want) return;
  eie_divergence d = lockstep_at(l, EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, e->cycle, pe);
  lockstep_set_slot(l, &d, slot);
  if (e->value[0] != pass->out_base + slot)
    lockstep_differ_value(l, &d, "activation slot", (int64_t)e->value[0], pass->out_base + slot, "");
  else
    lockstep_differ_value(l, &d, "output", got, want, "");
}
