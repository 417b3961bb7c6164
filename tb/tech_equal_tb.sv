// SPDX-License-Identifier: Apache-2.0
// The generic bodies of the wrappers a port replaces (memory, multiplier, adder with a choice, shift, activations with codebooks)
// and those of ECP5, side by side, on the same random stimuli: same outputs in every cycle. Those of iCE40's SPRAM the same, wherever what is read is promised: a memory of
// one port gives garbage from a write until the next read. Memories are written through before they are compared.
// Prints "TECH_EQUAL <cycles> cycles <differences> differences"; a difference is fatal.
module tech_equal_tb;
  logic clk = 1'b0;
  always #1 clk = !clk;

  int differences = 0;
  int cycles = 0;
  int latch_words = 0, out_words = 0;  // of the SPRAM's shapes: cycles compared without and with the output register
  logic compare = 1'b0;

  logic signed [15:0] a, b;
  logic signed [31:0] p0, p1;
  eie_mul #(.TECH(0)) u_mul0 (.clk_i(clk), .a_i(a), .b_i(b), .product_o(p0));
  eie_mul #(.TECH(1)) u_mul1 (.clk_i(clk), .a_i(a), .b_i(b), .product_o(p1));

  // Adders: an even and an odd width, and an odd one with a carry.
  logic [63:0] x, y, z, s0, s1;
  logic        other, carry;
  for (genvar t = 0; t < 2; t++) begin : g_add
    logic [63:0] sum;
    eie_select_add #(.Width(32), .TECH(t)) u_even (
      .a_i(x[31:0]), .b_i(y[31:0]), .c_i(z[31:0]), .other_i(other), .carry_i(1'b1), .sum_o(sum[31:0]));
    eie_select_add #(.Width(15), .TECH(t)) u_odd (
      .a_i(x[46:32]), .b_i(y[46:32]), .c_i(z[46:32]), .other_i(other), .carry_i(carry), .sum_o(sum[46:32]));
    eie_select_add #(.Width(17), .CARRY(1), .TECH(t)) u_carry (
      .a_i(x[63:47]), .b_i(y[63:47]), .c_i(z[63:47]), .other_i(other), .carry_i(carry), .sum_o(sum[63:47]));
  end
  assign s0 = g_add[0].sum;
  assign s1 = g_add[1].sum;

  // The shift of write-back, of sums of every size; the distance stays while any is in there.
  logic signed [32:0] sum;
  logic [4:0]         shift = '0;
  logic [3:0]         shift_age_q = '0;
  logic [19:0]        shifted [0:1];
  int                 shifts = 0;
  for (genvar t = 0; t < 2; t++) begin : g_shift
    logic [17:0] word, word_one;
    logic        one, sign, past;
    eie_shift #(.TECH(t)) u_shift (
      .clk_i(clk), .sum_i(sum), .shift_i(shift), .shifted_o(word), .shifted_one_o(word_one), .one_o(one), .sign_o(sign), .past_o(past));
    assign shifted[t] = {one ? word_one : word, sign, past};
  end
  always_ff @(posedge clk) begin
    shift_age_q <= shift_age_q + 1'b1;
    if (&shift_age_q) shift <= $urandom;
  end

  // Activations and codebooks, used as a PE may: entries read while nothing is written, and the command bus reads
  // activations beside them; all else alone. What is promised is compared: weights of entries, answers asked for.
  localparam int BookW = 7;
  logic        entry_re, wb_we, act_we, book_we, cmd_re, is_book;
  logic [6:0]  entry_addr;
  logic [8:0]  wb_slot, cmd_addr;
  logic [2:0]  use_q [0:1];  // two cycles of {entry, answer of a codebook, of an activation}
  logic [15:0] weight0, weight1;
  logic [31:0] answer0, answer1;
  logic        differ_book;
  int          weights = 0, act_answers = 0, book_answers = 0;
  always_ff @(posedge clk) begin
    use_q[0] <= {entry_re, cmd_re && is_book, cmd_re && !is_book};
    use_q[1] <= use_q[0];
  end
  eie_act_book #(.CODE_W(4), .LAYERS(8), .ACT_SLOTS(512), .TECH(0)) u_book0 (
    .clk_i(clk), .rst_ni(1'b1), .entry_re_i(entry_re), .entry_addr_i(entry_addr), .weight_o(weight0),
    .wb_we_i(wb_we), .wb_slot_i(wb_slot), .wb_act_i(wdata[15:0]), .cmd_addr_i(cmd_addr), .cmd_wdata_i(wdata[31:16]),
    .act_we_i(act_we), .book_we_i(book_we), .re_i(cmd_re), .book_i(is_book),
    .act_answer_i(use_q[1][0]), .book_answer_i(use_q[1][1]), .rdata_o(answer0)
  );
  eie_act_book #(.CODE_W(4), .LAYERS(8), .ACT_SLOTS(512), .TECH(1)) u_book1 (
    .clk_i(clk), .rst_ni(1'b1), .entry_re_i(entry_re), .entry_addr_i(entry_addr), .weight_o(weight1),
    .wb_we_i(wb_we), .wb_slot_i(wb_slot), .wb_act_i(wdata[15:0]), .cmd_addr_i(cmd_addr), .cmd_wdata_i(wdata[31:16]),
    .act_we_i(act_we), .book_we_i(book_we), .re_i(cmd_re), .book_i(is_book),
    .act_answer_i(use_q[1][0]), .book_answer_i(use_q[1][1]), .rdata_o(answer1)
  );
  assign differ_book = (use_q[1][2] && weight0 !== weight1) || answer0 !== answer1;

  // One pair of RAMs for each shape: width, depth.
  localparam int Shapes = 8;
  logic               we, re, oe, clear;
  logic [13:0]        waddr, raddr;
  logic [71:0]        wdata;
  logic [Shapes-1:0]  differ;
  for (genvar s = 0; s < Shapes; s++) begin : g_shape
    localparam int Width = (s == 0) ? 36 : (s == 1) ? 18 : (s == 2) ? 33 : (s == 3) ? 72 : (s == 4) ? 16
                         : (s == 5) ? 17 : (s == 6) ? 5 : 1;
    localparam int Depth = (s == 0) ? 512 : (s == 1) ? 1024 : (s == 2) ? 256 : (s == 3) ? 300 : (s == 4) ? 2048
                         : (s == 5) ? 1030 : (s == 6) ? 4096 : 16384;
    localparam int AddrW = $clog2(Depth);
    logic [AddrW-1:0] wa, ra;
    logic [Width-1:0] q0, q1;
    assign wa = AddrW'(waddr % Depth);
    assign ra = AddrW'(raddr % Depth);
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .TECH(0)) u_ram0 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .clear_i(clear), .raddr_i(ra),
      .rdata_o(q0)
    );
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .TECH(1)) u_ram1 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .clear_i(clear), .raddr_i(ra),
      .rdata_o(q1)
    );
    assign differ[s] = q0 !== q1;
  end

  // SPRAM: one port, with and without an output register.
  localparam int Singles = 3;
  logic               latch_good_q, out_good_q;
  logic [Singles-1:0] differ_single;
  always_ff @(posedge clk) begin
    if (we || re) latch_good_q <= !we;
    if (oe) out_good_q <= latch_good_q || clear;
  end
  for (genvar s = 0; s < Singles; s++) begin : g_single
    localparam int Width   = (s == 0) ? 16 : (s == 1) ? 36 : 9;
    localparam int Depth   = (s == 0) ? 16384 : (s == 1) ? 4096 : 512;
    localparam int Latency = (s == 0) ? 1 : 2;
    localparam int AddrW   = $clog2(Depth);
    logic [AddrW-1:0] wa, ra;
    logic [Width-1:0] q0, q2;
    assign wa = AddrW'(waddr % Depth);
    assign ra = AddrW'(raddr % Depth);
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .LATENCY(Latency), .SINGLE_PORT(1), .TECH(0)) u_ram0 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .clear_i(clear), .raddr_i(ra),
      .rdata_o(q0)
    );
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .LATENCY(Latency), .SINGLE_PORT(1), .TECH(2)) u_ram2 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .clear_i(clear), .raddr_i(ra),
      .rdata_o(q2)
    );
    assign differ_single[s] = ((Latency == 1) ? latch_good_q : out_good_q) && q0 !== q2;
  end

  task one_cycle;
    @(negedge clk);
    a = $urandom; b = $urandom;
    wdata = {$urandom, $urandom, $urandom};
    re = $urandom; oe = $urandom;
    raddr = $urandom;
    x = {$urandom, $urandom}; y = {$urandom, $urandom}; z = {$urandom, $urandom};
    other = $urandom; carry = $urandom;
    sum = $signed({$urandom, $urandom}) >>> ($urandom % 33);
  endtask

  task book_cycle;  // one of the uses of eie_act_book
    {entry_re, wb_we, act_we, book_we, cmd_re} = '0;
    is_book = $urandom;
    {entry_addr, wb_slot, cmd_addr} = {$urandom, $urandom};
    if (is_book) cmd_addr[8:BookW] = '0;
    case ($urandom % 8)
      0: wb_we = 1'b1;
      1: {act_we, is_book} = 2'b10;
      2: {book_we, is_book} = 2'b11;
      3: cmd_re = 1'b1;
      4: entry_re = 1'b1;
      5, 6: {entry_re, cmd_re, is_book} = 3'b110;
      default: ;
    endcase
    if (book_we || (cmd_re && is_book)) cmd_addr[8:BookW] = '0;
  endtask

  initial begin
    we = 1'b1; re = 1'b1; oe = 1'b1; clear = 1'b0;
    {entry_re, wb_we, act_we, book_we, cmd_re, is_book} = '0;
    for (int k = 0; k < 16384; k++) begin
      one_cycle;
      waddr = k[13:0];
      act_we = k < 512; book_we = k >= 512 && k < 640; is_book = book_we;
      cmd_addr = (k < 512) ? k[8:0] : {2'b00, k[6:0]};
    end
    @(negedge clk);
    {we, re, oe} = 3'b011;
    repeat (4) @(negedge clk);
    compare = 1'b1;
    for (int k = 0; k < 20000 && differences < 10; k++) begin  // ten are enough to see
      one_cycle;
      book_cycle;
      clear = $urandom % 4 == 0;
      we = $urandom;
      // Often near the place just written, to meet collisions.
      waddr = ($urandom & 1) ? raddr : $urandom;
    end
    $display("TECH_EQUAL %0d cycles %0d differences", cycles, differences);
    if (differences != 0 || cycles < 20000 || latch_words < 5000 || out_words < 5000 || weights < 5000 || act_answers < 5000
        || book_answers < 500 || shifts < 10000) $fatal(1, "bodies for a device differ from the generic ones");
    $finish;
  end

  always @(posedge clk)
    if (compare) begin
      cycles = cycles + 1;
      latch_words = latch_words + 32'(latch_good_q);
      out_words   = out_words + 32'(out_good_q);
      weights      = weights + 32'(use_q[1][2]);
      book_answers = book_answers + 32'(use_q[1][1]);
      act_answers  = act_answers + 32'(use_q[1][0]);
      shifts = shifts + 32'(shift_age_q >= 4'd4);
      if (differ != '0 || differ_single != '0 || p0 !== p1 || s0 !== s1 || differ_book
          || (shift_age_q >= 4'd4 && shifted[0] !== shifted[1])) begin
        differences = differences + 1;
        if (differences < 10) $display("cycle %0d: shapes that differ %b, SPRAM %b, products %h %h, sums %h %h, weights %h %h, answers %h %h, shifted %h %h",
                                      cycles, differ, differ_single, p0, p1, s0, s1, weight0, weight1, answer0, answer1, shifted[0], shifted[1]);
      end
    end
endmodule
