// SPDX-License-Identifier: Apache-2.0
// The packed directory: what is read equals what was written; damage is named by file; a directory that
// was made to lie, with right checksums, is refused; nothing of anyone else's is overwritten.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../cmodel/eie_file.h"
#include "../cmodel/eie_packed_parts.h"
#include "random_layers.h"

enum { PATH_SIZE = 512 };

static void path_of(char path[PATH_SIZE], const char *folder, const char *name) {
  snprintf(path, PATH_SIZE, "%s/%s", folder, name);
}

// A fresh folder under build/tmp.
static int make_folder(void **state) {
  char *folder = strdup("build/tmp/packed-XXXXXX");
  mkdir("build", 0777);
  mkdir("build/tmp", 0777);
  *state = mkdtemp(folder);
  return *state == NULL;
}

static void remove_all(const char *folder) {
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && (entry = readdir(dir)) != NULL) {
    char path[PATH_SIZE];
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    path_of(path, folder, entry->d_name);
    if (unlink(path) != 0) remove_all(path);
  }
  if (dir) closedir(dir);
  rmdir(folder);
}

static int remove_folder(void **state) {
  remove_all(*state);
  free(*state);
  return 0;
}

static void random_packed(eie_random *r, uint32_t n, eie_packed *packed) {
  const eie_config config = random_config(r, n % 5, eie_random_below(r, 4));
  const eie_pack_options options = {n % 2 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED, eie_random_next(r)};
  eie_model model;
  eie_error err = {""};
  random_model(r, between(r, 1, 3), 30, config.code_w, &model);
  snprintf(model.layers[0].name, EIE_NAME_SIZE, "odd \"name\\");
  if (eie_pack(&model, &config, &options, packed, &err) != EIE_OK) fail_msg("%s", err.text);
  eie_model_free(&model);
}

