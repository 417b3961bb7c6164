// SPDX-License-Identifier: Apache-2.0
// Encoding, checksum and decoding of the frames of the host link.
#include "link_frame.h"

#include <string.h>

enum { KIND_REFUSED = 0x80 };

// CRC-16/MCRF4XX, bit by bit as rtl/eie_crc16.sv has it.
uint16_t link_crc(const uint8_t *bytes, size_t n) {
  uint32_t crc = 0xFFFF;
  for (size_t i = 0; i < n; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1;
  }
  return (uint16_t)crc;
}

static uint8_t *put(uint8_t *at, uint32_t value, int bytes) {
  for (int k = 0; k < bytes; k++) *at++ = (uint8_t)(value >> 8 * k);
  return at;
}

static uint32_t get(const uint8_t *at, int bytes) {
  uint32_t value = 0;
  for (int k = 0; k < bytes; k++) value |= (uint32_t)at[k] << 8 * k;
  return value;
}

size_t link_encode(const link_request *q, uint8_t *bytes) {
  uint8_t *at = bytes;
  *at++ = LINK_SYNC;
  *at++ = q->sequence;
  *at++ = (uint8_t)(q->op | q->step << 3);
  *at++ = (uint8_t)q->count;  // 256 is 0
  at = put(at, q->address, 4);
  at = put(at, link_crc(bytes + 1, (size_t)(at - bytes) - 1), 2);
  if (q->op != LINK_WRITE) return (size_t)(at - bytes);
  const uint8_t *data = at;
  for (uint32_t k = 0; k < q->count; k++) at = put(at, q->data[k], 4);
  at = put(at, link_crc(data, (size_t)(at - data)), 2);
  return (size_t)(at - bytes);
}

static void read_tail(const link_request *q, const uint8_t *tail, link_reply *r) {
  const uint32_t left = tail[1];
  r->resp = tail[0] & 3;
  r->late = tail[0] >> 2 & 1;
  r->repeated = tail[0] >> 3 & 1;
  r->irq = tail[0] >> 4 & 1;
  r->version = tail[0] >> 5;
  r->bad = r->resp && left < q->count ? q->count - 1 - left : q->count;
}

link_outcome link_decode(const link_request *q, const uint8_t *bytes, size_t n, size_t *used, link_reply *r) {
  *used = 1;
  if (n && bytes[0] != LINK_SYNC_REPLY) return LINK_DAMAGED;
  if (n < LINK_REPLY_BYTES) return LINK_MORE;
  r->sequence = bytes[1];
  r->kind = bytes[2];
  const int refused = r->kind & KIND_REFUSED, ours = r->sequence == q->sequence && r->kind == q->op;
  if (!refused && !ours) return LINK_DAMAGED;
  const size_t data = !refused && q->op == LINK_READ ? 4 * (size_t)q->count : 0;
  if (n < LINK_REPLY_BYTES + data) return LINK_MORE;
  if (link_crc(bytes + 1, 4 + data) != get(bytes + 5 + data, 2)) return LINK_DAMAGED;
  *used = LINK_REPLY_BYTES + data;
  read_tail(q, bytes + 3 + data, r);
  if (refused) return LINK_REFUSED;
  for (size_t k = 0; k < data / 4; k++) q->data[k] = get(bytes + 3 + 4 * k, 4);
  return LINK_GOOD;
}
