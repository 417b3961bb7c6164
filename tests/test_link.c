// SPDX-License-Identifier: Apache-2.0
// Frames of the host link as bytes: the ones of docs/host-link.md, the checksum, and what decoding makes of
// anything that may come.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above first.
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "eie_random.h"
#include "link_frame.h"
#include "link_port.h"

static void the_checksum_is_crc_16_mcrf4xx(void **state) {
  (void)state;
  assert_int_equal(link_crc((const uint8_t *)"123456789", 9), 0x6F91);
  const uint8_t whole[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9', 0x91, 0x6F};
  assert_int_equal(link_crc(whole, sizeof whole), 0);
}

static void the_frames_of_the_page_are_these_bytes(void **state) {
  (void)state;
  uint8_t bytes[LINK_MAX_BYTES];
  uint32_t start = 1;
  const link_request q = {.op = LINK_WRITE, .sequence = 0x2A, .address = 0x008, .count = 1, .data = &start};
  const uint8_t want[] = {0xE1, 0x2A, 0x01, 0x01, 0x08, 0x00, 0x00, 0x00,
                          0xEC, 0x13, 0x01, 0x00, 0x00, 0x00, 0x9A, 0x1F};
  assert_int_equal(link_encode(&q, bytes), sizeof want);
  assert_memory_equal(bytes, want, sizeof want);
  const uint8_t came[] = {0x3C, 0x2A, 0x01, 0x20, 0x00, 0x33, 0x29};
  link_reply r;
  size_t used;
  assert_int_equal(link_decode(&q, came, sizeof came, &used, &r), LINK_GOOD);
  assert_int_equal(used, sizeof came);
  assert_int_equal(r.version, LINK_VERSION);
  assert_true(!r.resp && !r.late && !r.repeated && !r.irq);
}

static uint8_t *reply_to(const link_request *q, uint8_t kind, uint8_t status, uint8_t left, uint8_t *bytes,
                         size_t *n) {
  size_t at = 0;
  bytes[at++] = LINK_SYNC_REPLY;
  bytes[at++] = q->sequence;
  bytes[at++] = kind;
  for (uint32_t k = 0; kind == LINK_READ && k < 4 * q->count; k++) bytes[at++] = (uint8_t)(3 * k);
  bytes[at++] = status;
  bytes[at++] = left;
  const uint16_t crc = link_crc(bytes + 1, at - 1);
  bytes[at++] = (uint8_t)crc;
  bytes[at++] = (uint8_t)(crc >> 8);
  *n = at;
  return bytes;
}

static void replies_are_read_and_no_part_of_one_is(void **state) {
  (void)state;
  uint32_t words[LINK_MAX_WORDS];
  uint8_t bytes[LINK_MAX_BYTES];
  link_request q = {.op = LINK_READ, .sequence = 7, .step = 2, .count = 200, .data = words};
  link_reply r;
  size_t n, used;
  reply_to(&q, LINK_READ, 0x36, 49, bytes, &n);
  for (size_t k = 0; k < n; k++) assert_int_equal(link_decode(&q, bytes, k, &used, &r), LINK_MORE);
  assert_int_equal(link_decode(&q, bytes, n, &used, &r), LINK_GOOD);
  assert_int_equal(words[1], 0x15120F0C);
  assert_true(r.resp == 2 && r.late && !r.repeated && r.irq && r.version == 1 && r.bad == 150);
  reply_to(&q, 0x82, 0x20, 0, bytes, &n);
  assert_int_equal(link_decode(&q, bytes, n, &used, &r), LINK_REFUSED);
  q.sequence = 8;  // a reply to another frame is none, a refusal may have any number
  assert_int_equal(link_decode(&q, bytes, n, &used, &r), LINK_REFUSED);
  bytes[2] = LINK_READ;
  assert_int_equal(link_decode(&q, bytes, n, &used, &r), LINK_DAMAGED);
}

// Each flipped bit of a reply, and random bytes: never a good reply, never a byte read that is not there.
static void what_is_damaged_is_never_good(void **state) {
  (void)state;
  uint32_t words[LINK_MAX_WORDS];
  uint8_t bytes[LINK_MAX_BYTES];
  const link_request q = {.op = LINK_READ, .sequence = 7, .step = 2, .count = 5, .data = words};
  link_reply r;
  eie_random rng;
  size_t n, used;
  eie_random_seed(&rng, 1);
  reply_to(&q, LINK_READ, 0x20, 0, bytes, &n);
  for (size_t bit = 0; bit < 8 * n; bit++) {
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    assert_int_not_equal(link_decode(&q, bytes, n, &used, &r), LINK_GOOD);
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
  for (int k = 0; k < 20000; k++) {
    const size_t size = eie_random_below(&rng, 64);
    uint8_t *random = malloc(size + 1);  // of its own, so that the sanitizer sees a step outside
    assert_non_null(random);
    uint8_t *at = random + 1;
    for (size_t i = 0; i < size; i++) at[i] = (uint8_t)eie_random_below(&rng, 256);
    if (size > 2) at[0] = LINK_SYNC_REPLY, at[1] = 7, at[2] = k & 1 ? LINK_READ : (uint8_t)(0x80 | k);
    const link_outcome outcome = link_decode(&q, at, size, &used, &r);
    assert_true(outcome == LINK_MORE || (used >= 1 && used <= size));
    free(random);
  }
}

static void the_name_of_a_port_has_its_parts(void **state) {
  (void)state;
  char path[64];
  uint32_t baud = 0;
  eie_error err = {""};
  assert_int_equal(link_port_name("/dev/ttyUSB0:3000000", path, sizeof path, &baud, &err), EIE_OK);
  assert_string_equal(path, "/dev/ttyUSB0");
  assert_int_equal(baud, 3000000);
  assert_int_equal(link_port_name("/dev/serial/by-id/usb-1:2.0-if", path, sizeof path, &baud, &err), EIE_OK);
  assert_string_equal(path, "/dev/serial/by-id/usb-1:2.0-if");
  assert_int_equal(baud, 115200);
  assert_int_equal(link_port_name(":115200", path, sizeof path, &baud, &err), EIE_ERR_USE);
  assert_int_equal(link_port_name("/dev/ttyUSB0:99999999999", path, sizeof path, &baud, &err), EIE_ERR_USE);
  assert_int_equal(link_port_name("/dev/ttyUSB0:0", path, sizeof path, &baud, &err), EIE_ERR_USE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_checksum_is_crc_16_mcrf4xx),
      cmocka_unit_test(the_frames_of_the_page_are_these_bytes),
      cmocka_unit_test(replies_are_read_and_no_part_of_one_is),
      cmocka_unit_test(what_is_damaged_is_never_good),
      cmocka_unit_test(the_name_of_a_port_has_its_parts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
