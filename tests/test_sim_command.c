// SPDX-License-Identifier: Apache-2.0
// The command `eie sim` on the behavioural device: reports, exit codes, sentences.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "command_model.h"

static int make_files(void **state) {
  (void)state;
  return make_model("40", "1");
}

static void a_model_and_its_packed_directory_run_equal(void **state) {
  (void)state;
  EXPECT_EXIT(0, "no bit differs", "sim", model, "--config", "tiny", "--input", input, "--engine", "model");
  EXPECT_EXIT(0, "no bit differs", "sim", model, "--config", "pe256", "--input", input, "--engine", "model",
              "--dealing", "interleaved");
  EXPECT_EXIT(0, "no bit differs", "sim", packed, "--input", input, "--engine", "model");
}

static void the_json_report_has_its_keys(void **state) {
  (void)state;
  static const char *const keys[] = {
      "config", "engine",     "inputs",  "compared", "differing", "accuracy",    "cycles",    "useful",
      "ratio",  "broadcasts", "padding", "clamped",  "overflow",  "load_cycles", "io_cycles", "layers"};
  EXPECT_EXIT(0, NULL, "sim", packed, "--input", input, "--engine", "model", "--json");
  cJSON *root = cJSON_Parse(result.out);
  assert_non_null(root);
  for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
    if (!cJSON_GetObjectItem(root, keys[k])) fail_msg("no key '%s'", keys[k]);
  assert_int_equal(cJSON_GetObjectItem(root, "differing")->valueint, 0);
  assert_true(cJSON_IsNull(cJSON_GetObjectItem(root, "accuracy")));
  cJSON_Delete(root);
}

static void bad_use_is_a_sentence_and_exit_2(void **state) {
  (void)state;
  EXPECT_EXIT(2, "--config is missing", "sim", model, "--input", input, "--engine", "model");
  EXPECT_EXIT(2, "leave --config out", "sim", packed, "--config", "tiny", "--input", input, "--engine",
              "model");
  EXPECT_EXIT(2, "input", "sim", model, "--config", "tiny", "--engine", "model");
  EXPECT_EXIT(2, "engine", "sim", model, "--config", "tiny", "--input", input, "--engine", "paper");
  EXPECT_EXIT(2, "waves", "sim", model, "--config", "tiny", "--input", input, "--engine", "model", "--wave",
              "x.fst");
  EXPECT_EXIT(2, "nowhere", "sim", model, "--config", "nowhere", "--input", input, "--engine", "model");
  EXPECT_EXIT(2, "none.npy", "sim", model, "--config", "tiny", "--input", "none.npy", "--engine", "model");
  EXPECT_EXIT(2, "limit", "sim", model, "--config", "tiny", "--input", input, "--limit", "0", "--engine",
              "model");
  EXPECT_EXIT(2, "x.npy", "sim", model, "--config", "tiny", "--input", input, "--labels", input, "--engine",
              "model");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_model_and_its_packed_directory_run_equal),
                                     cmocka_unit_test(the_json_report_has_its_keys),
                                     cmocka_unit_test(bad_use_is_a_sentence_and_exit_2)};
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
