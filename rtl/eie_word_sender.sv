// SPDX-License-Identifier: Apache-2.0
// Collects the 32-bit parts of a Spmat word and sends the whole word, when its last part has come, as
// lanes of at most 36 bits over the command bus, one a cycle. A word has at least as many parts as
// lanes, so parts can come every cycle. Parts come from low to high; a part that is left out keeps the
// value it had in the word before. A part is there with valid_i, as long as it likes, and goes with take_i,
// which comes late: what it is loaded into does not wait for that. A last part can go while no lane is sent, or the
// last one.
`include "eie_assert.svh"
module eie_word_sender #(
  parameter int WordW = 72,
  parameter int TagW  = 16,   // travels with the word: PE and address
  localparam int Parts = eie_pkg::word_parts(WordW),
  localparam int Lanes = eie_pkg::lanes(WordW),
  localparam int LaneW = eie_pkg::lane_w(WordW)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  input  logic             take_i,   // only with valid_i
  input  logic [1:0]       part_i,
  input  logic             last_i,   // part_i is a word's last
  input  logic [31:0]      data_i,
  input  logic [TagW-1:0]  tag_i,
  // Lanes
  output logic             valid_o,
  output logic             more_o,   // lane_o is not the last
  output logic [1:0]       lane_o,
  output logic [LaneW-1:0] data_o,
  output logic [TagW-1:0]  tag_o
);
  logic [Lanes-1:0]       left_q;  // so many ones
  logic [1:0]             lane_q;
  logic [TagW-1:0]        tag_q;
  logic [Lanes*LaneW-1:0] send_q;
  logic [Parts*32-1:0]    word;

  if (Parts == 1) begin : g_part
    assign word = data_i;
  end else begin : g_parts
    logic [Parts*32-33:0] parts_q;
    always_ff @(posedge clk_i)
      for (int k = 0; k < Parts - 1; k++)
        if (valid_i && 32'(part_i) == k) parts_q[32*k +: 32] <= data_i;
    assign word = {data_i, parts_q};
  end

  always_ff @(posedge clk_i)
    if (!rst_ni) left_q <= '0;
    else if (take_i && last_i) left_q <= '1;
    else left_q <= left_q >> 1;
  // While nothing is sent, what would be sent next is loaded again and again.
  logic more;
  if (Lanes == 1) begin : g_lane
    assign more = 1'b0;
  end else begin : g_lanes
    assign more = left_q[1];
  end
  always_ff @(posedge clk_i) begin
    send_q <= more ? send_q >> LaneW : (Lanes * LaneW)'(word);
    lane_q <= more ? lane_q + 1'b1 : '0;
    if (!more) tag_q <= tag_i;
  end

  if (Parts * 32 > Lanes * LaneW) begin : g_spare
    logic unused_spare;
    assign unused_spare = ^word[Parts*32-1:Lanes*LaneW];
  end

  assign valid_o = left_q[0];
  assign more_o  = more;
  assign lane_o  = lane_q;
  assign data_o  = send_q[LaneW-1:0];
  assign tag_o   = tag_q;

  `EIE_ASSERT(TakenOnlyWhereThereIs_A, !take_i || valid_i)
  `EIE_ASSERT(TheLastPartIsKnown_A, !valid_i || last_i == (32'(part_i) == Parts - 1))
  `EIE_ASSERT(LastPartsDoNotMeet_A, !(take_i && last_i && more))
endmodule
