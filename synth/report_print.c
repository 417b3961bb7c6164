// SPDX-License-Identifier: Apache-2.0
// The report of one board for a person.
#include <string.h>

#include "report.h"
#include "report_number.h"

static uint64_t has(const report *r, report_resource k) {
  const eie_resources *h = &r->board.has;
  const uint64_t counts[RES_NUM] = {h->lut, h->ff, h->ram, h->spram, h->dsp};
  return counts[k];
}

static void print_head(const report *r, FILE *out) {
  const eie_board *b = &r->board;
  fprintf(out, "%s: %s, %s", b->name, b->title, b->part);
  if (r->grade[0]) fprintf(out, ", grade %s", r->grade);
  fprintf(out, "\n%u PEs", b->config.n_pe);
  if (b->clock_mhz > 0) fprintf(out, ", to run at %g MHz", b->clock_mhz);
  fprintf(out, "\n");
#define EIE_WORD(field, key, lo, hi, what) fprintf(out, " %s=%u", #key, b->config.field);
  EIE_CONFIG_PARAMETERS(EIE_WORD)
#undef EIE_WORD
  fprintf(out, "\n");
}

static void print_use(const report *r, FILE *out) {
  fprintf(out, "\nUse of the device\n");
  for (int k = 0; k < RES_NUM; k++) {
    const uint64_t all = has(r, (report_resource)k);
    report_number used, of;
    if (!all && !r->used[k]) continue;
    fprintf(out, "  %-6s %9s of %9s  ", report_resource_name((report_resource)k),
            report_grouped(r->used[k], used), report_grouped(all, of));
    if (all) fprintf(out, "%5.1f %%", 100.0 * (double)r->used[k] / (double)all);
    if (r->n_routed && !(r->packed >> k & 1)) fprintf(out, "  (of synthesis)");
    fprintf(out, "%s\n", r->used[k] > all ? "  MORE THAN THERE IS" : "");
  }
}

static void print_clock(const report *r, FILE *out) {
  uint32_t held = 0;
  if (!r->n_seeds) {
    fprintf(out, "\nNot placed: cells of synthesis only.\n");
    return;
  }
  fprintf(out, "\nClock, MHz\n");
  for (uint32_t k = 0; k < r->n_seeds; k++) {
    const report_seed *s = &r->seeds[k];
    if (s->report)
      fprintf(out, "  seed %-4u %7.2f\n", s->number, s->mhz);
    else
      fprintf(out, "  seed %-4u did not route: %s\n", s->number, s->why);
    held += s->report && s->mhz >= r->board.clock_mhz;
  }
  if (!r->n_routed) return;
  fprintf(out, "  median    %7.2f\n  best      %7.2f\n", r->median, r->seeds[r->best].mhz);
  if (r->board.clock_mhz > 0)
    fprintf(out, "  %g MHz is held by %u of %u\n", r->board.clock_mhz, held, r->n_seeds);
}

// Rows of the same memory in all PEs, and of the same kind of cell, are one line.
static void print_macros(const report_netlist *n, FILE *out) {
  if (!n->n_macros) return;
  fprintf(out, "\nMemories and multipliers\n  %-48s %-16s %6s %7s\n", "what", "became", "cells", "places");
  for (uint32_t k = 0; k < n->n_macros;) {
    const report_macro *m = &n->macros[k];
    uint32_t cells = 0, places = 0;
    for (; k < n->n_macros && !strcmp(n->macros[k].folded, m->folded) && !strcmp(n->macros[k].kind, m->kind);
         k++) {
      places += !cells || strcmp(n->macros[k].place, n->macros[k - 1].place) != 0;
      cells++;
    }
    fprintf(out, "  %-48s %-16s %6u %7u\n", m->folded, m->kind, cells, places);
  }
}

static void print_row(const char *name, const double count[RES_NUM], int digits, FILE *out) {
  fprintf(out, "  %-24s", name);
  for (int k = 0; k < RES_NUM; k++) fprintf(out, " %9.*f", count[k] > 0 ? digits : 0, count[k]);
  fprintf(out, "\n");
}

static void print_blocks(const report *r, FILE *out) {
  const report_netlist *n = &r->netlist;
  double row[RES_NUM], all[RES_NUM] = {0};
  uint64_t pes[RES_NUM];
  if (!n->read) return;
  fprintf(out, "\nCost by block (cells of synthesis, before packing; all PEs together)\n  %-24s", "block");
  for (int k = 0; k < RES_NUM; k++) fprintf(out, " %9s", report_resource_name((report_resource)k));
  fprintf(out, "\n");
  for (uint32_t b = 0; b < n->n_blocks; b++) {
    for (int k = 0; k < RES_NUM; k++) all[k] += row[k] = (double)n->blocks[b].count[k];
    print_row(n->blocks[b].name, row, 0, out);
  }
  print_row("in all", all, 0, out);
  report_of_pes(n, pes);
  for (int k = 0; k < RES_NUM; k++) row[k] = (double)pes[k] / r->board.config.n_pe;
  print_row("one PE (average)", row, 1, out);
  fprintf(out, "A cell is named after a net, so that one between two blocks may be counted to either.\n");
}

static void print_times(const report *r, FILE *out) {
  double sum = 0;
  fprintf(out, "\nTools: %s\n", r->versions[0] ? r->versions : r->yosys);
  if (!r->n_times) return;
  fprintf(out, "Seconds:");
  for (uint32_t k = 0; k < r->n_times; k++) {
    fprintf(out, " %s %.0f,", r->times[k].what, r->times[k].seconds);
    sum += r->times[k].seconds;
  }
  fprintf(out, " in all %.0f\n", sum);
}

void report_print(const report *r, FILE *out) {
  print_head(r, out);
  print_use(r, out);
  print_clock(r, out);
  if (r->n_routed) report_print_path(r, out);
  print_macros(&r->netlist, out);
  print_blocks(r, out);
  print_times(r, out);
}
