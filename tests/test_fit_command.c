// SPDX-License-Identifier: Apache-2.0
// The command `eie fit`: tables, exit codes, JSON; on boards of its own and on those of synth/boards.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above first
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "command_model.h"
#include "eie_board_text.h"
#include "fit_files.h"

#define LENET "vectors/lenet-300-100.safetensors"
#define TINY_BOARD "TITLE = Too small\nFAMILY = ice40\nLUT = 100\nFF = 100\nRAM = 2\nDSP = 1\n"

static char boards[256];

static int make_files(void **state) {
  (void)state;
  make_board_folder(boards, sizeof boards);
  make_board(boards, "alpha", GOOD_BOARD, GOOD_COSTS, GOOD_ARRAY);
  make_board(boards, "beta", TINY_BOARD, NULL, GOOD_ARRAY);
  return make_model("40", "2");
}

static int remove_all(void **state) {
  remove_folder(boards);
  return remove_files(state);
}

static cJSON *report(const char *const *args) {
  run_command(folder, args, &result);
  cJSON *root = cJSON_Parse(result.out);
  if (!root) fail_msg("exit %d: %s%s", result.exit_code, result.err, result.out);
  return root;
}
#define REPORT(...) report((const char *const[]){"fit", __VA_ARGS__, "--json", NULL})

static cJSON *item(const cJSON *o, const char *key) {
  cJSON *value = cJSON_GetObjectItemCaseSensitive(o, key);
  if (!value) fail_msg("no key '%s'", key);
  return value;
}

static cJSON *board_of(const cJSON *root, int k) {
  cJSON *board = cJSON_GetArrayItem(item(root, "boards"), k);
  assert_non_null(board);
  return board;
}

static void the_table_has_a_line_for_every_board_and_exit_0(void **state) {
  (void)state;
  EXPECT_EXIT(0, "alpha", "fit", model);
  assert_non_null(strstr(result.out, "102 of 208"));
  assert_non_null(strstr(result.out, "beta"));
  assert_non_null(strstr(result.out, "Does not fit"));
  assert_non_null(strstr(result.out, "worst input"));
  assert_non_null(strstr(result.out, "Logic is not known"));
}

static void the_json_report_has_its_keys(void **state) {
  (void)state;
  static const char *const keys[] = {"board",       "title",     "family",       "part",
                                     "fits",        "config",    "parameters",   "resources",
                                     "loads",       "passes",    "cycles",       "io_cycles",
                                     "load_cycles", "clock_mhz", "load_seconds", "inferences_per_second",
                                     "short",       "change",    "next",         "clock_measured_with"};
  cJSON *root = REPORT(model);
  assert_int_equal(item(root, "inputs")->valueint, 0);
  assert_true(cJSON_IsFalse(item(root, "fixed")));
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) item(board_of(root, k), keys[i]);
  const cJSON *alpha = board_of(root, 0), *beta = board_of(root, 1);
  assert_true(cJSON_IsTrue(item(alpha, "fits")) && cJSON_IsFalse(item(beta, "fits")));
  assert_int_equal(item(item(item(alpha, "resources"), "ram"), "used")->valueint, 102);
  assert_int_equal(item(item(item(alpha, "resources"), "lut"), "usable")->valueint, 83640 * 95 / 100);
  assert_int_equal(item(item(alpha, "parameters"), "N_PE")->valueint, 16);
  assert_true(cJSON_IsNull(item(alpha, "short")) && cJSON_IsString(item(beta, "short")));
  assert_true(cJSON_IsNull(item(beta, "cycles")) &&
              cJSON_IsNull(item(item(beta, "resources"), "lut")->child));
  cJSON_Delete(root);
}

