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
