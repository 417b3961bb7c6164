// SPDX-License-Identifier: Apache-2.0
// Which signals of the RTL a lock-step run watches, and what they mean. tb/probes.vlt keeps the same signals
// readable in Verilator. docs/lockstep.md.
#ifndef EIE_LOCKSTEP_PROBES_H
#define EIE_LOCKSTEP_PROBES_H

#include "eie_config.h"
#include "eie_error.h"
#include "eie_pins.h"

// Stages in the order in which data passes them. The values of each, by place in eie_event.value:
typedef enum {
  EIE_STAGE_LAUNCH,      // running, descriptor; one cycle after the launch (cycle 0 of the layer)
  EIE_STAGE_COLUMN,      // write-back column?, pointer or bias place: on the broadcast bus
  EIE_STAGE_VALUE,       // activation, sign-extended to 32 bits: on its way back to all PEs
  EIE_STAGE_POINTERS,    // first entry, count: subtracted
  EIE_STAGE_ENTRY,       // entry index, slot, weight, activation, slot outside the tile?
  EIE_STAGE_UPDATE,      // slot, accumulator: being written
  EIE_STAGE_READ_OUT,    // slot, accumulator, bias: before they are added
  EIE_STAGE_WRITE_BACK,  // activation slot, output: being written
  EIE_STAGES
} eie_stage;

enum {
  EIE_STAGES_OF_ARRAY = EIE_STAGE_POINTERS,  // the stages before this one are the array's, the others a PE's
  EIE_STAGES_OF_PE = EIE_STAGES - EIE_STAGES_OF_ARRAY,
  EIE_PATH_SIZE = 96
};

typedef struct {
  eie_probe *probes;  // the array's, then those of PE 0, of PE 1, ...
  uint32_t count;
  char (*paths)[EIE_PATH_SIZE];
} lockstep_probes;

eie_status lockstep_probes_make(const eie_config *config, lockstep_probes *p, eie_error *err);
void lockstep_probes_free(lockstep_probes *p);

// Of a probe's index. *pe is UINT32_MAX for the stages of the array.
static inline eie_stage lockstep_stage_of(uint32_t probe, uint32_t *pe) {
  *pe = UINT32_MAX;
  if (probe < EIE_STAGES_OF_ARRAY) return (eie_stage)probe;
  *pe = (probe - EIE_STAGES_OF_ARRAY) / EIE_STAGES_OF_PE;
  return (eie_stage)(EIE_STAGES_OF_ARRAY + (probe - EIE_STAGES_OF_ARRAY) % EIE_STAGES_OF_PE);
}

// The path of a PE below eie_top, "u_array.g_cluster[0].g_pe[3].u_pe".
void lockstep_pe_path(uint32_t pe, char *text, size_t size);

#endif
