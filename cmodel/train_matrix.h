// SPDX-License-Identifier: Apache-2.0
// The three matrix products of training. The only door to BLAS; row-major, single precision.
#ifndef TRAIN_MATRIX_H
#define TRAIN_MATRIX_H

#include <stdint.h>

// Holds BLAS to one thread, which is what makes its sums repeat bit for bit on one machine.
void train_matrix_one_thread(void);

// c[m][n] = a[m][k] * b[n][k] transposed: outputs of a layer from its inputs.
void train_matrix_forward(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c);

// c[m][n] = a[m][k] * b[k][n]: gradient of a layer's inputs from that of its outputs.
void train_matrix_input_grad(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c);

// c[m][n] = a[k][m] transposed * b[k][n]: gradient of a layer's weights over k images.
void train_matrix_weight_grad(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c);

#endif
