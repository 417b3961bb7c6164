// SPDX-License-Identifier: Apache-2.0
// EIE: sparse, weight-shared matrix-vector engine with N_PE processing elements. One clock, synchronous
// active-low reset, one 32-bit AXI4-Lite slave, one interrupt. How to use it: docs/integration.md; what a
// host can address: docs/registers.md. The parameters are the keys of rtl/configs/*.cfg.
module eie_top #(
  parameter int N_PE             = 16,    // processing elements, a power of two, 1 to 256
  parameter int ACT_QUEUE_DEPTH  = 16,    // broadcasts a PE can hold before its work queue
  parameter int QUEUE_DEPTH      = 32,    // places of the work queue
  parameter int CODE_W           = 4,     // bits of a code: 4 or 8
  parameter int IDX_W            = 5,     // bits of a run: 4 to 8
  parameter int ENTRIES_PER_WORD = 8,     // entries of a Spmat word: 1, 2, 4 or 8
  parameter int ACC_W            = 32,    // bits of an accumulator: 32 to 48
  parameter int ROWS             = 256,   // accumulators of a PE
  parameter int SPMAT_WORDS      = 512,   // Spmat words of a PE
  parameter int PTR_DEPTH        = 2048,  // pointer places of a PE, both banks; biases are here too
  parameter int ACT_SLOTS        = 512,   // activations of a PE
  parameter int LAYERS           = 4,     // layer descriptors, and codebooks
  parameter int TECH             = 0      // memories and multiplier: 0 inferred, 1 ECP5, 2 iCE40 UP5K, 3 Gowin
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // AXI4-Lite slave
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
  // Interrupt, level
  output logic        irq_o
);
  localparam int PeW       = eie_pkg::index_w(N_PE);
  localparam int PlaceW    = eie_pkg::index_w(PTR_DEPTH);
  localparam int RowsW     = $clog2(ROWS + 1);
  localparam int BookW     = eie_pkg::index_w(LAYERS);
  localparam int SlotW     = eie_pkg::index_w(ACT_SLOTS);
  localparam int SumW      = $clog2(N_PE + 1);
  localparam int AddrW     = eie_pkg::cmd_addr_w(SPMAT_WORDS, PTR_DEPTH, CODE_W, LAYERS, ACT_SLOTS);
  localparam int DescAddrW = $clog2(LAYERS) + 3;
  localparam int Held      = eie_pkg::compact(TECH);

  // The same rules as eie_config_check in C.
  initial begin
    if (N_PE < 1 || N_PE > 256 || 2 ** $clog2(N_PE) != N_PE)
      $fatal(1, "N_PE (%0d) must be a power of two from 1 to 256", N_PE);
    if (ACT_QUEUE_DEPTH < 2 || ACT_QUEUE_DEPTH > 64)
      $fatal(1, "ACT_QUEUE_DEPTH (%0d) must be 2 to 64", ACT_QUEUE_DEPTH);
    if (QUEUE_DEPTH < 2 || QUEUE_DEPTH > 256) $fatal(1, "QUEUE_DEPTH (%0d) must be 2 to 256", QUEUE_DEPTH);
    if (CODE_W != 4 && CODE_W != 8) $fatal(1, "CODE_W (%0d) must be 4 or 8", CODE_W);
    if (IDX_W < 4 || IDX_W > 8) $fatal(1, "IDX_W (%0d) must be 4 to 8", IDX_W);
    if (ENTRIES_PER_WORD != 1 && ENTRIES_PER_WORD != 2 && ENTRIES_PER_WORD != 4 && ENTRIES_PER_WORD != 8)
      $fatal(1, "ENTRIES_PER_WORD (%0d) must be 1, 2, 4 or 8", ENTRIES_PER_WORD);
    if (ACC_W < 32 || ACC_W > 48) $fatal(1, "ACC_W (%0d) must be 32 to 48", ACC_W);
    if (ROWS < 2 || ROWS > 4096) $fatal(1, "ROWS (%0d) must be 2 to 4096", ROWS);
    if (SPMAT_WORDS < 2 || SPMAT_WORDS > 65536)
      $fatal(1, "SPMAT_WORDS (%0d) must be 2 to 65536", SPMAT_WORDS);
    if (SPMAT_WORDS * ENTRIES_PER_WORD < N_PE)
      $fatal(1, "SPMAT_WORDS x ENTRIES_PER_WORD (%0d) must be at least N_PE (%0d)",
             SPMAT_WORDS * ENTRIES_PER_WORD, N_PE);
    if (PTR_DEPTH % 2 != 0 || PTR_DEPTH < N_PE + 4 || PTR_DEPTH > 131072)
      $fatal(1, "PTR_DEPTH (%0d) must be even, at least N_PE + 4 (%0d) and at most 131072", PTR_DEPTH, N_PE + 4);
    if (ACT_SLOTS < 2 || ACT_SLOTS > 32768 || ACT_SLOTS * N_PE > 2 ** 24)
      $fatal(1, "ACT_SLOTS (%0d) must be 2 to 32768 and ACT_SLOTS x N_PE at most 2^24", ACT_SLOTS);
    if (LAYERS < 1 || LAYERS > 64) $fatal(1, "LAYERS (%0d) must be 1 to 64", LAYERS);
    if (TECH < 0 || TECH > 3) $fatal(1, "TECH (%0d) must be 0 to 3", TECH);
  end

  // Host
  logic        req_valid, req_ready, req_write, req_partial;
  logic        write_done, write_error, read_done, read_error;
  logic [31:0] req_addr, req_wdata, read_data;
  eie_axil #(.HELD(Held)) u_axil (
    .clk_i, .rst_ni,
    .axil_awvalid_i, .axil_awready_o, .axil_awaddr_i, .axil_wvalid_i, .axil_wready_o, .axil_wdata_i,
    .axil_wstrb_i, .axil_bvalid_o, .axil_bready_i, .axil_bresp_o, .axil_arvalid_i, .axil_arready_o,
    .axil_araddr_i, .axil_rvalid_o, .axil_rready_i, .axil_rdata_o, .axil_rresp_o,
    .req_valid_o(req_valid), .req_ready_i(req_ready), .req_write_o(req_write), .req_addr_o(req_addr),
    .req_wdata_o(req_wdata), .req_partial_o(req_partial),
    .write_done_i(write_done), .write_error_i(write_error),
    .read_done_i(read_done), .read_error_i(read_error), .read_data_i(read_data)
  );

  logic             start, start_ready, abort, clear, refetch, busy, running, done, fault, host_rvalid;
  logic [7:0]       first, count, fault_code, fault_descriptor, fault_pe, layers_done;
  logic [29:0]      fault_entry;
  logic             desc_we, desc_re, saving, busy_req, busy_ready;
  logic [DescAddrW-1:0] desc_addr, counter_addr;
  logic [31:0]      desc_wdata, desc_rdata;
  logic [eie_pkg::CounterW-1:0] counter_rdata, program_cycles, window, busy_count;
  logic [PeW-1:0]   busy_pe, flag_pe;
  logic             flag_we, flag;
  logic [SlotW-1:0] flag_slot;
  logic             host_cmd_valid, host_cmd_write, cmd_rvalid;
  logic [2:0]       host_cmd_memory;
  logic [PeW-1:0]   host_cmd_pe;
  logic [AddrW-1:0] host_cmd_addr;
  logic [1:0]       host_cmd_lane;
  logic [eie_pkg::LaneMaxW-1:0] host_cmd_wdata;
  logic [31:0]      cmd_rdata;
  eie_host #(
    .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH), .CODE_W(CODE_W),
    .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .ACC_W(ACC_W), .ROWS(ROWS),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .HELD(Held)
  ) u_host (
    .clk_i, .rst_ni,
    .req_valid_i(req_valid), .req_ready_o(req_ready), .req_write_i(req_write), .req_addr_i(req_addr),
    .req_wdata_i(req_wdata), .req_partial_i(req_partial),
    .write_done_o(write_done), .write_error_o(write_error),
    .read_done_o(read_done), .read_error_o(read_error), .read_data_o(read_data),
    .start_o(start), .start_ready_i(start_ready), .abort_o(abort), .clear_o(clear), .refetch_o(refetch),
    .first_o(first), .count_o(count), .busy_i(busy), .running_i(running), .done_i(done), .fault_i(fault),
    .fault_code_i(fault_code), .fault_descriptor_i(fault_descriptor), .fault_pe_i(fault_pe),
    .fault_entry_i(fault_entry), .layers_done_i(layers_done), .irq_o,
    .desc_we_o(desc_we), .desc_re_o(desc_re), .desc_addr_o(desc_addr),
    .desc_wdata_o(desc_wdata), .desc_rdata_i(desc_rdata),
    .saving_i(saving), .counter_addr_o(counter_addr),
    .counter_rdata_i(counter_rdata), .program_cycles_i(program_cycles), .window_i(window),
    .busy_req_o(busy_req), .busy_pe_o(busy_pe), .busy_ready_i(busy_ready), .busy_count_i(busy_count),
    .flag_we_o(flag_we), .flag_slot_o(flag_slot), .flag_pe_o(flag_pe), .flag_o(flag),
    .cmd_valid_o(host_cmd_valid), .cmd_write_o(host_cmd_write), .cmd_memory_o(host_cmd_memory),
    .cmd_pe_o(host_cmd_pe), .cmd_addr_o(host_cmd_addr), .cmd_lane_o(host_cmd_lane),
    .cmd_wdata_o(host_cmd_wdata), .cmd_rvalid_i(host_rvalid), .cmd_rdata_i(cmd_rdata)
  );

  // Control
  logic              program_start, layer_start, layer_end, fire, full;
  logic [BookW-1:0]  descriptor, codebook;
  logic              flags_re, flags_oe, flags_we;
  logic [SlotW-1:0]  flags_slot, flags_wslot, out_base, read_slot;
  logic [N_PE-1:0]   flags, nonzero;
  logic              flush, col_valid, col_wb, pe_layer_start, wb_write, wb_clear, relu;
  logic [PlaceW-1:0] col_place;
  logic [RowsW-1:0]  rows;
  logic [eie_pkg::ShiftW-1:0] shift;
  logic              read_act, read_fault, credit, active, pe_fault, row_done, find_rvalid;
  logic [PeW-1:0]    read_pe;
  assign host_rvalid = cmd_rvalid && !running;
  assign find_rvalid = cmd_rvalid && running;
  eie_ccu #(
    .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .ROWS(ROWS), .PTR_DEPTH(PTR_DEPTH),
    .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH),
    .ENTRY_W(eie_pkg::ptr_w(SPMAT_WORDS, ENTRIES_PER_WORD))
  ) u_ccu (
    .clk_i, .rst_ni,
    .start_i(start), .start_ready_o(start_ready), .abort_i(abort), .clear_i(clear), .refetch_i(refetch),
    .first_i(first), .count_i(count), .busy_o(busy), .running_o(running), .done_o(done), .fault_o(fault),
    .fault_code_o(fault_code), .fault_descriptor_o(fault_descriptor), .fault_pe_o(fault_pe),
    .fault_entry_o(fault_entry), .layers_done_o(layers_done),
    .program_start_o(program_start), .layer_start_o(layer_start), .layer_end_o(layer_end),
    .descriptor_o(descriptor), .fire_o(fire), .full_o(full),
    .flags_re_o(flags_re), .flags_oe_o(flags_oe), .flags_slot_o(flags_slot), .flags_i(flags),
    .flags_we_o(flags_we), .flags_wslot_o(flags_wslot),
    .flush_o(flush), .col_valid_o(col_valid), .col_wb_o(col_wb), .col_place_o(col_place),
    .pe_layer_start_o(pe_layer_start), .rows_o(rows), .codebook_o(codebook), .wb_write_o(wb_write),
    .wb_clear_o(wb_clear), .out_base_o(out_base), .shift_o(shift), .relu_o(relu),
    .read_act_o(read_act), .read_slot_o(read_slot), .read_pe_o(read_pe), .read_fault_o(read_fault),
    .read_fault_valid_i(find_rvalid), .read_rdata_i(cmd_rdata),
    .credit_i(credit), .active_i(active), .pe_fault_i(pe_fault), .row_done_i(row_done),
    .desc_we_i(desc_we), .desc_re_i(desc_re), .desc_addr_i(desc_addr),
    .desc_wdata_i(desc_wdata), .desc_rdata_o(desc_rdata)
  );

  eie_act_flags #(.N_PE(N_PE), .ACT_SLOTS(ACT_SLOTS), .TECH(TECH), .HELD(Held)) u_act_flags (
    .clk_i, .rst_ni, .re_i(flags_re), .oe_i(flags_oe), .slot_i(flags_slot), .flags_o(flags),
    .wb_we_i(flags_we), .wb_slot_i(flags_wslot), .wb_flags_i(nonzero),
    .host_we_i(flag_we), .host_slot_i(flag_slot), .host_pe_i(flag_pe), .host_flag_i(flag)
  );

  // Array. The command bus has one user at a time: the CCU in a program, the host otherwise.
  logic              cmd_ccu, overflow;
  logic [N_PE-1:0]   issue;
  logic [SumW-1:0]   issues, paddings, clampeds;
  assign cmd_ccu = read_act || read_fault;
  eie_array #(
    .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH), .CODE_W(CODE_W),
    .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .ACC_W(ACC_W), .ROWS(ROWS),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH)
  ) u_array (
    .clk_i, .rst_ni, .flush_i(flush), .col_valid_i(col_valid), .col_wb_i(col_wb), .col_place_i(col_place),
    .layer_start_i(pe_layer_start), .rows_i(rows), .codebook_i(codebook), .wb_write_i(wb_write),
    .wb_clear_i(wb_clear), .out_base_i(out_base), .shift_i(shift), .relu_i(relu),
    .cmd_valid_i(cmd_ccu || host_cmd_valid),
    .cmd_write_i(!cmd_ccu && host_cmd_write),
    .cmd_value_i(read_act),
    .cmd_memory_i(read_act ? eie_pkg::MemAct : read_fault ? eie_pkg::MemFault : host_cmd_memory),
    .cmd_pe_i(cmd_ccu ? read_pe : host_cmd_pe),
    .cmd_addr_i(cmd_ccu ? AddrW'(read_slot) : host_cmd_addr),
    .cmd_lane_i(host_cmd_lane), .cmd_wdata_i(host_cmd_wdata),
    .cmd_rvalid_o(cmd_rvalid), .cmd_rdata_o(cmd_rdata),
    .credit_o(credit), .active_o(active), .overflow_o(overflow), .fault_o(pe_fault),
    .row_done_o(row_done), .nonzero_o(nonzero),
    .issue_o(issue), .issues_o(issues), .paddings_o(paddings), .clampeds_o(clampeds)
  );

  // Counters
  eie_counters #(.N_PE(N_PE), .LAYERS(LAYERS), .TECH(TECH)) u_counters (
    .clk_i, .rst_ni, .program_start_i(program_start), .layer_start_i(layer_start), .layer_end_i(layer_end),
    .descriptor_i(descriptor), .fire_i(fire), .full_i(full), .overflow_i(overflow),
    .issues_i(issues), .paddings_i(paddings), .clampeds_i(clampeds),
    .program_cycles_o(program_cycles), .window_o(window), .saving_o(saving),
    .host_addr_i(counter_addr), .host_rdata_o(counter_rdata)
  );
  eie_busy_counters #(.N_PE(N_PE), .TECH(TECH)) u_busy_counters (
    .clk_i, .rst_ni, .clear_i(program_start), .issue_i(issue),
    .req_valid_i(busy_req), .req_pe_i(busy_pe), .ready_o(busy_ready), .count_o(busy_count)
  );
endmodule
