// SPDX-License-Identifier: Apache-2.0
// The Gowin PLL as synth/boards/ instantiates it: it passes its clock through and locks at once. For simulation only.
module rPLL #(
  parameter DEVICE = "GW2AR-18C",
  parameter FCLKIN = "27",
  parameter int IDIV_SEL = 0,
  parameter int FBDIV_SEL = 0,
  parameter int ODIV_SEL = 8
) (
  input  logic       CLKIN,
  input  logic       CLKFB,
  input  logic       RESET,
  input  logic       RESET_P,
  input  logic [5:0] FBDSEL,
  input  logic [5:0] IDSEL,
  input  logic [5:0] ODSEL,
  input  logic [3:0] PSDA,
  input  logic [3:0] DUTYDA,
  input  logic [3:0] FDLY,
  output logic       CLKOUT,
  output logic       LOCK
);
  assign CLKOUT = CLKIN;
  assign LOCK   = !RESET && !RESET_P;
  logic unused_pins;
  assign unused_pins = ^{CLKFB, FBDSEL, IDSEL, ODSEL, PSDA, DUTYDA, FDLY};
endmodule
