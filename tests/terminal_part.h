// SPDX-License-Identifier: Apache-2.0
// For tests: build/tests/board_sim as a child, and the path of its pseudo-terminal.
#ifndef EIE_TERMINAL_PART_H
#define EIE_TERMINAL_PART_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  pid_t pid;
  int leash;  // closed, it ends
  char engine[80];
} terminal;

// Starts it with a NULL-terminated list of arguments.
static inline void terminal_open(terminal *t, const char *const *args) {
  int in[2], out[2];
  const char *argv[24] = {"build/tests/board_sim"};
  for (int k = 0; k < 22 && args[k]; k++) argv[k + 1] = args[k];
  if (pipe(in) || pipe(out)) fail_msg("no pipe");
  fflush(NULL);
  t->pid = fork();
  if (t->pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    close(in[1]);
    close(out[0]);
    execv(argv[0], (char *const *)argv);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  t->leash = in[1];
  char path[60] = "";
  size_t n = 0;
  while (n + 1 < sizeof path && read(out[0], path + n, 1) == 1 && path[n] != '\n') n++;
  path[n] = 0;
  close(out[0]);
  if (n == 0) fail_msg("%s did not start", argv[0]);
  snprintf(t->engine, sizeof t->engine, "uart:%s", path);
}
#define TERMINAL_OPEN(t, ...) terminal_open(t, (const char *const[]){__VA_ARGS__, NULL})

// Ends it; its exit status must be 0.
static inline void terminal_close(terminal *t) {
  int status = -1;
  close(t->leash);
  if (waitpid(t->pid, &status, 0) != t->pid || status != 0)
    fail_msg("board_sim ended with status %d", status);
}

#endif
