// SPDX-License-Identifier: Apache-2.0
#include "eie_fit_memory.h"

#include <stddef.h>

enum { MAX_SHAPES = 6, LANE_MAX_W = 36, DESCRIPTOR_WORDS = 8, COUNTERS = 8, ACT_W = 16 };

typedef struct {
  uint32_t depth, width;
} shape;

// RAM made of logic cells: so many cells are `depth` words of `width` bits.
typedef struct {
  shape shapes[2];
  uint32_t lut;
} cell_ram;

typedef struct {
  eie_fit_names names;
  shape shapes[MAX_SHAPES];  // of a block RAM with one write and one read port
  // 1: the RTL instantiates block RAMs side by side, so none may be deeper than the deepest shape. 0: Yosys
  // infers them and puts them behind each other as well, in the shape that needs the fewest.
  int instantiated;
  int heeds_cells;  // 1: eie_ram_1r1w heeds CELLS on this family
  shape spram;      // a single-port RAM; depth 0: none
  cell_ram cells;   // lut 0: the family has none, and queues are flip-flops
  // Where Yosys infers, it takes what is cheaper by these numbers of its libraries; 0: block RAM always.
  uint32_t block_cost, cell_cost;
} family_rules;

// ECP5: TECH 1, rtl/eie_ram_ecp5.sv. The 36-bit shape has no use below 19 bits: 18 bits reach 1024 words.
// iCE40: TECH 2; SB_RAM40_4K is inferred, SB_SPRAM256KA instantiated (rtl/eie_ram_spram.sv).
// Gowin: TECH 3; BSRAM of 18 kbit, semi-dual-port, inferred and asked for by attribute. Only shapes up to
// 2048 words have the ninth bit. Xilinx: TECH 0; RAMB18, inferred. Simple dual-port gives it 36 bits. Cells:
// TRELLIS_DPR16X4 is 4 cells and the 2 that are lost to its write port; a RAM16SDP4 as much; a RAM32M (32
// words of 6 bits) or RAM64M is 4 LUT6.
static const family_rules rules[EIE_NUM_FAMILIES] = {
    [EIE_FAMILY_ECP5] = {{"DP16KD", "", "MULT18X18D"},
                         {{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}},
                         .instantiated = 1,
                         .heeds_cells = 1,
                         .cells = {{{16, 4}}, 6}},
    [EIE_FAMILY_ICE40] = {{"SB_RAM40_4K", "SB_SPRAM256KA", "SB_MAC16"},
                          {{256, 16}, {512, 8}, {1024, 4}, {2048, 2}},
                          .spram = {16384, 16}},
    [EIE_FAMILY_GOWIN] = {{"BSRAM", "", "MULT18X18"},
                          {{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}},
                          .heeds_cells = 1,
                          .cells = {{{16, 4}}, 6}},
    [EIE_FAMILY_XILINX] = {{"RAMB18E1", "", "DSP48E1"},
                           {{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}},
                           .cells = {{{32, 6}, {64, 3}}, 4},
                           .block_cost = 129,
                           .cell_cost = 8},
};

static uint64_t ceil_div(uint64_t a, uint64_t b) {
  return (a + b - 1) / b;
}

eie_fit_names eie_fit_names_of(eie_family family) {
  return rules[family].names;
}

// Slices of a Spmat word: eie_pkg::lanes, eie_pkg::lane_w.
static eie_fit_memory spmat(const eie_config *c) {
  const uint32_t lanes = (uint32_t)ceil_div(eie_word_w(c), LANE_MAX_W);
  return (eie_fit_memory){.name = "Spmat",
                          .key = "SPMAT_WORDS",
                          .copies = c->n_pe * lanes,
                          .width = (uint32_t)ceil_div(eie_word_w(c), lanes),
                          .depth = c->spmat_words,
                          .single_port = 1};
}

// With one or two PEs a counter each is smaller than a memory of them (rtl/eie_busy_counters.sv).
enum { BUSY_IN_REGISTERS = 2, BUSY_TURN = 8 };

// An UP5K has four SPRAMs: the Spmat comes first, and with two PEs one is left for the activations of each
// (eie_pkg::act_single_port).
enum { SPRAM_FOR_ACTIVATIONS = 2 };

// Bits of a counter: eie_pkg::counter_w.
static uint32_t counter_w(eie_family family) {
  return family == EIE_FAMILY_ICE40 ? 24 : 48;
}

// Entries under way, kept for a fault's record: a block RAM where there is no RAM of cells
// (rtl/eie_fault_entry.sv); elsewhere that RAM is a part of the measured logic.
enum { FAULT_RING = 8 };

// ECP5 has the codebooks behind the activations, each in half of one block RAM, where they fit
// (eie_pkg::book_with_acts). Words of both; 0: apart.
enum { TWO_PORTS_DEPTH = 1024 };
static uint32_t acts_with_books(eie_family family, uint32_t act_slots, uint32_t books) {
  const uint32_t bits = eie_index_w(act_slots > books ? act_slots : books);
  return family == EIE_FAMILY_ECP5 && bits < 10 && 2u << bits <= TWO_PORTS_DEPTH ? 2u << bits : 0;
}

