// SPDX-License-Identifier: Apache-2.0
// The libraries that the golden model is timed against, loaded at run time, each with one thread: OpenBLAS as
// Debian has it, OpenBLAS of PyPI's scipy-openblas32, MKL of PyPI's mkl (all in bench/requirements-blas.txt).
#ifndef SPEED_LIBRARIES_H
#define SPEED_LIBRARIES_H

#include <mkl_spblas.h>

typedef void sgemv_call(int order, int trans, int m, int n, float alpha, const float *a, int lda,
                        const float *x, int incx, float beta, float *y, int incy);
enum { CBLAS_ROW_MAJOR = 101, CBLAS_COLUMN_MAJOR = 102, CBLAS_NO_TRANSPOSE = 111 };

typedef struct {
  const char *name;   // as in the table
  char version[256];  // what the library says of itself, and the kernel it chose
  int threads;        // as it says
  sgemv_call *sgemv;
} dense_library;

typedef struct {
  char version[256];
  int threads;
  sparse_status_t (*create)(sparse_matrix_t *, sparse_index_base_t, MKL_INT rows, MKL_INT cols,
                            MKL_INT *begin, MKL_INT *end, MKL_INT *column, float *value);
  sparse_status_t (*hint)(sparse_matrix_t, sparse_operation_t, struct matrix_descr, MKL_INT calls);
  sparse_status_t (*optimize)(sparse_matrix_t);
  sparse_status_t (*product)(sparse_operation_t, float alpha, sparse_matrix_t, struct matrix_descr,
                             const float *x, float beta, float *y);
  sparse_status_t (*destroy)(sparse_matrix_t);
} sparse_library;

enum { DENSE_LIBRARIES = 2 };

typedef struct {
  dense_library dense[DENSE_LIBRARIES];
  sparse_library sparse;
} speed_libraries;

// Loads all three or ends the program with a sentence. They stay loaded.
void speed_libraries_load(speed_libraries *l);

#endif
