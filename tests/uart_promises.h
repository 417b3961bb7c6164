// SPDX-License-Identifier: Apache-2.0
// What the host link promises, at the wires of the stub (tests/board/stub_top.sv). Each promise is a function
// that counts in board.broken how often it was not kept, so that it can be held to mutants of the RTL too.
#ifndef EIE_UART_PROMISES_H
#define EIE_UART_PROMISES_H

#include "board_part.h"
#include "eie_random.h"

enum { SLVERR = 2 };
static const uint32_t memory = 0, refuses = 1u << 28, hangs = 2u << 28, untaken = 3u << 28, late = 4u << 28,
                      counts = 5u << 28, slow = 6u << 28;

// ---- frames at the stub; each returns how much of it was wrong ----

// After PLENTY the board is given up: a mutant need not break its promise a hundred times.
enum { PLENTY = 3 };
static void wrong(board *b, int is_wrong, const char *what) {
  if (!is_wrong || b->dead) return;
  print_message("    broken: %s\n", what);
  b->dead = ++b->broken >= PLENTY;
}

static board_answer write_words(board *b, uint32_t address, uint8_t step, uint32_t *data, uint32_t count) {
  link_request q = {.op = LINK_WRITE, .step = step, .address = address, .count = count, .data = data};
  return board_ask(b, &q);
}

static board_answer read_words(board *b, uint32_t address, uint8_t step, uint32_t *data, uint32_t count) {
  link_request q = {.op = LINK_READ, .step = step, .address = address, .count = count, .data = data};
  return board_ask(b, &q);
}

static board_answer simple(board *b, link_op op) {
  link_request q = {.op = op, .count = 1};
  return board_ask(b, &q);
}

static int is_good(const board_answer *a) {
  return a->outcome == LINK_GOOD && !a->reply.resp && !a->reply.late && !a->strange;
}

static uint32_t writes_so_far(board *b) {
  uint32_t n = 0;
  const board_answer a = read_words(b, counts, 0, &n, 1);
  return is_good(&a) ? n : UINT32_MAX;
}

// The link is as it should be: a word goes in and comes out.
static void works(board *b, const char *after) {
  uint32_t in = 0xC0FFEE00u + b->sequence, out = 0;
  const board_answer w = write_words(b, memory + 4, 0, &in, 1), r = read_words(b, memory + 4, 0, &out, 1);
  wrong(b, !is_good(&w) || !is_good(&r) || in != out, after);
}

static void words_come_back(board *b) {
  static const struct {
    uint32_t count;
    uint8_t step;
  } cases[] = {{1, 0}, {1, 2}, {2, 2}, {3, 3}, {7, 4}, {64, 2}, {16, 0}, {256, 2}, {255, 2}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    uint32_t in[256], out[256] = {0}, place[64];
    const uint32_t n = cases[k].count, stride = cases[k].step ? 1u << cases[k].step : 0;
    for (uint32_t i = 0; i < n; i++) in[i] = 0x01000193u * (i + 1) + (uint32_t)k;
    for (uint32_t i = 0; i < n; i++) place[i * stride / 4 % 64] = in[i];  // the last one stays
    const board_answer w = write_words(b, memory, cases[k].step, in, n);
    const board_answer r = read_words(b, memory, cases[k].step, out, n);
    wrong(b, !is_good(&w) || !is_good(&r), "a burst is not answered well");
    for (uint32_t i = 0; i < n; i++) wrong(b, out[i] != place[i * stride / 4 % 64], "a word");
  }
}

// Steps of 2^28 go through the slave's kinds: memory, refused.
static void refusals_are_told(board *b) {
  uint32_t data[2] = {1, 2};
  board_answer a = write_words(b, refuses, 0, data, 1);
  wrong(b, a.outcome != LINK_GOOD || a.reply.resp != SLVERR || a.reply.bad != 0, "a refused write");
  a = write_words(b, memory, 28, data, 2);
  wrong(b, a.outcome != LINK_GOOD || a.reply.resp != SLVERR || a.reply.bad != 1, "the second write");
  a = read_words(b, memory, 28, data, 2);
  wrong(b, a.outcome != LINK_GOOD || a.reply.resp != SLVERR || a.reply.bad != 1, "the second read");
  a = read_words(b, refuses, 2, data, 2);
  wrong(b, a.outcome != LINK_GOOD || a.reply.resp != SLVERR || a.reply.bad != 0, "two refused reads");
  works(b, "after refusals");
}

