// SPDX-License-Identifier: Apache-2.0
// Times of the serial link (docs/host-link.md) for a number of bus words: the one place that knows the sizes
// of its frames outside the link itself.
#ifndef PREDICT_LINK_H
#define PREDICT_LINK_H

#include "predict_bus.h"

// Bytes on the wire, both directions together, for the words of some bus accesses.
uint64_t predict_link_bytes(const predicted_words *words);

// Seconds that the wire is busy; baud > 0. What the host's serial adapter waits between frames comes on top.
double predict_link_seconds(uint64_t bytes, uint32_t baud);

#endif
