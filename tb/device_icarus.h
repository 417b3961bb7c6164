// SPDX-License-Identifier: Apache-2.0
// The pins of eie_top in Icarus Verilog: vvp as a child process, with the VPI module tb/icarus/eie_vpi.c
// in it. docs/icarus.md.
#ifndef EIE_DEVICE_ICARUS_H
#define EIE_DEVICE_ICARUS_H

#include "eie_pins.h"

// Starts vvp on `program` with the module `vpi_dir`/eie.vpi. `wave` is an FST path or NULL; its trace
// starts on. Returns 0, or -1 with a sentence in why[size]. The child ends at close, and when this
// process ends in any way.
//
// X-strict: outside reset each output is looked at after every clock edge and whenever the inputs have
// settled; an X or Z on it (on data and responses: while their valid is high) ends the simulation, and
// failure() names pin, bits, cycle, and of read data the address.
int eie_icarus_open(const char *program, const char *vpi_dir, const char *wave, eie_pins *pins, char *why,
                    size_t size);

#endif
