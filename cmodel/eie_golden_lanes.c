// SPDX-License-Identifier: Apache-2.0
// Runs a lane stream: activations and shared weights of 16 rows are looked up in registers, two products
// a row and step. Needs AVX-512 BW; on other machines the layout is not made.
#include "eie_golden_natural.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

int natural_lanes_supported(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

int natural_lanes_vnni(void) {
  return natural_lanes_supported() && __builtin_cpu_supports("avx512vnni");
}

// The 16 shared weights twice, so that the lookup may see one bit too many.
__attribute__((target("avx512f,avx512bw"))) static __m512i codebook_twice(const int16_t *codebook) {
  return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)codebook));
}

// Weights and activations of the 32 words of a step; moves the window.
#define STEP(weights, acts)                                                                      \
  const __m512i words = _mm512_load_si512(step);                                                 \
  window += (size_t)(step[0] >> ADVANCE_SHIFT) * WINDOW_ADVANCE;                                 \
  const __m512i weights = _mm512_permutexvar_epi16(_mm512_srli_epi16(words, CODE_SHIFT), codes); \
  const __m512i acts = _mm512_permutex2var_epi16(_mm512_load_si512(window), words,               \
                                                 _mm512_load_si512(window + WINDOW_ADVANCE))

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void run_vnni(const lane_stream *s,
                                                                            const int16_t *codebook,
                                                                            const int16_t *in, int32_t *acc) {
  const __m512i codes = codebook_twice(codebook);
  for (uint32_t g = 0; g < s->n_groups; g++) {
    const uint16_t *step = s->words + (size_t)s->first[g] * STEP_WORDS;
    const uint16_t *end = s->words + (size_t)s->first[g + 1] * STEP_WORDS;
    const int16_t *window = in;
    __m512i even = _mm512_setzero_si512(), odd = even;  // two chains hide the latency of the sum
    while (step < end) {
      {
        STEP(weights, acts);
        even = _mm512_dpwssd_epi32(even, weights, acts);
        step += STEP_WORDS;
      }
      {
        STEP(weights, acts);
        odd = _mm512_dpwssd_epi32(odd, weights, acts);
        step += STEP_WORDS;
      }
    }
    _mm512_store_si512(acc + (size_t)g * LANES, _mm512_add_epi32(even, odd));
  }
}

__attribute__((target("avx512f,avx512bw"))) static void run_bw(const lane_stream *s, const int16_t *codebook,
                                                               const int16_t *in, int32_t *acc) {
  const __m512i codes = codebook_twice(codebook);
  for (uint32_t g = 0; g < s->n_groups; g++) {
    const uint16_t *step = s->words + (size_t)s->first[g] * STEP_WORDS;
    const uint16_t *end = s->words + (size_t)s->first[g + 1] * STEP_WORDS;
    const int16_t *window = in;
    __m512i sum = _mm512_setzero_si512();
    for (; step < end; step += STEP_WORDS) {
      STEP(weights, acts);
      sum = _mm512_add_epi32(sum, _mm512_madd_epi16(weights, acts));
    }
    _mm512_store_si512(acc + (size_t)g * LANES, sum);
  }
}

void natural_lanes_run(const lane_stream *s, const int16_t *codebook, const int16_t *in, int32_t *acc,
                       int vnni) {
  if (vnni)
    run_vnni(s, codebook, in, acc);
  else
    run_bw(s, codebook, in, acc);
}

#else

int natural_lanes_supported(void) {
  return 0;
}

int natural_lanes_vnni(void) {
  return 0;
}

void natural_lanes_run(const lane_stream *s, const int16_t *codebook, const int16_t *in, int32_t *acc,
                       int vnni) {
  (void)s, (void)codebook, (void)in, (void)acc, (void)vnni;
}

#endif
