// SPDX-License-Identifier: Apache-2.0
// eie_any_many against words: a number less one has another lowest bit, and those above it are the same.
module formal_any_many #(
  parameter int Leaves = 16
) (
  input logic [Leaves-1:0] flag_i
);
  logic any, many;
  eie_any_many #(.Leaves(Leaves)) u_dut (.flag_i, .any_o(any), .many_o(many));
  always_comb begin
    assert (any == (flag_i != '0));
    assert (many == ((flag_i & (flag_i - 1'b1)) != '0));
  end
endmodule
