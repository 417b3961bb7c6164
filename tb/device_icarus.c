// SPDX-License-Identifier: Apache-2.0
// The harness's end of the Icarus back end: starts vvp, exchanges records with the VPI module in it
// (icarus/icarus_link.h), and turns whatever ends the simulation into a sentence.
#include "device_icarus.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "icarus/icarus_link.h"

enum { MAX_READS = 64 };  // addresses of reads on the way; the RTL accepts fewer

typedef struct {
  pid_t child;
  int socket, waves;
  FILE *printed;     // what vvp and the RTL print
  int patience;      // seconds without a sign of life
  uint64_t cycle;    // rising edges so far
  uint64_t pending;  // edges that were asked for and go out with the next settle
  eie_pins_in in;
  eie_pins_out out;
  uint32_t reads[MAX_READS], n_reads;  // addresses accepted and not answered, oldest first
  char failure[700];
} icarus;

static void fail(icarus *s, const char *format, ...) {
  va_list args;
  if (s->failure[0]) return;
  va_start(args, format);
  vsnprintf(s->failure, sizeof s->failure, format, args);
  va_end(args);
}

// What was printed, in one line: from the first FATAL or ERROR on, else the last part.
static void last_words(icarus *s, char *text, size_t size) {
  char printed[4096] = "";
  text[0] = 0;
  if (fseek(s->printed, 0, SEEK_END)) return;
  const long end = ftell(s->printed), room = (long)sizeof printed - 1;
  if (fseek(s->printed, end > room ? end - room : 0, SEEK_SET)) return;
  const size_t n = fread(printed, 1, sizeof printed - 1, s->printed);
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

// Waits until the child has ended, a minute at most (it may be writing waves), then ends it.
static int reap(icarus *s) {
  int status = 0;
  const struct timespec nap = {0, 2000000};
  if (s->child <= 0) return 0;
  for (int k = 0; k < 30000; k++) {
    const pid_t ended = waitpid(s->child, &status, WNOHANG);
    if (ended == s->child || (ended < 0 && errno != EINTR)) {
      s->child = 0;
      return status;
    }
    nanosleep(&nap, NULL);
  }
  kill(s->child, SIGKILL);
  while (waitpid(s->child, &status, 0) < 0 && errno == EINTR) continue;
  s->child = 0;
  return status;
}

static void hang_up(icarus *s) {
  if (s->socket >= 0) close(s->socket);
  s->socket = -1;
}

static void note_death(icarus *s) {
  char words[400];
  hang_up(s);
  const int status = reap(s);
  last_words(s, words, sizeof words);
  if (WIFSIGNALED(status))
    fail(s, "vvp was ended by signal %d: %s", WTERMSIG(status), words[0] ? words : "it printed nothing");
  else if (WEXITSTATUS(status) == 127)
    fail(s, "vvp could not be started (Debian package iverilog)");
  else
    fail(s, "vvp ended by itself with exit status %d: %s", WEXITSTATUS(status),
         words[0] ? words : "it printed nothing");
}

static void note_hang(icarus *s) {
  kill(s->child, SIGKILL);
  hang_up(s);
  reap(s);
  fail(s, "vvp gave no sign of life for %d seconds after cycle %" PRIu64 ": time does not advance (a loop?)",
       s->patience, s->cycle);
}

// One record from vvp within the patience. 0, or -1 with the failure noted.
static int receive(icarus *s, eie_icarus_answer *a) {
  struct pollfd p = {.fd = s->socket, .events = POLLIN};
  for (;;) {
    const int ready = poll(&p, 1, s->patience * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      note_hang(s);
      return -1;
    }
    const ssize_t n = ready < 0 ? -1 : recv(s->socket, a, sizeof *a, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n != (ssize_t)sizeof *a) {
      note_death(s);
      return -1;
    }
    if (a->kind != EIE_ICARUS_ALIVE) return 0;
  }
}

static int exchange(icarus *s, const eie_icarus_request *r, eie_icarus_answer *a) {
  if (s->failure[0]) return -1;
  if (send(s->socket, r, sizeof *r, MSG_NOSIGNAL) != (ssize_t)sizeof *r) {
    note_death(s);
    return -1;
  }
  return receive(s, a);
}

// "1x0z" of a pin, or hexadecimal digits where a pin has four bits or more; a mixed digit is X.
static void print_bits(const eie_icarus_bits *b, unsigned width, char *text) {
  const unsigned step = width >= 4 ? 4 : 1, mask = (1u << step) - 1;
  for (unsigned at = width; at; at -= step) {
    const unsigned value = b->value >> (at - step) & mask, unknown = b->unknown >> (at - step) & mask;
    *text++ = !unknown ? "0123456789abcdef"[value] : unknown == mask && !value ? 'z' : 'x';
  }
  *text = 0;
}

static void note_unknown(icarus *s, const eie_icarus_answer *a) {
  static const struct {
    const char *name, *valid;
    unsigned bits;
  } pins[] = {
#define EIE_PIN(name, bits, valid) {#name, #valid, bits},
      EIE_ICARUS_OUTPUTS(EIE_PIN)
#undef EIE_PIN
  };
  char bits[40], where[80] = "";
  const unsigned k = eie_icarus_first_unknown(a->out);
  if (k == EIE_ICARUS_N_OUTPUTS) {
    fail(s, "vvp said X without showing one at cycle %" PRIu64, s->cycle);
    return;
  }
  print_bits(&a->out[k], pins[k].bits, bits);
  if (k == EIE_ICARUS_rdata || k == EIE_ICARUS_rresp)
    snprintf(where, sizeof where, s->n_reads ? ", in answer to the read of address 0x%08x" : ", to no read",
             s->reads[0]);
  fail(s, "X-strict: %s%s%s is %u'%s%s (bits 0x%x are X or Z) at cycle %" PRIu64 "%s",
       k == EIE_ICARUS_irq ? "" : "axil_", pins[k].name, "_o", pins[k].bits, pins[k].bits >= 4 ? "h" : "b",
       bits, a->out[k].unknown, s->cycle, where);
}

// Reads that the coming edge accepts and answers.
static void count_reads(icarus *s) {
  if (s->out.rvalid && s->in.rready && s->n_reads)
    memmove(s->reads, s->reads + 1, --s->n_reads * sizeof *s->reads);
  if (s->in.arvalid && s->out.arready && s->n_reads < MAX_READS) s->reads[s->n_reads++] = s->in.araddr;
}

static void take_outputs(icarus *s, const eie_icarus_answer *a) {
#define EIE_TAKE(name, bits, valid) \
  s->out.name =                     \
      (__typeof__(s->out.name))(a->out[EIE_ICARUS_##name].value & ~a->out[EIE_ICARUS_##name].unknown);
  EIE_ICARUS_OUTPUTS(EIE_TAKE)
#undef EIE_TAKE
}

// Clocks `edges`, then applies `in` and settles. *done gets the edges that there were.
static int step(icarus *s, uint64_t edges, int until_irq, const eie_pins_in *in, uint64_t *done) {
  const eie_icarus_request r = {
      .command = EIE_ICARUS_STEP, .edges = edges, .until_irq = until_irq != 0, .in = *in};
  eie_icarus_answer a;
  *done = 0;
  if (exchange(s, &r, &a)) return -1;
  *done = a.edges;
  s->cycle += a.edges;
  if (a.kind == EIE_ICARUS_UNKNOWN) {
    note_unknown(s, &a);
    return -1;
  }
  take_outputs(s, &a);
  s->in = *in;
  return 0;
}

static int icarus_settle(void *sim, const eie_pins_in *in, eie_pins_out *out) {
  icarus *s = sim;
  uint64_t done;
  const uint64_t edges = s->pending;
  s->pending = 0;
  if (step(s, edges, 0, in, &done)) return -1;
  *out = s->out;
  return 0;
}

// A single edge goes out with the settle that follows it: one exchange a cycle in place of two.
static uint64_t icarus_run(void *sim, uint64_t cycles, int until_irq) {
  icarus *s = sim;
  uint64_t done = 0;
  const eie_pins_in in = s->in;
  eie_pins_out out;
  if (s->failure[0] || cycles == 0) return 0;
  if (s->pending && icarus_settle(s, &in, &out)) return 0;
  count_reads(s);
  if (cycles == 1 && !until_irq) {
    s->pending = 1;
    return 1;
  }
  step(s, cycles, until_irq, &in, &done);
  return done;
}

static const char *icarus_failure(void *sim) {
  icarus *s = sim;
  return s->failure[0] ? s->failure : NULL;
}

static int icarus_trace(void *sim, int on) {
  icarus *s = sim;
  eie_icarus_answer a;
  eie_pins_out out;
  const eie_icarus_request r = {.command = on ? EIE_ICARUS_TRACE_ON : EIE_ICARUS_TRACE_OFF};
  const eie_pins_in in = s->in;
  if (!s->waves || (s->pending && icarus_settle(s, &in, &out))) return -1;
  return exchange(s, &r, &a);
}

static void icarus_close(void *sim) {
  icarus *s = sim;
  hang_up(s);
  reap(s);
  fclose(s->printed);
  free(s);
}

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

static int start(icarus *s, const char *program, const char *vpi_dir, const char *wave) {
  char plus_wave[1100];
  snprintf(plus_wave, sizeof plus_wave, "+wave=%s", wave ? wave : "");
  const char *argv[] = {"vvp",   "-N",        "-M",   vpi_dir,   "-m", "eie",
                        program, "+eie_fd=3", "-fst", plus_wave, NULL};
  if (!wave) argv[8] = NULL;
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -1;
  const pid_t parent = getpid();
  fflush(NULL);
  s->child = fork();
  if (s->child == 0) become_vvp(pair[1], fileno(s->printed), parent, (char *const *)argv);
  close(pair[1]);
  s->socket = pair[0];
  return s->child < 0 ? -1 : 0;
}

static int wave_can_be_written(const char *wave) {
  FILE *f = fopen(wave, "wb");
  return f && fclose(f) == 0;
}

static int patience_asked_for(void) {
  const char *text = getenv("EIE_ICARUS_PATIENCE");
  const int seconds = text ? atoi(text) : 0;
  return seconds > 0 && seconds < 1000000 ? seconds : 120;
}

int eie_icarus_open(const char *program, const char *vpi_dir, const char *wave, eie_pins *pins, char *why,
                    size_t size) {
  eie_icarus_answer ready;
  icarus *s = calloc(1, sizeof *s);
  if (wave && (strlen(wave) > 1000 || !wave_can_be_written(wave))) {
    snprintf(why, size, "%.400s: cannot be written", wave);
    free(s);
    return -1;
  }
  if (!s || !(s->printed = tmpfile())) {
    snprintf(why, size, "no memory, or no temporary file: %s", strerror(errno));
    free(s);
    return -1;
  }
  s->socket = -1;
  s->waves = wave != NULL;
  s->patience = patience_asked_for();
  if (start(s, program, vpi_dir, wave))
    fail(s, "vvp could not be started: %s", strerror(errno));
  else
    receive(s, &ready);
  if (s->failure[0]) {
    snprintf(why, size, "%s", s->failure);
    icarus_close(s);
    return -1;
  }
  *pins = (eie_pins){.sim = s,
                     .settle = icarus_settle,
                     .run = icarus_run,
                     .failure = icarus_failure,
                     .trace = icarus_trace,
                     .close = icarus_close};
  return 0;
}