static void the_three_rates_follow_from_cycles_clock_and_baud(void **state) {
  (void)state;
  cJSON *root = REPORT(model, "--board", "alpha");
  const cJSON *b = board_of(root, 0), *rate = item(b, "inferences_per_second");
  const double cycles = item(b, "cycles")->valuedouble, io = item(b, "io_cycles")->valuedouble;
  assert_true(item(b, "clock_mhz")->valuedouble == 120);
  assert_float_equal(item(rate, "compute")->valuedouble, 120e6 / cycles, 1);
  assert_float_equal(item(rate, "bus")->valuedouble, 120e6 / (cycles + io), 1);
  // 50 activations in, 40 out, as 4-byte words at 10 bits a byte, frames apart.
  assert_true(item(rate, "uart")->valuedouble < 3e6 / 10 / (90 * 4));
  assert_true(item(rate, "uart")->valuedouble > 3e6 / 10 / (90 * 4 + 600));
  assert_true(item(b, "load_seconds")->valuedouble > 0);
  cJSON_Delete(root);
}

static void cycles_are_those_of_eie_cycles(void **state) {
  (void)state;
  char own[1024];
  snprintf(own, sizeof own, "%s/alpha/alpha.cfg", boards);
  EXPECT_EXIT(0, NULL, "cycles", model, "--config", own, "--input", input, "--json");
  cJSON *want = cJSON_Parse(result.out), *worst = REPORT(model, "--board", "alpha");
  cJSON *mean = REPORT(model, "--board", "alpha", "--input", input);
  const double inputs = item(want, "inputs")->valuedouble;
  assert_true(inputs == 2);
  assert_float_equal(item(board_of(worst, 0), "cycles")->valuedouble, item(want, "worst_cycles")->valuedouble,
                     0);
  assert_float_equal(item(board_of(mean, 0), "cycles")->valuedouble * inputs,
                     item(want, "program_cycles")->valuedouble, 1e-6);
  assert_float_equal(item(board_of(mean, 0), "io_cycles")->valuedouble * inputs,
                     item(want, "io_cycles")->valuedouble, 0);
  assert_float_equal(item(board_of(mean, 0), "load_cycles")->valuedouble,
                     item(want, "load_cycles")->valuedouble, 0);
  cJSON_Delete(want);
  cJSON_Delete(worst);
  cJSON_Delete(mean);
}

static void a_configuration_asked_for_that_does_not_fit_its_board_is_exit_1(void **state) {
  (void)state;
  EXPECT_EXIT(0, "yes", "fit", model, "--board", "alpha", "--set", "PTR_DEPTH=4096");
  run_command(folder,
              (const char *const[]){"fit", model, "--board", "alpha", "--set", "PTR_DEPTH=16384", NULL},
              &result);
  assert_int_equal(result.exit_code, 1);
  assert_string_equal(result.err, "");
  assert_non_null(strstr(result.out, "block RAM (DP16KD): 326 needed, 208 there, 118 too many"));
  assert_non_null(strstr(result.out, "PTR_DEPTH 8192"));
  EXPECT_EXIT(0, "too many", "fit", model, "--set", "PTR_DEPTH=16384");
  EXPECT_EXIT(0, "Does not fit", "fit", model, "--board", "beta");
}

static void a_model_of_more_codes_than_the_configuration_has_does_not_fit(void **state) {
  (void)state;
  char wide[400], x[400];
  snprintf(wide, sizeof wide, "%s/wide.safetensors", folder);
  snprintf(x, sizeof x, "%s/wide.npy", folder);
  EXPECT_EXIT(0, NULL, "gen", "--rows", "40", "--cols", "50", "--density", "0.5", "--act-density", "0.5",
              "--seed", "3", "--code-w", "8", "-o", wide, "-x", x);
  cJSON *root = REPORT(wide, "--board", "alpha", "--set", "N_PE=8");
  assert_int_equal(result.exit_code, 1);
  assert_non_null(strstr(item(board_of(root, 0), "short")->valuestring, "CODE_W 4"));
  assert_non_null(strstr(item(board_of(root, 0), "change")->valuestring, "CODE_W 8"));
  cJSON_Delete(root);
  root = REPORT(wide, "--board", "alpha");
  assert_int_equal(item(item(board_of(root, 0), "parameters"), "CODE_W")->valueint, 8);
  cJSON_Delete(root);
}

