// SPDX-License-Identifier: Apache-2.0
// The progress line: "label  1,234 of 10,000  12 %", redrawn in place on a terminal, silent elsewhere.
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "eie_cli.h"

enum { REDRAW_MS = 100 };

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void eie_progress_start(eie_progress *p, const char *label, uint64_t total) {
  *p = (eie_progress){.label = label, .total = total, .on = isatty(STDERR_FILENO)};
  eie_progress_update(p, 0);
}

void eie_progress_update(eie_progress *p, uint64_t done) {
  if (!p->on) return;
  int64_t now = now_ms();
  if (p->drawn_ms && now - p->drawn_ms < REDRAW_MS) return;
  p->drawn_ms = now;
  unsigned percent = p->total ? (unsigned)(100.0 * (double)done / (double)p->total) : 100;
  fprintf(stderr, "\r\033[K%s  %llu of %llu  %u %%", p->label, (unsigned long long)done,
          (unsigned long long)p->total, percent);
  fflush(stderr);
}

void eie_progress_end(eie_progress *p) {
  if (!p->on) return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  p->on = 0;
}
