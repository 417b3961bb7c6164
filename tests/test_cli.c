// SPDX-License-Identifier: Apache-2.0
// The command as a person meets it: help, version, exit codes, reports, JSON. The command is $EIE or
// build/sanitize/eie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "command.h"
#include "eie_tensor.h"
#include "eie_version.h"

typedef struct {
  char folder[256], model[400], inputs[400], outputs[400], dir[400];
  command_result result;
} place;

// Runs the command with a NULL-terminated list of words.
static const command_result *run(place *p, const char *const *args) {
  run_command(p->folder, args, &p->result);
  return &p->result;
}

#define RUN(...) run(p, (const char *const[]){__VA_ARGS__, NULL})

static void generate(place *p, const char *rows, const char *seed) {
  const command_result *r =
      RUN("gen", "--rows", rows, "--cols", "50", "--density", "0.4", "--act-density", "0.5", "--uneven",
          "0.4", "--seed", seed, "--count", "3", "--relu", "-o", p->model, "-x", p->inputs);
  if (r->exit_code != 0) fail_msg("%s", r->err);
}

static int set_up(void **state) {
  place *p = calloc(1, sizeof *p);
  make_folder(p->folder, sizeof p->folder);
  snprintf(p->model, sizeof p->model, "%s/m.safetensors", p->folder);
  snprintf(p->inputs, sizeof p->inputs, "%s/x.npy", p->folder);
  snprintf(p->outputs, sizeof p->outputs, "%s/y.npy", p->folder);
  snprintf(p->dir, sizeof p->dir, "%s/packed", p->folder);
  generate(p, "40", "1");
  *state = p;
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  remove_folder(p->folder);
  free(p);
  return 0;
}

static cJSON *parse(const command_result *r) {
  if (r->exit_code != 0) fail_msg("%s", r->err);
  assert_string_equal(r->err, "");
  cJSON *json = cJSON_Parse(r->out);
  if (!json) fail_msg("not JSON: %s", r->out);
  return json;
}

static double number(const cJSON *json, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
  if (!cJSON_IsNumber(item)) fail_msg("no number %s", key);
  return item->valuedouble;
}

static void help_of_every_command_is_a_manual_page(void **state) {
  place *p = *state;
  const char *const commands[] = {"info", "pack", "run", "sim", "gen", "train"};
  const char *const parts[] = {"NAME\n",    "SYNOPSIS\n",    "DESCRIPTION\n",
                               "OPTIONS\n", "EXIT STATUS\n", "EXAMPLES\n"};
  for (int i = 0; i < 6; i++) {
    const command_result *r = RUN(commands[i], "--help");
    assert_int_equal(r->exit_code, 0);
    assert_string_equal(r->err, "");
    for (int k = 0; k < 6; k++)
      if (!strstr(r->out, parts[k])) fail_msg("help of %s has no %s", commands[i], parts[k]);
  }
}

static void help_lines_stay_within_100_columns(void **state) {
  place *p = *state;
  const char *const commands[] = {"info", "pack", "run", "sim", "gen", "train"};
  for (int i = 0; i < 6; i++) {
    const char *line = RUN(commands[i], "--help")->out;
    for (; *line; line += strcspn(line, "\n") + 1) assert_true(strcspn(line, "\n") <= 100);
  }
}

static void help_lists_every_command_and_version_is_the_one_number(void **state) {
  place *p = *state;
  const command_result *r = RUN("--help");
  assert_int_equal(r->exit_code, 0);
  const char *const commands[] = {"\n    info ", "\n    pack ", "\n    run ",
                                  "\n    sim ",  "\n    gen ",  "\n    train "};
  for (int i = 0; i < 6; i++) assert_non_null(strstr(r->out, commands[i]));
  r = RUN("--version");
  assert_int_equal(r->exit_code, 0);
  assert_string_equal(r->out, "eie " EIE_VERSION "\n");
}

static void options_may_stand_anywhere_and_take_their_value_in_three_ways(void **state) {
  place *p = *state;
  char equals[500], attached[500];
  snprintf(equals, sizeof equals, "--input=%s", p->inputs);
  snprintf(attached, sizeof attached, "-o%s", p->outputs);
  assert_int_equal(RUN("run", equals, p->model, "--limit", "2", attached)->exit_code, 0);
  assert_int_equal(access(p->outputs, R_OK), 0);
  assert_int_equal(RUN("run", "--input", p->inputs, "--", p->model)->exit_code, 0);
}

