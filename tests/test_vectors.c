// SPDX-License-Identifier: Apache-2.0
// Vector sets: the same bytes every time; a player that knows only the format page plays them on the
// behavioural device; what was changed, even with right checksums, is refused by name; nothing of anyone
// else's is overwritten.
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../tb/eie_device.h"
#include "../tb/eie_vectors.h"
#include "../tb/random_model.h"
#include "../tb/vectors_files.h"
#include "command.h"
#include "random_layers.h"
#include "vectors_player.h"

enum { PATH_SIZE = 512 };

static void must(eie_status status, const eie_error *err) {
  if (status != EIE_OK) fail_msg("%s", err->text);
}

static int open_folder(void **state) {
  char *folder = malloc(PATH_SIZE);
  make_folder(folder, PATH_SIZE);
  *state = folder;
  return 0;
}

static int close_folder(void **state) {
  remove_folder(*state);
  free(*state);
  return 0;
}

// A random model on a configuration by name, packed, and its inputs.
static void random_set(eie_random *r, const char *name, eie_packed *packed, eie_activations *inputs) {
  random_model_census census = {0};
  eie_config config;
  eie_model model;
  eie_error err = {""};
  must(eie_config_read(name, &config, &err), &err);
  must(random_model_make(r, &config, &model, inputs, &census, &err), &err);
  const eie_pack_options options = {eie_random_below(r, 2) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED,
                                    eie_random_next(r)};
  must(eie_pack(&model, &config, &options, packed, &err), &err);
  eie_model_free(&model);
}

static const char *const names[] = {"tests/configs/t01.cfg",
                                    "tests/configs/t07.cfg",
                                    "tests/configs/t12.cfg",
                                    "tests/configs/t18.cfg",
                                    "pe4",
                                    "pe16c8"};
enum { N_NAMES = sizeof names / sizeof names[0] };

// A set that is small enough for a test, of a model of several loads if `several`.
static void small_set(eie_packed *packed, eie_activations *inputs, int several) {
  eie_random r;
  for (uint64_t seed = several ? 1 : 22;;
       seed++) {  // what these draw is such a set; packing others takes long
    eie_random_seed(&r, seed);
    random_set(&r, several ? "tiny" : "pe4", packed, inputs);
    if (several ? packed->n_loads > 1 && packed->n_loads < 12 && packed->n_layers > 1
                : packed->n_layers > 1 && packed->layers[0].nnz > 50 && packed->layers[0].cols < 60)
      return;
    eie_packed_free(packed);
    eie_activations_free(inputs);
  }
}

static void test_a_set_is_the_same_bytes_every_time(void **state) {
  (void)state;
  for (int several = 0; several < 2; several++) {
    eie_packed packed;
    eie_activations inputs;
    eie_vectors a, b;
    eie_error err = {""};
    small_set(&packed, &inputs, several);
    must(eie_vectors_make(&packed, &inputs, inputs.count, &a, &err), &err);
    must(eie_vectors_make(&packed, &inputs, inputs.count, &b, &err), &err);
    assert_int_equal(a.n_files, b.n_files);
    for (uint32_t k = 0; k < a.n_files; k++) {
      assert_string_equal(a.files[k].name, b.files[k].name);
      assert_int_equal(a.files[k].size, b.files[k].size);
      assert_memory_equal(a.files[k].text, b.files[k].text, a.files[k].size);
    }
    eie_vectors_free(&a);
    eie_vectors_free(&b);
    eie_packed_free(&packed);
    eie_activations_free(&inputs);
  }
}

static void test_a_player_of_the_format_page_plays_random_sets(void **state) {
  eie_random r;
  uint32_t loads = 0, hidden = 0;
  (void)state;
  eie_random_seed(&r, test_seed("random sets", 77));
  for (uint32_t n = 0; n < 24; n++) {
    eie_packed packed;
    eie_activations inputs;
    eie_vectors v;
    eie_error err = {""};
    random_set(&r, names[n % N_NAMES], &packed, &inputs);
    if (packed.n_loads <= 40) {
      must(eie_vectors_make(&packed, &inputs, inputs.count, &v, &err), &err);
      vectors_player_play(&v, &packed.config);
      loads += packed.n_loads > 1;
      hidden += !packed.all_visible;
      eie_vectors_free(&v);
    }
    eie_packed_free(&packed);
    eie_activations_free(&inputs);
  }
  assert_true(loads > 0 && hidden > 0);
}

