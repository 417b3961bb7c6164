// SPDX-License-Identifier: Apache-2.0
// Host side: executes the requests of eie_axil, in order. Registers, descriptors and counters are near
// (answer two cycles later), the memories of the PEs are far (through the command bus and the tree).
// Reads are answered in order because a read of one kind waits until those of the other are out.
// Held before they are accepted: START until the first descriptor has been read and earlier writes have
// landed, counters while they are being saved, the counter of a PE until its turn. Everything illegal
// answers with an error and changes nothing. docs/registers.md.
`include "eie_assert.svh"
module eie_host #(
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
  localparam int PeW       = eie_pkg::index_w(N_PE),
  localparam int SlotW     = eie_pkg::index_w(ACT_SLOTS),
  localparam int AddrW     = eie_pkg::cmd_addr_w(SPMAT_WORDS, PTR_DEPTH, CODE_W, LAYERS, ACT_SLOTS),
  localparam int DescAddrW = $clog2(LAYERS) + 3
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // Requests and answers
  input  logic              req_valid_i,
  output logic              req_ready_o,
  input  logic              req_write_i,
  input  logic [31:0]       req_addr_i,
  input  logic [31:0]       req_wdata_i,
  input  logic              req_partial_i,
  output logic              write_done_o,
  output logic              write_error_o,
  output logic              read_done_o,
  output logic              read_error_o,
  output logic [31:0]       read_data_o,
  // CCU
  output logic              start_o,
  input  logic              start_ready_i,
  output logic              abort_o,
  output logic              clear_o,
  output logic              refetch_o,
  output logic [7:0]        first_o,
  output logic [7:0]        count_o,
  input  logic              busy_i,
  input  logic              running_i,
  input  logic              done_i,
  input  logic              fault_i,
  input  logic [7:0]        fault_code_i,
  input  logic [7:0]        fault_descriptor_i,
  input  logic [7:0]        fault_pe_i,
  input  logic [29:0]       fault_entry_i,
  input  logic [7:0]        layers_done_i,
  output logic              irq_o,
  // Descriptors
  output logic              desc_we_o,
  output logic              desc_re_o,
  output logic [DescAddrW-1:0] desc_addr_o,
  output logic [31:0]       desc_wdata_o,
  input  logic [31:0]       desc_rdata_i,
  // Counters
  input  logic              saving_i,
  output logic              counter_re_o,
  output logic [DescAddrW-1:0] counter_addr_o,
  input  logic [eie_pkg::CounterW-1:0] counter_rdata_i,
  input  logic [eie_pkg::CounterW-1:0] program_cycles_i,
  input  logic [eie_pkg::CounterW-1:0] window_i,
  output logic              busy_req_o,
  output logic [PeW-1:0]    busy_pe_o,
  input  logic              busy_ready_i,
  input  logic [eie_pkg::CounterW-1:0] busy_count_i,
  // Flag memory: every activation written by the host
  output logic              flag_we_o,
  output logic [SlotW-1:0]  flag_slot_o,
  output logic [PeW-1:0]    flag_pe_o,
  output logic              flag_o,
  // Command bus
  output logic              cmd_valid_o,
  output logic              cmd_write_o,
  output logic [2:0]        cmd_memory_o,
  output logic [PeW-1:0]    cmd_pe_o,
  output logic [AddrW-1:0]  cmd_addr_o,
  output logic [1:0]        cmd_lane_o,
  output logic [eie_pkg::LaneMaxW-1:0] cmd_wdata_o,
  input  logic              cmd_rvalid_i,
  input  logic [31:0]       cmd_rdata_i
);
  localparam int WordW       = (CODE_W + IDX_W) * ENTRIES_PER_WORD;
  localparam int LaneW       = eie_pkg::lane_w(WordW);
  localparam int PeShift     = eie_pkg::pe_shift(SPMAT_WORDS, WordW, PTR_DEPTH, CODE_W, LAYERS);
  localparam int RegionShift = eie_pkg::region_shift(PeShift, N_PE, ACT_SLOTS, LAYERS);
  localparam int StrideW     = eie_pkg::part_stride_w(WordW);
  // A write is in its memory this many cycles after it was accepted, flags and lanes included.
  localparam int LandCycles  = 12;

  // 0: request as it came. 1: decoded; executed when everything it needs is free.
  logic             valid0_q, write0_q, partial0_q, valid1_q, write1_q, error1_q, gap1_q;
  logic [31:0]      addr0_q, wdata0_q, wdata1_q;
  logic [2:0]       region, region1_q;
  logic [PeW-1:0]   pe, pe1_q;
  logic [AddrW-1:0] word, word1_q;
  logic [1:0]       part, part1_q;
  logic [11:0]      offset, offset1_q;
  logic             high1_q, gap, error, go, ready1;

  assign ready1      = !valid1_q || go;
  assign req_ready_o = !valid0_q || ready1;

  eie_decode #(
    .N_PE(N_PE), .CODE_W(CODE_W), .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS)
  ) u_decode (
    .addr_i(addr0_q), .write_i(write0_q), .region_o(region), .pe_o(pe), .word_o(word), .part_o(part),
    .offset_o(offset), .gap_o(gap), .error_o(error)
  );

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      valid0_q <= 1'b0;
      valid1_q <= 1'b0;
    end else begin
      if (req_ready_o) valid0_q <= req_valid_i;
      if (ready1) valid1_q <= valid0_q;
    end
  always_ff @(posedge clk_i) begin
    if (req_ready_o) begin
      write0_q   <= req_write_i;
      addr0_q    <= req_addr_i;
      wdata0_q   <= req_wdata_i;
      partial0_q <= req_partial_i;
    end
    if (ready1) begin
      write1_q  <= write0_q;
      wdata1_q  <= wdata0_q;
      region1_q <= region;
      pe1_q     <= pe;
      word1_q   <= word;
      part1_q   <= part;
      offset1_q <= offset;
      high1_q   <= addr0_q[2];
      gap1_q    <= gap;
      error1_q  <= error || (write0_q && partial0_q);
    end
  end

  // What the request is.
  logic is_reg, is_desc, is_counter, is_pe_counter, is_spmat, is_far;
  assign is_reg        = region1_q == 3'(eie_regs_pkg::RegionRegister);
  assign is_desc       = region1_q == 3'(eie_regs_pkg::RegionDescriptor);
  assign is_counter    = region1_q == 3'(eie_regs_pkg::RegionCounter);
  assign is_pe_counter = region1_q == 3'(eie_regs_pkg::RegionPeCounter);
  assign is_spmat      = region1_q == 3'(eie_regs_pkg::RegionSpmat);
  assign is_far        = region1_q[2] && !gap1_q;  // regions 4 to 7

  // Registers
  logic [31:0] reg_rdata, reg_q;
  logic        reg_known, reg_writable, ctrl, start, ctrl_bad, reg_bad;
  logic [15:0] program_q;
  logic [1:0]  irq_enable_q;
  always_comb begin
    reg_rdata    = '0;
    reg_known    = 1'b1;
    reg_writable = 1'b0;
    case (offset1_q)
      eie_regs_pkg::RegId:                reg_rdata = eie_regs_pkg::IdWord;
      eie_regs_pkg::RegVersion:           reg_rdata = eie_regs_pkg::VersionWord;
      eie_regs_pkg::RegCtrl: begin
        reg_known    = write1_q;
        reg_writable = 1'b1;
      end
      eie_regs_pkg::RegStatus:            reg_rdata = {16'd0, layers_done_i, 5'd0, fault_i, done_i, busy_i};
      eie_regs_pkg::RegProgram: begin
        reg_rdata    = {16'd0, program_q};
        reg_writable = !busy_i;
      end
      eie_regs_pkg::RegIrqEnable: begin
        reg_rdata    = {30'd0, irq_enable_q};
        reg_writable = 1'b1;
      end
      eie_regs_pkg::RegFault:             reg_rdata = {8'd0, fault_pe_i, fault_descriptor_i, fault_code_i};
      eie_regs_pkg::RegFaultEntry:        reg_rdata = {2'd0, fault_entry_i};
      eie_regs_pkg::RegProgramCycles:     reg_rdata = program_cycles_i[31:0];
      eie_regs_pkg::RegProgramCyclesHigh: reg_rdata = 32'(program_cycles_i[eie_pkg::CounterW-1:32]);
      eie_regs_pkg::RegWindow:            reg_rdata = window_i[31:0];
      eie_regs_pkg::RegWindowHigh:        reg_rdata = 32'(window_i[eie_pkg::CounterW-1:32]);
      eie_regs_pkg::RegNPe:               reg_rdata = 32'(N_PE);
      eie_regs_pkg::RegActQueueDepth:     reg_rdata = 32'(ACT_QUEUE_DEPTH);
      eie_regs_pkg::RegQueueDepth:        reg_rdata = 32'(QUEUE_DEPTH);
      eie_regs_pkg::RegCodeW:             reg_rdata = 32'(CODE_W);
      eie_regs_pkg::RegIdxW:              reg_rdata = 32'(IDX_W);
      eie_regs_pkg::RegEntriesPerWord:    reg_rdata = 32'(ENTRIES_PER_WORD);
      eie_regs_pkg::RegAccW:              reg_rdata = 32'(ACC_W);
      eie_regs_pkg::RegRows:              reg_rdata = 32'(ROWS);
      eie_regs_pkg::RegSpmatWords:        reg_rdata = 32'(SPMAT_WORDS);
      eie_regs_pkg::RegPtrDepth:          reg_rdata = 32'(PTR_DEPTH);
      eie_regs_pkg::RegActSlots:          reg_rdata = 32'(ACT_SLOTS);
      eie_regs_pkg::RegLayers:            reg_rdata = 32'(LAYERS);
      eie_regs_pkg::RegAddress:           reg_rdata = {12'd0, 4'(StrideW),
                                                       8'(RegionShift), 8'(PeShift)};
      default:                            reg_known = 1'b0;
    endcase
  end

  // CTRL takes one bit at a time: START when idle, ABORT when running, CLEAR when idle.
  assign ctrl     = is_reg && write1_q && offset1_q == eie_regs_pkg::RegCtrl;
  assign start    = ctrl && wdata1_q == 32'd1 && !busy_i;
  assign ctrl_bad = !((wdata1_q == 32'd1 && !busy_i) || (wdata1_q == 32'd2 && running_i)
                   || (wdata1_q == 32'd4 && !busy_i));
  assign reg_bad  = !reg_known || (write1_q && !reg_writable) || (ctrl && ctrl_bad);

  logic bad;
  assign bad = error1_q || (is_reg && reg_bad) || (busy_i && (is_desc || region1_q[2]));

  // When it can go. `near` and `far` reads do not overtake each other; lanes of a Spmat word are sent
  // before anything else uses the command bus.
  logic       far_go, near_go, sending, spmat_last, lanes_one, wait_start, far_busy, near_busy;
  logic       near1_q, near2_q;
  logic [4:0] far_reads_q;
  logic [LandCycles-1:0] landing_q;
  assign far_busy   = far_reads_q != '0;
  assign near_busy  = near1_q || near2_q;
  assign wait_start = !start_ready_i || landing_q != '0 || far_busy;
  always_comb begin
    go = valid1_q;
    if (bad || !is_far) begin
      if (!write1_q && far_busy) go = 1'b0;
      if (!bad) begin
        if (start && wait_start) go = 1'b0;
        if (is_counter && saving_i) go = 1'b0;
        if (is_pe_counter && !busy_ready_i) go = 1'b0;
      end
    end else begin
      if (!write1_q && near_busy) go = 1'b0;
      if (sending && !(is_spmat && write1_q && (!spmat_last || lanes_one))) go = 1'b0;
    end
  end
  assign near_go    = go && !write1_q && (bad || !is_far);
  assign far_go     = go && is_far && !bad;
  assign busy_req_o = valid1_q && is_pe_counter && !bad && !far_busy;
  assign busy_pe_o  = pe1_q;

  // Effects
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      program_q    <= '0;
      irq_enable_q <= '0;
    end else if (go && write1_q && is_reg && !bad) begin
      if (offset1_q == eie_regs_pkg::RegProgram) program_q <= wdata1_q[15:0];
      if (offset1_q == eie_regs_pkg::RegIrqEnable) irq_enable_q <= wdata1_q[1:0];
    end
  assign first_o   = program_q[7:0];
  assign count_o   = program_q[15:8];
  assign start_o   = go && !bad && ctrl && wdata1_q[0];
  assign clear_o   = go && !bad && ctrl && wdata1_q[2];
  assign irq_o     = (done_i && irq_enable_q[0]) || (fault_i && irq_enable_q[1]);

  // A write of the program or of a descriptor makes what was read ahead stale, and any access to the
  // descriptors disturbs the reading: it starts again in the next cycle.
  // ABORT is registered too: whether a request can go depends on the layer's end, which ABORT prevents.
  logic refetch_q, abort_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) abort_q <= 1'b0;
    else abort_q <= go && !bad && ctrl && wdata1_q[1];
  assign abort_o = abort_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) refetch_q <= 1'b0;
    else refetch_q <= go && !bad && (is_desc || (write1_q && is_reg && offset1_q == eie_regs_pkg::RegProgram));
  assign refetch_o = refetch_q;

  assign desc_we_o      = go && is_desc && write1_q && !bad;
  assign desc_re_o      = go && is_desc && !write1_q && !bad;
  assign desc_addr_o    = word1_q[DescAddrW-1:0];
  assign desc_wdata_o   = wdata1_q;
  assign counter_re_o   = go && is_counter && !bad;
  assign counter_addr_o = word1_q[DescAddrW-1:0];

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      landing_q   <= '0;
      far_reads_q <= '0;
    end else begin
      landing_q   <= {landing_q[LandCycles-2:0], far_go && write1_q};
      far_reads_q <= far_reads_q + 5'(far_go && !write1_q) - 5'(cmd_rvalid_i);
    end

  // Command bus: lanes first, else the request.
  logic [1:0]       lane;
  logic [LaneW-1:0] lane_data;
  logic [PeW-1:0]   lane_pe;
  logic [AddrW-1:0] lane_addr;
  eie_word_sender #(.WordW(WordW), .TagW(PeW + AddrW)) u_sender (
    .clk_i, .rst_ni, .valid_i(far_go && is_spmat && write1_q), .part_i(part1_q), .data_i(wdata1_q),
    .tag_i({pe1_q, word1_q}), .last_o(spmat_last),
    .valid_o(sending), .last_lane_o(lanes_one), .lane_o(lane), .data_o(lane_data), .tag_o({lane_pe, lane_addr})
  );

  logic cmd_valid_q, cmd_write_q;
  logic [2:0]                   cmd_memory_q;
  logic [PeW-1:0]               cmd_pe_q;
  logic [AddrW-1:0]             cmd_addr_q;
  logic [1:0]                   cmd_lane_q;
  logic [eie_pkg::LaneMaxW-1:0] cmd_wdata_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) cmd_valid_q <= 1'b0;
    else cmd_valid_q <= sending || (far_go && !(is_spmat && write1_q));
  always_ff @(posedge clk_i) begin
    cmd_write_q  <= sending || write1_q;
    cmd_memory_q <= sending ? eie_pkg::MemSpmat : {1'b0, region1_q[1:0]};  // regions 4 to 7 are memories 0 to 3
    cmd_pe_q     <= sending ? lane_pe : pe1_q;
    cmd_addr_q   <= sending ? lane_addr : word1_q;
    cmd_lane_q   <= sending ? lane : part1_q;
    cmd_wdata_q  <= sending ? eie_pkg::LaneMaxW'(lane_data) : eie_pkg::LaneMaxW'(wdata1_q);
  end
  assign cmd_valid_o  = cmd_valid_q;
  assign cmd_write_o  = cmd_write_q;
  assign cmd_memory_o = cmd_memory_q;
  assign cmd_pe_o     = cmd_pe_q;
  assign cmd_addr_o   = cmd_addr_q;
  assign cmd_lane_o   = cmd_lane_q;
  assign cmd_wdata_o  = cmd_wdata_q;

  assign flag_we_o   = cmd_valid_q && cmd_write_q && cmd_memory_q == eie_pkg::MemAct;
  assign flag_slot_o = cmd_addr_q[SlotW-1:0];
  assign flag_pe_o   = cmd_pe_q;
  assign flag_o      = cmd_wdata_q[eie_pkg::ActW-1:0] != '0;

  // Answers. Near reads: 1 registers, memories at work; 2 all data there.
  logic        error1n_q, error2n_q, counter1_q, counter2_q, desc1_q, desc2_q, high1n_q, high2n_q;
  logic [31:0] near_q;
  logic        write_done_q, write_error_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      near1_q      <= 1'b0;
      near2_q      <= 1'b0;
      write_done_q <= 1'b0;
    end else begin
      near1_q      <= near_go;
      near2_q      <= near1_q;
      write_done_q <= go && write1_q;
    end
  always_ff @(posedge clk_i) begin
    write_error_q <= bad;
    error1n_q     <= bad;
    error2n_q     <= error1n_q;
    desc1_q       <= is_desc;
    desc2_q       <= desc1_q;
    counter1_q    <= is_counter;
    counter2_q    <= counter1_q;
    high1n_q      <= high1_q;
    high2n_q      <= high1n_q;
    reg_q         <= is_reg ? reg_rdata
                   : !is_pe_counter ? '0
                   : high1_q ? 32'(busy_count_i[eie_pkg::CounterW-1:32]) : busy_count_i[31:0];
    near_q        <= reg_q;
  end

  logic [31:0] near_data;
  assign near_data = error2n_q  ? '0
                   : desc2_q    ? desc_rdata_i
                   : counter2_q ? (high2n_q ? 32'(counter_rdata_i[eie_pkg::CounterW-1:32]) : counter_rdata_i[31:0])
                   : near_q;

  assign write_done_o  = write_done_q;
  assign write_error_o = write_error_q;
  assign read_done_o   = near2_q || cmd_rvalid_i;
  assign read_error_o  = near2_q && error2n_q;
  assign read_data_o   = near2_q ? near_data : cmd_rdata_i;

  `EIE_ASSERT(AnswersNeverMeet_A, !(near2_q && cmd_rvalid_i))
  `EIE_ASSERT(NoCommandWhileBusy_A, !(cmd_valid_q && running_i))
endmodule
