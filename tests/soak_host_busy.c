// SPDX-License-Identifier: Apache-2.0
// Actions while a program runs.
#include "soak_host_parts.h"

static const eie_timing_counters *times_of(const soak_host *h) {
  return &h->plan->times[(size_t)h->now->input * h->plan->packed.n_passes + h->now->step];
}

// Passes that have ended `cycles` behind the program's start.
static uint32_t finished(const soak_host *h, uint64_t cycles) {
  uint32_t n = 0;
  for (uint64_t sum = 0; n < h->now->count; n++) {
    sum += times_of(h)[n].cycles;
    if (sum > cycles) return n;
  }
  return n;
}

static uint64_t since_start(const soak_host *h) {
  return eie_device_cycles(h->inner) - h->start_cycle;
}

// Launch, broadcasts and entries, drain, write-back: by the timing model, to a few cycles.
static uint32_t phase(const soak_host *h, uint64_t at) {
  const eie_timing_delays delays = eie_timing_delays_of(&h->c->config);
  for (uint32_t k = 0; k < h->now->count; k++) {
    const eie_timing_counters *t = &times_of(h)[k];
    if (at >= t->cycles) {
      at -= t->cycles;
      continue;
    }
    const eie_pass *p = &h->plan->packed.passes[h->now->step + k];
    const uint64_t walk = (uint64_t)delays.write_back + (p->write_back ? p->rows : 1);
    if (at < (uint64_t)delays.first_group) return 0;
    if (at + walk >= t->cycles) return 3;
    return at < (uint64_t)delays.first_group + t->window ? 1 : 2;
  }
  return 3;
}

static eie_status read_status(soak_host *h, const soak_action *a, uint64_t left, eie_error *err) {
  const uint64_t margin = host_margin(h), before = since_start(h);
  uint32_t status = 0;
  EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
  if (left > margin && (status & 7) != EIE_STATUS_BUSY)
    return host_wrong(h, a, err, "STATUS is 0x%x while the program runs", status);
  const uint32_t least = before < margin ? 0 : finished(h, before - margin),
                 most = finished(h, since_start(h) + margin);
  if ((status >> 8 & 0xFF) < least || (status >> 8 & 0xFF) > most)
    return host_wrong(h, a, err, "STATUS says %u layers, not %u to %u", status >> 8 & 0xFF, least, most);
  return EIE_OK;
}

// CYCLES of a layer that ended a while ago is final; every other counter can be read.
static eie_status read_counters(soak_host *h, const soak_action *a, eie_error *err) {
  const uint64_t margin = host_margin(h) + 60, now = since_start(h);
  const uint32_t done = now < margin ? 0 : finished(h, now - margin);
  uint32_t value = 0;
  EIE_TRY(host_read_good(h, a, EIE_REG_PROGRAM_CYCLES + 4 * (a->pick / 16 % 4), &value, err));
  EIE_TRY(host_read_good(
      h, a, host_address(h, EIE_REGION_PE_COUNTER, a->pick / 64 % h->c->config.n_pe, a->pick % 2), &value,
      err));
  if (!done) return EIE_OK;
  const uint32_t k = a->pick / 16 % done, descriptor = h->plan->packed.passes[h->now->step + k].descriptor;
  EIE_TRY(host_read_good(h, a, host_address(h, EIE_REGION_COUNTER, 0, descriptor * 2 * EIE_NUM_COUNTERS),
                         &value, err));
  if (value == (uint32_t)times_of(h)[k].cycles) return EIE_OK;
  return host_wrong(h, a, err, "CYCLES of finished descriptor %u is %u, timing model %u", descriptor, value,
                    (uint32_t)times_of(h)[k].cycles);
}

static eie_status busy_memory(soak_host *h, const soak_action *a, eie_error *err) {
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_SPMAT, EIE_REGION_POINTER,
                                     EIE_REGION_CODEBOOK, EIE_REGION_ACTIVATION};
  const uint32_t address = host_address(h, regions[a->pick % 5], 0, a->pick / 8 % 2);
  return host_refused(h, a, address, (int)(a->pick / 16 % 2), a->pick, EIE_ALL_STROBES, err);
}

static eie_status busy_control(soak_host *h, const soak_action *a, eie_error *err) {
  static const uint32_t what[] = {EIE_CTRL_START, EIE_CTRL_CLEAR};
  if (a->pick % 3 < 2) return host_refused(h, a, EIE_REG_CTRL, 1, what[a->pick % 3], EIE_ALL_STROBES, err);
  return host_refused(h, a, EIE_REG_PROGRAM, 1, a->pick, EIE_ALL_STROBES, err);
}

