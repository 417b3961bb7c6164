// SPDX-License-Identifier: Apache-2.0
// Synthetic layers and activations: the same bytes from the same seed on every machine.
#ifndef EIE_GEN_H
#define EIE_GEN_H

#include "eie_model.h"
#include "eie_random.h"
#include "eie_tensor.h"

typedef struct {
  uint32_t rows, cols;
  double density;      // of the weights, 0..1
  double act_density;  // of the activations, 0..1
  double uneven;       // sigma of log-normal row densities, 0: all rows alike
  uint64_t seed;
  uint32_t count;          // input vectors
  uint32_t relu;           // 0 or 1
  uint32_t shift;          // write-back shift
  uint32_t codebook_size;  // 16 or 256
} eie_gen_options;

// Fills *model with one layer: weight (r, c) is there with the probability of its row, independently;
// codes are uniform over 1 .. codebook_size - 1; shared weights are pairs of w and -w, |w| half-normal
// with deviation 2^10 (weight_frac 14), and one small odd one; biases are normal with deviation 2^16;
// input_frac 8. Rows whose drawn density passes 1 are cut to 1 and the others raised so that the mean
// stays `density`.
eie_status eie_gen_model(const eie_gen_options *options, eie_model *model, eie_error *err);

// Fills *acts: each activation is non-zero with probability act_density, then uniform over 1..1023
// (as after ReLU), from a stream of its own: the model does not change with `count`.
eie_status eie_gen_activations(const eie_gen_options *options, eie_activations *acts, eie_error *err);

#endif
