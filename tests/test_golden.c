// SPDX-License-Identifier: Apache-2.0
// The golden model against an evaluation that shares nothing with it: exact sums in 128 bits, reduced
// once at the end; rounding by floor division; overflow by counting how often the exact sum changed its
// period of 2^ACC_W.
#include "../cmodel/eie_golden.h"
#include "random_layers.h"

typedef __int128 wide;

static wide power(uint32_t n) {
  wide p = 1;
  while (n-- > 0) p *= 2;
  return p;
}

static wide floor_divide(wide a, wide b) {
  const wide q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

// In which period of 2^acc_w an exact sum lies; 0 is the accumulator's own range.
static wide period(wide sum, uint32_t acc_w) {
  return floor_divide(sum + power(acc_w - 1), power(acc_w));
}

static wide reduce(wide sum, uint32_t acc_w) {
  return sum - period(sum, acc_w) * power(acc_w);
}

static int16_t expected_output(wide acc, int32_t bias, uint32_t shift, uint32_t relu, uint32_t *clamped) {
  const wide y = floor_divide(2 * (acc + bias) + (shift == 0 ? 0 : power(shift)), 2 * power(shift));
  const wide low = relu ? 0 : -32768;
  *clamped += y > 32767 || y < -32768;
  return (int16_t)(y > 32767 ? 32767 : y < low ? low : y);
}

static void test_every_add_wraps_and_flags_like_exact_sums(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("every add", 21));
  for (uint32_t acc_w = 32; acc_w <= 48; acc_w++)
    for (uint32_t n = 0; n < 20000; n++) {
      const int64_t top = ((int64_t)1 << (acc_w - 1)) - 1;
      const int64_t near = (int64_t)eie_random_below(&r, 4) * (INT32_C(1) << 28);
      const int64_t any = (int64_t)(eie_random_next(&r) >> (65 - acc_w));
      const int64_t acc[6] = {any, -1 - any, top - near, -1 - top + near, top, -1 - top};
      const int64_t a = acc[eie_random_below(&r, 6)];
      const int16_t weight = any_int16(&r), act = any_int16(&r);
      const wide exact = (wide)a + (wide)weight * act;
      uint32_t overflow = 0, sticky = 1;
      assert_true(eie_pe_arith(a, weight, act, acc_w, &overflow) == reduce(exact, acc_w));
      assert_int_equal(overflow, period(exact, acc_w) != 0);
      eie_pe_arith(0, weight, act, acc_w, &sticky);
      assert_int_equal(sticky, 1);
    }
}

static void test_write_back_rounds_clamps_and_rectifies_like_floor_division(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("write-back", 22));
  for (uint32_t shift = 0; shift <= 31; shift++)
    for (uint32_t n = 0; n < 20000; n++) {
      const uint32_t acc_w = between(&r, 32, 48);
      int64_t acc = (int64_t)(eie_random_next(&r) >> (64 - acc_w)) - ((int64_t)1 << (acc_w - 1));
      int32_t bias = any_int32(&r);
      if (n % 4 == 1) acc = ((int64_t)1 << (acc_w - 1)) - 1 - eie_random_below(&r, 2);
      if (n % 4 == 2) acc = -((int64_t)1 << (acc_w - 1)) + eie_random_below(&r, 2);
      // Around the halves and the clamps: the sum is a wanted output and some small step, scaled.
      if (n % 4 == 3) {
        const int64_t output = (int64_t)between(&r, 0, 65540) - 32770;
        bias = (int32_t)eie_random_below(&r, 1000) - 500;
        acc = output * ((int64_t)1 << shift) + (((int64_t)1 << shift) >> 1) - bias;
        acc += (int64_t)eie_random_below(&r, 3) - 1;
      }
      const uint32_t relu = n / 4 % 2;
      uint32_t clamped = 7, expected_clamped = 7;
      const int16_t expected = expected_output(acc, bias, shift, relu, &expected_clamped);
      assert_int_equal(eie_write_back(acc, bias, shift, relu, &clamped), expected);
      assert_int_equal(clamped, expected_clamped);
    }
}

