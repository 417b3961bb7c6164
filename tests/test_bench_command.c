// SPDX-License-Identifier: Apache-2.0
// The commands `eie cycles` and `eie bench`: help, reports, sentences; their counts are those of the
// behavioural device, and a device whose times are not the RTL's is noticed. (Times against the RTL:
// tests/rtl_bench.c.)
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants these four first: setjmp.h, stdarg.h, stddef.h, stdint.h.
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "command_model.h"
#include "eie_compare.h"
#include "eie_gen.h"

static int make_files(void **state) {
  (void)state;
  return make_model("60", "3");
}

static cJSON *json_of(const char *const *args) {
  expect_exit(args, 0, NULL);
  cJSON *root = cJSON_Parse(result.out);
  if (!root) fail_msg("no JSON: %s", result.out);
  return root;
}
#define JSON_OF(...) json_of((const char *const[]){__VA_ARGS__, NULL})

static double number(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItem(object, key);
  if (!cJSON_IsNumber(item)) fail_msg("JSON has no number '%s'", key);
  return item->valuedouble;
}

static void is_null(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItem(object, key);
  if (!cJSON_IsNull(item)) fail_msg("'%s' is not null", key);
}

static void help_is_a_manual_page(void **state) {
  (void)state;
  static const char *const parts[] = {"NAME\n",    "SYNOPSIS\n",    "DESCRIPTION\n",
                                      "OPTIONS\n", "EXIT STATUS\n", "EXAMPLES\n"};
  static const char *const commands[] = {"cycles", "bench"};
  for (int c = 0; c < 2; c++) {
    EXPECT_EXIT(0, NULL, commands[c], "--help");
    for (int k = 0; k < 6; k++)
      if (!strstr(result.out, parts[k])) fail_msg("help of %s has no %s", commands[c], parts[k]);
    for (const char *line = result.out; *line; line += strcspn(line, "\n") + 1)
      assert_true(strcspn(line, "\n") <= 100);
  }
}

// The text of one option in the help of a command.
static void option_text(const char *command, const char *option, char *text, size_t size) {
  char head[64];
  EXPECT_EXIT(0, NULL, command, "--help");
  snprintf(head, sizeof head, "\n    --%s ", option);
  const char *from = strstr(result.out, head), *to = from ? from + 1 : NULL;
  if (!from) fail_msg("eie %s has no --%s", command, option);
  do to += strcspn(to, "\n") + 1;
  while (strncmp(to, "        ", 8) == 0);
  snprintf(text, size, "%.*s", (int)(to - from), from);
}

static void common_options_are_explained_alike(void **state) {
  (void)state;
  static const char *const commands[] = {"pack", "sim", "cycles", "bench"};
  static const char *const options[] = {"config", "set", "dealing", "json"};
  char first[512], other[512];
  for (int o = 0; o < 4; o++) {
    option_text(commands[0], options[o], first, sizeof first);
    for (int c = 1; c < 4; c++) {
      option_text(commands[c], options[o], other, sizeof other);
      assert_string_equal(other, first);
    }
  }
}

static void cycles_has_the_keys_of_sim_and_its_counts(void **state) {
  (void)state;
  static const char *const equal[] = {"inputs", "useful", "broadcasts", "padding", "clamped"};
  cJSON *sim = JSON_OF("sim", model, "--config", "tiny", "--input", input, "--engine", "model", "--json");
  cJSON *cycles = JSON_OF("cycles", model, "--config", "tiny", "--input", input, "--json");
  for (const cJSON *item = sim->child; item; item = item->next)
    if (!cJSON_GetObjectItem(cycles, item->string)) fail_msg("eie cycles has no '%s'", item->string);
  for (int k = 0; k < 5; k++) assert_true(number(sim, equal[k]) == number(cycles, equal[k]));
  assert_true(number(cycles, "cycles") == number(cycles, "program_cycles"));
  assert_true(number(cycles, "cycles") <= number(cycles, "inputs") * number(cycles, "worst_cycles"));
  assert_true(number(cycles, "load_cycles") > 0 && number(cycles, "io_cycles") > 0);
  is_null(cycles, "compared");
  is_null(sim, "timed_counters");  // the behavioural device's times are its own
  cJSON_Delete(sim);
  cJSON_Delete(cycles);
}

static void cycles_of_a_packed_directory_are_those_of_its_model(void **state) {
  (void)state;
  cJSON *a = JSON_OF("cycles", model, "--config", "tiny", "--input", input, "--json");
  cJSON *b = JSON_OF("cycles", packed, "--input", input, "--json");
  assert_true(number(a, "cycles") == number(b, "cycles"));
  assert_true(number(a, "load_cycles") == number(b, "load_cycles"));
  cJSON_Delete(a);
  cJSON_Delete(b);
}

