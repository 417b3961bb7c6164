// SPDX-License-Identifier: Apache-2.0
// The fast ways of the golden model against eie_golden_layer (which tests/test_golden.c holds against exact
// sums): every output and counter, whatever the layer, the way and the number of threads.
#include "../cmodel/eie_golden_natural.h"
#include "random_layers.h"

static const eie_golden_way all_ways[] = {EIE_GOLDEN_FASTEST, EIE_GOLDEN_CHECKED, EIE_GOLDEN_COLUMNS,
                                          EIE_GOLDEN_LANES, EIE_GOLDEN_LANES_PLAIN};
enum { WAYS = sizeof all_ways / sizeof all_ways[0] };

// How often each way was taken, so that a test can say that it saw all of them.
typedef struct {
  uint32_t taken[WAYS];
} way_counts;

static void expect_counters(const eie_counters *a, const eie_counters *b, uint32_t n) {
  for (uint32_t k = 0; k < n; k++) {
    assert_int_equal(a[k].broadcasts, b[k].broadcasts);
    assert_int_equal(a[k].useful, b[k].useful);
    assert_int_equal(a[k].entries, b[k].entries);
    assert_int_equal(a[k].padding, b[k].padding);
    assert_int_equal(a[k].clamped, b[k].clamped);
    assert_int_equal(a[k].overflow, b[k].overflow);
  }
}

// All ways on one layer and one input.
static void expect_all_ways(eie_model *model, const int16_t *in, way_counts *ways) {
  const eie_layer *layer = model->layers;
  int16_t *want = calloc(layer->rows, 2), *got = calloc(layer->rows, 2);
  int32_t *acc = malloc(layer->rows * sizeof *acc);
  eie_counters expected = {.broadcasts = 3};
  eie_error err = {""};
  eie_golden_layer(layer, in, want, acc, &expected);
  for (uint32_t w = 0; w < WAYS; w++) {
    eie_golden_natural *natural;
    eie_counters c = {.broadcasts = 3};
    memset(got, 0x55, layer->rows * sizeof *got);
    if (eie_golden_natural_open(model, all_ways[w], &natural, &err) != EIE_OK) fail_msg("%s", err.text);
    assert_int_equal(eie_golden_natural_run(natural, 1, in, got, &c, 1, &err), EIE_OK);
    assert_memory_equal(got, want, layer->rows * sizeof *got);
    expect_counters(&c, &expected, 1);
    ways->taken[eie_golden_natural_way(natural, 0, in)]++;
    eie_golden_natural_close(natural);
  }
  free(want);
  free(got);
  free(acc);
}

static void test_every_way_gives_the_same_bits_on_random_layers(void **state) {
  (void)state;
  eie_random r;
  way_counts ways = {{0}};
  eie_random_seed(&r, test_seed("every way", 61));
  for (uint32_t n = 0; n < 400; n++) {
    eie_model model;
    random_model(&r, 1, n % 8 ? 80 : 500, 8, &model);
    eie_layer *layer = model.layers;
    int16_t *in = random_input(&r, layer->cols);
    // Half of the layers small enough that nothing can overflow, or just at the edge of that.
    const uint32_t divide = n % 2 ? 1u << eie_random_below(&r, 12) : 1;
    for (uint32_t k = 0; k < layer->codebook_size; k++) layer->codebook[k] /= (int16_t)divide;
    for (uint32_t i = 0; n % 2 && i < layer->cols; i++) in[i] /= (int16_t)(1 + eie_random_below(&r, 64));
    expect_all_ways(&model, in, &ways);
    free(in);
    eie_model_free(&model);
  }
  assert_in_range(ways.taken[EIE_GOLDEN_CHECKED], 400, 1500);
  assert_true(ways.taken[EIE_GOLDEN_COLUMNS] > 100);
  if (!natural_lanes_supported()) return;
  assert_true(ways.taken[EIE_GOLDEN_LANES] > 100);
  assert_true(ways.taken[EIE_GOLDEN_LANES_PLAIN] > 50);
}

