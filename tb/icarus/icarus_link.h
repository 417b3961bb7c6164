// SPDX-License-Identifier: Apache-2.0
// What goes over the socket between the harness (tb/device_icarus.c) and the VPI module inside vvp
// (tb/icarus/eie_vpi.c): one request, one answer; while a request takes long, a sign of life each second, and
// events where somebody watches.
// Both ends are built from one tree on one machine, so records travel as they lie in memory. The harness
// closes its end to end the simulation.
#ifndef EIE_ICARUS_LINK_H
#define EIE_ICARUS_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "eie_pins.h"

// The outputs that are observed, each in every cycle outside reset: name, bits, and the valid that tells
// when the pin means something (itself: always).
#define EIE_ICARUS_OUTPUTS(X) \
  X(awready, 1, awready)      \
  X(wready, 1, wready)        \
  X(bvalid, 1, bvalid)        \
  X(bresp, 2, bvalid)         \
  X(arready, 1, arready)      \
  X(rvalid, 1, rvalid)        \
  X(rdata, 32, rvalid)        \
  X(rresp, 2, rvalid)         \
  X(irq, 1, irq)

enum {
#define EIE_ICARUS_INDEX(name, bits, valid) EIE_ICARUS_##name,
  EIE_ICARUS_OUTPUTS(EIE_ICARUS_INDEX)
#undef EIE_ICARUS_INDEX
      EIE_ICARUS_N_OUTPUTS
};

// Verilog's four values: where `unknown` has a 1 the bit is X (value 1) or Z (value 0).
typedef struct {
  uint32_t value, unknown;
} eie_icarus_bits;

typedef enum {
  EIE_ICARUS_STEP,      // clock `edges` rising edges (until irq_o, when asked), apply `in`, settle
  EIE_ICARUS_TRACE_ON,  // waves
  EIE_ICARUS_TRACE_OFF,
  EIE_ICARUS_WATCH,  // `edges` probes from now on: so many eie_icarus_names follow
  EIE_ICARUS_HEAR,   // their events are told again
  EIE_ICARUS_DEAF    // nothing is told for the time being
} eie_icarus_command;

typedef struct {
  uint64_t edges;
  eie_pins_in in;
  uint32_t command, until_irq;
} eie_icarus_request;

// The paths of a probe below eie_top: its valid, then its values up to the first "".
enum { EIE_ICARUS_NAMES = 1 + EIE_PROBE_VALUES, EIE_ICARUS_PATH = 120 };
typedef struct {
  char path[EIE_ICARUS_NAMES][EIE_ICARUS_PATH];
} eie_icarus_names;

typedef enum {
  EIE_ICARUS_DONE,
  EIE_ICARUS_ALIVE,
  EIE_ICARUS_UNKNOWN,
  EIE_ICARUS_EVENTS,     // an eie_icarus_events
  EIE_ICARUS_NO_SIGNAL,  // the probes are refused: path number edges % EIE_ICARUS_NAMES of probe edges /
  EIE_ICARUS_TOO_WIDE    // EIE_ICARUS_NAMES is not there, or wider than 64 bits
} eie_icarus_kind;

// A first DONE, not asked for, opens the conversation. After UNKNOWN, which stops at once, the pins are those
// of the moment at which an observed bit was X or Z; `edges` counts the rising edges of this request until
// then.
typedef struct {
  uint64_t edges;
  uint32_t kind;
  eie_icarus_bits out[EIE_ICARUS_N_OUTPUTS];
} eie_icarus_answer;

// The events of one cycle, in as many messages as they need. Behind the last one the clock waits for the
// verdict of the listener, so that it stops in the very cycle.
enum { EIE_ICARUS_BATCH = 32 };
typedef struct {
  uint64_t unused;  // so that `kind` is where an answer has it
  uint32_t kind, count, more, unused_too;
  eie_event event[EIE_ICARUS_BATCH];
} eie_icarus_events;

typedef struct {
  uint32_t stop;
} eie_icarus_verdict;

// What comes from vvp.
typedef union {
  eie_icarus_answer answer;
  eie_icarus_events events;
} eie_icarus_message;

// Bytes of a message that go over the socket; 0 of one that cannot be.
static inline size_t eie_icarus_size(const eie_icarus_message *m) {
  if (m->answer.kind != EIE_ICARUS_EVENTS) return sizeof m->answer;
  if (m->events.count > EIE_ICARUS_BATCH) return 0;
  return offsetof(eie_icarus_events, event) + m->events.count * sizeof m->events.event[0];
}

// The first observed output that is not known, or EIE_ICARUS_N_OUTPUTS.
static inline unsigned eie_icarus_first_unknown(const eie_icarus_bits *out) {
  static const unsigned char valid[] = {
#define EIE_ICARUS_VALID(name, bits, valid) EIE_ICARUS_##valid,
      EIE_ICARUS_OUTPUTS(EIE_ICARUS_VALID)
#undef EIE_ICARUS_VALID
  };
  for (unsigned k = 0; k < EIE_ICARUS_N_OUTPUTS; k++)
    if (out[k].unknown && (valid[k] == k || out[valid[k]].value)) return k;
  return EIE_ICARUS_N_OUTPUTS;
}

#endif
