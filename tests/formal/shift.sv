// SPDX-License-Identifier: Apache-2.0
// eie_shift with ECP5's multipliers (TECH 1) against the arithmetic, for every sum and for a distance that is a parameter: word,
// sign, and whether the value fits 17 bits and the one shifted out. The multiplier itself is tests/tech_equal.sh's to test.
module eie_mul_ecp5 (
  input  logic               clk_i,
  input  logic signed [17:0] a_i,
  input  logic signed [17:0] b_i,
  output logic signed [35:0] product_o
);
  logic signed [17:0] a_q, b_q;
  always_ff @(posedge clk_i) begin
    a_q       <= a_i;
    b_q       <= b_i;
    product_o <= a_q * b_q;
  end
endmodule

module formal_shift #(
  parameter int DISTANCE = 0
) (
  input logic               clk_i,
  input logic signed [32:0] sum_i
);
  logic [17:0] shifted, shifted_one;
  logic        one, sign, past;
  eie_shift #(.TECH(1)) u_dut (
    .clk_i, .sum_i, .shift_i(5'(DISTANCE)), .shifted_o(shifted), .shifted_one_o(shifted_one), .one_o(one), .sign_o(sign), .past_o(past)
  );

  logic signed [32:0] sum1_q, sum2_q, sum3_q;
  logic [2:0]         filled_q = '0;
  logic signed [33:0] twice, wanted;
  always_ff @(posedge clk_i) begin
    {sum3_q, sum2_q, sum1_q} <= {sum2_q, sum1_q, sum_i};
    filled_q <= {filled_q[1:0], 1'b1};
  end
  assign twice  = $signed({sum3_q, 1'b0});
  assign wanted = twice >>> DISTANCE;
  always_comb
    if (filled_q[2]) begin
      assert (!one && shifted == wanted[17:0]);
      assert (sign == sum3_q[32]);
      assert (past == (wanted[33:17] != {17{wanted[33]}}));
    end
endmodule
