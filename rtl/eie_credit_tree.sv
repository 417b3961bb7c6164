// SPDX-License-Identifier: Apache-2.0
// Returns a credit when every PE has returned it: the n-th pulse out comes a fixed number of cycles
// ($clog2(Leaves) / 2, rounded up; 0 for one leaf) after the n-th pulse of the slowest leaf. That delay
// being fixed is what makes the timing model's recurrence exact.
module eie_credit_tree #(
  parameter int Leaves = 16,
  parameter int Ahead  = 16   // credits in all: no leaf can be further ahead of another
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,
  input  logic [Leaves-1:0] pulse_i,
  output logic              pulse_o
);
  localparam int Levels = eie_pkg::tree_levels(Leaves);
  localparam int Inner  = eie_pkg::tree_base(Leaves, Levels + 1) - Leaves;

  initial if (Leaves < 1 || 2 ** $clog2(Leaves) != Leaves)
    $fatal(1, "%m: Leaves (%0d) must be a power of two", Leaves);

  if (Levels == 0) begin : g_wire
    logic unused_all;
    assign unused_all = ^{clk_i, rst_ni, flush_i};
    assign pulse_o = pulse_i[0];
  end else begin : g_tree
    logic [Inner-1:0] node;

    for (genvar l = 1; l <= Levels; l++) begin : g_level
      localparam int Below = eie_pkg::tree_nodes(Leaves, l - 1);
      localparam int Kids  = (Below >= 4) ? 4 : 2;
      localparam int Base  = eie_pkg::tree_base(Leaves, l) - Leaves;
      logic [Below-1:0] below;
      if (l == 1) begin : g_leaf
        assign below = pulse_i;
      end else begin : g_inner
        assign below = node[eie_pkg::tree_base(Leaves, l - 1) - Leaves +: Below];
      end
      for (genvar k = 0; k < Below / Kids; k++) begin : g_node
        eie_credit_node #(.Kids(Kids), .Ahead(Ahead)) u_node (
          .clk_i, .rst_ni, .flush_i, .pulse_i(below[Kids*k +: Kids]), .pulse_o(node[Base+k])
        );
      end
    end
    assign pulse_o = node[Inner-1];
  end
endmodule
