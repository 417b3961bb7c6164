// SPDX-License-Identifier: Apache-2.0
// One processing element: pointer read -> work queue -> Spmat read -> arithmetic -> write-back, with its
// memories (pointers and biases, entries, codebooks, accumulators, activations). All inputs come from
// registers of its cluster, all outputs are registered.
// Activations are read by the command bus only: by the CCU in a layer (the value of each broadcast
// comes from the one PE that holds it), by the host otherwise.
`include "eie_assert.svh"
module eie_pe #(
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
  localparam int PlaceW  = eie_pkg::index_w(PTR_DEPTH),
  localparam int RowsW   = $clog2(ROWS + 1),
  localparam int BookW   = eie_pkg::index_w(LAYERS),
  localparam int SlotW   = eie_pkg::index_w(ACT_SLOTS),
  localparam int WordW   = (CODE_W + IDX_W) * ENTRIES_PER_WORD,
  localparam int PtrW    = eie_pkg::ptr_w(SPMAT_WORDS, ENTRIES_PER_WORD),
  localparam int AddrW   = eie_pkg::cmd_addr_w(SPMAT_WORDS, PTR_DEPTH, CODE_W, LAYERS, ACT_SLOTS)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      flush_i,  // forget all work; accumulators keep what they hold
  // Broadcast: a column, or the bias place of a row of write-back
  input  logic                      col_valid_i,
  input  logic                      col_wb_i,
  input  logic [PlaceW-1:0]         col_place_i,
  input  logic                      val_valid_i,
  input  logic [eie_pkg::ActW-1:0]  val_i,
  // Of the layer
  input  logic                      layer_start_i,
  input  logic [RowsW-1:0]          rows_i,
  input  logic [BookW-1:0]          codebook_i,
  input  logic                      wb_write_i,
  input  logic                      wb_clear_i,
  input  logic [SlotW-1:0]          out_base_i,
  input  logic [eie_pkg::ShiftW-1:0] shift_i,
  input  logic                      relu_i,
  // Command bus; read data four cycles later, 0 when another PE is meant. With cmd_value_i (an activation, for
  // the broadcast) only the activation memory reads.
  input  logic                      cmd_valid_i,   // to any PE
  input  logic                      cmd_here_i,    // to this PE
  input  logic                      cmd_write_i,
  input  logic                      cmd_value_i,
  input  logic [2:0]                cmd_memory_i,
  input  logic                      cmd_spmat_i,    // a write of a Spmat word, which has the longest way to its enables
  input  logic [AddrW-1:0]          cmd_addr_i,
  input  logic [1:0]                cmd_lane_i,   // write: lane of a Spmat word; read: its 32-bit part
  input  logic [eie_pkg::LaneMaxW-1:0] cmd_wdata_i,
  output logic [eie_pkg::BusW-1:0]  cmd_rdata_o,
  // To the trees
  output logic                      credit_o,
  output logic                      active_o,
  output logic                      overflow_o,
  output logic                      fault_o,
  output logic                      issue_o,
  output logic                      padding_o,
  output logic                      clamped_o,
  output logic                      row_done_o,
  output logic                      nonzero_o
);
`ifdef EIE_NO_INLINE
  /*verilator no_inline_module*/
