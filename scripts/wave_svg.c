// SPDX-License-Identifier: Apache-2.0
// Draws cycles of a wave file as an SVG timing diagram, or checks that a GTKWave save file names only signals
// that a wave file has. FST is read by the reader that comes with Verilator (scripts/waves.sh builds this).
//
//   wave_svg WAVE.fst LIST > PICTURE.svg
//   wave_svg --check WAVE.fst SAVE.gtkw
//   wave_svg --span WAVE.fst               its first and last cycle
//
// LIST, line by line:  title TEXT | around SIGNAL VALUE BEFORE AFTER [SKIP] | group TEXT | bit SIGNAL LABEL |
// number SIGNAL LABEL [if SIGNAL] | signed SIGNAL LABEL [if SIGNAL] | # comment.  A number is drawn while the
// other signal is 1. `around` shows the cycles around the first in which the signal has that value, after
// SKIP such beginnings. Cycles are numbered from the launch of the layer.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fstapi.h"

enum { MOST_ROWS = 64, MOST_CYCLES = 1 << 20, LABEL = 200, STEP = 40, HIGH = 22, TOP = 46 };

#define PREFIX "eie_top.eie_top."
#define LAUNCH PREFIX "u_ccu.pe_layer_start_o"
#define RUNNING PREFIX "u_ccu.running_o"

typedef enum { GROUP, BIT, NUMBER, SIGNED, HIDDEN } kind;

typedef struct {
  kind kind;
  char path[200], label[80];
  fstHandle handle;
  uint32_t bits;
  uint32_t valid;  // row whose 1 says that this one means something; 0: always
  char *value;     // [cycles][bits + 1], behind each rising edge
} row;

typedef struct {
  char title[200], around[200];
  long long value;
  int before, after, skip;
  row rows[MOST_ROWS];
  uint32_t n_rows;
  uint64_t cycles;  // of the wave file
} picture;

static void die(const char *what, const char *which) {
  fprintf(stderr, "wave_svg: %s %s\n", what, which);
  exit(1);
}

static row *add_row(picture *p, kind k, const char *signal, const char *label) {
  if (p->n_rows == MOST_ROWS) die("too many lines in the list, at", label);
  row *r = &p->rows[p->n_rows++];
  r->kind = k;
  snprintf(r->path, sizeof r->path, "%s%s", k == GROUP ? "" : PREFIX, signal);
  snprintf(r->label, sizeof r->label, "%s", label);
  return r;
}

static void add_number(picture *p, kind k, const char *signal, char *label) {
  char *condition = strstr(label, " if ");
  if (condition) *condition = 0;
  const uint32_t at = p->n_rows;
  add_row(p, k, signal, label);
  if (!condition) return;
  p->rows[at].valid = p->n_rows;
  add_row(p, HIDDEN, condition + 4, "");
}

static void read_list(const char *path, picture *p) {
  char line[400], a[180], b[200];
  FILE *f = fopen(path, "r");
  if (!f) die("cannot read", path);
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = 0;
    if (!line[0] || line[0] == '#') continue;
    if (!strncmp(line, "title ", 6))
      snprintf(p->title, sizeof p->title, "%.190s", line + 6);
    else if (!strncmp(line, "group ", 6))
      snprintf(add_row(p, GROUP, "", "")->label, 80, "%.70s", line + 6);
    else if (sscanf(line, "around %179s %lld %d %d %d", a, &p->value, &p->before, &p->after, &p->skip) >= 4)
      snprintf(p->around, sizeof p->around, PREFIX "%s", a);
    else if (sscanf(line, "bit %179s %199[^\n]", a, b) == 2)
      add_row(p, BIT, a, b);
    else if (sscanf(line, "number %179s %199[^\n]", a, b) == 2)
      add_number(p, NUMBER, a, b);
    else if (sscanf(line, "signed %179s %199[^\n]", a, b) == 2)
      add_number(p, SIGNED, a, b);
    else
      die("this line is not one of a list:", line);
  }
  fclose(f);
}

// Walks the hierarchy; for each variable calls back with its full name.
typedef void found_fn(void *context, const char *name, const struct fstHierVar *var);

