// SPDX-License-Identifier: Apache-2.0
#include "eie_fit.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

// Of the logic cells and flip-flops that a device has, nextpnr can use nearly all, but the last few percent
// cost clock and many tries. RAMs and multipliers can all be used.
enum { LOGIC_USABLE_PERCENT = 95 };

// RAMs of all memories; logic cells of those that are none.
static void add_memories(const eie_config *config, eie_family family, eie_fit_use *use) {
  eie_fit_memory list[EIE_FIT_MEMORIES];
  const uint32_t n = eie_fit_memories(family, config, list);
  for (uint32_t k = 0; k < n; k++) {
    const eie_fit_place p = eie_fit_place_memory(family, &list[k]);
    if (p.where == EIE_FIT_BLOCK) use->used.ram += list[k].copies * p.count;
    if (p.where == EIE_FIT_SPRAM) use->used.spram += list[k].copies * p.count;
    if (p.where == EIE_FIT_CELLS) use->memory_lut += list[k].copies * p.count;
    if (p.where == EIE_FIT_TOO_DEEP && !use->too_deep) use->too_deep = list[k].key;
  }
}

// One for the products. On ECP5 two more shift accumulators of 32 bits in write-back (eie_pkg::shift_by_mul).
static uint32_t multipliers_of_a_pe(const eie_config *config, eie_family family) {
  return family == EIE_FAMILY_ECP5 && config->acc_w == 32 ? 3 : 1;
}

static uint64_t at_least_zero(double x) {
  return x > 0 ? (uint64_t)(x + 0.5) : 0;
}

// The measured line holds for the board's own configuration with n_pe PEs; what another one has more or less
// in queues and memories of logic cells is worked out.
static void add_logic(const eie_config *config, const eie_board *board, eie_fit_use *use) {
  const eie_board_costs *costs = &board->costs;
  eie_config own = board->config;
  eie_fit_use own_use = {.too_deep = NULL};
  uint64_t lut, ff, own_lut, own_ff;
  own.n_pe = config->n_pe;
  add_memories(&own, board->family, &own_use);
  eie_fit_queues(board->family, config, &lut, &ff);
  eie_fit_queues(board->family, &own, &own_lut, &own_ff);
  const double more_lut = (double)(lut + use->memory_lut) - (double)(own_lut + own_use.memory_lut);
  const double more_ff = (double)ff - (double)own_ff;
  use->used.lut = at_least_zero(costs->lut_base + costs->lut_pe * config->n_pe + more_lut);
  use->used.ff = at_least_zero(costs->ff_base + costs->ff_pe * config->n_pe + more_ff);
}

void eie_fit_resources(const eie_config *config, const eie_board *board, eie_fit_use *use) {
  memset(use, 0, sizeof *use);
  use->used.dsp = (uint64_t)config->n_pe * multipliers_of_a_pe(config, board->family);
  add_memories(config, board->family, use);
  if (board->costs.measured) add_logic(config, board, use);
}

eie_resources eie_fit_usable(const eie_board *board) {
  eie_resources usable = board->has;
  usable.lut = usable.lut * LOGIC_USABLE_PERCENT / 100;
  usable.ff = usable.ff * LOGIC_USABLE_PERCENT / 100;
  return usable;
}

static uint64_t depth_of(const eie_config *config, eie_family family, const char *key) {
  eie_fit_memory list[EIE_FIT_MEMORIES];
  const uint32_t n = eie_fit_memories(family, config, list);
  for (uint32_t k = 0; k < n; k++)
    if (strcmp(list[k].key, key) == 0) return list[k].depth;
  return 0;
}

eie_fit_verdict eie_fit_check(const eie_config *config, const eie_board *board) {
  eie_fit_use use;
  eie_fit_resources(config, board, &use);
  const eie_resources u = use.used, has = eie_fit_usable(board);
  const uint32_t unroutable = eie_board_unroutable(board);
  if (use.too_deep)
    return (eie_fit_verdict){EIE_FIT_SHORT_DEPTH, depth_of(config, board->family, use.too_deep),
                             eie_fit_deepest(board->family), use.too_deep};
  if (u.dsp > has.dsp) return (eie_fit_verdict){EIE_FIT_SHORT_DSP, u.dsp, has.dsp, NULL};
  if (u.spram > has.spram) return (eie_fit_verdict){EIE_FIT_SHORT_SPRAM, u.spram, has.spram, NULL};
  if (u.ram > has.ram) return (eie_fit_verdict){EIE_FIT_SHORT_RAM, u.ram, has.ram, NULL};
  if (u.lut > has.lut) return (eie_fit_verdict){EIE_FIT_SHORT_LUT, u.lut, has.lut, NULL};
  if (u.ff > has.ff) return (eie_fit_verdict){EIE_FIT_SHORT_FF, u.ff, has.ff, NULL};
  if (unroutable && config->n_pe >= unroutable)
    return (eie_fit_verdict){EIE_FIT_SHORT_ROUTE, config->n_pe, eie_board_routed(board), NULL};
  return (eie_fit_verdict){EIE_FIT_GOOD, 0, 0, NULL};
}

void eie_fit_short_text(const eie_board *board, const eie_fit_verdict *v, char text[EIE_FIT_TEXT]) {
  const eie_fit_names names = eie_fit_names_of(board->family);
  char what[96] = "";
  text[0] = 0;
  switch (v->what) {
    case EIE_FIT_GOOD:
      return;
    case EIE_FIT_SHORT_DEPTH:
      snprintf(text, EIE_FIT_TEXT,
               "a memory of %s has %" PRIu64 " words, and no RAM of the device is deeper than %" PRIu64,
               v->key, v->need, v->has);
      return;
    case EIE_FIT_SHORT_ROUTE:
      snprintf(text, EIE_FIT_TEXT,
               "by count it fits, but %" PRIu64 " PEs did not route; the most that did are %" PRIu64, v->need,
               v->has);
      return;
    case EIE_FIT_SHORT_CODES:
      snprintf(text, EIE_FIT_TEXT,
               "the model's codes have %" PRIu64 " bits, and the array has CODE_W %" PRIu64, v->need, v->has);
      return;
    case EIE_FIT_SHORT_DSP:
      snprintf(what, sizeof what, "multipliers (%s)", names.dsp);
      break;
    case EIE_FIT_SHORT_SPRAM:
      snprintf(what, sizeof what, "single-port RAM (%s)", names.spram);
      break;
    case EIE_FIT_SHORT_RAM:
      snprintf(what, sizeof what, "block RAM (%s)", names.ram);
      break;
    case EIE_FIT_SHORT_LUT:
      snprintf(what, sizeof what, "logic cells");
      break;
    case EIE_FIT_SHORT_FF:
      snprintf(what, sizeof what, "flip-flops");
      break;
  }
  snprintf(text, EIE_FIT_TEXT, "%s: %" PRIu64 " needed, %" PRIu64 " there%s, %" PRIu64 " too many", what,
           v->need, v->has, v->what >= EIE_FIT_SHORT_LUT ? " (95 % of all)" : "", v->need - v->has);
}
