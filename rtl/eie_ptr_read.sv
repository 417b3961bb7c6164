// SPDX-License-Identifier: Apache-2.0
// Pointer read of one PE. Every broadcast column reads its two pointers at once (one from each bank) and
// goes, as {first entry, count - 1, activation}, into the activation queue; nothing here ever waits, because
// the credits keep a place in that queue for each column under way. At its end a column without entries
// is dropped, one with entries passes on to the work queue as soon as that has a place; one column a
// cycle. A credit goes back for every column that leaves.
// The activation arrives ValueLag cycles after its column, 5 at most, and is delayed to meet the pointers.
// Write-back columns ("wb", sent only when all PEs are drained) carry the place of a bias instead.
// A column with more entries than ROWS, descending pointers or an end past the Spmat raises fault_o.
// Host accesses are for an idle array; their read data appears three cycles after host_re_i.
`include "eie_assert.svh"
module eie_ptr_read #(
  parameter int ACT_QUEUE_DEPTH = 16,
  parameter int PTR_DEPTH = 2048,
  parameter int ROWS      = 256,
  parameter int ENTRIES   = 4096,  // capacity of the Spmat
  parameter int ValueLag  = 5,
  parameter int TECH      = 0,
  localparam int PlaceW = eie_pkg::index_w(PTR_DEPTH),
  localparam int PtrW   = $clog2(ENTRIES + 1),
  localparam int BankW  = eie_pkg::max2(PtrW, eie_pkg::BiasW / 2),
  localparam int CountW = $clog2(ROWS + 1),
  localparam int LessW  = eie_pkg::index_w(ROWS)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      flush_i,
  // Broadcast, cannot wait
  input  logic                      col_valid_i,
  input  logic                      col_wb_i,       // instead: the place of a row's bias, which comes four cycles later
  input  logic [PlaceW-1:0]         col_place_i,
  input  logic                      val_valid_i,
  input  logic [eie_pkg::ActW-1:0]  val_i,
  output logic                      credit_o,
  // Columns with entries, to the work queue
  output logic                      item_valid_o,
  input  logic                      item_ready_i,
  output logic [PtrW-1:0]           item_first_o,
  output logic [LessW-1:0]          item_less_o,    // entries, less one
  output logic [eie_pkg::ActW-1:0]  item_act_o,
  output logic [eie_pkg::BiasW-1:0] bias_o,
  output logic                      fault_o,        // pulse
  output logic [PtrW-1:0]           fault_entry_o,  // first entry of the first such column, until flush_i
  // Host
  input  logic                      host_we_i,
  input  logic                      host_re_i,
  input  logic                      host_answer_i,  // a cycle behind host_re_i: the answer is wanted, else 0
  input  logic [PlaceW-1:0]         host_place_i,
  input  logic [BankW-1:0]          host_wdata_i,
  output logic [BankW-1:0]          host_rdata_o
);
  localparam int BankDepth = PTR_DEPTH / 2;
  localparam int DiffW     = eie_pkg::max2(PtrW, CountW) + 1;
  localparam int BankAddrW = PlaceW - 1;
  localparam int SubtractLag = eie_pkg::PointerLag;  // column in to stage D

  initial if (PTR_DEPTH < 4 || PTR_DEPTH % 2 != 0)
    $fatal(1, "%m: PTR_DEPTH (%0d) must be even and at least 4", PTR_DEPTH);
  initial if (ValueLag < 1 || ValueLag > SubtractLag)
    $fatal(1, "%m: ValueLag (%0d) must be 1 to %0d", ValueLag, SubtractLag);
  initial if (ACT_QUEUE_DEPTH < 2) $fatal(1, "%m: ACT_QUEUE_DEPTH must be at least 2");

  // Stages: H bank addresses | A, B inside the banks | C swapped | D subtracted.
  logic                 h_valid_q, a_valid_q, b_valid_q, c_valid_q, d_valid_q;
  logic                 h_swap_q, a_swap_q, b_swap_q;
  logic [BankAddrW-1:0] h_even_q, h_odd_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      h_valid_q <= 1'b0;
      a_valid_q <= 1'b0;
      b_valid_q <= 1'b0;
      c_valid_q <= 1'b0;
      d_valid_q <= 1'b0;
    end else begin
      h_valid_q <= col_valid_i;
      a_valid_q <= h_valid_q;
      b_valid_q <= a_valid_q;
      c_valid_q <= b_valid_q;
      d_valid_q <= c_valid_q;
    end

  // Column c needs places c and c + 1: one is even, one odd, so both banks are read at once.
  logic read_q;
  always_ff @(posedge clk_i) begin
    read_q   <= col_valid_i || col_wb_i;
    h_swap_q <= col_place_i[0];
    h_even_q <= col_place_i[PlaceW-1:1] + BankAddrW'(col_place_i[0]);
    h_odd_q  <= col_place_i[PlaceW-1:1];
    a_swap_q <= h_swap_q;
    b_swap_q <= a_swap_q;
  end

  logic [BankW-1:0]     even, odd;
  logic [BankAddrW-1:0] even_addr, odd_addr;
  logic                 host_odd_q, host_even_qq, host_odd_qq;
  // A column has the address, the host otherwise: which PE the host means comes too late for it.
  assign even_addr = read_q ? h_even_q : host_place_i[PlaceW-1:1];
  assign odd_addr  = read_q ? h_odd_q : host_place_i[PlaceW-1:1];
  eie_ram_1r1w #(.Width(BankW), .Depth(BankDepth), .LATE_READ(1), .TECH(TECH)) u_even_bank (
    .clk_i, .we_i(host_we_i && !host_place_i[0]), .waddr_i(host_place_i[PlaceW-1:1]),
    .wdata_i(host_wdata_i), .re_i(read_q || host_re_i), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(even_addr), .rdata_o(even)
  );
  eie_ram_1r1w #(.Width(BankW), .Depth(BankDepth), .LATE_READ(1), .TECH(TECH)) u_odd_bank (
    .clk_i, .we_i(host_we_i && host_place_i[0]), .waddr_i(host_place_i[PlaceW-1:1]),
    .wdata_i(host_wdata_i), .re_i(read_q || host_re_i), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(odd_addr), .rdata_o(odd)
  );
  always_ff @(posedge clk_i) begin
    host_odd_q   <= host_place_i[0];
    host_even_qq <= host_answer_i && !host_odd_q;
    host_odd_qq  <= host_answer_i && host_odd_q;
  end
  assign host_rdata_o = (host_even_qq ? even : '0) | (host_odd_qq ? odd : '0);

  logic [BankW-1:0] c_first_q, c_second_q;
  always_ff @(posedge clk_i) begin
    c_first_q  <= b_swap_q ? odd : even;
    c_second_q <= b_swap_q ? even : odd;
  end
  assign bias_o = {c_second_q[15:0], c_first_q[15:0]};

  // One less than the count: one bit less for a full tile, and the sequencer counts down to 0. Its top bit says that there
  // is no entry: the pointers are equal (all ones) or descend.
  logic [PtrW-1:0]  d_first_q;
  logic [DiffW-1:0] d_less_q;
  logic [DiffW:0]   twice;
  logic             d_some, d_past_q, unused_half;
  logic [DiffW-1:0] d_count;  // for traces: nothing of it is left in synthesis
  assign twice   = {DiffW'(c_second_q[PtrW-1:0]), 1'b0} - {DiffW'(c_first_q[PtrW-1:0]), 1'b1};
  assign d_some  = !d_less_q[DiffW-1];
  assign unused_half = twice[0];
  assign d_count = d_less_q + 1'b1;
  always_ff @(posedge clk_i) begin
    d_first_q <= c_first_q[PtrW-1:0];
    d_less_q  <= twice[DiffW:1];
    d_past_q  <= eie_pkg::above(32'(c_second_q[PtrW-1:0]), ENTRIES);
  end

  // A fault is reported beside the stream; what slips through is flushed with it.
  logic            fault_d, fault_q, kept_q;
  logic [PtrW-1:0] fault_entry_q;
  assign fault_d = d_valid_q
                && (d_past_q || (d_some ? eie_pkg::above(32'(d_less_q[DiffW-2:0]), ROWS - 1) : d_less_q != '1));
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      fault_q <= 1'b0;
      kept_q  <= 1'b0;
    end else begin
      fault_q <= fault_d;
      kept_q  <= kept_q || fault_d;
    end
  always_ff @(posedge clk_i) if (!kept_q) fault_entry_q <= d_first_q;
  assign fault_o       = fault_q;
  assign fault_entry_o = fault_entry_q;

  // Column and activation meet.
  logic                     met_value_valid;
  logic [eie_pkg::ActW-1:0] met_value;
  eie_delay #(.Width(eie_pkg::ActW), .Cycles(SubtractLag - ValueLag)) u_value_delay (
    .clk_i, .rst_ni, .flush_i, .valid_i(val_valid_i), .data_i(val_i),
    .valid_o(met_value_valid), .data_o(met_value)
  );

  // Activation queue, and the register at its end. Both together hold ACT_QUEUE_DEPTH columns (an item
  // rests in the queue for a cycle on its way to the register, hence the 2).
  logic                     queue_ready, queue_valid, queue_some, head_free;
  logic [PtrW-1:0]          queue_first;
  logic [LessW-1:0]         queue_less;
  logic [eie_pkg::ActW-1:0] queue_act;
  eie_queue #(.Width(PtrW + LessW + 1 + eie_pkg::ActW), .Depth(eie_pkg::max2(ACT_QUEUE_DEPTH - 1, 2))) u_act_queue (
    .clk_i, .rst_ni, .flush_i,
    .valid_i(d_valid_q), .ready_o(queue_ready), .data_i({d_first_q, d_less_q[LessW-1:0], d_some, met_value}),
    .valid_o(queue_valid), .ready_i(head_free), .data_o({queue_first, queue_less, queue_some, queue_act})
  );

  logic                     head_valid_q, head_some_q, leaves, credit_q;
  logic [PtrW-1:0]          head_first_q;
  logic [LessW-1:0]         head_less_q;
  logic [eie_pkg::ActW-1:0] head_act_q;
  assign leaves    = head_valid_q && (!head_some_q || item_ready_i);
  assign head_free = !head_valid_q || leaves;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      head_valid_q <= 1'b0;
      credit_q     <= 1'b0;
    end else begin
      if (head_free) head_valid_q <= queue_valid;
      credit_q <= leaves;
    end
  always_ff @(posedge clk_i)
    if (head_free) begin
      head_some_q  <= queue_some;
      head_first_q <= queue_first;
      head_less_q  <= queue_less;
      head_act_q   <= queue_act;
    end
  assign credit_o     = credit_q;
  assign item_valid_o = head_valid_q && head_some_q;
  assign item_first_o = head_first_q;
  assign item_less_o  = head_less_q;
  assign item_act_o   = head_act_q;

  `EIE_ASSERT(SomeIsACount_A, !d_valid_q || d_some == (d_count != '0 && d_count <= {1'b1, {(DiffW - 1){1'b0}}}))
  `EIE_ASSERT(CreditsKeepRoom_A, !d_valid_q || queue_ready)
  `EIE_ASSERT(ColumnAndValueMeet_A, d_valid_q == met_value_valid)
  `EIE_ASSERT(WriteBackComesAlone_A, !col_wb_i || !(col_valid_i || h_valid_q || head_valid_q || queue_valid))
  `EIE_ASSERT(HostOnlyWhenIdle_A, !(host_re_i || host_we_i) || !(h_valid_q || col_valid_i || col_wb_i))
endmodule
