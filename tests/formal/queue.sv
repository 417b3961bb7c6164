// SPDX-License-Identifier: Apache-2.0
// eie_queue against a list of at most Depth items: nothing lost, doubled or reordered, never more than
// Depth inside, a full queue refuses and an empty one offers nothing. By induction, for every sequence
// of inputs, resets and flushes.
module formal_queue #(
  parameter int Width = 2,
  parameter int Depth = 3,
  parameter int Data  = 1   // 0: places and counts alone, for a deeper queue
) (
  input logic             clk_i,
  input logic             reset_i,
  input logic             flush_i,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);
  localparam int AddrW  = eie_pkg::index_w(Depth);
  localparam int CountW = $clog2(Depth + 1);

  logic started_q = 1'b0;
  logic rst_ni, ready, valid;
  logic [Width-1:0] data;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  assign rst_ni = started_q && !reset_i;

  eie_queue #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .flush_i, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i, .data_o(data)
  );

  // The list, oldest item in the low bits. Nothing moves in a flush.
  logic [CountW-1:0]      count_q, kept;
  logic [Depth*Width-1:0] list_q, rest, list_d;
  logic                   push, pop;
  assign push = valid_i && ready && !flush_i;
  assign pop  = valid && ready_i && !flush_i;
  assign kept = count_q - CountW'(pop);
  assign rest = pop ? list_q >> Width : list_q;
  always_comb begin
    list_d = rest;
    for (int k = 0; k < Depth; k++)
      if (push && kept == CountW'(k)) list_d[Width*k +: Width] = data_i;
  end
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) count_q <= '0;
    else count_q <= kept + CountW'(push);
  always_ff @(posedge clk_i) list_q <= list_d;

  // Which place comes first, second, ...: with four and eight places the queue walks as a shift register does.
  function logic [3:0] rank(input logic [3:0] place);
    rank = place;
    if (Depth == 4)
      case (place)
        2: rank = 3;
        3: rank = 2;
        default: ;
      endcase
    if (Depth == 8)
      case (place)
        3: rank = 4;
        4: rank = 7;
        5: rank = 3;
        7: rank = 5;
        default: ;
      endcase
  endfunction

  function logic [3:0] behind_by(input logic [3:0] a, input logic [3:0] b);  // a - b, by ranks, around the end
    behind_by = (a < b) ? a + 4'(Depth) - b : a - b;
  endfunction

  // Links to the registers inside; asserted like the rest, never assumed.
  (* hierconn *) wire [AddrW-1:0]  \u_dut.head_q ;
  (* hierconn *) wire [AddrW-1:0]  \u_dut.tail_q ;
  (* hierconn *) wire [CountW-1:0] \u_dut.count_q ;
  always_comb
    if (rst_ni) begin
      assert (valid == (count_q != '0));
      assert (ready == (count_q != CountW'(Depth)));
      assert (count_q <= CountW'(Depth));
      if (Data != 0 && valid) assert (data == list_q[Width-1:0]);
      assert (\u_dut.count_q == count_q);
      assert (32'(\u_dut.head_q ) < Depth && 32'(\u_dut.tail_q ) < Depth);
      assert (4'(count_q) == behind_by(rank(4'(\u_dut.tail_q )), rank(4'(\u_dut.head_q ))) || count_q == CountW'(Depth));
      assert (count_q != CountW'(Depth) || \u_dut.tail_q  == \u_dut.head_q );
    end

  // Places of the RAM, which Yosys keeps as one register each: place p has the item rank(p) - rank(head) from the front.
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[0] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[1] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[2] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[3] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[4] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[5] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[6] ;
  (* hierconn *) wire [Width-1:0] \u_dut.u_ram.mem[7] ;
  logic [8*Width-1:0] places;
  assign places = {\u_dut.u_ram.mem[7] , \u_dut.u_ram.mem[6] , \u_dut.u_ram.mem[5] , \u_dut.u_ram.mem[4] , \u_dut.u_ram.mem[3] , \u_dut.u_ram.mem[2] , \u_dut.u_ram.mem[1] , \u_dut.u_ram.mem[0] };
  for (genvar p = 0; p < Depth; p++) begin : g_place
    logic [3:0] item;
    assign item = behind_by(rank(4'(p)), rank(4'(\u_dut.head_q )));
    always_comb
      if (Data != 0 && rst_ni && item < 4'(count_q)) assert (places[Width*p +: Width] == list_q[Width*item +: Width]);
  end
endmodule
