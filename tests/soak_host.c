// SPDX-License-Identifier: Apache-2.0
// The device: what passes through, and when the actions of a case come.
#include "soak_host.h"

#include <stdlib.h>
#include <string.h>

#include "soak_host_parts.h"

static int restarts(soak_kind kind) {
  return kind == SOAK_ABORT || kind == SOAK_RESET || kind == SOAK_BAD_PROGRAM ||
         kind == SOAK_BAD_DESCRIPTOR || kind == SOAK_BAD_POINTER;
}

int soak_host_restarts(const soak_case *c) {
  for (uint32_t k = 0; k < c->n_actions; k++)
    if (restarts(c->actions[k].kind)) return 1;
  return 0;
}

// ---- programs ------------------------------------------------------------------------------------

static eie_status run_actions(soak_host *h, soak_when when, eie_error *err) {
  for (uint32_t k = 0; k < h->c->n_actions; k++) {
    const soak_action *a = &h->c->actions[k];
    if (a->program != h->started - 1 || soak_kind_when(a->kind) != when) continue;
    EIE_TRY(when == SOAK_BEFORE ? host_before(h, a, err) : host_after(h, a, err));
  }
  return EIE_OK;
}

// The harness is about to start a program.
static eie_status begin(soak_host *h, eie_error *err) {
  int again = 0;
  h->now = &h->plan->programs[h->started % h->plan->n_programs];
  h->started++;
  h->state = HOST_IDLE;
  for (uint32_t k = 0; k < h->c->n_actions; k++)
    again |= h->c->actions[k].program == h->started - 1 && restarts(h->c->actions[k].kind);
  if (again) EIE_TRY(host_save_activations(h, err));
  return run_actions(h, SOAK_BEFORE, err);
}

// In order of their cycles, which count from the latest start.
static eie_status during(soak_host *h, eie_error *err) {
  for (uint32_t k = 0; k < h->c->n_actions; k++) {
    const soak_action *a = &h->c->actions[k];
    if (a->program != h->started - 1 || soak_kind_when(a->kind) != SOAK_DURING) continue;
    if (eie_device_irq(h->inner)) return EIE_OK;
    const uint64_t at = h->start_cycle + a->cycle, now = eie_device_cycles(h->inner);
    if (at > now) EIE_TRY(h->inner->ops->run(h->inner, at - now, 1, err));
    if (eie_device_irq(h->inner)) return EIE_OK;
    const uint64_t end = h->start_cycle + h->now->cycles, then = eie_device_cycles(h->inner);
    EIE_TRY(host_during(h, a, end > then ? end - then : 0, err));
  }
  return EIE_OK;
}

// ---- what passes through -------------------------------------------------------------------------

static void note_write(soak_host *h, uint32_t address, uint32_t data) {
  const uint32_t region = address >> h->region_shift, word = (address & ((1u << h->region_shift) - 1)) >> 2;
  if (address == EIE_REG_PROGRAM) h->program_register = data;
  if (address == EIE_REG_IRQ_ENABLE) h->irq_enable = data;
  if (region == 0 || region >= EIE_NUM_REGIONS || !h->shadow[region].word) return;
  h->shadow[region].word[word] = data;
  h->shadow[region].known[word] = 1;
}

static int is_start(const eie_burst *w) {
  return w && w->count == 1 && w->address == EIE_REG_CTRL && w->data[0] == EIE_CTRL_START;
}

static int asks_how_it_ended(const eie_burst *r) {
  return r &&
         (r->address == EIE_REG_STATUS || r->address == EIE_REG_FAULT || r->address == EIE_REG_FAULT_ENTRY);
}

static eie_status host_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  soak_host *h = (soak_host *)d;
  const int start = is_start(writes);
  if (h->report->error.text[0]) return eie_fail(err, EIE_ERR_DEVICE, "%s", h->report->error.text);
  if (h->state == HOST_RUNNING && eie_device_irq(h->inner)) h->state = HOST_ENDED;
  if (h->state == HOST_ENDED && !asks_how_it_ended(reads)) {
    EIE_TRY(run_actions(h, SOAK_AFTER, err));
    h->state = HOST_IDLE;
  }
  if (start) EIE_TRY(begin(h, err));
  EIE_TRY(h->inner->ops->transfer(h->inner, writes, reads, err));
  for (uint32_t k = 0; writes && k < writes->bad; k++)
    note_write(h, writes->address + k * writes->stride, writes->data[k]);
  if (!start || writes->resp) return EIE_OK;
  h->state = HOST_RUNNING;
  h->start_cycle = eie_device_cycles(h->inner);
  return EIE_OK;
}

