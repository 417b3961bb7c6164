// SPDX-License-Identifier: Apache-2.0
// The harness's end of the Icarus back end: exchanges records with the VPI module in vvp
// (icarus/icarus_link.h) and turns whatever ends the simulation into a sentence.
#include "device_icarus.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "device_icarus_vvp.h"
#include "icarus/icarus_link.h"

enum { MAX_READS = 64 };  // addresses of reads on the way; the RTL accepts fewer

typedef struct {
  icarus_vvp vvp;
  int waves;
  eie_event_fn *hear;  // NULL: nobody
  void *listener;
  const eie_probe *asked;  // the table that vvp has looked up
  uint32_t n_asked;
  int enough;        // it has heard enough in this cycle
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

static void note_death(icarus *s) {
  char why[500];
  icarus_vvp_epitaph(&s->vvp, why, sizeof why);
  fail(s, "%s", why);
}

static void note_hang(icarus *s) {
  icarus_vvp_kill(&s->vvp);
  fail(s, "vvp gave no sign of life for %d seconds after cycle %" PRIu64 ": time does not advance (a loop?)",
       s->patience, s->cycle);
}

// Tells the events of a cycle, and vvp whether its clock goes on. -1 when vvp does not listen.
static int tell(icarus *s, const eie_icarus_events *events) {
  for (uint32_t k = 0; k < events->count && s->hear; k++)
    s->enough |= s->hear(s->listener, &events->event[k]);
  if (events->more) return 0;
  const eie_icarus_verdict verdict = {.stop = s->enough != 0};
  s->enough = 0;
  return send(s->vvp.socket, &verdict, sizeof verdict, MSG_NOSIGNAL) == (ssize_t)sizeof verdict ? 0 : -1;
}

// The next message from vvp within the patience. 0, or -1 with the failure noted.
static int receive_any(icarus *s, eie_icarus_message *m) {
  struct pollfd p = {.fd = s->vvp.socket, .events = POLLIN};
  for (;;) {
    const int ready = poll(&p, 1, s->patience * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      note_hang(s);
      return -1;
    }
    const ssize_t n = ready < 0 ? -1 : recv(s->vvp.socket, m, sizeof *m, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n == (ssize_t)eie_icarus_size(m)) return 0;
    note_death(s);
    return -1;
  }
}

// The answer to a request, and the events that come before it.
static int receive(icarus *s, eie_icarus_answer *a) {
  eie_icarus_message m = {.answer = {.kind = EIE_ICARUS_DONE}};
  for (;;) {
    if (receive_any(s, &m)) return -1;
    if (m.answer.kind == EIE_ICARUS_ALIVE) continue;
    if (m.answer.kind != EIE_ICARUS_EVENTS) break;
    if (tell(s, &m.events)) {
      note_death(s);
      return -1;
    }
  }
  *a = m.answer;
  return 0;
}

static int send_record(icarus *s, const void *record, size_t size) {
  if (s->failure[0]) return -1;
  if (send(s->vvp.socket, record, size, MSG_NOSIGNAL) == (ssize_t)size) return 0;
  note_death(s);
  return -1;
}

static int exchange(icarus *s, const eie_icarus_request *r, eie_icarus_answer *a) {
  return send_record(s, r, sizeof *r) ? -1 : receive(s, a);
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

// The paths of a probe as a record. -1: one is too long.
static int name_signals(const eie_probe *probe, eie_icarus_names *names) {
  *names = (eie_icarus_names){{""}};
  for (int k = 0; k <= EIE_PROBE_VALUES; k++) {
    const char *path = k ? probe->value[k - 1] : probe->valid;
    if (!path) break;
    if (snprintf(names->path[k], EIE_ICARUS_PATH, "%s", path) >= EIE_ICARUS_PATH) return -1;
  }
  return 0;
}

static void explain_refusal(const eie_probe *probes, const eie_icarus_answer *a, char *why, size_t size) {
  const eie_probe *probe = &probes[a->edges / EIE_ICARUS_NAMES];
  const unsigned k = a->edges % EIE_ICARUS_NAMES;
  const char *path = k ? probe->value[k - 1] : probe->valid;
  snprintf(why, size,
           a->kind == EIE_ICARUS_NO_SIGNAL ? "the RTL in Icarus has no signal %s"
                                           : "signal %s has more than 64 bits",
           path);
}

// Has vvp look the signals up. -1 with a sentence in why[size].
static int find_signals(icarus *s, const eie_probe *probes, uint32_t count, char *why, size_t size) {
  eie_icarus_answer a = {.kind = EIE_ICARUS_DONE};
  eie_icarus_names names;
  const eie_icarus_request r = {.command = EIE_ICARUS_WATCH, .edges = count};
  for (uint32_t k = 0; k < count; k++) {
    if (name_signals(&probes[k], &names) == 0) continue;
    snprintf(why, size, "a path of probe %u is longer than %d bytes", k, EIE_ICARUS_PATH - 1);
    return -1;
  }
  send_record(s, &r, sizeof r);
  for (uint32_t k = 0; k < count; k++) {
    name_signals(&probes[k], &names);
    send_record(s, &names, sizeof names);
  }
  s->asked = NULL;
  if (s->failure[0] || receive(s, &a)) {
    snprintf(why, size, "%s", s->failure);
    return -1;
  }
  if (a.kind != EIE_ICARUS_DONE) {
    explain_refusal(probes, &a, why, size);
    return -1;
  }
  s->asked = probes;
  s->n_asked = count;
  return 0;
}

static int icarus_watch(void *sim, const eie_probe *probes, uint32_t count, eie_event_fn *hear, void *context,
                        char *why, size_t size) {
  icarus *s = sim;
  eie_icarus_answer a;
  eie_pins_out out;
  const eie_icarus_request r = {.command = count ? EIE_ICARUS_HEAR : EIE_ICARUS_DEAF};
  const eie_pins_in in = s->in;
  if (s->pending) icarus_settle(s, &in, &out);  // its events are those of the listener before
  s->hear = count ? hear : NULL;
  s->listener = context;
  if (count && (s->asked != probes || s->n_asked != count)) return find_signals(s, probes, count, why, size);
  if (exchange(s, &r, &a) == 0) return 0;
  snprintf(why, size, "%s", s->failure);
  return -1;
}

static void icarus_close(void *sim) {
  icarus *s = sim;
  icarus_vvp_close(&s->vvp);
  free(s);
}

static int patience_asked_for(void) {
  const char *text = getenv("EIE_ICARUS_PATIENCE");
  const int seconds = text ? atoi(text) : 0;
  return seconds > 0 && seconds < 1000000 ? seconds : 120;
}

int eie_icarus_open(const char *program, const char *vpi_dir, const char *wave, eie_pins *pins, char *why,
                    size_t size) {
  eie_icarus_answer ready;
  if (wave && strlen(wave) > 1000) {
    snprintf(why, size, "%.100s...: the path is too long", wave);
    return -1;
  }
  icarus *s = calloc(1, sizeof *s);
  if (!s) {
    snprintf(why, size, "no memory");
    return -1;
  }
  s->waves = wave != NULL;
  s->patience = patience_asked_for();
  if (icarus_vvp_start(&s->vvp, program, vpi_dir, wave))
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
                     .close = icarus_close,
                     .watch = icarus_watch};
  return 0;
}
