// SPDX-License-Identifier: Apache-2.0
// The arithmetic unit (eie_pe_arith) for devices whose registers are scarce and whose clock is slow: the same results,
// and every output in the same cycle, from a pipeline of four stages where eie_pe_arith has five. Entries come one
// cycle after they were issued, straight from the memory (eie_spmat with SHORT); events wait in single flip-flops.
// Stage names are the cycles since the entry was issued: 1 slot | 2 weight, operand | 3 add and write the low 16 bits |
// 4 the high ones, by the carry: where a carry chain is slow the addition is two of half the length, and all that the
// high half needs, its memory's addresses too, comes a cycle later.
// One entry a cycle, nothing stalls: the accumulator is forwarded from the entry one and two ahead, which the
// RAM does not hold yet. Additions wrap at ACC_W bits; overflow_o marks those that left the range. A write-back
// slot (wb_valid_i) waits two cycles, is handed out as it leaves the memory and takes the same path; with wb_clear_i
// it leaves 0 behind. An entry outside the tile's rows writes nothing, raises fault_o once and silences what follows.
// Host accesses are for an idle array, one at a time: a read that is followed by a write in the next cycle is lost.
`include "eie_assert.svh"
module eie_arith_short #(
  parameter int CODE_W = 4,
  parameter int IDX_W  = 4,
  parameter int ACC_W  = 32,
  parameter int ROWS   = 256,
  parameter int LAYERS = 4,
  parameter int TECH   = 2,
  localparam int SlotW     = eie_pkg::slot_w(ROWS, IDX_W),
  localparam int RowsW     = $clog2(ROWS + 1),
  localparam int BookW     = eie_pkg::index_w(LAYERS),
  localparam int BookAddrW = eie_pkg::index_w(LAYERS << CODE_W)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        flush_i,
  // Of the layer; change only when nothing is in here.
  input  logic                        layer_start_i,  // pulse: the next write-back slot is slot 0
  input  logic [RowsW-1:0]            rows_i,
  input  logic [BookW-1:0]            codebook_i,
  input  logic                        wb_clear_i,
  // Entries, one cycle after their issue; write-back slots.
  input  logic                        entry_valid_i,
  input  logic                        entry_first_i,
  input  logic [IDX_W-1:0]            entry_run_i,
  input  logic [CODE_W-1:0]           entry_code_i,
  input  logic signed [eie_pkg::ActW-1:0] entry_act_i,
  input  logic                        wb_valid_i,
  // To write-back, four cycles after wb_valid_i.
  output logic                        wb_valid_o,
  output logic signed [ACC_W-1:0]     wb_acc_o,
  // Events, one-cycle pulses
  output logic                        padding_o,
  output logic                        overflow_o,
  output logic                        fault_o,
  // Codebook port of the host: idle array; read data stands two cycles after host_re_i.
  input  logic                        host_we_i,
  input  logic                        host_re_i,
  input  logic [BookAddrW-1:0]        host_addr_i,
  input  logic [eie_pkg::WeightW-1:0] host_wdata_i,
  output logic [eie_pkg::WeightW-1:0] host_rdata_o
);
  localparam int AccAddrW = eie_pkg::index_w(ROWS);
  localparam int LowW     = 16;
  localparam int HighW    = ACC_W - LowW;

  initial if (HighW < 1) $fatal(1, "%m: ACC_W (%0d) must be more than %0d", ACC_W, LowW);

  // 1: run accumulate. A write-back row is a step of one slot, the first of a layer begins at slot 0. Its slots wait until
  // they are where the pipeline of eie_pe_arith would have them.
  logic [SlotW-1:0]    step, slot_d, slot2_q;
  logic [AccAddrW-1:0] slot1;
  logic [1:0]          wb_wait_q;
  logic                wb1, wb_first_q, first;
  assign wb1   = wb_wait_q[1];
  assign step  = wb1 ? '0 : SlotW'(entry_run_i);
  assign first = wb1 ? wb_first_q : entry_first_i;
  // first ? step : slot2_q + step + 1.
  eie_select_add #(.Width(SlotW), .CARRY(1), .TECH(TECH)) u_slot (
    .a_i(step), .b_i(slot2_q), .c_i(SlotW'(0)), .other_i(first), .carry_i(!first), .sum_o(slot_d)
  );
  assign slot1 = slot_d[AccAddrW-1:0];

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i || layer_start_i) wb_first_q <= 1'b1;
    else if (wb1) wb_first_q <= 1'b0;
  always_ff @(posedge clk_i) if (wb1 || entry_valid_i) slot2_q <= slot_d;

  // Valid bits, and the events on their way to the cycles in which they are due.
  logic       valid2_q, valid3_q, read2_q, wb2_q, wb3_q, outside2, silent_q, fault2;
  logic [4:2] padding_q;
  logic [5:3] fault_q;
  assign outside2 = slot2_q >= SlotW'(rows_i);
  assign fault2   = valid2_q && outside2 && !silent_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      wb_wait_q <= '0;
      valid2_q  <= 1'b0;
      valid3_q  <= 1'b0;
      read2_q   <= 1'b0;
      wb2_q     <= 1'b0;
      wb3_q     <= 1'b0;
      silent_q  <= 1'b0;
      padding_q <= '0;
      fault_q   <= '0;
    end else begin
      wb_wait_q <= {wb_wait_q[0], wb_valid_i};
      valid2_q  <= entry_valid_i;
      valid3_q  <= valid2_q && !outside2 && !silent_q;
      read2_q   <= entry_valid_i || wb1;
      wb2_q     <= wb1;
      wb3_q     <= wb2_q;
      silent_q  <= silent_q || fault2;
      padding_q <= {padding_q[3:2], entry_valid_i && entry_code_i == '0};
      fault_q   <= {fault_q[4:3], fault2};
    end
  assign padding_o = padding_q[4];
  assign fault_o   = fault_q[5];

  // Weight: address in 1, there in 2; product in 3. The host's address waits a cycle, for the answer to come when
  // the PE expects it.
  logic [BookAddrW-1:0]                book_addr, host_addr_q;
  logic                                host_re_q;
  logic [eie_pkg::WeightW-1:0]         weight2;
  logic signed [eie_pkg::WeightW-1:0]  factor2;
  logic signed [eie_pkg::ActW-1:0]     act2_q;
  logic signed [eie_pkg::ProductW-1:0] product3;
  always_ff @(posedge clk_i)
    if (!rst_ni) host_re_q <= 1'b0;
    else host_re_q <= host_re_i;
  always_ff @(posedge clk_i) begin
    host_addr_q <= host_addr_i;
    act2_q      <= entry_valid_i ? entry_act_i : '0;
  end
  if (LAYERS == 1) begin : g_one_book
    logic unused_book;
    assign unused_book = codebook_i[0];
    assign book_addr = entry_valid_i ? entry_code_i : host_addr_q;
  end else begin : g_books
    assign book_addr = entry_valid_i ? {codebook_i, entry_code_i} : host_addr_q;
  end
  eie_ram_1r1w #(
    .Width(eie_pkg::WeightW), .Depth(LAYERS << CODE_W), .LATENCY(1), .CELLS(eie_pkg::in_cells(LAYERS << CODE_W)),
    .TECH(TECH)
  ) u_codebook (
    .clk_i, .we_i(host_we_i), .waddr_i(host_addr_i), .wdata_i(host_wdata_i),
    .re_i(entry_valid_i || host_re_q), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(book_addr), .rdata_o(weight2)
  );
  assign host_rdata_o = weight2;
  assign factor2      = $signed(weight2);
  eie_mul #(.LATENCY(1), .TECH(TECH)) u_mul (.clk_i, .a_i(factor2), .b_i(act2_q), .product_o(product3));

  // Accumulator, low half: read at the end of 1, written at the end of 3. The entry two ahead writes while this one
  // reads, the one ahead a cycle later: both are forwarded from the last sum. A write-back slot has a product of 0
  // and never follows itself or an entry, so nothing is in front of what it reads; what it leaves behind is 0 + 0.
  logic [LowW-1:0]     low2, low_operand3_q, low_operand3, low_sum3, low_sum4_q;
  logic [AccAddrW-1:0] slot3_q, slot4_q;
  logic                carry3, carry4_q, write3, write4_q, near3_q, near4_q, far2, far3_q, zero2, zero3_q;
  assign write3 = valid3_q || zero3_q;
  eie_ram_1r1w #(
    .Width(LowW), .Depth(ROWS), .LATENCY(1), .CELLS(eie_pkg::in_cells(ROWS)), .TECH(TECH)
  ) u_low (
    .clk_i, .we_i(write3), .waddr_i(slot3_q), .wdata_i(low_sum3),
    .re_i(entry_valid_i || wb1), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(slot1), .rdata_o(low2)
  );
  assign far2  = write4_q && slot4_q == slot2_q[AccAddrW-1:0];
  assign zero2 = wb2_q && wb_clear_i;
  assign low_operand3       = zero3_q ? '0 : near3_q ? low_sum4_q : low_operand3_q;
  assign {carry3, low_sum3} = {1'b0, low_operand3} + {1'b0, product3[LowW-1:0]};
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) {zero3_q, write4_q} <= '0;
    else {zero3_q, write4_q} <= {zero2, write3};
  always_ff @(posedge clk_i) begin
    slot3_q        <= slot2_q[AccAddrW-1:0];
    slot4_q        <= slot3_q;
    near3_q        <= write3 && slot3_q == slot2_q[AccAddrW-1:0];
    low_operand3_q <= far2 ? low_sum4_q : low2;
    low_sum4_q     <= low_sum3;
    carry4_q       <= carry3;
  end

  // High half: the same, a cycle later.
  logic signed [HighW-1:0]                 high3, high_operand4_q, high_operand4, high_sum4, high_sum5_q;
  logic signed [eie_pkg::ProductW-LowW-1:0] high_product4_q;
  eie_ram_1r1w #(
    .Width(HighW), .Depth(ROWS), .LATENCY(1), .CELLS(eie_pkg::in_cells(ROWS)), .TECH(TECH)
  ) u_high (
    .clk_i, .we_i(write4_q), .waddr_i(slot4_q), .wdata_i(high_sum4),
    .re_i(read2_q), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(slot2_q[AccAddrW-1:0]), .rdata_o(high3)
  );
  logic unused_below;
  assign high_operand4 = near4_q ? high_sum5_q : high_operand4_q;
  // The carry comes in from a bit below, so that there is one adder.
  assign {high_sum4, unused_below} = {high_operand4, 1'b1} + {HighW'(high_product4_q), carry4_q};
  always_ff @(posedge clk_i) begin
    near4_q         <= near3_q;
    far3_q          <= far2;
    high_product4_q <= product3[eie_pkg::ProductW-1:LowW];
    high_operand4_q <= zero3_q ? '0 : far3_q ? high_sum5_q : high3;
    high_sum5_q     <= high_sum4;
  end

  // Overflow: operand and product of one sign, sum of the other.
  logic valid4_q, alike5_q, negative5_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      valid4_q <= 1'b0;
      alike5_q <= 1'b0;
    end else begin
      valid4_q <= valid3_q;
      alike5_q <= valid4_q && high_operand4[HighW-1] == high_product4_q[eie_pkg::ProductW-LowW-1];
    end
  always_ff @(posedge clk_i) negative5_q <= high_product4_q[eie_pkg::ProductW-LowW-1];
  assign overflow_o = alike5_q && high_sum5_q[HighW-1] != negative5_q;

  assign wb_valid_o = wb3_q;
  assign wb_acc_o   = {high3, low_operand3_q};

  `EIE_ASSERT(WriteBackFollowsNothing_A, !(wb2_q && far2) && !(zero3_q && (near3_q || product3 != '0)))
  `EIE_ASSERT(EntryAndWriteBackNeverMeet_A, !(entry_valid_i && wb1))
  `EIE_ASSERT(LayerStartsBeforeItsWriteBack_A, !(layer_start_i && (wb_valid_i || wb_wait_q != '0)))
  `EIE_ASSERT(WriteBackStaysInside_A, !wb2_q || slot2_q < SlotW'(ROWS))
endmodule
