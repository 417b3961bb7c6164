// SPDX-License-Identifier: Apache-2.0
// Performance counter: adds add_i every cycle and stops at full scale instead of wrapping. clear_i sets
// it to this cycle's add_i.
module eie_counter #(
  parameter int AddW = 1
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         clear_i,
  input  logic [AddW-1:0]              add_i,
  output logic [eie_pkg::CounterW-1:0] count_o
);
  localparam int CounterW = eie_pkg::CounterW;

  logic [CounterW-1:0] count_q;
  logic [CounterW:0]   sum;
  assign sum = {1'b0, clear_i ? CounterW'(0) : count_q} + (CounterW + 1)'(add_i);

  always_ff @(posedge clk_i)
    if (!rst_ni) count_q <= '0;
    else count_q <= sum[CounterW] ? '1 : sum[CounterW-1:0];
  assign count_o = count_q;
endmodule
