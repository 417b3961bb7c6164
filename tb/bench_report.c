// SPDX-License-Identifier: Apache-2.0
// The report of `eie bench` for a person.
#include "bench_report.h"

#include <inttypes.h>

#include "report_number.h"
#include "sim_report.h"

static uint64_t rounded(double x) {
  return x > 0 ? (uint64_t)(x + 0.5) : 0;
}

static void print_row(const bench_report *r, const paper_layer *layer, const bench_result *b, FILE *out) {
  const eie_compare_layer *run = &b->run;
  const double useful = (double)run->golden.useful / r->setup->config.n_pe, cycles = (double)run->cycles;
  const double entries = (double)run->golden.entries;
  char shape[32];
  report_number t[7];
  snprintf(shape, sizeof shape, "%u x %u", layer->rows, layer->cols);
  fprintf(out, "%-8s %12s %8s %8s %8s %8s %7.4f %8.1f%% %7.2f%% %8s %8s %8s %6.3f%s  %s\n", layer->name,
          shape, report_grouped(rounded(useful), t[0]), report_grouped(run->golden.broadcasts, t[1]),
          report_grouped(run->busiest, t[2]), report_grouped(run->cycles, t[3]), bench_ratio(r, b),
          cycles > 0 ? 100 * useful / cycles : 0,
          entries > 0 ? 100 * (double)run->golden.padding / entries : 0,
          report_grouped(run->queue_full, t[4]), report_grouped(rounded(bench_starved(r, b)), t[5]),
          report_grouped(layer->cycles, t[6]), cycles / (double)layer->cycles,
          r->setup->config.n_pe == PAPER_PES && run->cycles >= layer->cycles ? "!" : " ",
          sim_report_bound_by(run));
}

static void print_head(FILE *out) {
  static const char *const first[] = {"layer",   "rows x cols", "useful",   "broad-",  "busiest",
                                      "cycles",  "cycles/",     "utilised", "padding", "queue",
                                      "starved", "paper's",     "of the"};
  static const char *const second[] = {"", "", "work/N", "casts", "PE",     "",     "useful",
                                       "", "", "full",   "a PE",  "cycles", "paper"};
  static const int width[] = {-8, 12, 8, 8, 8, 8, 7, 9, 8, 8, 8, 8, 6};
  for (int line = 0; line < 2; line++)
    for (int k = 0; k < 13; k++)
      fprintf(out, "%*s%s", width[k], line ? second[k] : first[k],
              k < 12 ? " "
              : line ? "\n"
                     : "   bound by\n");
}

static void print_seed(const bench_report *r, uint32_t seed, FILE *out) {
  uint32_t below = 0;
  fprintf(out, "\nseed %" PRIu64 "\n", r->first_seed + seed);
  print_head(out);
  for (uint32_t k = 0; k < r->n_layers; k++) {
    const bench_result *b = bench_result_of(r, seed, k);
    print_row(r, r->layers[k], b, out);
    below += b->run.cycles < r->layers[k]->cycles;
  }
  fprintf(out, "geometric mean of cycles/useful: %.4f", bench_geomean(r, seed));
  if (r->setup->config.n_pe == PAPER_PES)
    fprintf(out, "; %u of %u layers below the paper\n", below, r->n_layers);
  else
    fprintf(out, "; the paper's cycles are of %d PEs\n", PAPER_PES);
}

static void print_means(const bench_report *r, FILE *out) {
  if (r->n_seeds < 2) return;
  fprintf(out, "\ngeometric mean of each seed:");
  for (uint32_t s = 0; s < r->n_seeds; s++) fprintf(out, " %.4f", bench_geomean(r, s));
  fprintf(out, "\nmean of the %u seeds: %.4f\n", r->n_seeds, bench_mean_geomean(r));
}

static void print_compared(const bench_report *r, const bench_result *sum, FILE *out) {
  report_number outputs, counters;
  if (r->setup->engine == BENCH_TIMING) return;
  fprintf(out,
          "%s outputs compared with the golden model, no bit differs; %s counters compared with the timing "
          "model, all equal\n",
          report_grouped(sum->run.compared, outputs), report_grouped(sum->timed_counters, counters));
}

static void print_speed(const bench_report *r, const bench_result *sum, FILE *out) {
  report_number cycles, speed;
  fprintf(out, "%s %s cycles in %.*f s", r->setup->engine == BENCH_TIMING ? "modelled" : "simulated",
          report_grouped(sum->simulated, cycles), r->setup->engine == BENCH_TIMING ? 4 : 1, sum->seconds);
  if (sum->seconds > 0)
    fprintf(out, ": %s a second", report_grouped(rounded((double)sum->simulated / sum->seconds), speed));
  fprintf(out, "; packed in %.1f s; peak memory %" PRIu64 " MiB\n", sum->packed_in,
          bench_peak_memory() >> 20);
}

void bench_report_print(const bench_report *r, FILE *out) {
  const bench_setup *s = r->setup;
  bench_result sum = {.seconds = 0};
  for (uint32_t i = 0; i < r->n_seeds * r->n_layers; i++) bench_add(&sum, &r->results[i]);
  fprintf(out, "%s (%u PE%s), engine %s, dealing %s, rows %s", s->config.name, s->config.n_pe,
          s->config.n_pe == 1 ? "" : "s", bench_engine_name(r),
          s->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", s->uneven > 0 ? "uneven" : "alike");
  if (s->uneven > 0) fprintf(out, " (log-normal, sigma %g)", s->uneven);
  fprintf(out, "\n");
  for (uint32_t k = 0; k < r->n_seeds; k++) print_seed(r, k, out);
  print_means(r, out);
  fprintf(out, "\n");
  print_compared(r, &sum, out);
  print_speed(r, &sum, out);
}
