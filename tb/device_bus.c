// SPDX-License-Identifier: Apache-2.0
// Hooks of the driver; every access is counted by region.
#include "device_bus.h"

#include <string.h>

static int answer(eie_device_bus *b, eie_status status, const eie_burst *burst, uint64_t since) {
  uint32_t shift = b->driver->region_shift, region = shift ? burst->address >> shift : 0;
  if (region < EIE_NUM_REGIONS) b->cycles[region] += eie_device_cycles(b->device) - since;
  if (status) return -1;
  if (burst->resp) b->refused = burst->address + burst->bad * burst->stride;
  return burst->resp;
}

static int bus_read_many(void *context, uint32_t address, uint32_t stride, uint32_t *data, uint32_t count) {
  eie_device_bus *b = context;
  eie_burst reads = {.address = address, .stride = stride, .data = data, .count = count};
  uint64_t since = eie_device_cycles(b->device);
  eie_status status = count ? b->device->ops->transfer(b->device, NULL, &reads, &b->error) : EIE_OK;
  return answer(b, status, &reads, since);
}

static int bus_write_many(void *context, uint32_t address, uint32_t stride, const uint32_t *data,
                          uint32_t count) {
  eie_device_bus *b = context;
  eie_burst writes = {.address = address,
                      .stride = stride,
                      .data = (uint32_t *)(uintptr_t)data,  // a write leaves its data alone
                      .count = count,
                      .strobes = EIE_ALL_STROBES};
  uint64_t since = eie_device_cycles(b->device);
  eie_status status = count ? b->device->ops->transfer(b->device, &writes, NULL, &b->error) : EIE_OK;
  return answer(b, status, &writes, since);
}

static int bus_read(void *context, uint32_t address, uint32_t *data) {
  return bus_read_many(context, address, 0, data, 1);
}

static int bus_write(void *context, uint32_t address, uint32_t data) {
  return bus_write_many(context, address, 0, &data, 1);
}

static int bus_wait_irq(void *context, uint32_t limit) {
  eie_device_bus *b = context;
  return eie_device_wait_irq(b->device, limit, &b->error) ? -1 : 0;
}

eie_status eie_device_bus_open(eie_device_bus *bus, eie_device *device, eie_driver *driver, eie_error *err) {
  memset(bus, 0, sizeof *bus);
  memset(driver, 0, sizeof *driver);
  bus->device = device;
  bus->driver = driver;
  const eie_bus hooks = {bus, bus_read, bus_write, bus_read_many, bus_write_many, bus_wait_irq};
  return eie_device_bus_check(bus, eie_driver_open(driver, &hooks), err);
}

static eie_status refused(const eie_device_bus *b, eie_error *err) {
  const eie_driver *d = b->driver;
  uint32_t inside = b->refused & ((1u << d->region_shift) - 1), region = b->refused >> d->region_shift;
  return eie_fail(err, EIE_ERR_DEVICE,
                  "the access to address 0x%08x (%s region, offset 0x%x) was refused with response %u",
                  b->refused, eie_driver_region_name(region), inside, d->why.response);
}

static eie_status faulted(const eie_driver_why *w, eie_error *err) {
  const eie_fault *f = &w->fault;
  if (f->code == EIE_FAULT_SLOT || f->code == EIE_FAULT_POINTER)
    return eie_fail(err, EIE_ERR_DEVICE, "fault %s in descriptor %u, PE %u, entry %u: %s",
                    eie_driver_fault_name(f->code), f->descriptor, f->pe, f->entry,
                    eie_driver_fault_text(f->code));
  return eie_fail(err, EIE_ERR_DEVICE, "fault %s in descriptor %u: %s", eie_driver_fault_name(f->code),
                  f->descriptor, eie_driver_fault_text(f->code));
}

eie_status eie_device_bus_check(const eie_device_bus *b, eie_driver_status status, eie_error *err) {
  const eie_driver_why *w = &b->driver->why;
  switch (status) {
    case EIE_DRIVER_OK:
      return EIE_OK;
    case EIE_DRIVER_BUS:
      return refused(b, err);
    case EIE_DRIVER_DEAD:
      return eie_fail(err, EIE_ERR_DEVICE, "%s", b->error.text);
    case EIE_DRIVER_FAULT:
      return faulted(w, err);
    case EIE_DRIVER_PARAMETER:
      return eie_fail(err, EIE_ERR_DEVICE,
                      "the image was packed for %s = %u, the device has %u; pack it for this configuration",
                      eie_driver_parameter_name(w->index), w->wanted, w->found);
    case EIE_DRIVER_IMAGE:
      return eie_fail(err, EIE_ERR_DEVICE, "%s (step or block %u)", eie_driver_status_text(status), w->index);
    case EIE_DRIVER_VERIFY:
      return eie_fail(err, EIE_ERR_DEVICE, "%s memory of PE %u, word %u: holds 0x%08x, 0x%08x was written",
                      eie_driver_region_name(w->region), w->pe, w->word, w->found, w->wanted);
    case EIE_DRIVER_TIMEOUT:
      return eie_fail(err, EIE_ERR_DEVICE, "the array is not done in time: STATUS is 0x%04x (%s)", w->found,
                      b->error.text[0] ? b->error.text : "polled");
    default:
      return eie_fail(err, EIE_ERR_DEVICE, "%s: wanted 0x%08x, found 0x%08x", eie_driver_status_text(status),
                      w->wanted, w->found);
  }
}
