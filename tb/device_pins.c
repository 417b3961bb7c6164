// SPDX-License-Identifier: Apache-2.0
// The AXI4-Lite master, cycle by cycle: each turn sets the inputs, lets them settle, sees which
// channels fire and clocks once. Without stalls each channel moves one beat a cycle; with a stall seed
// each beat of each channel waits a random while, so that AW comes before W and W before AW. The rules
// of docs/handshake.md that a slave must keep are checked on the way.
#include "device_pins.h"

#include <inttypes.h>
#include <stdlib.h>

typedef enum { CH_AW, CH_W, CH_B, CH_AR, CH_R, CHANNELS } channel;

typedef struct {
  eie_device base;
  eie_pins pins;
  eie_pins_in in;
  eie_pins_out out;
  void (*unload)(void *library);
  void *library;
  uint64_t cycle, patience;
  uint64_t wave_from, wave_to, halt;  // 0: from the start, never
  int waving, heard_enough, deaf;
  const eie_watch *watch;
  uint64_t random;           // 0: no stalls
  uint32_t delay[CHANNELS];  // cycles that a channel's next beat still waits
} pins_device;

// One transfer in flight: how many beats of each channel have fired.
typedef struct {
  eie_burst *writes, *reads;
  uint32_t n_writes, n_reads;
  uint32_t fired[CHANNELS];
} progress;

static uint64_t next_random(uint64_t *state) {  // xorshift64*
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 0x2545F4914F6CDD1Du;
}

static eie_status dead(pins_device *p, eie_error *err) {
  const char *why = p->pins.failure(p->pins.sim);
  return eie_fail(err, EIE_ERR_DEVICE, "the simulation stopped at cycle %" PRIu64 ": %s", p->cycle,
                  why ? why : "no reason given");
}

static eie_status settle(pins_device *p, eie_error *err) {
  return p->pins.settle(p->pins.sim, &p->in, &p->out) ? dead(p, err) : EIE_OK;
}

static int hear(void *context, const eie_event *event) {
  pins_device *p = context;
  if (!p->heard_enough) p->heard_enough = p->watch->tell(p->watch->context, event);
  return p->heard_enough;
}

// Starts and stops the telling as the listener wants it.
static eie_status listen(pins_device *p, eie_error *err) {
  char why[400] = "";
  if (!p->watch || p->watch->deaf == p->deaf) return EIE_OK;
  p->deaf = p->watch->deaf;
  if (!p->pins.watch) return eie_fail(err, EIE_ERR_USE, "this simulator cannot be watched");
  if (p->pins.watch(p->pins.sim, p->watch->probes, p->deaf ? 0 : p->watch->count, hear, p, why, sizeof why))
    return eie_fail(err, EIE_ERR_DEVICE, "%s", why);
  return EIE_OK;
}

static eie_status halted(const pins_device *p, eie_error *err) {
  return eie_fail(err, EIE_ERR_DEVICE, "the clock was stopped behind cycle %" PRIu64 " by %s", p->cycle,
                  p->heard_enough ? "who watches" : "request");
}

// How many of `cycles` edges may come at once: none of the limits lies between them. Behind edge
// wave_from - 1 waves begin, so that edge wave_from is the first in them.
static eie_status until_limit(pins_device *p, uint64_t cycles, uint64_t *some, eie_error *err) {
  const uint64_t begin = p->wave_from ? p->wave_from - 1 : 0;
  if (p->heard_enough || (p->halt && p->cycle >= p->halt)) return halted(p, err);
  if (p->wave_from || p->wave_to) {
    const int on = p->cycle >= begin && (!p->wave_to || p->cycle < p->wave_to);
    if (on != p->waving && p->pins.trace(p->pins.sim, on))
      return eie_fail(err, EIE_ERR_USE, "this simulation was not opened with a wave file");
    p->waving = on;
  }
  const uint64_t limits[] = {begin, p->wave_to, p->halt};
  *some = cycles;
  for (int k = 0; k < 3; k++)
    if (limits[k] > p->cycle && limits[k] - p->cycle < *some) *some = limits[k] - p->cycle;
  return EIE_OK;
}

static eie_status clock_edges(pins_device *p, uint64_t cycles, int until_irq, eie_error *err) {
  EIE_TRY(listen(p, err));
  while (cycles) {
    uint64_t some = 0;
    EIE_TRY(until_limit(p, cycles, &some, err));
    const uint64_t ran = p->pins.run(p->pins.sim, some, until_irq);
    p->cycle += ran;
    if (p->pins.failure(p->pins.sim)) return dead(p, err);
    if (p->heard_enough) return halted(p, err);
    cycles -= some;
    if (ran < some || cycles == 0) return EIE_OK;
    if (!until_irq) continue;
    EIE_TRY(settle(p, err));  // the last of these edges may have been the one
    if (p->out.irq) return EIE_OK;
  }
  return EIE_OK;
}

