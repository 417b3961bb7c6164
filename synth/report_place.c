// SPDX-License-Identifier: Apache-2.0
// Where a cell stands, from its name. Instances are named u_*, generate blocks g_* (STYLE of the RTL); what
// follows the last of them is the name of the cell, which Yosys makes from a net. A cell between two blocks
// that were optimised together may so be counted to either of them.
#include <string.h>

#include "report.h"

// A walk over the leading u_ and g_ segments of a name; the last segment is the cell's own.
typedef struct {
  const char *at;
  size_t n;  // of the segment at `at`
} walk;

static int next(walk *w) {
  w->at += w->n + (w->n > 0);
  const char *end = strchr(w->at, '.');
  if (!end || (strncmp(w->at, "u_", 2) && strncmp(w->at, "g_", 2))) return 0;
  w->n = (size_t)(end - w->at);
  return 1;
}

static int is(const walk *w, const char *word) {
  return w->n == strlen(word) && strncmp(w->at, word, w->n) == 0;
}

static int is_instance(const walk *w) {
  return w->at[0] == 'u';
}

// Adds ".segment"; with fold its index becomes [*]. Generate blocks without index say nothing.
static void add(char *text, const walk *w, int fold) {
  size_t n = w->n, used = strlen(text);
  const char *bracket = memchr(w->at, '[', n);
  if (!is_instance(w) && !bracket) return;
  if (fold && bracket) n = (size_t)(bracket - w->at);
  if (used + n + 6 > REPORT_NAME) return;
  if (used) text[used++] = '.';
  memcpy(text + used, w->at, n);
  memcpy(text + used + n, fold && bracket ? "[*]" : "", fold && bracket ? 4 : 1);
}

static const char *bare(const char *cell) {
  return strncmp(cell, "$flatten", 8) ? cell : cell + 8;
}

void report_place_of(const char *cell, int fold, char place[REPORT_NAME]) {
  place[0] = 0;
  for (walk w = {bare(cell), 0}; next(&w);) {
    if (fold && is(&w, "u_pe")) place[0] = 0;
    add(place, &w, fold);
  }
  if (!place[0]) strcpy(place, "(top)");
}

int report_find_inside(const char *cell, char inside[REPORT_NAME]) {
  const char *start = bare(cell);
  for (walk w = {start, 0}; next(&w);)
    if (is(&w, "u_array")) {
      const size_t n = (size_t)(w.at - start);
      if (n >= REPORT_NAME) return 0;
      memcpy(inside, start, n);
      inside[n] = 0;
      return 1;
    }
  return 0;
}

// Two levels: a PE and its stage, or (outside of eie_top) the first two; below eie_top one.
void report_block_of(const char *cell, const char *inside, char block[REPORT_NAME]) {
  const char *start = bare(cell);
  const size_t n = strlen(inside);
  int levels = 2, in_pe = 0;
  if (strncmp(start, inside, n) == 0) {
    start += n;
    levels = 1;
  }
  block[0] = 0;
  for (walk w = {start, 0}; next(&w);) {
    if (!is_instance(&w)) continue;
    if (!in_pe && is(&w, "u_pe")) {
      block[0] = 0;
      in_pe = 1;
      levels = 2;
    }
    if (levels-- > 0) add(block, &w, 1);
  }
  if (!block[0]) strcpy(block, start > bare(cell) ? "(eie_top)" : "(top)");
}
