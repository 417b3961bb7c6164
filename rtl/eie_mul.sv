// SPDX-License-Identifier: Apache-2.0
// Signed 16 x 16 multiplier: product_o LATENCY cycles after its operands (2; 1 without registers in front), exact; one
// pair a cycle.
// Inferred, with its registers on iCE40; TECH 1 instantiates ECP5's MULT18X18D with its own registers, which
// Yosys leaves unused.
module eie_mul #(
  parameter int LATENCY = 2,
  parameter int TECH = 0
) (
  input  logic               clk_i,
  input  logic signed [15:0] a_i,
  input  logic signed [15:0] b_i,
  output logic signed [31:0] product_o
);
  initial if (TECH < 0 || TECH > 3) $fatal(1, "%m: TECH %0d has no multiplier here (0 to 3)", TECH);
  initial if (LATENCY != 2 && (LATENCY != 1 || TECH == 1))
    $fatal(1, "%m: LATENCY (%0d) must be 2, or 1 where TECH is not 1", LATENCY);

  if (TECH == 1) begin : g_ecp5
    logic signed [35:0] product;
    logic               unused_high;
    eie_mul_ecp5 u_mul (.clk_i, .a_i(18'(a_i)), .b_i(18'(b_i)), .product_o(product));
    assign product_o   = product[31:0];
    assign unused_high = ^product[35:32];
  end else begin : g_generic
    logic signed [15:0] a, b;
    logic signed [31:0] product_q;
    if (LATENCY == 2) begin : g_registers
      logic signed [15:0] a_q, b_q;
      always_ff @(posedge clk_i) begin
        a_q <= a_i;
        b_q <= b_i;
      end
      assign a = a_q;
      assign b = b_q;
    end else begin : g_wires
      assign a = a_i;
      assign b = b_i;
    end
    always_ff @(posedge clk_i) product_q <= a * b;
    assign product_o = product_q;
  end
endmodule
