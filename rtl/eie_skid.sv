// SPDX-License-Identifier: Apache-2.0
// Register slice of a valid/ready stream: two places, one item a cycle, nothing combinational crosses.
// The stream rules are in docs/handshake.md.
`include "eie_assert.svh"
module eie_skid #(
  parameter int Width = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);
  initial if (Width < 1) $fatal(1, "%m: Width must be at least 1");

  logic             out_valid_q, hold_valid_q;
  logic [Width-1:0] out_q, hold_q;
  logic             out_free;

  assign out_free = !out_valid_q || ready_i;
  assign ready_o  = !hold_valid_q;
  assign valid_o  = out_valid_q;
  assign data_o   = out_q;

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      out_valid_q  <= 1'b0;
      hold_valid_q <= 1'b0;
    end else begin
      if (out_free) begin
        out_valid_q  <= hold_valid_q || valid_i;
        hold_valid_q <= 1'b0;
      end else if (valid_i && ready_o) begin
        hold_valid_q <= 1'b1;
      end
    end

  always_ff @(posedge clk_i) begin
    if (out_free) out_q <= hold_valid_q ? hold_q : data_i;
    if (ready_o) hold_q <= data_i;
  end

  `EIE_ASSERT(HoldOnlyBehindAnItem_A, !hold_valid_q || out_valid_q)
endmodule
