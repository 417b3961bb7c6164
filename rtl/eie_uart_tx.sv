// SPDX-License-Identifier: Apache-2.0
// Sender of a serial line, 8 data bits, no parity, one stop bit. It keeps no byte: it takes bit_i, lowest
// first, at the edge behind take_o. valid_i is looked at when the line is free and at the end of a stop bit,
// so bytes follow each other without a gap. From last_o (the take of a byte's last bit) there are two bit
// times until valid_i is looked at, and from any take one bit time until the next.
`include "eie_assert.svh"
module eie_uart_tx #(
  parameter int ClocksPerBit = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic valid_i,  // there is a byte
  input  logic bit_i,
  output logic take_o,
  output logic last_o,
  output logic tx_o      // the wire, from a register
);
  localparam int CountW = $clog2(ClocksPerBit);

  initial if (ClocksPerBit < 4) $fatal(1, "%m: ClocksPerBit (%0d) must be at least 4", ClocksPerBit);

  // Slots: 0 the line is free, 1 the start bit, 2 to 9 data, 10 the stop bit. tick: the slot ends.
  logic [CountW-1:0] count_q;
  logic [3:0]        slot_q;
  logic              tick_q, sent, take;
  assign sent   = slot_q == 4'd0 || (tick_q && slot_q == 4'd10);
  assign take   = tick_q && slot_q != 4'd0 && slot_q < 4'd9;
  assign take_o = take;
  assign last_o = tick_q && slot_q == 4'd8;

  always_ff @(posedge clk_i)
    if (!rst_ni) slot_q <= '0;
    else slot_q <= sent ? 4'(valid_i) : slot_q + 4'(tick_q);
  // Without an enable: iCE40 would have the reset in front of that.
  always_ff @(posedge clk_i) tx_o <= !rst_ni || (sent ? !valid_i : tick_q ? !take || bit_i : tx_o);

  always_ff @(posedge clk_i) begin
    tick_q  <= slot_q != 4'd0 && count_q == CountW'(1);
    count_q <= sent || tick_q ? CountW'(ClocksPerBit - 1) : count_q - 1'b1;
  end

  `EIE_ASSERT(LineIsHighWhenFree_A, slot_q != 4'd0 || tx_o)
endmodule
