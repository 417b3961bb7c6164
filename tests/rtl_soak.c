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

// Runs the command in the line that begins with `mark`, which must fail with this sentence.
static void expect_replay(const told *soak, const char *mark, const char *sentence) {
  char command[2000];
  static told again;
  take_line(soak, mark, command, sizeof command);
  const char *rtl = strstr(mark, "RTL_DIR=");
  char whole[2400];
  snprintf(whole, sizeof whole, "%s%s", rtl ? rtl : "", command);
  run(whole, &again);
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
  const char *table = strstr(t->text, "\n\n");
  printf("%.*s", (int)(table ? table - t->text + 1 : 0), t->text);
  if (t->code != 1) fail_msg("exit status %d in place of 1:\n%s", t->code, t->text);
  expect_in(t, " passed, 1 failed\n");
}

static told soak;  // much text for a stack

static void the_rtl_as_it_is_passes_on_both_simulators(void **state) {
  char line[200];
  (void)state;
  run("build/tests/soak --quiet --seconds 1000 --cases 12 --config tiny --icarus-cost 25000", &soak);
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

// The case with another action and another cycle in it, in a folder of its own.
static void write_case(const char *action, int cycle) {
  FILE *f = fopen("build/tmp/soak-abort/case.txt", "w");
  assert_non_null(f);
  fprintf(f, "config tiny\ndealing interleaved\nseed 356857\nstalls %d\nrepeats 1\n", cycle % 2 * 5);
  fprintf(f, "action %s program 0 cycle %d pick 1\n", action, cycle);
  fclose(f);
}

// Two layers in three programs; the first is over behind cycle 60. An ABORT in its last cycle was once taken
// for one that did nothing (docs/soak.md).
static void an_abort_and_a_reset_in_any_cycle_of_a_small_program_leave_nothing(void **state) {
  (void)state;
  run("mkdir -p build/tmp/soak-abort && cp tests/soak_cases/abort/* build/tmp/soak-abort/", &soak);
  assert_int_equal(soak.code, 0);
  for (int cycle = 2; cycle < 64; cycle += cycle < 36 ? 3 : 1) {
    write_case(cycle % 4 ? "ABORT" : "RESET", cycle);
    run("build/tests/soak --small build/tmp/soak-abort", &soak);
    if (soak.code) fail_msg("%s", soak.text);
  }
}

static const rtl_mutant no_forward = {"no_forward", "eie_pe_arith.sv", "    near7_q <= near6_q;",
                                      "    near7_q <= 1'b0;"};

// One weight is enough: its sum is read out before it has been stored.
static void a_wrong_sum_is_found_replayed_and_made_small(void **state) {
  char first[700], small[700], size[300];
  (void)state;
  soak_mutant(&no_forward, "--engine verilator --cases 12 --shrink-seconds 60", &soak);
  take_line(&soak, "\n  input ", first, sizeof first);
  expect_replay(&soak, "replay: ", first);
  take_line(&soak, "small: 1 layer (1 x 1), 1 weight, 1 input, 0 host actions", size, sizeof size);
  take_line(&soak, "small: input ", small, sizeof small);
  expect_replay(&soak, "small: RTL_DIR=build/tmp/mutant-no_forward/rtl ", small);
  expect_replay(&soak, "sim: RTL_DIR=build/tmp/mutant-no_forward/rtl ", small);
  expect_in(&soak, "In lock-step: input 0, layer 0 (");
  expect_in(&soak, "accumulator read for write-back, accumulator: device ");
}

// ABORT kills the process of the simulation: only a case with that action shows it.
static const rtl_mutant crash = {
    "crash", "eie_host.sv", "  assign abort_o = abort_q;",
    "  assign abort_o = abort_q;\n"
    "  always_ff @(posedge clk_i) if (rst_ni && abort_q) $c(\"__builtin_trap();\");"};

static void a_crash_that_an_abort_causes_needs_the_abort_alone(void **state) {
  const char *sentence = "the simulation's process was ended by signal ";
  (void)state;
  soak_mutant(&crash, "--engine verilator --cases 40 --shrink-seconds 60", &soak);
  expect_replay(&soak, "replay: ", sentence);
  expect_in(&soak, "small: 1 layer (1 x 1), 0 weights, 1 input, 1 host action\n");
  expect_in(&soak, "small: ABORT in program 0, ");
  expect_replay(&soak, "small: RTL_DIR=build/tmp/mutant-crash/rtl ", sentence);
  expect_in(&soak, "No lock-step run: the failure needs a program that is started twice.");
}

// Once there was a broadcast the array is never drained.
static const rtl_mutant hang = {
    "hang", "eie_ccu.sv", "  assign drained = state_q[StScan] && scan_done && all_credits_q && !active_i;\n",
    "  logic once_q;\n"
    "  always_ff @(posedge clk_i) once_q <= state_q[StScan] && (once_q || fire);\n"
    "  assign drained = state_q[StScan] && scan_done && all_credits_q && !active_i && !once_q;\n"};

static void a_hang_is_found_replayed_and_made_small(void **state) {
  const char *sentence = "the array is not done in time: STATUS is 0x0001 (irq_o did not rise within ";
  (void)state;
  soak_mutant(&hang, "--engine verilator --cases 12 --shrink-seconds 60 --no-lockstep", &soak);
  expect_replay(&soak, "replay: ", sentence);
  expect_in(&soak, "small: 1 layer (1 x 1), 0 weights, 1 input, 0 host actions\n");
  expect_replay(&soak, "small: RTL_DIR=build/tmp/mutant-hang/rtl ", sentence);
}

// Sums of an aborted column tile stay, and are in the next program's outputs.
static const rtl_mutant stale = {"stale", "eie_ccu.sv",
                                 "      wb_write_q <= 1'b0;\n      wb_clear_q <= 1'b1;\n",
                                 "      wb_write_q <= 1'b0;\n"};

static void sums_that_outlive_an_abort_are_found_behind_it(void **state) {
  char small[700];
  (void)state;
  soak_mutant(&stale, "--engine verilator --cases 120 --shrink-seconds 60", &soak);
  expect_in(&soak, " input, 1 host action\n");
  expect_in(&soak, "small: ABORT in program ");
  take_line(&soak, "small: input ", small, sizeof small);
  expect_replay(&soak, "small: RTL_DIR=build/tmp/mutant-stale/rtl ", small);
}

// A CLEAR while busy is answered as if it were allowed.
static const rtl_mutant accepts = {"accepts", "eie_host.sv", "(ctrl0 && !wdata0[1])", "(ctrl0 && wdata0[0])"};

static void an_access_that_is_not_refused_is_found_on_icarus(void **state) {
  (void)state;
  soak_mutant(&accepts, "--engine icarus --icarus-cost 25000 --from 12 --cases 20 --shrink-seconds 0", &soak);
  expect_in(&soak, "host action BUSY_CONTROL in program ");
  expect_replay(&soak, "replay: ", ": the write to 0x00000008 was answered with 0, not refused");
}

static const rtl_mutant fatal = {"fatal", "eie_top.sv", "  // Host\n",
                                 "  always @(posedge irq_o) $fatal(1, \"planted on purpose\");\n"};

static void a_fatal_error_is_found_and_replayed_on_icarus(void **state) {
  (void)state;
  soak_mutant(&fatal, "--engine icarus --icarus-cost 25000 --cases 12 --shrink-seconds 0", &soak);
  expect_replay(&soak, "replay: ", "planted on purpose");
}

int main(int argc, char **argv) {
  if (argc > 1) cmocka_set_test_filter(argv[1]);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_rtl_as_it_is_passes_on_both_simulators),
      cmocka_unit_test(a_case_is_wholly_determined_by_its_seed_and_number),
      cmocka_unit_test(an_abort_and_a_reset_in_any_cycle_of_a_small_program_leave_nothing),
      cmocka_unit_test(a_wrong_sum_is_found_replayed_and_made_small),
      cmocka_unit_test(a_crash_that_an_abort_causes_needs_the_abort_alone),
      cmocka_unit_test(a_hang_is_found_replayed_and_made_small),
      cmocka_unit_test(sums_that_outlive_an_abort_are_found_behind_it),
      cmocka_unit_test(an_access_that_is_not_refused_is_found_on_icarus),
      cmocka_unit_test(a_fatal_error_is_found_and_replayed_on_icarus),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
