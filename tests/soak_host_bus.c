// SPDX-License-Identifier: Apache-2.0
// Accesses of the host's actions, and what it puts back.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soak_host_parts.h"

eie_status host_wrong(soak_host *h, const soak_action *a, eie_error *err, const char *format, ...) {
  eie_error *e = &h->report->error;
  va_list args;
  va_start(args, format);
  vsnprintf(e->text, sizeof e->text, format, args);
  va_end(args);
  eie_error_prefix(
      e, "host action %s in program %u, cycle %llu of it", soak_kind_name(a->kind),
      h->started ? h->started - 1 : 0,
      (unsigned long long)(h->state == HOST_IDLE ? 0 : eie_device_cycles(h->inner) - h->start_cycle));
  if (err) *err = *e;
  return EIE_ERR_UNEQUAL;
}

uint32_t host_address(const soak_host *h, uint32_t region, uint32_t pe, uint32_t word) {
  return region << h->region_shift | pe << h->pe_shift | word << 2;
}

eie_status host_read(soak_host *h, uint32_t address, uint32_t *data, uint8_t *resp, eie_error *err) {
  return eie_device_read(h->inner, address, data, resp, err);
}

eie_status host_write(soak_host *h, uint32_t address, uint32_t data, uint8_t strobes, uint8_t *resp,
                      eie_error *err) {
  eie_burst w = {.address = address, .data = &data, .count = 1, .strobes = strobes};
  EIE_TRY(h->inner->ops->transfer(h->inner, &w, NULL, err));
  *resp = w.resp;
  return EIE_OK;
}

eie_status host_read_good(soak_host *h, const soak_action *a, uint32_t address, uint32_t *data,
                          eie_error *err) {
  uint8_t resp = 9;
  EIE_TRY(host_read(h, address, data, &resp, err));
  if (resp == EIE_AXI_OKAY) return EIE_OK;
  return host_wrong(h, a, err, "the read of 0x%08x was answered with %u", address, resp);
}

eie_status host_write_good(soak_host *h, const soak_action *a, uint32_t address, uint32_t data,
                           eie_error *err) {
  uint8_t resp = 9;
  EIE_TRY(host_write(h, address, data, EIE_ALL_STROBES, &resp, err));
  if (resp == EIE_AXI_OKAY) return EIE_OK;
  return host_wrong(h, a, err, "the write to 0x%08x was answered with %u", address, resp);
}

eie_status host_refused(soak_host *h, const soak_action *a, uint32_t address, int write, uint32_t data,
                        uint8_t strobes, eie_error *err) {
  uint8_t resp = 9;
  EIE_TRY(write ? host_write(h, address, data, strobes, &resp, err)
                : host_read(h, address, &data, &resp, err));
  if (resp == EIE_AXI_SLVERR) return EIE_OK;
  return host_wrong(h, a, err, "the %s 0x%08x was answered with %u, not refused",
                    write ? "write to" : "read of", address, resp);
}

// Refused at any time.
eie_status host_illegal(soak_host *h, const soak_action *a, eie_error *err) {
  const uint32_t region = 1 + a->pick / 8 % 7, hole = a->pick / 64 % 4;
  static const uint32_t holes[] = {0x030, 0x03C, 0x074, 0xFFC};
  switch (a->pick % 8) {
    case 0:
      return host_refused(h, a, host_address(h, region, 0, 0) + 1 + a->pick / 64 % 3, 0, 0, 0, err);
    case 1:
      return host_refused(h, a, host_address(h, region, 0, 0) + 1 + a->pick / 64 % 3, 1, a->pick, 15, err);
    case 2:
      return host_refused(h, a, holes[hole], (int)(a->pick / 256 % 2), a->pick, 15, err);
    case 3:
      return host_refused(h, a, 8u << h->region_shift, (int)(a->pick / 64 % 2), a->pick, 15, err);
    case 4:
      return host_refused(h, a, EIE_REG_CTRL, 1, EIE_CTRL_START | EIE_CTRL_ABORT | EIE_CTRL_CLEAR, 15, err);
    case 5:
      return host_refused(h, a, host_address(h, EIE_REGION_COUNTER, 0, 0), 1, a->pick, 15, err);
    case 6:
      return host_refused(h, a, EIE_REG_CTRL, 1, 1u << a->pick / 64 % 3, (uint8_t)(a->pick / 256 % 15), err);
    default:
      return host_refused(h, a, EIE_REG_N_PE + 4 * (a->pick / 64 % 12), 1, a->pick, 15, err);
  }
}

