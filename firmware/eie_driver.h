// SPDX-License-Identifier: Apache-2.0
// The driver: everything that talks to the accelerator goes through it, in a simulation as on a RISC-V
// core. Freestanding C11: no library, no allocation, no globals. docs/driver.md.
#ifndef EIE_DRIVER_H
#define EIE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "eie_registers.h"

// The parameters of a configuration, in the order of their registers. EIE_DRIVER_PARAMETERS(X) lists
// X(NAME); parameter k is register EIE_REG_N_PE + 4 k.
#define EIE_DRIVER_PARAMETERS(X) \
  X(N_PE)                        \
  X(ACT_QUEUE_DEPTH)             \
  X(QUEUE_DEPTH)                 \
  X(CODE_W) X(IDX_W) X(ENTRIES_PER_WORD) X(ACC_W) X(ROWS) X(SPMAT_WORDS) X(PTR_DEPTH) X(ACT_SLOTS) X(LAYERS)
enum {
#define EIE_DRIVER_PARAMETER(name) EIE_P_##name,
  EIE_DRIVER_PARAMETERS(EIE_DRIVER_PARAMETER)
#undef EIE_DRIVER_PARAMETER
      EIE_NUM_PARAMETERS
};

enum { EIE_DRIVER_MAJOR = 0 };  // the major version of the RTL this driver knows

// The bus. Each hook returns 0 for OKAY, the AXI response (2 SLVERR, 3 DECERR) when that was another,
// or a negative number when the bus did not answer. Only read and write are needed; the others are
// shortcuts and may be NULL.
typedef struct {
  void *context;
  int (*read)(void *context, uint32_t address, uint32_t *data);
  int (*write)(void *context, uint32_t address, uint32_t data);
  // Beat k at address + k * stride.
  int (*read_many)(void *context, uint32_t address, uint32_t stride, uint32_t *data, uint32_t count);
  int (*write_many)(void *context, uint32_t address, uint32_t stride, const uint32_t *data, uint32_t count);
  // Sleeps until irq_o is high; negative when it did not rise within `limit` cycles. With it the
  // driver enables the interrupts and waits on them; without it the driver polls STATUS.
  int (*wait_irq)(void *context, uint32_t limit);
} eie_bus;

typedef enum {
  EIE_DRIVER_OK = 0,
  EIE_DRIVER_BUS,        // an access was refused: where, response
  EIE_DRIVER_DEAD,       // the bus did not answer: where
  EIE_DRIVER_ID,         // no accelerator at this address: wanted, found
  EIE_DRIVER_VERSION,    // another major version: wanted, found
  EIE_DRIVER_PARAMETER,  // the image is for another configuration: index (EIE_P_...), wanted, found
  EIE_DRIVER_IMAGE,      // the image contradicts itself or the array: index of the step or block
  EIE_DRIVER_VERIFY,     // a memory does not hold what was written: region, pe, word, wanted, found
  EIE_DRIVER_TIMEOUT,    // the array did not become done within the limit: found is STATUS
  EIE_DRIVER_FAULT,      // the program stopped: fault
  EIE_DRIVER_STATUS      // STATUS contradicts what was started: wanted, found
} eie_driver_status;

typedef struct {
  uint32_t code, descriptor, pe, entry;  // as registers FAULT and FAULT_ENTRY tell
} eie_fault;

// Why the last call did not return EIE_DRIVER_OK; each status says which fields it sets.
typedef struct {
  uint32_t where;  // bus address
  uint32_t response;
  uint32_t index;
  uint32_t region, pe, word;
  uint32_t wanted, found;
  eie_fault fault;
} eie_driver_why;

typedef struct {
  eie_bus bus;
  uint32_t parameter[EIE_NUM_PARAMETERS];
  uint32_t version;
  uint32_t pe_shift, region_shift, part_shift;
  uint32_t loaded;  // load in the memories, plus 1; 0: none
  eie_driver_why why;
} eie_driver;

// ---- an image: what eie_pack made, as the driver wants it; all borrowed ----

// Words that belong at word `first` of a region (of one PE where the region has a PE field).
typedef struct {
  uint32_t region, pe, first, count;
  const uint32_t *words;
} eie_block;

// What is in the memories together.
typedef struct {
  uint32_t n_blocks;
  const eie_block *blocks;
} eie_load;

// One pass of one layer, run by one descriptor (eie_pass of cmodel/eie_pack.h has the same names).
typedef struct {
  uint32_t layer, load, descriptor;
  uint32_t host_in_slot, host_in_slots, host_in_base;  // written before the pass; 0 slots: nothing
  uint32_t write_back, row_slot, rows, out_base;       // outputs of a pass that writes back
  uint32_t host_out;                                   // 1: they must be read before the next pass
} eie_step;

