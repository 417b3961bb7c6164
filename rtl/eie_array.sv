// SPDX-License-Identifier: Apache-2.0
// The PEs and everything that crosses between them and the CCU. Towards the PEs: one register for each
// cluster of eight (the CCU's own output register is the level above). Back from the PEs: registered
// trees with four children a node. No wire goes from one PE to another.
// A command read answers eie_pkg::read_latency cycles after the command stands in the input; an
// activation read by the CCU (cmd_value_i) is there a cycle earlier and goes back out to all PEs.
`include "eie_assert.svh"
module eie_array #(
  parameter int N_PE             = 16,
  parameter int ACT_QUEUE_DEPTH  = 16,
  parameter int QUEUE_DEPTH      = 32,
  parameter int CODE_W           = 4,
  parameter int IDX_W            = 5,
  parameter int ENTRIES_PER_WORD = 8,
  parameter int ACC_W            = 32,
  parameter int ROWS             = 256,
  parameter int SPMAT_WORDS      = 512,
  parameter int PTR_DEPTH        = 2048,
  parameter int ACT_SLOTS        = 512,
  parameter int LAYERS           = 4,
  parameter int TECH             = 0,
  localparam int PeW     = eie_pkg::index_w(N_PE),
  localparam int PlaceW  = eie_pkg::index_w(PTR_DEPTH),
  localparam int RowsW   = $clog2(ROWS + 1),
  localparam int BookW   = eie_pkg::index_w(LAYERS),
  localparam int SlotW   = eie_pkg::index_w(ACT_SLOTS),
  localparam int SumW    = $clog2(N_PE + 1),
  localparam int AddrW   = eie_pkg::cmd_addr_w(SPMAT_WORDS, PTR_DEPTH, CODE_W, LAYERS, ACT_SLOTS)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  // From the CCU, registered there
  input  logic                      flush_i,
  input  logic                      col_valid_i,
  input  logic                      col_wb_i,
  input  logic [PlaceW-1:0]         col_place_i,
  input  logic                      layer_start_i,
  input  logic [RowsW-1:0]          rows_i,
  input  logic [BookW-1:0]          codebook_i,
  input  logic                      wb_write_i,
  input  logic                      wb_clear_i,
  input  logic [SlotW-1:0]          out_base_i,
  input  logic [eie_pkg::ShiftW-1:0] shift_i,
  input  logic                      relu_i,
  // Command bus, registered where it comes from
  input  logic                      cmd_valid_i,
  input  logic                      cmd_write_i,
  input  logic                      cmd_value_i,   // a read whose answer is the value of a broadcast
  input  logic [2:0]                cmd_memory_i,
  input  logic [PeW-1:0]            cmd_pe_i,
  input  logic [AddrW-1:0]          cmd_addr_i,
  input  logic [1:0]                cmd_lane_i,
  input  logic [eie_pkg::LaneMaxW-1:0] cmd_wdata_i,
  output logic                      cmd_rvalid_o,  // answer of a read without cmd_value_i
  output logic [eie_pkg::BusW-1:0]  cmd_rdata_o,
  // To the CCU
  output logic                      credit_o,
  output logic                      active_o,
  output logic                      overflow_o,
  output logic                      fault_o,
  output logic                      row_done_o,
  output logic [N_PE-1:0]           nonzero_o,     // with row_done_o
  // Events
  output logic [N_PE-1:0]           issue_o,
  output logic [SumW-1:0]           issues_o,
  output logic [SumW-1:0]           paddings_o,
  output logic [SumW-1:0]           clampeds_o
);
  localparam int Clusters    = eie_pkg::ceil_div(N_PE, eie_pkg::ClusterSize);
  localparam int ValueLag    = eie_pkg::value_lag(N_PE);
  localparam int ReadLatency = eie_pkg::read_latency(N_PE);

  // What a read in flight is: shifted along with it.
  logic [ValueLag-1:0]    value_q;
  logic [ReadLatency-1:0] read_q;
  logic                   value_valid;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      value_q <= '0;
      read_q  <= '0;
    end else begin
      value_q <= ValueLag'({value_q, cmd_valid_i && cmd_value_i});
      read_q  <= ReadLatency'({read_q, cmd_valid_i && !cmd_write_i && !cmd_value_i});
    end
  assign value_valid  = value_q[ValueLag-1];
  assign cmd_rvalid_o = read_q[ReadLatency-1];

  // A column waits for its value here; those of write-back have none, and never meet one that waits.
  logic              held_valid, write_back;
  logic [PlaceW-1:0] held_place, held_col_place;
  eie_delay #(.Width(PlaceW), .Cycles(eie_pkg::column_hold(N_PE))) u_column_hold (
    .clk_i, .rst_ni, .flush_i, .valid_i(col_valid_i && !col_wb_i), .data_i(col_place_i),
    .valid_o(held_valid), .data_o(held_place)
  );
  assign write_back     = col_valid_i && col_wb_i;
  assign held_col_place = held_valid ? held_place : col_place_i;

  logic [N_PE-1:0]               credit, active, overflow, fault, issue, padding, clamped, row_done, nonzero;
  logic [N_PE*eie_pkg::BusW-1:0] rdata;
  logic [eie_pkg::BusW-1:0]      rdata_root;

  // What has nothing to do may sleep; the clocks of the clusters, of the trees of events and of the tree of
  // read data are gated apart.
  logic                active_root, awake_event, awake_events, awake_rdata, events_clk, rdata_clk;
  logic [Clusters-1:0] awake_clusters;
  assign awake_event = flush_i || col_valid_i || value_valid || layer_start_i
                    || (cmd_valid_i && cmd_value_i) || active_root;
  eie_wake #(.N_PE(N_PE)) u_wake (
    .clk_i, .rst_ni, .event_i(awake_event), .cmd_valid_i, .cmd_write_i, .cmd_pe_i,
    .clusters_o(awake_clusters), .events_o(awake_events), .rdata_o(awake_rdata)
  );
  eie_clock_gate u_events_clock (.clk_i, .awake_i(awake_events), .clk_o(events_clk));
  eie_clock_gate u_rdata_clock (.clk_i, .awake_i(awake_rdata), .clk_o(rdata_clk));

  logic cmd_spmat_d;
  assign cmd_spmat_d = cmd_write_i && cmd_memory_i == eie_pkg::MemSpmat;

  for (genvar c = 0; c < Clusters; c++) begin : g_cluster
    localparam int First = c * eie_pkg::ClusterSize;
    localparam int Size  = (N_PE - First < eie_pkg::ClusterSize) ? N_PE - First : eie_pkg::ClusterSize;

    logic                          flush, col_valid, col_wb, val_valid, layer_start;
    logic                          cmd_valid, cmd_write, cmd_spmat, cmd_value, wb_write, wb_clear, relu;
    logic [PlaceW-1:0]             col_place;
    logic [eie_pkg::ActW-1:0]      val;
    logic [RowsW-1:0]              rows;
    logic [BookW-1:0]              codebook;
    logic [SlotW-1:0]              out_base;
    logic [eie_pkg::ShiftW-1:0]    shift;
    logic [2:0]                    cmd_memory;
    logic [Size-1:0]               here_d, here;  // the PE a command means, decoded on the way
    logic [AddrW-1:0]              cmd_addr;
    logic [1:0]                    cmd_lane;
    logic [eie_pkg::LaneMaxW-1:0]  cmd_wdata;

    logic cluster_clk;
    eie_clock_gate u_clock (.clk_i, .awake_i(awake_clusters[c]), .clk_o(cluster_clk));

    // Reset, too, has a register in every cluster: its net would be the longest of all.
    logic rst_n;
    eie_reset_register u_reset (.clk_i, .rst_ni, .rst_no(rst_n));

    // Kept as a module of its own, so that synthesis does not merge the clusters' copies.
    eie_cluster_register #(.Width(PlaceW + eie_pkg::ActW + RowsW + BookW + SlotW + eie_pkg::ShiftW + Size + AddrW
                                  + eie_pkg::LaneMaxW + 17)) u_register (
      .clk_i(cluster_clk),
      .data_i({flush_i, held_valid, write_back, value_valid, layer_start_i, cmd_valid_i, cmd_write_i, cmd_spmat_d,
               cmd_value_i, wb_write_i, wb_clear_i, relu_i, cmd_memory_i, cmd_lane_i,
               held_col_place, rdata_root[eie_pkg::ActW-1:0], rows_i, codebook_i, out_base_i, shift_i,
               here_d, cmd_addr_i, cmd_wdata_i}),
      .data_o({flush, col_valid, col_wb, val_valid, layer_start, cmd_valid, cmd_write, cmd_spmat, cmd_value,
               wb_write, wb_clear, relu, cmd_memory, cmd_lane,
               col_place, val, rows, codebook, out_base, shift,
               here, cmd_addr, cmd_wdata})
    );

    for (genvar k = 0; k < Size; k++) begin : g_pe
      assign here_d[k] = cmd_valid_i && cmd_pe_i == PeW'(First + k);
      eie_pe #(
        .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH), .CODE_W(CODE_W),
        .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .ACC_W(ACC_W), .ROWS(ROWS),
        .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH)
      ) u_pe (
        .clk_i(cluster_clk), .rst_ni(rst_n), .flush_i(flush),
        .col_valid_i(col_valid), .col_wb_i(col_wb), .col_place_i(col_place),
        .val_valid_i(val_valid), .val_i(val),
        .layer_start_i(layer_start), .rows_i(rows), .codebook_i(codebook), .wb_write_i(wb_write),
        .wb_clear_i(wb_clear), .out_base_i(out_base), .shift_i(shift), .relu_i(relu),
        .cmd_valid_i(cmd_valid), .cmd_here_i(here[k]), .cmd_write_i(cmd_write), .cmd_value_i(cmd_value),
        .cmd_memory_i(cmd_memory), .cmd_spmat_i(cmd_spmat),
        .cmd_addr_i(cmd_addr), .cmd_lane_i(cmd_lane), .cmd_wdata_i(cmd_wdata),
        .cmd_rdata_o(rdata[eie_pkg::BusW*(First+k) +: eie_pkg::BusW]),
        .credit_o(credit[First+k]), .active_o(active[First+k]), .overflow_o(overflow[First+k]),
        .fault_o(fault[First+k]), .issue_o(issue[First+k]), .padding_o(padding[First+k]),
        .clamped_o(clamped[First+k]), .row_done_o(row_done[First+k]), .nonzero_o(nonzero[First+k])
      );
    end
  end

  eie_or_tree #(.Leaves(N_PE), .Width(eie_pkg::BusW)) u_rdata_tree (
    .clk_i(rdata_clk), .leaf_i(rdata), .root_o(rdata_root)
  );
  // The host's answer rests here for a cycle; the value of a broadcast does not.
  logic [eie_pkg::BusW-1:0] rdata_root_q;
  always_ff @(posedge rdata_clk) rdata_root_q <= rdata_root;
  assign cmd_rdata_o = rdata_root_q;

  eie_credit_tree #(.Leaves(N_PE), .Ahead(ACT_QUEUE_DEPTH)) u_credit_tree (
    .clk_i(events_clk), .rst_ni, .flush_i, .pulse_i(credit), .pulse_o(credit_o)
  );
  // At least one cycle, also without a tree: write-back may not catch up with the last entry.
  logic active_q;
  eie_or_tree #(.Leaves(N_PE), .Width(1)) u_active_tree (.clk_i(events_clk), .leaf_i(active), .root_o(active_root));
  always_ff @(posedge events_clk) active_q <= active_root;
  assign active_o = (N_PE == 1) ? active_q : active_root;
  eie_or_tree #(.Leaves(N_PE), .Width(1)) u_overflow_tree (.clk_i(events_clk), .leaf_i(overflow), .root_o(overflow_o));
  eie_or_tree #(.Leaves(N_PE), .Width(1)) u_fault_tree (.clk_i(events_clk), .leaf_i(fault), .root_o(fault_o));
  eie_sum_tree #(.Leaves(N_PE)) u_issue_tree (.clk_i(events_clk), .leaf_i(issue), .sum_o(issues_o));
  eie_sum_tree #(.Leaves(N_PE)) u_padding_tree (.clk_i(events_clk), .leaf_i(padding), .sum_o(paddings_o));
  eie_sum_tree #(.Leaves(N_PE)) u_clamped_tree (.clk_i(events_clk), .leaf_i(clamped), .sum_o(clampeds_o));
  assign issue_o = issue;

  // All PEs write back in step; PE 0 speaks for them.
  logic            row_done_q;
  logic [N_PE-1:0] nonzero_q;
  always_ff @(posedge events_clk)
    if (!rst_ni) row_done_q <= 1'b0;
    else row_done_q <= row_done[0];
  always_ff @(posedge events_clk) nonzero_q <= nonzero;
  assign row_done_o = row_done_q;
  assign nonzero_o  = nonzero_q;

  `EIE_ASSERT(WriteBackMeetsNoColumn_A, !(held_valid && write_back))
  `EIE_ASSERT(PesWriteBackInStep_A, row_done == {N_PE{row_done[0]}})
endmodule
