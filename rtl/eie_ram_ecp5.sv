// SPDX-License-Identifier: Apache-2.0
// eie_ram_1r1w on Lattice ECP5: DP16KD block RAMs side by side, written through port A, read through
// port B, with the output register inside the RAM (which Yosys does not use by itself: 1 ns from clock to
// data instead of 5.6). The width of a block follows from the depth: 512 x 36, 1024 x 18, 2048 x 9,
// 4096 x 4, 8192 x 2, 16384 x 1. Tested equal to the generic body with tb/ecp5_cells.sv.
module eie_ram_ecp5 #(
  parameter int Width = 32,
  parameter int Depth = 256,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic             oe_i,
  input  logic             clear_i,  // with oe_i: resets the output register
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  // Data bits of a block, and how far the word address is shifted to become the block's bit address.
  localparam int BlockW = (Depth <= 512 && Width > 18) ? 36 : (Depth <= 1024) ? 18 : (Depth <= 2048) ? 9
                        : (Depth <= 4096) ? 4 : (Depth <= 8192) ? 2 : 1;
  localparam int Shift  = (BlockW == 36) ? 5 : (BlockW == 18) ? 4 : (BlockW == 9) ? 3
                        : (BlockW == 4) ? 2 : (BlockW == 2) ? 1 : 0;
  localparam int Blocks = (Width + BlockW - 1) / BlockW;

  initial if (Depth > 16384)
    $fatal(1, "%m: Depth (%0d) is above 16384, the deepest block RAM of an ECP5", Depth);

  logic [13:0]              write_addr, read_addr, enables;
  logic [BlockW*Blocks-1:0] write_padded, read_padded;

  // Address bits below the word are byte enables when 18 or 36 bits are written.
  assign enables      = (BlockW == 36) ? 14'h000F : (BlockW == 18) ? 14'h0003 : 14'h0000;
  assign write_addr   = (14'(waddr_i) << Shift) | enables;
  assign read_addr    = 14'(raddr_i) << Shift;
  assign write_padded = (BlockW * Blocks)'(wdata_i);
  assign rdata_o      = read_padded[Width-1:0];
  if (BlockW * Blocks > Width) begin : g_spare
    logic unused_spare;
    assign unused_spare = ^read_padded[BlockW*Blocks-1:Width];
  end

  for (genvar b = 0; b < Blocks; b++) begin : g_block
    logic [35:0] d, q;
    assign d = 36'(write_padded[BlockW*b +: BlockW]);
    // Up to 18 bits are read from port B's outputs; 36 bits take port A's as the low half.
    assign read_padded[BlockW*b +: BlockW] = (BlockW == 36) ? BlockW'(q) : BlockW'(q[35:18]);
    logic unused_outputs;
    assign unused_outputs = ^q;

    DP16KD #(
      .DATA_WIDTH_A(BlockW), .DATA_WIDTH_B(BlockW), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"),
      .RESETMODE("SYNC"), .ASYNC_RESET_RELEASE("SYNC"), .WRITEMODE_A("NORMAL"), .WRITEMODE_B("NORMAL"),
      .CSDECODE_A("0b000"), .CSDECODE_B("0b000"), .CLKAMUX("CLKA"), .CLKBMUX("CLKB"), .GSR("DISABLED")
    ) u_block (
      .CLKA(clk_i), .CEA(1'b1), .OCEA(oe_i), .WEA(we_i), .RSTA(clear_i), .CSA0(1'b0), .CSA1(1'b0), .CSA2(1'b0),
      .CLKB(clk_i), .CEB(re_i), .OCEB(oe_i), .WEB(1'b0), .RSTB(clear_i), .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
      .ADA0(write_addr[0]), .ADA1(write_addr[1]), .ADA2(write_addr[2]), .ADA3(write_addr[3]), .ADA4(write_addr[4]), .ADA5(write_addr[5]),
      .ADA6(write_addr[6]), .ADA7(write_addr[7]), .ADA8(write_addr[8]), .ADA9(write_addr[9]), .ADA10(write_addr[10]), .ADA11(write_addr[11]),
      .ADA12(write_addr[12]), .ADA13(write_addr[13]),
      .ADB0(read_addr[0]), .ADB1(read_addr[1]), .ADB2(read_addr[2]), .ADB3(read_addr[3]), .ADB4(read_addr[4]), .ADB5(read_addr[5]),
      .ADB6(read_addr[6]), .ADB7(read_addr[7]), .ADB8(read_addr[8]), .ADB9(read_addr[9]), .ADB10(read_addr[10]), .ADB11(read_addr[11]),
      .ADB12(read_addr[12]), .ADB13(read_addr[13]),
      .DIA0(d[0]), .DIA1(d[1]), .DIA2(d[2]), .DIA3(d[3]), .DIA4(d[4]), .DIA5(d[5]),
      .DIA6(d[6]), .DIA7(d[7]), .DIA8(d[8]), .DIA9(d[9]), .DIA10(d[10]), .DIA11(d[11]),
      .DIA12(d[12]), .DIA13(d[13]), .DIA14(d[14]), .DIA15(d[15]), .DIA16(d[16]), .DIA17(d[17]),
      .DIB0(d[18]), .DIB1(d[19]), .DIB2(d[20]), .DIB3(d[21]), .DIB4(d[22]), .DIB5(d[23]),
      .DIB6(d[24]), .DIB7(d[25]), .DIB8(d[26]), .DIB9(d[27]), .DIB10(d[28]), .DIB11(d[29]),
      .DIB12(d[30]), .DIB13(d[31]), .DIB14(d[32]), .DIB15(d[33]), .DIB16(d[34]), .DIB17(d[35]),
      .DOA0(q[0]), .DOA1(q[1]), .DOA2(q[2]), .DOA3(q[3]), .DOA4(q[4]), .DOA5(q[5]),
      .DOA6(q[6]), .DOA7(q[7]), .DOA8(q[8]), .DOA9(q[9]), .DOA10(q[10]), .DOA11(q[11]),
      .DOA12(q[12]), .DOA13(q[13]), .DOA14(q[14]), .DOA15(q[15]), .DOA16(q[16]), .DOA17(q[17]),
      .DOB0(q[18]), .DOB1(q[19]), .DOB2(q[20]), .DOB3(q[21]), .DOB4(q[22]), .DOB5(q[23]),
      .DOB6(q[24]), .DOB7(q[25]), .DOB8(q[26]), .DOB9(q[27]), .DOB10(q[28]), .DOB11(q[29]),
      .DOB12(q[30]), .DOB13(q[31]), .DOB14(q[32]), .DOB15(q[33]), .DOB16(q[34]), .DOB17(q[35])
    );
  end
endmodule
