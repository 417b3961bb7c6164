// SPDX-License-Identifier: Apache-2.0
// Inputs, outputs, labels: quantisation, .npy, IDX.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>
#include <math.h>
#include <zlib.h>

#include "command.h"
#include "eie_npy.h"
#include "eie_random.h"
#include "eie_tensor.h"

typedef struct {
  char folder[256], path[512];
} place;

static int set_up(void **state) {
  place *p = calloc(1, sizeof *p);
  make_folder(p->folder, sizeof p->folder);
  snprintf(p->path, sizeof p->path, "%s/file", p->folder);
  *state = p;
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  remove_folder(p->folder);
  free(p);
  return 0;
}

static void must(eie_status status, const eie_error *err) {
  if (status != EIE_OK) fail_msg("%s", err->text);
}

static void quantisation_rounds_half_up_and_clamps(void **state) {
  (void)state;
  const struct {
    double x;
    int32_t frac;
    int want;
  } cases[] = {{0.5, 0, 1},         {-0.5, 0, 0},         {-1.5, 0, -1},       {1.0, 8, 256},
               {127.999, 8, 32767}, {128.0, 8, 32767},    {-128.0, 8, -32768}, {-129.0, 8, -32768},
               {1e300, 31, 32767},  {-1e300, 31, -32768}, {65536.0, -16, 1},   {32767.0, -16, 0},
               {32768.0, -16, 1},   {1e-300, 31, 0},      {-1e-300, 31, 0},    {0.00390625, 7, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int16_t q = 77;
    assert_int_equal(eie_quantise(cases[i].x, cases[i].frac, &q), 0);
    assert_int_equal(q, cases[i].want);
  }
  int16_t q;
  assert_int_equal(eie_quantise(NAN, 0, &q), -1);
  assert_int_equal(eie_quantise(INFINITY, 0, &q), -1);
  assert_int_equal(eie_quantise(-INFINITY, 0, &q), -1);
}

static void activations_come_back_as_they_were_written(void **state) {
  place *p = *state;
  eie_error err = {""};
  int16_t values[] = {-32768, -1, 0, 1, 32767, 258};
  const eie_activations acts = {.count = 2, .cols = 3, .data = values};
  eie_activations back;
  must(eie_activations_write(p->path, &acts, &err), &err);
  must(eie_activations_read(p->path, 3, 8, &back, &err), &err);
  assert_int_equal(back.count, 2);
  assert_int_equal(back.cols, 3);
  assert_memory_equal(back.data, values, sizeof values);
  eie_activations_free(&back);
  struct stat st;
  assert_int_equal(stat(p->path, &st), 0);
  assert_int_equal(st.st_size, 128 + sizeof values);  // the data begin at a multiple of 64
}

// Writes a .npy by hand: version, dictionary, data.
static void write_npy(const char *path, int version, const char *dictionary, const void *data, size_t size) {
  uint8_t bytes[1024] = {0x93, 'N', 'U', 'M', 'P', 'Y', (uint8_t)version, 0};
  size_t n = strlen(dictionary), head = version == 1 ? 10 : 12;
  bytes[8] = (uint8_t)n;
  bytes[9] = (uint8_t)(n >> 8);
  memcpy(bytes + head, dictionary, n);
  memcpy(bytes + head + n, data, size);
  write_bytes(path, bytes, head + n + size);
}

static void every_npy_version_order_of_keys_and_quote_is_read(void **state) {
  place *p = *state;
  eie_error err = {""};
  const uint8_t data[] = {1, 0, 2, 0, 0xff, 0xff};
  const char *const dictionaries[] = {"{'descr': '<i2', 'fortran_order': False, 'shape': (1, 3), }\n",
                                      "{\"shape\": (3,), \"fortran_order\": False, \"descr\": \"<i2\"}   \n",
                                      "{'fortran_order':False,'shape':(3,),'descr':'<i2',}"};
  for (int i = 0; i < 3; i++) {
    eie_activations acts;
    write_npy(p->path, i + 1, dictionaries[i], data, sizeof data);
    must(eie_activations_read(p->path, 3, 0, &acts, &err), &err);
    assert_int_equal(acts.count, 1);
    assert_int_equal(acts.data[1], 2);
    assert_int_equal(acts.data[2], -1);
    eie_activations_free(&acts);
  }
}

static void float32_activations_are_quantised_with_the_fraction(void **state) {
  place *p = *state;
  eie_error err = {""};
  const float data[] = {0.5f, -0.25f, 1000.0f, 0.001953125f};
  eie_activations acts;
  write_npy(p->path, 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", data, sizeof data);
  must(eie_activations_read(p->path, 2, 8, &acts, &err), &err);
  const int16_t want[] = {128, -64, 32767, 1};
  assert_memory_equal(acts.data, want, sizeof want);
  eie_activations_free(&acts);
}

// Labels 0, 5, 127 as every integer type.
static void labels_of_every_integer_type_are_read(void **state) {
  place *p = *state;
  eie_error err = {""};
  const char *const types[] = {"|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"};
  for (int i = 0; i < 8; i++) {
    uint8_t data[24] = {0};
    char dictionary[128];
    size_t width = (size_t)(types[i][2] - '0');
    data[width] = 5;
    data[2 * width] = 127;
    snprintf(dictionary, sizeof dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (3,), }",
             types[i]);
    write_npy(p->path, 1, dictionary, data, 3 * width);
    eie_labels labels;
    must(eie_labels_read(p->path, &labels, &err), &err);
    assert_int_equal(labels.count, 3);
    assert_int_equal(labels.data[0], 0);
    assert_int_equal(labels.data[1], 5);
    assert_int_equal(labels.data[2], 127);
    eie_labels_free(&labels);
  }
}

static void integers_keep_their_sign_at_both_ends(void **state) {
  (void)state;
  const uint8_t lowest[] = {0, 0, 0, 0, 0, 0, 0, 0x80},
                minus_one[] = {255, 255, 255, 255, 255, 255, 255, 255};
  int64_t value;
  eie_npy npy = {.kind = 'i', .bytes = 8, .count = 1, .data = lowest};
  assert_int_equal(eie_npy_integer(&npy, 0, &value), 0);
  assert_true(value == INT64_MIN);
  npy.data = minus_one;
  assert_int_equal(eie_npy_integer(&npy, 0, &value), 0);
  assert_true(value == -1);
  npy.kind = 'u';
  assert_int_equal(eie_npy_integer(&npy, 0, &value), -1);
  npy.bytes = 4;
  assert_int_equal(eie_npy_integer(&npy, 0, &value), 0);
  assert_true(value == UINT32_MAX);
  npy.kind = 'i';
  npy.bytes = 1;
  assert_int_equal(eie_npy_integer(&npy, 0, &value), 0);
  assert_true(value == -1);
}

static const uint8_t idx[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 128, 255, 1};

static void check_idx(const char *path) {
  eie_error err = {""};
  eie_activations acts;
  must(eie_activations_read(path, 2, 8, &acts, &err), &err);
  assert_int_equal(acts.count, 2);
  const int16_t want[] = {0, 128, 255, 1};
  assert_memory_equal(acts.data, want, sizeof want);
  eie_activations_free(&acts);
  must(eie_activations_read(path, 2, 4, &acts, &err), &err);
  const int16_t coarse[] = {0, 8, 16, 0};
  assert_memory_equal(acts.data, coarse, sizeof coarse);
  eie_activations_free(&acts);
}

static void idx_is_read_plain_and_gz(void **state) {
  place *p = *state;
  write_bytes(p->path, idx, sizeof idx);
  check_idx(p->path);
  gzFile gz = gzopen(p->path, "wb");
  assert_int_equal(gzwrite(gz, idx, sizeof idx), (int)sizeof idx);
  gzclose(gz);
  check_idx(p->path);
}

static void every_shorter_and_longer_idx_is_refused(void **state) {
  place *p = *state;
  uint8_t longer[sizeof idx + 1] = {0};
  memcpy(longer, idx, sizeof idx);
  for (size_t n = 0; n <= sizeof longer; n++) {
    if (n == sizeof idx) continue;
    eie_error err = {""};
    eie_activations acts = {.count = 99};
    write_bytes(p->path, longer, n);
    assert_int_equal(eie_activations_read(p->path, 2, 8, &acts, &err), EIE_ERR_INPUT);
    assert_int_equal(acts.count, 99);  // outputs are unchanged on failure
    assert_true(strlen(err.text) > 20);
  }
}

static void every_shorter_and_longer_npy_is_refused(void **state) {
  place *p = *state;
  eie_error err = {""};
  int16_t values[] = {1, 2, 3};
  const eie_activations acts = {.count = 1, .cols = 3, .data = values};
  must(eie_activations_write(p->path, &acts, &err), &err);
  char bytes[200] = {0};
  FILE *f = fopen(p->path, "rb");
  size_t size = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  for (size_t n = 0; n <= size + 1; n++) {
    eie_activations back;
    if (n == size) continue;
    write_bytes(p->path, bytes, n);
    assert_int_equal(eie_activations_read(p->path, 3, 8, &back, &err), EIE_ERR_INPUT);
  }
}

static void damaged_gz_is_refused_wherever_the_damage_is(void **state) {
  place *p = *state;
  uint8_t bytes[256];
  gzFile gz = gzopen(p->path, "wb");
  gzwrite(gz, idx, sizeof idx);
  gzclose(gz);
  FILE *f = fopen(p->path, "rb");
  size_t size = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  for (size_t n = 0; n < size; n++) {  // cut anywhere
    eie_error err = {""};
    eie_activations acts;
    write_bytes(p->path, bytes, n);
    assert_int_equal(eie_activations_read(p->path, 2, 8, &acts, &err), EIE_ERR_INPUT);
  }
  bytes[size - 6] ^= 1;  // the check sum
  eie_error err = {""};
  eie_activations acts;
  write_bytes(p->path, bytes, size);
  assert_int_equal(eie_activations_read(p->path, 2, 8, &acts, &err), EIE_ERR_INPUT);
}

// Random damage to one kind of file: accepted as other numbers, or refused with a sentence.
static void damage(const char *path, const uint8_t *good, uint32_t size, eie_random *random, int rounds) {
  uint8_t bytes[512];
  for (int round = 0; round < rounds; round++) {
    memcpy(bytes, good, size);
    for (uint32_t k = 1 + eie_random_below(random, 3); k > 0; k--) {
      uint32_t at = eie_random_below(random, size);
      bytes[at] = eie_random_below(random, 2)
                      ? (uint8_t)eie_random_next(random)
                      : (uint8_t) "0123456789<>iuf(),:'{} "[eie_random_below(random, 23)];
    }
    write_bytes(path, bytes, size);
    eie_error err = {""};
    eie_activations acts;
    eie_labels labels;
    if (eie_activations_read(path, 2, 8, &acts, &err) == EIE_OK)
      eie_activations_free(&acts);
    else
      assert_true(strlen(err.text) > 10);
    if (eie_labels_read(path, &labels, &err) == EIE_OK) eie_labels_free(&labels);
  }
}

static void no_damage_crashes_the_readers(void **state) {
  place *p = *state;
  const char *own = getenv("EIE_SEED");
  uint64_t seed = own ? strtoull(own, NULL, 10) : 1;
  eie_random random;
  eie_error err = {""};
  uint8_t bytes[512];
  print_message("seed %llu\n", (unsigned long long)seed);
  eie_random_seed(&random, seed);
  damage(p->path, idx, sizeof idx, &random, 1500);
  gzFile gz = gzopen(p->path, "wb");
  gzwrite(gz, idx, sizeof idx);
  gzclose(gz);
  FILE *f = fopen(p->path, "rb");
  uint32_t size = (uint32_t)fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  damage(p->path, bytes, size, &random, 1500);
  int16_t values[] = {1, 2, 3, 4};
  const eie_activations acts = {.count = 2, .cols = 2, .data = values};
  must(eie_activations_write(p->path, &acts, &err), &err);
  f = fopen(p->path, "rb");
  size = (uint32_t)fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  damage(p->path, bytes, size, &random, 3000);
}

static void fashion_mnist_reads_as_it_is_packaged(void **state) {
  (void)state;
  const char *const images = "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz";
  const char *const names = "/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz";
  eie_error err = {""};
  eie_activations acts;
  eie_labels labels;
  must(eie_activations_read(images, 784, 8, &acts, &err), &err);
  must(eie_labels_read(names, &labels, &err), &err);
  assert_int_equal(acts.count, 10000);
  assert_int_equal(labels.count, 10000);
  uint32_t of[10] = {0};
  for (uint32_t i = 0; i < labels.count; i++) of[labels.data[i]]++;
  for (int k = 0; k < 10; k++) assert_int_equal(of[k], 1000);
  eie_activations_free(&acts);
  eie_labels_free(&labels);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(quantisation_rounds_half_up_and_clamps),
      TEST(activations_come_back_as_they_were_written),
      TEST(every_npy_version_order_of_keys_and_quote_is_read),
      TEST(float32_activations_are_quantised_with_the_fraction),
      TEST(labels_of_every_integer_type_are_read),
      TEST(integers_keep_their_sign_at_both_ends),
      TEST(idx_is_read_plain_and_gz),
      TEST(every_shorter_and_longer_idx_is_refused),
      TEST(every_shorter_and_longer_npy_is_refused),
      TEST(damaged_gz_is_refused_wherever_the_damage_is),
      TEST(no_damage_crashes_the_readers),
      TEST(fashion_mnist_reads_as_it_is_packaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
