// SPDX-License-Identifier: Apache-2.0
// The critical path of the best seed, by block: how long it stays in each, in logic and in routing. A wire is
// counted where it leaves.
#include <string.h>

#include "report.h"

enum { LEGS = 64 };

typedef struct {
  char block[REPORT_NAME];
  uint32_t cells;
  double logic, routing;
} leg;

typedef struct {
  uint32_t n;
  leg legs[LEGS], sum;
  const char *first, *last;  // cells at its ends
} path_legs;

static const char *cell_of(const cJSON *step, const char *end) {
  return cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(step, end), "cell"));
}

// The leg that the path is in; a path with more of them than any has goes on in the last.
static leg *leg_of(path_legs *p, const char *block) {
  leg *now = p->n ? &p->legs[p->n - 1] : NULL;
  if (now && (strcmp(now->block, block) == 0 || p->n == LEGS)) return now;
  now = &p->legs[p->n++];
  memset(now, 0, sizeof *now);
  strcpy(now->block, block);
  return now;
}

static void add_step(const report *r, path_legs *p, const cJSON *step) {
  const char *cell = cell_of(step, "from"), *to = cell_of(step, "to");
  const char *type = cJSON_GetStringValue(cJSON_GetObjectItem(step, "type"));
  const double delay = cJSON_GetNumberValue(cJSON_GetObjectItem(step, "delay"));
  char block[REPORT_NAME];
  if (!cell || !to || !type || !(delay >= 0)) return;
  report_block_of(cell, r->netlist.inside, block);
  leg *l = leg_of(p, block);
  if (strcmp(type, "routing") == 0) {
    l->routing += delay;
    p->sum.routing += delay;
  } else {
    l->logic += delay;
    l->cells++;
    p->sum.logic += delay;
    p->sum.cells++;
  }
  if (!p->first) p->first = cell;
  p->last = to;
}

static void print_leg(const leg *l, const char *name, FILE *out) {
  fprintf(out, "  %-32s %5u %7.2f %9.2f %7.2f\n", name, l->cells, l->logic, l->routing,
          l->logic + l->routing);
}

void report_print_path(const report *r, FILE *out) {
  const report_seed *s = &r->seeds[r->best];
  path_legs p = {.n = 0};
  const cJSON *step;
  cJSON_ArrayForEach(step, s->path) add_step(r, &p, step);
  if (!p.n) return;
  fprintf(out, "\nCritical path of seed %u, ns\n  %-32s cells   logic   routing     sum\n", s->number,
          "block");
  for (uint32_t k = 0; k < p.n; k++) print_leg(&p.legs[k], p.legs[k].block, out);
  print_leg(&p.sum, "in all", out);
  fprintf(out, "  from %s\n  to   %s\n", p.first, p.last);
}
