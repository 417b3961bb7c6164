// SPDX-License-Identifier: Apache-2.0
// An FPGA board as `eie fit` knows it: a folder NAME with board.cfg (what the device has), NAME.cfg (its
// array configuration) and costs.cfg (measured by synthesis; may be missing). Lines of KEY = VALUE, '#'
// comments. docs/fit.md lists the keys. Boards are looked for in $EIE_BOARD_DIR, else in synth/boards of the
// source tree that the library was built from.
#ifndef EIE_BOARD_H
#define EIE_BOARD_H

#include <stdint.h>

#include "eie_config.h"

typedef enum { EIE_FAMILY_ECP5, EIE_FAMILY_ICE40, EIE_FAMILY_GOWIN, EIE_FAMILY_XILINX } eie_family;
enum { EIE_NUM_FAMILIES = 4 };

// Counts of what a device has, or of what an array needs.
typedef struct {
  uint64_t lut, ff;     // logic cells, flip-flops
  uint64_t ram, spram;  // block RAMs of the family's kind (eie_fit_memory.h), single-port RAMs
  uint64_t dsp;         // multipliers of 16 x 16 bits or more
} eie_resources;

typedef struct {
  uint32_t n_pe;
  double mhz;  // median of the routed clock; 0: so many PEs were tried and did not route
} eie_board_clock;

enum { EIE_BOARD_CLOCKS = 9 };  // N_PE 1, 2, .. 256

// Logic is a straight line through measured PE counts, at the queues and widths of the board's NAME.cfg.
typedef struct {
  int measured;     // 0: there is no costs.cfg; nothing below is set
  int preliminary;  // 1: PRELIMINARY = 1 stands in it: estimates, not yet the numbers of a routed design
  double lut_base, lut_pe, ff_base, ff_pe;
  uint32_t n_clocks;
  eie_board_clock clocks[EIE_BOARD_CLOCKS];  // n_pe ascending
} eie_board_costs;

typedef struct {
  char name[64];    // of the folder
  char title[128];  // printable
  char part[64];    // "" when not given
  eie_family family;
  eie_resources has;
  double clock_mhz;   // of the array in the board's bitstream; 0: not given
  uint32_t baud;      // of the UART; 0: not given
  eie_config config;  // NAME.cfg
  eie_board_costs costs;
} eie_board;

const char *eie_family_name(eie_family family);  // "ecp5"

// One board by name. EIE_ERR_USE when there is none (the sentence lists those there are), EIE_ERR_INPUT, with
// file and line, when a file is not what docs/fit.md says.
eie_status eie_board_read(const char *name, eie_board *board, eie_error *err);

// All boards, by name; the caller frees *boards. EIE_ERR_USE when there is none.
eie_status eie_boards_read(eie_board **boards, uint32_t *count, eie_error *err);

// The measured clock for an array of n_pe PEs: that of the same count, else of the next larger measured one
// (which is slower), else of the largest. NULL when nothing was routed.
const eie_board_clock *eie_board_clock_for(const eie_board *board, uint32_t n_pe);

// Largest PE count that was routed, 0 when none was; and the smallest above it that was tried and did not
// route, 0 when none.
uint32_t eie_board_routed(const eie_board *board);
uint32_t eie_board_unroutable(const eie_board *board);

#endif
