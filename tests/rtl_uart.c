// SPDX-License-Identifier: Apache-2.0
// The host link in the RTL, through its two wires: first before a small slave that refuses, hangs or answers
// late as its address says (uart_promises.h), on the RTL and on mutants of it that must break a promise; then
// a whole network through a pseudo-terminal with `eie sim --engine uart:...`, on a good line and on bad ones,
// and ports behind which there is no such board. EIE_SEED draws other noise; EIE_ONLY=
// PATTERN runs some.
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
#include "eie_error.h"

static void must(eie_status status, const eie_error *err) {
  if (status) fail_msg("%s", err->text);
}

#include "rtl_mutant.h"
#include "terminal_part.h"
#include "uart_promises.h"

#define STUB "TOP=stub_top TOP_FILE=tests/board/stub_top.sv"
static const char tiny_board[] = "build/board/tiny/libboard.so";

// ---- promises, and mutants that break them ----

static void keep(promise *kept) {
  board b;
  board_open(&b, "stub", STUB);
  kept(&b);
  board_close(&b);
  assert_int_equal(b.broken, 0);
}

#define PROMISE(name)                     \
  static void test_##name(void **state) { \
    (void)state;                          \
    keep(name);                           \
  }
PROMISE(words_come_back)
PROMISE(refusals_are_told)
PROMISE(status_tells_version_and_irq)
PROMISE(a_reset_reaches_the_accelerator_alone)
PROMISE(garbage_is_skipped)
PROMISE(nothing_spoilt_is_done)
PROMISE(a_repeated_write_is_done_once)
PROMISE(noise_does_not_make_it_forget)
PROMISE(a_spoilt_burst_is_put_right)
PROMISE(a_frame_in_a_frame_is_told)
PROMISE(a_bus_that_hangs_does_not_hang_the_link)
PROMISE(a_late_answer_is_swallowed)
PROMISE(a_slow_bus_is_told)
PROMISE(a_broken_line_is_survived)
PROMISE(noise_while_it_answers_is_ignored)

// Other bit times than 4 clocks, and the other end up to 2 % slow or fast.
static void other_bit_times_and_clocks_that_differ_are_good(void **state) {
  (void)state;
  static const uint32_t clocks[] = {5, 16, 33};
  for (int k = 0; k < 3; k++) {
    char name[24], words[120];
    board b;
    snprintf(name, sizeof name, "stub%u", clocks[k]);
    snprintf(words, sizeof words, STUB " SETTINGS=CLOCKS_PER_BIT=%u", clocks[k]);
    board_open(&b, name, words);
    b.bit_clocks = clocks[k] + 1;
    for (uint32_t permille = 980; permille <= 1020; permille += 20) {
      b.pins.pace(b.pins.sim, 256 * clocks[k] * permille / 1000);
      words_come_back(&b);
      garbage_is_skipped(&b);
    }
    board_close(&b);
    assert_int_equal(b.broken, 0);
  }
}

static const struct {
  rtl_mutant mutant;
  promise *broken;
} mutants[] = {
    {{"uart_header", "eie_link.sv", "received && !crc_good_q", "received && !crc_good_q && !state_q[Header]"},
     nothing_spoilt_is_done},
    {{"uart_data", "eie_link.sv", "received && !crc_good_q", "received && !crc_good_q && !state_q[DataCrc]"},
     nothing_spoilt_is_done},
    {{"uart_early", "eie_link.sv", "((word_end && !single_q) || state_q[Single])", "word_end"},
     nothing_spoilt_is_done},
    {{"uart_forgets", "eie_link.sv", "before_ok_q <= 1'b1", "before_ok_q <= 1'b0"},
     a_repeated_write_is_done_once},
    {{"uart_remembers", "eie_link.sv", "before_ok_q && sequence_q == before_q", "before_ok_q"},
     a_repeated_write_is_done_once},
    {{"uart_patient", "eie_link.sv", "expired   = timer_q[TimerW]", "expired   = 1'b0"},
     a_bus_that_hangs_does_not_hang_the_link},
    {{"uart_offers", "eie_link.sv", "(abandon && offered)", "1'b0"}, a_bus_that_hangs_does_not_hang_the_link},
    {{"uart_stale", "eie_link_bus.sv", "(abandon_i && (", "(1'b0 && ("}, a_late_answer_is_swallowed},
    {{"uart_hears", "eie_link.sv", "(sending && tx_last) || (receiving && rx_end)", "tx_last || rx_end"},
     noise_while_it_answers_is_ignored},
    {{"uart_slow", "eie_link.sv", "state_q[Data] && !offered)", "state_q[Data])"}, a_slow_bus_is_told},
    {{"uart_step", "eie_link_bus.sv", "(carry_q || one_q)) || (carry_q && one_q)", "one_q)"},
     words_come_back},
};

