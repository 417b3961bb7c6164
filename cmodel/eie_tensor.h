// SPDX-License-Identifier: Apache-2.0
// Inputs, outputs and labels: .npy files and IDX files (plain or gz). docs/tensor-formats.md.
#ifndef EIE_TENSOR_H
#define EIE_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

typedef struct {
  uint32_t count;  // vectors
  uint32_t cols;   // activations a vector
  int16_t *data;   // [count][cols], row-major; owned
} eie_activations;

typedef struct {
  uint32_t count;
  int32_t *data;  // [count]; owned
} eie_labels;

// Real value to int16: floor(x * 2^frac + 0.5) in double, clamped; NaN and infinity are refused.
// Returns 0 and sets *out, or -1 for a value that is not finite.
int eie_quantise(double x, int32_t frac, int16_t *out);

// Reads activations for a layer of `cols` inputs: .npy int16 or float32 of shape (count, cols) or
// (cols,), or IDX bytes whose dimensions after the first multiply to cols; float32 and bytes are
// quantised with `frac` (a byte is the real value pixel / 256). The caller owns *out.
eie_status eie_activations_read(const char *path, uint32_t cols, int32_t frac, eie_activations *out,
                                eie_error *err);
eie_status eie_activations_write(const char *path, const eie_activations *acts, eie_error *err);
void eie_activations_free(eie_activations *acts);

// Reads labels: IDX bytes of one dimension, or .npy of any integer type and one dimension.
eie_status eie_labels_read(const char *path, eie_labels *out, eie_error *err);
void eie_labels_free(eie_labels *labels);

// Reads an IDX file of unsigned bytes (plain or gz): *count items of *item_size bytes. The caller
// frees *bytes. Used by training, which wants the raw pixels.
eie_status eie_idx_read(const char *path, uint32_t *count, uint32_t *item_size, uint8_t **bytes,
                        eie_error *err);

#endif
