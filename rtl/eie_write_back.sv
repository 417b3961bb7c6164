// SPDX-License-Identifier: Apache-2.0
// Write-back of one PE: activation = relu(clamp(round((acc + bias) >> shift))), one row a cycle, six
// cycles from wb_valid_i to the write into the activation memory. The sum has ACC_W + 1 bits and cannot
// wrap; rounding is half up, without losing the carry; shift 0 does not round; the clamp is to int16.
// Rows are written to slots out_base_i, + 1, ... in the order in which they come. With wb_write_i low
// nothing is written and nothing counted, but row_done_o pulses all the same. SHORT 1, for slow clocks where registers
// are scarce: written after four cycles; what is told to the CCU comes when it always does.
`include "eie_assert.svh"
module eie_write_back #(
  parameter int ACC_W     = 32,
  parameter int ACT_SLOTS = 256,
  parameter int SHORT     = 0,
  parameter int TECH      = 0,
  localparam int SlotW = eie_pkg::index_w(ACT_SLOTS)
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  input  logic                             flush_i,
  // Of the layer; change only when nothing is in here.
  input  logic                             layer_start_i,
  input  logic                             wb_write_i,
  input  logic [SlotW-1:0]                 out_base_i,
  input  logic [eie_pkg::ShiftW-1:0]       shift_i,
  input  logic                             relu_i,
  // Accumulators with their biases
  input  logic                             wb_valid_i,
  input  logic signed [ACC_W-1:0]          wb_acc_i,
  input  logic signed [eie_pkg::BiasW-1:0] bias_i,
  // Activation memory
  output logic                             act_we_o,
  output logic [SlotW-1:0]                 act_slot_o,
  output logic [eie_pkg::ActW-1:0]         act_o,
  // To the CCU, one cycle after the write
  output logic                             row_done_o,
  output logic                             nonzero_o,
  output logic                             clamped_o
);
  localparam int SumW    = ACC_W + 1;
  localparam int Written = (SHORT != 0) ? 4 : 6;  // the stage that writes

  // By stage; act_we_q: in the one that writes, if anything is to be written.
  logic [7:1] valid_q;
  logic       act_we_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      valid_q  <= '0;
      act_we_q <= 1'b0;
    end else begin
      valid_q  <= {valid_q[6:1], wb_valid_i};
      act_we_q <= valid_q[Written-1] && wb_write_i;
    end

  // 1 sum; 2 and 3 shifted (eie_shift), the last step of it in the adder that rounds, 4; 5 range checked; 6 clamped and
  // written; 7 told to the CCU. With SHORT: 1 sum; 2 shifted; 3 rounded; 4 range checked, clamped, written.
  localparam int KeepW = eie_pkg::ActW + 2;
  logic signed [SumW-1:0]   sum_d;
  logic [KeepW-1:0]         shifted, shifted_one;
  logic                     one, sign, past, sign4_q, past4_q;
  logic [KeepW-2:0]         rounded_d, rounded4_q;
  logic                     high, low, negative, high_d, low_d;
  logic [eie_pkg::ActW-1:0] low_bits, act6_q;
  logic [7:Written]         clamped_q;
  logic [7:Written+1]       nonzero_q;

  eie_select_add #(.Width(SumW), .TECH(TECH)) u_sum (
    .a_i(SumW'(wb_acc_i)), .b_i(SumW'(bias_i)), .c_i(SumW'(0)), .other_i(1'b0), .carry_i(1'b0), .sum_o(sum_d)
  );
  eie_shift #(.SumW(SumW), .SHORT(SHORT), .TECH(TECH)) u_shift (
    .clk_i, .sum_i(sum_d), .shift_i, .shifted_o(shifted), .shifted_one_o(shifted_one), .one_o(one), .sign_o(sign), .past_o(past)
  );
  // Adding the last bit shifted out is rounding half up. The one bit more shows what it carries into, but not past: the
  // value is between -2^ActW and 2^ActW - 1 here, or clamped anyway.
  eie_select_add #(.Width(KeepW - 1), .CARRY(1), .TECH(TECH)) u_round (
    .a_i((KeepW - 1)'(0)), .b_i(shifted[KeepW-1:1]), .c_i(shifted_one[KeepW-1:1]), .other_i(one),
    .carry_i(one ? shifted_one[0] : shifted[0]), .sum_o(rounded_d)
  );
  always_ff @(posedge clk_i) {rounded4_q, sign4_q, past4_q} <= {rounded_d, sign, past};
  assign high_d = !sign4_q && (past4_q || rounded4_q[KeepW-2:KeepW-3] != 2'b00);
  assign low_d  = sign4_q && (past4_q || rounded4_q[KeepW-2:KeepW-3] == 2'b10);

  if (SHORT != 0) begin : g_short
    assign {high, low, negative, low_bits} = {high_d, low_d, sign4_q, rounded4_q[eie_pkg::ActW-1:0]};
  end else begin : g_full
    logic                     high5_q, low5_q, negative5_q;
    logic [eie_pkg::ActW-1:0] low_bits5_q;
    always_ff @(posedge clk_i) begin
      {high5_q, low5_q, negative5_q} <= {high_d, low_d, sign4_q};
      low_bits5_q <= rounded4_q[eie_pkg::ActW-1:0];
    end
    assign {high, low, negative, low_bits} = {high5_q, low5_q, negative5_q, low_bits5_q};
  end

  always_ff @(posedge clk_i) begin
    act6_q <= high ? 16'h7FFF
            : (negative && relu_i) ? 16'h0000
            : low ? 16'h8000 : low_bits;
    clamped_q <= {clamped_q[6:Written], valid_q[Written-1] && (high || low) && wb_write_i};
  end
  if (Written == 6) begin : g_nonzero
    always_ff @(posedge clk_i) nonzero_q <= act6_q != '0;
  end else begin : g_nonzero_late
    always_ff @(posedge clk_i) nonzero_q <= {nonzero_q[6:Written+1], act6_q != '0};
  end

  logic [SlotW-1:0] slot_q, slot_d;
  eie_select_add #(.Width(SlotW), .TECH(TECH)) u_slot (
    .a_i(SlotW'(!layer_start_i)), .b_i(slot_q), .c_i(out_base_i), .other_i(layer_start_i), .carry_i(1'b0), .sum_o(slot_d)
  );
  always_ff @(posedge clk_i) if (layer_start_i || valid_q[Written]) slot_q <= slot_d;

  assign act_we_o   = act_we_q;
  assign act_slot_o = slot_q;
  assign act_o      = act6_q;
  assign row_done_o = valid_q[7];
  assign nonzero_o  = nonzero_q[7];
  assign clamped_o  = clamped_q[7];

  `EIE_ASSERT(WhetherToWriteStays_A, flush_i || act_we_q == (valid_q[Written] && wb_write_i))
  `EIE_ASSERT(NoRowLandsBeforeTheLayer_A, !(layer_start_i && valid_q[Written]))
endmodule
