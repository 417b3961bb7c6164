// SPDX-License-Identifier: Apache-2.0
// The nine layers of the EIE paper's benchmark (ISCA 2016, tables III and IV): sizes, densities, and the
// cycles of its 64 PEs, which are 800 times its microseconds (64 PEs, 800 MHz, no batch).
#ifndef PAPER_LAYERS_H
#define PAPER_LAYERS_H

#include <stdint.h>

enum { PAPER_LAYERS = 9, PAPER_PES = 64 };

typedef struct {
  const char *name;
  uint32_t cols, rows;
  double density, act_density;  // of weights and of activations, 0..1
  uint32_t relu;                // the layer ends in one
  uint64_t cycles;              // of the paper's PAPER_PES PEs
} paper_layer;

extern const paper_layer paper_layers[PAPER_LAYERS];

#endif
