// SPDX-License-Identifier: Apache-2.0
// Which parts of the array have something to do, for their clock gates: awake when an event arrives and for
// so long after the last one that everything in flight has landed. A layer wakes everything, from its
// start to Tail cycles after its last event; a command of the host wakes the cluster it is for.
module eie_wake #(
  parameter int N_PE = 16,
  localparam int PeW      = eie_pkg::index_w(N_PE),
  localparam int Clusters = eie_pkg::ceil_div(N_PE, eie_pkg::ClusterSize)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                event_i,     // anything that is for all PEs, or comes from one at work
  input  logic                cmd_valid_i,
  input  logic                cmd_write_i,
  input  logic [PeW-1:0]      cmd_pe_i,
  output logic [Clusters-1:0] clusters_o,
  output logic                events_o,    // trees of credits, events and faults
  output logic                rdata_o      // tree of the read data
);
  // The longest ways that no event reports on: a broadcast to the answer of the tree of active PEs, a
  // row to its place in the activations, the end of an entry through the trees.
  localparam int Tail     = 48;
  localparam int HostTail = 8;   // a command to the answer register of its PE
  initial if (eie_pkg::value_lag(N_PE) + 2 * eie_pkg::tree_levels(N_PE) + 24 > Tail)
    $fatal(1, "%m: Tail (%0d) is too short for %0d PEs", Tail, N_PE);

  logic       layer, read;
  logic [5:0] layer_left_q;
  logic [4:0] read_left_q;
  assign layer = !rst_ni || event_i || layer_left_q != '0;
  assign read  = cmd_valid_i && !cmd_write_i;
  always_ff @(posedge clk_i)
    if (!rst_ni || event_i) layer_left_q <= 6'(Tail);
    else if (layer_left_q != '0) layer_left_q <= layer_left_q - 1'b1;
  always_ff @(posedge clk_i)
    if (!rst_ni) read_left_q <= '0;
    else if (read) read_left_q <= 5'(eie_pkg::read_latency(N_PE) + 1);
    else if (read_left_q != '0) read_left_q <= read_left_q - 1'b1;

  for (genvar c = 0; c < Clusters; c++) begin : g_cluster
    logic       here;
    logic [3:0] left_q;
    assign here = cmd_valid_i && 32'(cmd_pe_i) / eie_pkg::ClusterSize == c;
    always_ff @(posedge clk_i)
      if (!rst_ni) left_q <= '0;
      else if (here) left_q <= 4'(HostTail);
      else if (left_q != '0) left_q <= left_q - 1'b1;
    assign clusters_o[c] = layer || here || left_q != '0;
  end
  assign events_o = layer;
  assign rdata_o  = layer || read || read_left_q != '0;
endmodule
