// SPDX-License-Identifier: Apache-2.0
// eie_skid against a list of at most two items: nothing lost, doubled or reordered; an item that is
// offered stays, with its data, until it is taken. Proved by induction for every sequence of inputs.
module formal_skid #(
  parameter int Width = 3
) (
  input logic             clk_i,
  input logic             reset_i,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);
  logic started_q = 1'b0;
  logic rst_ni, ready, valid;
  logic [Width-1:0] data;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  assign rst_ni = started_q && !reset_i;

  eie_skid #(.Width(Width)) u_dut (
    .clk_i, .rst_ni, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i, .data_o(data)
  );

  // The list: item 0 leaves first.
  logic [1:0]       count_q;
  logic [Width-1:0] item0_q, item1_q;
  logic             push, pop;
  assign push = valid_i && ready;
  assign pop  = valid && ready_i;
  always_ff @(posedge clk_i)
    if (!rst_ni) count_q <= '0;
    else begin
      count_q <= count_q + 2'(push) - 2'(pop);
      if (pop) item0_q <= item1_q;
      if (push && count_q - 2'(pop) == 2'd0) item0_q <= data_i;
      if (push && count_q - 2'(pop) == 2'd1) item1_q <= data_i;
    end

  logic             held_q = 1'b0;
  logic [Width-1:0] held_data_q;
  always_ff @(posedge clk_i) begin
    held_q      <= rst_ni && valid && !ready_i;
    held_data_q <= data;
  end

  // What links the list to the registers inside; asserted like the rest, never assumed.
  (* hierconn *) wire             \u_dut.hold_valid_q ;
  (* hierconn *) wire [Width-1:0] \u_dut.hold_q ;
  always_comb
    if (rst_ni) begin
      assert (valid == (count_q != 2'd0));
      assert (ready == (count_q != 2'd2));
      assert (count_q != 2'd3);
      if (valid) assert (data == item0_q);
      if (held_q) assert (valid && data == held_data_q);
      assert (\u_dut.hold_valid_q == (count_q == 2'd2));
      if (count_q == 2'd2) assert (\u_dut.hold_q == item1_q);
    end
endmodule
