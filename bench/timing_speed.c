// SPDX-License-Identifier: Apache-2.0
// How fast the timing model is on Alex-7 at 64 PEs, one core: cycles of the array in a second, each input's
// first pass (all else put out of the caches before) and passes repeated, by the vector path and by the
// portable one in turn; and what opening costs.
//   build/bench/timing_speed [CONFIG [REPEATS]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "eie_gen.h"
#include "eie_pack.h"
#include "eie_timing.h"

enum { INPUTS = 32, AGAIN = 10, PUT_OUT = 8 << 20, MOST_REPEATS = 1000 };

static void must(eie_status status, const eie_error *err) {
  if (status == EIE_OK) return;
  fprintf(stderr, "timing_speed: %s\n", err->text);
  exit(2);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void print(const char *what, const char *unit, double *all, int n) {
  qsort(all, (size_t)n, sizeof *all, ascending);
  printf("%-34s median %8.1f, %8.1f to %8.1f %s\n", what, all[n / 2], all[0], all[n - 1], unit);
}

typedef struct {
  const eie_packed *packed;
  const eie_activations *inputs;
  int16_t *vector;
  char *other;  // [PUT_OUT] written between passes that are to be first ones
} bench;

// Millions of cycles a second over all inputs, each pass `again` times in a row.
static double speed(const bench *b, eie_timing *t, int again) {
  eie_timing_counters c;
  double seconds = 0, cycles = 0;
  for (uint32_t i = 0; i < b->inputs->count; i++) {
    if (again == 1) memset(b->other, (int)i, PUT_OUT);
    eie_packed_scatter(b->packed, 0, b->inputs->data + (size_t)i * b->inputs->cols, b->vector);
    const double began = now();
    for (int k = 0; k < again; k++) {
      eie_timing_pass(t, 0, b->vector, &c, NULL);
      cycles += (double)c.cycles;
    }
    seconds += now() - began;
  }
  return cycles / seconds * 1e-6;
}

static void measure(const bench *b, int repeats) {
  static const char *const names[] = {"first pass, vector path", "repeated passes, vector path",
                                      "first pass, portable path", "repeated passes, portable path"};
  double opening[MOST_REPEATS], all[4][MOST_REPEATS];
  eie_error err;
  int wide = 0;
  for (int r = 0; r < repeats; r++) {
    eie_timing *vector, *portable;
    const double began = now();
    must(eie_timing_open(b->packed, &vector, &err), &err);
    opening[r] = (now() - began) * 1e3;
    must(eie_timing_open(b->packed, &portable, &err), &err);
    eie_timing_plain_only(portable);
    wide = eie_timing_is_wide(vector, 0);
    all[0][r] = speed(b, vector, 1);
    all[2][r] = speed(b, portable, 1);
    all[1][r] = speed(b, vector, AGAIN);
    all[3][r] = speed(b, portable, AGAIN);
    eie_timing_close(vector);
    eie_timing_close(portable);
  }
  if (!wide) puts("this processor has no AVX-512: the vector path is the portable one");
  print("opening (counts of all columns)", "ms", opening, repeats);
  for (int k = 0; k < 4; k++) print(names[k], "million cycles a second", all[k], repeats);
}

int main(int argc, char **argv) {
  const eie_gen_options gen = {.rows = 4096,
                               .cols = 4096,
                               .density = 0.09,
                               .act_density = 0.353,
                               .seed = 1,
                               .count = INPUTS,
                               .relu = 1,
                               .shift = 14,
                               .codebook_size = 16};
  const eie_pack_options options = {EIE_DEAL_BALANCED, 1};
  const int repeats = argc > 2 ? atoi(argv[2]) : 11;
  eie_error err;
  eie_config config;
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  if (repeats < 1 || repeats > MOST_REPEATS) {
    fprintf(stderr, "timing_speed: REPEATS is 1 to %d\n", MOST_REPEATS);
    return 2;
  }
  must(eie_config_read(argc > 1 ? argv[1] : "pe64", &config, &err), &err);
  must(eie_gen_model(&gen, &model, &err), &err);
  must(eie_gen_activations(&gen, &inputs, &err), &err);
  must(eie_pack(&model, &config, &options, &packed, &err), &err);
  const bench b = {&packed, &inputs, calloc((size_t)packed.layers[0].in_slots * config.n_pe, sizeof(int16_t)),
                   malloc(PUT_OUT)};
  if (!b.vector || !b.other) return 2;
  printf("Alex-7 (4096 x 4096, 9 %% of the weights, 35.3 %% of the activations) on %s, %d inputs, %d runs\n",
         config.name, INPUTS, repeats);
  measure(&b, repeats);
  free(b.vector);
  free(b.other);
  eie_packed_free(&packed);
  eie_activations_free(&inputs);
  eie_model_free(&model);
  return 0;
}
