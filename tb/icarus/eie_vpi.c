// SPDX-License-Identifier: Apache-2.0
// The VPI module of the Icarus back end: moves the pins and the clock of eie_top as the harness asks over
// a socket (icarus_link.h). +eie_fd=N names the socket. Everything happens in one callback, `wake`, one
// time step after pins were changed, when all that they cause has settled; it changes pins again or asks
// for the next request. The end of the socket ends the simulation.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
// Icarus's own header wants these before it.
#include <vpi_user.h>

#include "icarus_link.h"
#include "vpi_probes.h"

enum {
  IN_RESET,
  IN_AWVALID,
  IN_AWADDR,
  IN_WVALID,
  IN_WDATA,
  IN_WSTRB,
  IN_BREADY,
  IN_ARVALID,
  IN_ARADDR,
  IN_RREADY,
  N_INPUTS
};

typedef enum { UNDRIVEN, SETTLED, CLOCK_HIGH, CLOCK_LOW } phase;

typedef struct {
  int socket;
  vpiHandle clock, inputs[N_INPUTS], outputs[EIE_ICARUS_N_OUTPUTS], waves_on;
  uint32_t driven[N_INPUTS];  // what the inputs are
  phase now;                  // what has settled when wake is called
  eie_icarus_request request;
  uint64_t done;       // rising edges of this request
  uint64_t edges;      // since the start
  vpi_probes *probes;  // NULL: there are none
  int hearing;         // somebody wants their events
  int stopped;         // by who watches
  time_t told;         // second of the last sign of life
} bridge;

static PLI_INT32 wake(p_cb_data data);

static void end_simulation(void) {
  vpi_control(vpiFinish, 0);
}

// Comes back to wake when everything of this time step has settled.
static void come_back(bridge *b) {
  s_vpi_time later = {.type = vpiSimTime, .low = 1};
  s_cb_data callback = {.reason = cbAfterDelay, .cb_rtn = wake, .time = &later, .user_data = (PLI_BYTE8 *)b};
  vpi_register_cb(&callback);
}

static void put(vpiHandle pin, uint32_t value) {
  s_vpi_vecval bits = {.aval = (PLI_INT32)value, .bval = 0};
  s_vpi_value v = {.format = vpiVectorVal, .value.vector = &bits};
  vpi_put_value(pin, &v, NULL, vpiNoDelay);
}

static void drive(bridge *b, const eie_pins_in *in) {
  const uint32_t values[N_INPUTS] = {in->rst_ni, in->awvalid, in->awaddr,  in->wvalid, in->wdata,
                                     in->wstrb,  in->bready,  in->arvalid, in->araddr, in->rready};
  for (int k = 0; k < N_INPUTS; k++) {
    if (values[k] == b->driven[k]) continue;
    put(b->inputs[k], values[k]);
    b->driven[k] = values[k];
  }
}

static void sample(const bridge *b, eie_icarus_answer *a) {
  for (int k = 0; k < EIE_ICARUS_N_OUTPUTS; k++) {
    s_vpi_value v = {.format = vpiVectorVal};
    vpi_get_value(b->outputs[k], &v);
    a->out[k] = (eie_icarus_bits){(uint32_t)v.value.vector[0].aval, (uint32_t)v.value.vector[0].bval};
  }
}

static int send_answer(const bridge *b, const eie_icarus_answer *a) {
  return send(b->socket, a, sizeof *a, MSG_NOSIGNAL) == (ssize_t)sizeof *a ? 0 : -1;
}

// At most one a second, so that the harness can tell a long run from a simulation that hangs.
static int sign_of_life(bridge *b) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  if (t.tv_sec == b->told) return 0;
  b->told = t.tv_sec;
  const eie_icarus_answer alive = {.kind = EIE_ICARUS_ALIVE};
  return send_answer(b, &alive);
}

static void settle(bridge *b) {
  put(b->clock, 0);
  drive(b, &b->request.in);
  b->now = SETTLED;
  come_back(b);
}

// All inputs 0, reset active; the first answer goes out when that has settled. Not at time zero: the nets
// without a driver are still to become Z then.
static void drive_first(bridge *b) {
  put(b->clock, 0);
  for (int k = 0; k < N_INPUTS; k++) put(b->inputs[k], 0);
  b->now = SETTLED;
  come_back(b);
}

static void rise(bridge *b) {
  put(b->clock, 1);
  b->now = CLOCK_HIGH;
  come_back(b);
}

// Probes in place of those there were. -1: the conversation has ended.
static int watch(bridge *b, eie_icarus_answer *a) {
  vpi_probes_free(b->probes);
  b->probes = vpi_probes_take(b->socket, b->request.edges, &a->kind, &a->edges);
  b->hearing = 1;
  return b->probes ? 0 : -1;
}

// A request that takes no time.
static int obey(bridge *b, eie_icarus_answer *a) {
  a->kind = EIE_ICARUS_DONE;
  a->edges = 0;
  switch (b->request.command) {
    case EIE_ICARUS_WATCH:
      return watch(b, a);
    case EIE_ICARUS_HEAR:
    case EIE_ICARUS_DEAF:
      b->hearing = b->request.command == EIE_ICARUS_HEAR;
      return 0;
    default:
      put(b->waves_on, b->request.command == EIE_ICARUS_TRACE_ON);
      return 0;
  }
}