static void set_makes_another_configuration(void **state) {
  (void)state;
  cJSON *a = JSON_OF("cycles", model, "--config", "pe4", "--input", input, "--json");
  cJSON *b = JSON_OF("cycles", model, "--config", "pe4", "--set", "ACT_QUEUE_DEPTH=2", "--set", "IDX_W=5",
                     "--input", input, "--json");
  assert_string_equal(cJSON_GetObjectItem(a, "config")->valuestring, "pe4");
  assert_string_equal(cJSON_GetObjectItem(b, "config")->valuestring, "pe4_ACT_QUEUE_DEPTH2_IDX_W5");
  assert_true(number(a, "cycles") < number(b, "cycles"));
  cJSON_Delete(a);
  cJSON_Delete(b);
  EXPECT_EXIT(0, "no bit differs", "sim", model, "--config", "pe4", "--set", "N_PE=8", "--input", input,
              "--engine", "model");
  EXPECT_EXIT(0, NULL, "pack", model, "--config", "pe4", "--set", "ROWS=4");
}

static void bench_reports_a_layer_of_the_paper(void **state) {
  (void)state;
  static const char *const keys[] = {"cycles",  "useful",      "ratio",     "broadcasts",
                                     "entries", "padding",     "busiest",   "queue_full",
                                     "clamped", "load_cycles", "io_cycles", "worst_cycles"};
  cJSON *root =
      JSON_OF("bench", "--layer", "NT-We", "--seeds", "2", "--seed", "7", "--uneven", "0.4", "--json");
  const cJSON *seeds = cJSON_GetObjectItem(root, "seeds"), *layers = cJSON_GetObjectItem(root, "layers");
  const cJSON *layer = cJSON_GetArrayItem(layers, 0);
  assert_int_equal(cJSON_GetArraySize(layers), 1);
  assert_int_equal(cJSON_GetArraySize(seeds), 2);
  assert_string_equal(cJSON_GetObjectItem(layer, "name")->valuestring, "NT-We");
  assert_true(number(layer, "paper_cycles") == 6400);
  double geomean = 0;
  for (int k = 0; k < 12; k++) {
    double sum = 0;
    for (int s = 0; s < 2; s++)
      sum +=
          number(cJSON_GetArrayItem(cJSON_GetObjectItem(cJSON_GetArrayItem(seeds, s), "layers"), 0), keys[k]);
    if (strcmp(keys[k], "ratio") != 0)
      assert_true(sum == number(layer, keys[k]) && sum == number(root, keys[k]));
  }
  for (int s = 0; s < 2; s++) {
    const cJSON *seed = cJSON_GetArrayItem(seeds, s);
    assert_true(number(seed, "seed") == 7 + s);
    geomean += number(seed, "geomean") / 2;
  }
  assert_true(fabs(geomean - number(root, "geomean")) < 1e-12);
  assert_true(number(layer, "broadcasts") == 2 * 4096);  // every activation is there
  assert_true(geomean >= 1 && geomean < 1.2);
  is_null(root, "compared");
  cJSON_Delete(root);
}

// 600 rows for one PE with two accumulators: one pass on the timing model, many on an array.
static void one_pass_grows_the_memories(void **state) {
  (void)state;
  cJSON *root =
      JSON_OF("bench", "--layer", "NT-We", "--one-pass", "--set", "N_PE=1", "--set", "ROWS=2", "--json");
  const cJSON *parameters = cJSON_GetObjectItem(root, "parameters");
  assert_true(number(root, "passes") == 1);
  assert_true(number(parameters, "ROWS") == 2);
  assert_true(number(root, "cycles") >= number(root, "entries"));
  is_null(root, "load_cycles");
  cJSON_Delete(root);
  root = JSON_OF("bench", "--layer", "NT-We", "--set", "ROWS=2", "--json");
  assert_true(number(root, "passes") == 5);  // 600 rows, 10 a PE
  cJSON_Delete(root);
  // Where the layer fits, there is nothing to grow.
  root = JSON_OF("bench", "--layer", "NT-We", "--json");
  cJSON *grown = JSON_OF("bench", "--layer", "NT-We", "--one-pass", "--json");
  assert_true(number(root, "cycles") == number(grown, "cycles"));
  assert_true(number(root, "busiest") == number(grown, "busiest"));
  cJSON_Delete(root);
  cJSON_Delete(grown);
}

