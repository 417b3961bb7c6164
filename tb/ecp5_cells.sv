// SPDX-License-Identifier: Apache-2.0
// Behaviour of the ECP5 cells that rtl/ and synth/boards/ instantiate, as far as they use them: DP16KD written or read
// through port A and read through port B, with output registers and their reset (36 bits: written through A, read
// through both), MULT18X18D with input and output registers, and the carry chain's CCU2C. For simulation only; written
// from the cells' documented behaviour, not copied from a library.
// A read of bits that the other port writes in the same cycle gives their complement, as in eie_ram_1r1w; a port that
// writes reads what is written, complemented, too.
module DP16KD #(
  parameter int DATA_WIDTH_A = 18,
  parameter int DATA_WIDTH_B = 18,
  parameter REGMODE_A = "NOREG",
  parameter REGMODE_B = "NOREG",
  parameter RESETMODE = "SYNC",
  parameter ASYNC_RESET_RELEASE = "SYNC",
  parameter WRITEMODE_A = "NORMAL",
  parameter WRITEMODE_B = "NORMAL",
  parameter CSDECODE_A = "0b000",
  parameter CSDECODE_B = "0b000",
  parameter CLKAMUX = "CLKA",
  parameter CLKBMUX = "CLKB",
  parameter GSR = "DISABLED"
) (
  input  logic CLKA, CEA, OCEA, WEA, RSTA, CSA0, CSA1, CSA2,
  input  logic CLKB, CEB, OCEB, WEB, RSTB, CSB0, CSB1, CSB2,
  input  logic ADA0, ADA1, ADA2, ADA3, ADA4, ADA5, ADA6, ADA7, ADA8, ADA9, ADA10, ADA11, ADA12, ADA13,
  input  logic ADB0, ADB1, ADB2, ADB3, ADB4, ADB5, ADB6, ADB7, ADB8, ADB9, ADB10, ADB11, ADB12, ADB13,
  input  logic DIA0, DIA1, DIA2, DIA3, DIA4, DIA5, DIA6, DIA7, DIA8, DIA9, DIA10, DIA11, DIA12, DIA13,
  DIA14, DIA15, DIA16, DIA17,
  input  logic DIB0, DIB1, DIB2, DIB3, DIB4, DIB5, DIB6, DIB7, DIB8, DIB9, DIB10, DIB11, DIB12, DIB13,
  DIB14, DIB15, DIB16, DIB17,
  output logic DOA0, DOA1, DOA2, DOA3, DOA4, DOA5, DOA6, DOA7, DOA8, DOA9, DOA10, DOA11, DOA12, DOA13,
  DOA14, DOA15, DOA16, DOA17,
  output logic DOB0, DOB1, DOB2, DOB3, DOB4, DOB5, DOB6, DOB7, DOB8, DOB9, DOB10, DOB11, DOB12, DOB13,
  DOB14, DOB15, DOB16, DOB17
);
  initial if (DATA_WIDTH_A != DATA_WIDTH_B || REGMODE_A != "OUTREG" || REGMODE_B != "OUTREG")
    $fatal(1, "%m: this model knows equal widths with output registers only");

  localparam int W = DATA_WIDTH_A;
  localparam int Words = (W == 36) ? 512 : (W == 18) ? 1024 : (W == 9) ? 2048 : (W == 4) ? 4096
                       : (W == 2) ? 8192 : 16384;
  localparam int Shift = (W == 36) ? 5 : (W == 18) ? 4 : (W == 9) ? 3 : (W == 4) ? 2 : (W == 2) ? 1 : 0;

  logic [13:0] ada, adb;
  logic [35:0] di;
  assign ada = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  assign adb = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  assign di[17:0]  = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3,
      DIA2, DIA1, DIA0};
  assign di[35:18] = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3,
      DIB2, DIB1, DIB0};

  logic [W-1:0]  mem [0:Words-1];
  logic [13:0]   aword, bword;
  logic [3:0]    enable;  // of 9 bits each
  logic [35:0]   a_latch_q, a_out_q, b_latch_q, b_out_q, kept, next;
  logic          write;
  assign aword  = ada >> Shift;
  assign bword  = adb >> Shift;
  assign write  = CEA && WEA;
  assign enable = (W == 36) ? ada[3:0] : (W == 18) ? {2'b00, ada[1:0]} : 4'b0001;
  assign kept   = 36'(mem[aword[$clog2(Words)-1:0]]);
  for (genvar b = 0; b < 4; b++) begin : g_byte
    assign next[9*b +: 9] = enable[b] ? di[9*b +: 9] : kept[9*b +: 9];
  end

  always_ff @(posedge CLKA) begin
    if (write) mem[aword[$clog2(Words)-1:0]] <= next[W-1:0];
    if (CEA) a_latch_q <= WEA ? ~next : kept;
    if (OCEA) a_out_q <= RSTA ? '0 : a_latch_q;
  end
  always_ff @(posedge CLKB) begin
    if (CEB) b_latch_q <= (write && aword == bword) ? ~next : 36'(mem[bword[$clog2(Words)-1:0]]);
    if (OCEB) b_out_q <= RSTB ? '0 : b_latch_q;
  end

  // 36 bits are addressed by port B and leave through both ports.
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3,
      DOA2, DOA1, DOA0} = (W == 36) ? b_out_q[17:0] : a_out_q[17:0];
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3,
      DOB2, DOB1, DOB0} = (W == 36) ? b_out_q[35:18] : b_out_q[17:0];

  logic unused_pins;
  assign unused_pins = ^{CSA0, CSA1, CSA2, WEB, CSB0, CSB1, CSB2, a_out_q};
