// SPDX-License-Identifier: Apache-2.0
// Delay line: what comes in leaves Cycles later (0: at once). A flush empties it.
module eie_delay #(
  parameter int Width  = 16,
  parameter int Cycles = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,
  input  logic             valid_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  output logic [Width-1:0] data_o
);
  initial if (Cycles < 0) $fatal(1, "%m: Cycles must not be negative");

  if (Cycles == 0) begin : g_wire
    logic unused_all;
    assign unused_all = ^{clk_i, rst_ni, flush_i};
    assign valid_o = valid_i;
    assign data_o  = data_i;
  end else begin : g_line
    logic [Cycles-1:0]       valid_q;
    logic [Width*Cycles-1:0] data_q;
    always_ff @(posedge clk_i)
      if (!rst_ni || flush_i) valid_q <= '0;
      else valid_q <= Cycles'({valid_q, valid_i});
    always_ff @(posedge clk_i) data_q <= (Width * Cycles)'({data_q, data_i});
    assign valid_o = valid_q[Cycles-1];
    assign data_o  = data_q[Width*(Cycles-1) +: Width];
  end
endmodule
