// SPDX-License-Identifier: Apache-2.0
// The planted bugs: what is broken, the model that shows it, and where it must be found. Cycles are those of
// the layer, counted from its launch; they follow from docs/timing.md and tb/lockstep_pass.h and are pinned
// here as numbers. Included by tests/rtl_planted.c alone.
#ifndef PLANTED_TABLE_H
#define PLANTED_TABLE_H

#include "eie_lockstep.h"
#include "planted_models.h"

enum { ANY = UINT32_MAX - 1, NONE = UINT32_MAX };  // may be anything; has no meaning

enum {
  IN_TEST = 1,    // in `make test`, not only in `make test-planted`
  ON_ICARUS = 2,  // also with EIE_ENGINE=icarus
  IN_SMALL = 4    // and there in the small part (EIE_PART=small) too
};

typedef struct {
  const char *name;  // tests/planted/NAME.patch
  const char *what;
  const char *config;
  scene_fn *model;
  eie_difference kind;  // EIE_DIFFERS_NOT: not an event of the array: `words` are of the plain run's sentence
  eie_stage stage;
  struct {
    uint32_t input, layer, pe, slot, row, column, entry;
  } at;
  uint64_t cycle;      // of the layer
  const char *words;   // of the sentence
  const char *icarus;  // the same there, when bits are X
  int flags;
} planted_bug;

