// SPDX-License-Identifier: Apache-2.0
// Makes a failing case small: while it fails with the same kind of sentence, it loses actions, inputs,
// layers, rows, columns, weights and activations, the larger pieces first. docs/soak.md.
#ifndef SOAK_SHRINK_H
#define SOAK_SHRINK_H

#include "soak_run.h"

typedef struct {
  uint32_t runs;
  int timed_out;  // the limit ended it, not that nothing more could go
} soak_shrunk;

// *c becomes the small case, and *result how it fails. At most `seconds` and the run that is under way.
void soak_shrink(const soak_way *way, uint32_t seconds, soak_case *c, soak_result *result,
                 soak_shrunk *shrunk);

#endif
