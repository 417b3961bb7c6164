// SPDX-License-Identifier: Apache-2.0
// Write-back of one row: bias, rounding shift, clamp to int16, ReLU. docs/arithmetic.md.
#include "eie_golden.h"

// floor(value / 2^shift), without shifting a negative number and without a branch.
static inline int64_t floor_shift(int64_t value, uint32_t shift) {
  const int64_t sign = -(int64_t)(value < 0);
  return ((value ^ sign) >> shift) ^ sign;
}

static inline __attribute__((always_inline)) int16_t write_back(int64_t acc, int32_t bias, uint32_t shift,
                                                                uint32_t relu, uint32_t *clamped) {
  const int64_t half = shift == 0 ? 0 : (int64_t)1 << (shift - 1);
  const int64_t rounded = floor_shift(acc + bias + half, shift);
  int64_t y = rounded > INT16_MAX ? INT16_MAX : rounded;
  y = y < INT16_MIN ? INT16_MIN : y;
  *clamped += y != rounded;
  y = relu && y < 0 ? 0 : y;
  return (int16_t)y;
}

int16_t eie_write_back(int64_t acc, int32_t bias, uint32_t shift, uint32_t relu, uint32_t *clamped) {
  return write_back(acc, bias, shift, relu, clamped);
}

static inline __attribute__((always_inline)) uint32_t all_rows(const int32_t *acc, const int32_t *bias,
                                                               uint32_t n, uint32_t shift, uint32_t relu,
                                                               int16_t *out) {
  uint32_t clamped = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t here = 0;
    out[i] = write_back(acc[i], bias[i], shift, relu, &here);
    clamped += here;
  }
  return clamped;
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"), optimize("O3"))) static uint32_t all_rows_avx512(
    const int32_t *restrict acc, const int32_t *restrict bias, uint32_t n, uint32_t shift, uint32_t relu,
    int16_t *restrict out) {
  return all_rows(acc, bias, n, shift, relu, out);
}
#endif

uint32_t eie_write_back_rows(const int32_t *acc, const int32_t *bias, uint32_t n, uint32_t shift,
                             uint32_t relu, int16_t *out) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return all_rows_avx512(acc, bias, n, shift, relu, out);
#endif
  return all_rows(acc, bias, n, shift, relu, out);
}
