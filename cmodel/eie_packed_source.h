// SPDX-License-Identifier: Apache-2.0
// Where a command gets its packed model from: MODEL --config NAME [--set KEY=VALUE ...], packed now, or a
// packed directory in their place.
#ifndef EIE_PACKED_SOURCE_H
#define EIE_PACKED_SOURCE_H

#include "eie_cli.h"
#include "eie_pack.h"

typedef struct {
  const char *path;             // model file or packed directory
  const char *config;           // NULL with a packed directory
  const eie_option_list *sets;  // NULL: none
  eie_pack_options options;
  const char *calibrate;  // file of inputs for eie_pack_calibrated; NULL: none
} eie_packed_source;

// A named configuration with changed parameters (--config, --set). Its name tells the changes
// ("pe64_QUEUE_DEPTH8"), because the simulation of each configuration is a build of its own. sets: or NULL.
eie_status eie_packed_source_config(const char *name, const eie_option_list *sets, eie_config *config,
                                    eie_error *err);

// On success the caller frees *packed and *model (all zero when the source was a packed directory).
eie_status eie_packed_source_read(const eie_packed_source *source, eie_packed *packed, eie_model *model,
                                  eie_error *err);

// Packs a model that was read, calibrated with the inputs of a file where `calibrate` is not NULL.
eie_status eie_packed_source_pack(const eie_model *model, const eie_config *config,
                                  const eie_pack_options *options, const char *calibrate, eie_packed *packed,
                                  eie_error *err);

#endif