static void walk(void *fst, found_fn *found, void *context) {
  char scope[600] = "", name[800];
  struct fstHier *h;
  while ((h = fstReaderIterateHier(fst))) {
    if (h->htyp == FST_HT_SCOPE) {
      const size_t at = strlen(scope);
      snprintf(scope + at, sizeof scope - at, "%s%s", at ? "." : "", h->u.scope.name);
    } else if (h->htyp == FST_HT_UPSCOPE) {
      char *dot = strrchr(scope, '.');
      if (dot)
        *dot = 0;
      else
        scope[0] = 0;
    } else if (h->htyp == FST_HT_VAR) {
      snprintf(name, sizeof name, "%s.%s", scope, h->u.var.name);
      found(context, name, (const struct fstHierVar *)(const void *)&h->u.var);
    }
  }
}

// Verilator writes "name [7:0]"; save files and lists have no blank.
static int same_name(const char *in_wave, const char *asked, int with_range) {
  const size_t n = strcspn(in_wave, " ");
  if (strncmp(in_wave, asked, n)) return 0;
  if (asked[n] == 0) return !with_range || in_wave[n] == 0;
  return with_range && in_wave[n] == ' ' && !strcmp(in_wave + n + 1, asked + n);
}

// ---- values --------------------------------------------------------------------------------------

static void find_rows(void *context, const char *name, const struct fstHierVar *var) {
  picture *p = context;
  for (uint32_t k = 0; k < p->n_rows; k++)
    if (p->rows[k].path[0] && same_name(name, p->rows[k].path, 0)) {
      p->rows[k].handle = var->handle;
      p->rows[k].bits = var->length;
    }
}

// Rising edge c is at time 2 c - 1: a value that comes at 2 c - 1 or 2 c stands from cycle c on.
static void take_value(void *context, uint64_t time, fstHandle handle, const unsigned char *value) {
  picture *p = context;
  const uint64_t cycle = (time + 1) / 2;
  for (uint32_t k = 0; k < p->n_rows; k++) {
    row *r = &p->rows[k];
    if (r->handle != handle || cycle >= p->cycles) continue;
    memcpy(r->value + cycle * (r->bits + 1), value, r->bits);
  }
}

static void take_long_value(void *context, uint64_t time, fstHandle handle, const unsigned char *value,
                            uint32_t length) {
  (void)length;
  take_value(context, time, handle, value);
}

static void read_wave(const char *path, picture *p) {
  void *fst = fstReaderOpen(path);
  if (!fst) die("not an FST file:", path);
  walk(fst, find_rows, p);
  p->cycles = fstReaderGetEndTime(fst) / 2 + 2;
  if (p->cycles > MOST_CYCLES) die("too long for a picture:", path);
  fstReaderClrFacProcessMaskAll(fst);
  for (uint32_t k = 0; k < p->n_rows; k++) {
    row *r = &p->rows[k];
    if (r->kind == GROUP) continue;
    if (!r->handle) die("the wave file has no signal", r->path);
    r->value = calloc(p->cycles, r->bits + 1);
    if (!r->value) die("no memory for", r->path);
    fstReaderSetFacProcessMask(fst, r->handle);
  }
  if (!fstReaderIterBlocks2(fst, take_value, take_long_value, p, NULL)) die("cannot read", path);
  fstReaderClose(fst);
  for (uint32_t k = 0; k < p->n_rows; k++)  // what did not change stays
    for (uint64_t c = 1; p->rows[k].kind != GROUP && c < p->cycles; c++) {
      char *v = p->rows[k].value + c * (p->rows[k].bits + 1);
      if (!v[0]) memcpy(v, v - (p->rows[k].bits + 1), p->rows[k].bits);
    }
}

static long long value_at(const row *r, uint64_t cycle) {
  const char *v = r->value + cycle * (r->bits + 1);
  long long x = 0;
  for (uint32_t b = 0; b < r->bits; b++) {
    if (v[b] != '0' && v[b] != '1') return -1;
    x = x * 2 + (v[b] == '1');
  }
  if (r->kind == SIGNED && v[0] == '1' && r->bits < 63) x -= 1LL << r->bits;
  return x;
}