static void status_tells_version_and_irq(board *b) {
  for (uint32_t irq = 0; irq < 4; irq++) {
    uint32_t data = irq & 1;
    write_words(b, memory, 0, &data, 1);
    const board_answer a = simple(b, LINK_STATUS);
    wrong(b, !is_good(&a) || a.reply.version != LINK_VERSION || a.reply.irq != (irq & 1), "status");
  }
}

static void a_reset_reaches_the_accelerator_alone(board *b) {
  uint32_t data = 1;
  write_words(b, counts, 0, &data, 1);
  wrong(b, writes_so_far(b) == 0, "no write was counted");
  const board_answer a = simple(b, LINK_RESET);
  wrong(b, !is_good(&a), "the reset is not answered");
  wrong(b, writes_so_far(b) != 0, "the reset did not come through");
  works(b, "after a reset");
}

// Garbage of each length, then a rest, then a frame; and garbage without a first byte of a frame, where none
// is needed.
static void garbage_is_skipped(board *b) {
  eie_random rng;
  eie_random_seed(&rng, 7);
  for (uint32_t n = 1; n <= 40; n++) {
    for (int rest = 0; rest < 2; rest++) {
      for (uint32_t k = 0; k < n; k++) {
        uint8_t byte = (uint8_t)eie_random_below(&rng, 256);
        if (rest && k % 5 == 2) byte = LINK_SYNC;
        if (!rest && byte == LINK_SYNC) byte = 0;
        board_send(b, &byte, 1);
      }
      if (rest) board_rest(b);
      works(b, rest ? "after garbage and a rest" : "right behind garbage");
    }
  }
}

// How a frame is spoilt: `kind` 0 cut before byte `at`, 1 without it, 2 with it twice, 8 + k with bit k
// flipped.
static size_t spoil(const uint8_t *from, size_t n, size_t at, unsigned kind, uint8_t *to) {
  size_t m = 0;
  for (size_t k = 0; k < n; k++) {
    if (kind == 0 && k >= at) break;
    if (kind == 1 && k == at) continue;
    to[m++] = from[k];
    if (kind == 2 && k == at) to[m++] = from[k];
    if (kind >= 8 && k == at) to[m - 1] ^= (uint8_t)(1u << (kind - 8));
  }
  return m;
}

// A spoilt write of one word is not done, the link says so or says nothing, and works afterwards.
static void nothing_spoilt_is_done(board *b) {
  uint32_t word = 0x12345678, known = writes_so_far(b);
  for (unsigned kind = 0; kind < 16; kind = kind == 2 ? 8 : kind + 1) {
    for (size_t at = 0; at < 16; at++) {
      uint8_t frame[32], bytes[32];
      link_request q = {.op = LINK_WRITE, .sequence = (uint8_t)(at + 100), .count = 1, .data = &word};
      q.address = counts;
      const size_t n = link_encode(&q, frame), m = spoil(frame, n, at, kind, bytes);
      board_send(b, bytes, m);
      const board_answer a = board_await(b, &q, ENOUGH);
      const int whole = kind == 2 && at == n - 1;  // the last byte twice: the frame was whole before
      wrong(b, a.outcome == LINK_GOOD && !whole, "a spoilt frame is answered as a good one");
      wrong(b, a.outcome == LINK_MORE && m > 0 && bytes[0] == LINK_SYNC, "a spoilt frame is not told");
      board_rest(b);
      known += whole;
      const uint32_t now = writes_so_far(b);
      wrong(b, now != known, "a spoilt write was done");
      known = now;
    }
  }
  works(b, "after spoilt frames");
}