uint32_t eie_fit_memories(eie_family family, const eie_config *c, eie_fit_memory list[EIE_FIT_MEMORIES]) {
  const int ice40 = family == EIE_FAMILY_ICE40;
  const uint32_t books = c->layers << c->code_w, bank = c->ptr_depth / 2;
  const uint32_t both = acts_with_books(family, c->act_slots, books);
  const uint32_t turn = c->n_pe > BUSY_TURN ? c->n_pe : BUSY_TURN;
  const eie_fit_memory all[EIE_FIT_MEMORIES] = {
      spmat(c),
      {"pointers", "PTR_DEPTH", 2 * c->n_pe, eie_bank_w(c), bank, 0, 0},
      {"codebooks", "LAYERS", both ? 0 : c->n_pe, ACT_W, books, books <= EIE_FIT_CELLS_DEPTH, 0},
      {"accumulators", "ROWS", c->n_pe, c->acc_w, c->rows, c->rows <= EIE_FIT_CELLS_DEPTH, 0},
      {"activations", "ACT_SLOTS", c->n_pe, ACT_W, both ? both : c->act_slots, 0,
       !ice40 || c->n_pe <= SPRAM_FOR_ACTIVATIONS},
      {"non-zero flags", "ACT_SLOTS", 1, c->n_pe, c->act_slots, 0, 0},
      {"descriptors", "LAYERS", 1, 32, c->layers * DESCRIPTOR_WORDS, 0, 0},
      {"counters", "LAYERS", 1, counter_w(family), c->layers * COUNTERS, 0, 0},
      {"fault entries", "N_PE", ice40 ? c->n_pe : 0, eie_ptr_w(c), FAULT_RING, 0, 0},
      {"busy counters", "N_PE", c->n_pe > BUSY_IN_REGISTERS, counter_w(family), turn, 0, 0},
  };
  uint32_t n = 0;
  for (uint32_t k = 0; k < EIE_FIT_MEMORIES; k++)
    if (all[k].copies) list[n++] = all[k];
  return n;
}

// Fewest blocks; 0 when they stand side by side only and none is deep enough.
static uint64_t blocks(const family_rules *r, uint32_t width, uint32_t depth) {
  uint64_t best = 0;
  for (int k = 0; k < MAX_SHAPES && r->shapes[k].depth; k++) {
    if (r->instantiated && r->shapes[k].depth < depth) continue;
    const uint64_t n = ceil_div(width, r->shapes[k].width) * ceil_div(depth, r->shapes[k].depth);
    if (best == 0 || n < best) best = n;
  }
  return best;
}

// RAM of logic cells in the shape that needs the fewest: RAMs, and multiplexers of two bits behind them.
static void count_cells(const cell_ram *c, uint32_t width, uint32_t depth, uint64_t *rams, uint64_t *muxes) {
  *rams = 0;
  for (int k = 0; k < 2 && c->shapes[k].depth; k++) {
    const uint64_t deep = ceil_div(depth, c->shapes[k].depth);
    const uint64_t n = deep * ceil_div(width, c->shapes[k].width);
    if (*rams && n >= *rams) continue;
    *rams = n;
    *muxes = (deep - 1) * width;
  }
}

static uint64_t cells(const family_rules *r, uint32_t width, uint32_t depth) {
  uint64_t rams, muxes = 0;
  count_cells(&r->cells, width, depth, &rams, &muxes);
  return rams * r->cells.lut + muxes;
}

// Yosys (memory_libmap) counts half a unit for a multiplexer.
static int yosys_takes_cells(const family_rules *r, uint32_t width, uint32_t depth) {
  uint64_t rams, muxes = 0;
  if (!r->block_cost) return 0;
  count_cells(&r->cells, width, depth, &rams, &muxes);
  return 2 * rams * r->cell_cost + muxes < 2 * r->block_cost * blocks(r, width, depth);
}

eie_fit_place eie_fit_place_memory(eie_family family, const eie_fit_memory *m) {
  const family_rules *r = &rules[family];
  if ((m->cells && r->heeds_cells) || yosys_takes_cells(r, m->width, m->depth))
    return (eie_fit_place){EIE_FIT_CELLS, cells(r, m->width, m->depth)};
  if (m->single_port && r->spram.depth) {
    if (m->depth > r->spram.depth) return (eie_fit_place){EIE_FIT_TOO_DEEP, 0};
    return (eie_fit_place){EIE_FIT_SPRAM, ceil_div(m->width, r->spram.width)};
  }
  const uint64_t n = blocks(r, m->width, m->depth);
  return (eie_fit_place){n ? EIE_FIT_BLOCK : EIE_FIT_TOO_DEEP, n};
}

uint32_t eie_fit_deepest(eie_family family) {
  const family_rules *r = &rules[family];
  uint32_t deepest = r->spram.depth;
  for (int k = 0; k < MAX_SHAPES && r->instantiated; k++)
    if (r->shapes[k].depth > deepest) deepest = r->shapes[k].depth;
  return deepest ? deepest : UINT32_MAX;
}

// A queue of flip-flops: each bit has its own logic cell, which cannot be used otherwise, and its share of a
// tree of multiplexers, two cells for four inputs.
static void add_queue(const family_rules *r, uint64_t width, uint64_t depth, uint64_t *lut, uint64_t *ff) {
  if (r->cells.lut) {
    *lut += cells(r, (uint32_t)width, (uint32_t)depth);
    return;
  }
  *lut += width * depth + width * (depth - 1) * 2 / 3;
  *ff += width * depth;
}

// An item is first entry, count less one, one bit and activation; the place in the output register of the
// activation queue is no RAM (rtl/eie_ptr_read.sv, rtl/eie_sequencer.sv).
void eie_fit_queues(eie_family family, const eie_config *c, uint64_t *lut, uint64_t *ff) {
  const uint64_t width = eie_ptr_w(c) + eie_index_w(c->rows) + 1 + ACT_W;
  const uint64_t act_depth = c->act_queue_depth > 3 ? c->act_queue_depth - 1 : 2;
  uint64_t pe_lut = 0, pe_ff = 0;
  add_queue(&rules[family], width, act_depth, &pe_lut, &pe_ff);
  add_queue(&rules[family], width, c->queue_depth, &pe_lut, &pe_ff);
  *lut = c->n_pe * pe_lut;
  *ff = c->n_pe * pe_ff;
}
