// SPDX-License-Identifier: Apache-2.0
// The parts of `eie train`, each on something small: gradients, pruning, sharing, quantisation,
// determinism. Accuracy on real images is `eie train`'s own report, not a test.

// cmocka.h wants the four before it.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "train_adam.h"
#include "train_compress.h"
#include "train_data.h"
#include "train_fit.h"
#include "train_matrix.h"
#include "train_network.h"
#include "train_prune.h"
#include "train_quantise.h"
#include "train_share.h"

static uint64_t seed_of_run(void) {
  const char *text = getenv("EIE_SEED");
  return text ? strtoull(text, NULL, 10) : 20240;
}

static eie_random start_random(const char *test) {
  eie_random random;
  printf("%s: seed %llu\n", test, (unsigned long long)seed_of_run());
  eie_random_seed(&random, seed_of_run());
  return random;
}

static void must(eie_status status, const eie_error *err) {
  if (status != EIE_OK) fail_msg("%s", err->text);
}

static void make_network(train_network *net, uint32_t n_layers, const uint32_t *dims, eie_random *random) {
  eie_error err;
  must(train_network_init(net, n_layers, dims, random, &err), &err);
}

static size_t weights_of(const train_layer *layer) {
  return (size_t)layer->rows * layer->cols;
}

// ---- gradients -----------------------------------------------------------------------------------

typedef struct {
  train_network net;
  train_batch batch;
  float target[16 * 4];
  uint32_t count;
  double drop;
  uint64_t drop_seed;
} gradient_check;

// The loss; the same units are dropped every time.
static double loss_of(gradient_check *g) {
  eie_random random;
  eie_random_seed(&random, g->drop_seed);
  train_forward(&g->net, &g->batch, g->count, g->drop, &random);
  return train_softmax_loss(&g->batch, g->count, g->target);
}

// Compares one gradient with the slopes to both sides. Where these differ a ReLU bends: not counted.
static int gradient_agrees(gradient_check *g, float *value, float gradient) {
  const float step = 1e-3f;
  float kept = *value;
  double here = loss_of(g);
  *value = kept + step;
  double right = (loss_of(g) - here) / ((double)*value - kept);
  *value = kept - step;
  double left = (here - loss_of(g)) / ((double)kept - *value);
  *value = kept;
  if (fabs(right - left) > 0.01) return 0;
  double middle = (left + right) / 2;
  if (fabs(middle - gradient) > 0.005 + 0.01 * fabs(middle))
    fail_msg("slope %g, gradient %g", middle, gradient);
  return 1;
}

static void check_gradients(const char *name, double drop) {
  const uint32_t dims[] = {5, 9, 6, 4};
  eie_random random = start_random(name);
  gradient_check g = {.count = 16, .drop = drop, .drop_seed = eie_random_next(&random)};
  eie_error err;
  uint32_t asked = 0, counted = 0;
  train_matrix_one_thread();
  make_network(&g.net, 3, dims, &random);
  must(train_batch_init(&g.batch, &g.net, g.count, &err), &err);
  for (uint32_t i = 0; i < g.count * dims[0]; i++) g.batch.act[0][i] = (float)eie_random_normal(&random);
  for (uint32_t i = 0; i < g.count; i++) {
    g.target[4 * i + eie_random_below(&random, 4)] += 0.75f;
    g.target[4 * i + eie_random_below(&random, 4)] += 0.25f;
  }
  loss_of(&g);
  train_backward(&g.net, &g.batch, g.count, drop);
  for (uint32_t k = 0; k < 3; k++) {
    train_layer *layer = &g.net.layers[k];
    for (size_t i = 0; i < weights_of(layer); i++, asked++)
      counted += (uint32_t)gradient_agrees(&g, &layer->weight[i], layer->weight_grad[i]);
    for (uint32_t r = 0; r < layer->rows; r++, asked++)
      counted += (uint32_t)gradient_agrees(&g, &layer->bias[r], layer->bias_grad[r]);
  }
  assert_true(counted * 10 >= asked * 8);
  train_batch_free(&g.batch);
  train_network_free(&g.net);
}

static void gradients_equal_finite_differences(void **state) {
  (void)state;
  check_gradients("gradients", 0.0);
}