static void the_same_seed_gives_the_same_files_and_another_does_not(void **state) {
  place *p = *state;
  static char first[1 << 16], second[1 << 16];
  struct stat st;
  assert_int_equal(stat(p->model, &st), 0);
  FILE *f = fopen(p->model, "rb");
  size_t n = fread(first, 1, sizeof first, f);
  fclose(f);
  assert_int_equal(n, st.st_size);
  for (int seed = 1; seed <= 2; seed++) {
    generate(p, "40", seed == 1 ? "1" : "2");
    f = fopen(p->model, "rb");
    size_t m = fread(second, 1, sizeof second, f);
    fclose(f);
    assert_int_equal(n == m && memcmp(first, second, n) == 0, seed == 1);
  }
}

static void run_reports_the_counters_of_each_layer_as_json(void **state) {
  place *p = *state;
  cJSON *json = parse(RUN("run", p->model, "--input", p->inputs, "--json"));
  assert_int_equal(number(json, "inputs"), 3);
  assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(json, "accuracy")));
  const cJSON *layer = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "layers"), 0);
  const char *const keys[] = {"useful", "broadcasts", "padding", "clamped"};
  for (int i = 0; i < 4; i++) assert_true(number(layer, keys[i]) == number(json, keys[i]));
  assert_int_equal(number(layer, "rows"), 40);
  assert_true(number(json, "useful") > 0);
  assert_int_equal(number(json, "padding"), 0);
  cJSON_Delete(json);
}

// Labels made from the outputs: all right, then one wrong.
static void accuracy_counts_the_largest_output_and_the_lowest_of_equals(void **state) {
  place *p = *state;
  char labels[400];
  eie_error err = {""};
  eie_activations y;
  uint8_t idx[11] = {0, 0, 8, 1, 0, 0, 0, 3};
  snprintf(labels, sizeof labels, "%s/labels", p->folder);
  assert_int_equal(RUN("run", p->model, "--input", p->inputs, "-o", p->outputs)->exit_code, 0);
  assert_int_equal(eie_activations_read(p->outputs, 40, 8, &y, &err), EIE_OK);
  assert_int_equal(y.count, 3);
  for (uint32_t i = 0; i < 3; i++)
    for (uint32_t k = 0; k < 40; k++)
      if (y.data[i * 40 + k] > y.data[i * 40 + idx[8 + i]]) idx[8 + i] = (uint8_t)k;
  eie_activations_free(&y);
  write_bytes(labels, idx, sizeof idx);
  cJSON *json = parse(RUN("run", p->model, "--input", p->inputs, "--labels", labels, "--json"));
  assert_true(number(json, "accuracy") == 1.0);
  cJSON_Delete(json);
  idx[9] = (uint8_t)((idx[9] + 1) % 40);
  write_bytes(labels, idx, sizeof idx);
  const command_result *r = RUN("run", p->model, "--input", p->inputs, "--labels", labels);
  assert_non_null(strstr(r->out, "accuracy 66.67 % (2 of 3)"));
}

static void pack_reports_and_info_gives_the_same_report_of_the_directory(void **state) {
  place *p = *state;
  static char packed[COMMAND_TEXT];
  cJSON *json = parse(RUN("pack", p->model, "--config", "pe4", "-o", p->dir, "--json"));
  assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "one_load")));
  assert_string_equal(cJSON_GetObjectItemCaseSensitive(json, "config")->valuestring, "pe4");
  assert_string_equal(cJSON_GetObjectItemCaseSensitive(json, "dealing")->valuestring, "balanced");
  cJSON_Delete(json);
  strcpy(packed, p->result.out);
  assert_string_equal(RUN("info", p->dir, "--json")->out, packed);
  json = parse(RUN("pack", p->model, "--config", "tiny", "--dealing", "interleaved", "--json"));
  assert_true(number(json, "passes") > 1);
  cJSON_Delete(json);
}

