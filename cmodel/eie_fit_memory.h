// SPDX-License-Identifier: Apache-2.0
// The memories of an array, and what each becomes on a family of FPGAs: the same rules as rtl/eie_ram_1r1w.sv
// and the primitives under it, or as Yosys where it infers. One table a family: eie_fit_memory.c.
#ifndef EIE_FIT_MEMORY_H
#define EIE_FIT_MEMORY_H

#include <stdint.h>

#include "eie_board.h"

// Memories of this many words or fewer may go into the RAM of logic cells where the RTL allows it
// (eie_pkg::in_cells): a block RAM would be used to a few percent.
enum { EIE_FIT_CELLS_DEPTH = 64 };

// One instance of eie_ram_1r1w.
typedef struct {
  const char *name;  // "pointers", for people
  const char *key;   // the parameter that makes it deeper: "PTR_DEPTH"
  uint32_t copies;   // N_PE times what a PE has, or once
  uint32_t width, depth;
  int cells;        // 1: the RTL allows RAM of logic cells
  int single_port;  // 1: one port is enough
} eie_fit_memory;

enum { EIE_FIT_MEMORIES = 10 };

// Lists the memories of a configuration; returns how many.
uint32_t eie_fit_memories(eie_family family, const eie_config *config, eie_fit_memory list[EIE_FIT_MEMORIES]);

typedef enum { EIE_FIT_BLOCK, EIE_FIT_SPRAM, EIE_FIT_CELLS, EIE_FIT_TOO_DEEP } eie_fit_where;

// Where one copy of a memory goes on a family and how many RAMs, or logic cells, it takes; 0 with
// EIE_FIT_TOO_DEEP, when the device has nothing so deep.
typedef struct {
  eie_fit_where where;
  uint64_t count;
} eie_fit_place;
eie_fit_place eie_fit_place_memory(eie_family family, const eie_fit_memory *memory);

// Deepest memory of a family; UINT32_MAX where Yosys puts RAMs behind each other.
uint32_t eie_fit_deepest(eie_family family);

// Logic cells and flip-flops of the queues of all PEs (rtl/eie_queue.sv): RAM of logic cells, or flip-flops
// with multiplexers on iCE40, which has no other.
void eie_fit_queues(eie_family family, const eie_config *config, uint64_t *lut, uint64_t *ff);

// Block RAMs, single-port RAMs and multipliers as people of that family call them: "DP16KD".
typedef struct {
  const char *ram, *spram, *dsp;
} eie_fit_names;
eie_fit_names eie_fit_names_of(eie_family family);

#endif
