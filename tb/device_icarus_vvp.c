// SPDX-License-Identifier: Apache-2.0
// The child process in which Icarus's vvp runs.
#include "device_icarus_vvp.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// In the child: the socket is 3, what is printed goes to the file; the end of the harness ends it too,
// also when time does not advance and it cannot notice the end of the socket.
static void become_vvp(int fd, int printed, pid_t parent, char *const *argv) {
  const int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, 0) < 0 || dup2(printed, 1) < 0 || dup2(printed, 2) < 0) _exit(126);
  if (fd == 3 ? fcntl(fd, F_SETFD, 0) < 0 : dup2(fd, 3) < 0) _exit(126);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) _exit(126);
  execvp(argv[0], argv);
  _exit(127);
}

int icarus_vvp_start(icarus_vvp *v, const char *program, const char *vpi_dir, const char *wave) {
  char plus_wave[1100];
  snprintf(plus_wave, sizeof plus_wave, "+wave=%s", wave ? wave : "");
  const char *argv[] = {"vvp",   "-N",        "-M",   vpi_dir,   "-m", "eie",
                        program, "+eie_fd=3", "-fst", plus_wave, NULL};
  if (!wave) argv[8] = NULL;
  int pair[2];
  *v = (icarus_vvp){.socket = -1, .printed = tmpfile()};
  if (!v->printed || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -1;
  const pid_t parent = getpid();
  fflush(NULL);
  v->child = fork();
  if (v->child == 0) become_vvp(pair[1], fileno(v->printed), parent, (char *const *)argv);
  close(pair[1]);
  v->socket = pair[0];
  return v->child < 0 ? -1 : 0;
}

static void hang_up(icarus_vvp *v) {
  if (v->socket >= 0) close(v->socket);
  v->socket = -1;
}

// Waits until the child has ended, a minute at most (it may be writing waves), then ends it.
static int reap(icarus_vvp *v) {
  int status = 0;
  const struct timespec nap = {0, 2000000};
  if (v->child <= 0) return 0;
  for (int k = 0; k < 30000; k++) {
    const pid_t ended = waitpid(v->child, &status, WNOHANG);
    if (ended == v->child || (ended < 0 && errno != EINTR)) {
      v->child = 0;
      return status;
    }
    nanosleep(&nap, NULL);
  }
  kill(v->child, SIGKILL);
  while (waitpid(v->child, &status, 0) < 0 && errno == EINTR) continue;
  v->child = 0;
  return status;
}

void icarus_vvp_close(icarus_vvp *v) {
  hang_up(v);
  reap(v);
  if (v->printed) fclose(v->printed);
  v->printed = NULL;
}

void icarus_vvp_kill(icarus_vvp *v) {
  if (v->child > 0) kill(v->child, SIGKILL);
  hang_up(v);
  reap(v);
}

// What was printed, in one line: from the first FATAL or ERROR on, else the last part.
static void last_words(icarus_vvp *v, char *text, size_t size) {
  char printed[4096] = "";
  text[0] = 0;
  if (fseek(v->printed, 0, SEEK_END)) return;
  const long end = ftell(v->printed), room = (long)sizeof printed - 1;
  if (fseek(v->printed, end > room ? end - room : 0, SEEK_SET)) return;
  const size_t n = fread(printed, 1, sizeof printed - 1, v->printed);
  printed[n] = 0;
  const char *from = strstr(printed, "FATAL: ");
  if (!from) from = strstr(printed, "ERROR: ");
  if (!from) from = n > size - 1 ? printed + n - (size - 1) : printed;
  size_t length = (size_t)snprintf(text, size, "%s", from);
  if (length > size - 1) length = size - 1;
  for (size_t k = 0; k < length; k++)
    if (text[k] == '\n') text[k] = ' ';
  while (length && text[length - 1] == ' ') text[--length] = 0;
}

void icarus_vvp_epitaph(icarus_vvp *v, char *why, size_t size) {
  char words[400];
  hang_up(v);
  const int status = reap(v);
  last_words(v, words, sizeof words);
  const char *said = words[0] ? words : "it printed nothing";
  if (WIFSIGNALED(status))
    snprintf(why, size, "vvp was ended by signal %d: %s", WTERMSIG(status), said);
  else if (WEXITSTATUS(status) == 127)
    snprintf(why, size, "vvp could not be started (Debian package iverilog)");
  else
    snprintf(why, size, "vvp ended by itself with exit status %d: %s", WEXITSTATUS(status), said);
}
