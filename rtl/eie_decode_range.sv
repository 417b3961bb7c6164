// SPDX-License-Identifier: Apache-2.0
// First half of the host's address decoder: for each of the eight regions, whether a byte address is past its end, if it
// is one of that region (eie_decode knows which). Combinational. Bits above the regions, and the lowest two, are not
// looked at. The map is in docs/registers.md.
module eie_decode_range #(
  parameter int N_PE             = 16,
  parameter int CODE_W           = 4,
  parameter int IDX_W            = 5,
  parameter int ENTRIES_PER_WORD = 8,
  parameter int SPMAT_WORDS      = 512,
  parameter int PTR_DEPTH        = 2048,
  parameter int ACT_SLOTS        = 512,
  parameter int LAYERS           = 4,
  localparam int WordW       = (CODE_W + IDX_W) * ENTRIES_PER_WORD,
  localparam int PeShift     = eie_pkg::pe_shift(SPMAT_WORDS, WordW, PTR_DEPTH, CODE_W, LAYERS),
  localparam int RegionShift = eie_pkg::region_shift(PeShift, N_PE, ACT_SLOTS, LAYERS)
) (
  input  logic [RegionShift-1:0] addr_i,
  output logic [7:0]             past_o
);
  localparam int PeBits  = $clog2(N_PE);
  localparam int StrideW = eie_pkg::part_stride_w(WordW);

  // Word of the PE's memory; word of the region. Regions with a part for each PE have nothing behind the last PE.
  logic [31:0] local_word, linear_word;
  logic        pe_past;
  assign local_word  = 32'(addr_i[PeShift-1:2]);
  assign linear_word = 32'(addr_i[RegionShift-1:2]);
  assign pe_past     = (addr_i >> (PeShift + PeBits)) != '0;

  // The register that is last has an offset of seven bits.
  initial if (eie_regs_pkg::RegAddress >= 12'h080) $fatal(1, "%m: the last register's offset has more than 7 bits");
  assign past_o[eie_regs_pkg::RegionRegister]   = linear_word[31:5] != '0;
  assign past_o[eie_regs_pkg::RegionDescriptor] = linear_word >= LAYERS * eie_regs_pkg::DescWords;
  assign past_o[eie_regs_pkg::RegionCounter]    = linear_word >= LAYERS * eie_regs_pkg::NumCounters * 2;
  assign past_o[eie_regs_pkg::RegionPeCounter]  = pe_past || local_word[31:1] != '0;
  assign past_o[eie_regs_pkg::RegionSpmat]      = pe_past || (local_word >> StrideW) >= SPMAT_WORDS;
  assign past_o[eie_regs_pkg::RegionPointer]    = pe_past || local_word >= PTR_DEPTH;
  assign past_o[eie_regs_pkg::RegionCodebook]   = pe_past || local_word >= (LAYERS << CODE_W);
  assign past_o[eie_regs_pkg::RegionActivation] = linear_word >= ACT_SLOTS * N_PE;

  logic unused_addr;
  assign unused_addr = ^addr_i[1:0];
endmodule
