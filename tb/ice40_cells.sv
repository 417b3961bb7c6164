// SPDX-License-Identifier: Apache-2.0
// Behaviour of the iCE40 UP5K cells that rtl/ and synth/boards/ instantiate, as far as they use them: the SPRAM,
// and the PLL, which passes its clock through and locks at once. For simulation only; written from the cells'
// documented behaviour, not copied from a library. What an SPRAM's latch holds behind a write is the
// complement of what was written, as in eie_ram_1r1w.
module SB_SPRAM256KA (
  input  logic [13:0] ADDRESS,
  input  logic [15:0] DATAIN,
  input  logic [3:0]  MASKWREN,
  input  logic        WREN,
  input  logic        CHIPSELECT,
  input  logic        CLOCK,
  input  logic        STANDBY,
  input  logic        SLEEP,
  input  logic        POWEROFF,
  output logic [15:0] DATAOUT
);
  logic [15:0] mem [0:16383];
  logic [15:0] latch_q, mask;
  for (genvar k = 0; k < 4; k++) begin : g_mask
    assign mask[4*k +: 4] = {4{MASKWREN[k]}};
  end
  always_ff @(posedge CLOCK)
    if (CHIPSELECT) begin
      if (WREN) mem[ADDRESS] <= (DATAIN & mask) | (mem[ADDRESS] & ~mask);
      latch_q <= WREN ? ~DATAIN : mem[ADDRESS];
    end
  assign DATAOUT = latch_q;
  always_ff @(posedge CLOCK)
    if (STANDBY || SLEEP || !POWEROFF) $fatal(1, "%m: this model knows no power saving");
endmodule

module SB_PLL40_PAD #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter logic [3:0] DIVR = 4'd0,
  parameter logic [6:0] DIVF = 7'd0,
  parameter logic [2:0] DIVQ = 3'd0,
  parameter logic [2:0] FILTER_RANGE = 3'd0
) (
  input  logic PACKAGEPIN,
  input  logic RESETB,
  input  logic BYPASS,
  output logic PLLOUTGLOBAL,
  output logic LOCK
);
  assign PLLOUTGLOBAL = PACKAGEPIN;
  assign LOCK = RESETB && !BYPASS;
endmodule
