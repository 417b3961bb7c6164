// SPDX-License-Identifier: Apache-2.0
// xoshiro256** and splitmix64 (Blackman and Vigna, public-domain algorithms), written from their
// description.
#include "eie_random.h"

static uint64_t rotate_left(uint64_t x, unsigned n) {
  return (x << n) | (x >> (64 - n));
}

void eie_random_seed(eie_random *r, uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    seed += 0x9E3779B97F4A7C15u;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    r->s[i] = z ^ (z >> 31);
  }
}

uint64_t eie_random_next(eie_random *r) {
  uint64_t *s = r->s;
  uint64_t result = rotate_left(s[1] * 5, 7) * 9;
  uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

// A 32-bit draw times n has the result in its high half; the low halves below 2^32 mod n are the
// uneven rest and are drawn again.
uint32_t eie_random_below(eie_random *r, uint32_t n) {
  uint32_t uneven = (uint32_t)(-n) % n;
  for (;;) {
    uint64_t product = (eie_random_next(r) >> 32) * n;
    if ((uint32_t)product >= uneven) return (uint32_t)(product >> 32);
  }
}

double eie_random_unit(eie_random *r) {
  return (double)(eie_random_next(r) >> 11) * 0x1p-53;
}

// The sum of twelve uniform numbers less six (Irwin-Hall): needs no logarithm, whose last bit
// differs between C libraries.
double eie_random_normal(eie_random *r) {
  double sum = 0;
  for (int i = 0; i < 12; i++) sum += eie_random_unit(r);
  return sum - 6;
}
