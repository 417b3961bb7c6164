// SPDX-License-Identifier: Apache-2.0
// A small two-layer network on pe4 whose every weight, activation and bias shows in the outputs, so that
// a flipped bit anywhere must be seen. Shared by the tests of the harness on each engine.
#ifndef EIE_HARNESS_FIXTURE_H
#define EIE_HARNESS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the five above first.
#include <cmocka.h>

#include "device_planted.h"
#include "eie_compare.h"
#include "eie_random.h"

typedef struct {
  eie_config config;
  eie_model model;
  eie_packed packed;
  eie_packed_image image;
  eie_activations inputs;
  eie_device *device;  // planted, so that each test can spoil it
  eie_compare_report report;
  eie_error err;
} fixture;

static inline void must(eie_status status, const eie_error *err) {
  if (status) fail_msg("%s", err->text);
}

// Weights are small odd numbers and the shift is 0, so that outputs are exact sums and never clamp.
static inline void fixture_layer(eie_layer *l, uint32_t rows, uint32_t cols, const char *name,
                                 eie_random *rng, eie_error *err) {
  *l = (eie_layer){.rows = rows, .cols = cols, .nnz = rows * cols, .codebook_size = 16};
  snprintf(l->name, sizeof l->name, "%s", name);
  must(eie_layer_alloc(l, err), err);
  for (uint32_t k = 0; k < rows * cols; k++) {
    l->indices[k] = k % rows;
    l->codes[k] = (uint8_t)(1 + eie_random_below(rng, 15));
  }
  for (uint32_t c = 0; c <= cols; c++) l->indptr[c] = c * rows;
  for (uint32_t k = 1; k < 16; k++) l->codebook[k] = (int16_t)(2 * (int)k - 17);
  for (uint32_t r = 0; r < rows; r++) l->bias[r] = 1 + (int32_t)r;
}

static inline void fixture_open_sized(fixture *f, const char *engine, uint32_t cols, uint32_t hidden,
                                      uint32_t outputs) {
  static const eie_plant nothing = {EIE_PLANT_NOTHING, 0, 0, 0};
  const eie_pack_options pack = {EIE_DEAL_INTERLEAVED, 1};
  const eie_device_options options = {.seed = 1, .build = EIE_BUILD_FAST, .verbose = 1};
  eie_random rng;
  eie_device *inner = NULL;
  memset(f, 0, sizeof *f);
  eie_random_seed(&rng, 5);
  f->model.n_layers = 2;
  f->model.layers = calloc(2, sizeof *f->model.layers);
  fixture_layer(&f->model.layers[0], hidden, cols, "fc1", &rng, &f->err);
  fixture_layer(&f->model.layers[1], outputs, hidden, "fc2", &rng, &f->err);
  must(eie_config_read("pe4", &f->config, &f->err), &f->err);
  must(eie_pack(&f->model, &f->config, &pack, &f->packed, &f->err), &f->err);
  assert_int_equal(f->packed.n_passes, 2);
  assert_int_equal(f->packed.all_visible, 1);
  must(eie_packed_image_make(&f->packed, &f->image, &f->err), &f->err);
  f->inputs = (eie_activations){.count = 2, .cols = cols, .data = calloc(2 * (size_t)cols, sizeof(int16_t))};
  for (uint32_t i = 0; i < 2 * cols; i++) f->inputs.data[i] = (int16_t)(1 + i % 5);
  must(eie_device_open(engine, &f->config, &options, &inner, &f->err), &f->err);
  must(eie_device_plant(inner, &nothing, &f->device, &f->err), &f->err);
}

static inline void fixture_open(fixture *f, const char *engine) {
  fixture_open_sized(f, engine, 12, 10, 6);
}

static inline void fixture_close(fixture *f) {
  eie_device_close(f->device);
  eie_compare_report_free(&f->report);
  eie_packed_image_free(&f->image);
  eie_packed_free(&f->packed);
  eie_model_free(&f->model);
  eie_activations_free(&f->inputs);
}

static inline eie_status fixture_run(fixture *f, int skip_verify) {
  const eie_compare_job job = {.packed = &f->packed,
                               .image = &f->image,
                               .model = NULL,
                               .inputs = &f->inputs,
                               .count = f->inputs.count,
                               .device = f->device,
                               .skip_verify = skip_verify};
  eie_compare_report_free(&f->report);
  f->err.text[0] = 0;
  return eie_compare_run(&job, &f->report, &f->err);
}

// The run must be red, and its sentence must hold each of the words.
static inline void expect_red(fixture *f, eie_status status, eie_status want, const char *const *words) {
  if (status != want) fail_msg("status %d in place of %d: %s", status, want, f->err.text);
  for (; *words; words++)
    if (!strstr(f->err.text, *words)) fail_msg("\"%s\" is missing in: %s", *words, f->err.text);
  print_message("  %s\n", f->err.text);
}
#define EXPECT_RED(f, status, want, ...) expect_red(f, status, want, (const char *const[]){__VA_ARGS__, NULL})

// And green again with the fault taken out: a spoilt run leaves nothing behind.
static inline void expect_green(fixture *f) {
  static const eie_plant nothing = {EIE_PLANT_NOTHING, 0, 0, 0};
  eie_device_replant(f->device, &nothing);
  must(eie_device_reset(f->device, &f->err), &f->err);
  must(fixture_run(f, 0), &f->err);
  assert_int_equal(f->report.inputs, 2);
  assert_int_equal(f->report.sum.compared, 2 * (10 + 6));
  assert_int_equal(f->report.sum.differing, 0);
}

#endif
