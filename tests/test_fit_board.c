// SPDX-License-Identifier: Apache-2.0
// Files of boards: good ones, and what is hostile in them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above first
#include <cmocka.h>

#include "eie_board.h"
#include "fit_files.h"

static char folder[256];

static int set_up(void **state) {
  (void)state;
  make_board_folder(folder, sizeof folder);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  remove_folder(folder);
  return 0;
}

static void a_board_is_read_with_its_costs_and_configuration(void **state) {
  (void)state;
  eie_board b;
  eie_error err = {""};
  make_board(folder, "one", GOOD_BOARD "WHATEVER = the flow needs\n", GOOD_COSTS, GOOD_ARRAY);
  if (eie_board_read("one", &b, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_string_equal(b.name, "one");
  assert_string_equal(b.title, "Test board");
  assert_string_equal(b.part, "X1");
  assert_int_equal(b.family, EIE_FAMILY_ECP5);
  assert_int_equal(b.has.lut, 83640);
  assert_int_equal(b.has.ram, 208);
  assert_int_equal(b.baud, 3000000);
  assert_true(b.clock_mhz == 62.5);
  assert_int_equal(b.config.n_pe, 16);
  assert_true(b.costs.measured && !b.costs.preliminary);
  assert_true(b.costs.lut_pe == 850.5 && b.costs.ff_base == -10);
  assert_int_equal(b.costs.n_clocks, 2);
  assert_int_equal(b.costs.clocks[1].n_pe, 16);
  assert_true(b.costs.clocks[0].mhz == 150.25);
}

static void costs_may_be_missing_and_some_facts_too(void **state) {
  (void)state;
  eie_board b;
  eie_error err = {""};
  make_board(folder, "bare", "TITLE=T\nFAMILY=xilinx\nLUT=1\nFF=2\nRAM=3\nDSP=4\n", NULL, GOOD_ARRAY);
  if (eie_board_read("bare", &b, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_false(b.costs.measured);
  assert_int_equal(b.has.spram, 0);
  assert_int_equal(b.baud, 0);
  assert_true(b.clock_mhz == 0);
}

static void a_clock_of_zero_is_a_pe_count_that_did_not_route(void **state) {
  (void)state;
  eie_board b;
  eie_error err = {""};
  make_board(folder, "full", GOOD_BOARD, GOOD_COSTS "FMAX_32PE = 0\nFMAX_64PE = 0\nPRELIMINARY = 1\n",
             GOOD_ARRAY);
  if (eie_board_read("full", &b, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_int_equal(eie_board_routed(&b), 16);
  assert_int_equal(eie_board_unroutable(&b), 32);
  assert_int_equal(eie_board_clock_for(&b, 32)->n_pe, 16);
  assert_true(b.costs.preliminary);
}

static void boards_are_listed_by_name_and_other_folders_are_not_boards(void **state) {
  (void)state;
  eie_board *boards;
  uint32_t n;
  eie_error err = {""};
  make_board(folder, "zeta", GOOD_BOARD, GOOD_COSTS, GOOD_ARRAY);
  make_board(folder, "alpha", GOOD_BOARD, NULL, GOOD_ARRAY);
  make_board(folder, "no_board", NULL, GOOD_COSTS, GOOD_ARRAY);
  if (eie_boards_read(&boards, &n, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_int_equal(n, 2);
  assert_string_equal(boards[0].name, "alpha");
  assert_string_equal(boards[1].name, "zeta");
  free(boards);
  eie_board b;
  assert_int_equal(eie_board_read("beta", &b, &err), EIE_ERR_USE);
  assert_non_null(strstr(err.text, "no board \"beta\""));
  assert_non_null(strstr(err.text, "it has alpha, zeta"));
  assert_int_equal(eie_board_read("../one", &b, &err), EIE_ERR_USE);
  assert_int_equal(eie_board_read("", &b, &err), EIE_ERR_USE);
}

static void a_folder_without_boards_is_said_so(void **state) {
  (void)state;
  eie_board *boards;
  uint32_t n;
  eie_error err = {""};
  assert_int_equal(eie_boards_read(&boards, &n, &err), EIE_ERR_USE);
  assert_non_null(strstr(err.text, "no board in "));
  setenv("EIE_BOARD_DIR", "/nowhere/at/all", 1);
  assert_int_equal(eie_boards_read(&boards, &n, &err), EIE_ERR_USE);
  setenv("EIE_BOARD_DIR", folder, 1);
}

typedef struct {
  const char *what, *facts, *costs, *array, *want;  // texts; NULL: the good one
} bad_board;

#define FACTS_WITHOUT_LUT "TITLE = T\nFAMILY = ecp5\nFF = 1\nRAM = 1\nDSP = 1\n"
#define LONG_60 "123456789012345678901234567890123456789012345678901234567890"

static const bad_board bad_boards[] = {
    {"empty facts", "", NULL, NULL, "board.cfg: TITLE is missing"},
    {"only a comment", "# TITLE = x", NULL, NULL, "TITLE is missing"},
    {"no number of logic cells", FACTS_WITHOUT_LUT, NULL, NULL, "LUT is missing"},
    {"no equals sign", GOOD_BOARD "HALLO\n", NULL, NULL, "board.cfg: line 12: \"HALLO\" is not KEY = VALUE"},
    {"no key", GOOD_BOARD "= 4\n", NULL, NULL, "line 12"},
    {"key in small letters", GOOD_BOARD "lut2 = 4\n", NULL, NULL, "line 12: \"lut2 = 4\": a key has"},
    {"key that begins with a digit", GOOD_BOARD "2LUT = 4\n", NULL, NULL, "a key has"},
    {"key too long", GOOD_BOARD "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH = 4\n", NULL, NULL, "a key has"},
    {"no value", GOOD_BOARD "MORE =\n", NULL, NULL, "MORE has no value"},
    {"value too long", GOOD_BOARD "MORE =" LONG_60 LONG_60 LONG_60 LONG_60 LONG_60 "\n", NULL, NULL,
     "the value of MORE is longer than 255"},
    {"key given twice", GOOD_BOARD "LUT = 5\n", NULL, NULL, "line 12: LUT is given twice"},
    {"bytes that are no text", GOOD_BOARD "MORE = \x01\xff\n", NULL, NULL, "not printable ASCII"},
    {"a bell in a number", GOOD_BOARD "MORE = 4\a\n", NULL, NULL, "not printable ASCII"},
    {"unknown family", "TITLE = T\nFAMILY = stratix\n", NULL, NULL, "FAMILY is \"stratix\""},
    {"words in place of a number", FACTS_WITHOUT_LUT "LUT = many\n", NULL, NULL,
     "line 6: LUT: \"many\" is not a decimal number"},
    {"a negative number", FACTS_WITHOUT_LUT "LUT = -1\n", NULL, NULL, "LUT is -1"},
    {"a number past every device", FACTS_WITHOUT_LUT "LUT = 99999999999\n", NULL, NULL, "LUT is 99999999999"},
    {"more digits than a number has", FACTS_WITHOUT_LUT "LUT = " LONG_60 "\n", NULL, NULL, "not a decimal"},
    {"a hexadecimal number", FACTS_WITHOUT_LUT "LUT = 0x10\n", NULL, NULL, "not a decimal number"},
    {"an exponent", FACTS_WITHOUT_LUT "LUT = 1e3\n", NULL, NULL, "not a decimal number"},
    {"not a number", FACTS_WITHOUT_LUT "LUT = nan\n", NULL, NULL, "not a decimal number"},
    {"half a logic cell", FACTS_WITHOUT_LUT "LUT = 1.5\n", NULL, NULL, "LUT must be a whole number"},
    {"two points", FACTS_WITHOUT_LUT "LUT = 1.5.1\n", NULL, NULL, "not a decimal number"},
    {"a point alone", FACTS_WITHOUT_LUT "LUT = .\n", NULL, NULL, "not a decimal number"},
    {"a title too long", "TITLE =" LONG_60 LONG_60 LONG_60 "\nFAMILY = ecp5\n", NULL, NULL,
     "TITLE is longer than 127"},
    {"costs without a line of flip-flops", NULL, "LUT_BASE = 1\nLUT_PE = 1\n", NULL,
     "costs.cfg: FF_BASE is missing"},
    {"a PE of negative size", NULL, "LUT_BASE = 1\nLUT_PE = -1\nFF_BASE = 1\nFF_PE = 1\n", NULL,
     "LUT_PE is -1"},
    {"clock of three PEs", NULL, GOOD_COSTS "FMAX_3PE = 10\n", NULL, "begins with FMAX_"},
    {"clock without PEs", NULL, GOOD_COSTS "FMAX_MHZ = 10\n", NULL, "begins with FMAX_"},
    {"a clock past every device", NULL, GOOD_COSTS "FMAX_32PE = 20000\n", NULL, "FMAX_32PE is 20000"},
    {"half preliminary", NULL, GOOD_COSTS "PRELIMINARY = 2\n", NULL, "PRELIMINARY is 2"},
    {"an array with a key too few", NULL, NULL, "N_PE = 16\n", "bad.cfg: ACT_QUEUE_DEPTH is missing"},
    {"an array that cannot be", NULL, NULL, GOOD_ARRAY "N_PE = 16\n", "N_PE is given twice"},
};

static void bad_files_are_refused_with_file_line_and_reason(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof bad_boards / sizeof bad_boards[0]; i++) {
    const bad_board *c = &bad_boards[i];
    eie_board b = {.name = "unchanged"}, *all = NULL;
    uint32_t n = 0;
    eie_error err = {""};
    make_board(folder, "bad", c->facts ? c->facts : GOOD_BOARD, c->costs ? c->costs : GOOD_COSTS,
               c->array ? c->array : GOOD_ARRAY);
    const eie_status status = eie_board_read("bad", &b, &err);
    if (status != EIE_ERR_INPUT || !strstr(err.text, c->want) || strchr(err.text, '\n'))
      fail_msg("%s: %d %s", c->what, status, err.text);
    assert_string_equal(b.name, "unchanged");
    assert_int_equal(eie_boards_read(&all, &n, &err), EIE_ERR_INPUT);
    assert_null(all);
  }
}

static void a_board_without_its_configuration_is_refused(void **state) {
  (void)state;
  eie_board b;
  eie_error err = {""};
  make_board(folder, "lone", GOOD_BOARD, GOOD_COSTS, NULL);
  assert_int_equal(eie_board_read("lone", &b, &err), EIE_ERR_IO);
  assert_non_null(strstr(err.text, "lone.cfg"));
}

static void more_keys_than_any_board_has_are_refused(void **state) {
  (void)state;
  char text[4096] = "";
  for (int i = 0; i < 70; i++) snprintf(text + strlen(text), sizeof text - strlen(text), "K%d = 1\n", i);
  eie_board b;
  eie_error err = {""};
  make_board(folder, "many", text, NULL, GOOD_ARRAY);
  assert_int_equal(eie_board_read("many", &b, &err), EIE_ERR_INPUT);
  assert_non_null(strstr(err.text, "line 65: more than 64 keys"));
}

static void line_ends_tabs_and_comments_of_any_editor_are_read(void **state) {
  (void)state;
  eie_board b;
  eie_error err = {""};
  make_board(folder, "dos",
             "TITLE\t=\tA board  # here\r\nFAMILY=gowin\r\n\r\nLUT = 1\r\nFF = 2\nRAM=3\n\tDSP = 4", NULL,
             GOOD_ARRAY);
  if (eie_board_read("dos", &b, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_string_equal(b.title, "A board");
  assert_int_equal(b.has.dsp, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_board_is_read_with_its_costs_and_configuration, set_up, tear_down),
      cmocka_unit_test_setup_teardown(costs_may_be_missing_and_some_facts_too, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_clock_of_zero_is_a_pe_count_that_did_not_route, set_up, tear_down),
      cmocka_unit_test_setup_teardown(boards_are_listed_by_name_and_other_folders_are_not_boards, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_folder_without_boards_is_said_so, set_up, tear_down),
      cmocka_unit_test_setup_teardown(bad_files_are_refused_with_file_line_and_reason, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_board_without_its_configuration_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(more_keys_than_any_board_has_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(line_ends_tabs_and_comments_of_any_editor_are_read, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
