// SPDX-License-Identifier: Apache-2.0
// The parts of synth_report (board_report.c): what one board's folder build/synth/BOARD holds, read and
// counted.
#ifndef SYNTH_REPORT_H
#define SYNTH_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "eie_board.h"
#include "eie_error.h"

// Resources of a device. LUT: logic cells; LUTRAM and CARRY are told apart from them by kind of cell only,
// where a person wants to know what became of a memory.
typedef enum { RES_LUT, RES_FF, RES_RAM, RES_SPRAM, RES_DSP, RES_NUM } report_resource;

// What one kind of cell takes of a device: `weight` of one resource; nothing when the kind is not known or
// costs nothing of its own (carry beside a LUT, multiplexers between LUTs). A cell of a memory or of a
// multiplier is listed in the report by the place it has in the design.
typedef struct {
  report_resource resource;
  uint32_t weight;  // 0: nothing
  int is_macro;     // 1: memory or multiplier
} report_kind;
report_kind report_kind_of(eie_family family, const char *cell);
const char *report_resource_name(report_resource r);  // "LUT"

enum { REPORT_NAME = 200, REPORT_BLOCKS = 200, REPORT_SEEDS = 64, REPORT_TIMES = 80 };

// Cells of one block: of synthesis, before packing.
typedef struct {
  char name[REPORT_NAME];
  uint64_t count[RES_NUM];
} report_block;

// A cell of a memory or multiplier. `place` is its instance path, `folded` the same without indexes.
typedef struct {
  char folded[REPORT_NAME], place[REPORT_NAME], kind[48];
} report_macro;

// The netlist (Yosys' JSON), by block.
typedef struct {
  int read;                  // 0: there was none
  char inside[REPORT_NAME];  // path of eie_top in the board's top, with a final '.', or ""
  uint32_t n_blocks, n_macros, macros_room;
  report_block blocks[REPORT_BLOCKS];
  report_macro *macros;  // sorted: folded, kind, place
} report_netlist;

// One run of place and route.
typedef struct {
  uint32_t number;
  double mhz;         // of the clock with the least room; 0: did not route
  cJSON *report;      // seedN.json; NULL: did not route
  const cJSON *path;  // the critical path of that clock, in `report`; NULL: not told
  char why[200];      // of one that did not route: what nextpnr said
} report_seed;

typedef struct {
  char what[40];
  double seconds;
} report_time;

typedef struct {
  char folder[1024];
  eie_board board;
  char grade[64];
  char yosys[64];                    // "Yosys 0.70"
  char versions[400];                // versions.txt, lines joined by ", "; "" when it is not there
  uint64_t synthesised[RES_NUM];     // counted from stat.json
  uint64_t used[RES_NUM];            // after packing where nextpnr says so, else as synthesised
  uint32_t packed;                   // bit 1 << resource: `used` is nextpnr's
  uint32_t n_seeds, n_routed, best;  // best: index of a seed, valid when n_routed > 0
  double median;
  report_seed seeds[REPORT_SEEDS];
  uint32_t n_times;
  report_time times[REPORT_TIMES];
  report_netlist netlist;
} report;

// Reads all of `folder`; the board is that of its NAME.cfg, else the one that the folder is called. A file
// that is missing or is not what its tool writes is one sentence with its name. The caller frees with
// report_free, on failure too.
eie_status report_read(const char *folder, report *r, eie_error *err);
void report_free(report *r);
eie_status report_read_seeds(report *r, eie_error *err);
eie_status report_read_netlist(const char *path, eie_family family, report_netlist *n, eie_error *err);
eie_status report_read_json(const char *path, cJSON **root, eie_error *err);

// The block of a cell, from its hierarchical name: its PE stage, as "u_pe.u_arith", or a part of eie_top, as
// "u_ccu".
void report_block_of(const char *cell, const char *inside, char block[REPORT_NAME]);
// The instance path of a cell; with fold its indexes are "[*]", and what is above u_pe is left out.
void report_place_of(const char *cell, int fold, char place[REPORT_NAME]);
// Finds `inside` (above) in a cell's name; 0 when the name does not show it.
int report_find_inside(const char *cell, char inside[REPORT_NAME]);

// Sum over the blocks inside of PEs.
void report_of_pes(const report_netlist *n, uint64_t sum[RES_NUM]);

void report_print(const report *r, FILE *out);
void report_print_path(const report *r, FILE *out);
cJSON *report_summary(const report *r);

// The table of all boards as Markdown, from the summary.json of each folder.
eie_status report_table(uint32_t n, char **folders, FILE *out, eie_error *err);

#endif