endmodule

// Two bits of a carry chain: a LUT of four inputs each, whose value says whether the carry passes; where it does not,
// the LUT's quarter with C and D 0 is the carry.
module CCU2C #(
  parameter logic [15:0] INIT0 = 16'h0000,
  parameter logic [15:0] INIT1 = 16'h0000,
  parameter INJECT1_0 = "YES",
  parameter INJECT1_1 = "YES"
) (
  input  logic CIN, A0, B0, C0, D0, A1, B1, C1, D1,
  output logic S0, S1, COUT
);
  initial if (INJECT1_0 != "NO" || INJECT1_1 != "NO") $fatal(1, "%m: this model knows chains of two bits only");
  logic pass0, pass1, middle;
  assign pass0  = INIT0[{D0, C0, B0, A0}];
  assign pass1  = INIT1[{D1, C1, B1, A1}];
  assign S0     = pass0 ^ CIN;
  assign middle = pass0 ? CIN : INIT0[{2'b00, B0, A0}];
  assign S1     = pass1 ^ middle;
  assign COUT   = pass1 ? middle : INIT1[{2'b00, B1, A1}];
endmodule

module MULT18X18D #(
  parameter REG_INPUTA_CLK = "NONE",
  parameter REG_INPUTA_CE = "CE0",
  parameter REG_INPUTA_RST = "RST0",
  parameter REG_INPUTB_CLK = "NONE",
  parameter REG_INPUTB_CE = "CE0",
  parameter REG_INPUTB_RST = "RST0",
  parameter REG_PIPELINE_CLK = "NONE",
  parameter REG_OUTPUT_CLK = "NONE",
  parameter REG_OUTPUT_CE = "CE0",
  parameter REG_OUTPUT_RST = "RST0",
  parameter GSR = "DISABLED",
  parameter SOURCEB_MODE = "B_SHIFT",
  parameter MULT_BYPASS = "DISABLED",
  parameter RESETMODE = "SYNC"
) (
  input  logic CLK0, CLK1, CLK2, CLK3, CE0, CE1, CE2, CE3, RST0, RST1, RST2, RST3,
  input  logic SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
  input  logic A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17,
  input  logic B0, B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17,
  output logic P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17, P18, P19,
  P20, P21, P22, P23, P24, P25, P26, P27, P28, P29, P30, P31, P32, P33, P34, P35
);
  initial if (REG_INPUTA_CLK != "CLK0" || REG_INPUTB_CLK != "CLK0" || REG_OUTPUT_CLK != "CLK0"
              || REG_PIPELINE_CLK != "NONE")
    $fatal(1, "%m: this model knows input and output registers on CLK0 only");

  logic signed [17:0] a, b, a_q, b_q;
  logic signed [35:0] p_q;
  assign a = {A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
  assign b = {B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
  always_ff @(posedge CLK0)
    if (CE0) begin
      a_q <= a;
      b_q <= b;
      p_q <= a_q * b_q;
    end
  assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16,
      P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} = p_q;

  logic unused_pins;
  assign unused_pins = ^{CLK1, CLK2, CLK3, CE1, CE2, CE3, RST0, RST1, RST2, RST3, SIGNEDA, SIGNEDB, SOURCEA, SOURCEB};
endmodule

// Passes its clock through and locks at once.
module EHXPLLL #(
  parameter int CLKI_DIV = 1,
  parameter int CLKFB_DIV = 1,
  parameter int CLKOP_DIV = 8,
  parameter CLKOP_ENABLE = "ENABLED",
  parameter int CLKOP_CPHASE = 0,
  parameter int CLKOP_FPHASE = 0,
  parameter FEEDBK_PATH = "CLKOP",
  parameter OUTDIVIDER_MUXA = "DIVA",
  parameter PLLRST_ENA = "DISABLED",
  parameter INTFB_WAKE = "DISABLED",
  parameter STDBY_ENABLE = "DISABLED",
  parameter DPHASE_SOURCE = "DISABLED"
) (
  input  logic CLKI, CLKFB, RST, STDBY, PHASESEL0, PHASESEL1, PHASEDIR, PHASESTEP, PHASELOADREG, PLLWAKESYNC, ENCLKOP,
  output logic CLKOP, LOCK
);
  assign CLKOP = CLKI;
  assign LOCK  = !RST;
  logic unused_pins;
  assign unused_pins = ^{CLKFB, STDBY, PHASESEL0, PHASESEL1, PHASEDIR, PHASESTEP, PHASELOADREG, PLLWAKESYNC, ENCLKOP};
endmodule
