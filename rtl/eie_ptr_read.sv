// SPDX-License-Identifier: Apache-2.0
// Pointer read of one PE. Takes every broadcast into a small activation queue, reads the column's two
// pointers (one from each bank), and passes {first entry, count, activation} on when the column has
// entries here; an empty column is dropped without cost. One column a cycle; it waits only for a place
// behind it, or for the column's activation, which arrives later than its number.
// A credit goes back for every column that leaves. Write-back columns ("wb") carry the place of a bias:
// they are sent only when all PEs are drained, never wait, and leave with the bias at a fixed delay.
// A column with more entries than ROWS, descending pointers or an end past the Spmat raises fault_o.
// Host accesses are for an idle array; their read data appears three cycles after host_re_i.
`include "eie_assert.svh"
module eie_ptr_read #(
  parameter int ACT_QUEUE_DEPTH = 16,
  parameter int PTR_DEPTH = 2048,
  parameter int ROWS      = 256,
  parameter int ENTRIES   = 4096,  // capacity of the Spmat
  parameter int TECH      = 0,
  localparam int PlaceW = eie_pkg::index_w(PTR_DEPTH),
  localparam int PtrW   = $clog2(ENTRIES + 1),
  localparam int BankW  = eie_pkg::max2(PtrW, eie_pkg::BiasW / 2),
  localparam int CountW = $clog2(ROWS + 1)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      flush_i,
  // Broadcast, cannot wait: the credits keep room for it.
  input  logic                      col_valid_i,
  input  logic                      col_wb_i,
  input  logic [PlaceW-1:0]         col_place_i,
  input  logic                      val_valid_i,
  input  logic [eie_pkg::ActW-1:0]  val_i,
  output logic                      credit_o,
  // Columns with entries, to the work queue.
  output logic                      item_valid_o,
  input  logic                      item_ready_i,
  output logic [PtrW-1:0]           item_first_o,
  output logic [CountW-1:0]         item_count_o,
  output logic [eie_pkg::ActW-1:0]  item_act_o,
  // Write-back: wb_valid_o in one cycle, its bias_o four cycles later.
  output logic                      wb_valid_o,
  output logic [eie_pkg::BiasW-1:0] bias_o,
  output logic                      fault_o,        // pulse
  output logic [PtrW-1:0]           fault_entry_o,  // first entry of that column
  // Host
  input  logic                      host_we_i,
  input  logic                      host_re_i,
  input  logic [PlaceW-1:0]         host_place_i,
  input  logic [BankW-1:0]          host_wdata_i,
  output logic [BankW-1:0]          host_rdata_o
);
  localparam int BankDepth = PTR_DEPTH / 2;
  localparam int BankAddrW = PlaceW - 1;

  initial if (PTR_DEPTH < 4 || PTR_DEPTH % 2 != 0)
    $fatal(1, "%m: PTR_DEPTH (%0d) must be even and at least 4", PTR_DEPTH);

  // Activation queue: numbers and values arrive at different times and are kept apart.
  logic              queue_valid, queue_wb, queue_full_n, h_ready;
  logic [PlaceW-1:0] queue_place;
  eie_queue #(.Width(PlaceW + 1), .Depth(ACT_QUEUE_DEPTH)) u_column_queue (
    .clk_i, .rst_ni, .flush_i,
    .valid_i(col_valid_i), .ready_o(queue_full_n), .data_i({col_wb_i, col_place_i}),
    .valid_o(queue_valid), .ready_i(h_ready), .data_o({queue_wb, queue_place})
  );

  logic                     val_valid, val_full_n, d_leaves;
  logic [eie_pkg::ActW-1:0] val;
  eie_queue #(.Width(eie_pkg::ActW), .Depth(ACT_QUEUE_DEPTH)) u_value_queue (
    .clk_i, .rst_ni, .flush_i,
    .valid_i(val_valid_i), .ready_o(val_full_n), .data_i(val_i),
    .valid_o(val_valid), .ready_i(d_leaves), .data_o(val)
  );

  // Stages: H bank addresses | A, B inside the banks | C swapped | D subtracted. A stage moves when
  // the next is free or moves itself, so empty stages close up.
  logic                 h_valid_q, a_valid_q, b_valid_q, c_valid_q, d_valid_q;
  logic                 h_wb_q, a_wb_q, b_wb_q, c_wb_q;
  logic                 h_swap_q, a_swap_q, b_swap_q;
  logic [BankAddrW-1:0] h_even_q, h_odd_q;
  logic                 a_ready, b_ready, c_ready, d_ready;

  assign d_ready = !d_valid_q || d_leaves;
  assign c_ready = !c_valid_q || c_wb_q || d_ready;
  assign b_ready = !b_valid_q || c_ready;
  assign a_ready = !a_valid_q || b_ready;
  assign h_ready = !h_valid_q || a_ready;

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      h_valid_q <= 1'b0;
      a_valid_q <= 1'b0;
      b_valid_q <= 1'b0;
      c_valid_q <= 1'b0;
      d_valid_q <= 1'b0;
    end else begin
      if (h_ready) h_valid_q <= queue_valid;
      if (a_ready) a_valid_q <= h_valid_q;
      if (b_ready) b_valid_q <= a_valid_q;
      if (c_ready) c_valid_q <= b_valid_q;
      if (d_ready) d_valid_q <= c_valid_q && !c_wb_q;
    end

  // Column c needs places c and c + 1: one is even, one odd, so both banks are read at once.
  always_ff @(posedge clk_i) begin
    if (h_ready) begin
      h_wb_q   <= queue_wb;
      h_swap_q <= queue_place[0];
      h_even_q <= queue_place[PlaceW-1:1] + BankAddrW'(queue_place[0]);
      h_odd_q  <= queue_place[PlaceW-1:1];
    end
    if (a_ready) begin
      a_wb_q   <= h_wb_q;
      a_swap_q <= h_swap_q;
    end
    if (b_ready) begin
      b_wb_q   <= a_wb_q;
      b_swap_q <= a_swap_q;
    end
    if (c_ready) c_wb_q <= b_wb_q;
  end

  logic [BankW-1:0]     even, odd;
  logic [BankAddrW-1:0] even_addr, odd_addr;
  logic                 host_odd_q, host_odd_qq, read;

  assign even_addr = host_re_i ? host_place_i[PlaceW-1:1] : h_even_q;
  assign odd_addr  = host_re_i ? host_place_i[PlaceW-1:1] : h_odd_q;
  assign read      = host_re_i || (h_valid_q && a_ready);
  eie_ram_1r1w #(.Width(BankW), .Depth(BankDepth), .TECH(TECH)) u_even_bank (
    .clk_i, .we_i(host_we_i && !host_place_i[0]), .waddr_i(host_place_i[PlaceW-1:1]),
    .wdata_i(host_wdata_i), .re_i(read), .oe_i(b_ready), .raddr_i(even_addr), .rdata_o(even)
  );
  eie_ram_1r1w #(.Width(BankW), .Depth(BankDepth), .TECH(TECH)) u_odd_bank (
    .clk_i, .we_i(host_we_i && host_place_i[0]), .waddr_i(host_place_i[PlaceW-1:1]),
    .wdata_i(host_wdata_i), .re_i(read), .oe_i(b_ready), .raddr_i(odd_addr), .rdata_o(odd)
  );

  logic [BankW-1:0] c_first_q, c_second_q;
  always_ff @(posedge clk_i)
    if (c_ready) begin
      c_first_q  <= b_swap_q ? odd : even;
      c_second_q <= b_swap_q ? even : odd;
    end

  assign wb_valid_o = queue_valid && queue_wb && h_ready;
  assign bias_o     = {c_second_q[15:0], c_first_q[15:0]};

  logic [PtrW-1:0] d_first_q;
  logic [PtrW:0]   d_count_q;  // one bit more: the borrow of descending pointers
  logic            d_some_q, d_past_q;
  always_ff @(posedge clk_i)
    if (d_ready) begin
      d_first_q <= c_first_q[PtrW-1:0];
      d_count_q <= {1'b0, c_second_q[PtrW-1:0]} - {1'b0, c_first_q[PtrW-1:0]};
      d_some_q  <= c_second_q[PtrW-1:0] != c_first_q[PtrW-1:0];
      d_past_q  <= c_second_q[PtrW-1:0] > PtrW'(ENTRIES);
    end

  assign d_leaves     = d_valid_q && val_valid && (!d_some_q || item_ready_i);
  assign item_valid_o = d_valid_q && val_valid && d_some_q;
  assign item_first_o = d_first_q;
  assign item_count_o = d_count_q[CountW-1:0];
  assign item_act_o   = val;

  // One cycle late, off the path of the handshake: what slipped through is flushed with the fault.
  logic            credit_q, fault_q;
  logic [PtrW-1:0] fault_entry_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      credit_q <= 1'b0;
      fault_q  <= 1'b0;
    end else begin
      credit_q <= d_leaves;
      fault_q  <= d_leaves && (d_past_q || d_count_q > (PtrW + 1)'(ROWS));
    end
  always_ff @(posedge clk_i) fault_entry_q <= d_first_q;
  assign credit_o      = credit_q;
  assign fault_o       = fault_q;
  assign fault_entry_o = fault_entry_q;

  always_ff @(posedge clk_i) begin
    host_odd_q  <= host_place_i[0];
    host_odd_qq <= host_odd_q;
  end
  assign host_rdata_o = host_odd_qq ? odd : even;

  `EIE_ASSERT(CreditsKeepRoomForColumns_A, !col_valid_i || queue_full_n)
  `EIE_ASSERT(CreditsKeepRoomForValues_A, !val_valid_i || val_full_n)
  `EIE_ASSERT(WriteBackNeverWaits_A, !(queue_valid && queue_wb) || h_ready)
  `EIE_ASSERT(HostOnlyWhenIdle_A, !(host_re_i || host_we_i) || !(queue_valid || h_valid_q))
endmodule
