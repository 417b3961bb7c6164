// SPDX-License-Identifier: Apache-2.0
// The delays of the timing model by name, for tests that make each one too long and one too short.
#ifndef TIMING_DELAYS_H
#define TIMING_DELAYS_H

#include <stddef.h>

#include "eie_timing.h"

static const struct {
  const char *name;
  size_t offset;
} timing_delays[] = {{"first_group", offsetof(eie_timing_delays, first_group)},
                     {"fire_to_met", offsetof(eie_timing_delays, fire_to_met)},
                     {"credit_return", offsetof(eie_timing_delays, credit_return)},
                     {"drain", offsetof(eie_timing_delays, drain)},
                     {"write_back", offsetof(eie_timing_delays, write_back)},
                     {"act_queue", offsetof(eie_timing_delays, act_queue)},
                     {"work_queue", offsetof(eie_timing_delays, work_queue)}};
enum { N_WRONG = 2 * (sizeof timing_delays / sizeof timing_delays[0]) };

#endif
