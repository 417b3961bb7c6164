// SPDX-License-Identifier: Apache-2.0
// Work queue of one PE and the counter behind it: takes columns {first entry, count - 1, activation} and
// issues one entry index a cycle, without a bubble between columns. The work queue has QUEUE_DEPTH
// places; behind it stand a head register and the column being issued. Never waits for what follows.
// active_o is 0 in the cycle after the last entry of all columns taken so far was issued, and later.
`include "eie_assert.svh"
module eie_sequencer #(
  parameter int QUEUE_DEPTH = 32,
  parameter int ENTRIES     = 4096,
  parameter int ROWS        = 256,
  parameter int TECH        = 0,
  localparam int PtrW   = $clog2(ENTRIES + 1),
  localparam int LessW  = eie_pkg::index_w(ROWS)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,
  // Columns, at least one entry each.
  input  logic                     item_valid_i,
  output logic                     item_ready_o,
  input  logic [PtrW-1:0]          item_first_i,
  input  logic [LessW-1:0]         item_less_i,   // entries, less one
  input  logic [eie_pkg::ActW-1:0] item_act_i,
  // Entries, one a cycle.
  output logic                     issue_o,
  output logic [PtrW-1:0]          issue_entry_o,
  output logic                     issue_first_o,  // first entry of its column
  output logic [eie_pkg::ActW-1:0] issue_act_o,
  // A column leaves the queue: its activation, for who does not take it with each entry.
  output logic                     leave_o,
  output logic [eie_pkg::ActW-1:0] leave_act_o,
  output logic                     active_o
);
  localparam int ItemW = PtrW + LessW + eie_pkg::ActW;

  logic                     queue_valid, head_free;
  logic [PtrW-1:0]          queue_first;
  logic [LessW-1:0]         queue_less;
  logic [eie_pkg::ActW-1:0] queue_act;
  eie_queue #(.Width(ItemW), .Depth(QUEUE_DEPTH)) u_work_queue (
    .clk_i, .rst_ni, .flush_i,
    .valid_i(item_valid_i), .ready_o(item_ready_o),
    .data_i({item_first_i, item_less_i, item_act_i}),
    .valid_o(queue_valid), .ready_i(head_free),
    .data_o({queue_first, queue_less, queue_act})
  );

  logic                     head_valid_q, head_one_q;
  logic [PtrW-1:0]          head_first_q;
  logic [LessW-1:0]         head_less_q;
  logic [eie_pkg::ActW-1:0] head_act_q;

  logic                     valid_q, first_q, last_q;
  logic [PtrW-1:0]          entry_q;
  logic [LessW-1:0]         left_q;  // entries after this one
  logic [eie_pkg::ActW-1:0] act_q;
  logic                     take, active_q;

  assign take      = head_valid_q && (!valid_q || last_q);
  assign head_free = !head_valid_q || take;

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      head_valid_q <= 1'b0;
      valid_q      <= 1'b0;
      active_q     <= 1'b0;
    end else begin
      if (head_free) head_valid_q <= queue_valid;
      valid_q  <= take || (valid_q && !last_q);
      active_q <= (item_valid_i && item_ready_o) || queue_valid || head_valid_q || (valid_q && !last_q);
    end

  // The column's first entry and how many follow it, or one more and one less.
  logic [PtrW-1:0]  entry_d;
  logic [LessW-1:0] left_d;
  eie_select_add #(.Width(PtrW), .TECH(TECH)) u_entry (
    .a_i(PtrW'(!take)), .b_i(entry_q), .c_i(head_first_q), .other_i(take), .carry_i(1'b0), .sum_o(entry_d)
  );
  eie_select_add #(.Width(LessW), .TECH(TECH)) u_left (
    .a_i({LessW{!take}}), .b_i(left_q), .c_i(head_less_q), .other_i(take), .carry_i(1'b0), .sum_o(left_d)
  );
  always_ff @(posedge clk_i) begin
    if (head_free) begin
      head_first_q <= queue_first;
      head_less_q  <= queue_less;
      head_one_q   <= queue_less == '0;
      head_act_q   <= queue_act;
    end
    first_q <= take;
    entry_q <= entry_d;
    left_q  <= left_d;
    last_q  <= take ? head_one_q : left_q == LessW'(1);
    if (take) act_q <= head_act_q;
  end

  assign issue_o       = valid_q;
  assign issue_entry_o = entry_q;
  assign issue_first_o = first_q;
  assign issue_act_o   = act_q;
  assign leave_o       = queue_valid && head_free;
  assign leave_act_o   = queue_act;
  assign active_o      = active_q;

  `EIE_ASSERT(LastMeansNothingLeft_A, !valid_q || last_q == (left_q == '0))
endmodule
