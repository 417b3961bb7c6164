// SPDX-License-Identifier: Apache-2.0
// Receiver of a serial line, 8 data bits, no parity, one stop bit. Nothing is kept here: each data bit is
// told as it is sampled in its middle (lowest first), and then whether the byte ended with a good stop bit.
// A start bit that is no longer low in its middle was noise. After a bad stop bit the line must have been
// high again before the next byte can begin, so a broken wire is one bad byte, not many.
`include "eie_assert.svh"
module eie_uart_rx #(
  parameter int ClocksPerBit = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic rx_i,      // the wire: of no clock
  output logic bit_o,     // pulse: value_o is a data bit
  output logic value_o,
  output logic end_o,     // pulse: the eight bits before were a byte
  output logic error_o,   // pulse in place of end_o: no stop bit
  output logic active_o   // in a byte
);
  localparam int CountW = $clog2(ClocksPerBit);

  initial if (ClocksPerBit < 4) $fatal(1, "%m: ClocksPerBit (%0d) must be at least 4", ClocksPerBit);

  // Two registers against metastability; then one more, so that what decides is settled.
  logic meta_q, sync_q, line_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) {line_q, sync_q, meta_q} <= '1;
    else {line_q, sync_q, meta_q} <= {sync_q, meta_q, rx_i};

  // Slots of a byte: 0 the start bit, 1 to 8 data, 9 the stop bit.
  logic              active_q, broken_q, tick, leave;
  logic [CountW-1:0] count_q;
  logic [3:0]        slot_q;
  assign tick = active_q && count_q == '0;

  assign leave = tick && ((slot_q == 4'd0 && line_q) || slot_q == 4'd9);

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      active_q <= 1'b0;
      broken_q <= 1'b1;  // the line may be low from the start
    end else begin
      active_q <= active_q ? !leave : !line_q && !broken_q;
      broken_q <= !line_q && (active_q ? leave : broken_q);
    end

  always_ff @(posedge clk_i)
    if (!active_q) begin
      count_q <= CountW'(ClocksPerBit / 2 - 1);
      slot_q  <= '0;
    end else begin
      count_q <= tick ? CountW'(ClocksPerBit - 1) : count_q - 1'b1;
      slot_q  <= slot_q + 4'(tick);
    end

  logic in_data_q, in_stop_q;  // from slot_q, which moves many clocks before they are read
  always_ff @(posedge clk_i) begin
    in_data_q <= slot_q != 4'd0 && slot_q != 4'd9;
    in_stop_q <= slot_q == 4'd9;
  end
  always_ff @(posedge clk_i)
    if (!rst_ni) {bit_o, end_o, error_o} <= '0;
    else begin
      bit_o   <= tick && in_data_q;
      end_o   <= tick && in_stop_q && line_q;
      error_o <= tick && in_stop_q && !line_q;
    end
  always_ff @(posedge clk_i) value_o <= line_q;
  assign active_o = active_q;

  `EIE_ASSERT(NoByteOnABrokenWire_A, !(active_q && broken_q))
  `EIE_ASSERT(OnePulseAtATime_A, 2'(bit_o) + 2'(end_o) + 2'(error_o) < 2'd2)
endmodule