// All loads come through the UART again for each inference, and the bus rate pays for them too.
static void a_model_in_tiles_pays_for_its_loads_in_each_inference(void **state) {
  (void)state;
  static const char small[] =
      "TITLE = Small\nFAMILY = ecp5\nBAUD = 1000000\nLUT = 20000\nFF = 20000\nRAM = 13\nDSP = 9\n";
  make_board(boards, "delta", small, GOOD_COSTS, GOOD_ARRAY);
  char large[400], x[400];
  snprintf(large, sizeof large, "%s/large.safetensors", folder);
  snprintf(x, sizeof x, "%s/large.npy", folder);
  EXPECT_EXIT(0, NULL, "gen", "--rows", "200", "--cols", "300", "--density", "0.5", "--act-density", "0.5",
              "--seed", "3", "-o", large, "-x", x);
  EXPECT_EXIT(0, "tiled", "fit", large, "--board", "delta");
  assert_non_null(strstr(result.out, "not in the array at once"));
  cJSON *root = REPORT(large, "--board", "delta");
  const cJSON *b = board_of(root, 0), *rate = item(b, "inferences_per_second");
  const double clock = 1e6 * item(b, "clock_mhz")->valuedouble;
  const double all = item(b, "cycles")->valuedouble + item(b, "io_cycles")->valuedouble +
                     item(b, "load_cycles")->valuedouble;
  assert_true(item(b, "loads")->valueint > 1);
  assert_float_equal(item(rate, "bus")->valuedouble, clock / all, 1e-6 * clock / all);
  assert_true(item(rate, "uart")->valuedouble < 1 / item(b, "load_seconds")->valuedouble);
  cJSON_Delete(root);
  board_file(boards, "delta", "board.cfg", TINY_BOARD);
}

static void more_pes_than_were_routed_are_said_so(void **state) {
  (void)state;
  EXPECT_EXIT(0, "so many PEs have not been routed yet, 16 have", "fit", model, "--board", "alpha", "--set",
              "N_PE=32");
  EXPECT_EXIT(0, "Clock not measured with 4 PEs; taken from 8 PEs", "fit", model, "--board", "alpha", "--set",
              "N_PE=4");
}

static void bad_use_is_a_sentence_and_exit_2(void **state) {
  (void)state;
  EXPECT_EXIT(2, "no board \"gamma\"", "fit", model, "--board", "gamma");
  EXPECT_EXIT(2, "--limit goes with --input", "fit", model, "--limit", "1");
  EXPECT_EXIT(2, "none.safetensors", "fit", "none.safetensors");
  EXPECT_EXIT(2, "nowhere", "fit", model, "--config", "nowhere");
  EXPECT_EXIT(2, "N_PE must be a power of two", "fit", model, "--set", "N_PE=3");
  EXPECT_EXIT(2, "\"N\" is not KEY = VALUE", "fit", model, "--set", "N");
  EXPECT_EXIT(2, "none.npy", "fit", model, "--input", "none.npy");
  EXPECT_EXIT(2, "operand", "fit");
  board_file(boards, "beta", "costs.cfg", "LUT_BASE = x\n");
  EXPECT_EXIT(2, "costs.cfg: line 1: LUT_BASE", "fit", model);
  board_file(boards, "beta", "costs.cfg", "# \nLUT_BASE = 1\nLUT_PE = 2\nFF_BASE = 3\nFF_PE = 4\n");
  EXPECT_EXIT(0, "beta", "fit", model);
}