static void test_write_back_by_hand(void **state) {
  (void)state;
  uint32_t clamped = 0;
  assert_int_equal(eie_write_back(5, 0, 1, 0, &clamped), 3);    // 2.5 -> 3
  assert_int_equal(eie_write_back(-5, 0, 1, 0, &clamped), -2);  // -2.5 -> -2: half goes up
  assert_int_equal(eie_write_back(-6, 1, 1, 0, &clamped), -2);  // bias first
  assert_int_equal(eie_write_back(-5, 0, 1, 1, &clamped), 0);
  assert_int_equal(eie_write_back(32767, 0, 0, 0, &clamped), 32767);
  assert_int_equal(clamped, 0);
  assert_int_equal(eie_write_back(65535, 0, 1, 0, &clamped), 32767);  // 32767.5 -> 32768 -> clamped
  assert_int_equal(clamped, 1);
  assert_int_equal(eie_write_back(-65537, 0, 1, 0, &clamped), -32768);  // -32768.5 -> -32768
  assert_int_equal(clamped, 1);
  assert_int_equal(eie_write_back(-65538, 0, 1, 1, &clamped), 0);  // clamped, then ReLU
  assert_int_equal(clamped, 2);
  assert_int_equal(eie_write_back(INT32_MAX, INT32_MAX, 31, 0, &clamped), 2);  // the carry survives
  assert_int_equal(eie_write_back(INT32_MIN, INT32_MIN, 31, 0, &clamped), -2);
}

// The whole layer by exact sums. order[cols]: the columns in the order of the additions.
static void expected_layer(const eie_layer *layer, const uint32_t *order, uint32_t acc_w, const int16_t *in,
                           int16_t *out, eie_counters *c) {
  wide *sum = calloc(layer->rows, sizeof *sum);
  uint32_t clamped = 0;
  assert_non_null(sum);
  for (uint32_t i = 0; i < layer->cols; i++) {
    const uint32_t col = order ? order[i] : i;
    c->broadcasts += in[col] != 0;
    for (uint32_t e = layer->indptr[col]; in[col] != 0 && e < layer->indptr[col + 1]; e++) {
      wide *s = &sum[layer->indices[e]];
      const wide before = period(*s, acc_w);
      *s += (wide)layer->codebook[layer->codes[e]] * in[col];
      if (period(*s, acc_w) != before) c->overflow = 1;
      c->useful++;
    }
  }
  for (uint32_t row = 0; row < layer->rows; row++)
    out[row] =
        expected_output(reduce(sum[row], acc_w), layer->bias[row], layer->shift, layer->relu, &clamped);
  c->clamped += clamped;
  c->entries = c->useful;
  free(sum);
}

static void expect_counters(const eie_counters *a, const eie_counters *b) {
  assert_int_equal(a->broadcasts, b->broadcasts);
  assert_int_equal(a->useful, b->useful);
  assert_int_equal(a->entries, b->entries);
  assert_int_equal(a->padding, b->padding);
  assert_int_equal(a->clamped, b->clamped);
  assert_int_equal(a->overflow, b->overflow);
}

static void test_natural_order_equals_exact_sums(void **state) {
  (void)state;
  eie_random r;
  uint32_t overflows = 0;
  eie_random_seed(&r, test_seed("natural order", 23));
  for (uint32_t n = 0; n < 600; n++) {
    eie_model model;
    random_model(&r, 1, n % 8 ? 60 : 400, 8, &model);
    const eie_layer *layer = &model.layers[0];
    int16_t *in = random_input(&r, layer->cols), *out = calloc(layer->rows, 2),
            *want = calloc(layer->rows, 2);
    int32_t *acc = malloc(layer->rows * sizeof *acc);
    eie_counters got = {.broadcasts = 5, .overflow = 0}, expected = {.broadcasts = 5};
    eie_golden_layer(layer, in, out, acc, &got);
    expected_layer(layer, NULL, 32, in, want, &expected);
    assert_memory_equal(out, want, layer->rows * sizeof *out);
    expect_counters(&got, &expected);
    eie_golden_layer(layer, in, out, acc, NULL);
    assert_memory_equal(out, want, layer->rows * sizeof *out);
    overflows += got.overflow;
    free(in);
    free(out);
    free(want);
    free(acc);
    eie_model_free(&model);
  }
  assert_in_range(overflows, 50, 550);  // both kinds were met
}