// clang-format off
static const planted_bug bugs[] = {
    // Forwarding: an accumulator written 1, 2, 3 or 4 cycles ago is not in its memory yet.
    {"forward_1", "the sum of the cycle before is not forwarded",
     "pe4", one_row, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 0, 0, 0, 1, 1}, 26,
     "as if the sum of entry 0, 1 cycle before,", NULL, ON_ICARUS},
    {"forward_2", "the sum of two cycles before is not forwarded",
     "pe4", two_rows, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 0, 0, 0, 1, 2}, 27,
     "as if the sum of entry 0, 2 cycles before,", NULL, IN_TEST},
    {"forward_3", "the sum of three cycles before is not forwarded",
     "pe4", three_rows, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 0, 0, 0, 1, 3}, 28,
     "as if the sum of entry 0, 3 cycles before,", NULL, 0},
    {"forward_4", "the sum of four cycles before, which the memory is being written with, is not forwarded",
     "pe4", four_rows, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 0, 0, 0, 1, 4}, 29,
     "before it -7, as if it had been 6", NULL, 0},

    // Queues and pointers.
    {"queue_item_lost", "the work queue loses a column that comes while another leaves",
     "pe4", two_layers, EIE_DIFFERS_MISSING, EIE_STAGE_ENTRY, {0, 0, 2, 0, 2, 1, 2}, 24,
     "the device went on with entry 4", NULL, IN_TEST | ON_ICARUS},
    {"queue_pointer_wrap", "the work queue's read pointer wraps one place too early",
     "pe4", many_columns, EIE_DIFFERS_EXTRA, EIE_STAGE_ENTRY, {0, 0, 0, 0, 0, 31, 31}, 53,
     "in its place the device has entry 0, which was there", NULL, 0},
    {"pointer_carry", "an odd column takes its second pointer one place too low",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_POINTERS, {0, 0, 0, NONE, NONE, 1, NONE}, 13,
     "number of entries: device 65533", NULL, 0},

    // Spmat and codebook.
    {"spmat_lanes", "the lanes of a Spmat word are swapped when it is written",
     "pe4", two_layers, EIE_DIFFERS_NOT, 0, {0}, 0,
     "Spmat memory of PE 0, word 0: holds", NULL, 0},
    {"spmat_halves", "the halves of a Spmat word are swapped when an entry is read",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, {0, 0, 0, 0, 0, 0, 0}, 22,
     "weight: device 1 (0x1), golden -7", NULL, 0},
    {"codebook_stale", "the second layer uses the codebook of the first",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, {0, 1, 0, 0, 0, 0, 40}, 22,
     "weight: device 7 (0x7), golden 9 (0x9)", NULL, 0},

    // Arithmetic.
    {"weight_sign", "a negative weight is taken for a large positive one",
     "pe4", one_negative_weight, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 2, 1, 6, 3, 7}, 32,
     "golden -10 ", NULL, 0},
    {"accumulator_width", "accumulators wrap at 31 bits",
     "pe4", large_row_6, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 0, 2, 1, 6, 4, 9}, 34,
     "device -1073676291", NULL, 0},
    {"accumulator_not_cleared", "write-back leaves the accumulator as it was",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_UPDATE, {0, 1, 0, 0, 0, 0, 40}, 25,
     "before it 0, as if it had been -57", NULL, 0},
    {"fault_not_reset", "a register that stops all entries is not reset",
     "pe4", two_layers, EIE_DIFFERS_MISSING, EIE_STAGE_UPDATE, {0, 0, ANY, 0, ANY, 0, ANY}, 25,
     "accumulator update missing", "X or Z", ON_ICARUS | IN_SMALL},

    // Write-back.
    {"rounding", "halves are rounded down",
     "pe4", half_in_row_6, EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, {0, 0, 2, 1, 6, NONE, NONE}, 67,
     "output: device 16 (0x10), golden 17 (0x11)", NULL, 0},
    {"clamp_low", "too small a value is cut, not clamped",
     "pe4", row_7_far_below, EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, {0, 0, 3, 1, 7, NONE, NONE}, 67,
     "output: device 30957 (0x78ed), golden -32768", NULL, 0},
    {"relu_cluster", "PEs 8 to 15 do not get the ReLU bit",
     "pe16", negative_row_27, EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, {0, 0, 11, 1, 27, NONE, NONE}, 81,
     "output: device -9954", NULL, 0},
    {"bias_sign", "a negative bias is taken for a large positive one",
     "pe4", row_7_far_below, EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, {0, 0, 3, 1, 7, NONE, NONE}, 67,
     "output: device 32767", NULL, 0},
    {"bias_row", "the low half of a bias is that of the next row",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_READ_OUT, {0, 0, 0, 0, 0, NONE, NONE}, 60,
     "bias: device 5 (0x5), golden 1 (0x1)", NULL, 0},
    {"bias_place", "the second row gets the bias of the first",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, NONE, NONE}, 56,
     "bias place of slot 1 of all PEs: device 14 (0xe), golden 16 (0x10)", NULL, 0},

    // Tiles, the end of a layer.
    {"tile_rows", "one row too many is written back",
     "pe4", two_layers, EIE_DIFFERS_EXTRA, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, NONE, NONE}, 58,
     "after that of slot 2, the tile's last", NULL, 0},
    // What lies in the flag memory there is random, so any tile may show it.
    {"tile_columns", "one activation slot too many is scanned",
     "tiny", tiny_tiles, EIE_DIFFERS_EXTRA, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, NONE, NONE}, ANY,
     "outside the tile's places", NULL, 0},
    {"early_drain", "write-back does not wait for the last entries",
     "pe4", two_layers, EIE_DIFFERS_CYCLE, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, NONE, NONE}, 29,
     "of slot 0 of all PEs: right, but 26 cycles early", NULL, 0},
    {"early_done", "a layer ends one row early",
     "pe4", two_layers, EIE_DIFFERS_CYCLE, EIE_STAGE_LAUNCH, {0, 1, NONE, NONE, NONE, NONE, NONE}, 0,
     "launch: right, but 1 cycle early", NULL, 0},

    // Broadcast, credits, flags.
    {"last_broadcast_dropped", "the last broadcast of a layer is not sent: the array hangs",
     "pe4", two_layers, EIE_DIFFERS_MISSING, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, 11, NONE}, 17,
     "irq_o did not rise", NULL, IN_TEST | ON_ICARUS},
    {"broadcast_twice", "the last broadcast is sent twice",
     "pe4", two_layers, EIE_DIFFERS_EXTRA, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, 11, NONE}, 18,
     "comes once more", NULL, 0},
    {"neighbour_value", "in odd slots an odd PE's activation is read from its neighbour",
     "pe4", two_layers, EIE_DIFFERS_VALUE, EIE_STAGE_VALUE, {0, 0, NONE, NONE, NONE, 5, NONE}, 16,
     "activation: device 5 (0x5), golden 1 (0x1)", NULL, ON_ICARUS},
    // The slot's first flag that is set: of the input before, or random where this input runs alone.
    {"flags_stale", "a slot of zeros does not reach the flag memory",
     "pe4", slot_falls_silent, EIE_DIFFERS_EXTRA, EIE_STAGE_COLUMN, {1, 1, NONE, NONE, NONE, ANY, NONE}, 10,
     "its activation is 0", NULL, 0},
    {"credit_lost", "a credit that comes while a broadcast leaves is lost: the array hangs",
     "pe4", many_columns, EIE_DIFFERS_MISSING, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, NONE, NONE}, 59,
     "irq_o did not rise", NULL, 0},
    {"credit_short", "one credit is never given out: right, but slow",
     "tiny", tiny_layer, EIE_DIFFERS_CYCLE, EIE_STAGE_COLUMN, {0, 0, NONE, NONE, NONE, 1, NONE}, 19,
     "right, but 12 cycles late", NULL, 0},

    // Counters: no event of the array differs, and a counter has no cycle but the layer's end.
    {"padding_count", "a padding entry that opens a column is not counted",
     "pe4", one_padding, EIE_DIFFERS_NOT, 0, {0}, 0,
     "layer 0 (fc1): counter PADDING of descriptor 0 (pass 0): device 0, golden 1", NULL, IN_TEST},
    {"cycle_count", "cycles without a credit are not counted",
     "tiny", tiny_layer, EIE_DIFFERS_NOT, 0, {0}, 0,
     "layer 0 (fc1): counter CYCLES of descriptor 0 (pass 0): device 39, timing model 50", NULL, 0},

    // The bus: no layer; the place is the address (the first word behind the counters).
    {"slverr_missing", "a read behind the counters is answered as if there was something",
     "pe4", NULL, EIE_DIFFERS_NOT, 0, {0}, 0,
     "a read of 0x00040400 was not refused", NULL, 0},
};
// clang-format on

#endif
