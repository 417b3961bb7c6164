// SPDX-License-Identifier: Apache-2.0
// For tests: a Verilated board (tb/board.mk) in this process, frames to and from its serial line.
#ifndef EIE_BOARD_PART_H
#define EIE_BOARD_PART_H

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board_pins.h"
#include "link_frame.h"

typedef struct {
  void *library;
  eie_board_pins pins;
  uint8_t sequence;
  uint32_t bit_clocks;              // about
  uint8_t got[2 * LINK_MAX_BYTES];  // bytes that came and were not looked at
  size_t held;
  int dead;         // the simulation stopped, or was given up; nothing comes any more
  unsigned broken;  // promises (uart_promises.h)
} board;

// What became of a frame.
typedef struct {
  link_outcome outcome;  // LINK_MORE: nothing whole came
  link_reply reply;
  uint64_t clocks;  // from the last byte sent to the reply's end
  size_t strange;   // bytes that were no reply
} board_answer;

enum { STUB_SILENCE = 512 * EIE_BOARD_CLOCKS_PER_BIT, ENOUGH = 20 * STUB_SILENCE };

// Builds board `name` from `words` of tb/board.mk and opens it.
static inline void board_open(board *b, const char *name, const char *words) {
  char command[600], path[200], why[600];
  memset(b, 0, sizeof *b);
  b->bit_clocks = EIE_BOARD_CLOCKS_PER_BIT;
  snprintf(command, sizeof command,
           "unset MAKEFLAGS MFLAGS MAKELEVEL; make -s -f tb/board.mk NAME=%s %s 1>&2", name, words);
  if (system(command) != 0) fail_msg("%s: the board did not build", name);
  snprintf(path, sizeof path, "build/board/%s/libboard.so", name);
  b->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!b->library) fail_msg("%s", dlerror());
  void *symbol = dlsym(b->library, EIE_BOARD_OPEN_SYMBOL);
  eie_board_open_fn *open_board;
  assert_non_null(symbol);
  memcpy(&open_board, &symbol, sizeof open_board);
  if (open_board(1, &b->pins, why, sizeof why)) fail_msg("%s: %s", path, why);
  b->pins.run(b->pins.sim, 200);  // its reset at power-on
}

static inline void board_close(board *b) {
  b->pins.close(b->pins.sim);
  dlclose(b->library);
}

static inline void board_send(board *b, const uint8_t *bytes, size_t n) {
  for (size_t k = 0; k < n; k++) b->pins.send(b->pins.sim, &(const uint16_t){bytes[k]}, 1);
}

// Byte times of a line that is free (256) or broken (257).
static inline void board_line(board *b, uint16_t what, uint32_t byte_times) {
  for (uint32_t k = 0; k < byte_times; k++) b->pins.send(b->pins.sim, &what, 1);
}

// Clocks; what comes is kept.
static inline uint64_t board_run(board *b, uint64_t clocks) {
  uint16_t bytes[64];
  if (b->dead) return clocks;
  const uint64_t ran = b->pins.run(b->pins.sim, clocks);
  const size_t n = b->pins.receive(b->pins.sim, bytes, 64);
  for (size_t k = 0; k < n && b->held < sizeof b->got; k++) b->got[b->held++] = (uint8_t)bytes[k];
  if (!b->pins.failure(b->pins.sim)) return ran;
  print_message("    dead: %.200s\n", b->pins.failure(b->pins.sim));
  b->broken++;
  b->dead = 1;
  return clocks;
}

// Clocks until there is an answer to q, at most `limit` of them.
static inline board_answer board_await(board *b, const link_request *q, uint64_t limit) {
  board_answer a = {.outcome = LINK_MORE};
  size_t used;
  for (;;) {
    a.outcome = link_decode(q, b->got, b->held, &used, &a.reply);
    if (a.outcome == LINK_MORE) {
      if (a.clocks >= limit) return a;
      a.clocks += board_run(b, limit - a.clocks);
      continue;
    }
    b->held -= used;
    memmove(b->got, b->got + used, b->held);
    if (a.outcome != LINK_DAMAGED) return a;
    a.strange += used;
  }
}

// Nothing more comes: clocks through more silence than the link waits for, and forgets what came.
static inline size_t board_rest(board *b) {
  const uint64_t rest = 4 * 512 * (uint64_t)b->bit_clocks;
  for (uint64_t k = 0; k < rest;) k += board_run(b, rest - k);
  const size_t came = b->held;
  b->held = 0;
  return came;
}

// A frame with a sequence number of its own, unless the caller has set one.
static inline board_answer board_ask(board *b, link_request *q) {
  uint8_t bytes[LINK_MAX_BYTES];
  if (!q->sequence) q->sequence = b->sequence = (uint8_t)(b->sequence % 255 + 1);
  board_send(b, bytes, link_encode(q, bytes));
  return board_await(b, q, 4 * LINK_MAX_BYTES * 10 * b->bit_clocks + ENOUGH);
}

#endif