static void gradients_with_dropped_units_equal_finite_differences(void **state) {
  (void)state;
  check_gradients("gradients, dropped units", 0.3);
}

// ---- pruning -------------------------------------------------------------------------------------

// Weights with many equal magnitudes, so that ties must be decided.
static void fill_with_ties(train_layer *layer, eie_random *random) {
  for (size_t i = 0; i < weights_of(layer); i++)
    layer->weight[i] = ((float)eie_random_below(random, 41) - 20.0f) / 16.0f;
}

// Every weight is kept with its value, or gone; what is kept is no smaller than what is gone, and of
// equal ones the first are kept.
static void check_pruned(const train_layer *layer, const float *before) {
  float least = INFINITY;
  for (size_t i = 0; i < weights_of(layer); i++) {
    assert_true(layer->code[i] ? layer->weight[i] == before[i] : layer->weight[i] == 0.0f);
    if (layer->code[i] && fabsf(before[i]) < least) least = fabsf(before[i]);
  }
  int gone = 0;
  for (size_t i = 0; i < weights_of(layer); i++) {
    if (!layer->code[i]) assert_true(fabsf(before[i]) <= least);
    if (fabsf(before[i]) != least) continue;
    if (!layer->code[i]) gone = 1;
    assert_true(!layer->code[i] || !gone);
  }
}

static void pruning_keeps_exactly_the_asked_number_of_the_largest(void **state) {
  (void)state;
  eie_random random = start_random("pruning");
  for (int round = 0; round < 50; round++) {
    const uint32_t dims[] = {1 + eie_random_below(&random, 30), 1 + eie_random_below(&random, 30)};
    train_network net;
    make_network(&net, 1, dims, &random);
    train_layer *layer = &net.layers[0];
    if (round % 2) fill_with_ties(layer, &random);
    float *before = malloc(weights_of(layer) * sizeof *before);
    assert_non_null(before);
    memcpy(before, layer->weight, weights_of(layer) * sizeof *before);
    uint32_t keep = (uint32_t)weights_of(layer);
    while (keep > 0) {  // ever fewer; the last cut keeps none
      keep = eie_random_below(&random, keep);
      train_prune_layer(layer, keep);
      assert_int_equal(train_layer_nnz(layer), keep);
      check_pruned(layer, before);
    }
    free(before);
    train_network_free(&net);
  }
}

static void pruning_to_more_than_there_is_changes_nothing(void **state) {
  (void)state;
  eie_random random = start_random("pruning to more");
  const uint32_t dims[] = {8, 8};
  train_network net;
  make_network(&net, 1, dims, &random);
  train_prune_layer(&net.layers[0], 10);
  train_prune_layer(&net.layers[0], 11);
  assert_int_equal(train_layer_nnz(&net.layers[0]), 10);
  train_network_free(&net);
}

static void density_falls_from_one_to_the_final_one_by_half_time(void **state) {
  (void)state;
  double before = 1.0;
  assert_true(train_prune_density(0.08, 0.0) == 1.0);
  for (int i = 1; i <= 100; i++) {
    double d = train_prune_density(0.08, i / 100.0);
    assert_true(d <= before && d >= 0.08);
    assert_true(i < 50 || d == 0.08);
    before = d;
  }
}

static void density_becomes_the_nearest_whole_number_of_weights(void **state) {
  (void)state;
  assert_int_equal(train_prune_count(784 * 300, 0.08), 18816);
  assert_int_equal(train_prune_count(300 * 100, 0.09), 2700);
  assert_int_equal(train_prune_count(100 * 10, 0.26), 260);
  assert_int_equal(train_prune_count(7, 0.0), 0);
  assert_int_equal(train_prune_count(7, 1.0), 7);
}

// ---- sharing -------------------------------------------------------------------------------------