static void test_what_was_written_passes_the_check(void **state) {
  char dir[PATH_SIZE];
  snprintf(dir, sizeof dir, "%s/set", (const char *)*state);
  for (int several = 0; several < 2; several++) {  // the second replaces the first
    eie_packed packed;
    eie_activations inputs;
    eie_vectors v, back;
    eie_error err = {""};
    small_set(&packed, &inputs, several);
    must(eie_vectors_make(&packed, &inputs, inputs.count, &v, &err), &err);
    must(eie_vectors_write(dir, &v, &err), &err);
    must(eie_vectors_check(dir, &back, &err), &err);
    assert_int_equal(v.n_files, back.n_files);
    assert_true(v.compared == back.compared && v.operations == back.operations);
    eie_vectors_free(&v);
    eie_vectors_free(&back);
    eie_packed_free(&packed);
    eie_activations_free(&inputs);
  }
}

// ---- damage ----

typedef struct {
  char dir[PATH_SIZE];
  eie_packed packed;
  eie_activations inputs;
  eie_vectors v;
} written_set;

static void write_set(written_set *s, const char *folder) {
  eie_error err = {""};
  snprintf(s->dir, sizeof s->dir, "%s/set", folder);
  small_set(&s->packed, &s->inputs, 0);
  must(eie_vectors_make(&s->packed, &s->inputs, 1, &s->v, &err), &err);
  must(eie_vectors_write(s->dir, &s->v, &err), &err);
}

static void free_set(written_set *s) {
  eie_vectors_free(&s->v);
  eie_packed_free(&s->packed);
  eie_activations_free(&s->inputs);
}

static void put(const written_set *s, const char *name, const char *text, size_t size) {
  char path[PATH_SIZE + 100];
  snprintf(path, sizeof path, "%s/%s", s->dir, name);
  write_bytes(path, text, size);
}

static void expect_refused(const written_set *s, const char *word) {
  eie_vectors back = {.n_files = 77};
  eie_error err = {""};
  const eie_status status = eie_vectors_check(s->dir, &back, &err);
  if (status == EIE_OK) fail_msg("accepted; the error should have said: %s", word);
  assert_int_equal(eie_exit_code(status), 2);
  if (!strstr(err.text, word)) fail_msg("\"%s\" does not name: %s", err.text, word);
  assert_int_equal(back.n_files, 77);  // outputs unchanged
}

static void test_a_changed_byte_is_named_by_its_file(void **state) {
  written_set s;
  eie_random r;
  write_set(&s, *state);
  eie_random_seed(&r, test_seed("changed bytes", 5));
  for (uint32_t k = 0; k < s.v.n_files; k++) {
    eie_vectors_file *f = &s.v.files[k];
    char word[EIE_VECTORS_NAME_SIZE + 2];
    snprintf(word, sizeof word, "/%s:", f->name);
    for (uint32_t n = 0; n < 3; n++) {
      const size_t at = n == 0 ? 0 : n == 1 ? f->size - 1 : eie_random_below(&r, (uint32_t)f->size);
      f->text[at] ^= 1;
      put(&s, f->name, f->text, f->size);
      expect_refused(&s, word);
      f->text[at] ^= 1;
    }
    put(&s, f->name, f->text, f->size - 1);  // cut
    expect_refused(&s, word);
    put(&s, f->name, f->text, f->size);
  }
  eie_vectors back;
  eie_error err = {""};
  must(eie_vectors_check(s.dir, &back, &err), &err);  // all is as it was
  eie_vectors_free(&back);
  free_set(&s);
}