static void test_a_model_is_its_layers_one_after_the_other(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("model", 24));
  for (uint32_t n = 0; n < 50; n++) {
    eie_model model;
    random_model(&r, 3, 50, 8, &model);
    eie_counters got[3] = {{0}}, want[3] = {{0}};
    int16_t *in = random_input(&r, model.layers[0].cols), *seen = calloc(model.layers[1].rows, 2);
    int16_t *expected[4] = {in}, *out = calloc(model.layers[2].rows, 2);
    int16_t *const layer_out[3] = {NULL, seen, NULL};
    for (uint32_t k = 0; k < 3; k++) {
      expected[k + 1] = calloc(model.layers[k].rows, 2);
      expected_layer(&model.layers[k], NULL, 32, expected[k], expected[k + 1], &want[k]);
    }
    eie_error err;
    assert_int_equal(eie_golden_run(&model, in, out, got, layer_out, &err), EIE_OK);
    assert_memory_equal(out, expected[3], model.layers[2].rows * sizeof *out);
    assert_memory_equal(seen, expected[2], model.layers[1].rows * sizeof *out);
    for (uint32_t k = 0; k < 3; k++) expect_counters(&got[k], &want[k]);
    assert_int_equal(eie_golden_run(&model, in, out, NULL, NULL, &err), EIE_OK);
    assert_memory_equal(out, expected[3], model.layers[2].rows * sizeof *out);
    for (uint32_t k = 0; k < 4; k++) free(expected[k]);
    free(seen);
    free(out);
    eie_model_free(&model);
  }
}

// Columns of layer k in packed order.
static uint32_t *packed_order(const eie_packed *packed, uint32_t k) {
  const uint32_t cols = packed->layers[k].cols, n = packed->layers[k].in_slots * packed->config.n_pe;
  uint32_t *at = malloc(n * sizeof *at), *order = malloc(cols * sizeof *order), count = 0;
  memset(at, 0xff, n * sizeof *at);
  for (uint32_t c = 0; c < cols; c++) at[k ? packed->layers[k - 1].row_place[c] : c] = c;
  for (uint32_t i = 0; i < n; i++)
    if (at[i] != UINT32_MAX) order[count++] = at[i];
  assert_int_equal(count, cols);
  free(at);
  return order;
}

// Runs every pass of layer k; counters and busy cycles summed. The broadcasts of each row tile are all.
static void run_packed_layer(eie_golden *golden, const eie_packed *packed, uint32_t k, const int16_t *in,
                             int16_t *out, eie_counters *sum, uint32_t *row_tiles) {
  uint64_t *busy = malloc(packed->config.n_pe * sizeof *busy);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    if (packed->passes[p].layer != k) continue;
    eie_counters c;
    eie_error err = {""};
    if (eie_golden_pass(golden, p, in, out, &c, busy, &err) != EIE_OK) fail_msg("%s", err.text);
    uint64_t issued = 0;
    for (uint32_t pe = 0; pe < packed->config.n_pe; pe++) issued += busy[pe];
    assert_int_equal(issued, c.entries);
    assert_int_equal(c.entries, c.useful + c.padding);
    eie_counters_add(sum, &c);
    *row_tiles += packed->passes[p].write_back;
  }
  free(busy);
}

