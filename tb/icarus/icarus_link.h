// SPDX-License-Identifier: Apache-2.0
// What goes over the socket between the harness (tb/device_icarus.c) and the VPI module inside vvp
// (tb/icarus/eie_vpi.c): one request, one answer; while a request takes long, a sign of life each second.
// Both ends are built from one tree on one machine, so records travel as they lie in memory. The harness
// closes its end to end the simulation.
#ifndef EIE_ICARUS_LINK_H
#define EIE_ICARUS_LINK_H

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
  EIE_ICARUS_TRACE_OFF
} eie_icarus_command;

typedef struct {
  uint64_t edges;
  eie_pins_in in;
  uint32_t command, until_irq;
} eie_icarus_request;

typedef enum { EIE_ICARUS_DONE, EIE_ICARUS_ALIVE, EIE_ICARUS_UNKNOWN } eie_icarus_kind;

// A first DONE, not asked for, opens the conversation. After UNKNOWN, which stops at once, the pins are those
// of the moment at which an observed bit was X or Z; `edges` counts the rising edges of this request until
// then.
typedef struct {
  uint64_t edges;
  uint32_t kind;
  eie_icarus_bits out[EIE_ICARUS_N_OUTPUTS];
} eie_icarus_answer;

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
