// SPDX-License-Identifier: Apache-2.0
// Model files: what is written comes back, byte for byte the same each time; every rule is enforced;
// no bytes crash the reader.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>
#include <zlib.h>

#include "command.h"
#include "eie_gen.h"
#include "eie_model.h"
#include "eie_safetensors.h"

typedef struct {
  char folder[256], path[512];
  eie_model model;  // 9 -> 7 -> 5
} place;

static void must(eie_status status, const eie_error *err) {
  if (status != EIE_OK) fail_msg("%s", err->text);
}

// Two generated layers chained into one model.
static eie_model make_model(uint64_t seed) {
  eie_error err = {""};
  eie_model model = {.input_frac = 8, .n_layers = 2, .layers = calloc(2, sizeof *model.layers)};
  const uint32_t size[] = {9, 7, 5};
  for (uint32_t k = 0; k < 2; k++) {
    const eie_gen_options o = {.rows = size[k + 1],
                               .cols = size[k],
                               .density = 0.5,
                               .seed = seed + k,
                               .shift = 14,
                               .relu = k == 0,
                               .codebook_size = k ? 256 : 16};
    eie_model one;
    must(eie_gen_model(&o, &one, &err), &err);
    model.layers[k] = one.layers[0];
    snprintf(model.layers[k].name, sizeof model.layers[k].name, k ? "last \"one\"" : "layer0");
    free(one.layers);
  }
  return model;
}

static int set_up(void **state) {
  place *p = calloc(1, sizeof *p);
  make_folder(p->folder, sizeof p->folder);
  snprintf(p->path, sizeof p->path, "%s/m.safetensors", p->folder);
  p->model = make_model(1);
  *state = p;
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  eie_model_free(&p->model);
  remove_folder(p->folder);
  free(p);
  return 0;
}

static size_t read_bytes(const char *path, uint8_t *bytes, size_t room) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  size_t n = fread(bytes, 1, room, f);
  assert_true(n < room);
  fclose(f);
  return n;
}

static void assert_same_layer(const eie_layer *a, const eie_layer *b) {
  assert_string_equal(a->name, b->name);
  assert_int_equal(a->rows, b->rows);
  assert_int_equal(a->cols, b->cols);
  assert_int_equal(a->nnz, b->nnz);
  assert_int_equal(a->shift, b->shift);
  assert_int_equal(a->relu, b->relu);
  assert_int_equal(a->weight_frac, b->weight_frac);
  assert_int_equal(a->codebook_size, b->codebook_size);
  assert_memory_equal(a->indptr, b->indptr, 4 * (a->cols + 1));
  assert_memory_equal(a->indices, b->indices, 4 * a->nnz);
  assert_memory_equal(a->codes, b->codes, a->nnz);
  assert_memory_equal(a->codebook, b->codebook, 2 * a->codebook_size);
  assert_memory_equal(a->bias, b->bias, 4 * a->rows);
}

static void a_model_comes_back_as_it_was_written(void **state) {
  place *p = *state;
  eie_error err = {""};
  eie_model back;
  p->model.layers[0].bias[0] = INT32_MIN;
  p->model.layers[0].bias[1] = INT32_MAX;
  p->model.layers[0].codebook[3] = INT16_MIN;
  p->model.layers[0].codebook[4] = INT16_MAX;
  must(eie_model_write(p->path, &p->model, &err), &err);
  must(eie_model_read(p->path, &back, &err), &err);
  assert_int_equal(back.input_frac, 8);
  assert_int_equal(back.n_layers, 2);
  for (int k = 0; k < 2; k++) assert_same_layer(&back.layers[k], &p->model.layers[k]);
  eie_model_free(&back);
  assert_null(back.layers);
  eie_model_free(&back);  // a zeroed model is allowed
}

static void a_layer_without_weights_comes_back(void **state) {
  place *p = *state;
  eie_error err = {""};
  const eie_gen_options o = {.rows = 1, .cols = 1, .density = 0, .codebook_size = 16};
  eie_model empty, back;
  must(eie_gen_model(&o, &empty, &err), &err);
  assert_int_equal(empty.layers[0].nnz, 0);
  must(eie_model_write(p->path, &empty, &err), &err);
  must(eie_model_read(p->path, &back, &err), &err);
  assert_same_layer(&back.layers[0], &empty.layers[0]);
  eie_model_free(&back);
  eie_model_free(&empty);
}

