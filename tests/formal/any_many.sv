// SPDX-License-Identifier: Apache-2.0
// eie_any_many against a plain loop, for every value of the flags.
module formal_any_many #(
  parameter int Leaves = 16
) (
  input logic [Leaves-1:0] flag_i
);
  logic any, many, below, twice;
  eie_any_many #(.Leaves(Leaves)) u_dut (.flag_i, .any_o(any), .many_o(many));
  always_comb begin
    below = 1'b0;
    twice = 1'b0;
    for (int k = 0; k < Leaves; k++) begin
      twice = twice || (flag_i[k] && below);
      below = below || flag_i[k];
    end
  end
  always_comb begin
    assert (any == below);
    assert (many == twice);
  end
endmodule
