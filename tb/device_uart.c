// SPDX-License-Identifier: Apache-2.0
// Requests and replies over a serial port, one at a time. A frame that is not answered well is sent again
// with the same sequence number; the link does no write twice (rtl/eie_link.sv), so that is safe for START
// too.
#include "device_uart.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "link_frame.h"
#include "link_port.h"

enum {
  MAX_SENDS = 24,      // of one frame that is damaged again and again
  MAX_SILENT = 4,      // of which so many may go without any answer
  PATIENCE = 1000,     // ms for an answer, at least; more when such frames took long before
  GREETINGS = 4,       // frames at open
  GAP = 250,           // ms without a byte inside a reply
  CLOCKS_PER_BIT = 4,  // at least
  EXCHANGE_CLOCKS = LINK_EXCHANGE_BITS * CLOCKS_PER_BIT
};

typedef struct {
  eie_device base;
  int port;
  uint8_t sequence;
  int irq;
  uint32_t baud;
  double slowest;  // ms a byte, of the last exchanges
  eie_uart_counts counts;
  uint64_t strange;  // bytes that were no reply
  char path[300];
  uint8_t in[LINK_MAX_BYTES + 64];
  size_t held;  // bytes in it
} uart_device;

typedef enum { GOOD, REFUSED, DAMAGED, SILENT } answer;

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void drop(uart_device *u, size_t n) {
  u->held -= n;
  memmove(u->in, u->in + n, u->held);
}

// Everything that is still on its way, so that no late reply is taken for the next.
static eie_status drain(uart_device *u, eie_error *err) {
  uint8_t bytes[512];
  size_t n;
  u->held = 0;
  do {
    EIE_TRY(link_port_read(u->port, bytes, sizeof bytes, GAP / 10, &n, err));
    u->counts.bytes_in += n;
    u->strange += n;
  } while (n > 0);
  return EIE_OK;
}

// Tries what is held; more bytes are wanted when the outcome is LINK_MORE.
static link_outcome look(uart_device *u, const link_request *q, link_reply *r) {
  link_outcome outcome;
  size_t used;
  while ((outcome = link_decode(q, u->in, u->held, &used, r)) == LINK_DAMAGED) {
    drop(u, used);
    u->strange += used;
  }
  if (outcome != LINK_MORE) drop(u, used);
  return outcome;
}

static eie_status receive(uart_device *u, const link_request *q, int patience, link_reply *r, answer *what,
                          eie_error *err) {
  int any = 0;
  for (;;) {
    const link_outcome outcome = look(u, q, r);
    *what = outcome == LINK_GOOD ? GOOD : REFUSED;
    if (outcome != LINK_MORE) return EIE_OK;
    size_t n = 0;
    EIE_TRY(link_port_read(u->port, u->in + u->held, sizeof u->in - u->held, any ? GAP : patience, &n, err));
    u->held += n;
    u->counts.bytes_in += n;
    if (n > 0) {
      any = 1;
    } else if (u->held > 0) {  // what looked like the beginning of a reply was none
      drop(u, 1);
      u->strange++;
    } else {
      *what = any ? DAMAGED : SILENT;
      return EIE_OK;
    }
  }
}

// What the wire takes, and several times what the slowest of the last exchanges took for as many bytes: a
// simulated board may be slow, and a machine busy.
static int patience(const uart_device *u, size_t bytes, int silent) {
  const double wire = 1e4 * (double)bytes / u->baud, known = 8 * u->slowest * (double)bytes;
  double ms = known > PATIENCE ? known : PATIENCE;
  for (int k = 0; k < silent && k < 2; k++) ms *= 2;
  return (int)(wire + (ms < 20000 ? ms : 20000));
}

static eie_status gave_up(const uart_device *u, int sends, int silent, eie_error *err) {
  if (silent >= MAX_SILENT)
    return eie_fail(err, EIE_ERR_DEVICE,
                    "%s: the link died: a frame was sent %d times and %d times nothing came back "
                    "(%" PRIu64 " frames were answered before)",
                    u->path, sends, silent, u->counts.frames);
  return eie_fail(err, EIE_ERR_DEVICE,
                  "%s: a frame was sent %d times and not answered well once; the line is too noisy, or its "
                  "baud rate is not %u",
                  u->path, sends, u->baud);
}

