// SPDX-License-Identifier: Apache-2.0
// What the rtl_ programs leave out where a cycle costs much (Icarus: some hundred times Verilator's). They
// print what that was. EIE_PART names the part:
//   whole   everything (when it is not set)
//   long    random campaigns: arrays of up to 32 PEs, each as long as its budget lasts   (make test-icarus)
//   small   arrays of up to 16 PEs, the cheapest model of most configurations and small ones until there are
//           enough layers; some of the tests of each program                             (make test)
#ifndef RTL_PART_H
#define RTL_PART_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "eie_device.h"
#include "eie_image.h"

// What a campaign may cost is counted in words that go into memories, weighed with what a cycle costs: about
// as much for each PE as for all that is there once. It depends on no machine's speed.
typedef struct {
  int limited, small;
  uint32_t most_pe;       // PEs of a configuration
  uint64_t budget;        // of a configuration; in the small part twice as much for most_pe
  uint32_t layers;        // how many there must be
  uint64_t cheap, timed;  // small: most that a model costs which is there to make up the number; budget of a
                          // configuration of rtl_timing
} rtl_part;

static inline rtl_part read_part(void) {
  static const rtl_part whole = {.most_pe = 256, .budget = UINT64_MAX, .timed = UINT64_MAX, .layers = 500},
                        longer = {.limited = 1,
                                  .most_pe = 32,
                                  .budget = 250000,
                                  .timed = 150000,
                                  .layers = 100},
                        small = {.limited = 1,
                                 .small = 1,
                                 .most_pe = 16,
                                 .budget = 20000,
                                 .timed = 12000,
                                 .layers = 60,
                                 .cheap = 4000};
  const char *name = getenv("EIE_PART");
  if (!name || !*name || strcmp(name, "whole") == 0) return whole;
  if (strcmp(name, "long") == 0) return longer;
  if (strcmp(name, "small") != 0) fail_msg("EIE_PART=%s is not one of: whole, long, small", name);
  return small;
}

// About what a run of `inputs` inputs costs.
static inline uint64_t cost_of(const eie_packed *packed, uint32_t inputs) {
  eie_error err = {""};
  eie_packed_image image;
  uint64_t words = 0;
  if (eie_packed_image_make(packed, &image, &err)) fail_msg("%s", err.text);
  for (uint32_t b = 0; b < image.n_blocks; b++) words += image.blocks[b].count;
  eie_packed_image_free(&image);
  if (packed->n_loads > 1) words *= inputs;
  return (words + 500) * (packed->config.n_pe + 2);
}

// In the small part, takes the tests that are not among `kept` out of tests[n] (cmocka passes over an empty
// entry) and prints their names.
static inline void keep_small_part(struct CMUnitTest *tests, size_t n, const char *const *kept,
                                   size_t n_kept) {
  if (!read_part().small) return;
  for (size_t k = 0; k < n; k++) {
    int keep = 0;
    for (size_t i = 0; i < n_kept; i++) keep |= strcmp(tests[k].name, kept[i]) == 0;
    if (keep) continue;
    print_message("left out (EIE_PART=small): %s\n", tests[k].name);
    tests[k] = (struct CMUnitTest){.name = NULL};
  }
}
#define KEEP_SMALL_PART(tests, kept) \
  keep_small_part(tests, sizeof tests / sizeof tests[0], kept, sizeof kept / sizeof kept[0])

#endif