static int next_request(bridge *b) {
  ssize_t n;
  do n = recv(b->socket, &b->request, sizeof b->request, 0);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)sizeof b->request ? 0 : -1;
}

// Answers and takes requests until one needs time. -1: the conversation has ended.
static int converse(bridge *b, eie_icarus_kind kind, const eie_icarus_answer *pins) {
  eie_icarus_answer a = *pins;
  a.kind = kind;
  a.edges = b->done;
  for (;;) {
    if (send_answer(b, &a) || next_request(b)) return -1;
    if (b->request.command == EIE_ICARUS_STEP) break;
    if (obey(b, &a)) return -1;
  }
  b->done = 0;
  b->stopped = 0;
  if (b->request.edges)
    rise(b);
  else
    settle(b);
  return 0;
}

// Counts the edge and tells its events. -1: the conversation has ended.
static int edge_has_settled(bridge *b) {
  b->done++;
  b->edges++;
  if (b->probes && b->hearing) b->stopped = vpi_probes_tell(b->probes, b->socket, b->edges);
  return b->stopped < 0 ? -1 : 0;
}

// Behind an edge: another one, or the end of the request.
static void go_on(bridge *b, const eie_icarus_answer *a) {
  if (b->stopped || b->done == b->request.edges || (b->request.until_irq && a->out[EIE_ICARUS_irq].value)) {
    settle(b);
    return;
  }
  put(b->clock, 0);
  b->now = CLOCK_LOW;
  come_back(b);
}

// Something has settled: UNDRIVEN, time zero; SETTLED, the inputs; CLOCK_HIGH, a rising edge; CLOCK_LOW, a
// falling one.
static PLI_INT32 wake(p_cb_data data) {
  bridge *b = (bridge *)(void *)data->user_data;
  eie_icarus_answer a = {.kind = EIE_ICARUS_DONE};
  if (b->now == UNDRIVEN || b->now == CLOCK_LOW) {
    if (b->now == UNDRIVEN)
      drive_first(b);
    else
      rise(b);
    return 0;
  }
  sample(b, &a);
  int dead = b->now == CLOCK_HIGH ? edge_has_settled(b) : 0;
  if (dead)
    ;
  else if (b->driven[IN_RESET] && eie_icarus_first_unknown(a.out) < EIE_ICARUS_N_OUTPUTS)
    dead = converse(b, EIE_ICARUS_UNKNOWN, &a);
  else if (b->now == SETTLED)
    dead = converse(b, EIE_ICARUS_DONE, &a);
  else if (!(dead = sign_of_life(b)))
    go_on(b, &a);
  if (dead) end_simulation();
  return 0;
}

static vpiHandle find(const char *name) {
  char text[64];
  snprintf(text, sizeof text, "%s", name);
  vpiHandle handle = vpi_handle_by_name(text, NULL);
  if (!handle) vpi_printf("eie_vpi: the design has no %s\n", name);
  return handle;
}

static int find_pins(bridge *b) {
  static const char *const inputs[N_INPUTS] = {
      "eie_top.rst_ni",        "eie_top.axil_awvalid_i", "eie_top.axil_awaddr_i", "eie_top.axil_wvalid_i",
      "eie_top.axil_wdata_i",  "eie_top.axil_wstrb_i",   "eie_top.axil_bready_i", "eie_top.axil_arvalid_i",
      "eie_top.axil_araddr_i", "eie_top.axil_rready_i"};
  static const char *const outputs[] = {
      "eie_top.axil_awready_o", "eie_top.axil_wready_o",  "eie_top.axil_bvalid_o",
      "eie_top.axil_bresp_o",   "eie_top.axil_arready_o", "eie_top.axil_rvalid_o",
      "eie_top.axil_rdata_o",   "eie_top.axil_rresp_o",   "eie_top.irq_o"};
  _Static_assert(sizeof outputs / sizeof outputs[0] == EIE_ICARUS_N_OUTPUTS, "a name for each output");
  if (!(b->clock = find("eie_top.clk_i")) || !(b->waves_on = find("eie_waves.on_q"))) return -1;
  for (int k = 0; k < N_INPUTS; k++)
    if (!(b->inputs[k] = find(inputs[k]))) return -1;
  for (int k = 0; k < EIE_ICARUS_N_OUTPUTS; k++)
    if (!(b->outputs[k] = find(outputs[k]))) return -1;
  return 0;
}

static int socket_of_arguments(void) {
  s_vpi_vlog_info info;
  int fd = -1;
  vpi_get_vlog_info(&info);
  for (int k = 0; k < info.argc; k++)
    if (sscanf(info.argv[k], "+eie_fd=%d", &fd) == 1) return fd;
  vpi_printf("eie_vpi: +eie_fd=N is missing\n");
  return -1;
}

static PLI_INT32 begin(p_cb_data data) {
  bridge *b = (bridge *)(void *)data->user_data;
  b->socket = socket_of_arguments();
  if (b->socket < 0 || find_pins(b))
    end_simulation();
  else
    come_back(b);
  return 0;
}

static void enter(void) {
  bridge *b = calloc(1, sizeof *b);  // lives as long as the simulation
  s_cb_data callback = {.reason = cbStartOfSimulation, .cb_rtn = begin, .user_data = (PLI_BYTE8 *)b};
  if (b) vpi_register_cb(&callback);
}

// What vvp looks for in a module.
void (*vlog_startup_routines[])(void) = {enter, NULL};
