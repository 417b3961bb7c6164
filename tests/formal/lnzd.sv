// SPDX-License-Identifier: Apache-2.0
// eie_lnzd against a plain loop, for every value of the flags.
module formal_lnzd #(
  parameter int Leaves = 16,
  localparam int IndexW = eie_pkg::index_w(Leaves)
) (
  input logic [Leaves-1:0] flag_i
);
  logic              any, one, two;
  logic [IndexW-1:0] index;
  logic [Leaves-1:0] first;
  eie_lnzd #(.Leaves(Leaves)) u_dut (.flag_i, .any_o(any), .one_o(one), .two_o(two), .index_o(index), .first_o(first));

  // below: some flag under k is set; twice: some flag under k has one under it; thrice: has two.
  logic              below, twice, thrice;
  logic [IndexW-1:0] lowest;
  logic [Leaves-1:0] lowest_only;
  always_comb begin
    below       = 1'b0;
    twice       = 1'b0;
    thrice      = 1'b0;
    lowest      = '0;
    lowest_only = '0;
    for (int k = 0; k < Leaves; k++) begin
      lowest_only[k] = flag_i[k] && !below;
      if (lowest_only[k]) lowest = lowest | IndexW'(k);
      thrice = thrice || (flag_i[k] && twice);
      twice = twice || (flag_i[k] && below);
      below = below || flag_i[k];
    end
  end
  always_comb begin
    assert (any == below);
    assert (one == (below && !twice));
    assert (two == (twice && !thrice));
    assert (index == lowest);
    assert (first == lowest_only);
  end
endmodule
