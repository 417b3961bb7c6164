// SPDX-License-Identifier: Apache-2.0
// Pseudo-random numbers that are the same on every machine: xoshiro256** seeded by splitmix64.
// Not for secrets. The reals use only +, -, *, / and sqrt, which IEEE 754 rounds exactly, so that
// even eie_random_normal gives the same bits everywhere.
#ifndef EIE_RANDOM_H
#define EIE_RANDOM_H

#include <stdint.h>

typedef struct {
  uint64_t s[4];
} eie_random;

void eie_random_seed(eie_random *r, uint64_t seed);    // every seed is good, 0 too
uint64_t eie_random_next(eie_random *r);               // 64 bits
uint32_t eie_random_below(eie_random *r, uint32_t n);  // 0 .. n - 1, unbiased; n >= 1
double eie_random_unit(eie_random *r);                 // [0, 1), multiples of 2^-53
double eie_random_normal(eie_random *r);               // mean 0, deviation 1, |x| <= 6

#endif