static eie_status go_idle(pins_device *p, eie_error *err) {
  p->in.awvalid = p->in.wvalid = p->in.arvalid = 0;
  p->in.bready = p->in.rready = 0;
  return settle(p, err);
}

static eie_status pins_reset(eie_device *d, eie_error *err) {
  pins_device *p = (pins_device *)d;
  EIE_TRY(go_idle(p, err));
  p->in.rst_ni = 0;
  EIE_TRY(settle(p, err));
  EIE_TRY(clock_edges(p, 10, 0, err));
  p->in.rst_ni = 1;
  EIE_TRY(settle(p, err));
  return clock_edges(p, 1, 0, err);
}

static eie_status pins_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  pins_device *p = (pins_device *)d;
  EIE_TRY(clock_edges(p, cycles, until_irq, err));
  return settle(p, err);
}

// A channel may move when its delay is over; the delay of the beat after is drawn when one has fired.
static int may_move(pins_device *p, channel c) {
  if (p->delay[c] == 0) return 1;
  p->delay[c]--;
  return 0;
}

static void draw_delay(pins_device *p, channel c) {
  if (!p->random) return;
  uint64_t r = next_random(&p->random) >> 32;
  p->delay[c] = (r & 3) < 2 ? 0 : (r & 3) == 2 ? 1 + (r >> 2) % 3 : (r >> 2) % 14;
}

// Valid, once high, stays: a new beat is offered only where none is waiting.
static void drive(pins_device *p, const progress *t) {
  eie_pins_in *in = &p->in;
  if (!in->awvalid && t->fired[CH_AW] < t->n_writes && may_move(p, CH_AW)) {
    in->awvalid = 1;
    in->awaddr = t->writes->address + t->fired[CH_AW] * t->writes->stride;
  }
  if (!in->wvalid && t->fired[CH_W] < t->n_writes && may_move(p, CH_W)) {
    in->wvalid = 1;
    in->wdata = t->writes->data[t->fired[CH_W]];
    in->wstrb = t->writes->strobes;
  }
  if (!in->arvalid && t->fired[CH_AR] < t->n_reads && may_move(p, CH_AR)) {
    in->arvalid = 1;
    in->araddr = t->reads->address + t->fired[CH_AR] * t->reads->stride;
  }
  in->bready = (uint8_t)(t->fired[CH_B] < t->n_writes && may_move(p, CH_B));
  in->rready = (uint8_t)(t->fired[CH_R] < t->n_reads && may_move(p, CH_R));
}

