// SPDX-License-Identifier: Apache-2.0
// Reads Yosys' JSON netlist, tens of megabytes, in one pass without a tree: of all that stands in it, only
// the names and kinds of cells are wanted. Names are unescaped where they lie.
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"
#include "report.h"

enum { SIZE_LIMIT = 1 << 30, DEPTH = 64 };

typedef struct {
  char *at, *end;
} scan;

typedef struct {
  const char *name, *kind;
} cell;

typedef struct {
  const char *name;
  int top, library;     // library: a model of a cell, not a part of the design
  size_t first, count;  // of its cells
} module;

typedef struct {
  module *modules;
  cell *cells;
  size_t n_modules, modules_room, n_cells, cells_room;
  eie_family family;
  report_netlist *result;
} design;

static void blank(scan *s) {
  while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at) s->at++;
}

static int take(scan *s, char c) {
  blank(s);
  if (s->at == s->end || *s->at != c) return 0;
  s->at++;
  return 1;
}

// The next string, ended by a 0 byte; NULL when there is none. Yosys escapes '"' and '\' only.
static char *text(scan *s) {
  if (!take(s, '"')) return NULL;
  char *start = s->at, *to = s->at;
  while (s->at < s->end && *s->at != '"') {
    if (*s->at == '\\' && s->at + 1 < s->end) s->at++;
    *to++ = *s->at++;
  }
  if (s->at == s->end) return NULL;
  s->at++;
  *to = 0;
  return start;
}

// Passes over a value of any kind.
static int skip(scan *s) {
  int depth = 0;
  do {
    blank(s);
    if (s->at == s->end) return 0;
    if (*s->at == '"') {
      if (!text(s)) return 0;
      continue;
    }
    if (strchr("[{", *s->at)) depth++;
    if (strchr("]}", *s->at)) depth--;
    s->at++;
    if (depth == 0)
      while (s->at < s->end && !strchr(",]} \n", *s->at)) s->at++;
  } while (depth > 0);
  return depth == 0;
}

// In an object: the next key, with its ':' taken. NULL at the end, and when something else stands there: the
// caller tells them apart by taking the '}'.
static const char *key(scan *s) {
  take(s, ',');
  blank(s);
  if (s->at == s->end || *s->at != '"') return NULL;
  const char *name = text(s);
  return name && take(s, ':') ? name : NULL;
}

static void *grow(void *array, size_t n, size_t *room, size_t size) {
  if (n < *room) return array;
  *room = *room ? 2 * *room : 256;
  return realloc(array, *room * size);
}

static int read_cell(scan *s, design *d, const char *name) {
  const char *k, *kind = NULL;
  if (!take(s, '{')) return 0;
  while ((k = key(s))) {
    if (strcmp(k, "type") == 0 ? !(kind = text(s)) : !skip(s)) return 0;
  }
  if (!take(s, '}') || !kind) return 0;
  cell *cells = grow(d->cells, d->n_cells, &d->cells_room, sizeof *cells);
  if (!cells) return 0;
  d->cells = cells;
  cells[d->n_cells++] = (cell){name, kind};
  return 1;
}

static int read_cells(scan *s, design *d) {
  const char *name;
  if (!take(s, '{')) return 0;
  while ((name = key(s)))
    if (!read_cell(s, d, name)) return 0;
  return take(s, '}');
}

static int read_attributes(scan *s, module *m) {
  const char *k;
  if (!take(s, '{')) return 0;
  while ((k = key(s))) {
    if (strcmp(k, "top") == 0) m->top = 1;
    if (strcmp(k, "blackbox") == 0 || strcmp(k, "whitebox") == 0) m->library = 1;
    if (!skip(s)) return 0;
  }
  return take(s, '}');
}

static int read_module(scan *s, design *d, const char *name) {
  module m = {.name = name, .first = d->n_cells};
  const char *k;
  if (!take(s, '{')) return 0;
  while ((k = key(s))) {
    const int good = strcmp(k, "cells") == 0        ? read_cells(s, d)
                     : strcmp(k, "attributes") == 0 ? read_attributes(s, &m)
                                                    : skip(s);
    if (!good) return 0;
  }
  m.count = d->n_cells - m.first;
  module *modules = grow(d->modules, d->n_modules, &d->modules_room, sizeof *modules);
  if (!modules) return 0;
  d->modules = modules;
  modules[d->n_modules++] = m;
  return take(s, '}');
}

static int read_modules(scan *s, design *d) {
  const char *name;
  if (!take(s, '{')) return 0;
  while ((name = key(s)))
    if (!read_module(s, d, name)) return 0;
  return take(s, '}');
}

static int read_root(scan *s, design *d) {
  const char *k;
  if (!take(s, '{')) return 0;
  while ((k = key(s)))
    if (strcmp(k, "modules") == 0 ? !read_modules(s, d) : !skip(s)) return 0;
  return take(s, '}');
}

