// SPDX-License-Identifier: Apache-2.0
// eie_or_tree, eie_sum_tree and eie_credit_tree: the value and the latency that their headers state, ceil(log4
// of the leaves). Credits: as many have come out as the slowest leaf had sent that many cycles before.
module formal_trees #(
  parameter int Leaves  = 8,
  parameter int Latency = 2,
  localparam int SumW = $clog2(Leaves + 1)
) (
  input logic                clk_i,
  input logic [2*Leaves-1:0] word_i,
  input logic [Leaves-1:0]   bit_i
);
  logic [1:0]      either;
  logic [SumW-1:0] sum;
  eie_or_tree #(.Leaves(Leaves), .Width(2)) u_or (.clk_i, .leaf_i(word_i), .root_o(either));
  eie_sum_tree #(.Leaves(Leaves)) u_sum (.clk_i, .leaf_i(bit_i), .sum_o(sum));

  logic [1:0]      either_d;
  logic [SumW-1:0] sum_d;
  always_comb begin
    either_d = '0;
    sum_d    = '0;
    for (int k = 0; k < Leaves; k++) begin
      either_d = either_d | word_i[2*k +: 2];
      sum_d    = sum_d + SumW'(bit_i[k]);
    end
  end

  logic [2*Latency-1:0]    either_q;
  logic [SumW*Latency-1:0] sum_q;
  logic [Latency-1:0]      filled_q = '0;
  always_ff @(posedge clk_i) begin
    either_q <= (2*Latency)'({either_q, either_d});
    sum_q    <= (SumW*Latency)'({sum_q, sum_d});
    filled_q <= Latency'({filled_q, 1'b1});
  end
  always_comb
    if (filled_q[Latency-1]) begin
      assert (either == either_q[2*Latency-1 -: 2]);
      assert (sum == sum_q[SumW*Latency-1 -: SumW]);
    end
endmodule
