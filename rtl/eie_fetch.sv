// SPDX-License-Identifier: Apache-2.0
// Layer descriptors: their memory, and the unit that reads one ahead and checks it. fetch_i starts (or
// restarts) reading descriptor index_i; twelve cycles later valid_o says that the fields are there and
// fault_o what is wrong with them (0: nothing; else the lowest fault code that applies). Both stay until
// the next fetch. Layout and codes: docs/registers.md.
// chain_open_i, chain_rows_i: whether the descriptor before leaves a column-tile chain open, and its rows.
module eie_fetch #(
  parameter int N_PE      = 16,
  parameter int ROWS      = 256,
  parameter int PTR_DEPTH = 2048,
  parameter int ACT_SLOTS = 512,
  parameter int LAYERS    = 4,
  parameter int TECH      = 0,
  localparam int PlaceW  = eie_pkg::index_w(PTR_DEPTH),
  localparam int SlotW   = eie_pkg::index_w(ACT_SLOTS),
  localparam int RowsW   = $clog2(ROWS + 1),
  localparam int BookW   = eie_pkg::index_w(LAYERS),
  localparam int AddrW   = $clog2(LAYERS) + 3
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       fetch_i,
  input  logic [BookW-1:0]           index_i,
  input  logic                       chain_open_i,
  input  logic [RowsW-1:0]           chain_rows_i,
  output logic                       valid_o,
  output logic [7:0]                 fault_o,
  // Fields
  output logic [eie_pkg::ShiftW-1:0] shift_o,
  output logic                       relu_o,
  output logic                       write_back_o,
  output logic [2:0]                 segments_o,
  output logic [BookW-1:0]           codebook_o,
  output logic [RowsW-1:0]           rows_o,
  output logic [SlotW-1:0]           out_base_o,
  output logic [PlaceW-1:0]          ptr_base_o,
  output logic [PlaceW-1:0]          bias_base_o,
  output logic [4*SlotW-1:0]         seg_start_o,
  output logic [4*SlotW-1:0]         seg_last_o,
  // Host: read data two cycles after host_re_i; an access spoils a fetch under way, which is then restarted.
  input  logic                       host_we_i,
  input  logic                       host_re_i,
  input  logic [AddrW-1:0]           host_addr_i,
  input  logic [31:0]                host_wdata_i,
  output logic [31:0]                host_rdata_o
);
  // Read the eight words; word w is there two cycles after its address.
  logic             run_q, latch_q, word_q, check_q, valid_q;
  logic [2:0]       count_q, latch_w_q, word_w_q;
  logic [BookW-1:0] index_q;
  logic [31:0]      word;
  logic [AddrW-1:0] addr, desc_addr;

  assign desc_addr = AddrW'({index_q, count_q});
  assign addr      = host_re_i ? host_addr_i : desc_addr;
  eie_ram_1r1w #(.Width(32), .Depth(LAYERS * eie_regs_pkg::DescWords), .TECH(TECH)) u_ram (
    .clk_i, .we_i(host_we_i), .waddr_i(host_addr_i), .wdata_i(host_wdata_i),
    .re_i(run_q || host_re_i), .oe_i(1'b1), .raddr_i(addr), .rdata_o(word)
  );
  assign host_rdata_o = word;

  always_ff @(posedge clk_i)
    if (!rst_ni || fetch_i) begin
      run_q   <= rst_ni;
      count_q <= '0;
      latch_q <= 1'b0;
      word_q  <= 1'b0;
      check_q <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      if (run_q) count_q <= count_q + 1'b1;
      if (count_q == 3'd7) run_q <= 1'b0;
      latch_q <= run_q;
      word_q  <= latch_q;
      check_q <= word_q && word_w_q == 3'd7;
      valid_q <= valid_q || check_q;
    end
  always_ff @(posedge clk_i) begin
    if (fetch_i) index_q <= index_i;
    latch_w_q <= count_q;
    word_w_q  <= latch_w_q;
  end
  assign valid_o = valid_q;

  // Fields as they arrive.
  logic                       relu_q, write_back_q, chain_first_q;
  logic [eie_pkg::ShiftW-1:0] shift_q;
  logic [2:0]                 segments_q;
  logic [7:0]                 codebook_q;
  logic [15:0]                rows_q, out_base_q;
  logic [31:0]                ptr_base_q, bias_base_q;
  always_ff @(posedge clk_i)
    if (word_q)
      case (word_w_q)
        3'd0: begin
          shift_q       <= word[eie_regs_pkg::DescShiftLsb +: eie_pkg::ShiftW];
          relu_q        <= word[eie_regs_pkg::DescReluLsb];
          chain_first_q <= word[eie_regs_pkg::DescChainFirstLsb];
          write_back_q  <= word[eie_regs_pkg::DescWriteBackLsb];
          segments_q    <= word[eie_regs_pkg::DescSegmentsLsb +: 3];
          codebook_q    <= word[eie_regs_pkg::DescCodebookLsb +: 8];
        end
        3'd1: begin
          rows_q     <= word[eie_regs_pkg::DescRowsLsb +: 16];
          out_base_q <= word[eie_regs_pkg::DescOutBaseLsb +: 16];
        end
        3'd2:    ptr_base_q  <= word;
        3'd3:    bias_base_q <= word;
        default: ;  // segments, below
      endcase

  // Segments 0 to 3 are words 4 to 7.
  logic [15:0]        seg_start, seg_length;
  logic [SlotW-1:0]   seg_last;
  logic [4*SlotW-1:0] seg_start_q, seg_last_q;
  logic [17:0]        slots_q;      // of all segments in use
  logic               seg_used, seg_bad, input_bad_q;
  assign seg_start  = word[15:0];
  assign seg_length = word[31:16];
  assign seg_last   = seg_start[SlotW-1:0] + seg_length[SlotW-1:0] - 1'b1;
  assign seg_used   = {1'b0, word_w_q[1:0]} < segments_q;
  assign seg_bad    = seg_length == '0
                   || {1'b0, seg_start} + {1'b0, seg_length} > 17'(ACT_SLOTS);
  always_ff @(posedge clk_i)
    if (word_q && !word_w_q[2]) begin
      slots_q     <= '0;
      input_bad_q <= 1'b0;
    end else if (word_q) begin
      if (seg_used) begin
        slots_q     <= slots_q + 18'(seg_length);
        input_bad_q <= input_bad_q || seg_bad;
      end
    end
  // One segment's registers by constant place: an index that is multiplied by SlotW would become a multiplier and
  // two wide shifters.
  for (genvar k = 0; k < 4; k++) begin : g_segment
    always_ff @(posedge clk_i)
      if (word_q && word_w_q == 3'(4 + k)) begin
        seg_start_q[SlotW*k +: SlotW] <= seg_start[SlotW-1:0];
        seg_last_q[SlotW*k +: SlotW]  <= seg_last;
      end
  end

  // Checks, in one cycle when all words are there; nothing waits for this path.
  logic [27:0] columns;
  logic        input_bad, columns_bad, output_bad, bias_bad, rows_bad, book_bad, chain_bad;
  logic [7:0]  fault_q;
  assign columns     = 28'(slots_q) << $clog2(N_PE);
  assign input_bad   = input_bad_q || segments_q == '0 || segments_q > 3'd4;
  assign columns_bad = ptr_base_q[0] || ptr_base_q >= 32'(PTR_DEPTH)
                    || ptr_base_q[27:0] + columns >= 28'(PTR_DEPTH);
  assign output_bad  = write_back_q && {1'b0, out_base_q} + {1'b0, rows_q} > 17'(ACT_SLOTS);
  assign bias_bad    = write_back_q && (bias_base_q[0] || bias_base_q >= 32'(PTR_DEPTH)
                    || bias_base_q[27:0] + 28'({rows_q, 1'b0}) > 28'(PTR_DEPTH));
  assign rows_bad    = rows_q == '0 || rows_q > 16'(ROWS)
                    || (!chain_first_q && chain_open_i && rows_q != 16'(chain_rows_i));
  assign book_bad    = codebook_q >= 8'(LAYERS);
  assign chain_bad   = chain_first_q == chain_open_i;
  always_ff @(posedge clk_i)
    if (check_q)
      fault_q <= input_bad   ? 8'(eie_regs_pkg::FaultInput)
               : columns_bad ? 8'(eie_regs_pkg::FaultColumns)
               : output_bad  ? 8'(eie_regs_pkg::FaultOutput)
               : bias_bad    ? 8'(eie_regs_pkg::FaultBias)
               : rows_bad    ? 8'(eie_regs_pkg::FaultTileRows)
               : book_bad    ? 8'(eie_regs_pkg::FaultCodebook)
               : chain_bad   ? 8'(eie_regs_pkg::FaultChain) : 8'(eie_regs_pkg::FaultNone);

  assign fault_o      = fault_q;
  assign shift_o      = shift_q;
  assign relu_o       = relu_q;
  assign write_back_o = write_back_q;
  assign segments_o   = segments_q;
  assign codebook_o   = codebook_q[BookW-1:0];
  assign rows_o       = rows_q[RowsW-1:0];
  assign out_base_o   = out_base_q[SlotW-1:0];
  assign ptr_base_o   = ptr_base_q[PlaceW-1:0];
  assign bias_base_o  = bias_base_q[PlaceW-1:0];
  assign seg_start_o  = seg_start_q;
  assign seg_last_o   = seg_last_q;
endmodule