eie_status host_wait_idle(soak_host *h, const soak_action *a, eie_error *err) {
  uint32_t status = EIE_STATUS_BUSY;
  for (uint32_t poll = 0; poll < h->c->config.rows + 10000; poll++) {
    EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
    if (!(status & EIE_STATUS_BUSY)) return EIE_OK;
  }
  return host_wrong(h, a, err, "the array stays busy: STATUS is 0x%x", status);
}

// ---- memories ------------------------------------------------------------------------------------

static eie_status activations(soak_host *h, int write, eie_error *err) {
  const uint32_t count = h->c->config.act_slots * h->c->config.n_pe;
  eie_burst b = {.address = host_address(h, EIE_REGION_ACTIVATION, 0, 0),
                 .stride = 4,
                 .data = h->activations,
                 .count = count,
                 .strobes = EIE_ALL_STROBES};
  EIE_TRY(h->inner->ops->transfer(h->inner, write ? &b : NULL, write ? NULL : &b, err));
  if (b.resp == EIE_AXI_OKAY) return EIE_OK;
  return eie_fail(err, EIE_ERR_DEVICE, "activation %u was answered with %u", b.bad, b.resp);
}

// Values that no layer would mind: nothing may depend on them.
eie_status host_fill_activations(soak_host *h, eie_error *err) {
  const uint32_t count = h->c->config.act_slots * h->c->config.n_pe;
  eie_random rng;
  eie_random_seed(&rng, h->c->seed);
  for (uint32_t k = 0; k < count; k++) h->activations[k] = eie_random_below(&rng, 65536);
  return activations(h, 1, err);
}

eie_status host_save_activations(soak_host *h, eie_error *err) {
  return activations(h, 0, err);
}

eie_status host_restore_activations(soak_host *h, eie_error *err) {
  return activations(h, 1, err);
}

static eie_status reload_region(soak_host *h, uint32_t region, eie_error *err) {
  const soak_shadow *s = &h->shadow[region];
  for (uint32_t k = 0, count; k < h->region_words; k += count) {
    count = 1;
    if (!s->known[k]) continue;
    while (k + count < h->region_words && s->known[k + count]) count++;
    eie_burst w = {.address = region << h->region_shift | k << 2,
                   .stride = 4,
                   .data = s->word + k,
                   .count = count,
                   .strobes = EIE_ALL_STROBES};
    EIE_TRY(h->inner->ops->transfer(h->inner, &w, NULL, err));
    if (w.resp != EIE_AXI_OKAY)
      return eie_fail(err, EIE_ERR_DEVICE, "word %u of region %u was answered with %u", k + w.bad, region,
                      w.resp);
  }
  return EIE_OK;
}

// Everything that the host has written, as behind a reset.
eie_status host_reload(soak_host *h, eie_error *err) {
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_SPMAT, EIE_REGION_POINTER,
                                     EIE_REGION_CODEBOOK};
  uint8_t resp = 0;
  for (uint32_t k = 0; k < 4; k++) EIE_TRY(reload_region(h, regions[k], err));
  EIE_TRY(host_restore_activations(h, err));
  EIE_TRY(host_write(h, EIE_REG_IRQ_ENABLE, h->irq_enable, EIE_ALL_STROBES, &resp, err));
  return host_write(h, EIE_REG_PROGRAM, h->program_register, EIE_ALL_STROBES, &resp, err);
}
