// SPDX-License-Identifier: Apache-2.0
// The soak (tests/soak*.c) as a person runs it: green on the RTL; on broken RTL it finds the fault within a
// stated number of cases, prints a command that replays it, and makes it small. The last command line it
// printed is what the tests run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
// cmocka wants the first five above.
#include <cmocka.h>

#include "eie_error.h"

static void must(eie_status status, const eie_error *err) {
  if (status) fail_msg("%s", err->text);
}

#include "rtl_mutant.h"

enum { TEXT = 1 << 16 };

typedef struct {
  char text[TEXT];  // what the soak printed
  int code;
} told;

static void run(const char *command, told *t) {
  char line[2000];
  snprintf(line, sizeof line, "%s 2>&1", command);
  fflush(NULL);
  FILE *f = popen(line, "r");
  assert_non_null(f);
  const size_t n = fread(t->text, 1, TEXT - 1, f);
  t->text[n] = 0;
  const int status = pclose(f);
  t->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect_in(const told *t, const char *word) {
  if (!strstr(t->text, word)) fail_msg("\"%s\" is missing in:\n%s", word, t->text);
}

// The rest of the first line that has `mark`.
static void take_line(const told *t, const char *mark, char *line, size_t size) {
  const char *at = strstr(t->text, mark);
  if (!at) fail_msg("\"%s\" is missing in:\n%s", mark, t->text);
  at += strlen(mark);
  snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

// Runs the command behind `mark`, which must fail with the sentence that stands in the soak's output.
static void expect_replay(const told *soak, const char *mark, const char *sentence) {
  char command[2000];
  static told again;
  take_line(soak, mark, command, sizeof command);
  run(command, &again);
  assert_int_equal(again.code, 1);
  expect_in(&again, sentence);
}

// All mutants are built in one folder, each with a configuration of its own name: the parts of the simulation
// that do not depend on it are compiled once. The parameters are those of tiny.
static void use_mutant(const rtl_mutant *m) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  char path[200];
  eie_error err = {""};
  mutant_use(m);
  mkdir("build/tmp/soak", 0777);
  setenv("EIE_BUILD_DIR", "build/tmp/soak/build", 1);
  snprintf(path, sizeof path, "build/tmp/soak/%s.cfg", m->name);
  must(eie_file_read("rtl/configs/tiny.cfg", 1 << 16, &bytes, &size, &err), &err);
  must(eie_file_write(path, bytes, size, &err), &err);
  free(bytes);
}

static void soak_mutant(const rtl_mutant *m, const char *options, told *t) {
  char command[600];
  use_mutant(m);
  snprintf(command, sizeof command,
           "build/tests/soak --quiet --stop --folder build/tmp/soak --config build/tmp/soak/%s.cfg %s",
           m->name, options);
  run(command, t);
  mutant_use(NULL);
  print_message("%.*s", (int)(strstr(t->text, "\n\n") ? strstr(t->text, "\n\n") - t->text + 1 : 0), t->text);
  if (t->code != 1) fail_msg("exit status %d in place of 1:\n%s", t->code, t->text);
  expect_in(t, " passed, 1 failed\n");
}

static told soak;  // much text for a stack

static void the_rtl_as_it_is_passes_on_both_simulators(void **state) {
  char line[200];
  (void)state;
  run("build/tests/soak --quiet --seconds 1000 --cases 12 --config tiny --config t06 --icarus-cost 12000",
      &soak);
  if (soak.code) fail_msg("%s", soak.text);
  expect_in(&soak, " 0 failed\n");
  take_line(&soak, "verilator: ", line, sizeof line);
  assert_int_equal(atoi(line), 12);
  take_line(&soak, "icarus: ", line, sizeof line);
  assert_in_range(atoi(line), 2, 12);
  print_message("%s", soak.text);
}

static void a_case_is_wholly_determined_by_its_seed_and_number(void **state) {
  static told again, other;
  (void)state;
  const char *command = "build/tests/soak --seed 5 --case 3 --config tiny";
  run(command, &soak);
  run(command, &again);
  run("build/tests/soak --seed 6 --case 3 --config tiny", &other);
  assert_int_equal(soak.code, 0);
  assert_string_equal(soak.text, again.text);
  assert_string_not_equal(soak.text, other.text);
}

static const rtl_mutant no_forward = {"no_forward", "eie_pe_arith.sv",
                                      "  assign operand = near7_q ? sum8_q : operand7_q;",
                                      "  assign operand = operand7_q;"};

// Two entries that meet in one accumulator are enough: two columns of one row.
static void a_wrong_sum_is_found_replayed_and_made_small(void **state) {
  char first[700], small[700], size[300];
  (void)state;
  soak_mutant(&no_forward, "--engine verilator --cases 12 --shrink-seconds 60", &soak);
  take_line(&soak, "\n  input ", first, sizeof first);
  expect_replay(&soak, "replay: ", first);
  take_line(&soak, "small: 1 layer (1 x 2), 2 weights, 1 input, 0 host actions", size, sizeof size);
  take_line(&soak, "small: input ", small, sizeof small);
  expect_replay(&soak, "  small: RTL_DIR", small);
}

int main(int argc, char **argv) {
  if (argc > 1) cmocka_set_test_filter(argv[1]);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_rtl_as_it_is_passes_on_both_simulators),
      cmocka_unit_test(a_case_is_wholly_determined_by_its_seed_and_number),
      cmocka_unit_test(a_wrong_sum_is_found_replayed_and_made_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
