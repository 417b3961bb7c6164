// SPDX-License-Identifier: Apache-2.0
#include "predict_link.h"

#include "link_frame.h"

enum {
  WORD_BYTES = 4,
  DATA_CHECK_BYTES = 2,  // of a write; a read has none, which is not counted apart
  FRAME_BYTES = LINK_HEADER_BYTES + DATA_CHECK_BYTES + LINK_REPLY_BYTES,
  BYTE_BITS = 10  // start bit, 8 bits, stop bit
};

// A run longer than a frame is cut.
uint64_t predict_link_bytes(const predicted_words *words) {
  return words->words * WORD_BYTES + (words->runs + words->words / LINK_MAX_WORDS) * FRAME_BYTES;
}

double predict_link_seconds(uint64_t bytes, uint32_t baud) {
  return (double)bytes * BYTE_BITS / baud;
}
