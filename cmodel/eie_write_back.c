// SPDX-License-Identifier: Apache-2.0
// Write-back of one row: bias, rounding shift, clamp to int16, ReLU. docs/arithmetic.md.
#include "eie_golden.h"

// floor(value / 2^shift), without shifting a negative number.
static int64_t floor_shift(int64_t value, uint32_t shift) {
  return value >= 0 ? value >> shift : ~(~value >> shift);
}

int16_t eie_write_back(int64_t acc, int32_t bias, uint32_t shift, uint32_t relu, uint32_t *clamped) {
  const int64_t sum = acc + bias;
  const int64_t half = shift == 0 ? 0 : (int64_t)1 << (shift - 1);
  const int64_t rounded = floor_shift(sum + half, shift);
  int64_t y = rounded;
  if (y > INT16_MAX) y = INT16_MAX;
  if (y < INT16_MIN) y = INT16_MIN;
  if (y != rounded) *clamped += 1;
  if (relu && y < 0) y = 0;
  return (int16_t)y;
}
