// SPDX-License-Identifier: Apache-2.0
// How fast a model runs on a configuration: loads, cycles of an inference, and what its host moves; and from
// these and a clock the inferences a second by three ways of moving the activations.
#ifndef FIT_SPEED_H
#define FIT_SPEED_H

#include "eie_pack.h"
#include "eie_tensor.h"

typedef struct {
  uint32_t loads, passes;
  uint32_t inputs;       // cycles are the mean of so many inputs; 0: of the worst input that there can be
  double cycles;         // of an inference, from start to done
  uint64_t io_cycles;    // bus cycles of its activations in and out, at one beat a cycle
  uint64_t load_cycles;  // bus cycles of all loads, once
  uint64_t io_bytes;     // the same on the serial wire
  uint64_t load_bytes;
} fit_speed;

// inputs: NULL for the worst case; else the first `count` of them. The model must fit the codes of the
// configuration.
eie_status fit_speed_of(const eie_model *model, const eie_config *config, const eie_activations *inputs,
                        uint32_t count, fit_speed *speed, eie_error *err);

// Inferences a second; a model of more than one load loads all of them again for each inference. uart and
// load_seconds are 0 when baud is.
typedef struct {
  double compute;       // activations are there already
  double bus;           // they come and go over the bus, then the array runs: nothing overlaps
  double uart;          // they come and go through the UART
  double load_seconds;  // all loads through the UART, once
} fit_rates;
fit_rates fit_rates_of(const fit_speed *speed, double mhz, uint32_t baud);

#endif
