// SPDX-License-Identifier: Apache-2.0
#include "speed_contest.h"

#include <time.h>

double speed_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void take_turn(contestant *c, double seconds) {
  c->run(c->context);
  const double start = speed_seconds();
  double before = start;
  for (int i = 0; i < 3 || before - start < seconds; i++) {
    c->run(c->context);
    const double after = speed_seconds();
    if (c->best == 0 || after - before < c->best) c->best = after - before;
    before = after;
  }
}

void speed_contest(contestant *c, int n, int rounds, double seconds) {
  for (int i = 0; i < n; i++) c[i].best = 0;
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < n; i++) take_turn(&c[i], seconds);
}
