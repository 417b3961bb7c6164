// SPDX-License-Identifier: Apache-2.0
// Configurations: the named ones, the reader, the numbers that follow from them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>

#include "command.h"
#include "eie_config.h"

static const char *const names[] = {"pe1", "pe4", "pe16", "pe64", "pe256", "pe16c8", "pe64c8", "tiny"};

static eie_config read_config(const char *name) {
  eie_config c;
  eie_error err = {""};
  if (eie_config_read(name, &c, &err) != EIE_OK) fail_msg("%s", err.text);
  return c;
}

static void every_named_configuration_reads_and_passes_its_check(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    eie_config c = read_config(names[i]);
    assert_string_equal(c.name, names[i]);
    assert_int_equal(eie_config_check(&c, NULL), EIE_OK);
  }
}

typedef struct {
  uint32_t cols, rows;
  double density;
} paper_layer;

// DESIGN 12: the paper's nine layers.
static const paper_layer nine[] = {{9216, 4096, .09},  {4096, 4096, .09}, {4096, 1000, .25},
                                   {25088, 4096, .04}, {4096, 4096, .04}, {4096, 1000, .23},
                                   {4096, 600, .10},   {600, 8791, .11},  {1201, 2400, .10}};

static void pe64_and_pe256_hold_each_of_the_nine_layers_in_one_pass(void **state) {
  (void)state;
  const char *const large[] = {"pe64", "pe256"};
  for (int i = 0; i < 2; i++) {
    eie_config c = read_config(large[i]);
    for (size_t k = 0; k < sizeof nine / sizeof nine[0]; k++) {
      uint32_t in_slots = (nine[k].cols + c.n_pe - 1) / c.n_pe,
               out_slots = (nine[k].rows + c.n_pe - 1) / c.n_pe;
      assert_true(out_slots <= c.rows);
      assert_true(in_slots * c.n_pe + 2 + 2 * out_slots <= c.ptr_depth);
      assert_true(in_slots + out_slots <= c.act_slots);
      double entries = nine[k].cols * nine[k].density * nine[k].rows / c.n_pe;
      assert_true(1.05 * entries <= (double)c.spmat_words * c.entries_per_word);
    }
  }
}

static void lenet_300_100_fits_every_pe_configuration_at_once(void **state) {
  (void)state;
  const uint32_t size[] = {784, 300, 100, 10};
  for (size_t i = 0; i < 7; i++) {
    eie_config c = read_config(names[i]);
    uint32_t places = 0, slots = (784 + c.n_pe - 1) / c.n_pe;
    for (int k = 0; k < 3; k++) {
      uint32_t in_slots = (size[k] + c.n_pe - 1) / c.n_pe, out_slots = (size[k + 1] + c.n_pe - 1) / c.n_pe;
      places += in_slots * c.n_pe + 2 + 2 * out_slots;
      slots += out_slots;
      assert_true(out_slots <= c.rows);
    }
    assert_true(places <= c.ptr_depth);
    assert_true(slots <= c.act_slots);
    assert_true(1.15 * 21800 / c.n_pe <= (double)c.spmat_words * c.entries_per_word);
    assert_true(c.layers >= 3);
  }
}

static void derived_numbers_follow_the_widths(void **state) {
  (void)state;
  eie_config c = read_config("pe64");
  assert_int_equal(eie_entry_w(&c), 10);
  assert_int_equal(eie_word_w(&c), 80);
  assert_int_equal(eie_word_parts(&c), 3);
  assert_int_equal(eie_ptr_w(&c), 17);
  assert_int_equal(eie_bank_w(&c), 17);
  c = read_config("tiny");
  assert_int_equal(eie_ptr_w(&c), 5);
  assert_int_equal(eie_bank_w(&c), 16);
  assert_int_equal(eie_word_parts(&c), 1);
}

