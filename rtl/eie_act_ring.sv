// SPDX-License-Identifier: Apache-2.0
// Activations of the columns between the work queue and the multiplier of one PE, in a ring of eight places: written as a
// column leaves the queue, read when its first entry comes to the multiplier. So no stage of the pipeline between carries 16 bits.
// act_o is, from the cycle behind next_i, the activation of the next column in the order of push_i; at once from the RAM.
// At most seven columns may be under way, which a pipeline of seven stages sees to; not more than that is looked at here.
`include "eie_assert.svh"
module eie_act_ring (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,  // forget all
  input  logic                     push_i,
  input  logic [eie_pkg::ActW-1:0] act_i,
  input  logic                     next_i,
  output logic [eie_pkg::ActW-1:0] act_o
);
  // The place behind this one: a shift register of three bits that goes through all its states (as in eie_queue).
  function logic [2:0] behind(input logic [2:0] place);
    behind = {place[1:0], place[2] ^ place[1] ^ (place[1:0] == 2'b00)};
  endfunction

  logic [2:0] write_q, read_q;
  logic [2:0] count_q;  // for the assertions: nothing of it is left in synthesis
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      write_q <= behind(3'd0);
      read_q  <= 3'd0;
      count_q <= 3'd0;
    end else begin
      if (push_i) write_q <= behind(write_q);
      if (next_i) read_q <= behind(read_q);
      count_q <= count_q + 3'(push_i) - 3'(next_i);
    end

  eie_ram_lut #(.Width(eie_pkg::ActW), .Depth(8)) u_ram (
    .clk_i, .we_i(push_i), .waddr_i(write_q), .wdata_i(act_i), .raddr_i(read_q), .rdata_o(act_o)
  );

  `EIE_ASSERT(NextIsOfSome_A, !next_i || count_q != 3'd0)
  `EIE_ASSERT(RoomForOneMore_A, !push_i || count_q != 3'd7)
endmodule
