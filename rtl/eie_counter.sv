// SPDX-License-Identifier: Apache-2.0
// Performance counter: adds add_i every cycle. clear_i sets it to this cycle's add_i. It stops at full scale
// instead of wrapping: full_o then says that all bits of count_o count as ones. The two are put together where
// the counter is read, once for all counters, instead of by a multiplexer in front of every bit.
module eie_counter #(
  parameter int Width = eie_pkg::CounterW,
  parameter int AddW  = 1,
  parameter int TECH  = 0
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         clear_i,
  input  logic [AddW-1:0]              add_i,
  output logic [Width-1:0]             count_o,
  output logic                         full_o
);
  logic [AddW-1:0]            low_q;
  logic [Width-1:AddW]     high_q;
  logic                       full_q;
  logic [Width:0]          sum;
  assign sum = {1'b0, high_q, low_q} + (Width + 1)'(add_i);

  always_ff @(posedge clk_i)
    if (!rst_ni) low_q <= '0;
    else low_q <= clear_i ? add_i : sum[AddW-1:0];
  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i) high_q <= '0;
    else high_q <= sum[Width-1:AddW];
  assign count_o = {high_q, low_q};

  // What leaves the chain of carries goes to a register of its own on ECP5, where a LUT behind it is far; on iCE40
  // it can only leave through a LUT.
  if (TECH == 1) begin : g_late
    logic wrapped_q;
    always_ff @(posedge clk_i)
      if (!rst_ni || clear_i) {full_q, wrapped_q} <= '0;
      else {full_q, wrapped_q} <= {full_q || wrapped_q, sum[Width]};
    assign full_o = full_q || wrapped_q;
  end else begin : g_full
    always_ff @(posedge clk_i)
      if (!rst_ni || clear_i) full_q <= 1'b0;
      else full_q <= full_q || sum[Width];
    assign full_o = full_q;
  end
endmodule
