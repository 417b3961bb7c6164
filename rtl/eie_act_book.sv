// SPDX-License-Identifier: Apache-2.0
// Activations and codebooks of one PE. Activations are written by write-back or the host and read over the command
// bus; a codebook is read for every entry, and over the command bus. Each answers two cycles after its address.
// In a layer activations are read while entries run, and written only when none does. So where a block RAM has two
// ports, each free to read or write, both fit into one (eie_pkg::book_with_acts): port A takes what write-back
// and the host write and what entries read, port B reads for the command bus. Anywhere else there are two memories.
// Host accesses of either kind are for an idle array.
`include "eie_assert.svh"
module eie_act_book #(
  parameter int CODE_W    = 4,
  parameter int LAYERS    = 4,
  parameter int ACT_SLOTS = 512,
  parameter int TECH      = 0,
  localparam int SlotW     = eie_pkg::index_w(ACT_SLOTS),
  localparam int Words     = LAYERS << CODE_W,
  localparam int BookAddrW = eie_pkg::index_w(Words),
  localparam int AddrW     = eie_pkg::max2(SlotW, BookAddrW)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,  // for the assertion alone
  // Entries
  input  logic                        entry_re_i,
  input  logic [BookAddrW-1:0]        entry_addr_i,
  output logic [eie_pkg::WeightW-1:0] weight_o,
  // Write-back
  input  logic                        wb_we_i,
  input  logic [SlotW-1:0]            wb_slot_i,
  input  logic [eie_pkg::ActW-1:0]    wb_act_i,
  // Command bus: one address, and what is done with it
  input  logic [AddrW-1:0]            cmd_addr_i,
  input  logic [eie_pkg::ActW-1:0]    cmd_wdata_i,
  input  logic                        act_we_i,
  input  logic                        book_we_i,
  input  logic                        re_i,           // of either
  input  logic                        book_i,         // re_i or book_we_i is of a codebook
  // Two cycles after re_i: which of the two is wanted; none: 0
  input  logic                        act_answer_i,
  input  logic                        book_answer_i,
  output logic [eie_pkg::BusW-1:0]    rdata_o         // an activation with its sign, a codebook's word without
);
  localparam int SignW = eie_pkg::BusW - eie_pkg::ActW;
  initial if (eie_pkg::WeightW != eie_pkg::ActW) $fatal(1, "%m: activations and codebook words must be of one width");

  if (eie_pkg::book_with_acts(TECH, Words, ACT_SLOTS) != 0) begin : g_one
    logic [AddrW:0]           write_addr, addr;
    logic [eie_pkg::ActW-1:0] read;
    assign write_addr = wb_we_i ? (AddrW + 1)'(wb_slot_i) : {book_i, cmd_addr_i};
    assign addr       = entry_re_i ? {1'b1, AddrW'(entry_addr_i)} : write_addr;
    eie_ram_1rw1r_ecp5 #(.Width(eie_pkg::ActW), .Depth(2 << AddrW)) u_ram (
      .clk_i,
      .a_we_i(wb_we_i || act_we_i || book_we_i), .a_addr_i(addr),
      .a_wdata_i(wb_we_i ? wb_act_i : cmd_wdata_i), .a_rdata_o(weight_o),
      .b_re_i(re_i), .b_addr_i({book_i, cmd_addr_i}), .b_rdata_o(read)
    );
    assign rdata_o = {{SignW{act_answer_i && read[eie_pkg::ActW-1]}},
                      read & {eie_pkg::ActW{act_answer_i || book_answer_i}}};
    `EIE_ASSERT(BookIsKnown_A, !(book_we_i || act_we_i) || book_we_i == book_i)
    `EIE_ASSERT(PortAHasOneUse_A, !entry_re_i || !(wb_we_i || act_we_i || book_we_i))
  end else begin : g_two
    logic [BookAddrW-1:0]        book_addr;
    logic [eie_pkg::WeightW-1:0] word;
    logic [eie_pkg::ActW-1:0]    act;
    assign book_addr = entry_re_i ? entry_addr_i : cmd_addr_i[BookAddrW-1:0];
    eie_ram_1r1w #(
      .Width(eie_pkg::WeightW), .Depth(Words), .CELLS(eie_pkg::in_cells(Words)), .TECH(TECH)
    ) u_book (
      .clk_i, .we_i(book_we_i), .waddr_i(cmd_addr_i[BookAddrW-1:0]), .wdata_i(cmd_wdata_i),
      .re_i(entry_re_i || re_i), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(book_addr), .rdata_o(word)
    );
    eie_ram_1r1w #(.Width(eie_pkg::ActW), .Depth(ACT_SLOTS), .SINGLE_PORT(1), .TECH(TECH)) u_act (
      .clk_i, .we_i(wb_we_i || act_we_i), .waddr_i(wb_we_i ? wb_slot_i : cmd_addr_i[SlotW-1:0]),
      .wdata_i(wb_we_i ? wb_act_i : cmd_wdata_i), .re_i, .oe_i(1'b1), .clear_i(1'b0), .raddr_i(cmd_addr_i[SlotW-1:0]), .rdata_o(act)
    );
    assign weight_o = word;
    assign rdata_o  = (act_answer_i ? {{SignW{act[eie_pkg::ActW-1]}}, act} : '0)
                    | (book_answer_i ? eie_pkg::BusW'(word) : '0);
    logic unused_bits;
    assign unused_bits = ^{rst_ni, book_i, cmd_addr_i};
  end
endmodule
