// SPDX-License-Identifier: Apache-2.0
// Errors and files: one clean sentence, never overrun; files whole or not there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>

#include "command.h"
#include "eie_error.h"
#include "eie_file.h"

static void a_failure_formats_its_sentence_and_returns_its_status(void **state) {
  (void)state;
  eie_error err;
  assert_int_equal(eie_fail(&err, EIE_ERR_FIT, "%s has %d", "x", 3), EIE_ERR_FIT);
  assert_string_equal(err.text, "x has 3");
  assert_int_equal(eie_fail(NULL, EIE_ERR_IO, "nobody listens"), EIE_ERR_IO);
  eie_error_prefix(NULL, "nobody");
}

static void control_characters_cannot_break_the_line(void **state) {
  (void)state;
  eie_error err;
  eie_fail(&err, EIE_ERR_IO, "a\nb\033[31m\x7f");
  assert_string_equal(err.text, "a?b?[31m?");
  eie_error_prefix(&err, "x\ty");
  assert_string_equal(err.text, "x?y: a?b?[31m?");
}

static void prefixes_pile_up_in_front(void **state) {
  (void)state;
  eie_error err;
  eie_fail(&err, EIE_ERR_INPUT, "is wrong");
  eie_error_prefix(&err, "layer %d", 2);
  eie_error_prefix(&err, "%s", "file");
  assert_string_equal(err.text, "file: layer 2: is wrong");
}

static void long_texts_are_cut_at_the_end_of_the_room(void **state) {
  (void)state;
  eie_error err;
  char text[2000];
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = 0;
  eie_fail(&err, EIE_ERR_INPUT, "%s", text);
  assert_int_equal(strlen(err.text), sizeof err.text - 1);
  eie_error_prefix(&err, "file");
  assert_int_equal(strlen(err.text), sizeof err.text - 1);
  assert_memory_equal(err.text, "file: xxx", 9);
  eie_error_prefix(&err, "%s", text);  // no room for anything behind it: left as it was
  assert_memory_equal(err.text, "file: xxx", 9);
}

static void exit_codes_are_the_documented_ones(void **state) {
  (void)state;
  assert_int_equal(eie_exit_code(EIE_OK), 0);
  assert_int_equal(eie_exit_code(EIE_ERR_DEVICE), 1);
  assert_int_equal(eie_exit_code(EIE_ERR_UNEQUAL), 1);
  const eie_status two[] = {EIE_ERR_USE, EIE_ERR_INPUT, EIE_ERR_IO, EIE_ERR_MEMORY, EIE_ERR_FIT};
  for (int i = 0; i < 5; i++) assert_int_equal(eie_exit_code(two[i]), 2);
}

static void a_file_comes_back_with_a_zero_behind_it(void **state) {
  (void)state;
  char folder[256], path[400];
  eie_error err = {""};
  uint8_t *bytes = NULL;
  size_t size = 0;
  make_folder(folder, sizeof folder);
  snprintf(path, sizeof path, "%s/f", folder);
  for (int n = 0; n <= 5; n += 5) {  // empty, then replaced
    assert_int_equal(eie_file_write(path, "hello", (size_t)n, &err), EIE_OK);
    assert_int_equal(eie_file_read(path, 5, &bytes, &size, &err), EIE_OK);
    assert_int_equal(size, n);
    assert_int_equal(strncmp((char *)bytes, "hello", size), 0);
    assert_int_equal(bytes[size], 0);
    free(bytes);
  }
  assert_int_equal(eie_file_read(path, 4, &bytes, &size, &err), EIE_ERR_INPUT);
  assert_int_equal(eie_file_read(folder, 100, &bytes, &size, &err), EIE_ERR_INPUT);
  assert_int_equal(eie_file_write(folder, "x", 1, &err), EIE_ERR_USE);
  remove_folder(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_failure_formats_its_sentence_and_returns_its_status),
      cmocka_unit_test(control_characters_cannot_break_the_line),
      cmocka_unit_test(prefixes_pile_up_in_front),
      cmocka_unit_test(long_texts_are_cut_at_the_end_of_the_room),
      cmocka_unit_test(exit_codes_are_the_documented_ones),
      cmocka_unit_test(a_file_comes_back_with_a_zero_behind_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
