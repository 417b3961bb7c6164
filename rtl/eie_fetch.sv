// SPDX-License-Identifier: Apache-2.0
// Layer descriptors: their memory, and the unit that reads one ahead and checks it. fetch_i starts (or
// restarts) reading descriptor index_i; fourteen cycles later valid_o says that the fields are there and
// fault_o what is wrong with them (0: nothing; else the lowest fault code that applies). Both stay until
// the next fetch. Layout and codes: docs/registers.md.
// Of a field only the bits that a good one has are kept; whether it is good is seen as it arrives: sums of its halves in
// its cycle, what they are compared with in the next.
// Segments stay in the memory: the first is at seg_start_o and seg_length_o in the cycle before valid_o, with seg_load_o,
// the second from valid_o on, the one behind it in the cycle after seg_take_i.
// chain_open_i, chain_rows_i: whether the descriptor before leaves a column-tile chain open, and its rows.
`include "eie_assert.svh"
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
  output logic                       bad_o,            // fault_o is not 0
  output logic [3:0]                 fault_o,
  // Fields
  output logic [eie_pkg::ShiftW-1:0] shift_o,
  output logic                       relu_o,
  output logic                       write_back_o,
  output logic [2:0]                 segments_o,
  output logic [BookW-1:0]           codebook_o,
  output logic [RowsW-1:0]           rows_o,
  output logic [SlotW-1:0]           out_base_o,
  output logic [PlaceW-1:0]          bias_base_o,
  output logic [PlaceW-1:0]          ptr_base_o,        // keeps its value for three cycles after fetch_i
  // Segments
  output logic                       seg_load_o,
  input  logic                       seg_take_i,
  output logic [SlotW-1:0]           seg_start_o,
  output logic [SlotW:0]             seg_length_o,
  // Host: read data two cycles after host_re_i, which may stay; an access spoils a fetch under way,
  // which is then restarted.
  input  logic                       host_we_i,
  input  logic                       host_re_i,
  input  logic [AddrW-1:0]           host_addr_i,
  input  logic [31:0]                host_wdata_i,
  output logic [31:0]                host_rdata_o
);
  localparam int PeBits = $clog2(N_PE);

  // Read the eight words, in the order 0 3 2 1 4 5 6 7: with the rows everything is there that is checked against
  // them. A word is there two cycles after its address. Then the first two segments again, to stay in the output
  // register and the latch of the memory; each one taken lets the next move up.
  logic             run_q, again_q, latch_q, word_q, word2_q, all_q, check_q, load_q, valid_q, host_q, seg_take;
  logic [2:0]       count_q, place, arrived_q, arrived2_q;
  logic [BookW-1:0] index_q;
  logic [31:0]      word;
  logic [AddrW-1:0] addr, desc_addr;

  assign seg_take  = load_q || seg_take_i;
  assign place     = {count_q[2], count_q[1] ^ (count_q[0] && !count_q[2]), count_q[0]};
  assign desc_addr = AddrW'({index_q, place});
  assign addr      = host_re_i ? host_addr_i : desc_addr;
  eie_ram_1r1w #(.Width(32), .Depth(LAYERS * eie_regs_pkg::DescWords), .TECH(TECH)) u_ram (
    .clk_i, .we_i(host_we_i), .waddr_i(host_addr_i), .wdata_i(host_wdata_i),
    .re_i(run_q || host_re_i || seg_take), .oe_i(!all_q || host_q || seg_take), .clear_i(1'b0),
    .raddr_i(addr), .rdata_o(word)
  );
  assign host_rdata_o = word;

  always_ff @(posedge clk_i)
    if (!rst_ni || fetch_i) begin
      run_q     <= rst_ni;
      again_q   <= 1'b0;
      count_q   <= '0;
      latch_q   <= 1'b0;
      word_q    <= 1'b0;
      word2_q   <= 1'b0;
      arrived_q <= '0;
      all_q     <= 1'b0;
      check_q   <= 1'b0;
      load_q    <= 1'b0;
      valid_q   <= 1'b0;
    end else begin
      if (run_q || seg_take) begin  // 0 to 7, then again 4, 5 ..
        count_q[1:0] <= count_q[1:0] + 1'b1;
        count_q[2]   <= count_q[2] || count_q[1:0] == 2'd3;
        again_q      <= again_q || count_q == 3'd7;
      end
      if (again_q && count_q[0]) run_q <= 1'b0;
      latch_q <= run_q && !again_q;
      word_q  <= latch_q;
      word2_q <= word_q;
      if (word_q) arrived_q <= arrived_q + 1'b1;
      all_q   <= all_q || (word_q && arrived_q == 3'd7);
      check_q <= all_q && !check_q && !load_q && !valid_q;
      load_q  <= check_q;
      valid_q <= valid_q || load_q;
    end
  always_ff @(posedge clk_i)
    if (!rst_ni) host_q <= 1'b0;
    else host_q <= host_re_i;
  always_ff @(posedge clk_i) arrived2_q <= arrived_q;
  always_ff @(posedge clk_i) if (fetch_i) index_q <= index_i;
  assign valid_o    = valid_q;
  assign seg_load_o = load_q;

  // The halves of a word are a start and a length, or the like, that must not reach past the activations. A length of
  // all slots has one bit more than a slot.
  logic [15:0]      low, high;
  logic [SlotW+1:0] reach_q;
  logic             spare_q, empty_q, reach_bad;
  assign low       = word[15:0];
  assign high      = word[31:16];
  assign reach_bad = spare_q || eie_pkg::above(32'(reach_q), ACT_SLOTS);
  always_ff @(posedge clk_i) begin
    reach_q <= {1'b0, low[SlotW:0]} + {1'b0, high[SlotW:0]};
    spare_q <= ((low | high) >> (SlotW + 1)) != '0;
    empty_q <= high == '0;
  end

  // Fields as they arrive.
  logic                       relu_q, write_back_q, chain_first_q, book_bad_q, bias_high_q;
  logic                       output_bad_q, bias_bad_q, rows_bad_q;
  logic [eie_pkg::ShiftW-1:0] shift_q;
  logic [2:0]                 segments_q;
  logic [BookW-1:0]           codebook_q;
  logic [RowsW-1:0]           rows_q;
  logic [SlotW-1:0]           out_base_q;
  logic [PlaceW-1:0]          bias_base_q;
  logic [15:0]                rows;
  logic                       rows_high_q;
  logic [PlaceW:0]            bias_reach_q;  // in biases: two places each
  assign rows = word[eie_regs_pkg::DescRowsLsb +: 16];
  always_ff @(posedge clk_i)
    if (word_q)
      case (arrived_q)
        3'd0: begin
          shift_q       <= word[eie_regs_pkg::DescShiftLsb +: eie_pkg::ShiftW];
          relu_q        <= word[eie_regs_pkg::DescReluLsb];
          chain_first_q <= word[eie_regs_pkg::DescChainFirstLsb];
          write_back_q  <= word[eie_regs_pkg::DescWriteBackLsb];
          segments_q    <= word[eie_regs_pkg::DescSegmentsLsb +: 3];
          codebook_q    <= word[eie_regs_pkg::DescCodebookLsb +: BookW];
          book_bad_q    <= word[eie_regs_pkg::DescCodebookLsb +: 8] >= 8'(LAYERS);
        end
        3'd1: begin
          bias_base_q <= word[PlaceW-1:0];
        end
        3'd3: begin
          rows_q       <= rows[RowsW-1:0];
          rows_bad_q   <= rows == '0 || eie_pkg::above(32'(rows), ROWS);
          rows_high_q  <= (rows >> PlaceW) != '0;
          bias_reach_q <= {2'b0, bias_base_q[PlaceW-1:1]} + {1'b0, PlaceW'(rows)};
          out_base_q   <= word[eie_regs_pkg::DescOutBaseLsb +: SlotW];
        end
        default: ;  // the pointer place and the segments, below
      endcase
  // A word that is a place, in the cycle behind its own: whether it is odd, or needs more than PlaceW bits.
  localparam int Half = eie_pkg::max2(PlaceW, 16);
  logic odd_q, top_past_q, low_past_q, word_past;
  always_ff @(posedge clk_i) begin
    odd_q      <= word[0];
    top_past_q <= (word >> Half) != '0;
    low_past_q <= (word[Half-1:0] >> PlaceW) != '0;
  end
  assign word_past = top_past_q || low_past_q;
  always_ff @(posedge clk_i)
    if (word2_q && arrived2_q == 3'd1)
      bias_high_q <= word_past || (PTR_DEPTH != 2 ** PlaceW && bias_base_q >= PlaceW'(PTR_DEPTH));
  always_ff @(posedge clk_i)
    if (word2_q && arrived2_q == 3'd3) begin
      output_bad_q <= reach_bad;
      bias_bad_q   <= bias_base_q[0] || bias_high_q || rows_high_q || eie_pkg::above(32'(bias_reach_q), PTR_DEPTH / 2);
    end

  // Pointer places of the columns, added up behind the first as the segments in use arrive. Places that leave
  // PlaceW bits have left the memory.
  logic              place_there;
  logic [PlaceW-1:0] ptr_base_q, columns_q;
  logic [PlaceW:0]   columns;
  logic              used, used_q, place2_q, input_bad_q, columns_bad_q, length_past_q, carry_q;
  assign place_there = word_q && arrived_q == 3'd2;
  always_ff @(posedge clk_i) if (place_there) ptr_base_q <= word[PlaceW-1:0];
  assign ptr_base_o = ptr_base_q;
  assign columns = {1'b0, columns_q} + {1'b0, PlaceW'(high) << PeBits};
  assign used    = word_q && arrived_q[2] && {1'b0, arrived_q[1:0]} < segments_q;
  always_ff @(posedge clk_i) begin
    used_q        <= used;
    place2_q      <= place_there;
    length_past_q <= (high >> (PlaceW - PeBits)) != '0;
    carry_q       <= columns[PlaceW];
    if (place_there) columns_q <= word[PlaceW-1:0];
    else if (used) columns_q <= columns[PlaceW-1:0];
    if (place_there) begin
      columns_bad_q <= 1'b0;
      input_bad_q   <= 1'b0;
    end else begin
      columns_bad_q <= columns_bad_q || (place2_q && (word_past || odd_q)) || (used_q && (length_past_q || carry_q));
      input_bad_q   <= input_bad_q || (used_q && (empty_q || reach_bad));
    end
  end
  assign seg_start_o  = low[SlotW-1:0];
  assign seg_length_o = high[SlotW:0];

  // Checks, in two cycles when all words are there: what spans many bits, then which fault it is.
  logic       input_bad, output_bad, bias_bad, rows_bad, chain_bad;
  logic       segments_bad_q, past_end_q, rows_differ_q, bad_q;
  logic [3:0] fault_q;
  assign input_bad  = input_bad_q || segments_bad_q;
  assign output_bad = write_back_q && output_bad_q;
  assign bias_bad   = write_back_q && bias_bad_q;
  assign rows_bad   = rows_bad_q || (!chain_first_q && chain_open_i && rows_differ_q);
  assign chain_bad  = chain_first_q == chain_open_i;
  always_ff @(posedge clk_i) begin
    segments_bad_q <= segments_q == '0 || segments_q > 3'd4;
    past_end_q     <= columns_bad_q || (PTR_DEPTH != 2 ** PlaceW && columns_q >= PlaceW'(PTR_DEPTH));
    rows_differ_q  <= rows_q != chain_rows_i;
    if (load_q) begin
      bad_q   <= input_bad || past_end_q || output_bad || bias_bad || rows_bad || book_bad_q || chain_bad;
      fault_q <= input_bad   ? 4'(eie_regs_pkg::FaultInput)
               : past_end_q  ? 4'(eie_regs_pkg::FaultColumns)
               : output_bad  ? 4'(eie_regs_pkg::FaultOutput)
               : bias_bad    ? 4'(eie_regs_pkg::FaultBias)
               : rows_bad    ? 4'(eie_regs_pkg::FaultTileRows)
               : book_bad_q  ? 4'(eie_regs_pkg::FaultCodebook)
               : chain_bad   ? 4'(eie_regs_pkg::FaultChain) : 4'(eie_regs_pkg::FaultNone);
    end
  end

  assign bad_o        = bad_q;
  assign fault_o      = fault_q;
  assign shift_o      = shift_q;
  assign relu_o       = relu_q;
  assign write_back_o = write_back_q;
  assign segments_o   = segments_q;
  assign codebook_o   = codebook_q;
  assign rows_o       = rows_q;
  assign out_base_o   = out_base_q;
  assign bias_base_o  = bias_base_q;

  `EIE_ASSERT(SegmentsAreThereWhenTaken_A, !seg_take || ((load_q || valid_q) && !run_q))
endmodule
