// SPDX-License-Identifier: Apache-2.0
// A case of the soak: a configuration, a model with inputs, how it is packed, the seeds of the bus and of
// power-up, and what the host does besides. Drawn from (seed, number) alone; kept as files once it has been
// made small. docs/soak.md.
#ifndef SOAK_CASE_H
#define SOAK_CASE_H

#include <stdint.h>

#include "eie_image.h"
#include "eie_model.h"
#include "eie_pack.h"
#include "eie_tensor.h"
#include "eie_timing.h"
#include "random_model.h"
#include "soak_corners.h"

// What the host does at a program's start, while it runs, or behind its end: ACTION(NAME, when, what).
#define SOAK_ACTIONS(ACTION)                                                                     \
  ACTION(REWRITE, BEFORE, "a descriptor is spoilt and put right again")                          \
  ACTION(BAD_PROGRAM, BEFORE, "a program that names no descriptor: fault")                       \
  ACTION(BAD_DESCRIPTOR, BEFORE, "a program with a bad descriptor: its fault, where it stands")  \
  ACTION(BAD_POINTER, BEFORE, "a program with a spoilt pointer: fault SLOT, POINTER, or an end") \
  ACTION(IDLE_ABORT, BEFORE, "ABORT while idle: refused")                                        \
  ACTION(ILLEGAL, BEFORE, "illegal accesses while idle: refused")                                \
  ACTION(READ_STATUS, DURING, "STATUS while running: busy, and the layers finished so far")      \
  ACTION(READ_COUNTERS, DURING, "counters while running: those of finished layers are final")    \
  ACTION(BUSY_MEMORY, DURING, "a memory is read and written while running: refused")             \
  ACTION(BUSY_CONTROL, DURING, "START, CLEAR and PROGRAM while running: refused")                \
  ACTION(BUSY_ILLEGAL, DURING, "illegal accesses while running: refused")                        \
  ACTION(MASK, DURING, "interrupts off, STATUS polled to the end, interrupts on")                \
  ACTION(ABORT, DURING, "ABORT; then the program once more")                                     \
  ACTION(RESET, DURING, "reset; then the image loaded and the program once more")                \
  ACTION(CLEAR, AFTER, "CLEAR behind the end: no interrupt, no done, the counters stay")         \
  ACTION(UNMASK, AFTER, "interrupts off and on behind the end: the line follows")

typedef enum {
#define SOAK_KIND(name, when, what) SOAK_##name,
  SOAK_ACTIONS(SOAK_KIND)
#undef SOAK_KIND
      SOAK_KINDS
} soak_kind;

typedef enum { SOAK_BEFORE, SOAK_DURING, SOAK_AFTER } soak_when;

// `program` counts the programs of the case from 0; one that the case does not come to happens never.
// `cycle` (DURING) is from the program's start; `pick` chooses among the variants of a kind.
typedef struct {
  soak_kind kind;
  uint32_t program, cycle, pick;
} soak_action;

enum { SOAK_MOST_ACTIONS = 24 };

typedef struct {
  eie_config config;
  eie_model model;
  eie_activations inputs;
  eie_dealing dealing;
  uint64_t seed;     // of dealing and of power-up
  uint64_t stalls;   // 0: none
  uint32_t repeats;  // how often everything is loaded and run, one behind the other
  uint32_t n_actions;
  soak_action actions[SOAK_MOST_ACTIONS];
  soak_corners corners;  // that were drawn
} soak_case;

// A program that the comparison will start, in this order, and its cycles by the timing model.
typedef struct {
  uint32_t input, step, count;
  uint32_t fresh_chain;  // its first pass begins a chain: the program may be started twice
  uint64_t cycles;
} soak_program;

// A packed case and what will be run. times[(input * n_passes) + pass].
typedef struct {
  eie_packed packed;
  eie_packed_image image;
  eie_timing_counters *times;
  soak_program *programs;
  uint32_t n_programs;  // of one repeat
} soak_plan;

typedef struct {
  uint64_t seed;
  const char *only[8];  // configurations to draw from; none: all of them, and fresh ones
  uint32_t n_only;
} soak_source;

// The caller frees *c with soak_case_free.
eie_status soak_case_draw(const soak_source *source, uint64_t number, soak_case *c, eie_error *err);
eie_status soak_case_copy(const soak_case *from, soak_case *to, eie_error *err);
void soak_case_free(soak_case *c);

eie_status soak_plan_make(const soak_case *c, soak_plan *plan, eie_error *err);
void soak_plan_free(soak_plan *plan);

// About what it takes to simulate: words moved and cycles, weighed with the PEs.
uint64_t soak_plan_cost(const soak_case *c, const soak_plan *plan);

// A folder with model.safetensors, x.npy, NAME.cfg and case.txt.
eie_status soak_case_write(const char *dir, const soak_case *c, eie_error *err);
eie_status soak_case_read(const char *dir, soak_case *c, eie_error *err);

const char *soak_kind_name(soak_kind kind);
soak_when soak_kind_when(soak_kind kind);

#endif
