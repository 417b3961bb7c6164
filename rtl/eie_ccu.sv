// SPDX-License-Identifier: Apache-2.0
// Central control unit: runs a program of layer descriptors without the host. For each layer it scans
// the input activations and broadcasts the non-zeros while credits last; when every PE is drained it
// walks the tile's rows through write-back, one a cycle in all PEs at once; the next layer starts in the
// cycle after the last row has landed. A layer that is not the last column tile sends one silent row
// instead ("nop"), whose return says that the pipeline is empty.
// After reset, a fault or an abort it flushes the array and clears all accumulators (busy, not counted).
// Faults: a bad descriptor stops before its layer starts; a PE's fault stops the layer, and the lowest
// faulty PE is asked for its record over the command bus.
// Latencies: start_i to the first fire 5 cycles; fire to the column on the broadcast bus 2 cycles.
`include "eie_assert.svh"
module eie_ccu #(
  parameter int N_PE            = 16,
  parameter int ACT_QUEUE_DEPTH = 16,
  parameter int ROWS            = 256,
  parameter int PTR_DEPTH       = 2048,
  parameter int ACT_SLOTS       = 512,
  parameter int LAYERS          = 4,
  parameter int TECH            = 0,
  parameter int ENTRY_W         = 13,   // bits of the entry in a fault record
  localparam int PeW    = eie_pkg::index_w(N_PE),
  localparam int PlaceW = eie_pkg::index_w(PTR_DEPTH),
  localparam int SlotW  = eie_pkg::index_w(ACT_SLOTS),
  localparam int RowsW  = $clog2(ROWS + 1),
  localparam int BookW  = eie_pkg::index_w(LAYERS),
  localparam int DescAddrW = $clog2(LAYERS) + 3
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // Program
  input  logic              start_i,        // only with start_ready_o
  output logic              start_ready_o,  // idle, and the first descriptor has been read
  input  logic              abort_i,        // while running_o
  input  logic              clear_i,        // while not busy_o: forget done and fault
  input  logic              refetch_i,      // the program register was written or a descriptor accessed
  input  logic [7:0]        first_i,
  input  logic [7:0]        count_i,
  output logic              busy_o,         // running, flushing or clearing
  output logic              running_o,
  output logic              done_o,
  output logic              fault_o,
  output logic [7:0]        fault_code_o,
  output logic [7:0]        fault_descriptor_o,
  output logic [7:0]        fault_pe_o,
  output logic [29:0]       fault_entry_o,
  output logic [7:0]        layers_done_o,
  // Counters
  output logic              program_start_o,
  output logic              layer_start_o,  // the next cycle is a layer's first
  output logic              layer_end_o,    // this cycle is a layer's last
  output logic [BookW-1:0]  descriptor_o,
  output logic              fire_o,
  output logic              full_o,
  // Flag memory
  output logic              flags_re_o,
  output logic              flags_oe_o,
  output logic [SlotW-1:0]  flags_slot_o,
  input  logic [N_PE-1:0]   flags_i,
  output logic              flags_we_o,
  output logic [SlotW-1:0]  flags_wslot_o,
  // Array: registered broadcast
  output logic              flush_o,
  output logic              col_valid_o,
  output logic              col_wb_o,
  output logic [PlaceW-1:0] col_place_o,
  output logic              pe_layer_start_o,
  output logic [RowsW-1:0]  rows_o,
  output logic [BookW-1:0]  codebook_o,
  output logic              wb_write_o,
  output logic              wb_clear_o,
  output logic [SlotW-1:0]  out_base_o,     // with pe_layer_start_o
  output logic [eie_pkg::ShiftW-1:0] shift_o,
  output logic              relu_o,
  // Array: reads over the command bus, put into its register in the same cycle as the column
  output logic              read_act_o,
  output logic [SlotW-1:0]  read_slot_o,
  output logic [PeW-1:0]    read_pe_o,
  output logic              read_fault_o,
  input  logic              read_fault_valid_i,  // the record asked for last
  input  logic [31:0]       read_rdata_i,
  // Array: from the trees
  input  logic              credit_i,
  input  logic              active_i,
  input  logic              pe_fault_i,
  input  logic              row_done_i,
  // Descriptor memory, host
  input  logic              desc_we_i,
  input  logic              desc_re_i,
  input  logic [DescAddrW-1:0] desc_addr_i,
  input  logic [31:0]       desc_wdata_i,
  output logic [31:0]       desc_rdata_o
);
  localparam int CreditW     = $clog2(ACT_QUEUE_DEPTH + 1);
  localparam int FlushCycles = 32;  // longer than anything stays in a tree or a pipeline

  // State, one-hot by hand: bits of state_q. (Yosys' own recoding takes the reset into the logic of every state.)
  localparam int StFlush     = 0;
  localparam int StClear     = 1;
  localparam int StIdle      = 2;
  localparam int StScan      = 3;
  localparam int StWriteBack = 4;
  localparam int StNop       = 5;
  localparam int StFind      = 6;
  localparam int States      = 7;
  logic [States-1:0] state_q, state_d;

  // The descriptor that comes next.
  logic                       next_valid, next_bad, next_relu, next_write_back, fetch;
  logic [3:0]                 next_fault;
  logic [BookW-1:0]           fetch_index;
  logic [eie_pkg::ShiftW-1:0] next_shift;
  logic [2:0]                 segments;
  logic [BookW-1:0]           next_codebook;
  logic [RowsW-1:0]           next_rows;
  logic [SlotW-1:0]           next_out_base;
  logic [PlaceW-1:0]          ptr_base, next_bias_base;
  logic [SlotW-1:0]           seg_start;
  logic [SlotW:0]             seg_length;
  logic                       chain_open, seg_load, seg_take, wants_segments, fetch_q;

  eie_fetch #(
    .N_PE(N_PE), .ROWS(ROWS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH)
  ) u_fetch (
    .clk_i, .rst_ni, .fetch_i(fetch_q), .index_i(fetch_index),
    .chain_open_i(chain_open), .chain_rows_i(rows_o),
    .valid_o(next_valid), .bad_o(next_bad), .fault_o(next_fault),
    .shift_o(next_shift), .relu_o(next_relu), .write_back_o(next_write_back), .segments_o(segments),
    .codebook_o(next_codebook), .rows_o(next_rows), .out_base_o(next_out_base),
    .bias_base_o(next_bias_base), .ptr_base_o(ptr_base),
    .seg_load_o(seg_load), .seg_take_i(seg_take), .seg_start_o(seg_start), .seg_length_o(seg_length),
    .host_we_i(desc_we_i), .host_re_i(desc_re_i), .host_addr_i(desc_addr_i),
    .host_wdata_i(desc_wdata_i), .host_rdata_o(desc_rdata_o)
  );

  // Layer control
  logic [BookW-1:0]  descriptor;
  logic              fetched_q;     // the descriptor after this one is being read, or there is none
  logic              program_bad;
  logic              launch, launch_fault, layer_end, drained, scan_done, more, abort;
  logic [RowsW-1:0]  rows_left_q, columns_left_q;
  logic              column_wb;
  logic [PlaceW-1:0] bias_q;
  logic [5:0]        flush_q;

  assign abort        = abort_i && (state_q[StScan] || state_q[StWriteBack] || state_q[StNop]);
  // The end of a layer, and whether another follows, are known before its last row but for the row itself: much
  // hangs on it in that cycle. The next descriptor is there in time: read when the scan wants no more segments, it is
  // checked some cycles before the earliest last row of a layer that broadcasts nothing.
  logic last_row, last_row_q, last_on_q, go_on, start_good;
  assign last_row = (state_q[StWriteBack] || state_q[StNop]) && !pe_fault_i && !abort
                 && rows_left_q == (row_done_i ? RowsW'(2) : RowsW'(1));
  always_ff @(posedge clk_i)
    if (!rst_ni) {last_row_q, last_on_q} <= '0;
    else {last_row_q, last_on_q} <= {last_row, last_row && more && !next_bad};
  assign layer_end    = last_row_q && row_done_i && !pe_fault_i && !abort_i;
  assign go_on        = last_on_q && row_done_i && !pe_fault_i && !abort_i;
  assign start_good   = start_i && !program_bad && !next_bad;
  assign launch       = start_i || (layer_end && more);
  assign launch_fault = next_bad || (start_i && program_bad);

  // Statics of the layer, and the state that goes with them.
  logic                       relu_q, write_back_q, wb_write_q, wb_clear_q;
  logic [eie_pkg::ShiftW-1:0] shift_q;
  logic [BookW-1:0]           codebook_q;
  logic [RowsW-1:0]           rows_q;
  logic [SlotW-1:0]           wslot_q;  // slot of the row that comes next; the PEs take it when a layer starts
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      rows_q       <= '0;
      write_back_q <= 1'b0;
      wb_write_q   <= 1'b0;
      wb_clear_q   <= 1'b1;
    end else if (state_q[StFlush]) begin
      wb_write_q <= 1'b0;
      wb_clear_q <= 1'b1;
    end else if (launch) begin
      rows_q       <= next_rows;
      write_back_q <= next_write_back;
      wb_write_q   <= next_write_back;
      wb_clear_q   <= next_write_back;
    end
  always_ff @(posedge clk_i) begin
    if (launch) begin
      relu_q     <= next_relu;
      shift_q    <= next_shift;
      codebook_q <= next_codebook;
    end
    if (launch) wslot_q <= next_out_base;
    else if (row_done_i) wslot_q <= wslot_q + 1'b1;
  end

  // Credits: one for each place of the PEs' activation queues.
  logic [CreditW-1:0] credits_q, credits_d;
  logic               has_credit_q, all_credits_q, fire;
  always_comb begin
    credits_d = credits_q;
    if (fire && !credit_i) credits_d = credits_q - 1'b1;
    if (!fire && credit_i) credits_d = credits_q + 1'b1;
  end
  // Whether some or all are there is worked out for both cases before it is known whether one is fired.
  always_ff @(posedge clk_i)
    if (!rst_ni || state_q[StFlush]) begin
      credits_q     <= CreditW'(ACT_QUEUE_DEPTH);
      has_credit_q  <= 1'b1;
      all_credits_q <= 1'b1;
    end else begin
      credits_q     <= credits_d;
      has_credit_q  <= fire ? credit_i || credits_q != CreditW'(1) : credit_i || has_credit_q;
      all_credits_q <= fire ? credit_i && all_credits_q
                            : credit_i ? credits_q == CreditW'(ACT_QUEUE_DEPTH - 1) : all_credits_q;
    end

  logic              found, scan_flush;
  logic [SlotW-1:0]  found_slot;
  logic [PeW-1:0]    found_pe;
  logic [PlaceW-1:0] found_base;
  assign scan_flush = state_q[StFlush] || state_q[StFind];
  eie_scan #(.N_PE(N_PE), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS)) u_scan (
    .clk_i, .rst_ni, .flush_i(scan_flush),
    .load_i(seg_load), .start_i(start_good || go_on), .segments_i(segments), .seg_take_o(seg_take),
    .seg_start_i(seg_start), .seg_length_i(seg_length), .wants_segments_o(wants_segments), .ptr_base_i(ptr_base),
    .done_o(scan_done),
    .flags_re_o, .flags_oe_o, .flags_slot_o, .flags_i,
    .has_credit_i(has_credit_q), .fire_o(fire), .full_o,
    .found_o(found), .found_slot_o(found_slot), .found_pe_o(found_pe), .found_base_o(found_base)
  );
  assign fire_o = fire;

  // All credits are back and no PE has an entry to issue. A credit leaves its PE together with the news
  // that the column made the PE active, through trees of one depth, so there is no gap between the two. What has been
  // found and is not on the bus yet has taken its credit.
  assign drained = state_q[StScan] && scan_done && all_credits_q && !active_i;

  // A layer at work is stopped by an abort, or a bad one behind it, else by a fault, or goes on.
  logic at_work, stopped, going, at_end, cleared;
  assign at_work = state_q[StScan] || state_q[StWriteBack] || state_q[StNop];
  assign stopped = abort || (layer_end && more && launch_fault);
  assign going   = !stopped && !pe_fault_i;
  assign at_end  = (state_q[StWriteBack] || state_q[StNop]) && going && layer_end;
  assign cleared = row_done_i && rows_left_q == RowsW'(1);
  always_comb begin
    state_d[StFlush]     = (state_q[StFlush] && flush_q != '0) || (state_q[StIdle] && launch && launch_fault)
                        || (at_work && stopped) || (state_q[StFind] && fault_found);
    state_d[StClear]     = (state_q[StFlush] && flush_q == '0) || (state_q[StClear] && !cleared);
    state_d[StIdle]      = (state_q[StClear] && cleared) || (state_q[StIdle] && !launch) || (at_end && !more);
    state_d[StScan]      = (state_q[StIdle] && launch && !launch_fault) || (state_q[StScan] && going && !drained)
                        || (at_end && more);
    state_d[StWriteBack] = (state_q[StScan] && going && drained && write_back_q)
                        || (state_q[StWriteBack] && going && !layer_end);
    state_d[StNop]       = (state_q[StScan] && going && drained && !write_back_q)
                        || (state_q[StNop] && going && !layer_end);
    state_d[StFind]      = (at_work && !stopped && pe_fault_i) || (state_q[StFind] && !fault_found);
  end
  always_ff @(posedge clk_i)
    if (!rst_ni) state_q <= States'(1) << StFlush;
    else state_q <= state_d;
  always_ff @(posedge clk_i)
    if (!rst_ni || !state_q[StFlush]) flush_q <= 6'(FlushCycles);
    else flush_q <= flush_q - 1'b1;

  // Write-back, clearing and the silent row send columns of their own: one for each row. The first goes in the cycle
  // in which the PEs are found to be drained, or the flush ends; all that it needs stands ready before.
  logic [RowsW-1:0]  walk_rows_q;
  logic              walk, waiting, walking;
  logic [PlaceW-1:0] bias_behind;
  assign waiting     = state_q[StScan] || state_q[StFlush];
  assign walking     = state_q[StWriteBack] || state_q[StClear];
  assign walk        = drained || (state_q[StFlush] && flush_q == '0);
  assign column_wb   = walking && columns_left_q != '0;
  assign bias_behind = bias_q + PlaceW'(2);
  always_ff @(posedge clk_i) begin
    walk_rows_q <= state_q[StFlush] ? RowsW'(ROWS) : write_back_q ? rows_q : RowsW'(1);
    if (waiting) columns_left_q <= walk_rows_q - 1'b1;
    else if (column_wb) columns_left_q <= columns_left_q - 1'b1;
    if (waiting) rows_left_q <= walk_rows_q;
    else if (row_done_i) rows_left_q <= rows_left_q - 1'b1;
    if (launch) bias_q <= next_bias_base;
    else if (walking) bias_q <= bias_behind;
  end

  // The place of PE 0 of a group is even, so with one or two PEs nothing carries.
  logic [PlaceW-1:0] found_place;
  assign found_place = (N_PE <= 2) ? found_base | PlaceW'(found_pe) : found_base + PlaceW'(found_pe);

  logic              col_valid_q, col_wb_q, read_act_q;
  logic [PlaceW-1:0] col_place_q;
  logic [SlotW-1:0]  read_slot_q;
  logic              flush_out_q, pe_layer_start_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      col_valid_q      <= 1'b0;
      read_act_q       <= 1'b0;
      flush_out_q      <= 1'b1;
      pe_layer_start_q <= 1'b0;
    end else begin
      col_valid_q      <= found || walk || column_wb;
      read_act_q       <= found;
      // Over before the first column of StClear, which takes the same registers.
      flush_out_q      <= state_q[StFlush] && flush_q > 6'd2;
      pe_layer_start_q <= launch || (state_q[StFlush] && flush_q == 6'd1);
    end
  always_ff @(posedge clk_i) begin
    col_wb_q    <= !found;
    col_place_q <= found ? found_place : state_q[StScan] ? bias_q : state_q[StWriteBack] ? bias_behind : '0;
    read_slot_q <= found_slot;
  end

  logic [PeW-1:0] read_pe_q, faulty_pe;
  logic           searching, read_fault, fault_found;
  assign searching = state_q[StFind];
  always_ff @(posedge clk_i) read_pe_q <= found_pe;
  eie_fault_search #(.N_PE(N_PE)) u_fault_search (
    .clk_i, .rst_ni, .search_i(searching), .ask_o(read_fault), .pe_o(faulty_pe),
    .answer_valid_i(read_fault_valid_i), .answer_fault_i(read_rdata_i[31]), .found_o(fault_found)
  );

  // Program
  logic refetch_q, flushing;
  assign flushing = state_q[StFlush];
  eie_program #(.N_PE(N_PE), .LAYERS(LAYERS), .ENTRY_W(ENTRY_W)) u_program (
    .clk_i, .rst_ni, .first_i, .count_i, .bad_o(program_bad),
    .start_i, .clear_i, .launch_i(launch), .launch_fault_i(launch_fault),
    .launch_code_i(next_fault), .write_back_i(next_write_back), .layer_end_i(layer_end),
    .abort_i(abort), .pe_fault_i(fault_found), .pe_i(faulty_pe), .pe_record_i(read_rdata_i),
    .forget_chain_i(flushing),
    .descriptor_o(descriptor), .more_o(more), .chain_open_o(chain_open),
    .done_o, .fault_o, .fault_code_o, .fault_descriptor_o, .fault_pe_o, .fault_entry_o, .layers_done_o
  );

  assign running_o     = state_q[StScan] || state_q[StWriteBack] || state_q[StNop] || state_q[StFind];
  assign busy_o        = !state_q[StIdle];
  assign start_ready_o = state_q[StIdle] && next_valid && !refetch_q && !refetch_i && !fetch_q;

  // What to read next: in a program the descriptor after this one, as soon as the scan no longer needs
  // this one's segments; otherwise the first of the program again. Reading begins a cycle later.
  logic scanning_q, fetch_behind;  // scanning_q: for a cycle or more, and the next descriptor is not being read yet
  assign fetch_behind = scanning_q && !wants_segments;
  assign fetch        = (state_q[StIdle] && refetch_q) || fetch_behind;
  assign fetch_index  = state_q[StIdle] ? first_i[BookW-1:0] : descriptor + 1'b1;
  always_ff @(posedge clk_i)
    if (!rst_ni) {scanning_q, fetch_q} <= '0;
    else {scanning_q, fetch_q} <= {state_q[StScan] && !fetched_q && !fetch_behind, fetch};
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      refetch_q <= 1'b1;
      fetched_q <= 1'b0;
    end else begin
      refetch_q <= refetch_i || (refetch_q && !fetch) || busy_o;
      if (launch) fetched_q <= 1'b0;
      else if (fetch_behind) fetched_q <= 1'b1;
    end

  assign program_start_o    = start_i;
  assign layer_start_o      = launch;
  assign layer_end_o        = layer_end;
  assign descriptor_o       = descriptor;
  assign flags_we_o         = row_done_i && state_q[StWriteBack];
  assign flags_wslot_o      = wslot_q;
  assign flush_o            = flush_out_q;
  assign col_valid_o        = col_valid_q;
  assign col_wb_o           = col_wb_q;
  assign col_place_o        = col_place_q;
  assign pe_layer_start_o   = pe_layer_start_q;
  assign rows_o             = rows_q;
  assign codebook_o         = codebook_q;
  assign wb_write_o         = wb_write_q;
  assign wb_clear_o         = wb_clear_q;
  assign out_base_o         = wslot_q;
  assign shift_o            = shift_q;
  assign relu_o             = relu_q;
  assign read_act_o         = read_act_q;
  assign read_slot_o        = read_slot_q;
  assign read_pe_o          = read_fault ? faulty_pe : read_pe_q;
  assign read_fault_o       = read_fault;

  `EIE_ASSERT(OneState_A, state_q != '0 && (state_q & (state_q - 1'b1)) == '0)
  `EIE_ASSERT(StartOnlyWhenReady_A, !start_i || start_ready_o)
  `EIE_ASSERT(GoingOnIsKnown_A, !layer_end || go_on == (more && !launch_fault))
  `EIE_ASSERT(OneReadAtATime_A, !(read_act_q && read_fault))
  `EIE_ASSERT(FoundHasTakenItsCredit_A, !found || !all_credits_q)
  `EIE_ASSERT(CreditsAreKnown_A, has_credit_q == (credits_q != '0) && all_credits_q == (credits_q == CreditW'(ACT_QUEUE_DEPTH)))
  logic next_valid_q;
  always_ff @(posedge clk_i) next_valid_q <= next_valid;
  `EIE_ASSERT(FetchIsNeverLate_A, !(layer_end && more) || (next_valid && next_valid_q))
  `EIE_ASSERT(CreditsStayInside_A, !(credit_i && !fire) || credits_q != CreditW'(ACT_QUEUE_DEPTH) || state_q[StFlush])
  `EIE_ASSERT(LastRowIsKnown_A, !row_done_i || state_q[StClear]
              || last_row_q == ((state_q[StWriteBack] || state_q[StNop]) && rows_left_q == RowsW'(1)))
  `EIE_ASSERT(RowsComeOnlyWhenAskedFor_A, !row_done_i || !state_q[StScan])
endmodule
