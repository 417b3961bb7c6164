// SPDX-License-Identifier: Apache-2.0
// Small RAM in logic cells: written at the clock edge, read at once. For queues. A read sees what was
// written up to the last edge. Contents are not reset and undefined until written.
module eie_ram_lut #(
  parameter int Width = 32,
  parameter int Depth = 16,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  initial if (Width < 1 || Depth < 1) $fatal(1, "%m: Width and Depth must be at least 1");

  (* ram_style = "distributed" *) logic [Width-1:0] mem [0:Depth-1];
  always_ff @(posedge clk_i) if (we_i) mem[waddr_i] <= wdata_i;
  assign rdata_o = mem[raddr_i];
endmodule
