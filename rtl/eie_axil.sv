// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite slave front: turns the five channels into one stream of requests and takes the answers.
// One beat a cycle for reads alone or writes alone; when both wait they alternate. A read behind writes, or a write
// behind reads, goes a cycle later than it could: whose turn it is stands in a register (not with HELD). Every channel
// passes a register; address and data of a write may come in any order. An address is taken only while there is
// room for its answer (Answers of each kind), so answers are never refused. Writes are answered in
// order, reads are answered in order. Rules: docs/handshake.md.
// HELD 1 is for devices where registers are short: one write and one read at a time, and no register but that
// of the answer. The master holds a request, as the bus demands, until the host takes it; the host takes it in
// the cycle in which it answers. Ready then depends on the valid of its own channel (writes: of both) and on the
// host. Answers means nothing.
`include "eie_assert.svh"
module eie_axil #(
  parameter int Answers = 16,
  parameter int HELD    = 0
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // AXI4-Lite
  input  logic        axil_awvalid_i,
  output logic        axil_awready_o,
  input  logic [31:0] axil_awaddr_i,
  input  logic        axil_wvalid_i,
  output logic        axil_wready_o,
  input  logic [31:0] axil_wdata_i,
  input  logic [3:0]  axil_wstrb_i,
  output logic        axil_bvalid_o,
  input  logic        axil_bready_i,
  output logic [1:0]  axil_bresp_o,
  input  logic        axil_arvalid_i,
  output logic        axil_arready_o,
  input  logic [31:0] axil_araddr_i,
  output logic        axil_rvalid_o,
  input  logic        axil_rready_i,
  output logic [31:0] axil_rdata_o,
  output logic [1:0]  axil_rresp_o,
  // Requests
  output logic        req_valid_o,
  input  logic        req_ready_i,
  output logic        req_write_o,
  output logic [31:0] req_addr_o,
  output logic [31:0] req_wdata_o,
  output logic        req_partial_o,  // a write that does not write all four bytes
  // Answers
  input  logic        write_done_i,
  input  logic        write_error_i,
  input  logic        read_done_i,
  input  logic        read_error_i,
  input  logic [31:0] read_data_i
);
  initial if (Answers < 1) $fatal(1, "%m: Answers must be at least 1");

  logic        aw_valid, w_valid, ar_valid, write_take, read_take;
  logic [31:0] aw_addr, ar_addr, w_data;
  logic [3:0]  w_strb;
  logic        can_write, write_turn_q, choose_write;
  assign can_write     = aw_valid && w_valid;
  assign req_valid_o   = choose_write ? can_write : ar_valid;
  assign req_write_o   = choose_write;
  assign req_addr_o    = choose_write ? aw_addr : ar_addr;
  assign req_wdata_o   = w_data;
  assign req_partial_o = w_strb != '1;
  assign write_take    = choose_write && can_write && req_ready_i;
  assign read_take     = !choose_write && ar_valid && req_ready_i;

  // The turn goes to the other kind where that can go, but never while a request waits: it stays the one it is.
  always_ff @(posedge clk_i)
    if (!rst_ni) write_turn_q <= 1'b0;
    else if (!req_valid_o || req_ready_i) write_turn_q <= choose_write ? !ar_valid : can_write;
    else write_turn_q <= choose_write;

  logic write_error, read_error, b_room, r_room;
  if (HELD != 0) begin : g_held
    // A link gives a request few clocks: it goes at once, whatever its kind, and stays the one it is.
    logic waits_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) waits_q <= 1'b0;
      else waits_q <= req_valid_o && !req_ready_i;
    assign choose_write = waits_q ? write_turn_q : can_write && (!ar_valid || write_turn_q);

    assign {aw_valid, aw_addr} = {axil_awvalid_i && b_room, axil_awaddr_i};
    assign {w_valid, w_strb, w_data} = {axil_wvalid_i, axil_wstrb_i, axil_wdata_i};
    assign {ar_valid, ar_addr} = {axil_arvalid_i && r_room, axil_araddr_i};
    assign {axil_awready_o, axil_wready_o, axil_arready_o} = {write_take, write_take, read_take};

    logic        b_valid_q, r_valid_q, write_error_q, read_error_q;
    logic [31:0] read_data_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) begin
        b_valid_q <= 1'b0;
        r_valid_q <= 1'b0;
      end else begin
        b_valid_q <= write_done_i || (b_valid_q && !axil_bready_i);
        r_valid_q <= read_done_i || (r_valid_q && !axil_rready_i);
      end
    always_ff @(posedge clk_i) begin
      if (write_done_i) write_error_q <= write_error_i;
      if (read_done_i) {read_error_q, read_data_q} <= {read_error_i, read_data_i};
    end
    assign {axil_bvalid_o, write_error} = {b_valid_q, write_error_q};
    assign {axil_rvalid_o, read_error, axil_rdata_o} = {r_valid_q, read_error_q, read_data_q};
    assign {b_room, r_room} = {!b_valid_q, !r_valid_q};

    `EIE_ASSERT(TakenWhenAnswered_A, write_take == write_done_i && read_take == read_done_i)
  end else begin : g_registers
    assign choose_write = write_turn_q;
    logic aw_ready, ar_ready, aw_in, ar_in, write_room_q, read_room_q;
    assign axil_awready_o = aw_ready && write_room_q;
    assign axil_arready_o = ar_ready && read_room_q;
    assign aw_in          = axil_awvalid_i && write_room_q;
    assign ar_in          = axil_arvalid_i && read_room_q;
    eie_skid #(.Width(32)) u_aw (
      .clk_i, .rst_ni, .valid_i(aw_in), .ready_o(aw_ready), .data_i(axil_awaddr_i),
      .valid_o(aw_valid), .ready_i(write_take), .data_o(aw_addr)
    );
    eie_skid #(.Width(36)) u_w (
      .clk_i, .rst_ni, .valid_i(axil_wvalid_i), .ready_o(axil_wready_o), .data_i({axil_wstrb_i, axil_wdata_i}),
      .valid_o(w_valid), .ready_i(write_take), .data_o({w_strb, w_data})
    );
    eie_skid #(.Width(32)) u_ar (
      .clk_i, .rst_ni, .valid_i(ar_in), .ready_o(ar_ready), .data_i(axil_araddr_i),
      .valid_o(ar_valid), .ready_i(read_take), .data_o(ar_addr)
    );

    // Room for answers: addresses that were taken and whose answer the master has not taken yet.
    localparam int CountW = $clog2(Answers + 1);
    logic [CountW-1:0] writes_q, reads_q;
    logic              aw_push, ar_push, b_pop, r_pop;
    assign aw_push = aw_in && aw_ready;
    assign ar_push = ar_in && ar_ready;
    assign b_pop = axil_bvalid_o && axil_bready_i;
    assign r_pop = axil_rvalid_o && axil_rready_i;
    always_ff @(posedge clk_i)
      if (!rst_ni) begin
        writes_q     <= '0;
        reads_q      <= '0;
        write_room_q <= 1'b1;
        read_room_q  <= 1'b1;
      end else begin
        writes_q     <= writes_q + CountW'(aw_push) - CountW'(b_pop);
        reads_q      <= reads_q + CountW'(ar_push) - CountW'(r_pop);
        write_room_q <= b_pop || (aw_push ? writes_q != CountW'(Answers - 1) : write_room_q);
        read_room_q  <= r_pop || (ar_push ? reads_q != CountW'(Answers - 1) : read_room_q);
      end

    eie_queue #(.Width(1), .Depth(Answers)) u_b (
      .clk_i, .rst_ni, .flush_i(1'b0), .valid_i(write_done_i), .ready_o(b_room), .data_i(write_error_i),
      .valid_o(axil_bvalid_o), .ready_i(axil_bready_i), .data_o(write_error)
    );
    eie_queue #(.Width(33), .Depth(Answers)) u_r (
      .clk_i, .rst_ni, .flush_i(1'b0), .valid_i(read_done_i), .ready_o(r_room),
      .data_i({read_error_i, read_data_i}),
      .valid_o(axil_rvalid_o), .ready_i(axil_rready_i), .data_o({read_error, axil_rdata_o})
    );
    `EIE_ASSERT(RoomIsKnown_A, write_room_q == (writes_q != CountW'(Answers)) && read_room_q == (reads_q != CountW'(Answers)))
  end
  assign axil_bresp_o = {write_error, 1'b0};  // OKAY or SLVERR
  assign axil_rresp_o = {read_error, 1'b0};

  `EIE_ASSERT(RoomForEveryWriteAnswer_A, !write_done_i || b_room)
  `EIE_ASSERT(RoomForEveryReadAnswer_A, !read_done_i || r_room)
endmodule
