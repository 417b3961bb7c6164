// SPDX-License-Identifier: Apache-2.0
// What calibration promises: fewer cycles where activations are uneven, the same dealing where they are
// even, the same output bits always, and a packed directory that says what it was calibrated with.
#include "../cmodel/eie_golden.h"
#include "../cmodel/eie_pack_report.h"
#include "../cmodel/eie_timing.h"
#include "random_layers.h"

enum { ROWS = 240, COLS = 640, INPUTS = 24 };

static const eie_pack_options balanced = {EIE_DEAL_BALANCED, 1};

typedef struct {
  eie_config config;
  eie_model model;
  eie_activations inputs;
  eie_error err;
} fixture;

static void must(fixture *f, eie_status status) {
  if (status) fail_msg("%s", f->err.text);
}

// A layer on 16 PEs, and inputs whose first columns are active far more often than the others.
static void open_fixture(fixture *f, uint64_t seed, double often, double seldom) {
  eie_random r;
  memset(f, 0, sizeof *f);
  eie_random_seed(&r, seed);
  must(f, eie_config_read("pe16", &f->config, &f->err));
  f->model = (eie_model){.input_frac = 8, .n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  random_layer(&r, ROWS, COLS, 0.2, 16, 16, f->model.layers);
  snprintf(f->model.layers[0].name, EIE_NAME_SIZE, "layer0");
  f->inputs = (eie_activations){INPUTS, COLS, calloc((size_t)INPUTS * COLS, sizeof(int16_t))};
  for (uint32_t i = 0; i < INPUTS * COLS; i++)
    if (eie_random_unit(&r) < (i % COLS < COLS / 6 ? often : seldom)) f->inputs.data[i] = 77;
}

static void close_fixture(fixture *f) {
  eie_model_free(&f->model);
  eie_activations_free(&f->inputs);
}

static uint64_t cycles(fixture *f, const eie_packed *packed) {
  eie_timing *timing;
  uint64_t sum = 0;
  int16_t *in = calloc((size_t)packed->layers[0].in_slots * packed->config.n_pe, sizeof *in);
  must(f, eie_timing_open(packed, &timing, &f->err));
  for (uint32_t i = 0; i < INPUTS; i++) {
    eie_timing_counters c;
    eie_packed_scatter(packed, 0, f->inputs.data + (size_t)i * COLS, in);
    eie_timing_pass(timing, 0, in, &c, NULL);
    sum += c.cycles;
  }
  eie_timing_close(timing);
  free(in);
  return sum;
}

static void uneven_activations_take_fewer_cycles(void **state) {
  (void)state;
  const uint64_t seed = test_seed("uneven activations", 81);
  uint64_t plain = 0, calibrated = 0;
  for (uint64_t k = 0; k < 6; k++) {
    fixture f;
    eie_packed one, two;
    open_fixture(&f, seed + k, 0.9, 0.02);
    must(&f, eie_pack(&f.model, &f.config, &balanced, &one, &f.err));
    must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &two, &f.err));
    assert_int_equal(one.calibrated, 0);
    assert_int_equal(two.calibrated, INPUTS);
    plain += cycles(&f, &one);
    calibrated += cycles(&f, &two);
    eie_packed_free(&one);
    eie_packed_free(&two);
    close_fixture(&f);
  }
  print_message("  %llu cycles, calibrated %llu\n", (unsigned long long)plain,
                (unsigned long long)calibrated);
  assert_true(calibrated < plain);
}

static void even_activations_are_dealt_as_without(void **state) {
  (void)state;
  fixture f;
  eie_packed one, two;
  open_fixture(&f, 82, 1.0, 1.0);
  must(&f, eie_pack(&f.model, &f.config, &balanced, &one, &f.err));
  must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &two, &f.err));
  assert_memory_equal(one.layers[0].row_place, two.layers[0].row_place, ROWS * sizeof(uint32_t));
  memset(f.inputs.data, 0, (size_t)INPUTS * COLS * sizeof *f.inputs.data);  // nothing seen: nothing known
  eie_packed_free(&two);
  must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &two, &f.err));
  assert_memory_equal(one.layers[0].row_place, two.layers[0].row_place, ROWS * sizeof(uint32_t));
  eie_packed_free(&one);
  eie_packed_free(&two);
  close_fixture(&f);
}