// The manifest with the right sums of a changed file, and of itself.
static void forge(const written_set *s, const eie_vectors_file *f, const char *text) {
  const eie_vectors_file *m = &s->v.files[s->v.n_files - 1];
  char *forged = malloc(m->size + 1), old[16], sum[16];
  memcpy(forged, m->text, m->size);
  forged[m->size] = 0;
  snprintf(old, sizeof old, "%08x", f->crc32);
  snprintf(sum, sizeof sum, "%08x", vectors_crc32(text, f->size));
  char *at = strstr(forged, f->name);
  at = at ? strstr(at, old) : NULL;
  assert_non_null(at);
  memcpy(at, sum, 8);
  snprintf(sum, sizeof sum, "%08x", vectors_crc32(forged, m->size - 24));
  memcpy(forged + m->size - 12, sum, 8);
  put(s, VECTORS_MANIFEST, forged, m->size);
  free(forged);
}

static void test_a_lie_with_right_checksums_is_refused_by_file_and_line(void **state) {
  static const char *const lies[] = {VECTORS_SCRIPT, "layer0.outputs.hex", VECTORS_COUNTERS, VECTORS_README};
  written_set s;
  write_set(&s, *state);
  for (uint32_t k = 0; k < sizeof lies / sizeof lies[0]; k++) {
    for (uint32_t n = 0; n < s.v.n_files; n++) {
      eie_vectors_file *f = &s.v.files[n];
      char word[EIE_VECTORS_NAME_SIZE + 20];
      if (strcmp(f->name, lies[k]) != 0) continue;
      f->text[0] ^= 1;
      put(&s, f->name, f->text, f->size);
      forge(&s, f, f->text);
      f->text[0] ^= 1;
      snprintf(word, sizeof word, "/%s: line 1 is not", f->name);
      expect_refused(&s, word);
      put(&s, f->name, f->text, f->size);
    }
  }
  free_set(&s);
}

static void put_manifest(const written_set *s, const char *body) {
  char text[2000];
  const int n = snprintf(text, sizeof text, "%s", body);
  snprintf(text + n, sizeof text - (size_t)n, "  \"crc32\": \"%08x\"\n}\n", vectors_crc32(text, (size_t)n));
  put(s, VECTORS_MANIFEST, text, strlen(text));
}

static void test_a_forged_manifest_never_harms(void **state) {
  static const char head[] = "{\"format\": \"eie-vectors\", \"version\": 1, \"inputs\": 1, \"files\": ";
  static const char *const files[] = {
      "7",
      "[7]",
      "[{\"name\": \"../../x\", \"bytes\": 1, \"crc32\": \"00000000\"}]",
      "[{\"name\": \"/etc/passwd\", \"bytes\": 1, \"crc32\": \"00000000\"}]",
      "[{\"name\": \"image/../../x\", \"bytes\": 1, \"crc32\": \"00000000\"}]",
      "[{\"name\": \"\", \"bytes\": 1, \"crc32\": \"00000000\"}]",
      "[{\"name\": \"README.md\", \"bytes\": -1, \"crc32\": \"00000000\"}]",
      "[{\"name\": \"README.md\", \"bytes\": 1e300, \"crc32\": 7}]",
      "[{\"name\": 7, \"bytes\": 1, \"crc32\": \"00000000\"}]",
      "[]"};
  written_set s;
  char body[1000];
  write_set(&s, *state);
  for (uint32_t k = 0; k < sizeof files / sizeof files[0]; k++) {
    snprintf(body, sizeof body, "%s%s,\n", head, files[k]);
    put_manifest(&s, body);
    expect_refused(&s, s.dir);
  }
  put_manifest(&s, "{\"format\": \"eie-packed\", \"version\": 1,\n");
  expect_refused(&s, "is not the manifest of a vector set");
  put_manifest(&s, "{\"format\": \"eie-vectors\", \"version\": 2,\n");
  expect_refused(&s, "\"version\" is not 1");
  put_manifest(&s, "not even JSON,\n");
  expect_refused(&s, VECTORS_MANIFEST);
  put(&s, VECTORS_MANIFEST, "", 0);
  expect_refused(&s, VECTORS_MANIFEST);
  free_set(&s);
}