// Word 0 is 0, the words ascend, codes are nearest, weights are words, what was pruned still is.
static void check_shared(const train_layer *layer, const float *before, const uint8_t *code_before,
                         uint32_t words) {
  assert_true(layer->codebook[0] == 0.0f);
  for (uint32_t w = 2; w <= words; w++) assert_true(layer->codebook[w - 1] <= layer->codebook[w]);
  for (size_t i = 0; i < weights_of(layer); i++) {
    assert_int_equal(layer->code[i] != 0, code_before[i] != 0);
    assert_true(layer->weight[i] == layer->codebook[layer->code[i]]);
    if (!layer->code[i]) continue;
    assert_true(layer->code[i] <= words);
    double own = fabs((double)before[i] - layer->codebook[layer->code[i]]);
    for (uint32_t w = 1; w <= words; w++)
      assert_true(own <= fabs((double)before[i] - layer->codebook[w]) + 1e-12);
  }
}

// Every word that is used is the mean of its weights.
static void check_means(const train_layer *layer, const float *before) {
  double sum[TRAIN_WORDS] = {0}, count[TRAIN_WORDS] = {0};
  for (size_t i = 0; i < weights_of(layer); i++) {
    sum[layer->code[i]] += (double)before[i];
    count[layer->code[i]] += 1.0;
  }
  for (int w = 1; w < TRAIN_WORDS; w++)
    if (count[w] > 0.0) assert_true(fabs(sum[w] / count[w] - layer->codebook[w]) < 1e-5);
}

static void shared_words_are_the_means_of_the_weights_nearest_to_them(void **state) {
  (void)state;
  eie_random random = start_random("sharing");
  for (int round = 0; round < 60; round++) {
    const uint32_t dims[] = {1 + eie_random_below(&random, 40), 1 + eie_random_below(&random, 40)};
    uint32_t words = 1 + eie_random_below(&random, 15);
    train_network net;
    make_network(&net, 1, dims, &random);
    train_layer *layer = &net.layers[0];
    size_t n = weights_of(layer);
    if (round % 3 == 1) fill_with_ties(layer, &random);
    if (round % 3 == 2)
      for (size_t i = 0; i < n; i++) layer->weight[i] = -0.25f;  // one value: one word is used
    train_prune_layer(layer, eie_random_below(&random, (uint32_t)n + 1));
    float *before = malloc(n * sizeof *before);
    uint8_t *code_before = malloc(n);
    assert_true(before && code_before);
    memcpy(before, layer->weight, n * sizeof *before);
    memcpy(code_before, layer->code, n);
    train_share_layer(layer, words);
    check_shared(layer, before, code_before, words);
    check_means(layer, before);
    assert_true(train_share_used(layer) <= words);
    free(before);
    free(code_before);
    train_network_free(&net);
  }
}

static void gradient_of_a_word_is_the_sum_over_its_weights(void **state) {
  (void)state;
  eie_random random = start_random("gradient of words");
  const uint32_t dims[] = {3, 2};
  const uint8_t codes[6] = {0, 1, 2, 1, 15, 0};
  const float grads[6] = {100.0f, 1.0f, 2.0f, 4.0f, 8.0f, 100.0f};
  float sum[TRAIN_WORDS];
  train_network net;
  make_network(&net, 1, dims, &random);
  memcpy(net.layers[0].code, codes, sizeof codes);
  memcpy(net.layers[0].weight_grad, grads, sizeof grads);
  train_share_gradient(&net.layers[0], sum);
  for (int w = 0; w < TRAIN_WORDS; w++)
    assert_true(sum[w] == (w == 1 ? 5.0f : w == 2 ? 2.0f : w == 15 ? 8.0f : 0.0f));
  train_network_free(&net);
}

// ---- a small data set ----------------------------------------------------------------------------

enum { TINY_SIDE = 6, TINY_PIXELS = TINY_SIDE * TINY_SIDE, TINY_IMAGES = 240 };

typedef struct {
  uint8_t pixels[TINY_IMAGES * TINY_PIXELS], labels[TINY_IMAGES];
  train_data data;
} tiny_set;

