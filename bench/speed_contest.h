// SPDX-License-Identifier: Apache-2.0
// Times several ways to do the same thing, in turns, so that what else the machine does meets all of them.
#ifndef SPEED_CONTEST_H
#define SPEED_CONTEST_H

typedef struct {
  const char *name;
  void (*run)(void *context);
  void *context;
  double best;  // seconds of one run
} contestant;

double speed_processor_seconds(void);  // that this process has used

// `rounds` times, each contestant in turn: one run that is not timed, so that its data is in whatever cache
// holds it, then as many as take about `seconds` (at least three), each timed alone; the best counts.
void speed_contest(contestant *c, int n, int rounds, double seconds);

#endif
