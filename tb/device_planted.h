// SPDX-License-Identifier: Apache-2.0
// A device with a planted fault, around any other: it shows that the checks of the harness can fail.
#ifndef EIE_DEVICE_PLANTED_H
#define EIE_DEVICE_PLANTED_H

#include "eie_device.h"

typedef enum {
  EIE_PLANT_NOTHING,
  EIE_PLANT_READ,        // reads of `address` come back with `mask` exclusive-ored
  EIE_PLANT_WRITE,       // writes to `address` arrive with `mask` exclusive-ored
  EIE_PLANT_EARLY_DONE,  // irq and STATUS say done as soon as a program is started
  EIE_PLANT_NO_DONE      // irq never rises
} eie_plant_kind;

typedef struct {
  eie_plant_kind kind;
  uint32_t address, mask;
  uint32_t skip;  // accesses to `address` that go well before the fault shows
} eie_plant;

// Takes over `inner`: closing the result closes it. On failure the caller still owns it.
eie_status eie_device_plant(eie_device *inner, const eie_plant *plant, eie_device **device, eie_error *err);

// Changes the fault of a planted device, and forgets what it has seen.
void eie_device_replant(eie_device *device, const eie_plant *plant);

#endif
