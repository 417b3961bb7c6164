// SPDX-License-Identifier: Apache-2.0
// Constants of the address map, for freestanding C. Printed by `make registers` from
// firmware/eie_registers.def: change that file, not this one. What each means: docs/registers.md.
#ifndef EIE_REGISTERS_H
#define EIE_REGISTERS_H

#define EIE_ID_WORD 0x45494531u

// Regions: the top field of an address.
enum {
  EIE_REGION_REGISTER = 0,
  EIE_REGION_DESCRIPTOR = 1,
  EIE_REGION_COUNTER = 2,
  EIE_REGION_PE_COUNTER = 3,
  EIE_REGION_SPMAT = 4,
  EIE_REGION_POINTER = 5,
  EIE_REGION_CODEBOOK = 6,
  EIE_REGION_ACTIVATION = 7,
  EIE_NUM_REGIONS = 8
};

// Byte offsets of the registers.
enum {
  EIE_REG_ID = 0x000,
  EIE_REG_VERSION = 0x004,
  EIE_REG_CTRL = 0x008,
  EIE_REG_STATUS = 0x00C,
  EIE_REG_PROGRAM = 0x010,
  EIE_REG_IRQ_ENABLE = 0x014,
  EIE_REG_FAULT = 0x018,
  EIE_REG_FAULT_ENTRY = 0x01C,
  EIE_REG_PROGRAM_CYCLES = 0x020,
  EIE_REG_PROGRAM_CYCLES_HIGH = 0x024,
  EIE_REG_WINDOW = 0x028,
  EIE_REG_WINDOW_HIGH = 0x02C,
  EIE_REG_N_PE = 0x040,
  EIE_REG_ACT_QUEUE_DEPTH = 0x044,
  EIE_REG_QUEUE_DEPTH = 0x048,
  EIE_REG_CODE_W = 0x04C,
  EIE_REG_IDX_W = 0x050,
  EIE_REG_ENTRIES_PER_WORD = 0x054,
  EIE_REG_ACC_W = 0x058,
  EIE_REG_ROWS = 0x05C,
  EIE_REG_SPMAT_WORDS = 0x060,
  EIE_REG_PTR_DEPTH = 0x064,
  EIE_REG_ACT_SLOTS = 0x068,
  EIE_REG_LAYERS = 0x06C,
  EIE_REG_ADDRESS = 0x070,
};

// Bits of CTRL, STATUS and IRQ_ENABLE, as masks.
enum {
  EIE_CTRL_START = 0x1,
  EIE_CTRL_ABORT = 0x2,
  EIE_CTRL_CLEAR = 0x4,
  EIE_STATUS_BUSY = 0x1,
  EIE_STATUS_DONE = 0x2,
  EIE_STATUS_FAULT = 0x4,
  EIE_IRQ_DONE = 0x1,
  EIE_IRQ_FAULT = 0x2,
};

// Fields of a descriptor: 32-bit word, lowest bit, bits.
enum {
  EIE_DESC_WORDS = 8,
  EIE_DESC_SHIFT_WORD = 0, EIE_DESC_SHIFT_LSB = 0, EIE_DESC_SHIFT_WIDTH = 5,
  EIE_DESC_RELU_WORD = 0, EIE_DESC_RELU_LSB = 5, EIE_DESC_RELU_WIDTH = 1,
  EIE_DESC_CHAIN_FIRST_WORD = 0, EIE_DESC_CHAIN_FIRST_LSB = 6, EIE_DESC_CHAIN_FIRST_WIDTH = 1,
  EIE_DESC_WRITE_BACK_WORD = 0, EIE_DESC_WRITE_BACK_LSB = 7, EIE_DESC_WRITE_BACK_WIDTH = 1,
  EIE_DESC_SEGMENTS_WORD = 0, EIE_DESC_SEGMENTS_LSB = 8, EIE_DESC_SEGMENTS_WIDTH = 3,
  EIE_DESC_CODEBOOK_WORD = 0, EIE_DESC_CODEBOOK_LSB = 16, EIE_DESC_CODEBOOK_WIDTH = 8,
  EIE_DESC_ROWS_WORD = 1, EIE_DESC_ROWS_LSB = 0, EIE_DESC_ROWS_WIDTH = 16,
  EIE_DESC_OUT_BASE_WORD = 1, EIE_DESC_OUT_BASE_LSB = 16, EIE_DESC_OUT_BASE_WIDTH = 16,
  EIE_DESC_PTR_BASE_WORD = 2, EIE_DESC_PTR_BASE_LSB = 0, EIE_DESC_PTR_BASE_WIDTH = 32,
  EIE_DESC_BIAS_BASE_WORD = 3, EIE_DESC_BIAS_BASE_LSB = 0, EIE_DESC_BIAS_BASE_WIDTH = 32,
  EIE_DESC_SEG0_START_WORD = 4, EIE_DESC_SEG0_START_LSB = 0, EIE_DESC_SEG0_START_WIDTH = 16,
  EIE_DESC_SEG0_LENGTH_WORD = 4, EIE_DESC_SEG0_LENGTH_LSB = 16, EIE_DESC_SEG0_LENGTH_WIDTH = 16,
  EIE_DESC_SEG1_START_WORD = 5, EIE_DESC_SEG1_START_LSB = 0, EIE_DESC_SEG1_START_WIDTH = 16,
  EIE_DESC_SEG1_LENGTH_WORD = 5, EIE_DESC_SEG1_LENGTH_LSB = 16, EIE_DESC_SEG1_LENGTH_WIDTH = 16,
  EIE_DESC_SEG2_START_WORD = 6, EIE_DESC_SEG2_START_LSB = 0, EIE_DESC_SEG2_START_WIDTH = 16,
  EIE_DESC_SEG2_LENGTH_WORD = 6, EIE_DESC_SEG2_LENGTH_LSB = 16, EIE_DESC_SEG2_LENGTH_WIDTH = 16,
  EIE_DESC_SEG3_START_WORD = 7, EIE_DESC_SEG3_START_LSB = 0, EIE_DESC_SEG3_START_WIDTH = 16,
  EIE_DESC_SEG3_LENGTH_WORD = 7, EIE_DESC_SEG3_LENGTH_LSB = 16, EIE_DESC_SEG3_LENGTH_WIDTH = 16,
};