// Ten pictures of bright and dark pixels with noise on them: easy to learn.
static void make_tiny(tiny_set *tiny, uint64_t seed) {
  eie_random random;
  uint8_t picture[TRAIN_CLASSES][TINY_PIXELS];
  eie_random_seed(&random, seed);
  for (int c = 0; c < TRAIN_CLASSES; c++)
    for (int p = 0; p < TINY_PIXELS; p++) picture[c][p] = eie_random_below(&random, 2) ? 200 : 20;
  for (int i = 0; i < TINY_IMAGES; i++) {
    tiny->labels[i] = (uint8_t)(i % TRAIN_CLASSES);
    for (int p = 0; p < TINY_PIXELS; p++)
      tiny->pixels[i * TINY_PIXELS + p] =
          (uint8_t)(picture[tiny->labels[i]][p] + eie_random_below(&random, 56));
  }
  train_images all = {.size = TINY_PIXELS, .side = TINY_SIDE, .pixels = tiny->pixels, .labels = tiny->labels};
  tiny->data = (train_data){.fit = all, .held_out = all, .test = all};
  tiny->data.fit.count = tiny->data.held_out.count = tiny->data.test.count = TINY_IMAGES / 3;
  tiny->data.held_out.pixels += TINY_IMAGES / 3 * TINY_PIXELS;
  tiny->data.held_out.labels += TINY_IMAGES / 3;
  tiny->data.test.pixels += 2 * (TINY_IMAGES / 3) * TINY_PIXELS;
  tiny->data.test.labels += 2 * (TINY_IMAGES / 3);
}

static void train_tiny(tiny_set *tiny, uint64_t seed, uint32_t epochs, eie_model *model,
                       train_report *report) {
  eie_error err;
  train_options options;
  train_options_default(&options, 1);
  options.seed = seed;
  for (int s = 0; s < TRAIN_FIXED; s++) {
    options.fit[s].batch = 8;
    options.fit[s].epochs = epochs;
  }
  options.density[0] = 0.2;
  must(train_compress(&options, &tiny->data, NULL, model, report, &err), &err);
}

static int same_model(const eie_model *a, const eie_model *b) {
  for (uint32_t k = 0; k < a->n_layers; k++) {
    const eie_layer *x = &a->layers[k], *y = &b->layers[k];
    if (x->nnz != y->nnz || x->weight_frac != y->weight_frac || x->shift != y->shift ||
        memcmp(x->indptr, y->indptr, (x->cols + 1) * sizeof *x->indptr) ||
        memcmp(x->indices, y->indices, x->nnz * sizeof *x->indices) || memcmp(x->codes, y->codes, x->nnz) ||
        memcmp(x->codebook, y->codebook, x->codebook_size * sizeof *x->codebook) ||
        memcmp(x->bias, y->bias, x->rows * sizeof *x->bias))
      return 0;
  }
  return 1;
}

static void equal_seeds_give_equal_bytes_and_others_do_not(void **state) {
  (void)state;
  tiny_set *tiny = calloc(1, sizeof *tiny);
  assert_non_null(tiny);
  make_tiny(tiny, seed_of_run());
  eie_model a, b, c;
  train_report report;
  train_tiny(tiny, 5, 2, &a, &report);
  train_tiny(tiny, 5, 2, &b, &report);
  train_tiny(tiny, 6, 2, &c, &report);
  assert_true(same_model(&a, &b));
  assert_false(same_model(&a, &c));
  eie_model_free(&a);
  eie_model_free(&b);
  eie_model_free(&c);
  free(tiny);
}

static void all_steps_learn_and_hold_the_asked_densities(void **state) {
  (void)state;
  tiny_set *tiny = calloc(1, sizeof *tiny);
  assert_non_null(tiny);
  make_tiny(tiny, seed_of_run());
  eie_model model;
  train_report report;
  eie_error err;
  train_tiny(tiny, 1, 12, &model, &report);
  for (int s = 0; s < TRAIN_STEPS; s++) assert_true(report.steps[s].test >= 0.9);
  assert_int_equal(model.layers[0].nnz, train_prune_count(TINY_PIXELS * 300, 0.2));
  assert_int_equal(model.layers[1].nnz, 2700);
  assert_int_equal(model.layers[2].nnz, 260);
  must(eie_model_check(&model, "model", &err), &err);
  for (uint32_t k = 0; k < 3; k++) {
    assert_int_equal(eie_model_frac(&model, k + 1), TRAIN_ACT_FRAC);
    assert_int_equal(model.layers[k].relu, k < 2);
    assert_int_equal(report.layers[k].counters.clamped, 0);
    assert_int_equal(report.layers[k].counters.overflow, 0);
    assert_true(report.layers[k].row_sum <= TRAIN_ROW_SUM_MAX);
  }
  eie_model_free(&model);
  free(tiny);
}

