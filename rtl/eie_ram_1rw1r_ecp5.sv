// SPDX-License-Identifier: Apache-2.0
// One block RAM of Lattice ECP5 with both ports in use: port A writes or reads, port B reads; both answer two cycles
// after the address. Up to 1024 words of up to 18 bits. There is no generic body: a design that wants such a
// memory on another device has two memories of one read port each (eie_act_book).
// A read of the place that the other port writes in the same cycle gives garbage, and so does port A in a cycle
// in which it writes: callers do not look.
module eie_ram_1rw1r_ecp5 #(
  parameter int Width = 16,
  parameter int Depth = 1024,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             a_we_i,
  input  logic [AddrW-1:0] a_addr_i,
  input  logic [Width-1:0] a_wdata_i,
  output logic [Width-1:0] a_rdata_o,
  input  logic             b_re_i,
  input  logic [AddrW-1:0] b_addr_i,
  output logic [Width-1:0] b_rdata_o
);
  initial if (Width < 1 || Width > 18) $fatal(1, "%m: Width (%0d) must be 1 to 18", Width);
  initial if (Depth < 1 || Depth > 1024) $fatal(1, "%m: Depth (%0d) must be 1 to 1024", Depth);

  logic [13:0] a, b;  // bit addresses; the two lowest of a port that writes 18 bits enable its bytes
  logic [17:0] d, qa, qb;
  assign a = (14'(a_addr_i) << 4) | 14'h0003;
  assign b = 14'(b_addr_i) << 4;
  assign d = 18'(a_wdata_i);
  assign a_rdata_o = qa[Width-1:0];
  assign b_rdata_o = qb[Width-1:0];

  DP16KD #(
    .DATA_WIDTH_A(18), .DATA_WIDTH_B(18), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"),
    .RESETMODE("SYNC"), .ASYNC_RESET_RELEASE("SYNC"), .WRITEMODE_A("NORMAL"), .WRITEMODE_B("NORMAL"),
    .CSDECODE_A("0b000"), .CSDECODE_B("0b000"), .CLKAMUX("CLKA"), .CLKBMUX("CLKB"), .GSR("DISABLED")
  ) u_block (
    .CLKA(clk_i), .CEA(1'b1), .OCEA(1'b1), .WEA(a_we_i), .RSTA(1'b0), .CSA0(1'b0), .CSA1(1'b0), .CSA2(1'b0),
    .CLKB(clk_i), .CEB(b_re_i), .OCEB(1'b1), .WEB(1'b0), .RSTB(1'b0), .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
    .ADA0(a[0]), .ADA1(a[1]), .ADA2(a[2]), .ADA3(a[3]), .ADA4(a[4]), .ADA5(a[5]), .ADA6(a[6]),
    .ADA7(a[7]), .ADA8(a[8]), .ADA9(a[9]), .ADA10(a[10]), .ADA11(a[11]), .ADA12(a[12]), .ADA13(a[13]),
    .ADB0(b[0]), .ADB1(b[1]), .ADB2(b[2]), .ADB3(b[3]), .ADB4(b[4]), .ADB5(b[5]), .ADB6(b[6]),
    .ADB7(b[7]), .ADB8(b[8]), .ADB9(b[9]), .ADB10(b[10]), .ADB11(b[11]), .ADB12(b[12]), .ADB13(b[13]),
    .DIA0(d[0]), .DIA1(d[1]), .DIA2(d[2]), .DIA3(d[3]), .DIA4(d[4]), .DIA5(d[5]), .DIA6(d[6]), .DIA7(d[7]), .DIA8(d[8]),
    .DIA9(d[9]), .DIA10(d[10]), .DIA11(d[11]), .DIA12(d[12]), .DIA13(d[13]), .DIA14(d[14]), .DIA15(d[15]),
    .DIA16(d[16]), .DIA17(d[17]),
    .DIB0(1'b0), .DIB1(1'b0), .DIB2(1'b0), .DIB3(1'b0), .DIB4(1'b0), .DIB5(1'b0), .DIB6(1'b0), .DIB7(1'b0), .DIB8(1'b0),
    .DIB9(1'b0), .DIB10(1'b0), .DIB11(1'b0), .DIB12(1'b0), .DIB13(1'b0), .DIB14(1'b0), .DIB15(1'b0),
    .DIB16(1'b0), .DIB17(1'b0),
    .DOA0(qa[0]), .DOA1(qa[1]), .DOA2(qa[2]), .DOA3(qa[3]), .DOA4(qa[4]), .DOA5(qa[5]), .DOA6(qa[6]), .DOA7(qa[7]),
    .DOA8(qa[8]), .DOA9(qa[9]), .DOA10(qa[10]), .DOA11(qa[11]), .DOA12(qa[12]), .DOA13(qa[13]), .DOA14(qa[14]),
    .DOA15(qa[15]), .DOA16(qa[16]), .DOA17(qa[17]),
    .DOB0(qb[0]), .DOB1(qb[1]), .DOB2(qb[2]), .DOB3(qb[3]), .DOB4(qb[4]), .DOB5(qb[5]), .DOB6(qb[6]), .DOB7(qb[7]),
    .DOB8(qb[8]), .DOB9(qb[9]), .DOB10(qb[10]), .DOB11(qb[11]), .DOB12(qb[12]), .DOB13(qb[13]), .DOB14(qb[14]),
    .DOB15(qb[15]), .DOB16(qb[16]), .DOB17(qb[17])
  );
  logic unused_spare;
  assign unused_spare = ^{qa, qb};
endmodule
