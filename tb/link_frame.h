// SPDX-License-Identifier: Apache-2.0
// Frames of the host link (docs/host-link.md), to and from bytes. Nothing here knows a port.
//
//   request   E1 sequence op count address(4) crc(2)    of a write: 4 x count data bytes, crc(2)
//   reply     3C sequence kind                          of a read: 4 x count data bytes; status left crc(2)
//
// Words go low byte first. A checksum covers what stands before it, but not E1 or 3C; the data of a write
// have one of their own.
#ifndef EIE_LINK_FRAME_H
#define EIE_LINK_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
  LINK_SYNC = 0xE1,
  LINK_SYNC_REPLY = 0x3C,
  LINK_VERSION = 1,
  LINK_MAX_WORDS = 256,
  LINK_HEADER_BYTES = 10,
  LINK_REPLY_BYTES = 7,
  LINK_MAX_BYTES = LINK_HEADER_BYTES + 4 * LINK_MAX_WORDS + 2,
  // A request and the reply to it are at least this many bit times.
  LINK_EXCHANGE_BITS = 10 * (LINK_HEADER_BYTES + LINK_REPLY_BYTES)
};

typedef enum { LINK_STATUS, LINK_WRITE, LINK_READ, LINK_RESET } link_op;

typedef struct {
  link_op op;
  uint8_t sequence;
  uint8_t step;  // log2 of the bytes from word to word; 0: all at one address
  uint32_t address;
  uint32_t count;  // 1 to LINK_MAX_WORDS
  uint32_t *data;  // [count]; of a write, or filled by a read
} link_request;

typedef struct {
  uint8_t sequence, kind;
  uint8_t resp;      // the first that was not OKAY
  uint8_t late;      // the bus did not answer in time
  uint8_t repeated;  // the write had been done before
  uint8_t irq;
  uint8_t version;
  uint32_t bad;  // the word that had `resp`; count when none
} link_reply;

typedef enum {
  LINK_MORE,     // no whole reply yet
  LINK_GOOD,     // the reply to this request
  LINK_REFUSED,  // the link saw a frame that was damaged or not whole
  LINK_DAMAGED   // something else: *used bytes of it
} link_outcome;

uint16_t link_crc(const uint8_t *bytes, size_t n);

// Writes the request to bytes[LINK_MAX_BYTES]; returns its length.
size_t link_encode(const link_request *request, uint8_t *bytes);

// Looks at the n bytes that came. *used of them are done with, except for LINK_MORE. The data of a read go
// to request->data when its checksum is right.
link_outcome link_decode(const link_request *request, const uint8_t *bytes, size_t n, size_t *used,
                         link_reply *reply);

#endif