typedef struct {
  uint32_t parameter[EIE_NUM_PARAMETERS];
  uint32_t n_layers;
  uint32_t n_loads, n_steps;
  const eie_load *loads;
  const eie_step *steps;
  uint32_t limit;  // cycles (polls without wait_irq) after which a program has failed
} eie_image;

// ---- calls ----

// Reads identification, parameters and address map, and waits until the array is idle (after reset
// it clears its accumulators). Sets up *driver. `bus` is copied.
eie_driver_status eie_driver_open(eie_driver *driver, const eie_bus *bus);

// Refuses an image whose parameters are not the array's, or whose steps reach outside it; after it
// nothing counts as loaded.
eie_driver_status eie_driver_check(eie_driver *driver, const eie_image *image);

uint32_t eie_driver_address(const eie_driver *driver, uint32_t region, uint32_t pe, uint32_t word);
eie_driver_status eie_driver_read_words(eie_driver *driver, uint32_t address, uint32_t stride,
                                        uint32_t *words, uint32_t count);
eie_driver_status eie_driver_write_words(eie_driver *driver, uint32_t address, uint32_t stride,
                                         const uint32_t *words, uint32_t count);

// Writes one load of an image to the memories; verify reads it back.
eie_driver_status eie_driver_load(eie_driver *driver, const eie_image *image, uint32_t load);
eie_driver_status eie_driver_verify(eie_driver *driver, const eie_image *image, uint32_t load);

// Activations: slots x N_PE values from slot `slot` on, in packed order.
eie_driver_status eie_driver_write_activations(eie_driver *driver, uint32_t slot, uint32_t slots,
                                               const int16_t *values);
eie_driver_status eie_driver_read_activations(eie_driver *driver, uint32_t slot, uint32_t slots,
                                              int16_t *values);

// Starts descriptors first .. first + count - 1; waits until they are done.
eie_driver_status eie_driver_start(eie_driver *driver, uint32_t first, uint32_t count);
eie_driver_status eie_driver_wait(eie_driver *driver, uint32_t count, uint32_t limit);
eie_driver_status eie_driver_wait_idle(eie_driver *driver, uint32_t limit);
eie_driver_status eie_driver_abort(eie_driver *driver);  // of a running program
eie_driver_status eie_driver_clear(eie_driver *driver);  // done, fault and the interrupt
eie_driver_status eie_driver_fault(eie_driver *driver, eie_fault *fault);

// Counters: of a descriptor, by EIE_COUNTER_...; of each PE since the last start; of the program.
// starved of a PE = *window - busy.
eie_driver_status eie_driver_counters(eie_driver *driver, uint32_t descriptor,
                                      uint64_t counter[EIE_NUM_COUNTERS]);
eie_driver_status eie_driver_pe_busy(eie_driver *driver, uint64_t *busy);  // [N_PE]
eie_driver_status eie_driver_program_cycles(eie_driver *driver, uint64_t *cycles, uint64_t *window);

// How many steps from `step` on need no host between them and so run as one program.
uint32_t eie_image_program(const eie_image *image, uint32_t step);

// Runs `count` steps (at most eie_image_program) as one program: loads what is not in the memories,
// writes the host's activations, starts, waits, and reads the outputs that the host keeps (host_out)
// and those of the last layer. vectors[k] is the input of layer k in packed order, vectors[n_layers]
// the outputs; a vector is needed where the host writes or reads it.
eie_driver_status eie_driver_run_program(eie_driver *driver, const eie_image *image, uint32_t step,
                                         uint32_t count, int16_t *const *vectors);

// The whole image on one input.
eie_driver_status eie_driver_run(eie_driver *driver, const eie_image *image, int16_t *const *vectors);

// Outputs of a step that wrote back, to their places in the layer's output vector.
eie_driver_status eie_driver_read_outputs(eie_driver *driver, const eie_step *step, int16_t *vector);

// Words for people; never NULL.
const char *eie_driver_status_text(eie_driver_status status);
const char *eie_driver_parameter_name(uint32_t parameter);
const char *eie_driver_fault_name(uint32_t code);
const char *eie_driver_fault_text(uint32_t code);
const char *eie_driver_region_name(uint32_t region);

// The accelerator as memory at a base address; context is the base. An SLVERR reaches such a core as
// a bus error trap, not as a response.
#ifdef EIE_DRIVER_MMIO
static inline int eie_mmio_read(void *context, uint32_t address, uint32_t *data) {
  *data = *(volatile uint32_t *)((uintptr_t)context + address);
  return 0;
}
static inline int eie_mmio_write(void *context, uint32_t address, uint32_t data) {
  *(volatile uint32_t *)((uintptr_t)context + address) = data;
  return 0;
}
static inline void eie_mmio_bus(eie_bus *bus, uintptr_t base) {
  bus->context = (void *)base;
  bus->read = eie_mmio_read;
  bus->write = eie_mmio_write;
  bus->read_many = NULL;
  bus->write_many = NULL;
  bus->wait_irq = NULL;
}
#endif

#endif
