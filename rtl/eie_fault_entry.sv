// SPDX-License-Identifier: Apache-2.0
// Remembers which entry a slot fault belongs to. The fault shows Lag cycles after its entry was issued; instead of
// sending the entry's index along the whole pipeline, a ring of the last eight indices is kept and stops
// when fault_i comes. entry_o is the index from three cycles after fault_i until flush_i.
// TECH: see eie_ram_1r1w. iCE40 has no RAM in logic cells and spends a block RAM.
`include "eie_assert.svh"
module eie_fault_entry #(
  parameter int Width = 16,
  parameter int Lag   = 5,
  parameter int TECH  = 0
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,
  input  logic [Width-1:0] issue_entry_i,  // of every cycle
  input  logic             fault_i,        // pulse
  output logic [Width-1:0] entry_o
);
  initial if (Lag < 1 || Lag > 7) $fatal(1, "%m: Lag (%0d) must be 1 to 7", Lag);

  logic       stopped_q;
  logic [2:0] now_q, fault_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) now_q <= '0;
    else now_q <= now_q + 1'b1;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) stopped_q <= 1'b0;
    else stopped_q <= stopped_q || fault_i;
  always_ff @(posedge clk_i) if (!stopped_q) fault_q <= now_q - 3'(Lag);

  if (TECH == 2) begin : g_block
    eie_ram_1r1w #(.Width(Width), .Depth(8), .TECH(TECH)) u_ring (
      .clk_i, .we_i(!stopped_q), .waddr_i(now_q), .wdata_i(issue_entry_i),
      .re_i(stopped_q), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(fault_q), .rdata_o(entry_o)
    );
  end else begin : g_cells
    eie_ram_lut #(.Width(Width), .Depth(8)) u_ring (
      .clk_i, .we_i(!stopped_q), .waddr_i(now_q), .wdata_i(issue_entry_i), .raddr_i(fault_q), .rdata_o(entry_o)
    );
  end
endmodule
