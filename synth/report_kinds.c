// SPDX-License-Identifier: Apache-2.0
// Cells of the four families that Yosys synthesises for, and what each takes of a device.
#include <string.h>

#include "report.h"

typedef struct {
  const char *cell;  // a final '*' stands for any rest
  report_resource resource;
  uint32_t weight;
  int is_macro;
} row;

// A CCU2C is two LUTs; a 16 x 4 RAM takes four, and two that address its write port.
static const row ecp5[] = {{"LUT4", RES_LUT, 1, 0},       {"CCU2C", RES_LUT, 2, 0},
                           {"TRELLIS_FF", RES_FF, 1, 0},  {"TRELLIS_DPR16X4", RES_LUT, 6, 1},
                           {"DP16KD", RES_RAM, 1, 1},     {"PDPW16KD", RES_RAM, 1, 1},
                           {"MULT18X18D", RES_DSP, 1, 1}, {NULL, RES_LUT, 0, 0}};
static const row ice40[] = {{"SB_LUT4", RES_LUT, 1, 0},      {"SB_DFF*", RES_FF, 1, 0},
                            {"SB_RAM40_4K*", RES_RAM, 1, 1}, {"SB_SPRAM256KA", RES_SPRAM, 1, 1},
                            {"SB_MAC16", RES_DSP, 1, 1},     {NULL, RES_LUT, 0, 0}};
static const row gowin[] = {
    {"LUT*", RES_LUT, 1, 0},      {"ALU", RES_LUT, 1, 0},   {"DFF*", RES_FF, 1, 0},
    {"RAM16S*", RES_LUT, 6, 1},   {"SDP*", RES_RAM, 1, 1},  {"DP*", RES_RAM, 1, 1},
    {"SP*", RES_RAM, 1, 1},       {"pROM*", RES_RAM, 1, 1}, {"MULT18X18", RES_DSP, 1, 1},
    {"MULT36X36", RES_DSP, 4, 1}, {NULL, RES_LUT, 0, 0}};
// Block RAM is counted in halves, RAMB18.
static const row xilinx[] = {
    {"LUT*", RES_LUT, 1, 0},     {"INV", RES_LUT, 1, 0},      {"FDRE*", RES_FF, 1, 0},
    {"FDSE*", RES_FF, 1, 0},     {"FDCE*", RES_FF, 1, 0},     {"FDPE*", RES_FF, 1, 0},
    {"SRL16E", RES_LUT, 1, 0},   {"SRLC32E", RES_LUT, 1, 0},  {"RAM32M", RES_LUT, 4, 1},
    {"RAM64M", RES_LUT, 4, 1},   {"RAM32X1D", RES_LUT, 2, 1}, {"RAM64X1D", RES_LUT, 2, 1},
    {"RAMB18E1", RES_RAM, 1, 1}, {"RAMB36E1", RES_RAM, 2, 1}, {"DSP48E1", RES_DSP, 1, 1},
    {NULL, RES_LUT, 0, 0}};

static int matches(const char *pattern, const char *cell) {
  const size_t n = strlen(pattern);
  if (pattern[n - 1] == '*') return strncmp(pattern, cell, n - 1) == 0;
  return strcmp(pattern, cell) == 0;
}

report_kind report_kind_of(eie_family family, const char *cell) {
  const row *rows = family == EIE_FAMILY_ECP5    ? ecp5
                    : family == EIE_FAMILY_ICE40 ? ice40
                    : family == EIE_FAMILY_GOWIN ? gowin
                                                 : xilinx;
  for (; rows->cell; rows++)
    if (matches(rows->cell, cell)) return (report_kind){rows->resource, rows->weight, rows->is_macro};
  return (report_kind){RES_LUT, 0, 0};
}

const char *report_resource_name(report_resource r) {
  static const char *const names[RES_NUM] = {"LUT", "FF", "RAM", "SPRAM", "DSP"};
  return names[r];
}
