// SPDX-License-Identifier: Apache-2.0
// The probes of a watched simulation in vvp: handles that are looked up once, values told behind each edge.
#ifndef EIE_VPI_PROBES_H
#define EIE_VPI_PROBES_H

#include <stddef.h>
#include <stdint.h>

// Takes `count` eie_icarus_names from the socket in place of the probes so far. `answer` is the kind that
// answers, *where its number (icarus_link.h). NULL: the socket has ended, or no memory.
typedef struct vpi_probes vpi_probes;
vpi_probes *vpi_probes_take(int socket, uint64_t count, uint32_t *answer, uint64_t *where);
void vpi_probes_free(vpi_probes *p);

// Tells the events behind edge number `cycle`. 0: go on; 1: the listener has heard enough; -1: the socket has
// ended.
int vpi_probes_tell(const vpi_probes *p, int socket, uint64_t cycle);

#endif