static void the_table_names_the_paper_and_the_bound(void **state) {
  (void)state;
  EXPECT_EXIT(0, "1 of 1 layers below the paper", "bench", "--layer", "NT-We");
  assert_non_null(strstr(result.out, "6,400"));
  assert_non_null(strstr(result.out, "broadcasts"));
  EXPECT_EXIT(0, "of 64 PEs", "bench", "--layer", "NT-We", "--config", "pe16", "--one-pass");
}

static void bad_use_is_a_sentence_and_exit_2(void **state) {
  (void)state;
  EXPECT_EXIT(2, "no layer \"NT-X\"", "bench", "--layer", "NT-X");
  EXPECT_EXIT(2, "--one-pass is for --engine model", "bench", "--one-pass", "--engine", "verilator");
  EXPECT_EXIT(2, "engine", "bench", "--engine", "paper");
  EXPECT_EXIT(2, "uneven", "bench", "--uneven", "3");
  EXPECT_EXIT(2, "seeds", "bench", "--seeds", "0");
  EXPECT_EXIT(2, "nowhere", "bench", "--config", "nowhere");
  EXPECT_EXIT(2, "QUEUE", "bench", "--set", "QUEUE=3");
  EXPECT_EXIT(2, "N_PE must be a power of two", "bench", "--set", "N_PE=3");
  EXPECT_EXIT(2, "unexpected operand", "bench", "NT-We");
  EXPECT_EXIT(2, "--config is missing", "cycles", model, "--input", input);
  EXPECT_EXIT(2, "leave --set out", "cycles", packed, "--set", "QUEUE_DEPTH=4", "--input", input);
  EXPECT_EXIT(2, "leave --set out", "sim", packed, "--set", "QUEUE_DEPTH=4", "--input", input, "--engine",
              "model");
  EXPECT_EXIT(2, "none.npy", "cycles", model, "--config", "tiny", "--input", "none.npy");
  EXPECT_EXIT(2, "limit", "cycles", model, "--config", "tiny", "--input", input, "--limit", "0");
}

// The behavioural device is one whose every count is right and whose cycles are not: a comparison with the
// timing model must say so, and at the first of them.
static void a_device_with_other_times_is_found_out(void **state) {
  (void)state;
  const eie_gen_options gen = {.rows = 30,
                               .cols = 40,
                               .density = 0.3,
                               .act_density = 0.5,
                               .seed = 2,
                               .count = 1,
                               .shift = 14,
                               .codebook_size = 16};
  const eie_pack_options pack = {.dealing = EIE_DEAL_BALANCED, .seed = 1};
  const eie_device_options options = {.seed = 1};
  eie_config config;
  eie_model made;
  eie_activations acts;
  eie_packed image;
  eie_device *device;
  eie_compare_report report;
  eie_error err = {""};
  assert_int_equal(eie_config_read("pe4", &config, &err), EIE_OK);
  assert_int_equal(eie_gen_model(&gen, &made, &err), EIE_OK);
  assert_int_equal(eie_gen_activations(&gen, &acts, &err), EIE_OK);
  assert_int_equal(eie_pack(&made, &config, &pack, &image, &err), EIE_OK);
  assert_int_equal(eie_device_open("model", &config, &options, &device, &err), EIE_OK);
  eie_compare_job job = {.packed = &image, .inputs = &acts, .count = 1, .device = device, .timed = 1};
  assert_int_equal(eie_compare_run(&job, &report, &err), EIE_ERR_UNEQUAL);
  assert_non_null(
      strstr(err.text, "input 0, layer 0 (layer0): counter CYCLES of descriptor 0 (pass 0): device "));
  assert_non_null(strstr(err.text, ", timing model "));
  eie_compare_report_free(&report);
  job.timed = 0;
  assert_int_equal(eie_compare_run(&job, &report, &err), EIE_OK);
  assert_true(report.timed_counters == 0);
  eie_compare_report_free(&report);
  eie_device_close(device);
  eie_packed_free(&image);
  eie_activations_free(&acts);
  eie_model_free(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(help_is_a_manual_page),
                                     cmocka_unit_test(common_options_are_explained_alike),
                                     cmocka_unit_test(cycles_has_the_keys_of_sim_and_its_counts),
                                     cmocka_unit_test(cycles_of_a_packed_directory_are_those_of_its_model),
                                     cmocka_unit_test(set_makes_another_configuration),
                                     cmocka_unit_test(bench_reports_a_layer_of_the_paper),
                                     cmocka_unit_test(one_pass_grows_the_memories),
                                     cmocka_unit_test(the_table_names_the_paper_and_the_bound),
                                     cmocka_unit_test(bad_use_is_a_sentence_and_exit_2),
                                     cmocka_unit_test(a_device_with_other_times_is_found_out)};
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
