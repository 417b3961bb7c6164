// SPDX-License-Identifier: Apache-2.0
// The calls of eie_device.h that every device shares.
#include "eie_device.h"

#include <stddef.h>
#include <string.h>

#include "device_uart.h"

eie_status eie_device_open(const char *engine, const eie_config *config, const eie_device_options *options,
                           eie_device **device, eie_error *err) {
  const char *port = eie_device_uart_port(engine);
  if (port) return eie_device_open_uart(port, device, err);
  if (strcmp(engine, "rtl") == 0) engine = eie_device_rtl_engine();
  if (strcmp(engine, "verilator") == 0) return eie_device_open_verilator(config, options, device, err);
  if (strcmp(engine, "icarus") == 0) return eie_device_open_icarus(config, options, device, err);
  if (strcmp(engine, "model") == 0) return eie_device_open_model(config, options, device, err);
  return eie_fail(err, EIE_ERR_USE, "engine '%s' is not one of: verilator, icarus, model, uart:PORT", engine);
}

eie_status eie_device_step(eie_device *d, uint64_t cycles, eie_error *err) {
  return d->ops->run(d, cycles, 0, err);
}

eie_status eie_device_wait_irq(eie_device *d, uint64_t limit, eie_error *err) {
  if (eie_device_irq(d)) return EIE_OK;
  EIE_TRY(d->ops->run(d, limit, 1, err));
  if (eie_device_irq(d)) return EIE_OK;
  return eie_fail(err, EIE_ERR_DEVICE, "irq_o did not rise within %llu cycles (cycle %llu now)",
                  (unsigned long long)limit, (unsigned long long)eie_device_cycles(d));
}

eie_status eie_device_read(eie_device *d, uint32_t address, uint32_t *data, uint8_t *resp, eie_error *err) {
  eie_burst reads = {.address = address, .data = data, .count = 1};
  EIE_TRY(d->ops->transfer(d, NULL, &reads, err));
  *resp = reads.resp;
  return EIE_OK;
}

eie_status eie_device_write(eie_device *d, uint32_t address, uint32_t data, uint8_t *resp, eie_error *err) {
  eie_burst writes = {.address = address, .data = &data, .count = 1, .strobes = EIE_ALL_STROBES};
  EIE_TRY(d->ops->transfer(d, &writes, NULL, err));
  *resp = writes.resp;
  return EIE_OK;
}

eie_status eie_device_reset(eie_device *d, eie_error *err) {
  return d->ops->reset(d, err);
}

eie_status eie_device_trace(eie_device *d, int on, eie_error *err) {
  return d->ops->trace(d, on, err);
}

int eie_device_irq(eie_device *d) {
  return d->ops->irq(d);
}

uint64_t eie_device_cycles(eie_device *d) {
  return d->ops->cycles(d);
}

void eie_device_close(eie_device *d) {
  if (d) d->ops->close(d);
}
