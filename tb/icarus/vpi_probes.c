// SPDX-License-Identifier: Apache-2.0
// Probes by VPI handles.
#include "vpi_probes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
// Icarus's own header wants these before it.
#include <vpi_user.h>

#include "icarus_link.h"

typedef struct {
  vpiHandle at;
  uint64_t mask;  // of its width
} signal;

typedef struct {
  signal of[EIE_ICARUS_NAMES];  // its valid, then its values
  uint32_t count;
} probe;

struct vpi_probes {
  uint64_t count;
  probe probes[];
};

static int receive(int socket, void *record, size_t size) {
  ssize_t n;
  do n = recv(socket, record, size, 0);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)size ? 0 : -1;
}

static uint32_t find(const char *path, signal *s) {
  char whole[EIE_ICARUS_PATH + 16];
  snprintf(whole, sizeof whole, "eie_top.%s", path);
  s->at = vpi_handle_by_name(whole, NULL);
  if (!s->at) return EIE_ICARUS_NO_SIGNAL;
  const PLI_INT32 width = vpi_get(vpiSize, s->at);
  if (width < 1 || width > 64) return EIE_ICARUS_TOO_WIDE;
  s->mask = UINT64_MAX >> (64 - width);
  return EIE_ICARUS_DONE;
}

// All names are taken off the socket, also behind one that is refused.
vpi_probes *vpi_probes_take(int socket, uint64_t count, uint32_t *answer, uint64_t *where) {
  vpi_probes *p = calloc(1, sizeof *p + count * sizeof p->probes[0]);
  *answer = EIE_ICARUS_DONE;
  *where = 0;
  if (!p) return NULL;
  p->count = count;
  for (uint64_t k = 0; k < count; k++) {
    eie_icarus_names names;
    probe *to = &p->probes[k];
    if (receive(socket, &names, sizeof names)) {
      free(p);
      return NULL;
    }
    for (; to->count < EIE_ICARUS_NAMES && names.path[to->count][0] && *answer == EIE_ICARUS_DONE;
         to->count++) {
      *answer = find(names.path[to->count], &to->of[to->count]);
      *where = k * EIE_ICARUS_NAMES + to->count;
    }
  }
  if (*answer != EIE_ICARUS_DONE) p->count = 0;
  return p;
}

void vpi_probes_free(vpi_probes *p) {
  free(p);
}

// The bits that are 1, and those that are X or Z.
static uint64_t read_signal(const signal *s, uint64_t *unknown) {
  s_vpi_value v = {.format = vpiVectorVal};
  vpi_get_value(s->at, &v);
  const s_vpi_vecval *bits = v.value.vector;
  uint64_t value = (uint32_t)bits[0].aval;
  *unknown = (uint32_t)bits[0].bval;
  if (s->mask >> 32) {
    value |= (uint64_t)(uint32_t)bits[1].aval << 32;
    *unknown |= (uint64_t)(uint32_t)bits[1].bval << 32;
  }
  *unknown &= s->mask;
  return value & s->mask & ~*unknown;
}

static int send_events(int socket, eie_icarus_message *m, int more) {
  m->events.kind = EIE_ICARUS_EVENTS;
  m->events.more = more != 0;
  const size_t size = eie_icarus_size(m);
  const int sent = send(socket, m, size, MSG_NOSIGNAL) == (ssize_t)size;
  m->events.count = 0;
  return sent ? 0 : -1;
}

int vpi_probes_tell(const vpi_probes *p, int socket, uint64_t cycle) {
  eie_icarus_message m;
  eie_icarus_verdict verdict;
  m.events.count = 0;
  for (uint64_t k = 0; k < p->count; k++) {
    const probe *from = &p->probes[k];
    uint64_t unknown;
    const uint64_t valid = read_signal(&from->of[0], &unknown);
    if (!valid && !unknown) continue;
    if (m.events.count == EIE_ICARUS_BATCH && send_events(socket, &m, 1)) return -1;
    eie_event *e = &m.events.event[m.events.count++];
    *e = (eie_event){.cycle = cycle, .probe = (uint32_t)k, .valid_unknown = unknown != 0};
    for (uint32_t v = 1; v < from->count; v++)
      e->value[v - 1] = read_signal(&from->of[v], &e->unknown[v - 1]);
  }
  if (m.events.count == 0) return 0;
  if (send_events(socket, &m, 0) || receive(socket, &verdict, sizeof verdict)) return -1;
  return verdict.stop != 0;
}
