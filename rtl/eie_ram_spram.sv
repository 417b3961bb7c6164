// SPDX-License-Identifier: Apache-2.0
// The latch of eie_ram_1r1w with SINGLE_PORT on Lattice iCE40 UP5K: SB_SPRAM256KA, 16,384 words of 16 bits, side by
// side for wider words; an UP5K has four. Read data one cycle after re_i. One port: a cycle that writes does not
// read, and what the latch then holds is garbage. With the model of
// tb/ice40_cells.sv whole arrays are compared with the golden model (tests/short_pipeline.sh, tests/boards_uart.sh).
module eie_ram_spram #(
  parameter int Width = 16,
  parameter int Depth = 16384,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  localparam int Blocks = (Width + 15) / 16;

  initial if (Depth > 16384) $fatal(1, "%m: Depth (%0d) is above 16384, the depth of an SPRAM", Depth);

  logic [13:0]          addr;
  logic [16*Blocks-1:0] write_padded, read_padded;
  assign addr         = we_i ? 14'(waddr_i) : 14'(raddr_i);
  assign write_padded = (16 * Blocks)'(wdata_i);
  for (genvar b = 0; b < Blocks; b++) begin : g_block
    SB_SPRAM256KA u_block (
      .CLOCK(clk_i), .CHIPSELECT(we_i || re_i), .WREN(we_i), .MASKWREN(4'b1111), .ADDRESS(addr),
      .DATAIN(write_padded[16*b +: 16]), .DATAOUT(read_padded[16*b +: 16]),
      .STANDBY(1'b0), .SLEEP(1'b0), .POWEROFF(1'b1)
    );
  end
  assign rdata_o = read_padded[Width-1:0];
  if (16 * Blocks > Width) begin : g_spare
    logic unused_spare;
    assign unused_spare = ^read_padded[16*Blocks-1:Width];
  end
endmodule
