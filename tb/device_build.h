// SPDX-License-Identifier: Apache-2.0
// The Verilated RTL of a configuration, built by make when it is absent or stale.
#ifndef EIE_DEVICE_BUILD_H
#define EIE_DEVICE_BUILD_H

#include <stddef.h>

#include "eie_device.h"

// Puts the path of the shared object into path[size]. Runs tb/verilator.mk in the source tree this
// program was built from, with the parameters of *config. Says so on stderr when verbose.
eie_status eie_device_build(const eie_config *config, eie_build build, int verbose, char *path, size_t size,
                            eie_error *err);

#endif