static void each_mutant_breaks_its_promise(void **state) {
  (void)state;
  for (size_t k = 0; k < sizeof mutants / sizeof mutants[0]; k++) {
    const rtl_mutant *m = &mutants[k].mutant;
    char words[300];
    board b;
    mutant_use(m);
    snprintf(words, sizeof words, STUB " RTL_DIR=build/tmp/mutant-%s/rtl", m->name);
    board_open(&b, m->name, words);
    mutant_use(NULL);
    print_message("  %s: \"%s\" for \"%s\"\n", m->name, m->to, m->from);
    mutants[k].broken(&b);
    board_close(&b);
    if (b.broken == 0) fail_msg("the mutant %s breaks nothing", m->name);
  }
}

// ---- end to end ----

static uint64_t first_seed(void) {
  const char *asked = getenv("EIE_SEED");
  return asked && *asked ? strtoull(asked, NULL, 10) : 1;
}

static int prepare(void **state) {
  (void)state;
  board b;
  board_open(&b, "tiny", "");  // builds it
  board_close(&b);
  return make_model("12", "2");
}

static double json_number(const char *text, const char *key, const char *inner) {
  cJSON *root = cJSON_Parse(text);
  if (!root) fail_msg("no JSON: %s", text);
  const cJSON *item = cJSON_GetObjectItem(root, key);
  if (item && inner) item = cJSON_GetObjectItem(item, inner);
  if (!item) fail_msg("no key '%s'", key);
  const double value = cJSON_IsNull(item) ? -1 : item->valuedouble;
  cJSON_Delete(root);
  return value;
}

static void a_network_through_the_wires_is_equal_in_every_bit_and_cycle(void **state) {
  (void)state;
  terminal t;
  TERMINAL_OPEN(&t, tiny_board);
  EXPECT_EXIT(0, "no bit differs", "sim", model, "--config", "tiny", "--input", input, "--engine", t.engine);
  assert_non_null(strstr(result.out, "Timing model: equal in"));
  assert_non_null(strstr(result.out, " repeated\n"));  // 0, unless the machine was very busy
  assert_null(strstr(result.out, "The bus needs"));
  EXPECT_EXIT(0, NULL, "sim", packed, "--input", input, "--limit", "1", "--engine", t.engine, "--json");
  assert_true(json_number(result.out, "differing", NULL) == 0);
  assert_true(json_number(result.out, "compared", NULL) == 12);
  assert_true(json_number(result.out, "cycles", NULL) > 0);
  assert_true(json_number(result.out, "load_cycles", NULL) == -1);
  assert_true(json_number(result.out, "io_cycles", NULL) == -1);
  assert_true(json_number(result.out, "link", "repeated") >= 0);
  assert_true(json_number(result.out, "link", "bytes_out") > 100);
  terminal_close(&t);
}

// Everything that can happen to a byte, in both directions; what differs is only how often a frame went.
static void a_network_through_noise_is_equal_too(void **state) {
  (void)state;
  static const char *const noises[][8] = {
      {"--flip", "0.001"},
      {"--drop", "0.001"},
      {"--double", "0.001"},
      {"--garbage", "0.001"},
      {"--flip", "0.0005", "--drop", "0.0005", "--double", "0.0005", "--garbage", "0.0005"}};
  for (size_t k = 0; k < sizeof noises / sizeof noises[0]; k++) {
    const char *const *n = noises[k];
    char seed[24];
    terminal t;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)(first_seed() + k));
    TERMINAL_OPEN(&t, tiny_board, "--seed", seed, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
    print_message("  seed %s, %s %s%s\n", seed, n[0], n[1], n[2] ? " and the others" : "");
    EXPECT_EXIT(0, NULL, "sim", model, "--config", "tiny", "--input", input, "--engine", t.engine, "--json");
    assert_true(json_number(result.out, "differing", NULL) == 0);
    assert_true(json_number(result.out, "compared", NULL) == 2 * 12);
    assert_true(json_number(result.out, "link", "repeated") > 0);
    print_message("  %.0f frames, %.0f repeated\n", json_number(result.out, "link", "frames"),
                  json_number(result.out, "link", "repeated"));
    terminal_close(&t);
  }
}

