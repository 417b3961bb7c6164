// SPDX-License-Identifier: Apache-2.0
#include "predict_link.h"

enum {
  WORD_BYTES = 4,
  FRAME_BYTES = 19,   // header 10, checksum of the data 2, reply without its data 7 (a read has 2 fewer)
  FRAME_WORDS = 255,  // a count is one byte; longer runs of words are cut
  BYTE_BITS = 10      // start bit, 8 bits, stop bit
};

uint64_t predict_link_bytes(const predicted_words *words) {
  return words->words * WORD_BYTES + (words->runs + words->words / FRAME_WORDS) * FRAME_BYTES;
}

double predict_link_seconds(uint64_t bytes, uint32_t baud) {
  return (double)bytes * BYTE_BITS / baud;
}