// A packed model of two layers on 4 PEs: pass 0 fills load 0, passes 1 (the last column tile) and 2 share
// load 1.
static void several_loads(eie_packed *packed) {
  eie_random r;
  eie_error err = {""};
  eie_model model = {.n_layers = 2, .layers = calloc(2, sizeof(eie_layer))};
  eie_random_seed(&r, 41);
  eie_config config = random_config(&r, 2, 0);
  config.code_w = 4;
  config.idx_w = 4;
  config.ptr_depth = 28;
  config.rows = 3;
  config.spmat_words = 32;
  config.entries_per_word = 2;
  config.act_slots = 12;
  config.layers = 2;
  random_layer(&r, 8, 26, 0.6, 16, 16, &model.layers[0]);
  random_layer(&r, 9, 8, 0.6, 16, 16, &model.layers[1]);
  strcpy(model.layers[0].name, "first");
  strcpy(model.layers[1].name, "second");
  const eie_pack_options options = {EIE_DEAL_BALANCED, 5};
  if (eie_pack(&model, &config, &options, packed, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_true(packed->n_loads == 2 && packed->n_passes == 3 && packed->passes[1].load == 1);
  eie_model_free(&model);
}

static void expect_equal_layers(const eie_packed_layer *a, const eie_packed_layer *b, const eie_config *c) {
  assert_string_equal(a->name, b->name);
  assert_true(a->rows == b->rows && a->cols == b->cols && a->nnz == b->nnz && a->shift == b->shift);
  assert_true(a->relu == b->relu && a->weight_frac == b->weight_frac && a->in_frac == b->in_frac);
  assert_true(a->out_frac == b->out_frac && a->in_slots == b->in_slots && a->out_slots == b->out_slots);
  assert_true(a->worst_sum == b->worst_sum && a->overflow_possible == b->overflow_possible);
  assert_memory_equal(a->row_place, b->row_place, a->rows * sizeof *a->row_place);
  assert_memory_equal(a->codebook, b->codebook, sizeof *a->codebook << c->code_w);
  assert_memory_equal(a->bias, b->bias, (size_t)a->out_slots * c->n_pe * sizeof *a->bias);
}

static void expect_equal_passes(const eie_pass *a, const eie_pass *b, uint32_t n_pe) {
  // The numbers stand in front of the lists, without gaps.
  assert_memory_equal(a, b, offsetof(eie_pass, host_out) + sizeof a->host_out);
  assert_memory_equal(a->first_entry, b->first_entry, n_pe * sizeof *a->first_entry);
  assert_memory_equal(a->n_entries, b->n_entries, n_pe * sizeof *a->n_entries);
  assert_memory_equal(a->padding, b->padding, n_pe * sizeof *a->padding);
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    assert_memory_equal(a->ptr[pe], b->ptr[pe], (a->col_slots * n_pe + 1) * sizeof *a->ptr[pe]);
    if (a->n_entries[pe]) assert_memory_equal(a->entries[pe], b->entries[pe], a->n_entries[pe] * 2);
  }
}

static void expect_equal(const eie_packed *a, const eie_packed *b) {
  assert_string_equal(a->config.name, b->config.name);
#define SAME(field, key, lo, hi, what) assert_int_equal(a->config.field, b->config.field);
  EIE_CONFIG_PARAMETERS(SAME)
#undef SAME
  assert_true(a->dealing == b->dealing && a->seed == b->seed && a->input_frac == b->input_frac);
  assert_true(a->n_layers == b->n_layers && a->n_passes == b->n_passes && a->n_loads == b->n_loads);
  assert_int_equal(a->all_visible, b->all_visible);
  for (uint32_t k = 0; k < a->n_layers; k++) expect_equal_layers(&a->layers[k], &b->layers[k], &a->config);
  for (uint32_t p = 0; p < a->n_passes; p++)
    expect_equal_passes(&a->passes[p], &b->passes[p], a->config.n_pe);
}

static void test_what_is_read_is_what_was_written(void **state) {
  eie_random r;
  char dir[PATH_SIZE];
  eie_error err = {""};
  path_of(dir, *state, "packed");
  eie_random_seed(&r, test_seed("round trip", 42));
  for (uint32_t n = 0; n < 100; n++) {  // each replaces the one before
    eie_packed packed, back;
    random_packed(&r, n, &packed);
    if (packed.n_loads * packed.config.n_pe < 1000) {
      if (eie_packed_write(dir, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
      if (eie_packed_read(dir, &back, &err) != EIE_OK) fail_msg("%s", err.text);
      expect_equal(&packed, &back);
      eie_packed_free(&back);
    }
    eie_packed_free(&packed);
  }
}

static void expect_refused(const char *dir, const char *word) {
  eie_packed packed = {.n_layers = 77};
  eie_error err = {""};
  const eie_status status = eie_packed_read(dir, &packed, &err);
  if (status == EIE_OK) fail_msg("accepted; the error should have said: %s", word);
  assert_int_equal(eie_exit_code(status), 2);
  if (!strstr(err.text, word)) fail_msg("\"%s\" does not name: %s", err.text, word);
  assert_int_equal(packed.n_layers, 77);  // outputs unchanged
}

static void write_bytes(const char *path, const uint8_t *bytes, size_t size) {
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(bytes, 1, size, f), size);
  assert_int_equal(fclose(f), 0);
}

// Damages one file of the directory in several ways; each is refused with the file's name.
static void damage(const char *dir, const char *name, eie_random *r) {
  char path[PATH_SIZE];
  uint8_t *bytes;
  size_t size;
  eie_error err;
  path_of(path, dir, name);
  assert_int_equal(eie_file_read(path, 1 << 20, &bytes, &size, &err), EIE_OK);
  for (uint32_t n = 0; n < 6; n++) {  // one bit
    const uint32_t at = n == 0 ? 0 : n == 1 ? (uint32_t)size - 1 : eie_random_below(r, (uint32_t)size);
    const uint8_t bit = (uint8_t)(1u << eie_random_below(r, 8));
    bytes[at] ^= bit;
    write_bytes(path, bytes, size);
    expect_refused(dir, name);
    bytes[at] ^= bit;
  }
  write_bytes(path, bytes, size - 1);
  expect_refused(dir, name);
  write_bytes(path, bytes, 0);
  expect_refused(dir, name);
  bytes = realloc(bytes, size + 1);
  bytes[size] = '\n';
  write_bytes(path, bytes, size + 1);
  expect_refused(dir, name);
  unlink(path);
  expect_refused(dir, name);
  write_bytes(path, bytes, size);
  free(bytes);
}

static void test_a_damaged_file_is_named(void **state) {
  eie_random r;
  eie_packed packed, back;
  eie_error err = {""};
  char dir[PATH_SIZE];
  uint32_t n = 0;
  path_of(dir, *state, "packed");
  eie_random_seed(&r, test_seed("damage", 43));
  several_loads(&packed);
  assert_int_equal(eie_packed_write(dir, &packed, &err), EIE_OK);
  DIR *list = opendir(dir);
  const struct dirent *entry;
  while ((entry = readdir(list)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    damage(dir, entry->d_name, &r);
    n++;
  }
  closedir(list);
  assert_int_equal(n, 1 + packed.n_layers + packed.n_loads * (2 + 3 * packed.config.n_pe));
  if (eie_packed_read(dir, &back, &err) != EIE_OK) fail_msg("%s", err.text);  // all is back in place
  eie_packed_free(&back);
  eie_packed_free(&packed);
}

// Lies: each changes a good packed model; written with right checksums it must be refused.
static void lie_relu(eie_packed *p) {
  p->layers[1].relu = 2;
}
static void lie_shift(eie_packed *p) {
  p->layers[0].shift = 32;
}
static void lie_rows(eie_packed *p) {
  p->layers[1].rows--;
}
static void lie_cols(eie_packed *p) {
  p->layers[1].cols++;
}
static void lie_nnz(eie_packed *p) {
  p->layers[0].nnz++;
}
static void lie_worst_sum(eie_packed *p) {
  p->layers[0].worst_sum--;
}
static void lie_out_frac(eie_packed *p) {
  p->layers[0].out_frac++;
}
static void lie_place_twice(eie_packed *p) {
  p->layers[0].row_place[3] = p->layers[0].row_place[4];
}
static void lie_place_outside(eie_packed *p) {
  p->layers[0].row_place[3] = p->layers[0].out_slots * p->config.n_pe;
}
static void lie_codebook_zero(eie_packed *p) {
  p->layers[0].codebook[0] = 1;
}
static void lie_n_pe(eie_packed *p) {
  p->config.act_queue_depth = 1;
}
static void lie_code_w(eie_packed *p) {
  p->config.acc_w = 49;
}
static void lie_pointer_descends(eie_packed *p) {
  p->passes[0].ptr[1][2] = p->passes[0].ptr[1][3] + 1;
}
static void lie_pointer_past_spmat(eie_packed *p) {
  p->passes[0].ptr[1][p->passes[0].col_slots * p->config.n_pe] = 65;
}
static void lie_first_pointer(eie_packed *p) {
  p->passes[0].ptr[0][0] = 1;
}
static void lie_slot_outside(eie_packed *p) {
  p->passes[0].entries[0][0] |= 0xf0;
}
static void lie_row_slot(eie_packed *p) {
  p->passes[0].row_slot = 1;
}
static void lie_tile_rows(eie_packed *p) {
  p->passes[0].rows = 0;
}
static void lie_tile_rows_many(eie_packed *p) {
  p->passes[0].rows = 4;
}
static void lie_col_slots(eie_packed *p) {
  p->passes[0].col_slots++;
}
static void lie_col_slots_many(eie_packed *p) {
  p->passes[0].col_slots = 0x7fffffff;
}
static void lie_layer(eie_packed *p) {
  p->passes[0].layer = 1;
}
static void lie_load(eie_packed *p) {
  p->passes[p->n_passes - 1].load += 1;
}
static void lie_descriptor(eie_packed *p) {
  p->passes[1].descriptor = 5;
}
static void lie_codebook_index(eie_packed *p) {
  p->passes[0].codebook = 1;
}
static void lie_ptr_base_odd(eie_packed *p) {
  p->passes[0].ptr_base += 1;
}
static void lie_ptr_base_far(eie_packed *p) {
  p->passes[0].ptr_base = 0x7ffffffe;
}
static void lie_bias_base(eie_packed *p) {
  for (uint32_t i = 0; i < p->n_passes; i++)
    if (p->passes[i].write_back) p->passes[i].bias_base = p->config.ptr_depth;
}
static void lie_in_base(eie_packed *p) {
  p->passes[0].in_base = p->config.act_slots;
}
static void lie_in_base_other(eie_packed *p) {
  p->passes[0].in_base += 1;
}
static void lie_out_base(eie_packed *p) {
  for (uint32_t i = 0; i < p->n_passes; i++)
    if (p->passes[i].write_back) p->passes[i].out_base = p->config.act_slots;
}
static void lie_out_base_other(eie_packed *p) {
  for (uint32_t i = 0; i < p->n_passes; i++)
    if (p->passes[i].write_back && p->passes[i].layer == 0) p->passes[i].out_base ^= 1;
}
static void lie_host_in(eie_packed *p) {
  p->passes[0].host_in_slots = 0;
}
static void lie_host_in_many(eie_packed *p) {
  p->passes[0].host_in_slots = 0x7fffffff;
}
static void lie_host_in_base(eie_packed *p) {
  p->passes[0].host_in_base = 0x7fffffff;
}
static void lie_host_out(eie_packed *p) {
  for (uint32_t i = 0; i < p->n_passes; i++) p->passes[i].host_out = 2;
}
static void lie_all_visible(eie_packed *p) {
  p->all_visible ^= 1;
}
static void lie_chain_first(eie_packed *p) {
  p->passes[0].chain_first = 0;
}
static void lie_name(eie_packed *p) {
  p->layers[0].name[0] = '\n';
}

enum { IN_MEMORY, IN_MANIFEST };

// Replaces the manifest of a good directory by that of the liar, with the checksums of the good files.
static void forge_manifest(const char *dir, const eie_packed *good, const eie_packed *told) {
  const uint64_t n = eie_packed_file_count(good);
  eie_packed_sum *sums = calloc((size_t)n, sizeof *sums);
  char path[PATH_SIZE], *text;
  size_t size;
  eie_error err;
  for (uint64_t i = 0; i < n; i++) {
    const eie_packed_file file = eie_packed_file_at(good, i);
    assert_int_equal(eie_packed_file_text(good, &file, &text, &size, &err), EIE_OK);
    sums[i] = (eie_packed_sum){size, (uint32_t)crc32(0, (const Bytef *)text, (uInt)size)};
    free(text);
  }
  assert_int_equal(eie_packed_manifest(told, sums, &text, &size, &err), EIE_OK);
  path_of(path, dir, "manifest.json");
  write_bytes(path, (const uint8_t *)text, size);
  free(text);
  free(sums);
}

static void test_a_directory_that_lies_is_refused(void **state) {
  static const struct {
    void (*lie)(eie_packed *);
    int where;
    const char *named;
  } lies[] = {
      {lie_relu, IN_MANIFEST, "layer 1"},
      {lie_shift, IN_MANIFEST, "layer 0"},
      {lie_rows, IN_MANIFEST, ""},
      {lie_cols, IN_MANIFEST, "layer 1"},
      {lie_nnz, IN_MANIFEST, "manifest.json: line 11"},
      {lie_worst_sum, IN_MANIFEST, "manifest.json: line 11"},
      {lie_out_frac, IN_MANIFEST, "manifest.json: line 11"},
      {lie_place_twice, IN_MEMORY, "layer0.places.hex"},
      {lie_place_outside, IN_MEMORY, "layer0.places.hex"},
      {lie_codebook_zero, IN_MEMORY, "codebook.hex"},
      {lie_n_pe, IN_MANIFEST, "ACT_QUEUE_DEPTH"},
      {lie_code_w, IN_MANIFEST, "ACC_W"},
      {lie_pointer_descends, IN_MEMORY, "load0.pe1.ptr"},
      {lie_pointer_past_spmat, IN_MEMORY, "load0.pe1.ptr"},
      {lie_first_pointer, IN_MEMORY, "load0.pe0.ptr"},
      {lie_slot_outside, IN_MEMORY, "load0.pe0.spmat.hex"},
      {lie_row_slot, IN_MANIFEST, "pass 0"},
      {lie_tile_rows, IN_MANIFEST, "pass 0"},
      {lie_tile_rows_many, IN_MANIFEST, "pass 0"},
      {lie_col_slots, IN_MANIFEST, "pass 0"},
      {lie_col_slots_many, IN_MANIFEST, "pass 0"},
      {lie_layer, IN_MANIFEST, "pass 0"},
      {lie_load, IN_MANIFEST, ""},
      {lie_descriptor, IN_MANIFEST, "pass 1"},
      {lie_codebook_index, IN_MANIFEST, "pass 0"},
      {lie_ptr_base_odd, IN_MANIFEST, "pass 0"},
      {lie_ptr_base_far, IN_MANIFEST, "pass 0"},
      {lie_bias_base, IN_MANIFEST, "biases"},
      {lie_in_base, IN_MANIFEST, "pass 0"},
      {lie_in_base_other, IN_MANIFEST, "pass 0"},
      {lie_out_base, IN_MANIFEST, "outputs"},
      {lie_out_base_other, IN_MANIFEST, "manifest.json"},
      {lie_host_in, IN_MANIFEST, "pass 0"},
      {lie_host_in_many, IN_MANIFEST, "pass 0"},
      {lie_host_in_base, IN_MANIFEST, "pass 0"},
      {lie_host_out, IN_MANIFEST, "pass"},
      {lie_all_visible, IN_MANIFEST, "manifest.json: line 8"},
      {lie_chain_first, IN_MANIFEST, ""},
      {lie_name, IN_MANIFEST, ""},
  };
  char dir[PATH_SIZE];
  path_of(dir, *state, "packed");
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    eie_packed good, told;
    eie_error err = {""};
    several_loads(&good);
    several_loads(&told);
    lies[i].lie(&told);
    const eie_packed *memories = lies[i].where == IN_MEMORY ? &told : &good;
    if (eie_packed_write(dir, memories, &err) != EIE_OK) fail_msg("%s", err.text);
    if (lies[i].where == IN_MANIFEST) forge_manifest(dir, &good, &told);
    expect_refused(dir, lies[i].named);
    eie_packed_free(&good);
    eie_packed_free(&told);
  }
}

// Any change of the manifest, with its checksum put right: a sentence or a model, never a crash.
static void test_a_forged_manifest_never_harms(void **state) {
  static const char values[] = "0123456789-.e\"{}[],: xZ";
  eie_random r;
  eie_packed packed, back;
  eie_error err = {""};
  char dir[PATH_SIZE], path[PATH_SIZE], sum[9];
  uint8_t *bytes;
  size_t size;
  uint32_t refused = 0;
  path_of(dir, *state, "packed");
  path_of(path, dir, "manifest.json");
  eie_random_seed(&r, test_seed("forged manifest", 44));
  several_loads(&packed);
  assert_int_equal(eie_packed_write(dir, &packed, &err), EIE_OK);
  assert_int_equal(eie_file_read(path, 1 << 20, &bytes, &size, &err), EIE_OK);
  const size_t body = size - strlen("  \"crc32\": \"01234567\"\n}\n");
  for (uint32_t n = 0; n < 1500; n++) {
    uint8_t *forged = malloc(size);
    memcpy(forged, bytes, size);
    for (uint32_t i = between(&r, 1, 3); i > 0; i--)
      forged[eie_random_below(&r, (uint32_t)body)] = (uint8_t)values[eie_random_below(&r, sizeof values - 1)];
    snprintf(sum, sizeof sum, "%08lx", crc32(0, forged, (uInt)body));
    memcpy(forged + body + strlen("  \"crc32\": \""), sum, 8);
    write_bytes(path, forged, size);
    if (eie_packed_read(dir, &back, &err) == EIE_OK)
      eie_packed_free(&back);  // a seed or a name may change
    else
      refused++;
    free(forged);
  }
  assert_true(refused > 1000);
  free(bytes);
  eie_packed_free(&packed);
}

static uint32_t entries_in(const char *folder) {
  DIR *dir = opendir(folder);
  uint32_t n = 0;
  assert_non_null(dir);
  while (readdir(dir) != NULL) n++;
  closedir(dir);
  return n - 2;
}

static void test_only_a_packed_directory_is_replaced(void **state) {
  eie_packed packed, back;
  eie_error err = {""};
  char dir[PATH_SIZE], other[PATH_SIZE], file[PATH_SIZE];
  several_loads(&packed);
  path_of(dir, *state, "packed/");
  path_of(other, *state, "mine");
  path_of(file, other, "thesis.txt");
  assert_int_equal(eie_packed_write(dir, &packed, &err), EIE_OK);
  assert_int_equal(eie_packed_write(dir, &packed, &err), EIE_OK);
  assert_int_equal(entries_in(*state), 1);  // no temporary name is left
  assert_int_equal(mkdir(other, 0777), 0);
  write_bytes(file, (const uint8_t *)"x", 1);
  assert_int_equal(eie_packed_write(other, &packed, &err), EIE_ERR_USE);
  assert_non_null(strstr(err.text, "mine"));
  assert_int_equal(entries_in(other), 1);
  assert_int_equal(eie_packed_write(file, &packed, &err), EIE_ERR_USE);
  unlink(file);
  assert_int_equal(eie_packed_write(other, &packed, &err), EIE_OK);  // empty
  assert_int_equal(eie_packed_read(other, &back, &err), EIE_OK);
  eie_packed_free(&back);
  assert_int_equal(eie_packed_write("", &packed, &err), EIE_ERR_USE);
  assert_int_equal(eie_packed_write("/", &packed, &err), EIE_ERR_USE);
  assert_int_equal(eie_packed_write("build/no/such/place", &packed, &err), EIE_ERR_IO);
  assert_int_equal(entries_in(*state), 2);
  assert_int_equal(eie_packed_read(file, &back, &err), EIE_ERR_IO);
  eie_packed_free(&packed);
}

int main(void) {
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_what_is_read_is_what_was_written),    IN_FOLDER(test_a_damaged_file_is_named),
      IN_FOLDER(test_a_directory_that_lies_is_refused),    IN_FOLDER(test_a_forged_manifest_never_harms),
      IN_FOLDER(test_only_a_packed_directory_is_replaced),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