static void fine_tuning_moves_words_but_no_codes(void **state) {
  (void)state;
  eie_random random = start_random("fine-tuning");
  tiny_set *tiny = calloc(1, sizeof *tiny);
  assert_non_null(tiny);
  make_tiny(tiny, seed_of_run());
  const uint32_t dims[] = {TINY_PIXELS, 20, TRAIN_CLASSES};
  train_network net, before;
  eie_error err;
  make_network(&net, 2, dims, &random);
  make_network(&before, 2, dims, &random);
  for (int k = 0; k < 2; k++) {
    train_prune_layer(&net.layers[k], 100);
    train_share_layer(&net.layers[k], 15);
  }
  train_network_copy(&before, &net);
  const train_schedule schedule = {.epochs = 3, .batch = 16, .rate = 1e-2, .shared = 1};
  const train_fit_request request = {.schedule = &schedule, .images = &tiny->data.fit, .random = &random};
  must(train_fit(&net, &request, &err), &err);
  for (int k = 0; k < 2; k++) {
    const train_layer *layer = &net.layers[k];
    assert_memory_equal(layer->code, before.layers[k].code, weights_of(layer));
    assert_true(layer->codebook[0] == 0.0f);
    assert_memory_not_equal(layer->codebook, before.layers[k].codebook, sizeof layer->codebook);
    for (size_t i = 0; i < weights_of(layer); i++)
      assert_true(layer->weight[i] == layer->codebook[layer->code[i]]);
  }
  train_network_free(&net);
  train_network_free(&before);
  free(tiny);
}

// ---- quantisation --------------------------------------------------------------------------------

static void check_frac(const train_layer *layer, int32_t frac) {
  for (int w = 0; w < TRAIN_WORDS; w++) assert_true(fabs(layer->codebook[w] * ldexp(1.0, frac)) < 32767.5);
  assert_true(train_row_sum(layer, frac) <= TRAIN_ROW_SUM_MAX);
  assert_true(frac <= TRAIN_MAX_WEIGHT_FRAC);
  if (frac == TRAIN_MAX_WEIGHT_FRAC) return;
  int fits = 1;
  for (int w = 0; w < TRAIN_WORDS; w++) fits &= fabs(layer->codebook[w] * ldexp(1.0, frac + 1)) < 32767.5;
  assert_true(!fits || train_row_sum(layer, frac + 1) > TRAIN_ROW_SUM_MAX);
}

static void quantised_layer_is_the_shared_layer_with_the_largest_safe_fraction(void **state) {
  (void)state;
  eie_random random = start_random("quantisation");
  const char *const names[] = {"only"};
  for (int round = 0; round < 40; round++) {
    const uint32_t dims[] = {1 + eie_random_below(&random, 60), 1 + eie_random_below(&random, 30)};
    train_network net;
    eie_model model;
    eie_error err;
    make_network(&net, 1, dims, &random);
    train_layer *layer = &net.layers[0];
    for (size_t i = 0; i < weights_of(layer); i++) layer->weight[i] *= (float)(1 << round % 6);
    for (uint32_t r = 0; r < layer->rows; r++) layer->bias[r] = (float)eie_random_normal(&random);
    train_prune_layer(layer, (uint32_t)weights_of(layer) / 2);
    train_share_layer(layer, 15);
    must(train_quantise(&net, names, &model, &err), &err);
    const eie_layer *q = &model.layers[0];
    check_frac(layer, q->weight_frac);
    assert_int_equal(q->shift, q->weight_frac);
    for (uint32_t r = 0; r < q->rows; r++)
      assert_int_equal(q->bias[r], floor(ldexp(layer->bias[r], q->weight_frac + TRAIN_ACT_FRAC) + 0.5));
    for (int w = 0; w < TRAIN_WORDS; w++)
      assert_int_equal(q->codebook[w], floor(ldexp(layer->codebook[w], q->weight_frac) + 0.5));
    uint32_t seen = 0;
    for (uint32_t c = 0; c < q->cols; c++)
      for (uint32_t i = q->indptr[c]; i < q->indptr[c + 1]; i++, seen++)
        assert_int_equal(q->codes[i], layer->code[(size_t)q->indices[i] * layer->cols + c]);
    assert_int_equal(seen, train_layer_nnz(layer));
    eie_model_free(&model);
    train_network_free(&net);
  }
}

