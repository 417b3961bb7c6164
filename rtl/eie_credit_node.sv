// SPDX-License-Identifier: Apache-2.0
// Node of the credit tree: one pulse out for every pulse that has come from *all* children. The n-th
// pulse leaves one cycle after the n-th pulse of the slowest child, however far the others are ahead
// (at most Ahead pulses).
`include "eie_assert.svh"
module eie_credit_node #(
  parameter int Kids  = 4,
  parameter int Ahead = 16
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            flush_i,
  input  logic [Kids-1:0] pulse_i,
  output logic            pulse_o
);
  localparam int CountW = $clog2(Ahead + 1);

  initial if (Kids < 1 || Ahead < 1) $fatal(1, "%m: Kids and Ahead must be at least 1");

  logic [Kids-1:0] ready;
  logic            join_all, pulse_q;

  assign join_all = &ready;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) pulse_q <= 1'b0;
    else pulse_q <= join_all;
  assign pulse_o = pulse_q;

  for (genvar k = 0; k < Kids; k++) begin : g_kid
    logic [CountW-1:0] waiting_q;  // pulses of this child that wait for the others
    logic              some_q;     // there are such
    assign ready[k] = pulse_i[k] || some_q;
    always_ff @(posedge clk_i)
      if (!rst_ni || flush_i) begin
        waiting_q <= '0;
        some_q    <= 1'b0;
      end else if (pulse_i[k] && !join_all) begin
        waiting_q <= waiting_q + 1'b1;
        some_q    <= 1'b1;
      end else if (!pulse_i[k] && join_all) begin
        waiting_q <= waiting_q - 1'b1;
        some_q    <= waiting_q != CountW'(1);
      end

    `EIE_ASSERT(SomeIsKnown_A, some_q == (waiting_q != '0))
    `EIE_ASSERT(NoMoreAheadThanCredits_A, waiting_q <= CountW'(Ahead))
  end
endmodule
