// SPDX-License-Identifier: Apache-2.0
// A device made of pins: the AXI4-Lite master in C over a simulator's eie_pins.
#ifndef EIE_DEVICE_PINS_H
#define EIE_DEVICE_PINS_H

#include "eie_device.h"
#include "eie_pins.h"

// Takes over `pins` (closes it, also on failure) and resets the device. `unload`, when not NULL, is
// called with `library` after the pins are closed.
eie_status eie_device_from_pins(const eie_pins *pins, const eie_device_options *options,
                                void (*unload)(void *library), void *library, eie_device **device,
                                eie_error *err);

#endif
