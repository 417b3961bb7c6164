// SPDX-License-Identifier: Apache-2.0
// Leading non-zero detection over the flags of one group of activations: a quadtree of eie_lnzd4.
// Combinational. index_o is the lowest set flag (0 when none), first_o the same one-hot, any_o says
// whether there is one, one_o whether it is the only one, two_o whether there is exactly one more.
module eie_lnzd #(
  parameter int Leaves = 16,
  localparam int IndexW = eie_pkg::index_w(Leaves)
) (
  input  logic [Leaves-1:0] flag_i,
  output logic              any_o,
  output logic              one_o,
  output logic              two_o,
  output logic [IndexW-1:0] index_o,
  output logic [Leaves-1:0] first_o
);
  localparam int Levels = eie_pkg::tree_levels(Leaves);

  initial if (Leaves < 1 || 2 ** $clog2(Leaves) != Leaves)
    $fatal(1, "%m: Leaves (%0d) must be a power of two", Leaves);

  if (Levels == 0) begin : g_wire
    assign any_o   = flag_i[0];
    assign one_o   = flag_i[0];
    assign two_o   = 1'b0;
    assign index_o = 1'b0;
    assign first_o = flag_i;
  end else begin : g_tree
    // Every level has vectors of its own, so that no tool sees a loop between going up and down.
    for (genvar l = 1; l <= Levels; l++) begin : g_level
      localparam int Below = eie_pkg::tree_nodes(Leaves, l - 1);
      localparam int Kids  = (Below >= 4) ? 4 : 2;
      localparam int KidW  = (Kids == 4) ? 2 : 1;
      localparam int Nodes = Below / Kids;
      logic [Below-1:0]        below_any, below_one, below_two, below_grant;
      logic [Nodes-1:0]        any, one, two, grant;
      logic [IndexW*Nodes-1:0] index;  // of the lowest flag below each node
      if (l == 1) begin : g_leaf
        assign below_any = flag_i;
        assign below_one = flag_i;
        assign below_two = '0;
        assign first_o   = below_grant;
      end else begin : g_inner
        assign below_any = g_level[l-1].any;
        assign below_one = g_level[l-1].one;
        assign below_two = g_level[l-1].two;
        assign g_level[l-1].grant = below_grant;
      end
      for (genvar k = 0; k < Nodes; k++) begin : g_node
        logic [KidW-1:0] kid;
        eie_lnzd4 #(.Kids(Kids)) u_node (
          .any_i(below_any[Kids*k +: Kids]), .one_i(below_one[Kids*k +: Kids]),
          .two_i(below_two[Kids*k +: Kids]), .any_o(any[k]), .one_o(one[k]), .two_o(two[k]), .index_o(kid),
          .grant_i(grant[k]), .grant_o(below_grant[Kids*k +: Kids])
        );
        if (l == 1) begin : g_index_leaf
          assign index[IndexW*k +: IndexW] = IndexW'(kid);
        end else begin : g_index
          logic [IndexW*Kids-1:0] below_index;
          assign below_index = g_level[l-1].index[IndexW*Kids*k +: IndexW*Kids];
          assign index[IndexW*k +: IndexW] =
              (IndexW'(kid) << (2*(l-1))) | below_index[IndexW*kid +: IndexW];
        end
      end
    end
    assign g_level[Levels].grant = 1'b1;
    assign any_o   = g_level[Levels].any;
    assign one_o   = g_level[Levels].one;
    assign two_o   = g_level[Levels].two;
    assign index_o = g_level[Levels].index;
  end
endmodule
