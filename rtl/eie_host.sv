// SPDX-License-Identifier: Apache-2.0
// Host side: executes the requests of eie_axil, in order. Registers, descriptors and counters are near
// (answer two cycles later, a read's three), the memories of the PEs are far (through the command bus and the tree).
// Reads are answered in order because a read of one kind waits until those of the other are out.
// Held before they are accepted: START until the first descriptor has been read and earlier writes have
// landed, counters and their sums while they are being saved, the counter of a PE until its turn, everything
// in the two cycles after a write of CTRL, in which it takes effect. Everything illegal answers with an error
// and changes nothing. docs/registers.md.
// HELD 1, for the front of that name: one request at a time, which stays at the inputs until req_ready_o, in the
// cycle of its answer. Address, data and answers have no registers here, and the command bus is driven at once.
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
  parameter int HELD             = 0,
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
  // A Spmat word of one part needs no sender where the bus is driven at once.
  localparam int Sender      = (HELD == 0 || eie_pkg::word_parts(WordW) > 1) ? 1 : 0;

  // The request as it came (0), and decoded (1); executed when everything it needs is free.
  logic             valid, ready1, goes, go, outside, outside0, ctrl_one, ctrl_one0, write0, write1, high1, gap, error;
  logic [31:0]      addr0, wdata0, wdata1;
  logic [2:0]       region, region1;
  logic [PeW-1:0]   pe, pe1;
  logic [AddrW-1:0] word, word1;
  logic [1:0]       part, part1;
  logic [7:0]       past, past0;
  logic [6:0]       offset, offset1;

  // Which regions the address would be past is known before it is told which it is of.
  eie_decode_range #(
    .N_PE(N_PE), .CODE_W(CODE_W), .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS)
  ) u_range (.addr_i(req_addr_i[RegionShift-1:0]), .past_o(past));
  eie_decode #(
    .N_PE(N_PE), .CODE_W(CODE_W), .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS)
  ) u_decode (
    .addr_i(addr0), .write_i(write0), .past_i(past0), .region_o(region), .pe_o(pe), .word_o(word), .part_o(part),
    .offset_o(offset), .gap_o(gap), .error_o(error)
  );

  // What the request is, as far as its address and data tell; some of it as it comes, the rest decided with the
  // decoding. An error: no such place, a register that cannot be written, a CTRL that does not have exactly one of its
  // bits. 0x00 to 0x2C are live registers, 0x40 to 0x70 constants.
  localparam int Judgements = 13;
  logic is_reg0, known0, writable0, ctrl0, program0, enable0, far0, desc0, collected0;
  logic error1, idle1, run1, start, is_ctrl, is_program, is_enable, saved, is_pe_counter, is_far, is_desc, collected;
  logic spmat_last;
  logic [Judgements-1:0] judged0, judged1;
  assign is_reg0  = region == 3'(eie_regs_pkg::RegionRegister);
  assign ctrl0    = is_reg0 && write0 && offset == eie_regs_pkg::RegCtrl[6:0];
  assign program0 = is_reg0 && write0 && offset == eie_regs_pkg::RegProgram[6:0];
  assign enable0  = is_reg0 && write0 && offset == eie_regs_pkg::RegIrqEnable[6:0];
  always_comb begin
    known0 = offset[5:0] <= eie_regs_pkg::RegWindowHigh[5:0] && (write0 || offset != eie_regs_pkg::RegCtrl[6:0]);
    if (offset[6]) known0 = offset[5:0] <= eie_regs_pkg::RegAddress[5:0];
    writable0 = (ctrl0 && ctrl_one0) || program0 || enable0;
  end
  // idle1: needs the array idle: START, CLEAR, the program, descriptors, memories. run1: needs it at work: ABORT. start:
  // where it is no error.
  // saved: counters and sums that are made at the end of a layer. collected: parts of a Spmat word; spmat_last: the last.
  assign outside    = (req_addr_i >> (RegionShift + 3)) != '0 || req_addr_i[1:0] != '0 || (req_write_i && req_partial_i);
  assign ctrl_one   = req_wdata_i[31:3] == '0
                   && (req_wdata_i[2:0] == 3'd1 || req_wdata_i[2:0] == 3'd2 || req_wdata_i[2:0] == 3'd4);
  assign far0       = region[2] && !gap;  // regions 4 to 7
  assign desc0      = region == 3'(eie_regs_pkg::RegionDescriptor);
  assign collected0 = Sender != 0 && region == 3'(eie_regs_pkg::RegionSpmat) && far0 && write0;
  assign judged0 = {
    outside0 || error || (is_reg0 && (!known0 || (write0 && !writable0))),
    (ctrl0 && !wdata0[1]) || program0 || desc0 || region[2],
    ctrl0 && wdata0[1],
    ctrl0 && wdata0[0],
    ctrl0,
    program0,
    enable0,
    region == 3'(eie_regs_pkg::RegionCounter) || (is_reg0 && offset[6:4] == eie_regs_pkg::RegProgramCycles[6:4]),
    region == 3'(eie_regs_pkg::RegionPeCounter),
    far0,
    desc0,
    collected0,
    collected0 && 32'(part) == eie_pkg::word_parts(WordW) - 1
  };
  assign {error1, idle1, run1, start, is_ctrl, is_program, is_enable, saved, is_pe_counter, is_far, is_desc, collected,
          spmat_last} = judged1;

  logic near_done;       // a near answer, in its cycle
  logic gone;            // the request is on its way to its answer
  if (HELD != 0) begin : g_held
    // What stands at the inputs is decoded in the second cycle, whether it is a write from a register.
    logic                  gone_q, seen_q, valid1_q, write_q;
    logic [Judgements-1:0] judged_q;
    assign ready1      = !valid1_q;
    assign valid       = valid1_q;
    assign req_ready_o = near_done || cmd_rvalid_i;
    assign gone        = gone_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) begin
        seen_q   <= 1'b0;
        valid1_q <= 1'b0;
        gone_q   <= 1'b0;
      end else begin
        seen_q   <= req_valid_i && !req_ready_o;
        valid1_q <= seen_q && !req_ready_o;
        gone_q   <= (gone_q || goes) && !req_ready_o;
      end
    always_ff @(posedge clk_i) write_q <= req_write_i;
    always_ff @(posedge clk_i) if (ready1) judged_q <= judged0;
    assign judged1 = judged_q;
    assign {write0, addr0, wdata0, outside0, ctrl_one0} = {write_q, req_addr_i, req_wdata_i, outside, ctrl_one};
    assign past0                             = past;
    assign {write1, wdata1}                  = {write_q, req_wdata_i};
    logic unused_wdata;
    assign unused_wdata = ^wdata0;
    assign {region1, pe1, word1, part1, offset1, high1} = {region, pe, word, part, offset, addr0[2]};
  end else begin : g_stages
    // Both stages are register slices: whether a request goes reaches no further than the one it waits in.
    localparam int DecodedW = 1 + 32 + 3 + PeW + AddrW + 2 + 7 + 1 + Judgements;
    logic valid0;
    assign gone = 1'b0;
    eie_skid #(.Width(75)) u_request (
      .clk_i, .rst_ni, .valid_i(req_valid_i), .ready_o(req_ready_o),
      .data_i({req_write_i, req_addr_i, req_wdata_i, outside, ctrl_one, past}),
      .valid_o(valid0), .ready_i(ready1), .data_o({write0, addr0, wdata0, outside0, ctrl_one0, past0})
    );
    eie_skid #(.Width(DecodedW)) u_decoded (
      .clk_i, .rst_ni, .valid_i(valid0), .ready_o(ready1),
      .data_i({write0, wdata0, region, pe, word, part, offset, addr0[2], judged0}),
      .valid_o(valid), .ready_i(go),
      .data_o({write1, wdata1, region1, pe1, word1, part1, offset1, high1, judged1})
    );
  end

  // Bits 5 to 2 of the offset tell one register of a kind from another. Nobody looks where no register is.
  logic [31:0] live, sums, constant;
  logic [6:0]  constant_offset;
  logic [15:0] program_q;
  logic [1:0]  irq_enable_q;
  always_comb begin
    live = '0;
    case ({7'd0, offset1[4:0] & 5'h1C})
      eie_regs_pkg::RegId:                live = eie_regs_pkg::IdWord;
      eie_regs_pkg::RegVersion:           live = eie_regs_pkg::VersionWord;
      eie_regs_pkg::RegStatus:            live = {16'd0, layers_done_i, 5'd0, fault_i, done_i, busy_i};
      eie_regs_pkg::RegProgram:           live = {16'd0, program_q};
      eie_regs_pkg::RegIrqEnable:         live = {30'd0, irq_enable_q};
      eie_regs_pkg::RegFault:             live = {8'd0, fault_pe_i, fault_descriptor_i, fault_code_i};
      eie_regs_pkg::RegFaultEntry:        live = {2'd0, fault_entry_i};
      default:                            ;
    endcase
    case ({8'd2, offset1[3:0] & 4'hC})
      eie_regs_pkg::RegProgramCycles:     sums = program_cycles_i[31:0];
      eie_regs_pkg::RegProgramCyclesHigh: sums = 32'(program_cycles_i[eie_pkg::CounterW-1:32]);
      eie_regs_pkg::RegWindow:            sums = window_i[31:0];
      default:                            sums = 32'(window_i[eie_pkg::CounterW-1:32]);
    endcase
    constant = '0;
    case ({5'd0, constant_offset})
      eie_regs_pkg::RegNPe:               constant = 32'(N_PE);
      eie_regs_pkg::RegActQueueDepth:     constant = 32'(ACT_QUEUE_DEPTH);
      eie_regs_pkg::RegQueueDepth:        constant = 32'(QUEUE_DEPTH);
      eie_regs_pkg::RegCodeW:             constant = 32'(CODE_W);
      eie_regs_pkg::RegIdxW:              constant = 32'(IDX_W);
      eie_regs_pkg::RegEntriesPerWord:    constant = 32'(ENTRIES_PER_WORD);
      eie_regs_pkg::RegAccW:              constant = 32'(ACC_W);
      eie_regs_pkg::RegRows:              constant = 32'(ROWS);
      eie_regs_pkg::RegSpmatWords:        constant = 32'(SPMAT_WORDS);
      eie_regs_pkg::RegPtrDepth:          constant = 32'(PTR_DEPTH);
      eie_regs_pkg::RegActSlots:          constant = 32'(ACT_SLOTS);
      eie_regs_pkg::RegLayers:            constant = 32'(LAYERS);
      eie_regs_pkg::RegAddress:           constant = {12'd0, 4'(StrideW), 8'(RegionShift), 8'(PeShift)};
      default:                            ;
    endcase
  end

  // What the request is worth now, and whether it can go. Busy and running are those of the cycle before; after a
  // START nothing goes until they tell of it. `near` and `far` reads do not overtake each other; lanes of a Spmat
  // word are sent before anything else uses the command bus. That a START can go is seen while it waits, a cycle before:
  // nothing goes in between.
  logic       wrong, bad, busy_q, running_q;
  logic       far_go, near_go, sending, lanes_more, far_busy, near_busy, refetch_q;
  logic       near1_q, near2_q, start_ok_q, start_q, clear_q, ctrl2_q, settling_q;
  logic [3:0] landing_q;  // cycles until the last write has landed
  logic       stalled, held_back;
  always_ff @(posedge clk_i)
    if (!rst_ni) {busy_q, running_q} <= 2'b10;
    else {busy_q, running_q} <= {busy_i, running_i};
  assign wrong     = error1 || (idle1 && busy_q) || (run1 && !running_q);
  assign near_busy = near1_q || near2_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) start_ok_q <= 1'b0;
    else start_ok_q <= valid && start && !settling_q && start_ready_i && landing_q == '0 && !refetch_q && !far_busy;
  // stalled: whatever it is worth; held_back: if it is right.
  assign stalled   = settling_q || (!is_far && !write1 && far_busy) || (saved && saving_i)
                   || (is_pe_counter && !busy_ready_i);
  assign held_back = is_far ? (!write1 && near_busy) || (collected ? spmat_last && lanes_more : sending)
                            : start && !start_ok_q;
  assign goes = valid && !gone && !stalled && (wrong ? write1 || !far_busy : !held_back);
  assign busy_req_o = valid && !gone && is_pe_counter && !far_busy;
  assign busy_pe_o  = pe1;

  // A request that is held gives time for a register: it goes a cycle after it could.
  if (HELD != 0) begin : g_later
    logic go_q, bad_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) go_q <= 1'b0;
      else go_q <= goes;
    always_ff @(posedge clk_i) if (goes) bad_q <= wrong;
    assign go  = go_q;
    assign bad = bad_q;
  end else begin : g_at_once
    assign go  = goes;
    assign bad = wrong;
  end
  assign near_go = go && !write1 && (bad || !is_far);
  assign far_go  = go && is_far && !bad;

  // Effects
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      program_q    <= '0;
      irq_enable_q <= '0;
    end else if (go && !bad) begin
      if (is_program) program_q <= wdata1[15:0];
      if (is_enable) irq_enable_q <= wdata1[1:0];
    end
  assign first_o   = program_q[7:0];
  assign count_o   = program_q[15:8];
  assign irq_o     = (done_i && irq_enable_q[0]) || (fault_i && irq_enable_q[1]);

  // CTRL acts a cycle later. Nothing goes in the two cycles after it, so what was true of the CCU still is,
  // and what comes next sees its effect.
  logic abort_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) {start_q, clear_q, abort_q, ctrl2_q, settling_q} <= '0;
    else begin
      start_q    <= go && !bad && start;
      abort_q    <= go && !bad && is_ctrl && wdata1[1];
      clear_q    <= go && !bad && is_ctrl && wdata1[2];
      ctrl2_q    <= go && is_ctrl;
      settling_q <= (go && is_ctrl) || ctrl2_q;
    end
  assign start_o = start_q;
  assign clear_o = clear_q;
  assign abort_o = abort_q;

  // A write of the program or of a descriptor makes what was read ahead stale, and any access to the
  // descriptors, a refused one too, disturbs the reading: it starts again in the next cycle.
  always_ff @(posedge clk_i)
    if (!rst_ni) refetch_q <= 1'b0;
    else refetch_q <= go && (is_desc || (is_program && !bad));
  assign refetch_o = refetch_q;

  // A descriptor is read while its request waits, and for one that writes or is wrong, too: that spoils nothing which the
  // refetch does not mend.
  assign desc_we_o      = go && is_desc && write1 && !bad;
  assign desc_re_o      = valid && !(gone && !go) && is_desc && !busy_q && !settling_q;
  assign desc_addr_o    = word1[DescAddrW-1:0];
  assign desc_wdata_o   = wdata1;
  assign counter_addr_o = word1[DescAddrW-1:0];

  always_ff @(posedge clk_i)
    if (!rst_ni) landing_q <= '0;
    else if (far_go && write1) landing_q <= 4'(LandCycles);
    else if (landing_q != '0) landing_q <= landing_q - 1'b1;
  if (HELD != 0) begin : g_alone
    assign far_busy = 1'b0;  // a request that could wait for a far read comes after its answer
  end else begin : g_far
    // Counted a cycle after it went, long before its answer; far_busy_q knows at once.
    logic [4:0] far_reads_q;
    logic       far_busy_q, far_read, far_read_q;
    assign far_read = far_go && !write1;
    always_ff @(posedge clk_i)
      if (!rst_ni) begin
        far_reads_q <= '0;
        far_read_q  <= 1'b0;
        far_busy_q  <= 1'b0;
      end else begin
        far_reads_q <= far_reads_q + 5'(far_read_q) - 5'(cmd_rvalid_i);
        far_read_q  <= far_read;
        far_busy_q  <= far_read || far_read_q || far_reads_q > 5'd1 || (far_reads_q == 5'd1 && !cmd_rvalid_i);
      end
    `EIE_ASSERT(FarBusyIsKnown_A, far_busy_q == (far_read_q || far_reads_q != '0))
    assign far_busy = far_busy_q;
  end

  // Command bus: lanes first, else the request.
  logic [1:0]       lane;
  logic [LaneW-1:0] lane_data;
  logic [PeW-1:0]   lane_pe;
  logic [AddrW-1:0] lane_addr;
  if (Sender == 0) begin : g_one_part
    assign {sending, lanes_more, lane} = '0;
    assign {lane_data, lane_pe, lane_addr} = '0;
  end else begin : g_sender
    eie_word_sender #(.WordW(WordW), .TagW(PeW + AddrW)) u_sender (
      .clk_i, .rst_ni, .valid_i(valid && collected && !(gone ? bad : wrong)),
      .take_i(far_go && collected), .part_i(part1), .last_i(spmat_last), .data_i(wdata1), .tag_i({pe1, word1}),
      .valid_o(sending), .more_o(lanes_more), .lane_o(lane), .data_o(lane_data), .tag_o({lane_pe, lane_addr})
    );
  end

  logic cmd_valid, cmd_write;
  logic [2:0]                   cmd_memory;
  logic [PeW-1:0]               cmd_pe;
  logic [AddrW-1:0]             cmd_addr;
  logic [1:0]                   cmd_lane;
  logic [eie_pkg::LaneMaxW-1:0] cmd_wdata;
  assign cmd_valid  = sending || (far_go && !collected);
  assign cmd_write  = sending || write1;
  assign cmd_memory = sending ? eie_pkg::MemSpmat : {1'b0, region1[1:0]};  // regions 4 to 7 are memories 0 to 3
  assign cmd_pe     = sending ? lane_pe : pe1;
  assign cmd_addr   = sending ? lane_addr : word1;
  assign cmd_lane   = sending ? lane : part1;
  assign cmd_wdata  = sending ? eie_pkg::LaneMaxW'(lane_data) : eie_pkg::LaneMaxW'(wdata1);
  if (HELD != 0) begin : g_bus
    assign {cmd_valid_o, cmd_write_o, cmd_memory_o, cmd_pe_o, cmd_addr_o, cmd_lane_o, cmd_wdata_o}
         = {cmd_valid, cmd_write, cmd_memory, cmd_pe, cmd_addr, cmd_lane, cmd_wdata};
  end else begin : g_bus_q
    logic cmd_valid_q, cmd_write_q;
    logic [2:0]                   cmd_memory_q;
    logic [PeW-1:0]               cmd_pe_q;
    logic [AddrW-1:0]             cmd_addr_q;
    logic [1:0]                   cmd_lane_q;
    logic [eie_pkg::LaneMaxW-1:0] cmd_wdata_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) cmd_valid_q <= 1'b0;
      else cmd_valid_q <= cmd_valid;
    always_ff @(posedge clk_i)
      {cmd_write_q, cmd_memory_q, cmd_pe_q, cmd_addr_q, cmd_lane_q, cmd_wdata_q}
        <= {cmd_write, cmd_memory, cmd_pe, cmd_addr, cmd_lane, cmd_wdata};
    assign {cmd_valid_o, cmd_write_o, cmd_memory_o, cmd_pe_o, cmd_addr_o, cmd_lane_o, cmd_wdata_o}
         = {cmd_valid_q, cmd_write_q, cmd_memory_q, cmd_pe_q, cmd_addr_q, cmd_lane_q, cmd_wdata_q};
  end

  assign flag_we_o   = cmd_valid_o && cmd_write_o && cmd_memory_o == eie_pkg::MemAct;
  assign flag_slot_o = cmd_addr_o[SlotW-1:0];
  assign flag_pe_o   = cmd_pe_o;
  assign flag_o      = cmd_wdata_o[eie_pkg::ActW-1:0] != '0;

  // Answers. Near: 1 memories at work; 2 all data there.
  logic [31:0] near_data, busy_data;
  assign busy_data = high1 ? 32'(busy_count_i[eie_pkg::CounterW-1:32]) : busy_count_i[31:0];
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      near1_q <= 1'b0;
      near2_q <= 1'b0;
    end else begin
      near1_q <= (HELD != 0) ? go && !(far_go && !write1) : near_go;
      near2_q <= near1_q;
    end
  if (HELD != 0) begin : g_answer
    // The count of a PE is there in the cycle in which it goes, if not in every cycle.
    localparam int Turns = (N_PE > 2) ? 1 : 0;
    logic [31:0] count_q, reg_q;
    always_ff @(posedge clk_i) begin
      reg_q <= offset1[6] ? constant : offset1[5] ? sums : live;
      if (goes || Turns == 0) count_q <= busy_data;
    end
    always_comb
      case (region1[1:0])
        2'(eie_regs_pkg::RegionRegister):   near_data = reg_q;
        2'(eie_regs_pkg::RegionDescriptor): near_data = desc_rdata_i;
        2'(eie_regs_pkg::RegionCounter):    near_data = high1 ? 32'(counter_rdata_i[eie_pkg::CounterW-1:32])
                                                              : counter_rdata_i[31:0];
        default:                            near_data = count_q;
      endcase
    assign constant_offset = offset1;
    assign near_done       = near2_q;
    assign write_done_o  = near2_q && write1;
    assign write_error_o = bad;
    assign read_done_o   = (near2_q && !write1) || cmd_rvalid_i;
    assign read_error_o  = bad;
    assign read_data_o   = (is_far && !bad ? cmd_rdata_i : '0) | (!region1[2] && !bad ? near_data : '0);
    logic unused_go;
    assign unused_go = near_go;
  end else begin : g_answer_q
    // A register that changes is read in the cycle in which the request goes, a constant a cycle later.
    logic        is_counter, error1n_q, error2n_q, counter1_q, counter2_q, desc1_q, desc2_q, high1n_q, high2n_q, reg1n_q;
    logic [31:0] live_q, sums_q, near_q, read_data_q;
    logic [6:0]  offset2_q;
    logic        is_reg;
    assign is_reg     = region1 == 3'(eie_regs_pkg::RegionRegister);
    assign is_counter = region1 == 3'(eie_regs_pkg::RegionCounter);
    logic        write_done_q, write_error_q, read_done_q, read_error_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) {write_done_q, read_done_q} <= '0;
      else {write_done_q, read_done_q} <= {go && write1, near_done || cmd_rvalid_i};
    always_ff @(posedge clk_i) begin
      write_error_q <= bad;
      error1n_q     <= bad;
      error2n_q     <= error1n_q;
      desc1_q       <= is_desc;
      desc2_q       <= desc1_q;
      counter1_q    <= is_counter;
      counter2_q    <= counter1_q;
      high1n_q      <= high1;
      high2n_q      <= high1n_q;
      reg1n_q       <= is_reg;
      offset2_q     <= offset1;
      live_q        <= live;
      sums_q        <= is_pe_counter ? busy_data : sums;
      near_q        <= reg1n_q && offset2_q[6] ? constant : reg1n_q && !offset2_q[5] ? live_q : sums_q;
      read_error_q  <= near_done && error2n_q;
      read_data_q   <= near_done ? near_data : cmd_rdata_i;
    end
    assign constant_offset = offset2_q;
    assign near_data = error2n_q  ? '0
                     : desc2_q    ? desc_rdata_i
                     : counter2_q ? (high2n_q ? 32'(counter_rdata_i[eie_pkg::CounterW-1:32]) : counter_rdata_i[31:0])
                     : near_q;
    assign near_done     = near2_q;
    assign write_done_o  = write_done_q;
    assign write_error_o = write_error_q;
    assign read_done_o   = read_done_q;
    assign read_error_o  = read_error_q;
    assign read_data_o   = read_data_q;
  end

  `EIE_ASSERT(AnswersNeverMeet_A, !(near_done && cmd_rvalid_i))
  `EIE_ASSERT(NoCommandWhileBusy_A, !(cmd_valid_o && running_i))
endmodule