static void the_same_model_gives_the_same_bytes(void **state) {
  place *p = *state;
  static uint8_t a[1 << 16], b[1 << 16];
  eie_error err = {""};
  eie_model back;
  must(eie_model_write(p->path, &p->model, &err), &err);
  size_t n = read_bytes(p->path, a, sizeof a);
  must(eie_model_read(p->path, &back, &err), &err);
  must(eie_model_write(p->path, &back, &err), &err);
  eie_model_free(&back);
  assert_int_equal(read_bytes(p->path, b, sizeof b), n);
  assert_memory_equal(a, b, n);
  assert_int_equal(a[0] % 8, 0);  // the header's length
}

// A change of generator or writer that alters a byte shows here; another machine must give the same.
static void generated_bytes_are_the_same_on_every_machine(void **state) {
  place *p = *state;
  static uint8_t bytes[1 << 20];
  eie_error err = {""};
  eie_gen_options o = {.rows = 64,
                       .cols = 100,
                       .density = 0.3,
                       .act_density = 0.4,
                       .uneven = 0.4,
                       .seed = 7,
                       .count = 2,
                       .shift = 14,
                       .relu = 1,
                       .codebook_size = 16};
  eie_model model;
  eie_activations acts;
  must(eie_gen_model(&o, &model, &err), &err);
  must(eie_gen_activations(&o, &acts, &err), &err);
  must(eie_model_write(p->path, &model, &err), &err);
  uint32_t crc = (uint32_t)crc32(0, bytes, (unsigned)read_bytes(p->path, bytes, sizeof bytes));
  assert_int_equal(crc, 0xef4f6b9a);
  must(eie_activations_write(p->path, &acts, &err), &err);
  crc = (uint32_t)crc32(0, bytes, (unsigned)read_bytes(p->path, bytes, sizeof bytes));
  assert_int_equal(crc, 0xfcd91b24);
  eie_model_free(&model);
  eie_activations_free(&acts);
}

static void generated_layers_have_the_density_that_was_asked_for(void **state) {
  (void)state;
  eie_error err = {""};
  const double uneven[] = {0, 0.4, 1.5};
  for (int i = 0; i < 3; i++) {
    eie_gen_options o = {.rows = 1000,
                         .cols = 1000,
                         .density = 0.25,
                         .act_density = 0.35,
                         .uneven = uneven[i],
                         .seed = 3,
                         .count = 100,
                         .shift = 14,
                         .codebook_size = 256};
    eie_model model;
    eie_activations acts;
    must(eie_gen_model(&o, &model, &err), &err);
    must(eie_model_check(&model, "generated", &err), &err);
    assert_true(model.layers[0].nnz > 245000 && model.layers[0].nnz < 255000);
    must(eie_gen_activations(&o, &acts, &err), &err);
    uint32_t nonzero = 0;
    for (uint32_t k = 0; k < 100000; k++) nonzero += acts.data[k] != 0;
    assert_true(nonzero > 34000 && nonzero < 36000);
    eie_model_free(&model);
    eie_activations_free(&acts);
  }
}

static void fractions_follow_the_chain(void **state) {
  place *p = *state;
  p->model.layers[0].shift = 10;
  assert_int_equal(eie_model_frac(&p->model, 0), 8);
  assert_int_equal(eie_model_frac(&p->model, 1), 12);
  assert_int_equal(eie_model_frac(&p->model, 2), 12);
}

// Expects a refusal whose sentence has `text`, then undoes nothing: each test has its own model.
static void expect_refusal(const eie_model *model, const char *text) {
  eie_error err = {""};
  assert_int_equal(eie_model_check(model, "here", &err), EIE_ERR_INPUT);
  if (!strstr(err.text, text) || strncmp(err.text, "here: ", 6) != 0)
    fail_msg("\"%s\" lacks \"%s\"", err.text, text);
}

