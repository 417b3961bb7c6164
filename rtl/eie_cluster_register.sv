// SPDX-License-Identifier: Apache-2.0
// One cluster's copy of the broadcast register: data_o is data_i one cycle later. Not reset: the CCU
// holds flush high for many cycles after reset. A module of its own with its hierarchy kept, because
// synthesis would merge equal registers and with them the tree that they are there to make.
(* keep_hierarchy *)
module eie_cluster_register #(
  parameter int Width = 64
) (
  input  logic             clk_i,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);
  logic [Width-1:0] data_q;
  always_ff @(posedge clk_i) data_q <= data_i;
  assign data_o = data_q;
endmodule
