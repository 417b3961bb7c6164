// SPDX-License-Identifier: Apache-2.0
// Address decoder of the host: which region, PE and word a byte address means, and whether the address
// exists, as far as past_i (eie_decode_range) tells, and may be written; whether it is a multiple of four and not past the
// last region the caller has seen. Combinational. The map is in docs/registers.md; registers are checked where
// they are read and written.
module eie_decode #(
  parameter int N_PE             = 16,
  parameter int CODE_W           = 4,
  parameter int IDX_W            = 5,
  parameter int ENTRIES_PER_WORD = 8,
  parameter int SPMAT_WORDS      = 512,
  parameter int PTR_DEPTH        = 2048,
  parameter int ACT_SLOTS        = 512,
  parameter int LAYERS           = 4,
  localparam int PeW         = eie_pkg::index_w(N_PE),
  localparam int WordW       = (CODE_W + IDX_W) * ENTRIES_PER_WORD,
  localparam int PeShift     = eie_pkg::pe_shift(SPMAT_WORDS, WordW, PTR_DEPTH, CODE_W, LAYERS),
  localparam int RegionShift = eie_pkg::region_shift(PeShift, N_PE, ACT_SLOTS, LAYERS),
  localparam int AddrW       = eie_pkg::cmd_addr_w(SPMAT_WORDS, PTR_DEPTH, CODE_W, LAYERS, ACT_SLOTS)
) (
  input  logic [31:0]      addr_i,
  input  logic             write_i,
  input  logic [7:0]       past_i,     // for each region: if it is of that one, it is past its end
  output logic [2:0]       region_o,
  output logic [PeW-1:0]   pe_o,
  output logic [AddrW-1:0] word_o,     // word of the PE's memory: Spmat word, place, code, slot
  output logic [1:0]       part_o,     // 32-bit part of a Spmat word
  output logic [6:0]       offset_o,   // byte offset of a register
  output logic             gap_o,      // a part past the Spmat word: reads 0, ignores writes
  output logic             error_o
);
  localparam int PeBits   = $clog2(N_PE);
  localparam int StrideW  = eie_pkg::part_stride_w(WordW);
  localparam int LocalW   = PeShift - 2;
  localparam int LinearW  = RegionShift - 2;

  initial if (RegionShift + 3 > 32)
    $fatal(1, "%m: the memories need %0d address bits; 32 are there: lower N_PE or the memory depths",
           RegionShift + 3);

  logic [LocalW-1:0]  local_word;
  logic [LinearW-1:0] linear_word;
  logic               write_bad;

  assign region_o    = addr_i[RegionShift +: 3];
  assign local_word  = addr_i[PeShift-1:2];
  assign linear_word = addr_i[RegionShift-1:2];
  assign offset_o    = addr_i[6:0];

  // Activations are numbered through: the low bits are the PE.
  if (PeBits == 0) begin : g_one_pe
    assign pe_o = '0;
  end else begin : g_pes
    assign pe_o = (32'(region_o) == eie_regs_pkg::RegionActivation) ? linear_word[PeBits-1:0]
                                                                    : addr_i[PeShift +: PeBits];
  end

  assign gap_o  = 32'(region_o) == eie_regs_pkg::RegionSpmat && 32'(part_o) >= eie_pkg::word_parts(WordW);
  if (StrideW == 0) begin : g_whole
    assign part_o = '0;
  end else begin : g_parts
    assign part_o = 2'(local_word[StrideW-1:0]);
  end

  always_comb begin
    word_o    = AddrW'(local_word);
    write_bad = 1'b0;
    case (32'(region_o))
      eie_regs_pkg::RegionDescriptor: word_o = AddrW'(linear_word);
      eie_regs_pkg::RegionCounter: begin
        word_o    = AddrW'(linear_word >> 1);
        write_bad = 1'b1;
      end
      eie_regs_pkg::RegionPeCounter:  write_bad = 1'b1;
      eie_regs_pkg::RegionSpmat:      word_o = AddrW'(local_word >> StrideW);
      eie_regs_pkg::RegionActivation: word_o = AddrW'(linear_word >> PeBits);
      default:                        ;
    endcase
  end
  assign error_o = past_i[region_o] || (write_i && write_bad);

  logic unused_addr;
  assign unused_addr = ^{addr_i >> (RegionShift + 3), addr_i[1:0]};
endmodule
