// SPDX-License-Identifier: Apache-2.0
// The state of a lock-step run, shared by its parts. Nobody else includes this.
#ifndef EIE_LOCKSTEP_STATE_H
#define EIE_LOCKSTEP_STATE_H

#include "eie_lockstep.h"
#include "lockstep_pass.h"

enum {
  RECENT = 16,
  WAY = 16  // updates that a PE remembers: three under way, and those that one may have to see forwarded
};

typedef struct {
  uint64_t cycle;
  eie_stage stage;
  uint64_t value[EIE_PROBE_VALUES];
} recent_event;

typedef struct {
  recent_event event[RECENT];
  uint32_t count;  // ever
} recent_events;

// An entry that has been seen and whose accumulator is due.
typedef struct {
  uint32_t broadcast, entry, slot;
  int64_t before, after;  // accumulator
  uint64_t due;
} update;

// Where the golden model stands in one PE.
typedef struct {
  uint32_t pointers;               // broadcasts whose pointers were read
  uint32_t broadcast, entry, end;  // the entry that comes next; end: behind the last of its column
  uint32_t slot;                   // behind the entry before it in the column
  update way[WAY];                 // updates, by number
  uint32_t entered, updated;       // entries and updates so far
  uint32_t read_outs, write_backs;
  recent_events recent;
} pe_state;

struct eie_lockstep {
  const eie_packed *packed;
  lockstep_probes probes;
  eie_watch watch;
  lockstep_pass pass;
  int16_t *const *want;
  uint32_t input, step, count;  // the program under work
  uint32_t launched;            // of its passes
  int active, run_on;
  uint64_t launch;   // of the pass under work: cycle 0 of its layer
  uint32_t columns;  // broadcasts seen on the bus
  uint32_t values, walked;
  uint64_t *column_cycle, *walk_cycle;  // of each broadcast, of each write-back column
  uint32_t stride;
  int64_t *acc;   // [N][stride]
  pe_state *pes;  // [N]
  recent_events recent;
  eie_divergence found;  // kind 0: nothing yet
  eie_divergence late;   // the first event out of its cycle
  eie_lockstep_counts counts;
};

// Write-back columns of the pass under work: the silent row of a pass without write-back counts.
static inline uint32_t lockstep_walk_rows(const eie_lockstep *l) {
  return l->pass.pass->write_back ? l->pass.pass->rows : 1;
}

// Moves a PE to its next entry; entry == end behind the last.
void lockstep_next_entry(const lockstep_pass *p, uint32_t pe, pe_state *s);

// 1 when every event of the pass under work has come.
int lockstep_pass_complete(const eie_lockstep *l);

// lockstep_where.c: a difference at a place; the rest of the sentence comes after it.
eie_divergence lockstep_at(const eie_lockstep *l, eie_difference kind, eie_stage stage, uint64_t cycle,
                           uint32_t pe);
void lockstep_set_slot(const eie_lockstep *l, eie_divergence *d, uint32_t slot);
void lockstep_set_column(const eie_lockstep *l, eie_divergence *d, uint32_t broadcast);
void lockstep_set_place(const eie_lockstep *l, eie_divergence *d, uint32_t column);  // of the tile
void lockstep_say(const eie_lockstep *l, eie_divergence *d, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Appends to a sentence.
void lockstep_add(eie_divergence *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

// lockstep_missing.c: the oldest event that should have come by now and has not.
eie_divergence lockstep_missing(const eie_lockstep *l, uint64_t now, const char *instead);

// lockstep_differ.c: puts a difference down when it is the first. `d` has its place already.
void lockstep_keep(eie_lockstep *l, const eie_divergence *d);
void lockstep_differ_missing(eie_lockstep *l, const eie_event *e, const char *instead);
void lockstep_differ_extra(eie_lockstep *l, eie_stage stage, const eie_event *e, uint32_t pe,
                           const char *what);
void lockstep_differ_value(eie_lockstep *l, eie_divergence *d, const char *field, int64_t got, int64_t want,
                           const char *hint);
void lockstep_on_time(eie_lockstep *l, eie_divergence *d, const char *what, uint64_t due);

// lockstep_check.c: an event of the RTL against the one that comes next; lockstep_array.c, lockstep_pe.c:
// those of one stage.
void lockstep_check(eie_lockstep *l, const eie_event *e);
void lockstep_check_launch(eie_lockstep *l, const eie_event *e);
void lockstep_check_column(eie_lockstep *l, const eie_event *e);
void lockstep_check_value(eie_lockstep *l, const eie_event *e);
void lockstep_check_pointers(eie_lockstep *l, const eie_event *e, uint32_t pe);
void lockstep_check_entry(eie_lockstep *l, const eie_event *e, uint32_t pe);
void lockstep_check_update(eie_lockstep *l, const eie_event *e, uint32_t pe);
void lockstep_check_read_out(eie_lockstep *l, const eie_event *e, uint32_t pe);
void lockstep_check_write_back(eie_lockstep *l, const eie_event *e, uint32_t pe);

// 1 when broadcast number `done` is due in this stage `lag` cycles behind its column and now; else a
// difference has been put down.
int lockstep_follows(eie_lockstep *l, const eie_event *e, eie_stage stage, uint32_t pe, uint32_t done,
                     uint32_t lag);

#endif