// A module that was kept apart from its parent, not a cell of the device.
static const module *find_module(const design *d, const char *kind) {
  for (size_t k = 0; k < d->n_modules; k++)
    if (d->modules[k].count && !d->modules[k].library && strcmp(d->modules[k].name, kind) == 0)
      return &d->modules[k];
  return NULL;
}

static report_block *block(report_netlist *n, const char *name) {
  for (uint32_t k = 0; k < n->n_blocks; k++)
    if (strcmp(n->blocks[k].name, name) == 0) return &n->blocks[k];
  if (n->n_blocks == REPORT_BLOCKS) return &n->blocks[REPORT_BLOCKS - 1];
  strcpy(n->blocks[n->n_blocks].name, name);
  return &n->blocks[n->n_blocks++];
}

static void add_macro(report_netlist *n, const char *name, const char *kind) {
  size_t room = n->macros_room;
  report_macro *macros = grow(n->macros, n->n_macros, &room, sizeof *macros);
  if (!macros) return;
  n->macros = macros;
  n->macros_room = (uint32_t)room;
  report_macro *m = &macros[n->n_macros++];
  report_place_of(name, 1, m->folded);
  report_place_of(name, 0, m->place);
  snprintf(m->kind, sizeof m->kind, "%s", kind);
}

// A memory that the device has no RAM for: Yosys names its flip-flops after the array, "mem[3]...".
static int is_memory_bit(report_kind kind, const char *name) {
  const char *last = strrchr(name, '.');
  return kind.resource == RES_FF && kind.weight && last && strncmp(last + 1, "mem[", 4) == 0;
}

static void count_cell(design *d, const char *name, const char *kind) {
  const report_kind k = report_kind_of(d->family, kind);
  char where[REPORT_NAME];
  if (!k.weight) return;
  report_block_of(name, d->result->inside, where);
  block(d->result, where)->count[k.resource] += k.weight;
  if (k.is_macro) add_macro(d->result, name, kind);
  if (is_memory_bit(k, name)) add_macro(d->result, name, "flip-flop");
}

// All cells below `m`, whose instance path is `prefix`; depth keeps a netlist that contains itself from going
// on.
static void walk(design *d, const module *m, const char *prefix, int depth,
                 void (*visit)(design *d, const char *name, const char *kind)) {
  for (size_t k = m->first; k < m->first + m->count; k++) {
    const cell *c = &d->cells[k];
    const module *below = depth < DEPTH ? find_module(d, c->kind) : NULL;
    char name[1024];
    snprintf(name, sizeof name, "%s%s%s", prefix, *prefix ? "." : "", c->name);
    if (below)
      walk(d, below, name, depth + 1, visit);
    else
      visit(d, name, c->kind);
  }
}

static void find_inside(design *d, const char *name, const char *kind) {
  (void)kind;
  if (!d->result->read) d->result->read = report_find_inside(name, d->result->inside);
}

static int compare_macros(const void *a, const void *b) {
  const report_macro *x = a, *y = b;
  const int folded = strcmp(x->folded, y->folded), kind = strcmp(x->kind, y->kind);
  return folded ? folded : kind ? kind : strcmp(x->place, y->place);
}

static int compare_blocks(const void *a, const void *b) {
  return strcmp(((const report_block *)a)->name, ((const report_block *)b)->name);
}

static void count(design *d, const module *top) {
  report_netlist *n = d->result;
  walk(d, top, "", 0, find_inside);
  walk(d, top, "", 0, count_cell);
  qsort(n->blocks, n->n_blocks, sizeof n->blocks[0], compare_blocks);
  if (n->n_macros) qsort(n->macros, n->n_macros, sizeof n->macros[0], compare_macros);
  n->read = 1;
}

eie_status report_read_netlist(const char *path, eie_family family, report_netlist *n, eie_error *err) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  EIE_TRY(eie_file_read(path, SIZE_LIMIT, &bytes, &size, err));
  design d = {.family = family, .result = n};
  scan s = {(char *)bytes, (char *)bytes + size};
  eie_status status = EIE_OK;
  const module *top = NULL;
  if (!read_root(&s, &d))
    status = eie_fail(err, EIE_ERR_INPUT, "%s: not a JSON netlist of Yosys (it breaks off at byte %zu)", path,
                      (size_t)(s.at - (char *)bytes));
  for (size_t k = 0; k < d.n_modules; k++)
    if (d.modules[k].top) top = &d.modules[k];
  if (!status && !top) status = eie_fail(err, EIE_ERR_INPUT, "%s: no module is the top", path);
  if (!status) count(&d, top);
  free(d.modules);
  free(d.cells);
  free(bytes);
  return status;
}

void report_of_pes(const report_netlist *n, uint64_t sum[RES_NUM]) {
  memset(sum, 0, RES_NUM * sizeof sum[0]);
  for (uint32_t k = 0; k < n->n_blocks; k++) {
    const char *name = n->blocks[k].name;
    if (strncmp(name, "u_pe", 4) || (name[4] && name[4] != '.')) continue;
    for (int r = 0; r < RES_NUM; r++) sum[r] += n->blocks[k].count[r];
  }
}
