// SPDX-License-Identifier: Apache-2.0
// The .npy container: one array of numbers. Little-endian, row-major, versions 1.0 to 3.0.
//
//   bytes 0..5   0x93 "NUMPY";  byte 6, 7  version major, minor
//   header length, little-endian: 2 bytes in version 1, 4 bytes in versions 2 and 3
//   header       {'descr': '<i2', 'fortran_order': False, 'shape': (10, 784), } with blanks and '\n'
//   data         exactly what shape and descr ask for
#ifndef EIE_NPY_H
#define EIE_NPY_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

enum { EIE_NPY_MAX_DIMS = 8 };

typedef struct {
  char kind;       // 'i' signed, 'u' unsigned, 'f' real
  uint32_t bytes;  // of an element: 1, 2, 4 or 8
  uint32_t n_dims;
  uint64_t dims[EIE_NPY_MAX_DIMS];
  uint64_t count;       // elements: product of dims
  const uint8_t *data;  // [count * bytes], no alignment promised
  uint8_t *owned;       // the file
} eie_npy;

// 1 when the bytes begin like a .npy file.
int eie_npy_magic(const uint8_t *bytes, size_t size);

eie_status eie_npy_read(const char *path, eie_npy *npy, eie_error *err);
void eie_npy_free(eie_npy *npy);

// Writes int16 values of shape (rows, cols), version 1.0.
eie_status eie_npy_write_i16(const char *path, const int16_t *data, uint32_t rows, uint32_t cols,
                             eie_error *err);

// Element i of an array of integers (kind 'i' or 'u'). Returns 0, or -1 when int64 cannot hold it.
int eie_npy_integer(const eie_npy *npy, uint64_t i, int64_t *value);

// Element i of an array of '<f4'.
float eie_npy_f32(const eie_npy *npy, uint64_t i);

#endif