// ---- drawing -------------------------------------------------------------------------------------

static uint64_t first_cycle(const picture *p, const row *around) {
  int skip = p->skip;
  for (uint64_t c = 1; c < p->cycles; c++)
    if (value_at(around, c) == p->value && value_at(around, c - 1) != p->value && skip-- == 0)
      return c > (uint64_t)p->before ? c - (uint64_t)p->before : 1;
  die("never has that value:", around->path);
  return 0;
}

// Cycle 0 of the layer: the cycle before the last launch that is seen, at the latest in the picture.
static uint64_t launch_before(const row *launch, const row *running, uint64_t from, uint64_t to) {
  uint64_t zero = from;
  for (uint64_t c = 1; c <= to; c++)
    if (value_at(launch, c) == 1 && value_at(running, c) == 1 && (c <= from + 8 || zero == from))
      zero = c - 1;
  return zero;
}

static void draw_bit(const row *r, uint64_t from, uint64_t to, int y) {
  printf("<path class=\"w\" d=\"");
  for (uint64_t c = from; c <= to; c++) {
    const int x = LABEL + (int)(c - from) * STEP, level = value_at(r, c) == 1 ? y + 3 : y + HIGH - 5;
    printf("%s%d %d L%d %d ", c == from ? "M" : "L", x, level, x + STEP, level);
  }
  printf("\"/>\n");
}

static void draw_number(const picture *p, const row *r, uint64_t from, uint64_t to, int y) {
  for (uint64_t c = from; c <= to;) {
    uint64_t end = c;
    const int shown = !r->valid || value_at(&p->rows[r->valid], c) == 1;
    while (end < to && value_at(r, end + 1) == value_at(r, c) &&
           shown == (!r->valid || value_at(&p->rows[r->valid], end + 1) == 1))
      end++;
    const int x0 = LABEL + (int)(c - from) * STEP, x1 = LABEL + (int)(end + 1 - from) * STEP;
    char text[32];
    snprintf(text, sizeof text, "%lld", value_at(r, c));
    if (!shown) {
      printf("<path class=\"x\" d=\"M%d %d L%d %d\"/>\n", x0, y + 10, x1, y + 10);
      c = end + 1;
      continue;
    }
    printf("<path class=\"b\" d=\"M%d %d L%d %d L%d %d L%d %d L%d %d L%d %d Z\"/>", x0, y + 10, x0 + 3, y + 2,
           x1 - 3, y + 2, x1, y + 10, x1 - 3, y + 18, x0 + 3, y + 18);
    printf("<text class=\"v\"%s x=\"%d\" y=\"%d\">%s</text>\n",
           end == c && strlen(text) > 5 ? " style=\"font-size:8px\"" : "", (x0 + x1) / 2, y + 14, text);
    c = end + 1;
  }
}

static void draw_rows(const picture *p, uint64_t from, uint64_t to, int width) {
  int y = TOP;
  for (uint32_t k = 0; k < p->n_rows; k++, y += HIGH) {
    const row *r = &p->rows[k];
    if (r->kind == GROUP) {
      printf("<rect class=\"g\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>", y, width, HIGH - 3);
      printf("<text class=\"h\" x=\"6\" y=\"%d\">%s</text>\n", y + 14, r->label);
      continue;
    }
    if (r->kind == HIDDEN) {
      y -= HIGH;
      continue;
    }
    printf("<text class=\"l\" x=\"%d\" y=\"%d\">%s</text>\n", LABEL - 8, y + 14, r->label);
    if (r->kind == BIT)
      draw_bit(r, from, to, y);
    else
      draw_number(p, r, from, to, y);
  }
}

