// SPDX-License-Identifier: Apache-2.0
// A second player of vector sets, written from docs/vectors-format.md alone: texts in memory, played on the
// behavioural device. What that device cannot know (times) is not compared. Include after cmocka.
#ifndef VECTORS_PLAYER_H
#define VECTORS_PLAYER_H

#include "../firmware/eie_registers.h"
#include "../tb/eie_device.h"
#include "../tb/eie_vectors.h"

typedef struct {
  const eie_vectors *set;
  eie_device *device;
  uint32_t region_shift, operations, compared, untimed;
} vectors_player;

// Bits [32 * part, + 32) of line `line` of a file.
static inline uint32_t player_line(const vectors_player *p, uint32_t file, uint32_t line, uint32_t part) {
  const eie_vectors_file *f = &p->set->files[file];
  const size_t at = (size_t)line * (f->digits + 1);
  uint32_t word = 0;
  assert_true(file < p->set->n_files && at + f->digits < f->size && f->text[at + f->digits] == '\n');
  for (uint32_t k = 0; k < 8 && 8 * part + k < f->digits; k++) {
    const char digit[2] = {f->text[at + f->digits - 1 - 8 * part - k], 0};
    word |= (uint32_t)strtoul(digit, NULL, 16) << 4 * k;
  }
  return word;
}

static inline uint32_t player_word(const vectors_player *p, uint32_t file, uint32_t k, int write) {
  const eie_vectors_file *f = &p->set->files[file];
  uint32_t parts = (f->digits + 7) / 8, stride = 1;
  while (stride < parts) stride *= 2;
  switch (f->kind) {
    case EIE_VECTORS_WORDS:
      return player_line(p, file, k, 0);
    case EIE_VECTORS_ACTIVATIONS:
      return write ? player_line(p, file, k, 0) : (uint32_t)(int16_t)(uint16_t)player_line(p, file, k, 0);
    case EIE_VECTORS_SPMAT:
      return k % stride < parts ? player_line(p, file, k / stride, k % stride) : 0;
    case EIE_VECTORS_EVEN:
      return player_line(p, file + k % 2, k / 2, 0);
    default:
      fail_msg("file %u has no words", file);
      return 0;
  }
}

static inline uint32_t player_access(vectors_player *p, int write, uint32_t address, uint32_t data) {
  uint8_t resp = 0;
  eie_error err = {""};
  const eie_status status = write ? eie_device_write(p->device, address, data, &resp, &err)
                                  : eie_device_read(p->device, address, &data, &resp, &err);
  if (status || resp) fail_msg("address 0x%08x: %s, response %u", address, err.text, resp);
  return data;
}

// A counter that the behavioural device does not know: CYCLES, WINDOW, QUEUE_FULL, and the program's.
static inline int player_is_time(const vectors_player *p, uint32_t address) {
  if (address >= EIE_REG_PROGRAM_CYCLES && address <= EIE_REG_WINDOW_HIGH) return 1;
  return p->region_shift && address >> p->region_shift == EIE_REGION_COUNTER &&
         (address >> 3) % EIE_NUM_COUNTERS < EIE_COUNTER_BROADCASTS;
}

static inline void player_burst(vectors_player *p, int write, const char *line) {
  unsigned address, stride, count, file, first, slot;
  assert_int_equal(sscanf(line + 1, "%x %u %u %u %u %u", &address, &stride, &count, &file, &first, &slot), 6);
  for (uint32_t k = 0; k < count; k++) {
    const uint32_t at = address + k * stride, want = player_word(p, file, first + k, write);
    const uint32_t got = player_access(p, write, at, want);
    if (write) continue;
    p->compared++;
    p->untimed += !player_is_time(p, at);
    if (got != want && !player_is_time(p, at)) fail_msg("word %u: got 0x%08x in: %.200s", k, got, line);
  }
}

static inline void player_poll(vectors_player *p, uint32_t address, uint32_t data, uint32_t mask,
                               uint32_t limit) {
  eie_error err = {""};
  for (uint32_t n = 0; (player_access(p, 0, address, 0) & mask) != data; n++) {
    // The behavioural device's times are its own: what it takes beyond the limit passes in one step.
    assert_true(n < 2 * limit);
    if (n == limit) eie_device_step(p->device, 1u << 30, &err);
  }
  p->compared++;
}

static inline void player_operation(vectors_player *p, const char *line) {
  unsigned address = 0, data = 0, mask = 0, limit = 0;
  eie_error err = {""};
  switch (line[0]) {
    case 'n':
      assert_int_equal(sscanf(line, "n %u", &data), 1);
      eie_device_step(p->device, data, &err);
      break;
    case 'w':
      assert_int_equal(sscanf(line, "w %x %x", &address, &data), 2);
      player_access(p, 1, address, data);
      break;
    case 'r':
      assert_int_equal(sscanf(line, "r %x %x %x", &address, &data, &mask), 3);
      if (address == EIE_REG_ADDRESS) p->region_shift = data >> 8 & 0xFF;
      if ((player_access(p, 0, address, 0) & mask) != data) fail_msg("not so: %.200s", line);
      p->compared++;
      break;
    case 'p':
      assert_int_equal(sscanf(line, "p %x %x %x %u", &address, &data, &mask, &limit), 4);
      player_poll(p, address, data, mask, limit);
      break;
    default:
      assert_true(line[0] == 'W' || line[0] == 'R');
      player_burst(p, line[0] == 'W', line);
  }
  p->operations++;
}

// The file table says what the set has; returns its number of lines.
static inline void player_file(const vectors_player *p, const char *line) {
  unsigned number, digits, bytes, sum;
  char kind, name[EIE_VECTORS_NAME_SIZE];
  assert_int_equal(sscanf(line, "f %u %c %u %u %x %95s", &number, &kind, &digits, &bytes, &sum, name), 6);
  const eie_vectors_file *f = &p->set->files[number];
  assert_string_equal(name, f->name);
  assert_true((eie_vectors_kind)kind == f->kind && digits == f->digits && bytes == f->size &&
              sum == f->crc32);
}

static inline void vectors_player_play(const eie_vectors *set, const eie_config *config) {
  vectors_player p = {.set = set};
  const eie_device_options options = {.seed = 1};
  eie_error err = {""};
  unsigned operations = 0, compared = 0;
  if (eie_device_open_model(config, &options, &p.device, &err)) fail_msg("%s", err.text);
  const char *line = set->files[set->n_files - 2].text;
  assert_string_equal(set->files[set->n_files - 2].name, "script.txt");
  for (; line[0] != 'e'; line = strchr(line, '\n') + 1) {
    if (line[0] == 'f')
      player_file(&p, line);
    else if (line[0] != 'v')
      player_operation(&p, line);
  }
  assert_int_equal(sscanf(line, "e %u %u", &operations, &compared), 2);
  assert_true(operations == p.operations && compared == p.compared && p.untimed > 0);
  eie_device_close(p.device);
}

#endif