`endif
  localparam int Entries   = SPMAT_WORDS * ENTRIES_PER_WORD;
  localparam int LessW     = eie_pkg::index_w(ROWS);
  localparam int BankW     = eie_pkg::bank_w(SPMAT_WORDS, ENTRIES_PER_WORD);
  localparam int WordAddrW = eie_pkg::index_w(SPMAT_WORDS);
  localparam int LaneW     = eie_pkg::lane_w(WordW);
  localparam int Parts     = eie_pkg::word_parts(WordW);
  localparam int BookAddrW = eie_pkg::index_w(LAYERS << CODE_W);
  // The same cycles from a shorter pipeline, where registers are scarce.
  localparam int Short     = eie_pkg::compact(TECH);

  // Command bus: which memory is meant, and two cycles later which one answers. The memories read on
  // any host command, whichever PE is meant: that saves the decoder in front of their enables.
  logic       host_read;
  logic       read_q;      // one of these answers, one-hot, two cycles after the command
  logic       codebook_qq, act_qq, fault_qq, pointer_answers;
  logic [Parts-1:0] spmat_qq;  // by 32-bit part
  logic       spmat_we, pointer_we, codebook_we, host_act_we;
  logic [2:0] memory_q;
  logic [1:0] part_q;
  assign host_read   = cmd_valid_i && !cmd_value_i;
  assign spmat_we    = cmd_here_i && cmd_spmat_i;
  assign pointer_we  = cmd_here_i && cmd_write_i && cmd_memory_i == eie_pkg::MemPointer;
  assign codebook_we = cmd_here_i && cmd_write_i && cmd_memory_i == eie_pkg::MemCodebook;
  assign host_act_we = cmd_here_i && cmd_write_i && cmd_memory_i == eie_pkg::MemAct;
  always_ff @(posedge clk_i) begin
    read_q      <= cmd_here_i && !cmd_write_i;
    for (int p = 0; p < Parts; p++)
      spmat_qq[p] <= read_q && memory_q == eie_pkg::MemSpmat && 32'(part_q) == p;
    codebook_qq <= read_q && memory_q == eie_pkg::MemCodebook;
    act_qq      <= read_q && memory_q == eie_pkg::MemAct;
    fault_qq    <= read_q && memory_q == eie_pkg::MemFault;
    memory_q    <= cmd_memory_i;
    part_q      <= cmd_lane_i;
  end
  assign pointer_answers = read_q && memory_q == eie_pkg::MemPointer;

  // Pointer read
  logic                     item_valid, item_ready, ptr_fault;
  logic [PtrW-1:0]          item_first, ptr_fault_entry;
  logic [LessW-1:0]         item_less;
  logic [eie_pkg::ActW-1:0] item_act;
  logic [eie_pkg::BiasW-1:0] bias;
  logic [BankW-1:0]         pointer_rdata;
  eie_ptr_read #(
    .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .PTR_DEPTH(PTR_DEPTH), .ROWS(ROWS), .ENTRIES(Entries),
    .ValueLag(eie_pkg::value_lag(N_PE) - eie_pkg::column_hold(N_PE)), .TECH(TECH)
  ) u_ptr_read (
    .clk_i, .rst_ni, .flush_i,
    .col_valid_i, .col_wb_i, .col_place_i, .val_valid_i, .val_i, .credit_o,
    .item_valid_o(item_valid), .item_ready_i(item_ready), .item_first_o(item_first),
    .item_less_o(item_less), .item_act_o(item_act),
    .bias_o(bias), .fault_o(ptr_fault), .fault_entry_o(ptr_fault_entry),
    .host_we_i(pointer_we), .host_re_i(host_read), .host_answer_i(pointer_answers),
    .host_place_i(cmd_addr_i[PlaceW-1:0]), .host_wdata_i(cmd_wdata_i[BankW-1:0]),
    .host_rdata_o(pointer_rdata)
  );

  // Work queue and sequencer
  logic                     issue, issue_first, leave;
  logic [PtrW-1:0]          issue_entry;
  logic [eie_pkg::ActW-1:0] issue_act, leave_act;
  eie_sequencer #(.QUEUE_DEPTH(QUEUE_DEPTH), .ENTRIES(Entries), .ROWS(ROWS), .TECH(TECH)) u_sequencer (
    .clk_i, .rst_ni, .flush_i,
    .item_valid_i(item_valid), .item_ready_o(item_ready), .item_first_i(item_first),
    .item_less_i(item_less), .item_act_i(item_act),
    .issue_o(issue), .issue_entry_o(issue_entry), .issue_first_o(issue_first), .issue_act_o(issue_act),
    .leave_o(leave), .leave_act_o(leave_act), .active_o
  );
  logic issue_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) issue_q <= 1'b0;
    else issue_q <= issue;
  assign issue_o = issue_q;

  logic            fault_q, fault_pointer_q;
  logic [PtrW-1:0] ring_entry, fault_entry;

  // Spmat read
  logic                     entry_valid, entry_first;
  logic [IDX_W-1:0]         entry_run;
  logic [CODE_W-1:0]        entry_code;
  logic [eie_pkg::ActW-1:0] entry_act;
  logic [PtrW-1:0]          entry_index;
  logic [eie_pkg::BusW-1:0] spmat_rdata;
  eie_spmat #(
    .CODE_W(CODE_W), .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .SPMAT_WORDS(SPMAT_WORDS),
    .SHORT(Short), .TECH(TECH)
  ) u_spmat (
    .clk_i, .rst_ni, .flush_i,
    .issue_i(issue), .issue_entry_i(issue_entry), .issue_first_i(issue_first), .issue_act_i(issue_act),
    .entry_valid_o(entry_valid), .entry_first_o(entry_first), .entry_run_o(entry_run),
    .entry_code_o(entry_code), .entry_act_o(entry_act), .entry_index_o(entry_index),
    .host_we_i(spmat_we), .host_lane_i(cmd_lane_i), .host_wdata_i(cmd_wdata_i[LaneW-1:0]),
    .host_re_i(host_read), .host_addr_i(cmd_addr_i[WordAddrW-1:0]),
    .host_part_i(spmat_qq), .host_rdata_o(spmat_rdata)
  );

  // Arithmetic, codebooks and activations. Activations are read for broadcasts while the layer scans, written when all
  // PEs are drained, or one host command at a time.
  logic                     acc_valid, overflow, slot_fault, padding;
  logic signed [ACC_W-1:0]  acc;
  logic                     act_we;
  logic [SlotW-1:0]         act_slot;
  logic [eie_pkg::ActW-1:0] act;
  logic [eie_pkg::BusW-1:0] act_book_rdata;
  if (Short != 0) begin : g_short
    logic [eie_pkg::WeightW-1:0] codebook_rdata;
    eie_arith_short #(
      .CODE_W(CODE_W), .IDX_W(IDX_W), .ACC_W(ACC_W), .ROWS(ROWS), .LAYERS(LAYERS), .TECH(TECH)
    ) u_arith (
      .clk_i, .rst_ni, .flush_i, .layer_start_i, .rows_i, .codebook_i, .wb_clear_i,
      .entry_valid_i(entry_valid), .entry_first_i(entry_first), .entry_run_i(entry_run),
      .entry_code_i(entry_code), .entry_act_i(entry_act),
      .wb_valid_i(col_wb_i), .wb_valid_o(acc_valid), .wb_acc_o(acc),
      .padding_o(padding), .overflow_o(overflow), .fault_o(slot_fault),
      .host_we_i(codebook_we), .host_re_i(host_read),
      .host_addr_i(cmd_addr_i[BookAddrW-1:0]), .host_wdata_i(cmd_wdata_i[eie_pkg::WeightW-1:0]),
      .host_rdata_o(codebook_rdata)
    );
    // The address waits instead of the data.
    logic                     re_q;
    logic [SlotW-1:0]         raddr_q;
    logic [eie_pkg::ActW-1:0] act_rdata;
    always_ff @(posedge clk_i)
      if (!rst_ni) re_q <= 1'b0;
      else re_q <= cmd_here_i;
    always_ff @(posedge clk_i) raddr_q <= cmd_addr_i[SlotW-1:0];
    eie_ram_1r1w #(
      .Width(eie_pkg::ActW), .Depth(ACT_SLOTS), .LATENCY(1),
      .SINGLE_PORT(eie_pkg::act_single_port(TECH, N_PE)), .TECH(TECH)
    ) u_act (
      .clk_i,
      .we_i(act_we || host_act_we),
      .waddr_i(act_we ? act_slot : cmd_addr_i[SlotW-1:0]),
      .wdata_i(act_we ? act : cmd_wdata_i[eie_pkg::ActW-1:0]),
      .re_i(re_q), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(raddr_q), .rdata_o(act_rdata)
    );
    assign act_book_rdata = (codebook_qq ? eie_pkg::BusW'(codebook_rdata) : '0)
        | (act_qq ? {{(eie_pkg::BusW - eie_pkg::ActW){act_rdata[eie_pkg::ActW-1]}}, act_rdata} : '0);
    logic unused_bits_short;
    assign unused_bits_short = ^{entry_index, leave, leave_act};
  end else begin : g_full
    localparam int ActBookW = eie_pkg::max2(SlotW, BookAddrW);
    logic                        book_re;
    logic [BookAddrW-1:0]        book_addr;
    logic [eie_pkg::WeightW-1:0] weight;
    logic [PtrW-1:0]             slot_fault_entry;
    logic                        act_next;
    logic [eie_pkg::ActW-1:0]    entry_act5;
    eie_act_ring u_act_ring (
      .clk_i, .rst_ni, .flush_i, .push_i(leave), .act_i(leave_act), .next_i(act_next), .act_o(entry_act5)
    );
    eie_pe_arith #(
      .CODE_W(CODE_W), .IDX_W(IDX_W), .ACC_W(ACC_W), .ROWS(ROWS), .LAYERS(LAYERS), .ENTRIES(Entries),
      .WB_CLOSE(eie_pkg::wb_close(N_PE)), .TECH(TECH)
    ) u_arith (
      .clk_i, .rst_ni, .flush_i, .layer_start_i, .rows_i, .codebook_i, .wb_clear_i,
      .entry_valid_i(entry_valid), .entry_first_i(entry_first), .entry_run_i(entry_run),
      .entry_code_i(entry_code), .entry_act_i(entry_act), .entry_index_i(entry_index),
      .wb_valid_i(col_wb_i), .wb_valid_o(acc_valid), .wb_acc_o(acc),
      .padding_o(padding), .overflow_o(overflow), .fault_o(slot_fault), .fault_entry_o(slot_fault_entry),
      .book_re_o(book_re), .book_addr_o(book_addr), .weight_i(weight),
      .act_next_o(act_next), .act_i(entry_act5)
    );
    // Codebooks are memory 2, activations 3; of the others nobody takes the answer.
    eie_act_book #(.CODE_W(CODE_W), .LAYERS(LAYERS), .ACT_SLOTS(ACT_SLOTS), .TECH(TECH)) u_act_book (
      .clk_i, .rst_ni, .entry_re_i(book_re), .entry_addr_i(book_addr), .weight_o(weight),
      .wb_we_i(act_we), .wb_slot_i(act_slot), .wb_act_i(act),
      .cmd_addr_i(cmd_addr_i[ActBookW-1:0]), .cmd_wdata_i(cmd_wdata_i[eie_pkg::ActW-1:0]),
      .act_we_i(host_act_we), .book_we_i(codebook_we),
      .re_i(cmd_here_i), .book_i(!cmd_memory_i[0]),
      .act_answer_i(act_qq), .book_answer_i(codebook_qq), .rdata_o(act_book_rdata)
    );

    // The index that simulation carries along (nothing of it is left in synthesis) is the ring's, below.
    logic            judge_q, judge_qq, judge_qqq;
    logic [PtrW-1:0] carried_q;
    always_ff @(posedge clk_i) begin
      judge_q   <= slot_fault && !fault_q && rst_ni && !flush_i;
      judge_qq  <= judge_q && !flush_i;
      judge_qqq <= judge_qq && !flush_i;
      if (slot_fault && !fault_q) carried_q <= slot_fault_entry;
    end
    `EIE_ASSERT(RingHasTheFaultyEntry_A, !judge_qqq || flush_i || ring_entry == carried_q)
  end
  assign padding_o  = padding;
  assign overflow_o = overflow;

  // Write-back
  eie_write_back #(.ACC_W(ACC_W), .ACT_SLOTS(ACT_SLOTS), .SHORT(Short), .TECH(TECH)) u_write_back (
    .clk_i, .rst_ni, .flush_i, .layer_start_i, .wb_write_i, .out_base_i, .shift_i, .relu_i,
    .wb_valid_i(acc_valid), .wb_acc_i(acc), .bias_i(bias),
    .act_we_o(act_we), .act_slot_o(act_slot), .act_o(act),
    .row_done_o, .nonzero_o, .clamped_o
  );

  // First fault of this PE, kept until flushed: bit 31 fault, bit 30 pointer (else slot), entry below.
  eie_fault_entry #(.Width(PtrW), .Lag(5), .TECH(TECH)) u_fault_entry (
    .clk_i, .rst_ni, .flush_i, .issue_entry_i(issue_entry), .fault_i(slot_fault), .entry_o(ring_entry)
  );
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) fault_q <= 1'b0;
    else if (ptr_fault || slot_fault) fault_q <= 1'b1;
  always_ff @(posedge clk_i) if (!fault_q) fault_pointer_q <= !slot_fault;
  assign fault_entry = fault_pointer_q ? ptr_fault_entry : ring_entry;
  assign fault_o = fault_q;

  // The one that answers, or zero, so that a tree of ORs can bring it to the host. A value for a broadcast is
  // the same word of the activation memory, a cycle earlier in its journey (eie_array).
  logic [eie_pkg::BusW-1:0] answer, rdata_q;
  assign answer = spmat_rdata | eie_pkg::BusW'(pointer_rdata) | act_book_rdata
                | (fault_qq ? {fault_q, fault_pointer_q, (eie_pkg::BusW - 2)'(fault_entry)} : '0);
  always_ff @(posedge clk_i) rdata_q <= answer;
  assign cmd_rdata_o = rdata_q;

  // Narrow memories leave bits of the bus unused.
  logic unused_bits;
  assign unused_bits = ^{cmd_wdata_i, cmd_addr_i};

  `EIE_ASSERT(SpmatWriteIsKnown_A, !cmd_valid_i || cmd_spmat_i == (cmd_write_i && cmd_memory_i == eie_pkg::MemSpmat))
endmodule
