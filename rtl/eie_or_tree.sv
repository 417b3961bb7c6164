// SPDX-License-Identifier: Apache-2.0
// Registered tree that ORs Leaves words into one, four children a node: what the PEs send back crosses
// the array in $clog2(Leaves) / 2 cycles, rounded up (0 for one leaf), one word a cycle.
module eie_or_tree #(
  parameter int Leaves = 16,
  parameter int Width  = 1
) (
  input  logic                    clk_i,
  input  logic [Width*Leaves-1:0] leaf_i,
  output logic [Width-1:0]        root_o
);
  localparam int Levels = eie_pkg::tree_levels(Leaves);
  localparam int Inner  = eie_pkg::tree_base(Leaves, Levels + 1) - Leaves;

  initial if (Leaves < 1 || 2 ** $clog2(Leaves) != Leaves)
    $fatal(1, "%m: Leaves (%0d) must be a power of two", Leaves);

  if (Levels == 0) begin : g_wire
    logic unused_clk;
    assign unused_clk = clk_i;
    assign root_o = leaf_i;
  end else begin : g_tree
    logic [Width*Inner-1:0] node_q;  // levels 1.. one after the other

    for (genvar l = 1; l <= Levels; l++) begin : g_level
      localparam int Below = eie_pkg::tree_nodes(Leaves, l - 1);
      localparam int Kids  = (Below >= 4) ? 4 : 2;
      localparam int Base  = eie_pkg::tree_base(Leaves, l) - Leaves;
      logic [Width*Below-1:0] below;
      if (l == 1) begin : g_leaf
        assign below = leaf_i;
      end else begin : g_inner
        assign below = node_q[Width*(eie_pkg::tree_base(Leaves, l - 1) - Leaves) +: Width*Below];
      end
      for (genvar k = 0; k < Below / Kids; k++) begin : g_node
        if (Kids == 4) begin : g_four
          always_ff @(posedge clk_i)
            node_q[Width*(Base+k) +: Width] <= below[Width*(4*k) +: Width] | below[Width*(4*k+1) +: Width]
                                             | below[Width*(4*k+2) +: Width] | below[Width*(4*k+3) +: Width];
        end else begin : g_two
          always_ff @(posedge clk_i)
            node_q[Width*(Base+k) +: Width] <= below[Width*(2*k) +: Width] | below[Width*(2*k+1) +: Width];
        end
      end
    end
    assign root_o = node_q[Width*(Inner-1) +: Width];
  end
endmodule
