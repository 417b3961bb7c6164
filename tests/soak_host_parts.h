// SPDX-License-Identifier: Apache-2.0
// The state of a soak_host device, shared by its parts. Nobody else includes this.
#ifndef SOAK_HOST_PARTS_H
#define SOAK_HOST_PARTS_H

#include "eie_registers.h"
#include "soak_host.h"

// Words of one region as the host wrote them, by address.
typedef struct {
  uint32_t *word;
  uint8_t *known;
} soak_shadow;

typedef enum { HOST_IDLE, HOST_RUNNING, HOST_ENDED } host_state;

typedef struct {
  eie_device base;
  eie_device *inner;
  const soak_case *c;
  const soak_plan *plan;
  soak_host_report *report;
  uint32_t pe_shift, region_shift, part_shift;
  uint32_t region_words;                // places of a shadow
  soak_shadow shadow[EIE_NUM_REGIONS];  // of the memories
  uint32_t program_register, irq_enable;
  host_state state;
  uint32_t started;         // programs that the harness has started, this one included
  uint64_t start_cycle;     // of this program's latest start
  const soak_program *now;  // the plan of this program
  int icarus;               // what was never written is X
  int may_restart;          // activations are known from the start, so that they can be put back
  uint32_t *activations;    // as they were before the program
  uint32_t next;            // action that has not been looked at yet
  int finishing;            // actions behind the end are under way
} soak_host;

// soak_host_bus.c: accesses of the actions themselves. What is not as wanted is told with the action's name.
eie_status host_wrong(soak_host *h, const soak_action *a, eie_error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
uint32_t host_address(const soak_host *h, uint32_t region, uint32_t pe, uint32_t word);
eie_status host_read(soak_host *h, uint32_t address, uint32_t *data, uint8_t *resp, eie_error *err);
eie_status host_write(soak_host *h, uint32_t address, uint32_t data, uint8_t strobes, uint8_t *resp,
                      eie_error *err);
eie_status host_read_good(soak_host *h, const soak_action *a, uint32_t address, uint32_t *data,
                          eie_error *err);
eie_status host_write_good(soak_host *h, const soak_action *a, uint32_t address, uint32_t data,
                           eie_error *err);
eie_status host_refused(soak_host *h, const soak_action *a, uint32_t address, int write, uint32_t data,
                        uint8_t strobes, eie_error *err);
eie_status host_illegal(soak_host *h, const soak_action *a, eie_error *err);
eie_status host_wait_idle(soak_host *h, const soak_action *a, eie_error *err);

// Memories: what the host wrote, and the activations before a program.
eie_status host_fill_activations(soak_host *h, eie_error *err);
eie_status host_save_activations(soak_host *h, eie_error *err);
eie_status host_restore_activations(soak_host *h, eie_error *err);
eie_status host_reload(soak_host *h, eie_error *err);

// soak_host_idle.c: actions before a program and behind its end.
eie_status host_before(soak_host *h, const soak_action *a, eie_error *err);
eie_status host_after(soak_host *h, const soak_action *a, eie_error *err);
// Until the interrupt; then FAULT (0: no fault) and STATUS.
eie_status host_run_to_end(soak_host *h, const soak_action *a, uint32_t *fault, uint32_t *status,
                           eie_error *err);

// soak_host_busy.c: an action while the program runs. `left` is at most the cycles until its end.
eie_status host_during(soak_host *h, const soak_action *a, uint64_t left, eie_error *err);

// Cycles that an access may take, and a little: nearer to a program's end its answer is not foretold.
static inline uint64_t host_margin(const soak_host *h) {
  return h->c->stalls ? 60 : 20;
}

static inline void host_count(soak_host *h, const soak_action *a) {
  h->report->corners.of[SOAK_ACTION_CORNER + a->kind]++;
}

#endif
