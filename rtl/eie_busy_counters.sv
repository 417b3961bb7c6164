// SPDX-License-Identifier: Apache-2.0
// Busy counter of every PE: cycles in which it issued an entry since the last program start. Small
// counters catch the events; one memory of their sums visits them in turn, so that a PE costs a few
// bits. A read waits for its PE's turn (at most N_PE + 9 cycles) and gives the exact value of that
// moment: it can be made at any time and disturbs nothing. With one or two PEs a counter each is smaller
// than that machinery and needs no memory; reads do not wait.
`include "eie_assert.svh"
module eie_busy_counters #(
  parameter int N_PE = 16,
  parameter int TECH = 0,
  localparam int PeW = eie_pkg::index_w(N_PE)
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         clear_i,
  input  logic [N_PE-1:0]              issue_i,
  // Host: req_pe_i stays until ready_o, with which the value comes.
  input  logic                         req_valid_i,
  input  logic [PeW-1:0]               req_pe_i,
  output logic                         ready_o,
  output logic [eie_pkg::CounterW-1:0] count_o
);
  localparam int CounterW = eie_pkg::counter_w(TECH);

  if (N_PE <= 2) begin : g_direct
    logic [CounterW*N_PE-1:0] count;
    logic [N_PE-1:0]          full;
    for (genvar p = 0; p < N_PE; p++) begin : g_pe
      eie_counter #(.Width(CounterW), .AddW(1), .TECH(TECH)) u_count (
        .clk_i, .rst_ni, .clear_i, .add_i(issue_i[p]), .count_o(count[CounterW*p +: CounterW]),
        .full_o(full[p])
      );
    end
    assign ready_o = req_valid_i;
    logic [CounterW-1:0] picked;
    logic                picked_full;
    if (N_PE == 1) begin : g_one
      logic unused_pe;
      assign unused_pe = req_pe_i[0];
      assign {picked_full, picked} = {full[0], count};
    end else begin : g_two
      assign picked      = req_pe_i ? count[CounterW +: CounterW] : count[0 +: CounterW];
      assign picked_full = full[req_pe_i];
    end
    logic [CounterW-1:0] saturated;
    assign saturated = picked | {CounterW{picked_full}};
    assign count_o = eie_pkg::CounterW'(saturated);
  end else begin : g_visits
    localparam int Turn     = eie_pkg::max2(N_PE, 8);  // longer than the way through the memory
    localparam int TurnW    = $clog2(Turn);
    localparam int SmallW   = $clog2(Turn + 1);

    // 0 visit | 1, 2 inside the memory | 3 sum | 4 write, and tell the host.
    logic [TurnW-1:0]       visit0_q, visit1_q, visit2_q, visit3_q, visit4_q;
    logic                   live0, live1_q, live2_q, live3_q, live4_q;
    logic [SmallW-1:0]      small1, small2_q, small3_q;
    logic [N_PE-1:0]        fresh_q;      // nothing in the memory yet since the clear
    logic [N_PE*SmallW-1:0] small_q;
    logic [CounterW-1:0]    stored;
    logic [CounterW:0]      sum4_q;
    logic                   fresh2_q;

    assign live0 = 32'(visit0_q) < N_PE;
    always_ff @(posedge clk_i)
      if (!rst_ni) visit0_q <= '0;
      else visit0_q <= (visit0_q == TurnW'(Turn - 1)) ? '0 : visit0_q + 1'b1;
    always_ff @(posedge clk_i)
      if (!rst_ni || clear_i) begin
        live1_q <= 1'b0;
        live2_q <= 1'b0;
        live3_q <= 1'b0;
        live4_q <= 1'b0;
      end else begin
        live1_q <= live0;
        live2_q <= live1_q;
        live3_q <= live2_q;
        live4_q <= live3_q;
      end
    always_ff @(posedge clk_i) begin
      visit1_q <= visit0_q;
      visit2_q <= visit1_q;
      visit3_q <= visit2_q;
      visit4_q <= visit3_q;
      small2_q <= small1;
      small3_q <= small2_q;
      fresh2_q <= fresh_q[visit1_q[PeW-1:0]];
    end

    // A small counter is taken and starts again in stage 1.
    assign small1 = small_q[SmallW*visit1_q[PeW-1:0] +: SmallW];
    for (genvar p = 0; p < N_PE; p++) begin : g_pe
      logic taken;
      assign taken = live1_q && 32'(visit1_q) == p;
      always_ff @(posedge clk_i)
        if (!rst_ni || clear_i) begin
          small_q[SmallW*p +: SmallW] <= '0;
          fresh_q[p] <= 1'b1;
        end else begin
          small_q[SmallW*p +: SmallW] <= (taken ? SmallW'(0) : small_q[SmallW*p +: SmallW]) + SmallW'(issue_i[p]);
          if (taken) fresh_q[p] <= 1'b0;
        end
    end

    logic [CounterW-1:0] sum_sat;
    always_ff @(posedge clk_i) sum4_q <= {1'b0, stored} + (CounterW + 1)'(small3_q);
    assign sum_sat = sum4_q[CounterW-1:0] | {CounterW{sum4_q[CounterW]}};
    eie_ram_1r1w #(.Width(CounterW), .Depth(Turn), .TECH(TECH)) u_ram (
      .clk_i, .we_i(live4_q), .waddr_i(visit4_q), .wdata_i(sum_sat),
      .re_i(live1_q), .oe_i(1'b1), .clear_i(fresh2_q), .raddr_i(visit1_q), .rdata_o(stored)
    );

    logic match4_q;  // a request stays, so its turn can be seen a cycle ahead
    always_ff @(posedge clk_i)
      if (!rst_ni || clear_i) match4_q <= 1'b0;
      else match4_q <= req_valid_i && live3_q && visit3_q == TurnW'(req_pe_i);
    assign ready_o = match4_q;
    assign count_o = eie_pkg::CounterW'(sum_sat);

    `EIE_ASSERT(TheTurnIsThatOfTheRequest_A, !match4_q || (req_valid_i && live4_q && visit4_q == TurnW'(req_pe_i)))
    `EIE_ASSERT(SmallCountersNeverFill_A, !live1_q || small1 <= SmallW'(Turn))
  end
endmodule