static void note_pace(uart_device *u, double ms, size_t bytes) {
  const double pace = ms / (double)bytes;
  u->slowest *= 0.9;
  if (pace > u->slowest) u->slowest = pace;
}

static eie_status exchange(uart_device *u, link_request *q, link_reply *r, eie_error *err) {
  uint8_t bytes[LINK_MAX_BYTES];
  q->sequence = ++u->sequence;
  const size_t out = link_encode(q, bytes);
  const size_t both = out + LINK_REPLY_BYTES + (q->op == LINK_READ ? 4 * (size_t)q->count : 0);
  int silent = 0;
  for (int sends = 1; sends <= MAX_SENDS && silent < MAX_SILENT; sends++) {
    answer what = SILENT;
    const double began = now_ms();
    u->counts.repeated += sends > 1;
    u->counts.bytes_out += out;
    EIE_TRY(link_port_write(u->port, bytes, out, patience(u, out, 3), err));
    EIE_TRY(receive(u, q, patience(u, both, silent), r, &what, err));
    if (what == GOOD) {
      note_pace(u, now_ms() - began, both);
      u->counts.frames++;
      u->irq = r->irq;
      return EIE_OK;
    }
    silent += what == SILENT;
    EIE_TRY(drain(u, err));
  }
  return gave_up(u, MAX_SENDS, silent, err);
}

static eie_status status_frame(uart_device *u, eie_error *err) {
  link_request q = {.op = LINK_STATUS, .count = 1};
  link_reply r;
  return exchange(u, &q, &r, err);
}

// log2 of a stride that the link can step by; 0 for all words at one address; -1 for another stride.
static int step_of(uint32_t stride) {
  if (stride == 0) return 0;
  if (stride & (stride - 1) || stride < 2) return -1;
  int log2 = 0;
  while (stride >> log2 != 1) log2++;
  return log2;
}

static void note_response(eie_burst *burst, uint32_t at, const link_request *q, const link_reply *r) {
  if (r->resp == EIE_AXI_OKAY || burst->bad != burst->count) return;
  burst->bad = at + (r->bad < q->count ? r->bad : 0);
  burst->resp = r->resp;
}

static eie_status move(uart_device *u, link_op op, eie_burst *burst, eie_error *err) {
  const int step = step_of(burst->stride);
  const uint32_t most = step < 0 ? 1 : LINK_MAX_WORDS;
  burst->bad = burst->count;
  burst->resp = EIE_AXI_OKAY;
  for (uint32_t at = 0; at < burst->count;) {
    const uint32_t left = burst->count - at;
    link_request q = {.op = op,
                      .step = (uint8_t)(step < 0 ? 0 : step),
                      .address = burst->address + at * burst->stride,
                      .count = left < most ? left : most,
                      .data = burst->data + at};
    link_reply r;
    EIE_TRY(exchange(u, &q, &r, err));
    if (r.late)
      return eie_fail(err, EIE_ERR_DEVICE,
                      "the bus behind the link did not answer the accesses from address 0x%08x on in time",
                      q.address);
    note_response(burst, at, &q, &r);
    at += q.count;
  }
  return EIE_OK;
}

static eie_status uart_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  uart_device *u = (uart_device *)d;
  if (writes && writes->strobes != EIE_ALL_STROBES)
    return eie_fail(err, EIE_ERR_USE, "the link writes whole words; strobes 0x%x were asked for",
                    writes->strobes);
  if (writes) EIE_TRY(move(u, LINK_WRITE, writes, err));
  return reads ? move(u, LINK_READ, reads, err) : EIE_OK;
}

// At least `cycles` clocks: each frame takes EXCHANGE_CLOCKS or more.
static eie_status uart_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  uart_device *u = (uart_device *)d;
  for (uint64_t frames = cycles / EXCHANGE_CLOCKS + 1; frames > 0; frames--) {
    EIE_TRY(status_frame(u, err));
    if (until_irq && u->irq) return EIE_OK;
  }
  if (!until_irq) return EIE_OK;
  return eie_fail(err, EIE_ERR_DEVICE, "irq_o did not rise within %" PRIu64 " cycles and more", cycles);
}

static eie_status uart_reset(eie_device *d, eie_error *err) {
  link_request q = {.op = LINK_RESET, .count = 1};
  link_reply r;
  return exchange((uart_device *)d, &q, &r, err);
}

static int uart_irq(eie_device *d) {
  return ((uart_device *)d)->irq;
}

