// SPDX-License-Identifier: Apache-2.0
// Arithmetic unit of one PE: slot <- run accumulate; acc[slot] <- acc[slot] + codebook[code] * act.
// One entry a cycle, nothing stalls: the accumulator is forwarded at every distance (1 to 4) at which
// the RAM does not hold it yet. Additions wrap at ACC_W bits; overflow_o marks those that left the range.
// A write-back slot (wb_valid_i) takes the same path behind the entries: it reads the next slot from 0
// up, hands its accumulator out with wb_valid_o and, with wb_clear_i, leaves 0 behind.
// An entry outside the tile's rows writes nothing, raises fault_o once and silences what follows.
// Stage names are the cycles since the entry came in: R slot | 4 | 5 | 6 operand | 7 add | 8 write.
`include "eie_assert.svh"
module eie_pe_arith #(
  parameter int CODE_W = 4,
  parameter int IDX_W  = 4,
  parameter int ACC_W  = 32,
  parameter int ROWS   = 256,
  parameter int LAYERS = 4,
  parameter int ENTRIES = 4096,
  parameter int WB_CLOSE = 1,   // a layer's first row may come in the cycle behind its last entry
  parameter int TECH   = 0,
  localparam int PtrW      = $clog2(ENTRIES + 1),
  localparam int SlotW     = eie_pkg::slot_w(ROWS, IDX_W),
  localparam int RowsW     = $clog2(ROWS + 1),
  localparam int BookW     = eie_pkg::index_w(LAYERS),
  localparam int BookAddrW = eie_pkg::index_w(LAYERS << CODE_W)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        flush_i,
  // Of the layer; change only when nothing is in here.
  input  logic                        layer_start_i,  // pulse: the next write-back slot is slot 0
  input  logic [RowsW-1:0]            rows_i,
  input  logic [BookW-1:0]            codebook_i,
  input  logic                        wb_clear_i,
  // Entries, or write-back slots; never both in a cycle.
  input  logic                        entry_valid_i,
  input  logic                        entry_first_i,
  input  logic [IDX_W-1:0]            entry_run_i,
  input  logic [CODE_W-1:0]           entry_code_i,
  input  logic [eie_pkg::ActW-1:0]    entry_act_i,    // for the assertion alone
  input  logic [PtrW-1:0]             entry_index_i,
  input  logic                        wb_valid_i,
  // To write-back, four cycles after wb_valid_i.
  output logic                        wb_valid_o,
  output logic signed [ACC_W-1:0]     wb_acc_o,
  // Events, one-cycle pulses
  output logic                        padding_o,
  output logic                        overflow_o,
  output logic                        fault_o,
  output logic [PtrW-1:0]             fault_entry_o,
  // Codebook: the weight two cycles after its address.
  output logic                        book_re_o,
  output logic [BookAddrW-1:0]        book_addr_o,
  input  logic [eie_pkg::WeightW-1:0] weight_i,
  // Activation, in the cycle of the weight: that of the next column a cycle after act_next_o, then the same.
  output logic                        act_next_o,
  input  logic [eie_pkg::ActW-1:0]    act_i
);
  localparam int AccAddrW = eie_pkg::index_w(ROWS);

  initial if (ACC_W < 32 || ACC_W > 48) $fatal(1, "%m: ACC_W (%0d) must be 32 to 48", ACC_W);

  // R: run accumulate. A write-back row is a step of one slot, the first of a layer begins at slot 0.
  logic [SlotW-1:0] step, slot_d, slot4_q;
  logic             wb_first_q, first, valid4_q, wb4_q, padding4_q;
  logic [PtrW-1:0]  index4_q;

  assign step   = wb_valid_i ? '0 : SlotW'(entry_run_i);
  assign first  = wb_valid_i ? wb_first_q : entry_first_i;
  // first ? step : slot4_q + step + 1.
  eie_select_add #(.Width(SlotW), .CARRY(1), .TECH(TECH)) u_slot (
    .a_i(step), .b_i(slot4_q), .c_i(SlotW'(0)), .other_i(first), .carry_i(!first), .sum_o(slot_d)
  );

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i || layer_start_i) wb_first_q <= 1'b1;
    else if (wb_valid_i) wb_first_q <= 1'b0;

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      valid4_q   <= 1'b0;
      wb4_q      <= 1'b0;
      padding4_q <= 1'b0;
    end else begin
      valid4_q   <= entry_valid_i;
      wb4_q      <= wb_valid_i;
      padding4_q <= entry_valid_i && entry_code_i == '0;
    end
  always_ff @(posedge clk_i) begin
    if (entry_valid_i || wb_valid_i) slot4_q <= slot_d;
    index4_q <= entry_index_i;
  end
  assign padding_o = padding4_q;

  // 4 to 8: slots go along; a slot outside the tile stops here.
  logic [AccAddrW-1:0] slot5_q, slot6_q, slot7_q, slot8_q;
  logic                valid5_q, valid6_q, valid7_q, valid8_q;
  logic                wb5_q, wb6_q, wb7_q, wb8_q;
  logic                outside5_q, fault_q;
  logic [PtrW-1:0]     index5_q;

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      valid5_q <= 1'b0;
      valid6_q <= 1'b0;
      valid7_q <= 1'b0;
      valid8_q <= 1'b0;
      wb5_q    <= 1'b0;
      wb6_q    <= 1'b0;
      wb7_q    <= 1'b0;
      wb8_q    <= 1'b0;
      fault_q  <= 1'b0;
    end else begin
      valid5_q <= valid4_q;
      valid6_q <= valid5_q && !outside5_q && !fault_q;
      valid7_q <= valid6_q;
      valid8_q <= valid7_q;
      wb5_q    <= wb4_q;
      wb6_q    <= wb5_q;
      wb7_q    <= wb6_q;
      wb8_q    <= wb7_q && wb_clear_i;
      if (valid5_q && outside5_q) fault_q <= 1'b1;
    end
  always_ff @(posedge clk_i) begin
    slot5_q    <= slot4_q[AccAddrW-1:0];
    slot6_q    <= slot5_q;
    slot7_q    <= slot6_q;
    slot8_q    <= slot7_q;
    index5_q   <= index4_q;
    outside5_q <= slot4_q >= SlotW'(rows_i);
  end
  assign fault_o       = valid5_q && outside5_q && !fault_q;
  assign fault_entry_o = index5_q;

  // Weight and product: codebook 4, 5; multiplier 6, 7.
  logic signed [eie_pkg::WeightW-1:0]  weight5;
  logic signed [eie_pkg::ActW-1:0]     act5;
  logic                                next4_q;
  logic [eie_pkg::ActW-1:0]            carried4_q, carried5_q;
  logic signed [eie_pkg::ProductW-1:0] product7;

  assign book_re_o = entry_valid_i;
  if (LAYERS == 1) begin : g_one_book
    logic unused_book;
    assign unused_book = codebook_i[0];
    assign book_addr_o = entry_code_i;
  end else begin : g_books
    assign book_addr_o = {codebook_i, entry_code_i};
  end
  assign weight5 = $signed(weight_i);
  assign act5    = $signed(act_i);
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) next4_q <= 1'b0;
    else next4_q <= entry_valid_i && entry_first_i;
  assign act_next_o = next4_q;
  // What simulation carries along with each entry (nothing of it is left in synthesis) is what the ring has.
  always_ff @(posedge clk_i) begin
    carried4_q <= entry_act_i;
    carried5_q <= carried4_q;
  end
  eie_mul #(.TECH(TECH)) u_mul (
    .clk_i, .a_i(weight5), .b_i(act5), .product_o(product7)
  );

  // Accumulators: read with slot4, there in 6; written in 8. What 8, 9 and 10 carry is newer than the
  // RAM's answer in 6; what 8 carries is newer than the operand in 7.
  // Hits are found in 4 against the slots ahead, one to four places: [0] one ahead .. [3] four ahead. The newest
  // counts. Only one of the RAM's answer and the sums two, three or four places ahead is not 0: those of three and four
  // are fetched a cycle early, and where there is any the RAM answers 0.
  logic signed [ACC_W-1:0] acc6, early6_q, operand7_q, operand, sum_d, sum8_q, sum9_q;
  logic [ACC_W-1:0]        sum;
  logic                    write8;
  logic                    live5, live6, live7, live8;
  logic [3:0]              hit5_q;
  logic                    near6_q, near7_q, two6_q, three5, four5;
  assign write8 = valid8_q || wb8_q;
  eie_ram_1r1w #(
    .Width(ACC_W), .Depth(ROWS), .CELLS(eie_pkg::in_cells(ROWS)), .TECH(TECH)
  ) u_acc (
    .clk_i, .we_i(write8), .waddr_i(slot8_q), .wdata_i(sum8_q),
    .re_i(valid4_q || wb4_q), .oe_i(1'b1), .clear_i(hit5_q[3:1] != '0), .raddr_i(slot4_q[AccAddrW-1:0]), .rdata_o(acc6)
  );

  assign live5  = (valid5_q && !outside5_q) || wb5_q;
  assign live6  = valid6_q || wb6_q;
  assign live7  = valid7_q || wb7_q;
  assign live8  = valid8_q || wb8_q;
  assign three5 = hit5_q[2] && !hit5_q[1];
  assign four5  = hit5_q[3] && hit5_q[2:1] == '0;
  always_ff @(posedge clk_i) begin
    hit5_q  <= {live8 && slot8_q == slot4_q[AccAddrW-1:0], live7 && slot7_q == slot4_q[AccAddrW-1:0],
                live6 && slot6_q == slot4_q[AccAddrW-1:0], live5 && slot5_q == slot4_q[AccAddrW-1:0]};
    near6_q <= hit5_q[0];
    near7_q <= near6_q;
    two6_q  <= hit5_q[1];
  end
  always_ff @(posedge clk_i) begin
    early6_q   <= (sum8_q & {ACC_W{three5}}) | (sum9_q & {ACC_W{four5}});
    operand7_q <= acc6 | early6_q | (sum8_q & {ACC_W{two6_q}});
    sum8_q     <= sum_d;
    sum9_q     <= sum8_q;
  end

  assign operand = near7_q ? sum8_q : operand7_q;
  eie_select_add #(.Width(ACC_W), .TECH(TECH)) u_add (
    .a_i(ACC_W'(product7)), .b_i(operand7_q), .c_i(sum8_q), .other_i(near7_q), .carry_i(1'b0), .sum_o(sum)
  );
  assign sum_d   = (wb7_q && wb_clear_i) ? '0 : sum;

  // Overflow: operand and product of one sign, sum of the other.
  logic operand_neg8_q, product_neg8_q, overflow_q;
  always_ff @(posedge clk_i) begin
    operand_neg8_q <= operand[ACC_W-1];
    product_neg8_q <= product7[eie_pkg::ProductW-1];
  end
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) overflow_q <= 1'b0;
    else overflow_q <= valid8_q && operand_neg8_q == product_neg8_q && sum8_q[ACC_W-1] != operand_neg8_q;
  assign overflow_o = overflow_q;

  assign wb_valid_o = wb7_q;
  assign wb_acc_o   = (WB_CLOSE != 0) ? operand : operand7_q;

  `EIE_ASSERT(ActivationIsOfItsColumn_A, !valid5_q || act_i == carried5_q)
  `EIE_ASSERT(EntryAndWriteBackNeverMeet_A, !(entry_valid_i && wb_valid_i))
  `EIE_ASSERT(LayerStartsBeforeItsWriteBack_A, !(layer_start_i && wb_valid_i))
  `EIE_ASSERT(WriteBackIsNeverNear_A, WB_CLOSE != 0 || !(wb7_q && near7_q))
  `EIE_ASSERT(OneOperandAtMost_A, !two6_q || (acc6 == '0 && early6_q == '0))
  `EIE_ASSERT(WriteBackStaysInside_A, !wb4_q || 32'(slot4_q[AccAddrW-1:0]) < ROWS)
endmodule
