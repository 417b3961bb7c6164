// SPDX-License-Identifier: Apache-2.0
// The RTL of a configuration for a simulator, built by make when it is absent or stale.
#ifndef EIE_DEVICE_BUILD_H
#define EIE_DEVICE_BUILD_H

#include <stddef.h>

#include "eie_device.h"

// Puts the path of the shared object into path[size]. Runs tb/verilator.mk in the source tree this
// program was built from, with the parameters of *config. Says so on stderr when verbose.
eie_status eie_device_build(const eie_config *config, eie_build build, int verbose, char *path, size_t size,
                            eie_error *err);

// The same for Icarus (tb/icarus.mk): the paths of the program for vvp and of the folder with eie.vpi.
eie_status eie_device_build_icarus(const eie_config *config, int verbose, char *program, size_t program_size,
                                   char *vpi_dir, size_t dir_size, eie_error *err);

#endif
