// SPDX-License-Identifier: Apache-2.0
// The driver's bus over an eie_device, and the driver's statuses as sentences.
#ifndef EIE_DEVICE_BUS_H
#define EIE_DEVICE_BUS_H

#include "eie_device.h"
#include "eie_driver.h"

typedef struct {
  eie_device *device;
  eie_driver *driver;                // for the address map
  eie_error error;                   // of the last access that the device could not answer
  uint32_t refused;                  // address of the beat that got `response`
  uint64_t cycles[EIE_NUM_REGIONS];  // spent in accesses to each region
} eie_device_bus;

// Opens `driver` on `device`. *bus must live as long as the driver.
eie_status eie_device_bus_open(eie_device_bus *bus, eie_device *device, eie_driver *driver, eie_error *err);

// EIE_OK, or EIE_ERR_DEVICE with what the driver met.
eie_status eie_device_bus_check(const eie_device_bus *bus, eie_driver_status status, eie_error *err);

#endif