static uint64_t uart_cycles(eie_device *d) {
  (void)d;
  return 0;
}

static eie_status uart_trace(eie_device *d, int on, eie_error *err) {
  (void)d, (void)on;
  return eie_fail(err, EIE_ERR_USE, "a board behind a serial port has no waves");
}

static void uart_close(eie_device *d) {
  uart_device *u = (uart_device *)d;
  close(u->port);
  free(u);
}

static const eie_device_ops uart_ops = {uart_reset,  uart_run,   uart_transfer, uart_irq,
                                        uart_cycles, uart_trace, uart_close};

// Nothing answered as the link does. `echo`: the bytes that came were those that went.
static eie_status nobody(const uart_device *u, uint64_t came, int echo, eie_error *err) {
  if (came == 0)
    return eie_fail(err, EIE_ERR_DEVICE,
                    "%s: nothing answers at %u baud; is the board configured, and is this its port and rate?",
                    u->path, u->baud);
  if (echo)
    return eie_fail(err, EIE_ERR_DEVICE, "%s: what is sent comes back; there is a loop, not a board",
                    u->path);
  return eie_fail(err, EIE_ERR_DEVICE,
                  "%s: %" PRIu64
                  " bytes came at %u baud, but no frame of the link; another device, or "
                  "another baud rate",
                  u->path, came, u->baud);
}

// Everything that comes within PATIENCE, up to a good reply to q.
static eie_status listen(uart_device *u, const link_request *q, link_reply *r, uint8_t *bytes, size_t size,
                         size_t *n, int *good, eie_error *err) {
  size_t some = 1, used;
  *n = 0;
  *good = 0;
  while (some > 0 && *n < size && !*good) {
    EIE_TRY(link_port_read(u->port, bytes + *n, size - *n, *n ? GAP : PATIENCE, &some, err));
    *n += some;
    for (size_t at = 0; at < *n && !*good; at++)
      *good = link_decode(q, bytes + at, *n - at, &used, r) == LINK_GOOD;
  }
  u->counts.bytes_in += *n;
  return EIE_OK;
}

// A status frame, and a look at everything that comes, so that what is there can be named.
static eie_status greet(uart_device *u, eie_error *err) {
  uint8_t out[LINK_MAX_BYTES], in[256];
  uint64_t came = 0;
  int echoes = 0;
  EIE_TRY(drain(u, err));
  for (int k = 0; k < GREETINGS; k++) {
    link_request q = {.op = LINK_STATUS, .sequence = ++u->sequence, .count = 1};
    link_reply r;
    size_t n;
    int good;
    const size_t length = link_encode(&q, out);
    EIE_TRY(link_port_write(u->port, out, length, PATIENCE, err));
    u->counts.bytes_out += length;
    EIE_TRY(listen(u, &q, &r, in, sizeof in, &n, &good, err));
    if (good && r.version != LINK_VERSION)
      return eie_fail(err, EIE_ERR_DEVICE, "%s: the link has protocol version %u, this program knows %d",
                      u->path, r.version, LINK_VERSION);
    if (good) return EIE_OK;
    came += n;
    echoes += n == length && memcmp(in, out, n) == 0;
    EIE_TRY(drain(u, err));
  }
  return nobody(u, came, echoes == GREETINGS, err);
}

const char *eie_device_uart_port(const char *engine) {
  return strncmp(engine, "uart:", 5) == 0 ? engine + 5 : NULL;
}

int eie_device_uart_counts(const eie_device *device, eie_uart_counts *counts) {
  if (device->ops != &uart_ops) return -1;
  *counts = ((const uart_device *)device)->counts;
  return 0;
}

eie_status eie_device_open_uart(const char *port, eie_device **device, eie_error *err) {
  uart_device *u = calloc(1, sizeof *u);
  if (!u) return eie_fail(err, EIE_ERR_MEMORY, "out of memory for a device");
  u->base.ops = &uart_ops;
  u->sequence = (uint8_t)(now_ms() / 7);
  eie_status status = link_port_name(port, u->path, sizeof u->path, &u->baud, err);
  if (!status) status = link_port_open(u->path, u->baud, &u->port, err);
  if (status) {
    free(u);
    return status;
  }
  status = greet(u, err);
  if (!status) status = uart_reset(&u->base, err);
  if (status)
    uart_close(&u->base);
  else
    *device = &u->base;
  return status;
}
