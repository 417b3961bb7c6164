// SPDX-License-Identifier: Apache-2.0
// The report of `eie fit` for a person: one line a board, what it takes, how fast it is, and what to change.
#include "fit_report.h"

#include <inttypes.h>
#include <string.h>

#include "report_number.h"

fit_rates fit_row_rates(const fit_row *row) {
  if (!row->found.fits || !row->clock) return (fit_rates){0, 0, 0, 0};
  return fit_rates_of(&row->speed, row->clock->mhz, row->board->baud);
}

// "102 of 208", with a mark where more is needed than there is.
static void print_amount(uint64_t used, uint64_t has, int known, FILE *out) {
  char text[48];
  report_number a, b;
  if (!has)
    snprintf(text, sizeof text, "-");
  else if (!known)
    snprintf(text, sizeof text, "? of %s", report_grouped(has, b));
  else
    snprintf(text, sizeof text, "%s of %s%s", report_grouped(used, a), report_grouped(has, b),
             used > has ? "!" : "");
  fprintf(out, " %17s", text);
}

static const char *answer(const fit_row *row) {
  if (!row->found.fits) return "no";
  return row->speed.loads == 1 ? "yes" : "tiled";
}

static void print_resources(const fit_report *r, FILE *out) {
  fprintf(out, "%-13s %5s %4s %17s %17s %17s %17s %17s\n", "board", "fits", "PEs", "block RAM", "SPRAM",
          "multipliers", "logic cells", "flip-flops");
  for (uint32_t k = 0; k < r->n_rows; k++) {
    const fit_row *row = &r->rows[k];
    const eie_resources *u = &row->use.used, *has = &row->board->has;
    const int measured = row->board->costs.measured;
    fprintf(out, "%-13.13s %5s %4u", row->board->name, answer(row), row->found.config.n_pe);
    print_amount(u->ram, has->ram, 1, out);
    print_amount(u->spram, has->spram, 1, out);
    print_amount(u->dsp, has->dsp, 1, out);
    print_amount(u->lut, has->lut, measured, out);
    print_amount(u->ff, has->ff, measured, out);
    fprintf(out, "\n");
  }
}

static void print_rate(double rate, FILE *out) {
  report_number text;
  if (rate <= 0)
    fprintf(out, " %11s", "-");
  else if (rate < 100)
    fprintf(out, " %11.2f", rate);
  else
    fprintf(out, " %11s", report_grouped((uint64_t)(rate + 0.5), text));
}

static void print_speed(const fit_row *row, FILE *out) {
  report_number cycles;
  const fit_rates rates = fit_row_rates(row);
  fprintf(out, "%-13.13s %5u %10s", row->board->name, row->speed.loads,
          report_grouped((uint64_t)(row->speed.cycles + 0.5), cycles));
  if (row->clock)
    fprintf(out, " %7.1f", row->clock->mhz);
  else
    fprintf(out, " %7s", "-");
  print_rate(rates.compute, out);
  print_rate(rates.bus, out);
  print_rate(rates.uart, out);
  if (rates.load_seconds > 0)
    fprintf(out, " %9.3f s\n", rates.load_seconds);
  else
    fprintf(out, " %11s\n", "-");
}

static void print_speeds(const fit_report *r, FILE *out) {
  uint32_t fitting = 0;
  for (uint32_t k = 0; k < r->n_rows; k++) fitting += r->rows[k].found.fits != 0;
  if (!fitting) return;
  fprintf(out, "\n%-13s %5s %10s %7s  %34s %11s\n", "", "", "cycles of", "routed",
          "------- inferences a second ------", "loading");
  fprintf(out, "%-13s %5s %10s %7s %11s %11s %11s %11s\n", "board", "loads", "inference", "MHz", "compute",
          "with bus", "with UART", "by UART");
  for (uint32_t k = 0; k < r->n_rows; k++)
    if (r->rows[k].found.fits) print_speed(&r->rows[k], out);
}