static void expect_packed_layer(eie_golden *golden, const eie_packed *packed, const eie_layer *layer,
                                uint32_t k, const int16_t *in) {
  const uint32_t n_pe = packed->config.n_pe, out_n = packed->layers[k].out_slots * n_pe;
  int16_t *place_in = calloc((size_t)packed->layers[k].in_slots * n_pe, 2), *place_out = malloc(out_n * 2);
  int16_t *want = calloc(layer->rows, 2), *want_place = calloc(out_n, 2);
  uint32_t *order = packed_order(packed, k), row_tiles = 0;
  eie_counters got = {0}, expected = {0};
  for (uint32_t c = 0; c < layer->cols; c++) place_in[k ? packed->layers[k - 1].row_place[c] : c] = in[c];
  memset(place_out, 0x55, out_n * 2);
  run_packed_layer(golden, packed, k, place_in, place_out, &got, &row_tiles);
  expected_layer(layer, order, packed->config.acc_w, in, want, &expected);
  for (uint32_t row = 0; row < layer->rows; row++) want_place[packed->layers[k].row_place[row]] = want[row];
  assert_memory_equal(place_out, want_place, out_n * 2);  // places without a row are 0
  expected.broadcasts *= row_tiles;
  expected.padding = got.padding;
  expected.entries += got.padding;
  expect_counters(&got, &expected);
  free(place_in);
  free(place_out);
  free(want);
  free(want_place);
  free(order);
}

