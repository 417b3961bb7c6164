// SPDX-License-Identifier: Apache-2.0
// Smaller cases from a case: each function leaves *c as a legal case with less in it. docs/soak.md.
#ifndef SOAK_CUT_H
#define SOAK_CUT_H

#include "soak_case.h"

// Only layers first .. first + count - 1; the inputs become what the golden model has in front of `first`.
eie_status soak_cut_layers(soak_case *c, uint32_t first, uint32_t count, eie_error *err);

// Without elements from .. from + count - 1 of vector k: rows of layer k - 1, columns of layer k, inputs (0).
eie_status soak_cut_vector(soak_case *c, uint32_t k, uint32_t from, uint32_t count, eie_error *err);

// Without stored weights from .. from + count - 1 of layer k.
eie_status soak_cut_weights(soak_case *c, uint32_t k, uint32_t from, uint32_t count, eie_error *err);

// Without inputs from .. from + count - 1 of the batch; actions of the programs behind them move forward.
eie_status soak_cut_inputs(soak_case *c, uint32_t from, uint32_t count, eie_error *err);

void soak_cut_actions(soak_case *c, uint32_t from, uint32_t count);

#endif