static void test_only_a_vector_set_is_replaced(void **state) {
  static const char *const strangers[] = {"thesis.txt", "image/thesis.txt", "layer0.outputs.hex.bak"};
  written_set s;
  eie_error err = {""};
  char path[2 * PATH_SIZE];
  write_set(&s, *state);
  for (uint32_t k = 0; k < sizeof strangers / sizeof strangers[0]; k++) {
    put(&s, strangers[k], "x", 1);
    assert_int_equal(eie_vectors_write(s.dir, &s.v, &err), EIE_ERR_USE);
    assert_non_null(strstr(err.text, "something else than a vector set"));
    snprintf(path, sizeof path, "%s/%s", s.dir, strangers[k]);
    assert_int_equal(unlink(path), 0);  // it is still there
  }
  must(eie_vectors_write(s.dir, &s.v, &err), &err);
  snprintf(path, sizeof path, "%s/packed", (const char *)*state);
  must(eie_packed_write(path, &s.packed, &err), &err);
  assert_int_equal(eie_vectors_write(path, &s.v, &err), EIE_ERR_USE);  // another kind of directory
  assert_int_equal(eie_packed_write(s.dir, &s.packed, &err), EIE_ERR_USE);
  snprintf(path, sizeof path, "%s/page", (const char *)*state);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/page/manifest.json", (const char *)*state);
  write_bytes(path, "{}", 2);  // anyone may have such a file
  snprintf(path, sizeof path, "%s/page", (const char *)*state);
  assert_int_equal(eie_vectors_write(path, &s.v, &err), EIE_ERR_USE);
  assert_int_equal(eie_vectors_write("build/no/such/place", &s.v, &err), EIE_ERR_IO);
  free_set(&s);
}

static void run(const char *folder, int exit_code, const char *word, const char *const *args) {
  static command_result result;
  run_command(folder, args, &result);
  if (result.exit_code != exit_code) fail_msg("exit code %d: %s", result.exit_code, result.err);
  if (!strstr(exit_code ? result.err : result.out, word))
    fail_msg("\"%s\" does not say: %s", result.err, word);
}
#define RUN(folder, exit_code, word, ...) \
  run(folder, exit_code, word, (const char *const[]){"vectors", __VA_ARGS__, NULL})

static void test_the_command_writes_checks_and_says_what_is_missing(void **state) {
  const char *folder = *state;
  char dir[PATH_SIZE], no[PATH_SIZE];
  const char *model = "vectors/lenet-300-100.safetensors", *set = "vectors/corners-pe4/image";
  snprintf(dir, sizeof dir, "%s/set", folder);
  snprintf(no, sizeof no, "%s/none.npy", folder);
  RUN(folder, 0, "all as they were made", "--check", "vectors/corners-pe4");
  RUN(folder, 2, "MODEL is missing", "-o", dir);
  RUN(folder, 2, "--input is missing", model, "-o", dir);
  RUN(folder, 2, "-o is missing", model, "--input", no);
  RUN(folder, 2, "--config is missing", model, "--input", no, "-o", dir);
  RUN(folder, 2, "none.npy", set, "--input", no, "-o", dir);
  RUN(folder, 2, "leave --config out", set, "--config", "pe4", "--input", no, "-o", dir);
  RUN(folder, 2, "--check stands alone", model, "--check", dir);
  RUN(folder, 2, "manifest.json", "--check", dir);
  assert_int_equal(access(dir, F_OK), -1);
}

int main(void) {
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_set_is_the_same_bytes_every_time),
      cmocka_unit_test(test_a_player_of_the_format_page_plays_random_sets),
      IN_FOLDER(test_what_was_written_passes_the_check),
      IN_FOLDER(test_a_changed_byte_is_named_by_its_file),
      IN_FOLDER(test_a_lie_with_right_checksums_is_refused_by_file_and_line),
      IN_FOLDER(test_a_forged_manifest_never_harms),
      IN_FOLDER(test_only_a_vector_set_is_replaced),
      IN_FOLDER(test_the_command_writes_checks_and_says_what_is_missing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
