// SPDX-License-Identifier: Apache-2.0
// The bus cycles of a packed model: the driver's own accesses on a bus that only counts, with the times of
// the RTL when master and slave never wait; and the words, for links that are slower than a bus.
#ifndef PREDICT_BUS_H
#define PREDICT_BUS_H

#include "eie_pack.h"

// Accesses as a link sees them: words of 32 bits, and runs of words at addresses that follow each other.
typedef struct {
  uint64_t words, runs;
} predicted_words;

typedef struct {
  uint64_t load;  // cycles to put every load into the array once
  uint64_t io;    // cycles for activations in and out, one input behind another or behind a load read back
  predicted_words load_words;  // of `load`, registers too
  predicted_words io_words;    // of one input: activations, start, status; not the loads between its passes
} predicted_bus;

eie_status predict_bus(const eie_packed *packed, predicted_bus *bus, eie_error *err);

#endif
