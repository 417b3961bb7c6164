// SPDX-License-Identifier: Apache-2.0
// A device: something with the registers and memories of firmware/eie_registers.def behind 32-bit
// reads and writes, a clock that the caller moves, and an interrupt line. docs/harness.md.
//
// Implementations: the RTL in a simulator (device_pins.c over eie_pins.h; opened by device_open.c),
// a board behind a serial port (device_uart.c), the behavioural model (device_model.c), and a wrapper that
// plants faults (device_planted.c).
#ifndef EIE_DEVICE_H
#define EIE_DEVICE_H

#include <stdint.h>

#include "eie_config.h"
#include "eie_error.h"
#include "eie_pins.h"

typedef struct eie_device eie_device;

enum { EIE_AXI_OKAY = 0, EIE_AXI_SLVERR = 2, EIE_AXI_DECERR = 3 };

// Beats of one direction: beat k moves data[k] at address + k * stride. The first beat whose response
// was not OKAY is `bad` (= count when all were), with response `resp`. Later beats still happen.
typedef struct {
  uint32_t address, stride;
  uint32_t *data;  // [count]; written to the device or filled from it
  uint32_t count;
  uint8_t strobes;  // of a write; EIE_ALL_STROBES but for tests
  uint8_t resp;
  uint32_t bad;
} eie_burst;

enum { EIE_ALL_STROBES = 0xF };

// A program that has not finished, or a bus that has not answered, is EIE_ERR_DEVICE; so is a
// simulation that stopped by $fatal. The sentence says what was awaited.
typedef struct {
  eie_status (*reset)(eie_device *d, eie_error *err);
  eie_status (*run)(eie_device *d, uint64_t cycles, int until_irq, eie_error *err);
  // Both directions at once, one beat a cycle each where the device takes it; either may be NULL.
  eie_status (*transfer)(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err);
  int (*irq)(eie_device *d);
  uint64_t (*cycles)(eie_device *d);  // 0 for ever where nobody knows
  eie_status (*trace)(eie_device *d, int on, eie_error *err);
  void (*close)(eie_device *d);
} eie_device_ops;

struct eie_device {
  const eie_device_ops *ops;
};

// WATCH shows the signals of the probes; TRACE does too, and can write waves. NETLIST is no RTL but what
// Yosys makes of it for iCE40 (tb/netlist.mk).
typedef enum { EIE_BUILD_FAST, EIE_BUILD_WATCH, EIE_BUILD_TRACE, EIE_BUILD_NETLIST } eie_build;

// Who wants to hear of events (eie_pins.h), and of which. All of it stays the caller's while the device is
// open.
typedef struct {
  const eie_probe *probes;
  uint32_t count;
  eie_event_fn *tell;
  void *context;
  int deaf;  // 1: nothing is told for the time being; the listener may change it between two calls of the
             // device
} eie_watch;

typedef struct {
  uint64_t stalls;    // seed of random delays on each of the five AXI channels; 0: none
  uint64_t seed;      // seed of what registers and memories hold before they are written
  uint64_t patience;  // cycles without progress after which a bus wait has failed; 0: 100,000
  const char *wave;   // FST path, or NULL; Verilator takes EIE_BUILD_TRACE then
  eie_build build;    // which Verilator build
  int verbose;        // 1: say on stderr when a build starts
  // Cycles (rising edges since open) in which waves are written: from wave_from up to and with wave_to; 0:
  // from the start, to the end.
  uint64_t wave_from, wave_to;
  // Behind this cycle the clock stops for good, with EIE_ERR_DEVICE. 0: never.
  uint64_t halt;
  // NULL, or a listener; Verilator takes EIE_BUILD_WATCH then. When it has heard enough the clock stops for
  // good, with EIE_ERR_DEVICE.
  const eie_watch *watch;
} eie_device_options;

// Opens the RTL in Verilator or in Icarus (built first when it is absent or stale) or the behavioural model.
// The device comes out of reset. The caller ends it with eie_device_close. Icarus takes no seed (what is not
// written is X) and has waves in every build.
eie_status eie_device_open_verilator(const eie_config *config, const eie_device_options *options,
                                     eie_device **device, eie_error *err);
eie_status eie_device_open_icarus(const eie_config *config, const eie_device_options *options,
                                  eie_device **device, eie_error *err);
eie_status eie_device_open_model(const eie_config *config, const eie_device_options *options,
                                 eie_device **device, eie_error *err);

// By the name of the engine: "verilator", "icarus" or "model"; "uart:PATH[:BAUD]", a board, to which options
// say nothing (device_uart.h); or "rtl", which is the simulator that $EIE_ENGINE names (verilator when it
// names none): what a test opens that runs on both.
eie_status eie_device_open(const char *engine, const eie_config *config, const eie_device_options *options,
                           eie_device **device, eie_error *err);
const char *eie_device_rtl_engine(void);

// Clocks `cycles` edges; or up to `limit` edges until irq_o is high. An irq that does not come within
// them is EIE_ERR_DEVICE.
eie_status eie_device_step(eie_device *d, uint64_t cycles, eie_error *err);
eie_status eie_device_wait_irq(eie_device *d, uint64_t limit, eie_error *err);

// One beat. *resp is the AXI response; the status tells only whether there was one.
eie_status eie_device_read(eie_device *d, uint32_t address, uint32_t *data, uint8_t *resp, eie_error *err);
eie_status eie_device_write(eie_device *d, uint32_t address, uint32_t data, uint8_t *resp, eie_error *err);

eie_status eie_device_reset(eie_device *d, eie_error *err);
eie_status eie_device_trace(eie_device *d, int on, eie_error *err);
int eie_device_irq(eie_device *d);
uint64_t eie_device_cycles(eie_device *d);  // rising edges since open
void eie_device_close(eie_device *d);       // NULL is allowed

#endif
