// SPDX-License-Identifier: Apache-2.0
// A device around another that does, besides what the harness asks for, what the actions of a case say: reads
// and illegal accesses while a program runs, aborts, resets, spoilt descriptors. What may be answered in only
// one way is checked at once; what a disturbed program leaves behind is put right, and the harness, which
// knows nothing of all this, must find every output and counter as ever. docs/soak.md.
#ifndef SOAK_HOST_H
#define SOAK_HOST_H

#include "eie_device.h"
#include "soak_case.h"

typedef struct {
  eie_error error;  // "" or the first thing that was wrong
  soak_corners corners;
} soak_host_report;

// Takes over `inner`: closing the result closes it. On failure the caller still owns it. Borrows the rest for
// its life. Registers and memories of `inner` must be as they are behind open.
eie_status soak_host_open(eie_device *inner, const char *engine, const soak_case *c, const soak_plan *plan,
                          soak_host_report *report, eie_device **device, eie_error *err);

// 1 when the actions of the case start programs more than once, so that a lock-step run could not follow.
int soak_host_restarts(const soak_case *c);

#endif