// A write that comes again is answered again, as it was the first time, and not done again; behind another
// frame the same number is a new write.
static void a_repeated_write_is_done_once(board *b) {
  uint32_t word = 5, burst[3] = {1, 2, 3};
  const uint32_t known = writes_so_far(b);
  link_request one = {.op = LINK_WRITE, .sequence = 200, .address = counts, .count = 1, .data = &word};
  link_request many = {.op = LINK_WRITE, .sequence = 201, .address = counts, .count = 3, .data = burst};
  board_answer a = board_ask(b, &one);
  wrong(b, !is_good(&a) || a.reply.repeated, "the first write");
  for (int k = 0; k < 3; k++) {
    a = board_ask(b, &one);
    wrong(b, !is_good(&a) || !a.reply.repeated, "its repetition");
  }
  a = board_ask(b, &many);
  wrong(b, !is_good(&a) || a.reply.repeated, "a burst");
  a = board_ask(b, &many);
  wrong(b, !is_good(&a) || !a.reply.repeated, "its repetition");
  wrong(b, writes_so_far(b) != known + 4, "the number of writes");
  a = board_ask(b, &many);
  wrong(b, !is_good(&a) || a.reply.repeated, "the same number behind another frame");
  wrong(b, writes_so_far(b) != known + 7, "the number of writes after that");
  one.address = refuses;
  for (int k = 0; k < 2; k++) {
    a = board_ask(b, &one);
    wrong(b, a.outcome != LINK_GOOD || a.reply.resp != SLVERR || a.reply.repeated != k, "a refusal, twice");
  }
}

// Also when what comes between the write and its repetition is noise, or the repetition is spoilt.
static void noise_does_not_make_it_forget(board *b) {
  uint32_t word = 5;
  const uint32_t known = writes_so_far(b);
  uint8_t bytes[LINK_MAX_BYTES];
  link_request q = {.op = LINK_WRITE, .sequence = 210, .address = counts, .count = 1, .data = &word};
  const size_t n = link_encode(&q, bytes);
  board_answer a = board_ask(b, &q);
  wrong(b, !is_good(&a), "the first write");
  for (size_t at = 0; at < n; at++) {
    bytes[at] ^= 4;
    board_send(b, bytes, n);
    bytes[at] ^= 4;
    board_rest(b);
    a = board_ask(b, &q);
    wrong(b, !is_good(&a) || !a.reply.repeated, "its repetition behind a spoilt one");
  }
  wrong(b, writes_so_far(b) != known + 1, "the number of writes");
}

// A burst may be spoilt anywhere: it is told, and its repetition puts all right.
static void a_spoilt_burst_is_put_right(board *b) {
  eie_random rng;
  eie_random_seed(&rng, 11);
  for (unsigned k = 0; k < 60; k++) {
    static const unsigned kinds[] = {0, 1, 2, 8, 11, 15};
    uint32_t in[20], out[20] = {0};
    uint8_t frame[LINK_MAX_BYTES], bytes[2 * LINK_MAX_BYTES];
    for (int i = 0; i < 20; i++) in[i] = (uint32_t)eie_random_next(&rng);
    link_request q = {.op = LINK_WRITE, .sequence = (uint8_t)(k + 1), .step = 2, .count = 20, .data = in};
    const size_t n = link_encode(&q, frame), at = 10 + eie_random_below(&rng, (uint32_t)n - 11);
    board_send(b, bytes, spoil(frame, n, at, kinds[k % 6], bytes));
    board_answer a = board_await(b, &q, ENOUGH);
    wrong(b, a.outcome != LINK_REFUSED, "a spoilt burst is not told");
    a = board_ask(b, &q);
    wrong(b, !is_good(&a) || a.reply.repeated, "its repetition");
    a = read_words(b, memory, 2, out, 20);
    wrong(b, !is_good(&a) || memcmp(in, out, sizeof in) != 0, "what is in the memory");
  }
}

// A frame that breaks off and another right behind it: the first swallows the second, both are told once.
static void a_frame_in_a_frame_is_told(board *b) {
  uint32_t word = 9, words[8] = {0};
  const uint32_t known = writes_so_far(b);
  for (size_t at = 1; at < 40; at++) {
    uint8_t outer[LINK_MAX_BYTES], inner[LINK_MAX_BYTES];
    link_request o = {.op = LINK_WRITE, .sequence = 60, .step = 2, .count = 8, .data = words};
    link_request i = {.op = LINK_WRITE, .sequence = 61, .address = counts, .count = 1, .data = &word};
    link_encode(&o, outer);
    board_send(b, outer, at);
    board_send(b, inner, link_encode(&i, inner));
    const board_answer a = board_await(b, &i, ENOUGH);
    wrong(b, a.outcome != LINK_REFUSED, "a frame in a frame");
    works(b, "behind a frame in a frame");
  }
  wrong(b, writes_so_far(b) != known, "the inner frame was done");
}