static void print_memory(eie_family family, const eie_fit_memory *m, FILE *out) {
  const eie_fit_place p = eie_fit_place_memory(family, m);
  const eie_fit_names names = eie_fit_names_of(family);
  const char *what = p.where == EIE_FIT_SPRAM   ? names.spram
                     : p.where == EIE_FIT_CELLS ? "logic cells"
                                                : names.ram;
  char shape[32];
  snprintf(shape, sizeof shape, "%u x %u", m->depth, m->width);
  fprintf(out, "    %-15s %-12s %4u of %12s", m->name, m->key, m->copies, shape);
  if (p.where == EIE_FIT_TOO_DEEP)
    fprintf(out, "   deeper than any RAM of the device\n");
  else
    fprintf(out, "   %5" PRIu64 " %s\n", m->copies * p.count, what);
}

static void print_memories(const fit_row *row, FILE *out) {
  eie_fit_memory list[EIE_FIT_MEMORIES];
  const uint32_t n = eie_fit_memories(row->board->family, &row->found.config, list);
  for (uint32_t k = 0; k < n; k++) print_memory(row->board->family, &list[k], out);
}

static void print_config(const eie_config *c, FILE *out) {
  fprintf(out, "   ");
#define EIE_SHOW(field, key, lo, hi, what) fprintf(out, " " #key "=%" PRIu32, c->field);
  EIE_CONFIG_PARAMETERS(EIE_SHOW)
#undef EIE_SHOW
  fprintf(out, "\n");
}

static void print_why(const fit_report *r, const fit_row *row, FILE *out) {
  char why[EIE_FIT_TEXT];
  const eie_fit_found *f = &row->found;
  if (!f->fits) {
    eie_fit_short_text(row->board, &row->verdict, why);
    fprintf(out, "    Does not fit: %s.\n", why);
    if (row->change[0]) fprintf(out, "    To change: %s.\n", row->change);
    return;
  }
  if (row->speed.loads > 1)
    fprintf(
        out,
        "    The model is not in the array at once: %u passes in %u loads, all of which come over the bus or "
        "the UART again for each inference.\n",
        row->speed.passes, row->speed.loads);
  if (r->fixed || !f->next_pe) return;
  eie_fit_short_text(row->board, &f->next, why);
  if (f->next_unrouted)
    fprintf(out, "    %u PEs would fit by count, but so many have not been routed yet.\n", f->next_pe);
  else if (why[0])
    fprintf(out, "    %u PEs would not fit%s: %s.\n", f->next_pe, f->one_load ? " with the whole model" : "",
            why);
  else
    fprintf(out, "    %u PEs would not hold the whole model: a memory would be larger than any array has.\n",
            f->next_pe);
}

static void print_notes(const fit_row *row, FILE *out) {
  const eie_board_costs *costs = &row->board->costs;
  const uint32_t routed = eie_board_routed(row->board);
  if (!costs->measured)
    fprintf(
        out,
        "    Logic is not known: the board has no costs.cfg; RAM and multipliers alone were looked at.\n");
  else if (costs->preliminary)
    fprintf(out, "    Logic and clock are preliminary: estimates, not yet of a routed design.\n");
  if (!row->found.fits) return;
  if (routed && row->found.config.n_pe > routed)
    fprintf(out, "    It fits by count; so many PEs have not been routed yet, %u have.\n", routed);
  if (!row->clock)
    fprintf(out, "    No clock is known: nothing was routed for this board.\n");
  else if (row->clock->n_pe != row->found.config.n_pe)  // more PEs are slower
    fprintf(out, "    Clock not measured with %u PEs; taken from %u PEs.\n", row->found.config.n_pe,
            row->clock->n_pe);
}

void fit_report_print(const fit_report *r, FILE *out) {
  report_number n;
  fprintf(out, "%s: %s on %s; cycles are ", r->model,
          r->fixed ? "the configuration asked for" : "the largest array that fits",
          r->n_rows == 1 ? "one board" : "each board");
  if (r->inputs)
    fprintf(out, "the mean of %s input%s\n\n", report_grouped(r->inputs, n), r->inputs == 1 ? "" : "s");
  else
    fprintf(out, "those of the worst input there can be (no activation 0)\n\n");
  print_resources(r, out);
  print_speeds(r, out);
  for (uint32_t k = 0; k < r->n_rows; k++) {
    const fit_row *row = &r->rows[k];
    fprintf(out, "\n%s (%s)\n", row->board->name, row->board->title);
    print_config(&row->found.config, out);
    print_memories(row, out);
    print_why(r, row, out);
    print_notes(row, out);
  }
}
