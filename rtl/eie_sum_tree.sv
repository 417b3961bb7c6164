// SPDX-License-Identifier: Apache-2.0
// Registered tree that counts the ones among Leaves bits, four children a node; a result every cycle,
// $clog2(Leaves) / 2 cycles later, rounded up (0 for one leaf).
module eie_sum_tree #(
  parameter int Leaves = 16,
  localparam int SumW = $clog2(Leaves + 1)
) (
  input  logic              clk_i,
  input  logic [Leaves-1:0] leaf_i,
  output logic [SumW-1:0]   sum_o
);
  localparam int Levels = eie_pkg::tree_levels(Leaves);
  localparam int Inner  = eie_pkg::tree_base(Leaves, Levels + 1) - Leaves;

  initial if (Leaves < 1 || 2 ** $clog2(Leaves) != Leaves)
    $fatal(1, "%m: Leaves (%0d) must be a power of two", Leaves);

  if (Levels == 0) begin : g_wire
    logic unused_clk;
    assign unused_clk = clk_i;
    assign sum_o = leaf_i;
  end else begin : g_tree
    // Every node has the root's width; synthesis drops the high bits that stay 0.
    logic [SumW*Inner-1:0] node_q;

    for (genvar l = 1; l <= Levels; l++) begin : g_level
      localparam int Below = eie_pkg::tree_nodes(Leaves, l - 1);
      localparam int Kids  = (Below >= 4) ? 4 : 2;
      localparam int Base  = eie_pkg::tree_base(Leaves, l) - Leaves;
      logic [SumW*Below-1:0] below;
      if (l == 1) begin : g_leaf
        for (genvar k = 0; k < Leaves; k++) begin : g_widen
          assign below[SumW*k +: SumW] = SumW'(leaf_i[k]);
        end
      end else begin : g_inner
        assign below = node_q[SumW*(eie_pkg::tree_base(Leaves, l - 1) - Leaves) +: SumW*Below];
      end
      for (genvar k = 0; k < Below / Kids; k++) begin : g_node
        if (Kids == 4) begin : g_four
          always_ff @(posedge clk_i)
            node_q[SumW*(Base+k) +: SumW] <= below[SumW*(4*k) +: SumW] + below[SumW*(4*k+1) +: SumW]
                                           + below[SumW*(4*k+2) +: SumW] + below[SumW*(4*k+3) +: SumW];
        end else begin : g_two
          always_ff @(posedge clk_i)
            node_q[SumW*(Base+k) +: SumW] <= below[SumW*(2*k) +: SumW] + below[SumW*(2*k+1) +: SumW];
        end
      end
    end
    assign sum_o = node_q[SumW*(Inner-1) +: SumW];
  end
endmodule
