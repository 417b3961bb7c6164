// SPDX-License-Identifier: Apache-2.0
// Boards for the tests of eie fit, apart from those of synth/boards: their numbers stay when boards change.
#ifndef FIT_BOARDS_H
#define FIT_BOARDS_H

#include <string.h>

#include "eie_fit.h"

// ECP5-85F with 16 PEs.
static inline eie_board board_ecp5(void) {
  return (eie_board){.name = "large",
                     .title = "test board",
                     .family = EIE_FAMILY_ECP5,
                     .has = {83640, 83640, 208, 0, 156},
                     .clock_mhz = 100,
                     .baud = 3000000,
                     .config = {"large", 16, 17, 32, 4, 5, 8, 32, 256, 512, 2048, 1024, 4},
                     .costs = {.measured = 1,
                               .lut_base = 2000,
                               .lut_pe = 850,
                               .ff_base = 2500,
                               .ff_pe = 650,
                               .n_clocks = 3,
                               .clocks = {{8, 150}, {16, 120}, {32, 80}}}};
}

// iCE40 UP5K with 2 PEs.
static inline eie_board board_ice40(void) {
  return (eie_board){.name = "small",
                     .title = "test board",
                     .family = EIE_FAMILY_ICE40,
                     .has = {5280, 5280, 30, 4, 8},
                     .baud = 1000000,
                     .config = {"small", 2, 4, 4, 4, 4, 2, 32, 256, 16384, 2048, 1024, 4},
                     .costs = {.measured = 1,
                               .lut_base = 1500,
                               .lut_pe = 1200,
                               .ff_base = 1000,
                               .ff_pe = 900,
                               .n_clocks = 1,
                               .clocks = {{2, 48}}}};
}

// GW2AR-18 with 8 PEs.
static inline eie_board board_gowin(void) {
  return (eie_board){.name = "middle",
                     .title = "test board",
                     .family = EIE_FAMILY_GOWIN,
                     .has = {20736, 15552, 46, 0, 48},
                     .baud = 3000000,
                     .config = {"middle", 8, 16, 16, 4, 5, 8, 32, 64, 512, 2048, 1024, 4},
                     .costs = {.measured = 1,
                               .lut_base = 2000,
                               .lut_pe = 1100,
                               .ff_base = 2000,
                               .ff_pe = 700,
                               .n_clocks = 1,
                               .clocks = {{8, 81}}}};
}

// XC7A35T, not measured.
static inline eie_board board_xilinx(void) {
  return (eie_board){.name = "counted",
                     .title = "test board",
                     .family = EIE_FAMILY_XILINX,
                     .has = {20800, 41600, 100, 0, 90},
                     .config = {"counted", 8, 16, 32, 4, 5, 8, 32, 256, 512, 2048, 1024, 4}};
}

#endif
