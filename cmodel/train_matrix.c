// SPDX-License-Identifier: Apache-2.0
// The three matrix products of training, on OpenBLAS.
#include "train_matrix.h"

#include <cblas.h>

void train_matrix_one_thread(void) {
  openblas_set_num_threads(1);
}

void train_matrix_forward(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, 1.0f, a, (int)k, b, (int)k,
              0.0f, c, (int)n);
}

void train_matrix_input_grad(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1.0f, a, (int)k, b, (int)n,
              0.0f, c, (int)n);
}

void train_matrix_weight_grad(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c) {
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1.0f, a, (int)m, b, (int)n,
              0.0f, c, (int)n);
}