static void a_link_that_dies_is_red(void **state) {
  (void)state;
  static const char *const after[] = {"200", "2000", "5000"};
  for (int k = 0; k < 3; k++) {
    terminal t;
    TERMINAL_OPEN(&t, tiny_board, "--dead", after[k]);
    EXPECT_EXIT(1, "the link died", "sim", model, "--config", "tiny", "--input", input, "--engine", t.engine);
    assert_null(strstr(result.out, "no bit differs"));
    terminal_close(&t);
  }
}

static void who_is_not_the_board_is_told(void **state) {
  (void)state;
  terminal t;
  TERMINAL_OPEN(&t, "--echo");
  EXPECT_EXIT(1, "what is sent comes back", "sim", model, "--config", "tiny", "--input", input, "--engine",
              t.engine);
  terminal_close(&t);
  TERMINAL_OPEN(&t, "--echo", "--flip", "1");
  EXPECT_EXIT(1, "no frame of the link", "sim", model, "--config", "tiny", "--input", input, "--engine",
              t.engine);
  terminal_close(&t);
  TERMINAL_OPEN(&t, "--echo", "--drop", "1");
  EXPECT_EXIT(1, "nothing answers at 115200 baud", "sim", model, "--config", "tiny", "--input", input,
              "--engine", t.engine);
  terminal_close(&t);
  TERMINAL_OPEN(&t, tiny_board);
  EXPECT_EXIT(1, "packed for N_PE = 4, the device has 2", "sim", model, "--config", "pe4", "--input", input,
              "--engine", t.engine);
  terminal_close(&t);
}

static void ports_that_are_none_and_bad_use_are_told(void **state) {
  (void)state;
  char file[400];
  snprintf(file, sizeof file, "uart:%s", input);
#define REFUSED(word, engine, ...) \
  EXPECT_EXIT(2, word, "sim", model, "--config", "tiny", "--input", input, "--engine", engine, ##__VA_ARGS__)
  REFUSED("there is no such port", "uart:/dev/nothing");
  REFUSED("is not a serial port", file);
  REFUSED("no port is named", "uart:");
  REFUSED("no such baud rate", "uart:/dev/null:31250");
  REFUSED("is not a serial port", "uart:/dev/null:1000000");
  REFUSED("--lockstep goes with a simulator", "uart:/dev/null", "--lockstep");
  REFUSED("--wave goes with a simulator", "uart:/dev/null", "--wave", "x.fst");
  REFUSED("--stalls goes with a simulator", "uart:/dev/null", "--stalls", "3");
  REFUSED("is not one of", "usart:/dev/null");
#undef REFUSED
}

#define TEST(name) cmocka_unit_test(test_##name)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(words_come_back),
      TEST(refusals_are_told),
      TEST(status_tells_version_and_irq),
      TEST(a_reset_reaches_the_accelerator_alone),
      TEST(garbage_is_skipped),
      TEST(nothing_spoilt_is_done),
      TEST(a_repeated_write_is_done_once),
      TEST(noise_does_not_make_it_forget),
      TEST(a_spoilt_burst_is_put_right),
      TEST(a_frame_in_a_frame_is_told),
      TEST(a_bus_that_hangs_does_not_hang_the_link),
      TEST(a_late_answer_is_swallowed),
      TEST(a_slow_bus_is_told),
      TEST(a_broken_line_is_survived),
      TEST(noise_while_it_answers_is_ignored),
      cmocka_unit_test(other_bit_times_and_clocks_that_differ_are_good),
      cmocka_unit_test(each_mutant_breaks_its_promise),
      cmocka_unit_test(a_network_through_the_wires_is_equal_in_every_bit_and_cycle),
      cmocka_unit_test(a_network_through_noise_is_equal_too),
      cmocka_unit_test(a_link_that_dies_is_red),
      cmocka_unit_test(who_is_not_the_board_is_told),
      cmocka_unit_test(ports_that_are_none_and_bad_use_are_told),
  };
  cmocka_set_test_filter(getenv("EIE_ONLY"));
  return cmocka_run_group_tests(tests, prepare, remove_files);
}
