// SPDX-License-Identifier: Apache-2.0
// What a simulator offers to the harness: the pins of eie_top and its clock, nothing else. The AXI
// master (device_pins.c) stands on top of it, so that a second simulator only has to move pins.
#ifndef EIE_PINS_H
#define EIE_PINS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t rst_ni, awvalid, wvalid, wstrb, bready, arvalid, rready;
  uint32_t awaddr, wdata, araddr;
} eie_pins_in;

typedef struct {
  uint8_t awready, wready, bvalid, bresp, arready, rvalid, rresp, irq;
  uint32_t rdata;
} eie_pins_out;

// A probe: in every cycle in which `valid` is not 0 its values are told. Signals have at most 64 bits and
// are named by their path below eie_top, as "u_array.g_cluster[0].g_pe[3].u_pe.g_full.u_arith.valid8_q".
enum { EIE_PROBE_VALUES = 6 };
typedef struct {
  const char *valid;
  const char *value[EIE_PROBE_VALUES];  // up to the first NULL
} eie_probe;

// What stood behind rising edge number `cycle`, counted from open. A 1 in `unknown` is a bit that is X or
// Z; a probe whose valid is unknown is told with valid_unknown. Verilator has neither.
typedef struct {
  uint64_t cycle, value[EIE_PROBE_VALUES], unknown[EIE_PROBE_VALUES];
  uint32_t probe;  // its index
  uint32_t valid_unknown;
} eie_event;

// All events of a cycle are told in the order of the probes. Not 0: the clock stops behind this cycle
// (a back end that tells in batches may stop later).
typedef int eie_event_fn(void *context, const eie_event *event);

// A simulation that has failed ($fatal, an internal error) stays failed: settle returns -1, run
// returns 0, and failure() has the sentence.
typedef struct {
  void *sim;
  // Applies the inputs, lets the combinational logic settle, reads the outputs.
  int (*settle)(void *sim, const eie_pins_in *in, eie_pins_out *out);
  // Clocks up to `cycles` rising edges with the inputs as they are and returns how many there were;
  // with until_irq it stops after the edge behind which irq_o is high.
  uint64_t (*run)(void *sim, uint64_t cycles, int until_irq);
  // NULL, or why the simulation is dead. Valid until close.
  const char *(*failure)(void *sim);
  // Waves on or off; -1 when this build or this simulation has none.
  int (*trace)(void *sim, int on);
  void (*close)(void *sim);
  // Tells the events of `count` probes from now on (0: none until it is called again, which may be often),
  // while run clocks; the table and `context` stay the caller's and stay valid. -1 with a sentence in
  // why[size] when a signal is not there. NULL: this back end cannot.
  int (*watch)(void *sim, const eie_probe *probes, uint32_t count, eie_event_fn *tell, void *context,
               char *why, size_t size);
} eie_pins;

// The one symbol of a back end's shared object. `seed` draws the values that registers and memories
// have before they are written. `wave` is an FST path or NULL; its trace starts on. Returns 0, or -1
// with a sentence in why[size].
#define EIE_PINS_OPEN_SYMBOL "eie_pins_open"
typedef int eie_pins_open_fn(uint64_t seed, const char *wave, eie_pins *pins, char *why, size_t size);
eie_pins_open_fn eie_pins_open;

#ifdef __cplusplus
}
#endif

#endif