static void info_tells_kinds_apart(void **state) {
  place *p = *state;
  const char *const files[][2] = {{p->model, "model"},
                                  {p->inputs, "npy"},
                                  {"tiny", "configuration"},
                                  {"rtl/configs/pe64.cfg", "configuration"},
                                  {"/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz", "idx"}};
  for (int i = 0; i < 5; i++) {
    cJSON *json = parse(RUN("info", files[i][0], "--json"));
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(json, "kind")->valuestring, files[i][1]);
    cJSON_Delete(json);
    assert_int_equal(RUN("info", files[i][0])->exit_code, 0);
  }
}

static void info_says_when_32_bits_cannot_overflow(void **state) {
  place *p = *state;
  cJSON *json = parse(RUN("info", p->model, "--json"));
  const cJSON *layer = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "layers"), 0);
  int possible = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(layer, "overflow_possible"));
  assert_int_equal(possible, number(layer, "worst_sum") > 2147483647.0);
  assert_int_equal(number(layer, "output_frac"), 8);
  cJSON_Delete(json);
}

static void a_full_standard_output_is_an_error(void **state) {
  (void)state;
  char command[600];
  snprintf(command, sizeof command, "%s --help > /dev/full 2> /dev/null", command_program());
  int status = system(command);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

static void an_output_file_has_the_usual_permissions(void **state) {
  place *p = *state;
  struct stat st;
  mode_t mask = umask(0);
  umask(mask);
  assert_int_equal(stat(p->model, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0666 & ~mask);
}

// docs/model_format_example.py makes a model with scipy and numpy, and says what its outputs must be.
static void the_example_of_the_model_format_page_works(void **state) {
  place *p = *state;
  char command[1200];
  if (system("/usr/bin/python3 -c 'import numpy, scipy.sparse' 2> /dev/null") != 0) {
    print_message("not run: /usr/bin/python3 has no numpy and scipy (apt-get install python3-scipy)\n");
    return;
  }
  snprintf(command, sizeof command, "cd %s && /usr/bin/python3 ../../../docs/model_format_example.py",
           p->folder);
  assert_int_equal(system(command), 0);
  char model[400], x[400], want[400];
  snprintf(model, sizeof model, "%s/example.safetensors", p->folder);
  snprintf(x, sizeof x, "%s/example_x.npy", p->folder);
  snprintf(want, sizeof want, "%s/example_y.npy", p->folder);
  const command_result *r = RUN("run", model, "--input", x, "-o", p->outputs);
  if (r->exit_code != 0) fail_msg("%s", r->err);
  eie_error err = {""};
  eie_activations a, b;
  assert_int_equal(eie_activations_read(p->outputs, 3, 8, &a, &err), EIE_OK);
  assert_int_equal(eie_activations_read(want, 3, 8, &b, &err), EIE_OK);
  assert_int_equal(a.count, b.count);
  assert_memory_equal(a.data, b.data, sizeof(int16_t) * a.count * a.cols);
  eie_activations_free(&a);
  eie_activations_free(&b);
}

static void the_page_of_the_model_format_shows_the_example_as_it_is(void **state) {
  (void)state;
  static char page[1 << 16], script[1 << 14];
  read_text("docs/model-format.md", page, sizeof page);
  read_text("docs/model_format_example.py", script, sizeof script);
  assert_non_null(strstr(page, script));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(help_of_every_command_is_a_manual_page),
      TEST(help_lines_stay_within_100_columns),
      TEST(help_lists_every_command_and_version_is_the_one_number),
      TEST(options_may_stand_anywhere_and_take_their_value_in_three_ways),
      TEST(the_same_seed_gives_the_same_files_and_another_does_not),
      TEST(run_reports_the_counters_of_each_layer_as_json),
      TEST(accuracy_counts_the_largest_output_and_the_lowest_of_equals),
      TEST(pack_reports_and_info_gives_the_same_report_of_the_directory),
      TEST(info_tells_kinds_apart),
      TEST(info_says_when_32_bits_cannot_overflow),
      TEST(a_full_standard_output_is_an_error),
      TEST(an_output_file_has_the_usual_permissions),
      TEST(the_example_of_the_model_format_page_works),
      TEST(the_page_of_the_model_format_shows_the_example_as_it_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