// Every wait for the bus has an end; then the reset brings a bus back that answers no more.
static void a_bus_that_hangs_does_not_hang_the_link(board *b) {
  uint32_t words[4] = {1, 2, 3, 4};
  for (int k = 0; k < 6; k++) {
    const uint32_t address = k % 2 ? untaken : hangs, n = k < 4 ? 1 : 3;
    const board_answer a =
        k / 2 % 2 ? write_words(b, address, 2, words, n) : read_words(b, address, 2, words, n);
    wrong(b, a.outcome != LINK_GOOD || !a.reply.late, "a bus that hangs is not told");
    wrong(b, a.clocks > 3 * STUB_SILENCE + 10000, "the wait was too long");
    const board_answer s = simple(b, LINK_STATUS);
    wrong(b, !is_good(&s), "status while the bus hangs");
    if (k % 2 == 0) {
      const board_answer m = read_words(b, memory, 2, words, 1);
      wrong(b, m.outcome != LINK_GOOD || !m.reply.late, "an access behind one that hangs");
      const board_answer r = simple(b, LINK_RESET);
      wrong(b, !is_good(&r), "the reset");
    }
    works(b, "after a bus that hung");
  }
}

// What was given up is answered 10,000 clocks late, and taken for nothing else.
static void a_late_answer_is_swallowed(board *b) {
  for (int k = 0; k < 4; k++) {
    uint32_t in[2] = {0xAAAAAAAAu + (uint32_t)k, 0x55555555u}, out[2] = {0};
    write_words(b, memory, 2, in, 2);
    const board_answer a = k % 2 ? write_words(b, late + 8, 2, out, 1) : read_words(b, late + 8, 2, out, 1);
    wrong(b, a.outcome != LINK_GOOD || !a.reply.late, "a late answer is not told");
    for (int wait = 0; wait < 12; wait++) {  // through the time at which it comes
      const board_answer r = read_words(b, memory, 2, out, 2);
      wrong(b, r.outcome != LINK_GOOD, "a read in the meantime");
      wrong(b, !r.reply.late && memcmp(in, out, sizeof in) != 0, "it got the late answer");
      if (wait > 8) wrong(b, r.reply.late, "it is late for ever");
    }
    works(b, "after a late answer");
  }
}

// Words come faster than this bus takes them: one alone is good, a burst is told.
static void a_slow_bus_is_told(board *b) {
  uint32_t words[4] = {1, 2, 3, 4}, out[4] = {0};
  board_answer a = write_words(b, slow, 2, words, 1);
  wrong(b, !is_good(&a), "one word");
  a = write_words(b, slow, 2, words, 4);
  wrong(b, a.outcome != LINK_GOOD || !a.reply.late, "a burst");
  a = read_words(b, slow, 2, out, 4);
  wrong(b, !is_good(&a) || out[0] != 1, "reads, which wait");
  works(b, "after a slow bus");
}

static void a_broken_line_is_survived(board *b) {
  uint8_t bytes[LINK_MAX_BYTES];
  link_request q = {.op = LINK_STATUS, .sequence = 1, .count = 1};
  link_encode(&q, bytes);
  for (size_t at = 0; at <= 10; at++) {
    board_send(b, bytes, at);
    board_line(b, 257, 60 + (uint32_t)at);
    board_line(b, 256, 2);
    board_rest(b);
    works(b, "after a broken line");
  }
}

// While the link answers it does not listen.
static void noise_while_it_answers_is_ignored(board *b) {
  uint32_t out[40] = {0}, in[40];
  uint8_t bytes[LINK_MAX_BYTES];
  for (int k = 0; k < 40; k++) in[k] = (uint32_t)k * 77;
  write_words(b, memory, 2, in, 40);
  link_request q = {.op = LINK_READ, .sequence = 3, .step = 2, .count = 40, .data = out};
  board_send(b, bytes, link_encode(&q, bytes));
  for (int k = 0; k < 120; k++) board_send(b, &(const uint8_t){k & 1 ? LINK_SYNC : 0}, 1);
  const board_answer a = board_await(b, &q, ENOUGH);
  wrong(b, !is_good(&a) || memcmp(in, out, sizeof in) != 0, "a read under noise");
  board_rest(b);
  works(b, "after noise under a reply");
}

typedef void promise(board *b);

#endif
