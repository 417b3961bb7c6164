// SPDX-License-Identifier: Apache-2.0
// Whether any of the flags is set, and whether more than one is: a tree of fours.
// Combinational. Where only this is asked, it is shallower than eie_lnzd, whose nodes look for the first flag.
module eie_any_many #(
  parameter int Leaves = 16
) (
  input  logic [Leaves-1:0] flag_i,
  output logic              any_o,
  output logic              many_o
);
  localparam int Levels = eie_pkg::tree_levels(Leaves);

  initial if (Leaves < 1 || 2 ** $clog2(Leaves) != Leaves)
    $fatal(1, "%m: Leaves (%0d) must be a power of two", Leaves);

  if (Levels == 0) begin : g_wire
    assign any_o  = flag_i[0];
    assign many_o = 1'b0;
  end else begin : g_tree
    for (genvar l = 1; l <= Levels; l++) begin : g_level
      localparam int Below = eie_pkg::tree_nodes(Leaves, l - 1);
      localparam int Kids  = (Below >= 4) ? 4 : 2;
      localparam int Nodes = Below / Kids;
      logic [Below-1:0] below_any, below_many;
      logic [Nodes-1:0] any, many;
      if (l == 1) begin : g_leaf
        assign below_any  = flag_i;
        assign below_many = '0;
      end else begin : g_inner
        assign below_any  = g_level[l-1].any;
        assign below_many = g_level[l-1].many;
      end
      for (genvar k = 0; k < Nodes; k++) begin : g_node
        logic [Kids-1:0] kids;
        logic            low, high, pair;  // of its halves: any; a half with two
        assign kids    = below_any[Kids*k +: Kids];
        assign low     = |kids[Kids/2-1:0];
        assign high    = |kids[Kids-1:Kids/2];
        assign pair    = (Kids == 4) && (&kids[Kids/2-1:0] || &kids[Kids-1:Kids/2]);
        assign any[k]  = |kids;
        assign many[k] = (low && high) || pair || |below_many[Kids*k +: Kids];
      end
    end
    assign any_o  = g_level[Levels].any;
    assign many_o = g_level[Levels].many;
  end
endmodule