static eie_status host_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  soak_host *h = (soak_host *)d;
  if (h->report->error.text[0]) return eie_fail(err, EIE_ERR_DEVICE, "%s", h->report->error.text);
  if (h->state == HOST_RUNNING && until_irq) EIE_TRY(during(h, err));
  if (!until_irq || !eie_device_irq(h->inner)) EIE_TRY(h->inner->ops->run(h->inner, cycles, until_irq, err));
  if (h->state == HOST_RUNNING && eie_device_irq(h->inner)) h->state = HOST_ENDED;
  return EIE_OK;
}

static eie_status host_reset(eie_device *d, eie_error *err) {
  return eie_device_reset(((soak_host *)d)->inner, err);
}

static int host_irq(eie_device *d) {
  return eie_device_irq(((soak_host *)d)->inner);
}

static uint64_t host_cycles(eie_device *d) {
  return eie_device_cycles(((soak_host *)d)->inner);
}

static eie_status host_trace(eie_device *d, int on, eie_error *err) {
  return eie_device_trace(((soak_host *)d)->inner, on, err);
}

static void free_host(soak_host *h) {
  for (uint32_t k = 0; k < EIE_NUM_REGIONS; k++) {
    free(h->shadow[k].word);
    free(h->shadow[k].known);
  }
  free(h->activations);
  free(h);
}

static void host_close(eie_device *d) {
  soak_host *h = (soak_host *)d;
  eie_device_close(h->inner);
  free_host(h);
}

static const eie_device_ops host_ops = {host_reset,  host_run,   host_transfer, host_irq,
                                        host_cycles, host_trace, host_close};

static eie_status alloc_memories(soak_host *h, eie_error *err) {
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_SPMAT, EIE_REGION_POINTER,
                                     EIE_REGION_CODEBOOK};
  int bad = 0;
  h->region_words = 1u << (h->region_shift - 2);
  for (uint32_t k = 0; k < 4; k++) {
    soak_shadow *s = &h->shadow[regions[k]];
    s->word = calloc(h->region_words, sizeof *s->word);
    s->known = calloc(h->region_words, 1);
    bad |= !s->word || !s->known;
  }
  h->activations = calloc((size_t)h->c->config.act_slots * h->c->config.n_pe, sizeof *h->activations);
  return bad || !h->activations ? eie_fail(err, EIE_ERR_MEMORY, "no memory for what the host wrote") : EIE_OK;
}

// Behind reset the array clears its accumulators; then, if they must be known, the activations are written.
static eie_status prepare(soak_host *h, eie_error *err) {
  static const soak_action none = {SOAK_READ_STATUS, 0, 0, 0};
  uint32_t map = 0;
  EIE_TRY(host_read_good(h, &none, EIE_REG_ADDRESS, &map, err));
  h->pe_shift = map & 0xFF;
  h->region_shift = map >> 8 & 0xFF;
  if (h->region_shift < 8 || h->region_shift > 28)
    return eie_fail(err, EIE_ERR_DEVICE, "ADDRESS is 0x%x: no such map", map);
  EIE_TRY(alloc_memories(h, err));
  if (!h->may_restart) return EIE_OK;
  EIE_TRY(host_wait_idle(h, &none, err));
  return host_fill_activations(h, err);
}

eie_status soak_host_open(eie_device *inner, const char *engine, const soak_case *c, const soak_plan *plan,
                          soak_host_report *report, eie_device **device, eie_error *err) {
  soak_host *h = calloc(1, sizeof *h);
  if (!h) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a host");
  h->base.ops = &host_ops;
  h->inner = inner;
  h->c = c;
  h->plan = plan;
  h->report = report;
  h->icarus = !strcmp(engine, "icarus");
  h->may_restart = soak_host_restarts(c);
  eie_status status = prepare(h, err);
  if (status) {
    free_host(h);
    return status;
  }
  *device = &h->base;
  return EIE_OK;
}
