// SPDX-License-Identifier: Apache-2.0
// Bad files and bad command lines: each gives one sentence on stderr, exit code 2, nothing on stdout,
// no file that was not there, no report of the sanitizers. The command is $EIE or build/sanitize/eie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>

#include "bad_cases.h"

enum { N_CASES = sizeof bad_cases / sizeof bad_cases[0], MAX_NAMES = 64 };

// The names in a folder, sorted, one a line.
static void list_folder(const char *folder, char *text, size_t size) {
  struct dirent **entries = NULL;
  int n = scandir(folder, &entries, NULL, alphasort);
  size_t used = 0;
  text[0] = 0;
  for (int i = 0; i < n; i++) {
    used += (size_t)snprintf(text + used, used < size ? size - used : 0, "%s\n", entries[i]->d_name);
    free(entries[i]);
  }
  free(entries);
  assert_true(used < size);
}

// Splits the words of a case's command.
static void split(const char *command, const char *folder, char *room, size_t size, const char **args) {
  int n = 0;
  size_t used = 0;
  while (*command && n < COMMAND_MAX_ARGS) {
    size_t length = strcspn(command, " ");
    int empty = length == 2 && memcmp(command, "''", 2) == 0, own = command[0] == '@';
    args[n++] = room + used;
    used += 1 + (size_t)snprintf(room + used, size - used, "%s%s%.*s", own ? folder : "", own ? "/" : "",
                                 empty ? 0 : (int)length - own, command + own);
    assert_true(used < size);
    command += length + strspn(command + length, " ");
  }
  args[n] = NULL;
}

static void check_sentence(const bad_case *c, const command_result *r) {
  const char *end = strchr(r->err, '\n');
  if (r->exit_code != 2) fail_msg("exit code %d\n%s", r->exit_code, r->err);
  if (!end || end[1]) fail_msg("stderr is not one line:\n%s", r->err);
  if (strncmp(r->err, "eie", 3) != 0 || strlen(r->err) < 25) fail_msg("not a sentence: %s", r->err);
  if (!strstr(r->err, c->want)) fail_msg("\"%s\" is not in: %s", c->want, r->err);
  if (r->out[0]) fail_msg("stdout is not empty:\n%s", r->out);
}

static void refuse(void **state) {
  const bad_case *c = *state;
  static command_result result;
  static char before[4096], after[4096], room[4096];
  const char *args[COMMAND_MAX_ARGS + 1];
  char folder[256];
  make_folder(folder, sizeof folder);
  make_good_files(folder);
  c->make(c, folder);
  split(c->command, folder, room, sizeof room, args);
  list_folder(folder, before, sizeof before);
  run_command(folder, args, &result);
  list_folder(folder, after, sizeof after);
  remove_folder(folder);
  check_sentence(c, &result);
  assert_string_equal(before, after);
}

// The same files, unharmed: what the cases above refuse is the damage.
static void accept(void **state) {
  static const char *const commands[] = {"run @m.safetensors --input @x.npy --labels @y.npy -o @out.npy",
                                         "run @m.safetensors --input @x.idx --labels @y.idx",
                                         "run @m.safetensors --input @x.idx.gz --limit 1 --json",
                                         "pack @m.safetensors --config @good.cfg -o @packed",
                                         "info @packed",
                                         "info @m.safetensors",
                                         "info @good.cfg",
                                         GEN "-o @out -x @out2.npy"};
  (void)state;
  static command_result result;
  static char room[4096];
  const char *args[COMMAND_MAX_ARGS + 1];
  char folder[256];
  make_folder(folder, sizeof folder);
  make_good_files(folder);
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    split(commands[i], folder, room, sizeof room, args);
    run_command(folder, args, &result);
    if (result.exit_code != 0 || result.err[0])
      fail_msg("%s: %d %s", commands[i], result.exit_code, result.err);
    assert_true(strlen(result.out) > 0 || strncmp(commands[i], "gen", 3) == 0);
  }
  remove_folder(folder);
}

int main(void) {
  static struct CMUnitTest tests[N_CASES + 1];
  for (int i = 0; i < N_CASES; i++)
    tests[i] = (struct CMUnitTest){
        .name = bad_cases[i].name, .test_func = refuse, .initial_state = (void *)&bad_cases[i]};
  tests[N_CASES] = (struct CMUnitTest){.name = "the unharmed files are accepted", .test_func = accept};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
