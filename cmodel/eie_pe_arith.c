// SPDX-License-Identifier: Apache-2.0
// The arithmetic unit of a PE: one multiply-accumulate of ACC_W bits. docs/arithmetic.md.
#include "eie_golden.h"

int64_t eie_pe_arith(int64_t acc, int16_t weight, int16_t act, uint32_t acc_w, uint32_t *overflow) {
  const uint64_t sign = (uint64_t)1 << (acc_w - 1);
  const uint64_t mask = (sign << 1) - 1;
  const int64_t sum = acc + (int64_t)((int32_t)weight * act);  // at most 2^47 + 2^30: exact
  const int64_t wrapped = (int64_t)(((uint64_t)sum & mask) ^ sign) - (int64_t)sign;
  if (wrapped != sum) *overflow = 1;
  return wrapped;
}
