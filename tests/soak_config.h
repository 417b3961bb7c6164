// SPDX-License-Identifier: Apache-2.0
// Configurations of the soak: those of the repository that simulate quickly, and fresh ones drawn within the
// ranges of the parameters. A fresh one serves a block of cases; its builds are kept for a while.
#ifndef SOAK_CONFIG_H
#define SOAK_CONFIG_H

#include "eie_random.h"
#include "soak_case.h"

enum {
  SOAK_FRESH_PERCENT = 12,  // of the cases
  SOAK_FRESH_BLOCK = 100,   // cases that share a fresh configuration
  SOAK_FRESH_KEPT = 8       // fresh configurations whose builds stay on disk, for each simulator
};

// Of tests/configs, else as eie_config_read takes it.
eie_status soak_config_named(const char *name, eie_config *config, eie_error *err);

eie_status soak_config_draw(eie_random *rng, const soak_source *source, uint64_t number, eie_config *config,
                            int *fresh, eie_error *err);

// What a process has built: " engine-NAME " words, and the newest fresh one.
typedef struct {
  char list[2000], fresh[100];
} soak_builds;

// Builds the RTL of the configuration for the engine, unless it is in *builds; then sets EIE_BUILD_TRUST, so
// that a device opens without asking make. Builds of older fresh configurations are removed.
eie_status soak_config_build(soak_builds *builds, const eie_config *config, const char *engine,
                             eie_error *err);

#endif