#define BREAK(field, value, text)                                       \
  do {                                                                  \
    __typeof__(field) before_ = (field);                                \
    (field) = (value);                                                  \
    expect_refusal(&p->model, text);                                    \
    (field) = before_;                                                  \
    assert_int_equal(eie_model_check(&p->model, "here", NULL), EIE_OK); \
  } while (0)

static void every_rule_of_a_layer_is_checked_and_the_layer_named(void **state) {
  place *p = *state;
  eie_layer *l = &p->model.layers[1];
  uint32_t c = 0;
  while (l->indptr[c + 1] - l->indptr[c] < 2) c++;  // a column with two weights
  uint32_t i = l->indptr[c];
  BREAK(l->shift, 32, "layer 1: shift");
  BREAK(l->relu, 2, "layer 1: relu");
  BREAK(l->weight_frac, 32, "layer 1: weight_frac");
  BREAK(l->weight_frac, -17, "layer 1: weight_frac");
  BREAK(l->codebook_size, 17, "layer 1: the codebook");
  BREAK(l->rows, 0, "layer 1: has 0 rows");
  BREAK(l->cols, EIE_MAX_DIM + 1, "columns");
  BREAK(l->codebook[0], 1, "layer 1: codebook word 0");
  BREAK(l->indptr[0], 1, "indptr[0]");
  BREAK(l->indptr[1], 200, "must ascend");
  BREAK(l->indptr[l->cols], l->nnz + 1, "indptr ends with");
  BREAK(l->indices[i], 5, "outside 0..4");
  BREAK(l->indices[i], UINT32_MAX, "outside 0..4");
  BREAK(l->indices[i + 1], l->indices[i], "twice");
  BREAK(l->codes[i], 0, "code 0");
  BREAK(p->model.layers[0].codes[0], 16, "layer 0: column");
  BREAK(l->name[0], '\0', "name");
  BREAK(l->name[0], '\n', "printable");
  BREAK(p->model.layers[0].rows, 6, "layer 0");
  BREAK(p->model.input_frac, 32, "input_frac");
  BREAK(p->model.n_layers, 0, "has 0 layers");
}

static void rows_out_of_order_are_refused(void **state) {
  place *p = *state;
  eie_layer *l = &p->model.layers[0];
  uint32_t c = 0;
  while (l->indptr[c + 1] - l->indptr[c] < 2) c++;
  uint32_t *row = l->indices + l->indptr[c], t = row[0];
  row[0] = row[1];
  row[1] = t;
  expect_refusal(&p->model, "out of order");
}

static void layers_that_do_not_join_are_refused(void **state) {
  place *p = *state;
  eie_layer t = p->model.layers[0];
  p->model.layers[0] = p->model.layers[1];
  p->model.layers[1] = t;
  expect_refusal(&p->model, "layer 1: has 9 columns, but layer 0 has 5 rows");
}

static void fractions_outside_the_range_of_activations_are_refused(void **state) {
  place *p = *state;
  p->model.layers[1].weight_frac = 31;
  p->model.layers[1].shift = 0;
  expect_refusal(&p->model, "39 fraction bits");
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state) {
  place *p = *state;
  static uint8_t before[1 << 16], after[1 << 16];
  eie_error err = {""};
  must(eie_model_write(p->path, &p->model, &err), &err);
  size_t n = read_bytes(p->path, before, sizeof before);
  p->model.layers[0].shift = 99;
  assert_int_equal(eie_model_write(p->path, &p->model, &err), EIE_ERR_INPUT);
  assert_int_equal(read_bytes(p->path, after, sizeof after), n);
  assert_memory_equal(before, after, n);
  p->model.layers[0].shift = 1;
  assert_int_equal(eie_model_write("build/no/such/folder/m", &p->model, &err), EIE_ERR_IO);
  DIR *dir = opendir(p->folder);
  int entries = 0;
  while (readdir(dir)) entries++;
  closedir(dir);
  assert_int_equal(entries, 3);  // ".", "..", the file
}

