// SPDX-License-Identifier: Apache-2.0
// Search for the lowest faulty PE: while search_i is high, asks one PE after the other for its fault
// record over the command bus, from PE 0 up, and ends with found_o when one has a fault. The first
// question comes four cycles after search_i rises, when the last column has passed the memories.
// A record is {fault, pointer, entry}: bit 31, bit 30 (pointer fault, else slot fault), the rest.
module eie_fault_search #(
  parameter int N_PE = 16,
  localparam int PeW = eie_pkg::index_w(N_PE)
) (
  input  logic           clk_i,
  input  logic           rst_ni,
  input  logic           search_i,
  // Question and answer
  output logic           ask_o,
  output logic [PeW-1:0] pe_o,           // stays from the question to its answer
  input  logic           answer_valid_i,
  input  logic           answer_fault_i,
  output logic           found_o         // with the answer: pe_o is the PE
);
  logic           ask, asked_q, ask_q;
  logic [3:0]     settle_q;
  logic [PeW-1:0] pe_q;

  assign ask = !asked_q && settle_q[3];
  always_ff @(posedge clk_i)
    if (!rst_ni || !search_i) begin
      settle_q <= '0;
      asked_q  <= 1'b0;
      ask_q    <= 1'b0;
      pe_q     <= '0;
    end else begin
      settle_q <= {settle_q[2:0], 1'b1};
      ask_q    <= ask;
      asked_q  <= (asked_q || ask) && !answer_valid_i;
      if (answer_valid_i && !answer_fault_i) pe_q <= pe_q + 1'b1;
    end
  assign ask_o   = ask_q;
  assign pe_o    = pe_q;
  assign found_o = search_i && answer_valid_i && answer_fault_i;
endmodule
