// SPDX-License-Identifier: Apache-2.0
// eie_credit_node: up to and including any cycle, as many pulses have left as the slowest child had sent
// by the cycle before. So the n-th pulse leaves exactly one cycle after the n-th of the slowest child, and
// never more leave than the least that came in. By induction, for every sequence in which no child gets
// more than Ahead pulses ahead of another: that much the CCU's credits promise.
module formal_credit_node #(
  parameter int Kids  = 4,
  parameter int Ahead = 5
) (
  input logic            clk_i,
  input logic            reset_i,
  input logic            flush_i,
  input logic [Kids-1:0] pulse_i
);
  localparam int CountW = $clog2(Ahead + 1);
  localparam int OweW   = CountW + 1;

  logic started_q = 1'b0;
  logic rst_ni, pulse;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  assign rst_ni = started_q && !reset_i;

  eie_credit_node #(.Kids(Kids), .Ahead(Ahead)) u_dut (.clk_i, .rst_ni, .flush_i, .pulse_i, .pulse_o(pulse));

  // owed: pulses that came from a child before this cycle and had not left before this cycle.
  logic [Kids*OweW-1:0] owed_q;
  logic [Kids-1:0]      some, room;
  for (genvar k = 0; k < Kids; k++) begin : g_kid
    logic [OweW-1:0] owed;
    assign owed    = owed_q[OweW*k +: OweW];
    assign some[k] = owed != '0;
    assign room[k] = owed + OweW'(pulse_i[k]) <= OweW'(Ahead) + OweW'(pulse);
    always_ff @(posedge clk_i)
      if (!rst_ni || flush_i) owed_q[OweW*k +: OweW] <= '0;
      else owed_q[OweW*k +: OweW] <= owed + OweW'(pulse_i[k]) - OweW'(pulse);
    always_comb if (rst_ni) assert (owed <= OweW'(Ahead) + OweW'(pulse));
  end
  // Registered counts leave together with the pulse: one owed by every child is one leaving now.
  logic least_is_one;
  assign least_is_one = &some;
  always_comb
    if (rst_ni) begin
      assume (flush_i || &room);
      assert (pulse == least_is_one);
    end

  // The least is never above one, and what waits inside is what a child is ahead.
  (* hierconn *) wire [CountW-1:0] \u_dut.g_kid[0].waiting_q ;
  (* hierconn *) wire [CountW-1:0] \u_dut.g_kid[1].waiting_q ;
  (* hierconn *) wire [CountW-1:0] \u_dut.g_kid[2].waiting_q ;
  (* hierconn *) wire [CountW-1:0] \u_dut.g_kid[3].waiting_q ;
  logic [4*CountW-1:0] waiting;
  assign waiting = {\u_dut.g_kid[3].waiting_q , \u_dut.g_kid[2].waiting_q ,
                    \u_dut.g_kid[1].waiting_q , \u_dut.g_kid[0].waiting_q };
  logic [Kids-1:0] ahead;
  for (genvar k = 0; k < Kids; k++) begin : g_link
    assign ahead[k] = waiting[CountW*k +: CountW] != '0;
    always_comb
      if (rst_ni) assert (OweW'(waiting[CountW*k +: CountW]) == owed_q[OweW*k +: OweW] - OweW'(pulse));
  end
  always_comb if (rst_ni) assert (!(&ahead));
endmodule