static void test_packed_passes_equal_exact_sums(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("packed passes", 25));
  for (uint32_t n = 0; n < 540; n++) {
    const eie_config config = random_config(&r, n % 9, eie_random_below(&r, 4));
    const eie_pack_options options = {.dealing = n / 9 % 2 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED,
                                      .seed = n};
    eie_model model;
    eie_packed packed;
    eie_golden *golden;
    eie_error err = {""};
    random_model(&r, 2, 60, config.code_w, &model);
    if (eie_pack(&model, &config, &options, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
    assert_int_equal(eie_golden_open(&packed, &golden, &err), EIE_OK);
    for (uint32_t k = 0; k < 2; k++) {
      int16_t *in = random_input(&r, model.layers[k].cols);
      expect_packed_layer(golden, &packed, &model.layers[k], k, in);
      free(in);
    }
    eie_golden_close(golden);
    eie_packed_free(&packed);
    eie_model_free(&model);
  }
}

// One full layer of 12 rows by 8 columns on 2 PEs, in at least two column tiles.
static void small_chain(eie_model *model, eie_packed *packed) {
  eie_random r;
  eie_error err = {""};
  eie_config config;
  eie_random_seed(&r, 26);
  config = random_config(&r, 1, 0);
  config.ptr_depth = 10;
  *model = (eie_model){.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  random_layer(&r, 12, 8, 1.0, 16, 16, model->layers);
  const eie_pack_options options = {.dealing = EIE_DEAL_INTERLEAVED, .seed = 1};
  if (eie_pack(model, &config, &options, packed, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_true(packed->n_passes > 2 && !packed->passes[0].write_back && !packed->passes[1].chain_first);
}

static void test_passes_out_of_order_are_refused(void **state) {
  (void)state;
  eie_model model;
  eie_packed packed;
  eie_golden *golden;
  eie_error err;
  eie_counters c;
  const int16_t in[8] = {0};
  int16_t out[12];
  small_chain(&model, &packed);
  assert_int_equal(eie_golden_open(&packed, &golden, &err), EIE_OK);
  assert_int_equal(eie_golden_pass(golden, 1, in, out, &c, NULL, &err),
                   EIE_ERR_USE);  // nothing to go on with
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_OK);
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_ERR_USE);  // the chain is open
  assert_int_equal(eie_golden_pass(golden, 1, in, out, &c, NULL, &err), EIE_OK);
  assert_int_equal(eie_golden_pass(golden, packed.n_passes, in, out, &c, NULL, &err), EIE_ERR_USE);
  eie_golden_close(golden);
  eie_packed_free(&packed);
  eie_model_free(&model);
}

static void test_an_entry_outside_its_tile_is_named(void **state) {
  (void)state;
  eie_model model;
  eie_packed packed;
  eie_golden *golden;
  eie_error err;
  eie_counters c;
  const int16_t in[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  int16_t out[12];
  small_chain(&model, &packed);
  assert_true(packed.passes[0].n_entries[1] > 0);
  packed.passes[0].entries[1][0] |= (uint16_t)(7 << packed.config.code_w);
  assert_int_equal(eie_golden_open(&packed, &golden, &err), EIE_OK);
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_ERR_INPUT);
  assert_non_null(strstr(err.text, "pass 0, PE 1, entry 0"));
  packed.passes[0].entries[1][0] &= (uint16_t)((1u << packed.config.code_w) - 1);
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_OK);  // and it starts afresh
  eie_golden_close(golden);
  eie_packed_free(&packed);
  eie_model_free(&model);
}

// Few products of the largest size a row, in column tiles: sums a little below and a little above 2^31,
// reached in one tile or in the next, whose own activations may be small.
static void test_packed_sums_at_the_edge_of_overflow(void **state) {
  (void)state;
  static const int16_t acts[] = {INT16_MIN, INT16_MAX, -1, 100, 0, 16384};
  eie_random r;
  eie_random_seed(&r, test_seed("packed edge", 27));
  for (uint32_t n = 0; n < 400; n++) {
    eie_model model = {.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
    eie_layer *layer = model.layers;
    eie_packed packed;
    eie_golden *golden;
    eie_error err = {""};
    eie_config config = random_config(&r, 1, 0);
    const eie_pack_options options = {.dealing = EIE_DEAL_INTERLEAVED, .seed = 1};
    config.ptr_depth = 10;
    config.acc_w = 32;
    random_layer(&r, between(&r, 1, 6), 8, n % 2 ? 0.3 : 0.1, 16, 16, layer);
    for (uint32_t k = 1; k < 16; k++) layer->codebook[k] = eie_random_below(&r, 2) ? INT16_MIN : INT16_MAX;
    int16_t in[8];
    for (uint32_t c = 0; c < 8; c++) in[c] = acts[eie_random_below(&r, 6)];
    if (eie_pack(&model, &config, &options, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
    assert_int_equal(eie_golden_open(&packed, &golden, &err), EIE_OK);
    expect_packed_layer(golden, &packed, layer, 0, in);
    eie_golden_close(golden);
    eie_packed_free(&packed);
    eie_model_free(&model);
  }
}

// Not the one that a model meets first which does one PE after the other.
static void test_the_fault_is_the_one_of_the_earliest_broadcast(void **state) {
  (void)state;
  eie_model model;
  eie_packed packed;
  eie_golden *golden;
  eie_error err;
  eie_counters c;
  const int16_t in[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  int16_t out[12];
  small_chain(&model, &packed);
  eie_pass *pass = &packed.passes[0];
  const uint32_t last = pass->n_entries[0] - 1, outside = 7u << packed.config.code_w;
  assert_true(pass->ptr[0][1] - pass->first_entry[0] <= last);  // of a later column
  pass->entries[0][last] |= (uint16_t)outside;
  assert_int_equal(eie_golden_open(&packed, &golden, &err), EIE_OK);
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_ERR_INPUT);
  assert_non_null(strstr(err.text, "pass 0, PE 0, entry"));
  pass->entries[1][0] |= (uint16_t)outside;
  assert_int_equal(eie_golden_pass(golden, 0, in, out, &c, NULL, &err), EIE_ERR_INPUT);
  assert_non_null(strstr(err.text, "pass 0, PE 1, entry 0:"));
  eie_golden_close(golden);
  eie_packed_free(&packed);
  eie_model_free(&model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_add_wraps_and_flags_like_exact_sums),
      cmocka_unit_test(test_write_back_rounds_clamps_and_rectifies_like_floor_division),
      cmocka_unit_test(test_write_back_by_hand),
      cmocka_unit_test(test_natural_order_equals_exact_sums),
      cmocka_unit_test(test_a_model_is_its_layers_one_after_the_other),
      cmocka_unit_test(test_packed_passes_equal_exact_sums),
      cmocka_unit_test(test_passes_out_of_order_are_refused),
      cmocka_unit_test(test_packed_sums_at_the_edge_of_overflow),
      cmocka_unit_test(test_an_entry_outside_its_tile_is_named),
      cmocka_unit_test(test_the_fault_is_the_one_of_the_earliest_broadcast),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
