// SPDX-License-Identifier: Apache-2.0
#include "speed_contest.h"

#include <time.h>

static double read_clock(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double speed_processor_seconds(void) {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static void take_turn(contestant *c, double seconds) {
  c->run(c->context);
  const double start = read_clock(CLOCK_MONOTONIC);
  double before = start;
  for (int i = 0; i < 3 || before - start < seconds; i++) {
    c->run(c->context);
    const double after = read_clock(CLOCK_MONOTONIC);
    if (c->best == 0 || after - before < c->best) c->best = after - before;
    before = after;
  }
}

void speed_contest(contestant *c, int n, int rounds, double seconds) {
  for (int i = 0; i < n; i++) c[i].best = 0;
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < n; i++) take_turn(&c[i], seconds);
}