static void draw(const picture *p, uint64_t from, uint64_t to, uint64_t zero) {
  int rows = 0;
  for (uint32_t k = 0; k < p->n_rows; k++) rows += p->rows[k].kind != HIDDEN;
  const int width = LABEL + (int)(to - from + 1) * STEP + 10, height = TOP + rows * HIGH + 10;
  printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n",
         width, height);
  printf(
      "<!-- made by scripts/waves.sh from a trace of the RTL -->\n<style>.w{fill:none;stroke:#1a5fb4;"
      "stroke-width:1.6}.b{fill:#e8f0fb;stroke:#1a5fb4;stroke-width:1}.x{stroke:#bbb;stroke-width:1}.v{font-"
      "size:11px;text-anchor:middle;"
      "fill:#222}.l{font-size:12px;text-anchor:end;fill:#222}.h{font-size:12px;font-weight:bold;fill:#222}"
      ".g{fill:#eee}.c{font-size:10px;text-anchor:middle;fill:#666}.t{font-size:14px;font-weight:bold;"
      "fill:#222}.n{stroke:#ddd;stroke-width:1}</style>\n");
  printf("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, height);
  printf(
      "<text class=\"t\" x=\"6\" y=\"17\">%s</text>\n<text class=\"c\" x=\"%d\" y=\"38\" "
      "style=\"text-anchor:end\">cycle of the layer</text>\n",
      p->title, LABEL - 8);
  for (uint64_t c = from; c <= to; c++) {
    const int x = LABEL + (int)(c - from) * STEP;
    printf("<path class=\"n\" d=\"M%d %d L%d %d\"/><text class=\"c\" x=\"%d\" y=\"38\">%lld</text>\n", x,
           TOP - 4, x, height - 6, x + STEP / 2, (long long)c - (long long)zero);
  }
  draw_rows(p, from, to, width);
  printf("</svg>\n");
}

static int make_picture(const char *wave, const char *list) {
  static picture p;
  add_row(&p, HIDDEN, LAUNCH + strlen(PREFIX), "");
  add_row(&p, HIDDEN, RUNNING + strlen(PREFIX), "");
  read_list(list, &p);
  if (!p.around[0]) die("no line \"around\" in", list);
  row *around = add_row(&p, HIDDEN, p.around + strlen(PREFIX), "");
  read_wave(wave, &p);
  const uint64_t from = first_cycle(&p, around);
  uint64_t to = from + (uint64_t)(p.before + p.after);
  if (to >= p.cycles) to = p.cycles - 1;
  draw(&p, from, to, launch_before(&p.rows[0], &p.rows[1], from, to));
  for (uint32_t k = 0; k < p.n_rows; k++) free(p.rows[k].value);
  return 0;
}

// ---- checking a save file ------------------------------------------------------------------------

typedef struct {
  const char *name;
  int found;
} search;

static void find_name(void *context, const char *name, const struct fstHierVar *var) {
  search *s = context;
  (void)var;
  if (same_name(name, s->name, 1)) s->found = 1;
}

static int check_save(const char *wave, const char *save) {
  char line[400];
  int signals = 0, unknown = 0;
  FILE *f = fopen(save, "r");
  void *fst = fstReaderOpen(wave);
  if (!f) die("cannot read", save);
  if (!fst) die("not an FST file:", wave);
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, "eie_top.", 8)) continue;
    search s = {line, 0};
    fstReaderIterateHierRewind(fst);
    walk(fst, find_name, &s);
    signals++;
    if (s.found) continue;
    unknown++;
    printf("%s: the wave file has no %s\n", save, line);
  }
  printf("%d signals, %d unknown\n", signals, unknown);
  fclose(f);
  fstReaderClose(fst);
  return signals == 0 || unknown;
}

static int print_span(const char *wave) {
  void *fst = fstReaderOpen(wave);
  if (!fst) die("not an FST file:", wave);
  printf("%" PRIu64 " %" PRIu64 "\n", (fstReaderGetStartTime(fst) + 1) / 2,
         (fstReaderGetEndTime(fst) + 1) / 2);
  fstReaderClose(fst);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "--span")) return print_span(argv[2]);
  if (argc == 4 && !strcmp(argv[1], "--check")) return check_save(argv[2], argv[3]);
  if (argc == 3) return make_picture(argv[1], argv[2]);
  fprintf(stderr, "wave_svg WAVE.fst LIST > PICTURE.svg, or wave_svg --check WAVE.fst SAVE.gtkw\n");
  return 2;
}
