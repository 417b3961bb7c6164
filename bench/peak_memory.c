// SPDX-License-Identifier: Apache-2.0
// peak_memory NAME COMMAND [ARGUMENT ...]: runs a command, its output thrown away, and prints
// "NAME,SECONDS,MIB": time from start to end and the most memory that the command or any process it waited
// for had resident. Ends with the command's exit status (128 + signal when it was killed).
//
// A program of its own because the kernel's number for a child begins with the size of the process that
// forked it: this one is small.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// The child's side: only what may be called after a fork.
static void become(char **command) {
  int nothing = open("/dev/null", O_WRONLY);
  if (nothing >= 0) dup2(nothing, STDOUT_FILENO);
  execvp(command[0], command);
  _exit(127);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "peak_memory: give a name and a command\n");
    return 2;
  }
  const double began = now();
  const pid_t child = fork();
  if (child == 0) become(argv + 2);
  int status = 0;
  struct rusage usage;
  // getrusage of all children is that of the one child here, and is in POSIX where wait4 is not.
  if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage)) {
    fprintf(stderr, "peak_memory: %s: %s\n", argv[2], strerror(errno));
    return 2;
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code == 127) fprintf(stderr, "peak_memory: %s: exit status 127: is there such a program?\n", argv[2]);
  if (code == 0) printf("%s,%.2f,%.1f\n", argv[1], now() - began, (double)usage.ru_maxrss / 1024);
  return code;
}
