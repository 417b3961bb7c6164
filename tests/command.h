// SPDX-License-Identifier: Apache-2.0
// For tests: a folder of their own, files in it, and the command `eie` run as a person would run it.
#ifndef COMMAND_H
#define COMMAND_H

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMAND_MAX_ARGS = 40, COMMAND_TEXT = 1 << 16 };

typedef struct {
  int exit_code;           // -1: ended by a signal
  char out[COMMAND_TEXT];  // what it printed, cut
  char err[COMMAND_TEXT];
} command_result;

// Ends the test program: something that has nothing to do with the tested code went wrong.
static inline void command_give_up(const char *what) {
  perror(what);
  exit(1);
}

// A new folder under build/tmp.
static inline void make_folder(char *path, size_t size) {
  mkdir("build", 0777);
  mkdir("build/tmp", 0777);
  if ((size_t)snprintf(path, size, "build/tmp/test.XXXXXX") >= size || !mkdtemp(path))
    command_give_up("mkdtemp");
}

// Removes a folder with all that is in it.
static inline void remove_folder(const char *path) {
  DIR *dir = opendir(path);
  for (struct dirent *e; dir && (e = readdir(dir));) {
    char name[1024];
    struct stat st;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    if ((size_t)snprintf(name, sizeof name, "%s/%s", path, e->d_name) >= sizeof name) command_give_up(path);
    if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
      remove_folder(name);
    else
      unlink(name);
  }
  if (dir) closedir(dir);
  rmdir(path);
}

static inline void write_bytes(const char *path, const void *bytes, size_t size) {
  unlink(path);  // some file systems flush a file that is truncated and written again: slow in a loop
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0) command_give_up(path);
}

static inline void read_text(const char *path, char *text, size_t size) {
  FILE *f = fopen(path, "rb");
  if (!f) command_give_up(path);
  size_t n = fread(text, 1, size - 1, f);
  text[n] = 0;
  fclose(f);
}

// The command under test: $EIE, or the sanitized build.
static inline const char *command_program(void) {
  const char *own = getenv("EIE");
  return own && *own ? own : "build/sanitize/eie";
}

// Runs it with a NULL-terminated list of arguments; its output goes through files in `folder`.
static inline void run_command(const char *folder, const char *const *args, command_result *result) {
  char out[1024], err[1024];
  const char *argv[COMMAND_MAX_ARGS + 2] = {command_program()};
  for (int i = 0; i < COMMAND_MAX_ARGS && args[i]; i++) argv[i + 1] = args[i];
  snprintf(out, sizeof out, "%s.stdout", folder);
  snprintf(err, sizeof err, "%s.stderr", folder);
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0) command_give_up("fork");
  if (pid == 0) {
    if (!freopen(out, "wb", stdout) || !freopen(err, "wb", stderr) || !freopen("/dev/null", "rb", stdin))
      _exit(126);
    execv(argv[0], (char *const *)argv);
    _exit(127);
  }
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) command_give_up("waitpid");
  result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  read_text(out, result->out, sizeof result->out);
  read_text(err, result->err, sizeof result->err);
  unlink(out);
  unlink(err);
}

#endif
