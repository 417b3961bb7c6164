// SPDX-License-Identifier: Apache-2.0
// A Verilated board as its serial line sees it: a clock and two wires. The object that tb/board.mk makes
// (build/board/NAME/libboard.so) plays bytes on them; everything else is C (tests/board_sim.c, rtl_uart.c).
#ifndef EIE_BOARD_PINS_H
#define EIE_BOARD_PINS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EIE_BOARD_CLOCKS_PER_BIT = 4, EIE_BOARD_PACE = 256 * EIE_BOARD_CLOCKS_PER_BIT };

// A board that has failed ($fatal, an internal error) stays failed: run returns 0.
typedef struct {
  void *sim;
  // Queues n bytes for the board's rx_i, one right behind the other; a value of 256 is a byte time of a line
  // that is free, 257 one of a line that is low (broken).
  void (*send)(void *sim, const uint16_t *bytes, size_t n);
  // Takes up to `size` bytes that came from tx_o; a byte without a stop bit is 256.
  size_t (*receive)(void *sim, uint16_t *bytes, size_t size);
  // The bit time of this end, in 256ths of a clock, from the next byte on; EIE_BOARD_PACE when not called.
  void (*pace)(void *sim, uint32_t bit_time);
  // Clocks up to `cycles` rising edges; ends early, at a byte's end, when nothing is left to send, or when
  // something came. Returns how many there were.
  uint64_t (*run)(void *sim, uint64_t cycles);
  const char *(*failure)(void *sim);  // NULL, or why it is dead
  void (*close)(void *sim);
} eie_board_pins;

// The one symbol. `seed` draws what registers and memories hold at power-on. 0, or -1 with why[size].
#define EIE_BOARD_OPEN_SYMBOL "eie_board_open"
typedef int eie_board_open_fn(uint64_t seed, eie_board_pins *pins, char *why, size_t size);
eie_board_open_fn eie_board_open;

#ifdef __cplusplus
}
#endif

#endif
