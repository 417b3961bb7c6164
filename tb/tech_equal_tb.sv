// SPDX-License-Identifier: Apache-2.0
// The generic bodies of the two wrappers a port replaces and those of ECP5, side by side, on the same random
// stimuli: same outputs in every cycle. Those of iCE40's SPRAM the same, wherever what is read is promised: a memory of
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

  // One pair of RAMs for each shape: width, depth.
  localparam int Shapes = 8;
  logic               we, re, oe;
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
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .raddr_i(ra),
      .rdata_o(q0)
    );
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .TECH(1)) u_ram1 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .raddr_i(ra),
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
    if (oe) out_good_q <= latch_good_q;
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
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .raddr_i(ra),
      .rdata_o(q0)
    );
    eie_ram_1r1w #(.Width(Width), .Depth(Depth), .LATENCY(Latency), .SINGLE_PORT(1), .TECH(2)) u_ram2 (
      .clk_i(clk), .we_i(we), .waddr_i(wa), .wdata_i(wdata[Width-1:0]), .re_i(re), .oe_i(oe), .raddr_i(ra),
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
  endtask

  initial begin
    we = 1'b1; re = 1'b1; oe = 1'b1;
    for (int k = 0; k < 16384; k++) begin
      one_cycle;
      waddr = k[13:0];
    end
    @(negedge clk);
    {we, re, oe} = 3'b011;
    repeat (4) @(negedge clk);
    compare = 1'b1;
    for (int k = 0; k < 20000; k++) begin
      one_cycle;
      we = $urandom;
      // Often near the place just written, to meet collisions.
      waddr = ($urandom & 1) ? raddr : $urandom;
    end
    $display("TECH_EQUAL %0d cycles %0d differences", cycles, differences);
    if (differences != 0 || cycles < 20000 || latch_words < 5000 || out_words < 5000) $fatal(1, "bodies for a device differ from the generic ones");
    $finish;
  end

  always @(posedge clk)
    if (compare) begin
      cycles = cycles + 1;
      latch_words = latch_words + 32'(latch_good_q);
      out_words   = out_words + 32'(out_good_q);
      if (differ != '0 || differ_single != '0 || p0 !== p1) begin
        differences = differences + 1;
        if (differences < 10) $display("cycle %0d: shapes that differ %b, SPRAM %b, products %h %h", cycles, differ, differ_single, p0, p1);
      end
    end
endmodule