// Counters of a descriptor: index; two words each.
enum {
  EIE_COUNTER_CYCLES = 0,
  EIE_COUNTER_WINDOW = 1,
  EIE_COUNTER_QUEUE_FULL = 2,
  EIE_COUNTER_BROADCASTS = 3,
  EIE_COUNTER_ENTRIES = 4,
  EIE_COUNTER_PADDING = 5,
  EIE_COUNTER_CLAMPED = 6,
  EIE_COUNTER_OVERFLOW = 7,
  EIE_NUM_COUNTERS = 8
};

// Fault codes.
enum {
  EIE_FAULT_NONE = 0,
  EIE_FAULT_SLOT = 1,
  EIE_FAULT_POINTER = 2,
  EIE_FAULT_PROGRAM = 3,
  EIE_FAULT_INPUT = 4,
  EIE_FAULT_COLUMNS = 5,
  EIE_FAULT_OUTPUT = 6,
  EIE_FAULT_BIAS = 7,
  EIE_FAULT_TILE_ROWS = 8,
  EIE_FAULT_CODEBOOK = 9,
  EIE_FAULT_CHAIN = 10,
  EIE_FAULT_ABORTED = 11,
  EIE_NUM_FAULTS = 12
};

// EIE_REGISTERS(X) lists X(name, offset, access: RO, RW or WO).
#define EIE_REGISTERS(X) \
  X(ID, 0x0, RO) \
  X(VERSION, 0x4, RO) \
  X(CTRL, 0x8, WO) \
  X(STATUS, 0xC, RO) \
  X(PROGRAM, 0x10, RW) \
  X(IRQ_ENABLE, 0x14, RW) \
  X(FAULT, 0x18, RO) \
  X(FAULT_ENTRY, 0x1C, RO) \
  X(PROGRAM_CYCLES, 0x20, RO) \
  X(PROGRAM_CYCLES_HIGH, 0x24, RO) \
  X(WINDOW, 0x28, RO) \
  X(WINDOW_HIGH, 0x2C, RO) \
  X(N_PE, 0x40, RO) \
  X(ACT_QUEUE_DEPTH, 0x44, RO) \
  X(QUEUE_DEPTH, 0x48, RO) \
  X(CODE_W, 0x4C, RO) \
  X(IDX_W, 0x50, RO) \
  X(ENTRIES_PER_WORD, 0x54, RO) \
  X(ACC_W, 0x58, RO) \
  X(ROWS, 0x5C, RO) \
  X(SPMAT_WORDS, 0x60, RO) \
  X(PTR_DEPTH, 0x64, RO) \
  X(ACT_SLOTS, 0x68, RO) \
  X(LAYERS, 0x6C, RO) \
  X(ADDRESS, 0x70, RO)

// EIE_COUNTERS(X) lists X(name, index, what it counts).
#define EIE_COUNTERS(X) \
  X(CYCLES, 0x0, "from the cycle after START is accepted, or after the layer before, to the cycle in which the layer is done") \
  X(WINDOW, 0x1, "from the first broadcast to the last entry of the layer in any PE; 0 without broadcast") \
  X(QUEUE_FULL, 0x2, "cycles in which the CCU had a broadcast and some PE had no room") \
  X(BROADCASTS, 0x3, "non-zero activations sent") \
  X(ENTRIES, 0x4, "entries issued, sum over the PEs, padding included") \
  X(PADDING, 0x5, "padding entries issued, sum over the PEs") \
  X(CLAMPED, 0x6, "outputs that the clamp to int16 changed, sum over the PEs") \
  X(OVERFLOW, 0x7, "1 when an accumulator left ACC_W bits in this layer, else 0")

// EIE_FAULTS(X) lists X(name, code, what it says).
#define EIE_FAULTS(X) \
  X(NONE, 0x0, "no fault") \
  X(SLOT, 0x1, "an entry's slot lies outside the tile") \
  X(POINTER, 0x2, "a column's pointers are not ascending, or hold more entries than ROWS, or end past the Spmat") \
  X(PROGRAM, 0x3, "PROGRAM names no descriptor, or one past LAYERS") \
  X(INPUT, 0x4, "a segment is empty or outside the activation memory, or the number of segments is not 1 to 4") \
  X(COLUMNS, 0x5, "PTR_BASE is odd, or the columns' pointers reach past PTR_DEPTH") \
  X(OUTPUT, 0x6, "the outputs reach outside the activation memory") \
  X(BIAS, 0x7, "BIAS_BASE is odd, or the biases reach past PTR_DEPTH") \
  X(TILE_ROWS, 0x8, "ROWS of the descriptor is 0 or above the parameter, or differs inside a chain") \
  X(CODEBOOK, 0x9, "the codebook is not below LAYERS") \
  X(CHAIN, 0xA, "CHAIN_FIRST with a chain still open, or no CHAIN_FIRST with none open") \
  X(ABORTED, 0xB, "the host wrote ABORT")

#endif
