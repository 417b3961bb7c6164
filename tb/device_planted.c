// SPDX-License-Identifier: Apache-2.0
// Wraps a device and spoils what passes through.
#include "device_planted.h"

#include <stdlib.h>
#include <string.h>

#include "eie_registers.h"

typedef struct {
  eie_device base;
  eie_device *inner;
  eie_plant plant;
  uint32_t seen;     // accesses to the address so far
  uint32_t started;  // number of descriptors of a program that was started and not yet seen done
  uint32_t program;  // as written to register PROGRAM
} planted_device;

static int spoils(planted_device *p, eie_plant_kind kind, uint32_t address) {
  return p->plant.kind == kind && address == p->plant.address && p->seen++ >= p->plant.skip;
}

static void watch_write(planted_device *p, uint32_t address, uint32_t data) {
  if (address == EIE_REG_PROGRAM) p->program = data;
  if (address == EIE_REG_CTRL && data == EIE_CTRL_START) p->started = p->program >> 8;
}

static void spoil_read(planted_device *p, uint32_t address, uint32_t *data) {
  if (spoils(p, EIE_PLANT_READ, address)) *data ^= p->plant.mask;
  if (p->plant.kind == EIE_PLANT_EARLY_DONE && address == EIE_REG_STATUS && p->started) {
    *data = EIE_STATUS_DONE | p->started << 8;
    p->started = 0;
  }
}

static eie_status spoilt_writes(planted_device *p, eie_burst *writes, eie_burst *reads, eie_error *err) {
  uint32_t *copy = malloc(((size_t)writes->count + 1) * sizeof *copy);
  if (!copy) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a planted fault");
  memcpy(copy, writes->data, writes->count * sizeof *copy);
  for (uint32_t k = 0; k < writes->count; k++) {
    uint32_t address = writes->address + k * writes->stride;
    if (spoils(p, EIE_PLANT_WRITE, address)) copy[k] ^= p->plant.mask;
    watch_write(p, address, copy[k]);
  }
  eie_burst changed = *writes;
  changed.data = copy;
  eie_status status = p->inner->ops->transfer(p->inner, &changed, reads, err);
  writes->resp = changed.resp;
  writes->bad = changed.bad;
  free(copy);
  return status;
}

static eie_status planted_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  planted_device *p = (planted_device *)d;
  EIE_TRY(writes ? spoilt_writes(p, writes, reads, err)
                 : p->inner->ops->transfer(p->inner, NULL, reads, err));
  for (uint32_t k = 0; reads && k < reads->count; k++)
    spoil_read(p, reads->address + k * reads->stride, &reads->data[k]);
  return EIE_OK;
}

static int planted_irq(eie_device *d) {
  planted_device *p = (planted_device *)d;
  if (p->plant.kind == EIE_PLANT_NO_DONE) return 0;
  return eie_device_irq(p->inner) || (p->plant.kind == EIE_PLANT_EARLY_DONE && p->started);
}

static eie_status planted_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  planted_device *p = (planted_device *)d;
  return p->inner->ops->run(p->inner, cycles, until_irq && p->plant.kind != EIE_PLANT_NO_DONE, err);
}

static eie_status planted_reset(eie_device *d, eie_error *err) {
  planted_device *p = (planted_device *)d;
  p->started = 0;
  return eie_device_reset(p->inner, err);
}

static uint64_t planted_cycles(eie_device *d) {
  return eie_device_cycles(((planted_device *)d)->inner);
}

static eie_status planted_trace(eie_device *d, int on, eie_error *err) {
  return eie_device_trace(((planted_device *)d)->inner, on, err);
}

static void planted_close(eie_device *d) {
  eie_device_close(((planted_device *)d)->inner);
  free(d);
}

static const eie_device_ops planted_ops = {planted_reset,  planted_run,   planted_transfer, planted_irq,
                                           planted_cycles, planted_trace, planted_close};

eie_status eie_device_plant(eie_device *inner, const eie_plant *plant, eie_device **device, eie_error *err) {
  planted_device *p = calloc(1, sizeof *p);
  if (!p) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a planted fault");
  p->base.ops = &planted_ops;
  p->inner = inner;
  p->plant = *plant;
  *device = &p->base;
  return EIE_OK;
}

void eie_device_replant(eie_device *device, const eie_plant *plant) {
  planted_device *p = (planted_device *)device;
  p->plant = *plant;
  p->seen = p->started = 0;
}