// The promise of the whole: what is proposed for a real board is a legal configuration into which the packer
// packs the model, in as many loads as were told.
static void what_is_proposed_for_each_real_board_packs_into_the_loads_it_says(void **state) {
  (void)state;
  setenv("EIE_BOARD_DIR", "synth/boards", 1);
  cJSON *root = REPORT(LENET);
  cJSON *b;
  cJSON_ArrayForEach(b, item(root, "boards")) {
    const char *name = item(b, "board")->valuestring;
    char sets[12][64];
    const char *args[40] = {"pack", LENET, "--config", "tiny", "--json"};
    int n = 5, k = 0;
    cJSON *p;
    if (!cJSON_IsTrue(item(b, "fits"))) fail_msg("LeNet does not fit %s", name);
    cJSON_ArrayForEach(p, item(b, "parameters")) {
      snprintf(sets[k], sizeof sets[0], "%s=%d", p->string, p->valueint);
      args[n++] = "--set";
      args[n++] = sets[k++];
    }
    expect_exit(args, 0, NULL);
    cJSON *packed_report = cJSON_Parse(result.out);
    assert_non_null(packed_report);
    assert_int_equal(item(packed_report, "loads")->valueint, item(b, "loads")->valueint);
    assert_int_equal(item(b, "loads")->valueint, 1);
    assert_int_equal(item(packed_report, "passes")->valueint, item(b, "passes")->valueint);
    cJSON_Delete(packed_report);
  }
  cJSON_Delete(root);
  setenv("EIE_BOARD_DIR", boards, 1);
}

static void compare_measured(const eie_board_text *costs, const cJSON *board, const char *key,
                             const char *name) {
  uint64_t measured = UINT64_MAX;
  eie_error err = {""};
  if (eie_board_text_count(costs, key, 0, 1000000, &measured, &err) != EIE_OK) fail_msg("%s", err.text);
  if (!eie_board_text_find(costs, key)) return;
  const double counted = item(item(item(board, "resources"), name), "used")->valuedouble;
  if (counted != (double)measured)
    fail_msg("%s %s: %.0f counted, %llu measured", item(board, "board")->valuestring, key, counted,
             (unsigned long long)measured);
}

// What each board's folder holds must fit that board, since its bitstream is made from it; and what synthesis
// counted of it, where costs.cfg has that, is what eie fit counts.
static void each_real_boards_own_configuration_fits_and_takes_what_synthesis_found(void **state) {
  (void)state;
  eie_error err = {""};
  setenv("EIE_BOARD_DIR", "synth/boards", 1);
  cJSON *root = REPORT(LENET);
  cJSON *b;
  cJSON_ArrayForEach(b, item(root, "boards")) {
    const char *name = item(b, "board")->valuestring;
    char path[300];
    eie_board_text costs;
    cJSON *own = REPORT(LENET, "--board", name, "--config", name);
    if (result.exit_code != 0) fail_msg("%s does not fit its board: %s", name, result.out);
    snprintf(path, sizeof path, "synth/boards/%s/costs.cfg", name);
    if (access(path, R_OK) == 0) {
      if (eie_board_text_read(path, &costs, &err) != EIE_OK) fail_msg("%s", err.text);
      compare_measured(&costs, board_of(own, 0), "MEASURED_RAM", "ram");
      compare_measured(&costs, board_of(own, 0), "MEASURED_SPRAM", "spram");
      compare_measured(&costs, board_of(own, 0), "MEASURED_DSP", "dsp");
    }
    cJSON_Delete(own);
  }
  cJSON_Delete(root);
  setenv("EIE_BOARD_DIR", boards, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_table_has_a_line_for_every_board_and_exit_0),
      cmocka_unit_test(the_json_report_has_its_keys),
      cmocka_unit_test(the_three_rates_follow_from_cycles_clock_and_baud),
      cmocka_unit_test(cycles_are_those_of_eie_cycles),
      cmocka_unit_test(a_configuration_asked_for_that_does_not_fit_its_board_is_exit_1),
      cmocka_unit_test(a_model_of_more_codes_than_the_configuration_has_does_not_fit),
      cmocka_unit_test(a_model_in_tiles_pays_for_its_loads_in_each_inference),
      cmocka_unit_test(more_pes_than_were_routed_are_said_so),
      cmocka_unit_test(bad_use_is_a_sentence_and_exit_2),
      cmocka_unit_test(what_is_proposed_for_each_real_board_packs_into_the_loads_it_says),
      cmocka_unit_test(each_real_boards_own_configuration_fits_and_takes_what_synthesis_found),
  };
  return cmocka_run_group_tests(tests, make_files, remove_all);
}
