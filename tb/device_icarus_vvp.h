// SPDX-License-Identifier: Apache-2.0
// vvp as a child process: its start, its end, and what it said last. Part of the Icarus back end
// (device_icarus.c).
#ifndef EIE_DEVICE_ICARUS_VVP_H
#define EIE_DEVICE_ICARUS_VVP_H

#include <stdio.h>
#include <sys/types.h>

typedef struct {
  pid_t child;    // 0: has ended
  int socket;     // to the VPI module; -1: closed
  FILE *printed;  // what vvp and the RTL print
} icarus_vvp;

// Starts vvp on `program` with the module `vpi_dir`/eie.vpi and waves in `wave` (NULL: none). The child ends
// when this process does, in whatever way. -1: no memory, no file, no process (errno).
int icarus_vvp_start(icarus_vvp *v, const char *program, const char *vpi_dir, const char *wave);

// Ends it: hangs up, and waits until it has written its waves.
void icarus_vvp_close(icarus_vvp *v);

// For one that does not listen any more.
void icarus_vvp_kill(icarus_vvp *v);

// How it ended, which it has or is about to, and what it printed: a sentence in why[size].
void icarus_vvp_epitaph(icarus_vvp *v, char *why, size_t size);

#endif
