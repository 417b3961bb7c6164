// SPDX-License-Identifier: Apache-2.0
// Node of the leading non-zero quadtree: looks at up to four children, lowest first. Combinational.
// any_o: some child has a non-zero; one_o: exactly one non-zero below; two_o: exactly two. Going down, grant_i selects
// this node and grant_o the lowest child that has a non-zero.
module eie_lnzd4 #(
  parameter int Kids = 4,
  localparam int IndexW = eie_pkg::index_w(Kids)
) (
  input  logic [Kids-1:0]   any_i,
  input  logic [Kids-1:0]   one_i,
  input  logic [Kids-1:0]   two_i,
  output logic              any_o,
  output logic              one_o,
  output logic              two_o,
  output logic [IndexW-1:0] index_o,
  input  logic              grant_i,
  output logic [Kids-1:0]   grant_o
);
  initial if (Kids != 2 && Kids != 4) $fatal(1, "%m: Kids must be 2 or 4");

  logic [Kids-1:0] first;   // one-hot: lowest child with a non-zero
  logic [Kids-1:0] higher;  // children behind it that have one as well
  logic [Kids-1:0] second;  // one-hot: the lowest of these

  assign first   = any_i & (~any_i + 1'b1);
  assign higher  = any_i & ~first;
  assign any_o   = |any_i;
  assign one_o   = |(first & one_i) && higher == '0;
  assign second  = higher & (~higher + 1'b1);
  assign two_o   = (|(first & two_i) && higher == '0)
                || (|(first & one_i) && |(second & one_i) && higher == second);
  assign grant_o = grant_i ? first : '0;

  if (Kids == 2) begin : g_two
    assign index_o = first[1];
  end else begin : g_four
    assign index_o = {first[3] | first[2], first[3] | first[1]};
  end
endmodule
