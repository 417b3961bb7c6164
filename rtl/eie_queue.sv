// SPDX-License-Identifier: Apache-2.0
// First-in first-out queue of Depth places. An item pushed in one cycle can be popped in the next;
// a place freed in one cycle can be filled in the next. Both outputs depend on registers only.
// The stream rules are in docs/handshake.md.
`include "eie_assert.svh"
module eie_queue #(
  parameter int Width = 32,
  parameter int Depth = 16
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,  // forget everything; nothing is pushed or popped meanwhile
  // In: taken when valid and ready.
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,
  // Out: gone when valid and ready.
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);
  localparam int AddrW  = eie_pkg::index_w(Depth);
  localparam int CountW = $clog2(Depth + 1);

  initial if (Depth < 1) $fatal(1, "%m: Depth must be at least 1");

  // The place behind this one. Any order that visits all places will do, and a shift register that goes through all its
  // states (the highest bit and a tap fed back, and whether the rest is zero, so that zero is one of them) is
  // smaller than a counter.
  localparam int Shifts = (Depth == 2 ** AddrW && AddrW >= 2 && AddrW <= 5) ? 1 : 0;
  localparam int Tap    = (AddrW == 5) ? 2 : eie_pkg::max2(AddrW - 2, 0);
  function logic [AddrW-1:0] behind(input logic [AddrW-1:0] place);
    if (Shifts != 0) behind = AddrW'({place, place[AddrW-1] ^ place[Tap] ^ ((place << 1) == '0)});
    else behind = (place == AddrW'(Depth - 1)) ? '0 : place + 1'b1;
  endfunction

  logic [AddrW-1:0]  head_q, tail_q, head_behind, tail_behind;
  logic [CountW-1:0] count_q;  // for traces and assertions: nothing of it is left in synthesis
  logic              ready_q, valid_q;
  logic              push, pop, up, down, one, one_free;

  assign push = valid_i && ready_q;
  assign pop  = valid_q && ready_i;
  assign up   = push && !pop;
  assign down = pop && !push;
  assign head_behind = behind(head_q);
  assign tail_behind = behind(tail_q);
  assign one         = head_behind == tail_q;  // item, where there is any
  assign one_free    = tail_behind == head_q;  // place, where there is any

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
      ready_q <= 1'b1;
      valid_q <= 1'b0;
    end else begin
      if (push) tail_q <= tail_behind;
      if (pop)  head_q <= head_behind;
      if (up || down) count_q <= down ? count_q - 1'b1 : count_q + 1'b1;
      valid_q <= up || (valid_q && !(down && one));
      ready_q <= down || (ready_q && !(up && one_free));
    end

  eie_ram_lut #(.Width(Width), .Depth(Depth)) u_ram (
    .clk_i, .we_i(push), .waddr_i(tail_q), .wdata_i(data_i), .raddr_i(head_q), .rdata_o(data_o)
  );

  assign ready_o = ready_q;
  assign valid_o = valid_q;

  `EIE_ASSERT(ValidIsNotEmpty_A, valid_q == (count_q != '0))
  `EIE_ASSERT(ReadyIsNotFull_A, ready_q == (count_q != CountW'(Depth)))
endmodule