static void note_response(eie_burst *burst, uint32_t beat, uint8_t resp) {
  if (resp == EIE_AXI_OKAY || burst->bad != burst->count) return;
  burst->bad = beat;
  burst->resp = resp;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

// Which channels fire at the coming edge, and what they carry.
static eie_status take(pins_device *p, progress *t, int *moved, eie_error *err) {
  const eie_pins_out *out = &p->out;
  if (out->bvalid && t->fired[CH_B] >= smaller(t->fired[CH_AW], t->fired[CH_W]))
    return eie_fail(err, EIE_ERR_DEVICE, "cycle %" PRIu64 ": BVALID without a write that waits for it",
                    p->cycle);
  if (out->rvalid && t->fired[CH_R] >= t->fired[CH_AR])
    return eie_fail(err, EIE_ERR_DEVICE, "cycle %" PRIu64 ": RVALID without a read that waits for it",
                    p->cycle);
  const int fires[CHANNELS] = {p->in.awvalid && out->awready, p->in.wvalid && out->wready,
                               out->bvalid && p->in.bready, p->in.arvalid && out->arready,
                               out->rvalid && p->in.rready};
  if (fires[CH_B]) note_response(t->writes, t->fired[CH_B], out->bresp);
  if (fires[CH_R]) {
    note_response(t->reads, t->fired[CH_R], out->rresp);
    t->reads->data[t->fired[CH_R]] = out->rdata;
  }
  *moved = 0;
  for (int c = 0; c < CHANNELS; c++) {
    if (!fires[c]) continue;
    t->fired[c]++;
    draw_delay(p, (channel)c);
    *moved = 1;
  }
  if (fires[CH_AW]) p->in.awvalid = 0;
  if (fires[CH_W]) p->in.wvalid = 0;
  if (fires[CH_AR]) p->in.arvalid = 0;
  return EIE_OK;
}

// A response that was offered and not taken must be offered unchanged in the next cycle.
static eie_status check_held(const pins_device *p, const eie_pins_in *then, const eie_pins_out *before,
                             eie_error *err) {
  const eie_pins_out *now = &p->out;
  if (before->bvalid && !then->bready && (!now->bvalid || now->bresp != before->bresp))
    return eie_fail(err, EIE_ERR_DEVICE, "cycle %" PRIu64 ": BVALID or BRESP changed before BREADY",
                    p->cycle);
  if (before->rvalid && !then->rready &&
      (!now->rvalid || now->rresp != before->rresp || now->rdata != before->rdata))
    return eie_fail(err, EIE_ERR_DEVICE, "cycle %" PRIu64 ": RVALID, RRESP or RDATA changed before RREADY",
                    p->cycle);
  return EIE_OK;
}

static eie_status timed_out(const pins_device *p, const progress *t, eie_error *err) {
  const char *what = "BVALID";
  uint32_t address = t->writes ? t->writes->address + t->fired[CH_B] * t->writes->stride : 0;
  if (t->fired[CH_B] < t->n_writes) {
    if (t->fired[CH_AW] == t->fired[CH_B])
      what = "AWREADY";
    else if (t->fired[CH_W] == t->fired[CH_B])
      what = "WREADY";
  } else {
    what = t->fired[CH_AR] == t->fired[CH_R] ? "ARREADY" : "RVALID";
    address = t->reads->address + t->fired[CH_R] * t->reads->stride;
  }
  return eie_fail(err, EIE_ERR_DEVICE,
                  "%s of the access at address 0x%08x did not come for %" PRIu64 " cycles (cycle %" PRIu64
                  " now)",
                  what, address, p->patience, p->cycle);
}

static eie_status pins_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  pins_device *p = (pins_device *)d;
  progress t = {writes, reads, writes ? writes->count : 0, reads ? reads->count : 0, {0}};
  if (writes) writes->bad = writes->count, writes->resp = EIE_AXI_OKAY;
  if (reads) reads->bad = reads->count, reads->resp = EIE_AXI_OKAY;
  uint64_t idle = 0;
  eie_pins_in then = {0};
  eie_pins_out before = {0};
  while (t.fired[CH_B] < t.n_writes || t.fired[CH_R] < t.n_reads) {
    int moved = 0;
    drive(p, &t);
    EIE_TRY(settle(p, err));
    EIE_TRY(check_held(p, &then, &before, err));
    then = p->in;
    before = p->out;
    EIE_TRY(take(p, &t, &moved, err));
    EIE_TRY(clock_edges(p, 1, 0, err));
    idle = moved ? 0 : idle + 1;
    if (idle >= p->patience) return timed_out(p, &t, err);
  }
  return go_idle(p, err);
}

static int pins_irq(eie_device *d) {
  return ((pins_device *)d)->out.irq;
}

static uint64_t pins_cycles(eie_device *d) {
  return ((pins_device *)d)->cycle;
}

static eie_status pins_trace(eie_device *d, int on, eie_error *err) {
  pins_device *p = (pins_device *)d;
  if (p->pins.trace(p->pins.sim, on) == 0) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE, "this simulation was not opened with a wave file");
}

static void pins_close(eie_device *d) {
  pins_device *p = (pins_device *)d;
  p->pins.close(p->pins.sim);
  if (p->unload) p->unload(p->library);
  free(p);
}

static const eie_device_ops pins_ops = {pins_reset,  pins_run,   pins_transfer, pins_irq,
                                        pins_cycles, pins_trace, pins_close};

eie_status eie_device_from_pins(const eie_pins *pins, const eie_device_options *options,
                                void (*unload)(void *library), void *library, eie_device **device,
                                eie_error *err) {
  pins_device *p = calloc(1, sizeof *p);
  if (!p) {
    pins->close(pins->sim);
    if (unload) unload(library);
    return eie_fail(err, EIE_ERR_MEMORY, "out of memory for a device");
  }
  p->base.ops = &pins_ops;
  p->pins = *pins;
  p->unload = unload;
  p->library = library;
  p->patience = options->patience ? options->patience : 100000;
  p->random = options->stalls ? options->stalls * 0x9E3779B97F4A7C15u | 1 : 0;
  p->wave_from = options->wave ? options->wave_from : 0;
  p->wave_to = options->wave ? options->wave_to : 0;
  p->halt = options->halt;
  p->waving = options->wave != NULL;
  p->watch = options->watch;
  p->deaf = 1;
  eie_status status = pins_reset(&p->base, err);
  if (status) {
    pins_close(&p->base);
    return status;
  }
  *device = &p->base;
  return EIE_OK;
}