// Several layers: the inner ones are calibrated with what the golden model makes of the inputs.
static void outputs_are_the_same_bits(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("same bits", 83));
  for (uint32_t n = 0; n < 20; n++) {
    fixture f = {.inputs = {.count = 3}};
    eie_packed packed;
    eie_golden *golden;
    eie_counters c;
    f.config = random_config(&r, n % 6, 4);
    f.config.acc_w = 32;  // as in natural order, so that sums wrap alike
    random_model(&r, 3, 60, f.config.code_w, &f.model);
    const eie_layer *last = &f.model.layers[2];
    f.inputs.cols = f.model.layers[0].cols;
    f.inputs.data = random_input(&r, 3 * f.inputs.cols);
    must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &packed, &f.err));
    must(&f, eie_golden_open(&packed, &golden, &f.err));
    int16_t *vectors[4], *want = calloc(last->rows, sizeof *want), *got = calloc(last->rows, sizeof *got);
    for (uint32_t k = 0; k < 4; k++)
      vectors[k] =
          calloc((size_t)(k < 3 ? packed.layers[k].in_slots : packed.layers[2].out_slots) * f.config.n_pe,
                 sizeof **vectors);
    eie_packed_scatter(&packed, 0, f.inputs.data, vectors[0]);
    for (uint32_t p = 0; p < packed.n_passes; p++) {
      const uint32_t k = packed.passes[p].layer;
      must(&f, eie_golden_pass(golden, p, vectors[k], vectors[k + 1], &c, NULL, &f.err));
    }
    eie_packed_gather(&packed, 3, vectors[3], got);
    must(&f, eie_golden_run(&f.model, f.inputs.data, want, NULL, NULL, &f.err));
    assert_memory_equal(want, got, last->rows * sizeof *want);
    for (uint32_t k = 0; k < 4; k++) free(vectors[k]);
    free(want);
    free(got);
    eie_golden_close(golden);
    eie_packed_free(&packed);
    close_fixture(&f);
  }
}

static void a_packed_directory_says_what_it_was_calibrated_with(void **state) {
  (void)state;
  fixture f;
  eie_packed packed, read;
  open_fixture(&f, 84, 0.8, 0.1);
  must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &packed, &f.err));
  must(&f, eie_packed_write("build/tmp/test_pack_calibrate", &packed, &f.err));
  must(&f, eie_packed_read("build/tmp/test_pack_calibrate", &read, &f.err));
  assert_int_equal(read.calibrated, INPUTS);
  assert_int_equal(read.calibration_crc32, packed.calibration_crc32);
  assert_memory_equal(read.layers[0].row_place, packed.layers[0].row_place, ROWS * sizeof(uint32_t));
  f.inputs.data[5] ^= 1;
  eie_packed_free(&read);
  must(&f, eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &read, &f.err));
  assert_int_not_equal(read.calibration_crc32, packed.calibration_crc32);
  eie_packed_free(&read);
  eie_packed_free(&packed);
  close_fixture(&f);
}

static void what_cannot_be_calibrated_is_refused(void **state) {
  (void)state;
  fixture f;
  eie_packed packed = {.n_layers = 77};
  const eie_pack_options interleaved = {EIE_DEAL_INTERLEAVED, 1};
  open_fixture(&f, 85, 0.8, 0.1);
  assert_int_equal(eie_pack_calibrated(&f.model, &f.config, &interleaved, &f.inputs, &packed, &f.err),
                   EIE_ERR_USE);
  assert_non_null(strstr(f.err.text, "interleaved"));
  f.inputs.cols--;
  assert_int_equal(eie_pack_calibrated(&f.model, &f.config, &balanced, &f.inputs, &packed, &f.err),
                   EIE_ERR_USE);
  assert_non_null(strstr(f.err.text, "639"));
  assert_int_equal(packed.n_layers, 77);
  f.inputs.cols++;
  close_fixture(&f);
}

static void the_report_compares_with_interleaving(void **state) {
  (void)state;
  fixture f;
  eie_packed one, two;
  eie_pack_report a, b;
  const eie_pack_options interleaved = {EIE_DEAL_INTERLEAVED, 1};
  open_fixture(&f, 86, 0.5, 0.5);
  must(&f, eie_pack(&f.model, &f.config, &interleaved, &one, &f.err));
  must(&f, eie_pack(&f.model, &f.config, &balanced, &two, &f.err));
  must(&f, eie_pack_report_make(&one, &a, &f.err));
  must(&f, eie_pack_report_make(&two, &b, &f.err));
  assert_int_equal(a.layers[0].weights_busiest, a.layers[0].interleaved_busiest);
  assert_int_equal(a.layers[0].weights_busiest, b.layers[0].interleaved_busiest);
  assert_int_equal(a.layers[0].blocks_busiest, b.layers[0].interleaved_blocks);
  assert_true(b.layers[0].weights_busiest < a.layers[0].weights_busiest);
  assert_true(b.layers[0].blocks_busiest < a.layers[0].blocks_busiest);
  assert_true(b.layers[0].perfect <= b.layers[0].weights_busiest);
  assert_true(b.layers[0].weights_busiest <= b.layers[0].blocks_busiest);
  assert_int_equal(b.layers[0].perfect, (f.model.layers[0].nnz + 15) / 16);
  eie_pack_report_free(&a);
  eie_pack_report_free(&b);
  eie_packed_free(&one);
  eie_packed_free(&two);
  close_fixture(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(uneven_activations_take_fewer_cycles),
                                     cmocka_unit_test(even_activations_are_dealt_as_without),
                                     cmocka_unit_test(outputs_are_the_same_bits),
                                     cmocka_unit_test(a_packed_directory_says_what_it_was_calibrated_with),
                                     cmocka_unit_test(what_cannot_be_calibrated_is_refused),
                                     cmocka_unit_test(the_report_compares_with_interleaving)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