static void precision_wins_where_the_overflow_proof_would_cost_too_much(void **state) {
  (void)state;
  eie_random random = start_random("precision");
  const uint32_t dims[] = {4000, 1};
  train_network net;
  make_network(&net, 1, dims, &random);
  train_layer *layer = &net.layers[0];
  for (size_t i = 0; i < weights_of(layer); i++) layer->weight[i] = 1.0f;  // 65535 / 4000 is 4 bits
  train_share_layer(layer, 15);
  assert_int_equal(train_weight_frac(layer), TRAIN_MAX_WEIGHT_FRAC);
  train_network_free(&net);
}

static void weights_beyond_sixteen_bits_are_refused(void **state) {
  (void)state;
  eie_random random = start_random("refusal");
  const uint32_t dims[] = {3, 3};
  const char *const names[] = {"only"};
  train_network net;
  eie_model model = {0};
  eie_error err = {""};
  make_network(&net, 1, dims, &random);
  for (size_t i = 0; i < weights_of(&net.layers[0]); i++) net.layers[0].weight[i] = 1e6f;
  train_share_layer(&net.layers[0], 15);
  assert_int_equal(train_quantise(&net, names, &model, &err), EIE_ERR_USE);
  assert_non_null(strstr(err.text, "only"));
  assert_null(model.layers);
  train_network_free(&net);
}

// ---- data ----------------------------------------------------------------------------------------

static void a_moved_image_has_its_pixels_elsewhere_and_zeros_come_in(void **state) {
  (void)state;
  const uint8_t pixels[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const float right_and_up[9] = {0, 4, 5, 0, 7, 8, 0, 0, 0}, left[9] = {2, 3, 0, 5, 6, 0, 8, 9, 0};
  const train_images images = {.count = 1, .size = 9, .side = 3, .pixels = pixels};
  float out[9];
  train_image(&images, 0, 0, 0, out);
  for (int p = 0; p < 9; p++) assert_true(out[p] == (float)pixels[p] / 256.0f);
  train_image(&images, 0, 1, -1, out);
  for (int p = 0; p < 9; p++) assert_true(out[p] == right_and_up[p] / 256.0f);
  train_image(&images, 0, -1, 0, out);
  for (int p = 0; p < 9; p++) assert_true(out[p] == left[p] / 256.0f);
}

static void write_idx(const char *dir, const char *name, uint32_t count, uint32_t size, uint8_t value) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  const uint8_t head[] = {0, 0, 8, 2, 0, 0, 0, (uint8_t)count, 0, 0, 0, (uint8_t)size};
  assert_int_equal(fwrite(head, 1, size == 1 ? 8 : 12, f), size == 1 ? 8 : 12);
  if (size == 1) {  // labels have one dimension
    assert_int_equal(fseek(f, 3, SEEK_SET), 0);
    assert_int_equal(fputc(1, f), 1);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
  }
  for (uint32_t i = 0; i < count * size; i++) assert_int_equal(fputc(value, f), value);
  assert_int_equal(fclose(f), 0);
}

static const char *const data_files[4] = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                                          "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"};

static void write_data_set(const char *dir) {
  write_idx(dir, data_files[0], 12, 9, 100);
  write_idx(dir, data_files[1], 12, 1, 3);
  write_idx(dir, data_files[2], 5, 9, 100);
  write_idx(dir, data_files[3], 5, 1, 3);
}

static void refused(const char *dir, uint32_t held_out, const char *part) {
  train_data data = {0};
  eie_error err = {""};
  assert_int_not_equal(train_data_read(dir, held_out, &data, &err), EIE_OK);
  if (!strstr(err.text, part)) fail_msg("\"%s\" does not say \"%s\"", err.text, part);
  assert_null(data.owned[0]);
}

