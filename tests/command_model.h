// SPDX-License-Identifier: Apache-2.0
// A small model, inputs for it and its packed directory (configuration tiny) in a folder of their own, made
// by the command itself, for tests of the subcommands that run models.
#ifndef COMMAND_MODEL_H
#define COMMAND_MODEL_H

#include "command.h"

static char folder[256], model[300], input[300], packed[300];
static command_result result;

// 0, or the exit code of the command that failed.
static int make_model(const char *rows, const char *count) {
  make_folder(folder, sizeof folder);
  snprintf(model, sizeof model, "%s/m.safetensors", folder);
  snprintf(input, sizeof input, "%s/x.npy", folder);
  snprintf(packed, sizeof packed, "%s/packed", folder);
  const char *const gen[] = {"gen",           "--rows", rows,     "--cols", "50",      "--density", "0.2",
                             "--act-density", "0.5",    "--seed", "3",      "--count", count,       "-o",
                             model,           "-x",     input,    NULL};
  const char *const pack[] = {"pack", model, "--config", "tiny", "-o", packed, NULL};
  run_command(folder, gen, &result);
  if (result.exit_code == 0) run_command(folder, pack, &result);
  return result.exit_code;
}

static int remove_files(void **state) {
  (void)state;
  remove_folder(folder);
  return 0;
}

// Runs eie ARGUMENTS; `word` must stand in what it printed (stdout after exit code 0, else stderr).
static void expect_exit(const char *const *args, int code, const char *word) {
  run_command(folder, args, &result);
  if (result.exit_code != code) fail_msg("exit %d: %s", result.exit_code, result.err);
  if (word && !strstr(code ? result.err : result.out, word))
    fail_msg("no '%s' in: %s%s", word, result.out, result.err);
}
#define EXPECT_EXIT(code, word, ...) expect_exit((const char *const[]){__VA_ARGS__, NULL}, code, word)

#endif
