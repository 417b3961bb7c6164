// SPDX-License-Identifier: Apache-2.0
// Tables and sentences of a soak.
#include "soak_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "soak_host.h"

_Static_assert((int)SOAK_KINDS <= (int)SOAK_MOST_KINDS, "SOAK_MOST_KINDS is too small");

void soak_totals_add(soak_totals *t, const soak_result *r) {
  t->passed += r->verdict == SOAK_PASSED;
  t->failed += r->verdict == SOAK_FAILED;
  t->passed_over += r->verdict == SOAK_PASSED_OVER;
  if (r->verdict == SOAK_PASSED_OVER) return;
  t->inputs += r->inputs;
  t->layers += r->layers;
  t->outputs += r->outputs;
  t->cycles += r->cycles;
  t->timed += r->timed;
  for (uint32_t k = 0; k < SOAK_CORNERS_ALL; k++) t->corners[k] += r->corners.of[k];
}

static void print_row(const soak_totals *each, uint32_t n, uint32_t corner, const char *name,
                      const char *what, FILE *out) {
  fprintf(out, "  %-15s", name);
  for (uint32_t k = 0; k < n; k++) fprintf(out, " %10u", each[k].corners[corner]);
  fprintf(out, "  %s\n", what);
}

static void print_corners(const soak_totals *each, uint32_t n, FILE *out) {
  static const char *const phases[SOAK_PHASES] = {"launch", "broadcasts", "drain", "write-back"};
  fprintf(out, "Cases\n");
#define SOAK_ROW(name, what) print_row(each, n, SOAK_CORNER_##name, #name, what, out);
  SOAK_CORNERS(SOAK_ROW)
#undef SOAK_ROW
  fprintf(out, "Host actions that took place\n");
#define SOAK_ROW(name, when, what) print_row(each, n, SOAK_ACTION_CORNER + SOAK_##name, #name, what, out);
  SOAK_ACTIONS(SOAK_ROW)
#undef SOAK_ROW
  for (uint32_t k = 0; k < SOAK_PHASES; k++)
    print_row(each, n, SOAK_ABORT_CORNER + k, "  ABORT during", phases[k], out);
  for (uint32_t k = 0; k < SOAK_PHASES; k++)
    print_row(each, n, SOAK_RESET_CORNER + k, "  RESET during", phases[k], out);
}

void soak_print_totals(const soak_totals *each, uint32_t n, FILE *out) {
  uint64_t passed = 0, failed = 0;
  fprintf(out, "\n                 ");
  for (uint32_t k = 0; k < n; k++) fprintf(out, " %10s", each[k].engine);
  fprintf(out, "\n");
  print_corners(each, n, out);
  for (uint32_t k = 0; k < n; k++) {
    const soak_totals *t = &each[k];
    passed += t->passed;
    failed += t->failed;
    fprintf(out,
            "%s: %" PRIu64 " cases in %.0f s (%.2f a second), %" PRIu64
            " passed over as too large; %u configurations "
            "of the repository, %u fresh; %" PRIu64 " layers, %" PRIu64 " inputs, %" PRIu64
            " outputs and %" PRIu64 " timed counters equal, %" PRIu64 " cycles\n",
            t->engine, t->passed + t->failed, t->seconds,
            t->seconds > 0 ? (double)(t->passed + t->failed) / t->seconds : 0.0, t->passed_over, t->named,
            t->fresh, t->layers, t->inputs, t->outputs, t->timed, t->cycles);
  }
  fprintf(out, "%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed);
}

void soak_describe(const soak_case *c, char *text, size_t size) {
  uint64_t weights = 0;
  size_t n =
      (size_t)snprintf(text, size, "%u layer%s (", c->model.n_layers, c->model.n_layers == 1 ? "" : "s");
  for (uint32_t k = 0; k < c->model.n_layers && n < size; k++) {
    const eie_layer *l = &c->model.layers[k];
    weights += l->nnz;
    n += (size_t)snprintf(text + n, size - n, "%s%u x %u", k ? ", " : "", l->rows, l->cols);
  }
  if (n < size)
    snprintf(text + n, size - n, "), %" PRIu64 " weight%s, %u input%s, %u host action%s%s", weights,
             weights == 1 ? "" : "s", c->inputs.count, c->inputs.count == 1 ? "" : "s", c->n_actions,
             c->n_actions == 1 ? "" : "s", c->stalls ? ", stalls" : "");
}

static void print_environment(FILE *out) {
  static const char *const names[] = {"RTL_DIR", "EIE_BUILD_DIR"};
  for (int k = 0; k < 2; k++)
    if (getenv(names[k])) fprintf(out, "%s=%s ", names[k], getenv(names[k]));
}

// Without host actions, and loaded once, the harness alone shows it.
static void print_sim(const soak_way *way, const soak_case *c, const char *dir, FILE *out) {
  if (c->n_actions || c->repeats > 1) return;
  fprintf(out, "  sim: ");
  print_environment(out);
  fprintf(
      out,
      "build/eie sim %s/model.safetensors --config %s/%s.cfg --input %s/x.npy --dealing %s --seed %" PRIu64,
      dir, dir, c->config.name, dir, c->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", c->seed);
  if (c->stalls) fprintf(out, " --stalls %" PRIu64, c->stalls);
  fprintf(out, " --engine %s\n", way->engine);
}

void soak_print_small(const soak_way *way, const soak_case *c, const soak_result *result, const char *dir,
                      FILE *out) {
  char text[400];
  eie_error err = {""};
  soak_describe(c, text, sizeof text);
  fprintf(out, "  small: %s\n  small: %s\n", text, result->sentence);
  for (uint32_t k = 0; k < c->n_actions; k++)
    fprintf(out, "  small: %s in program %u, cycle %u\n", soak_kind_name(c->actions[k].kind),
            c->actions[k].program, c->actions[k].cycle);
  if (soak_case_write(dir, c, &err)) {
    fprintf(out, "  small: not written: %s\n", err.text);
    return;
  }
  fprintf(out, "  small: ");
  print_environment(out);
  fprintf(out, "build/tests/soak --small %s --engine %s\n", dir, way->engine);
  print_sim(way, c, dir, out);
}
