// SPDX-License-Identifier: Apache-2.0
// Write-back of one PE: activation = relu(clamp(round((acc + bias) >> shift))), one row a cycle, six
// cycles from wb_valid_i to the write into the activation memory. The sum has ACC_W + 1 bits and cannot
// wrap; rounding is half up, without losing the carry; shift 0 does not round; the clamp is to int16.
// Rows are written to slots out_base_i, + 1, ... in the order in which they come. With wb_write_i low
// nothing is written and nothing counted, but row_done_o pulses all the same.
`include "eie_assert.svh"
module eie_write_back #(
  parameter int ACC_W     = 32,
  parameter int ACT_SLOTS = 256,
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
  localparam int SumW = ACC_W + 1;

  logic [7:1] valid_q;  // by stage
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) valid_q <= '0;
    else valid_q <= {valid_q[6:1], wb_valid_i};

  // 1 sum; 2 and 3 shifted, with the last bit shifted out as bit 0; 4 shifted and rounded; 5 range
  // checked; 6 clamped and written; 7 told to the CCU.
  logic signed [SumW-1:0] sum1_q;
  logic signed [SumW:0]   wide1, by16, by8, shifted2_q, by4, by2, shifted3_q, by1;
  logic signed [SumW-1:0] floor3, rounded4_q;
  logic                   high5_q, low5_q, negative5_q, clamped6_q, clamped7_q, nonzero7_q;
  logic [eie_pkg::ActW-1:0] low_bits5_q, act6_q;

  assign wide1  = {sum1_q, 1'b0};
  assign by16   = shift_i[4] ? wide1 >>> 16 : wide1;
  assign by8    = shift_i[3] ? by16 >>> 8 : by16;
  assign by4    = shift_i[2] ? shifted2_q >>> 4 : shifted2_q;
  assign by2    = shift_i[1] ? by4 >>> 2 : by4;
  assign by1    = shift_i[0] ? shifted3_q >>> 1 : shifted3_q;
  assign floor3 = $signed(by1[SumW:1]);

  always_ff @(posedge clk_i) begin
    sum1_q     <= SumW'(wb_acc_i) + SumW'(bias_i);
    shifted2_q <= by8;
    shifted3_q <= by2;
    // Adding the last bit shifted out is rounding half up; it cannot overflow: with shift 0 it is 0, else
    // the value has a spare sign bit.
    rounded4_q <= floor3 + $signed({{(SumW - 1){1'b0}}, by1[0]});
  end

  always_ff @(posedge clk_i) begin
    high5_q     <= !rounded4_q[SumW-1] && rounded4_q[SumW-2:eie_pkg::ActW-1] != '0;
    low5_q      <= rounded4_q[SumW-1] && !(&rounded4_q[SumW-2:eie_pkg::ActW-1]);
    negative5_q <= rounded4_q[SumW-1];
    low_bits5_q <= rounded4_q[eie_pkg::ActW-1:0];

    act6_q <= high5_q ? 16'h7FFF
            : (negative5_q && relu_i) ? 16'h0000
            : low5_q ? 16'h8000 : low_bits5_q;
    clamped6_q <= valid_q[5] && (high5_q || low5_q) && wb_write_i;
    nonzero7_q <= act6_q != '0;
    clamped7_q <= clamped6_q;
  end

  logic [SlotW-1:0] slot_q;
  always_ff @(posedge clk_i)
    if (layer_start_i) slot_q <= out_base_i;
    else if (valid_q[6]) slot_q <= slot_q + 1'b1;

  assign act_we_o   = valid_q[6] && wb_write_i;
  assign act_slot_o = slot_q;
  assign act_o      = act6_q;
  assign row_done_o = valid_q[7];
  assign nonzero_o  = nonzero7_q;
  assign clamped_o  = clamped7_q;

  `EIE_ASSERT(NoRowLandsBeforeTheLayer_A, !(layer_start_i && valid_q[6]))
endmodule
