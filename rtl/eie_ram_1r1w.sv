// SPDX-License-Identifier: Apache-2.0
// Memory with one write port and one read port: the one file a port to another device replaces.
// Read data appears two cycles after the address: re_i loads the RAM's latch, oe_i its output register;
// either may be held back. With LATENCY 1 there is no output register and oe_i means nothing (not on ECP5).
// A read of the place that is written in the same cycle gives garbage (the complement of the written word in
// simulation, so that a missing bypass shows): callers avoid or bypass it.
// Contents are not reset and undefined until written. clear_i with oe_i: 0 in place of what was read (not with LATENCY 1).
// SINGLE_PORT 1: the caller never wants what it reads in a cycle in which it writes, whatever the address, so
// that one port is enough. CELLS 1: small, and welcome in the RAM of logic cells where block RAM is short.
// LATE_READ 1: nor does the caller write a place in the cycle after it began to read it, so that the address may be
// kept in a register instead of the data, which is wider.
// TECH 0 infers block RAM on any device; 1 instantiates ECP5's, whose output register Yosys does not use by
// itself; 2 is iCE40 UP5K: SPRAM for one port, else inferred; 3 is Gowin: inferred, block RAM unless CELLS. 1 and 3 heed
// CELLS, 2 LATE_READ.
module eie_ram_1r1w #(
  parameter int Width = 32,
  parameter int Depth = 256,
  parameter int LATENCY = 2,
  parameter int SINGLE_PORT = 0,
  parameter int CELLS = 0,
  parameter int LATE_READ = 0,
  parameter int TECH  = 0,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic             oe_i,
  input  logic             clear_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  initial if (Width < 1 || Depth < 1) $fatal(1, "%m: Width and Depth must be at least 1");
  initial if (TECH < 0 || TECH > 3) $fatal(1, "%m: TECH %0d has no memory here (0 to 3)", TECH);
  initial if (LATENCY != 2 && (LATENCY != 1 || TECH == 1))
    $fatal(1, "%m: LATENCY (%0d) must be 2, or 1 where TECH is not 1", LATENCY);

  if (TECH == 1 && CELLS == 0) begin : g_ecp5
    eie_ram_ecp5 #(.Width(Width), .Depth(Depth)) u_ram (
      .clk_i, .we_i, .waddr_i, .wdata_i, .re_i, .oe_i, .clear_i, .raddr_i, .rdata_o
    );
  end else begin : g_latch
    logic [Width-1:0] latch;  // one cycle after the address; two with g_late
    if (CELLS != 0 && (TECH == 1 || TECH == 3)) begin : g_cells
      // Cells read at once: the address waits, which is narrower than the word.
      (* ram_style = "distributed" *) logic [Width-1:0] mem [0:Depth-1];
      logic [AddrW-1:0] addr_q;
      always_ff @(posedge clk_i) if (we_i) mem[waddr_i] <= wdata_i;
      always_ff @(posedge clk_i) if (re_i) addr_q <= raddr_i;
      assign latch = mem[addr_q];
    end else if (TECH == 3) begin : g_block
      (* no_rw_check, ram_style = "block" *) logic [Width-1:0] mem [0:Depth-1];
      logic [Width-1:0] latch_q;
      always_ff @(posedge clk_i) if (we_i) mem[waddr_i] <= wdata_i;
`ifdef YOSYS
      always_ff @(posedge clk_i) if (re_i) latch_q <= mem[raddr_i];
`else
      always_ff @(posedge clk_i) if (re_i) latch_q <= (we_i && waddr_i == raddr_i) ? ~wdata_i : mem[raddr_i];
`endif
      assign latch = latch_q;
    end else if (TECH == 2 && SINGLE_PORT != 0) begin : g_spram
      eie_ram_spram #(.Width(Width), .Depth(Depth)) u_ram (
        .clk_i, .we_i, .waddr_i, .wdata_i, .re_i, .raddr_i, .rdata_o(latch)
      );
    end else if (TECH == 2 && LATE_READ != 0 && LATENCY == 2) begin : g_late
      (* no_rw_check *) logic [Width-1:0] mem [0:Depth-1];
      logic [AddrW-1:0] addr_q;
      logic [Width-1:0] latch_q;
      always_ff @(posedge clk_i) if (we_i) mem[waddr_i] <= wdata_i;
      always_ff @(posedge clk_i) if (re_i) addr_q <= raddr_i;
`ifdef YOSYS
      always_ff @(posedge clk_i) if (oe_i) latch_q <= mem[addr_q];
`else
      always_ff @(posedge clk_i)
        if (oe_i) latch_q <= (we_i && waddr_i == addr_q) ? ~wdata_i : mem[addr_q];
`endif
      assign latch = latch_q;
    end else begin : g_generic
      (* no_rw_check *) logic [Width-1:0] mem [0:Depth-1];
      logic [Width-1:0] latch_q;
      always_ff @(posedge clk_i) if (we_i) mem[waddr_i] <= wdata_i;
`ifdef YOSYS
      always_ff @(posedge clk_i) if (re_i) latch_q <= mem[raddr_i];
`else
      always_ff @(posedge clk_i)
        if (re_i) latch_q <= (we_i && (SINGLE_PORT != 0 || waddr_i == raddr_i)) ? ~wdata_i : mem[raddr_i];
`endif
      assign latch = latch_q;
    end

    if (LATENCY == 1 || (TECH == 2 && LATE_READ != 0 && SINGLE_PORT == 0)) begin : g_out
      logic unused_oe;
      assign unused_oe = oe_i && clear_i;
      assign rdata_o = latch;
    end else begin : g_out_register
      logic [Width-1:0] rdata_q;
      always_ff @(posedge clk_i) if (oe_i) rdata_q <= clear_i ? '0 : latch;
      assign rdata_o = rdata_q;
    end
  end
endmodule
