// SPDX-License-Identifier: Apache-2.0
// The bus cycles of a packed model: the driver's own accesses on a bus that only counts, with the times of
// the RTL when master and slave never wait.
#ifndef PREDICT_BUS_H
#define PREDICT_BUS_H

#include "eie_pack.h"

typedef struct {
  uint64_t load;  // to put every load into the array once
  uint64_t io;    // activations in and out, one input
} predicted_bus;

eie_status predict_bus(const eie_packed *packed, predicted_bus *bus, eie_error *err);

#endif