static eie_status mask(soak_host *h, const soak_action *a, eie_error *err) {
  uint32_t status = EIE_STATUS_BUSY;
  EIE_TRY(host_write_good(h, a, EIE_REG_IRQ_ENABLE, 0, err));
  for (uint64_t poll = 0; poll < h->now->cycles + 50000 && status & EIE_STATUS_BUSY; poll++) {
    EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
    if (eie_device_irq(h->inner)) return host_wrong(h, a, err, "irq_o is 1 with interrupts off");
  }
  if ((status & 7) != EIE_STATUS_DONE)
    return host_wrong(h, a, err, "polled to its end, STATUS is 0x%x", status);
  return host_write_good(h, a, EIE_REG_IRQ_ENABLE, h->irq_enable, err);
}

static eie_status start_again(soak_host *h, const soak_action *a, eie_error *err) {
  EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_START, err));
  h->start_cycle = eie_device_cycles(h->inner);
  return EIE_OK;
}

// An ABORT that comes too late is refused or, in the program's very last cycle, taken; the program is done.
static eie_status abort_program(soak_host *h, const soak_action *a, uint64_t left, eie_error *err) {
  const uint32_t where = phase(h, since_start(h));
  uint32_t fault = 0, status = 0;
  uint8_t resp = 9;
  EIE_TRY(host_write(h, EIE_REG_CTRL, EIE_CTRL_ABORT, EIE_ALL_STROBES, &resp, err));
  EIE_TRY(host_run_to_end(h, a, &fault, &status, err));
  if (left <= host_margin(h) && status & EIE_STATUS_DONE && !fault) return EIE_OK;
  if (resp != EIE_AXI_OKAY || (fault & 0xFF) != EIE_FAULT_ABORTED)
    return host_wrong(h, a, err, "ABORT was answered with %u; STATUS is 0x%x, FAULT 0x%x", resp, status,
                      fault);
  h->report->corners.of[SOAK_ABORT_CORNER + where]++;
  EIE_TRY(host_restore_activations(h, err));
  if (a->pick & 1) EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_CLEAR, err));
  return start_again(h, a, err);
}

static eie_status reset_program(soak_host *h, const soak_action *a, eie_error *err) {
  const uint32_t where = phase(h, since_start(h));
  uint32_t status = 0, program = 0;
  EIE_TRY(eie_device_reset(h->inner, err));
  EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
  EIE_TRY(host_read_good(h, a, EIE_REG_PROGRAM, &program, err));
  if (status & ~(uint32_t)EIE_STATUS_BUSY || program || eie_device_irq(h->inner))
    return host_wrong(h, a, err, "behind reset STATUS is 0x%x, PROGRAM 0x%x, irq_o %d", status, program,
                      eie_device_irq(h->inner));
  EIE_TRY(host_wait_idle(h, a, err));
  h->report->corners.of[SOAK_RESET_CORNER + where]++;
  EIE_TRY(host_reload(h, err));
  return start_again(h, a, err);
}

eie_status host_during(soak_host *h, const soak_action *a, uint64_t left, eie_error *err) {
  const int restarts = a->kind == SOAK_ABORT || a->kind == SOAK_RESET;
  const int harmless = restarts || a->kind == SOAK_READ_STATUS || a->kind == SOAK_READ_COUNTERS ||
                       a->kind == SOAK_MASK || a->kind == SOAK_BUSY_ILLEGAL;
  if (restarts && (!h->now->fresh_chain || !h->may_restart)) return EIE_OK;
  if (!harmless && left <= host_margin(h)) return EIE_OK;
  host_count(h, a);
  switch (a->kind) {
    case SOAK_READ_STATUS:
      return read_status(h, a, left, err);
    case SOAK_READ_COUNTERS:
      return read_counters(h, a, err);
    case SOAK_BUSY_MEMORY:
      return busy_memory(h, a, err);
    case SOAK_BUSY_CONTROL:
      return busy_control(h, a, err);
    case SOAK_MASK:
      return mask(h, a, err);
    case SOAK_ABORT:
      return abort_program(h, a, left, err);
    case SOAK_RESET:
      return reset_program(h, a, err);
    default:
      return host_illegal(h, a, err);
  }
}
