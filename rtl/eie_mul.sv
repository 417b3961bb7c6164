// SPDX-License-Identifier: Apache-2.0
// Signed 16 x 16 multiplier: product_o two cycles after its operands, exact; one pair a cycle.
// Inferred, with its registers on iCE40; TECH 1 instantiates ECP5's MULT18X18D with its own registers, which Yosys leaves unused.
module eie_mul #(
  parameter int TECH = 0
) (
  input  logic               clk_i,
  input  logic signed [15:0] a_i,
  input  logic signed [15:0] b_i,
  output logic signed [31:0] product_o
);
  initial if (TECH < 0 || TECH > 3) $fatal(1, "%m: TECH %0d has no multiplier here (0 to 3)", TECH);

  if (TECH == 1) begin : g_ecp5
    eie_mul_ecp5 u_mul (.clk_i, .a_i, .b_i, .product_o);
  end else begin : g_generic
    logic signed [15:0] a_q, b_q;
    logic signed [31:0] product_q;
    always_ff @(posedge clk_i) begin
      a_q       <= a_i;
      b_q       <= b_i;
      product_q <= a_q * b_q;
    end
    assign product_o = product_q;
  end
endmodule