// Layers whose sums come as close to 2^31 as the bound lets them: extreme weights times extreme
// activations, few of them in a row.
static void test_sums_at_the_edge_of_overflow(void **state) {
  (void)state;
  eie_random r;
  way_counts ways = {{0}};
  eie_random_seed(&r, test_seed("edge of overflow", 62));
  for (uint32_t n = 0; n < 100; n++) {
    eie_model model = {.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
    eie_layer *layer = model.layers;
    const uint32_t per_row = 1 + n % 4, cols = 200;
    random_layer(&r, between(&r, 1, 60), cols, 0.0, 16, 16, layer);
    int16_t in[200];
    free(layer->indices);
    free(layer->codes);
    layer->nnz = per_row * layer->rows;
    layer->indices = malloc(layer->nnz * sizeof *layer->indices);
    layer->codes = malloc(layer->nnz);
    for (uint32_t i = 0, first = eie_random_below(&r, cols - 4); i < layer->nnz; i++) {
      layer->indices[i] = i % layer->rows;
      layer->codes[i] = (uint8_t)between(&r, 1, 15);
      for (uint32_t c = first + i / layer->rows; c < cols; c++) layer->indptr[c + 1] = i + 1;
    }
    for (uint32_t k = 1; k < 16; k++) layer->codebook[k] = eie_random_below(&r, 2) ? INT16_MIN : INT16_MAX;
    // per_row * 32768 * |a| <= 2^31 - 1 for every second n, one more for the others.
    const int32_t most = per_row == 1 ? 32768 : INT32_MAX / 32768 / (int32_t)per_row + (int32_t)(n / 4 % 2);
    for (uint32_t c = 0; c < cols; c++) {
      const int32_t a = eie_random_below(&r, 2) || most == 32768 ? -most : most;
      in[c] = (int16_t)(eie_random_below(&r, 8) ? a : 0);
    }
    expect_all_ways(&model, in, &ways);
    eie_model_free(&model);
  }
  assert_in_range(ways.taken[EIE_GOLDEN_CHECKED], 100, 400);
  assert_true(ways.taken[EIE_GOLDEN_COLUMNS] + ways.taken[EIE_GOLDEN_LANES] > 50);
}

// Large sizes: rows that need wide words, columns further apart than a window can advance in one step,
// rows of very different lengths.
static void test_large_and_lopsided_layers(void **state) {
  (void)state;
  static const struct {
    uint32_t rows, cols, book, left,
        right;  // weights of 1000 places in the first and the last tenth of the columns
  } shapes[] = {{5000, 70, 16, 300, 100}, {40, 30000, 16, 200, 200}, {300, 900, 256, 100, 100},
                {17, 20000, 16, 900, 0},  {4096, 33, 16, 50, 1000},  {4097, 33, 16, 500, 500},
                {64, 64, 16, 1000, 1000}, {2000, 9000, 16, 0, 1}};
  eie_random r;
  way_counts ways = {{0}};
  eie_random_seed(&r, test_seed("large", 63));
  for (uint32_t n = 0; n < sizeof shapes / sizeof shapes[0]; n++) {
    eie_model model = {.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
    eie_layer *layer = model.layers;
    const uint32_t rows = shapes[n].rows, cols = shapes[n].cols, tenth = (cols + 9) / 10;
    *layer =
        (eie_layer){.rows = rows, .cols = cols, .nnz = 2 * tenth * rows, .codebook_size = shapes[n].book};
    eie_error err;
    assert_int_equal(eie_layer_alloc(layer, &err), EIE_OK);
    layer->nnz = 0;
    for (uint32_t c = 0; c < cols; c++) {
      const uint32_t odds = c < tenth ? shapes[n].left : c + tenth >= cols ? shapes[n].right : 0;
      for (uint32_t i = 0; i < rows && odds; i++) {
        if (eie_random_below(&r, 1000) >= odds * 2 * i / rows + (odds == 1000)) continue;
        layer->indices[layer->nnz] = i;
        layer->codes[layer->nnz++] = (uint8_t)between(&r, 1, shapes[n].book - 1);
      }
      layer->indptr[c + 1] = layer->nnz;
    }
    for (uint32_t k = 1; k < shapes[n].book; k++) layer->codebook[k] = (int16_t)(any_int16(&r) / 64);
    for (uint32_t i = 0; i < rows; i++) layer->bias[i] = any_int32(&r) / 16;
    layer->shift = 12;
    int16_t *in = random_input(&r, cols);
    for (uint32_t c = 0; c < cols; c++) in[c] /= 256;
    expect_all_ways(&model, in, &ways);
    free(in);
    eie_model_free(&model);
  }
  assert_true(ways.taken[EIE_GOLDEN_COLUMNS] >= 8);
  if (natural_lanes_supported()) assert_true(ways.taken[EIE_GOLDEN_LANES] >= 8);
}

static void test_threads_change_nothing(void **state) {
  (void)state;
  static const uint32_t counts[] = {1, 3, 4, 5, 61}, threads[] = {1, 2, 3, 7, 0};
  eie_random r;
  eie_random_seed(&r, test_seed("threads", 64));
  for (uint32_t n = 0; n < 5; n++) {
    eie_model model;
    eie_error err = {""};
    random_model(&r, 3, 60, 8, &model);
    const uint32_t rows = model.layers[2].rows, cols = model.layers[0].cols, count = counts[n];
    int16_t *in = random_input(&r, cols * count), *want = calloc((size_t)rows * count, 2),
            *got = calloc((size_t)rows * count, 2);
    eie_counters expected[3] = {{0}};
    eie_golden_natural *natural;
    for (uint32_t i = 0; i < count; i++)
      assert_int_equal(eie_golden_run(&model, in + i * cols, want + i * rows, expected, NULL, &err), EIE_OK);
    assert_int_equal(eie_golden_natural_open(&model, EIE_GOLDEN_FASTEST, &natural, &err), EIE_OK);
    for (uint32_t t = 0; t < 5; t++) {
      eie_counters c[3] = {{0}};
      memset(got, 0x55, (size_t)rows * count * 2);
      assert_int_equal(eie_golden_natural_run(natural, count, in, got, c, threads[t], &err), EIE_OK);
      assert_memory_equal(got, want, (size_t)rows * count * 2);
      expect_counters(c, expected, 3);
    }
    assert_int_equal(eie_golden_natural_run(natural, count, in, got, NULL, 2, &err), EIE_OK);
    eie_golden_natural_close(natural);
    free(in);
    free(want);
    free(got);
    eie_model_free(&model);
  }
}

// The comparison above would see a single wrong code in a lane stream.
static void test_one_wrong_code_shows(void **state) {
  (void)state;
  if (!natural_lanes_supported()) return;
  eie_random r;
  eie_error err;
  eie_random_seed(&r, 65);
  eie_layer layer;
  random_layer(&r, 40, 100, 0.5, 16, 16, &layer);
  for (uint32_t k = 1; k < 16; k++) layer.codebook[k] = (int16_t)(100 + k);
  lane_stream s;
  assert_int_equal(natural_lanes_build(&layer, &s, &err), EIE_OK);
  assert_int_equal(s.n_groups, 3);
  int16_t *in = aligned_alloc(ALIGNMENT, 512 * sizeof *in);
  int32_t *good = aligned_alloc(ALIGNMENT, 48 * sizeof *good),
          *bad = aligned_alloc(ALIGNMENT, 48 * sizeof *bad);
  for (uint32_t c = 0; c < 512; c++) in[c] = c < 100 ? 7 : 0;
  natural_lanes_run(&s, layer.codebook, in, good, 0);
  uint32_t differing = 0;
  for (uint32_t w = 0; w < s.first[3] * STEP_WORDS; w++) {
    const uint32_t code = s.words[w] >> CODE_SHIFT & 15;
    if (code == 0) continue;
    s.words[w] ^= 1 << CODE_SHIFT;
    natural_lanes_run(&s, layer.codebook, in, bad, natural_lanes_vnni());
    s.words[w] ^= 1 << CODE_SHIFT;
    differing += memcmp(good, bad, 48 * sizeof *good) != 0;
  }
  assert_int_equal(differing, layer.nnz);
  free(in);
  free(good);
  free(bad);
  natural_lanes_free(&s);
  eie_model one = {.n_layers = 1, .layers = malloc(sizeof layer)};
  one.layers[0] = layer;
  eie_model_free(&one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_way_gives_the_same_bits_on_random_layers),
      cmocka_unit_test(test_sums_at_the_edge_of_overflow),
      cmocka_unit_test(test_large_and_lopsided_layers),
      cmocka_unit_test(test_threads_change_nothing),
      cmocka_unit_test(test_one_wrong_code_shows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
