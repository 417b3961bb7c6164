// SPDX-License-Identifier: Apache-2.0
// A save file for GTKWave beside a wave file: the signals of one PE grouped by stage, values in decimal,
// fixed point where a tensor has a fraction. docs/waves.md.
#ifndef EIE_WAVE_SAVE_H
#define EIE_WAVE_SAVE_H

#include "eie_config.h"
#include "eie_error.h"

enum { EIE_WAVE_UNITS = 2 };  // of a wave file's time, in a cycle; rising edge c is at 2 c - 1

typedef struct {
  const char *wave;    // the wave file, written already
  const char *engine;  // that wrote it: "verilator" or "icarus"
  const eie_config *config;
  uint32_t pe;
  int32_t in_frac, weight_frac, out_frac;  // of the layer
  uint64_t from, to;                       // cycles to show first; to = 0: to the end
  uint64_t cursor;                         // cycle, or 0
} eie_wave_view;

// Written to a temporary name and renamed.
eie_status eie_wave_save(const char *path, const eie_wave_view *view, eie_error *err);

#endif