static void clog2_is_the_smallest_exponent_that_reaches(void **state) {
  (void)state;
  const uint32_t want[][2] = {{0, 0}, {1, 0},      {2, 1},      {3, 2},          {4, 2},
                              {5, 3}, {65536, 16}, {65537, 17}, {UINT32_MAX, 32}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
    assert_int_equal(eie_clog2(want[i][0]), want[i][1]);
}

static void set_changes_one_parameter_and_refuses_others(void **state) {
  (void)state;
  eie_config c = read_config("pe64");
  eie_error err = {""};
  assert_int_equal(eie_config_set(&c, "QUEUE_DEPTH=8", &err), EIE_OK);
  assert_int_equal(c.queue_depth, 8);
  assert_int_equal(eie_config_set(&c, " IDX_W = 4 ", &err), EIE_OK);
  assert_int_equal(c.idx_w, 4);
  eie_config before = c;
  const char *const bad[] = {"QUEUE_DEPTH",     "=4",
                             "QUEUE=4",         "QUEUE_DEPTH=",
                             "QUEUE_DEPTH=0x8", "QUEUE_DEPTH=8 8",
                             "QUEUE_DEPTH=-8",  "QUEUE_DEPTH=99999999999",
                             "queue_depth=8",   "TECH=4"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(eie_config_set(&c, bad[i], &err), EIE_ERR_USE);
    assert_true(strlen(err.text) > 10);
  }
  assert_memory_equal(&c, &before, sizeof c);
}

// Each row breaks one rule of eie_config_check.
static void check_refuses_every_illegal_combination(void **state) {
  (void)state;
  const char *const bad[][2] = {{"N_PE=48", "power of two"},       {"CODE_W=5", "CODE_W"},
                                {"ENTRIES_PER_WORD=3", "ENTRIES"}, {"PTR_DEPTH=25601", "even"},
                                {"PTR_DEPTH=66", "N_PE + 4"},      {"SPMAT_WORDS=7", "SPMAT_WORDS"},
                                {"ACC_W=49", "32 to 48"},          {"LAYERS=0", "1 to 64"},
                                {"ROWS=1", "2 to 4096"},           {"IDX_W=9", "4 to 8"}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    eie_config c = read_config("pe64");
    eie_error err = {""};
    assert_int_equal(eie_config_set(&c, bad[i][0], &err), EIE_OK);
    assert_int_not_equal(eie_config_check(&c, &err), EIE_OK);
    assert_non_null(strstr(err.text, bad[i][1]));
  }
}

static void a_folder_in_the_environment_is_looked_into_first(void **state) {
  (void)state;
  char folder[256], path[512], text[4096];
  make_folder(folder, sizeof folder);
  read_text("rtl/configs/tiny.cfg", text, sizeof text);
  snprintf(path, sizeof path, "%s/pe64.cfg", folder);
  write_bytes(path, text, strlen(text));
  setenv("EIE_CONFIG_DIR", folder, 1);
  assert_int_equal(read_config("pe64").n_pe, 2);
  assert_int_equal(read_config("pe16").n_pe, 16);
  unsetenv("EIE_CONFIG_DIR");
  assert_int_equal(read_config("pe64").n_pe, 64);
  assert_int_equal(read_config(path).n_pe, 2);
  remove_folder(folder);
}

// Every folder of synth/boards that holds its .cfg; one of them by name and by path is the same.
static void the_configuration_of_a_board_is_found_by_its_name(void **state) {
  (void)state;
  DIR *dir = opendir("synth/boards");
  int boards = 0;
  for (struct dirent *e; dir && (e = readdir(dir));) {
    char path[600];
    snprintf(path, sizeof path, "synth/boards/%s/%s.cfg", e->d_name, e->d_name);
    if (e->d_name[0] == '.' || access(path, R_OK) != 0) continue;
    eie_config named = read_config(e->d_name), by_path = read_config(path);
    assert_string_equal(named.name, e->d_name);
    assert_memory_equal(&named, &by_path, sizeof named);
    eie_config none;
    eie_error err = {""};
    assert_int_equal(eie_config_read("nowhere", &none, &err), EIE_ERR_USE);
    if (!strstr(err.text, e->d_name)) fail_msg("%s is not named in: %s", e->d_name, err.text);
    boards++;
  }
  if (dir) closedir(dir);
  assert_true(boards > 0);
}

static void a_name_that_is_not_there_is_told_with_those_that_are(void **state) {
  (void)state;
  eie_config none;
  eie_error err = {""};
  assert_int_equal(eie_config_read("nowhere", &none, &err), EIE_ERR_USE);
  assert_non_null(strstr(err.text, "no configuration \"nowhere\" in "));
  assert_non_null(strstr(err.text, "; it has pe1, pe16, pe16c8, pe256, pe4, pe64, pe64c8, tiny"));
}

static void comments_blank_lines_crlf_tech_and_no_last_newline_are_fine(void **state) {
  (void)state;
  char folder[256], path[512];
  static const char text[] =
      "# a comment\r\n\r\n  N_PE=2 # two\r\nTECH = 1\nACT_QUEUE_DEPTH = 2\nQUEUE_DEPTH = 2\nCODE_W = "
      "4\nIDX_W = 4\n"
      "ENTRIES_PER_WORD = 1\nACC_W = 32\nROWS = 4\nSPMAT_WORDS = 16\nPTR_DEPTH = 20\nACT_SLOTS = 4\n\tLAYERS "
      "= 2";
  make_folder(folder, sizeof folder);
  snprintf(path, sizeof path, "%s/own-1.cfg", folder);
  write_bytes(path, text, strlen(text));
  eie_config c = read_config(path), tiny = read_config("tiny");
  assert_string_equal(c.name, "own-1");
  memcpy(c.name, tiny.name, sizeof c.name);
  assert_memory_equal(&c, &tiny, sizeof c);
  remove_folder(folder);
}

// docs/configurations.md: a row "| `pe64` | 64 | 16 | ... |" for each named configuration.
static void the_page_shows_the_values_of_the_files(void **state) {
  (void)state;
  static char page[1 << 16];
  read_text("docs/configurations.md", page, sizeof page);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    eie_config c = read_config(names[i]);
    char row[512];
    int n = snprintf(row, sizeof row, "\n| `%s` |", names[i]);
#define CELL(field, key, lo, hi, what) n += snprintf(row + n, sizeof row - (size_t)n, " %u |", c.field);
    EIE_CONFIG_PARAMETERS(CELL)
#undef CELL
    if (!strstr(page, row)) fail_msg("docs/configurations.md lacks %s", row + 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_named_configuration_reads_and_passes_its_check),
      cmocka_unit_test(pe64_and_pe256_hold_each_of_the_nine_layers_in_one_pass),
      cmocka_unit_test(lenet_300_100_fits_every_pe_configuration_at_once),
      cmocka_unit_test(derived_numbers_follow_the_widths),
      cmocka_unit_test(clog2_is_the_smallest_exponent_that_reaches),
      cmocka_unit_test(set_changes_one_parameter_and_refuses_others),
      cmocka_unit_test(check_refuses_every_illegal_combination),
      cmocka_unit_test(a_folder_in_the_environment_is_looked_into_first),
      cmocka_unit_test(the_configuration_of_a_board_is_found_by_its_name),
      cmocka_unit_test(a_name_that_is_not_there_is_told_with_those_that_are),
      cmocka_unit_test(comments_blank_lines_crlf_tech_and_no_last_newline_are_fine),
      cmocka_unit_test(the_page_shows_the_values_of_the_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