static void data_that_does_not_fit_together_is_refused(void **state) {
  (void)state;
  char dir[] = "build/tmp/trainXXXXXX", path[256];
  assert_true(mkdir("build", 0777) == 0 || errno == EEXIST);
  assert_true(mkdir("build/tmp", 0777) == 0 || errno == EEXIST);
  assert_non_null(mkdtemp(dir));
  refused(dir, 4, "dataset-fashion-mnist");
  write_data_set(dir);
  train_data data = {0};
  eie_error err;
  must(train_data_read(dir, 4, &data, &err), &err);
  assert_int_equal(data.fit.count, 8);
  assert_int_equal(data.held_out.count, 4);
  assert_int_equal(data.fit.side, 3);
  assert_ptr_equal(data.held_out.pixels, data.fit.pixels + 8 * 9);
  train_data_free(&data);
  refused(dir, 12, "too few");
  write_idx(dir, data_files[1], 12, 1, 10);
  refused(dir, 4, "label 0 is 10");
  write_idx(dir, data_files[1], 11, 1, 3);
  refused(dir, 4, "11 labels");
  write_data_set(dir);
  write_idx(dir, data_files[2], 5, 8, 100);
  refused(dir, 4, "do not go with");
  for (int i = 0; i < 4; i++) {
    snprintf(path, sizeof path, "%s/%s", dir, data_files[i]);
    assert_int_equal(unlink(path), 0);
  }
  assert_int_equal(rmdir(dir), 0);
}

static void a_layer_may_lose_all_its_weights(void **state) {
  (void)state;
  tiny_set *tiny = calloc(1, sizeof *tiny);
  assert_non_null(tiny);
  make_tiny(tiny, 1);
  train_options options;
  train_report report;
  eie_model model;
  eie_error err;
  train_options_default(&options, 1);
  options.density[1] = 0.0;
  must(train_compress(&options, &tiny->data, NULL, &model, &report, &err), &err);
  assert_int_equal(model.layers[1].nnz, 0);
  eie_model_free(&model);
  free(tiny);
}

static void options_out_of_range_are_refused(void **state) {
  (void)state;
  tiny_set *tiny = calloc(1, sizeof *tiny);
  assert_non_null(tiny);
  make_tiny(tiny, 1);
  train_options options;
  train_report report;
  eie_model model = {0};
  eie_error err;
  train_options_default(&options, 1);
  options.words = 16;
  assert_int_equal(train_compress(&options, &tiny->data, NULL, &model, &report, &err), EIE_ERR_USE);
  options.words = 15;
  options.density[1] = 1.5;
  assert_int_equal(train_compress(&options, &tiny->data, NULL, &model, &report, &err), EIE_ERR_USE);
  assert_null(model.layers);
  free(tiny);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_equal_finite_differences),
      cmocka_unit_test(gradients_with_dropped_units_equal_finite_differences),
      cmocka_unit_test(pruning_keeps_exactly_the_asked_number_of_the_largest),
      cmocka_unit_test(pruning_to_more_than_there_is_changes_nothing),
      cmocka_unit_test(density_falls_from_one_to_the_final_one_by_half_time),
      cmocka_unit_test(density_becomes_the_nearest_whole_number_of_weights),
      cmocka_unit_test(shared_words_are_the_means_of_the_weights_nearest_to_them),
      cmocka_unit_test(gradient_of_a_word_is_the_sum_over_its_weights),
      cmocka_unit_test(equal_seeds_give_equal_bytes_and_others_do_not),
      cmocka_unit_test(all_steps_learn_and_hold_the_asked_densities),
      cmocka_unit_test(fine_tuning_moves_words_but_no_codes),
      cmocka_unit_test(quantised_layer_is_the_shared_layer_with_the_largest_safe_fraction),
      cmocka_unit_test(precision_wins_where_the_overflow_proof_would_cost_too_much),
      cmocka_unit_test(weights_beyond_sixteen_bits_are_refused),
      cmocka_unit_test(a_moved_image_has_its_pixels_elsewhere_and_zeros_come_in),
      cmocka_unit_test(data_that_does_not_fit_together_is_refused),
      cmocka_unit_test(a_layer_may_lose_all_its_weights),
      cmocka_unit_test(options_out_of_range_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
