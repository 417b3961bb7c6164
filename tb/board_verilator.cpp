// SPDX-License-Identifier: Apache-2.0
// The pins of a Verilated board (board_pins.h): its clock, and the other end of its serial line, which is
// played in the clock loop, so that the caller is asked once a byte at most.
#include <cstdarg>
#include <cstdio>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>

#include "Vboard.h"
#include "board_pins.h"
#include "verilated.h"

static thread_local std::string printed;  // what the RTL printed: $fatal says why before it stops

extern "C" int eie_vl_printf(const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  int n = std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (printed.size() > 4096) printed.clear();
  printed += text;
  std::fputs(text, stderr);
  return n;
}

void vl_fatal(const char *file, int line, const char *, const char *message) {
  throw std::runtime_error(std::string(file ? file : "") + ":" + std::to_string(line) + ": " + message);
}

namespace {

constexpr unsigned clock_time = 256;  // times are in 256ths of a clock

struct Board {
  std::unique_ptr<VerilatedContext> context{new VerilatedContext};
  std::unique_ptr<Vboard> top;
  std::deque<uint16_t> to_send, received;
  unsigned bit_time = EIE_BOARD_PACE;
  bool sending = false, hearing = false, was_high = true;
  unsigned sent = 0, frame = 0;              // time since the byte began; its ten bits, lowest first
  unsigned since = 0, heard = 0, place = 0;  // time since the start bit was seen; bits so far; how many
  std::string failure;

  void next_byte() {
    const unsigned byte = to_send.front();
    to_send.pop_front();
    frame = byte < 256 ? byte << 1 | 0x200 : byte == 256 ? 0x3FF : 0;
    sending = true;
  }

  // True when a byte ended. What is over of its last clock belongs to the next byte.
  bool play() {
    if (!sending && !to_send.empty()) next_byte();
    if (!sending) {
      sent = 0;
      top->rx_i = 1;
      return false;
    }
    top->rx_i = frame >> sent / bit_time & 1;
    sent += clock_time;
    if (sent < 10 * bit_time) return false;
    sent -= 10 * bit_time;
    sending = false;
    return true;
  }

  // True when a byte ended. Each bit is looked at in its middle: 0 the start bit, 1 to 8 data, 9 the stop
  // bit.
  bool listen() {
    const bool high = top->tx_o;
    if (!hearing) {
      hearing = was_high && !high;
      was_high = high;
      since = clock_time / 2;
      heard = place = 0;
      return false;
    }
    since += clock_time;
    if (since < place * bit_time + bit_time / 2) return false;
    heard |= static_cast<unsigned>(high) << place;
    if (++place < 10) return false;
    received.push_back(static_cast<uint16_t>(high ? heard >> 1 & 0xFF : 256));
    hearing = false;
    was_high = high;
    return true;
  }

  void clock() {
    context->timeInc(1);
    top->clk_i = 1;
    top->eval();
    context->timeInc(1);
    top->clk_i = 0;
    top->eval();
    if (context->gotFinish()) throw std::runtime_error("the RTL stopped by $fatal, $stop or $finish");
  }

  void fail(const std::string &why) {
    failure = why;
    for (char &c : printed)
      if (c == '\n') c = ' ';
    if (!printed.empty()) failure += ": " + printed.substr(0, 400);
  }
};

void send(void *sim, const uint16_t *bytes, size_t n) {
  auto *b = static_cast<Board *>(sim);
  b->to_send.insert(b->to_send.end(), bytes, bytes + n);
}

size_t receive(void *sim, uint16_t *bytes, size_t size) {
  auto *b = static_cast<Board *>(sim);
  size_t n = 0;
  for (; n < size && !b->received.empty(); n++) {
    bytes[n] = b->received.front();
    b->received.pop_front();
  }
  return n;
}

void pace(void *sim, uint32_t bit_time) {
  static_cast<Board *>(sim)->bit_time = bit_time;
}

uint64_t run(void *sim, uint64_t cycles) {
  auto *b = static_cast<Board *>(sim);
  uint64_t done = 0;
  if (!b->failure.empty()) return 0;
  try {
    while (done < cycles) {
      const bool sent = b->play();
      b->clock();
      done++;
      if (b->listen() || (sent && b->to_send.empty())) break;
    }
  } catch (const std::exception &e) {
    b->fail(e.what());
  }
  return done;
}

const char *failure(void *sim) {
  auto *b = static_cast<Board *>(sim);
  return b->failure.empty() ? nullptr : b->failure.c_str();
}

void close(void *sim) {
  auto *b = static_cast<Board *>(sim);
  try {
    if (b->failure.empty()) b->top->final();
  } catch (const std::exception &) {  // closing a dead board
  }
  delete b;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int eie_board_open(uint64_t seed, eie_board_pins *pins,
                                                                     char *why, size_t size) {
  std::unique_ptr<Board> b(new Board);
  printed.clear();
  try {
    b->context->fatalOnError(false);
    b->context->randReset(2);
    b->context->randSeed(static_cast<int>(seed % 0x7FFFFFFE) + 1);
    b->top.reset(new Vboard(b->context.get(), "board"));
    b->top->clk_i = 0;
    b->top->rx_i = 1;
    b->top->eval();
  } catch (const std::exception &e) {
    b->fail(e.what());
  }
  if (!b->failure.empty()) {
    std::snprintf(why, size, "%s", b->failure.c_str());
    return -1;
  }
  *pins = eie_board_pins{b.release(), send, receive, pace, run, failure, close};
  return 0;
}