static void every_truncation_and_one_byte_more_are_refused(void **state) {
  place *p = *state;
  static uint8_t bytes[1 << 16];
  eie_error err = {""};
  must(eie_model_write(p->path, &p->model, &err), &err);
  size_t size = read_bytes(p->path, bytes, sizeof bytes);
  bytes[size] = 0;
  for (size_t n = 0; n <= size + 1; n++) {
    eie_model back = {.n_layers = 99};
    if (n == size) continue;
    write_bytes(p->path, bytes, n);
    assert_int_equal(eie_model_read(p->path, &back, &err), EIE_ERR_INPUT);
    assert_int_equal(back.n_layers, 99);
  }
}

// Random damage: the reader accepts a model that passes its own check, or says why not.
static void no_damage_crashes_the_reader(void **state) {
  place *p = *state;
  static uint8_t good[1 << 16], bytes[1 << 16];
  const char *own = getenv("EIE_SEED");
  uint64_t seed = own ? strtoull(own, NULL, 10) : 1;
  eie_error err = {""};
  eie_random random;
  print_message("seed %llu\n", (unsigned long long)seed);
  eie_random_seed(&random, seed);
  must(eie_model_write(p->path, &p->model, &err), &err);
  uint32_t size = (uint32_t)read_bytes(p->path, good, sizeof good);
  uint32_t accepted = 0;
  for (int round = 0; round < 3000; round++) {
    memcpy(bytes, good, size);
    for (uint32_t k = 1 + eie_random_below(&random, 3); k > 0; k--) {
      uint32_t at = eie_random_below(&random, size);
      bytes[at] = eie_random_below(&random, 2)
                      ? (uint8_t)eie_random_next(&random)
                      : (uint8_t) "0123456789-\",:{}[]\\ "[eie_random_below(&random, 20)];
    }
    write_bytes(p->path, bytes, size);
    eie_model back;
    err.text[0] = 0;
    if (eie_model_read(p->path, &back, &err) == EIE_OK) {
      accepted++;
      assert_int_equal(eie_model_check(&back, "accepted", &err), EIE_OK);
      eie_model_free(&back);
    } else {
      assert_true(strlen(err.text) > 10);
    }
  }
  assert_true(accepted > 0);  // damage to a bias or to a note is a different, valid model
}

static void the_container_gives_names_in_order_and_finds_them(void **state) {
  place *p = *state;
  eie_error err = {""};
  eie_safetensors file;
  must(eie_model_write(p->path, &p->model, &err), &err);
  must(eie_safetensors_read(p->path, &file, &err), &err);
  assert_int_equal(file.n_tensors, 10);
  for (uint32_t i = 1; i < file.n_tensors; i++)
    assert_true(strcmp(file.tensors[i - 1].name, file.tensors[i].name) < 0);
  assert_non_null(eie_safetensors_tensor(&file, "layers.1.bias"));
  assert_null(eie_safetensors_tensor(&file, "layers.2.bias"));
  assert_string_equal(eie_safetensors_value(&file, "layers.1.name"), "last \"one\"");
  assert_null(eie_safetensors_value(&file, "layers.0.name"));
  const eie_st_tensor *t = eie_safetensors_tensor(&file, "layers.0.indptr");
  assert_int_equal((size_t)(t->data - file.owned_bytes) % 4, 0);  // aligned in the file
  eie_safetensors_free(&file);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_model_comes_back_as_it_was_written),
      TEST(a_layer_without_weights_comes_back),
      TEST(the_same_model_gives_the_same_bytes),
      TEST(generated_bytes_are_the_same_on_every_machine),
      TEST(generated_layers_have_the_density_that_was_asked_for),
      TEST(fractions_follow_the_chain),
      TEST(every_rule_of_a_layer_is_checked_and_the_layer_named),
      TEST(rows_out_of_order_are_refused),
      TEST(layers_that_do_not_join_are_refused),
      TEST(fractions_outside_the_range_of_activations_are_refused),
      TEST(a_failed_write_leaves_the_old_file_and_nothing_else),
      TEST(every_truncation_and_one_byte_more_are_refused),
      TEST(no_damage_crashes_the_reader),
      TEST(the_container_gives_names_in_order_and_finds_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
