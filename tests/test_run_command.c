// SPDX-License-Identifier: Apache-2.0
// eie run over many inputs: however many threads, with or without -o, few inputs (done the checked way) or
// many (laid out first), what it prints and writes is the same to the byte. The command is $EIE or
// build/sanitize/eie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>

#include "command.h"

enum { INPUTS = 1500, ROWS = 23, NPY_HEADER = 128 };  // more than eie run takes at once

typedef struct {
  char folder[256], model[400], inputs[400], outputs[2][400], labels[400];
  command_result result[2];
} place;

static int set_up(void **state) {
  place *p = calloc(1, sizeof *p);
  make_folder(p->folder, sizeof p->folder);
  snprintf(p->model, sizeof p->model, "%s/m.safetensors", p->folder);
  snprintf(p->inputs, sizeof p->inputs, "%s/x.npy", p->folder);
  snprintf(p->labels, sizeof p->labels, "%s/y", p->folder);
  snprintf(p->outputs[0], sizeof p->outputs[0], "%s/y0.npy", p->folder);
  snprintf(p->outputs[1], sizeof p->outputs[1], "%s/y1.npy", p->folder);
  const char *const gen[] = {"gen", "--seed",        "3",   "--rows",  "23",   "--cols", "90", "--density",
                             "0.3", "--act-density", "0.5", "--count", "1500", "--relu", "-o", p->model,
                             "-x",  p->inputs,       NULL};
  run_command(p->folder, gen, &p->result[0]);
  if (p->result[0].exit_code != 0) fail_msg("%s", p->result[0].err);
  uint8_t idx[8 + INPUTS] = {0, 0, 8, 1, 0, 0, INPUTS >> 8, INPUTS & 255};
  for (int i = 0; i < INPUTS; i++) idx[8 + i] = (uint8_t)(i * 7 % ROWS);
  write_bytes(p->labels, idx, sizeof idx);
  *state = p;
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  if (!p) return 0;
  remove_folder(p->folder);
  free(p);
  return 0;
}

static void run_with(place *p, int which, const char *threads, int write) {
  const char *args[12] = {"run", p->model, "--input", p->inputs, "--labels", p->labels, "--json"};
  int n = 7;
  if (threads) args[n++] = "--threads", args[n++] = threads;
  if (write) args[n++] = "-o", args[n++] = p->outputs[which];
  run_command(p->folder, args, &p->result[which]);
  if (p->result[which].exit_code != 0) fail_msg("%s", p->result[which].err);
}

static size_t read_output(const place *p, int which, char *bytes, size_t size) {
  FILE *f = fopen(p->outputs[which], "rb");
  assert_non_null(f);
  const size_t n = fread(bytes, 1, size, f);
  fclose(f);
  return n;
}

static void threads_change_no_byte(void **state) {
  place *p = *state;
  static const char *const threads[] = {NULL, "2", "3", "256"};
  static char bytes[2][NPY_HEADER + 2 * INPUTS * ROWS + 1];
  run_with(p, 0, "1", 1);
  const size_t n = read_output(p, 0, bytes[0], sizeof bytes[0]);
  assert_int_equal(n, NPY_HEADER + 2 * INPUTS * ROWS);
  for (int t = 0; t < 4; t++)
    for (int write = 0; write < 2; write++) {
      run_with(p, 1, threads[t], write);
      assert_string_equal(p->result[0].out, p->result[1].out);
      if (!write) continue;
      assert_int_equal(read_output(p, 1, bytes[1], sizeof bytes[1]), n);
      assert_memory_equal(bytes[0], bytes[1], n);
    }
}

static void few_inputs_give_what_many_give(void **state) {
  place *p = *state;
  static char bytes[2][NPY_HEADER + 2 * INPUTS * ROWS + 1];
  const char *const few[] = {"run", p->model, "--input",     p->inputs, "--limit",
                             "9",   "-o",     p->outputs[1], NULL};
  run_with(p, 0, NULL, 1);
  run_command(p->folder, few, &p->result[1]);
  assert_int_equal(p->result[1].exit_code, 0);
  read_output(p, 0, bytes[0], sizeof bytes[0]);
  assert_int_equal(read_output(p, 1, bytes[1], sizeof bytes[1]), NPY_HEADER + 2 * 9 * ROWS);
  assert_memory_equal(bytes[0] + NPY_HEADER, bytes[1] + NPY_HEADER, 2 * 9 * ROWS);
}

static void a_bad_number_of_threads_is_refused(void **state) {
  place *p = *state;
  static const char *const bad[] = {"0", "-1", "257", "two"};
  for (int i = 0; i < 4; i++) {
    const char *const args[] = {"run", p->model, "--input", p->inputs, "--threads", bad[i], NULL};
    run_command(p->folder, args, &p->result[0]);
    assert_int_equal(p->result[0].exit_code, 2);
    assert_non_null(strstr(p->result[0].err, "--threads"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_change_no_byte),
      cmocka_unit_test(few_inputs_give_what_many_give),
      cmocka_unit_test(a_bad_number_of_threads_is_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
