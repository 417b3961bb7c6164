// SPDX-License-Identifier: Apache-2.0
// eie_shift on Lattice ECP5, for sums of 33 bits, by two multipliers that the PEs leave unused: for a distance t below 16 the
// product with 2 ** (16 - t) has the shifted word 16 bits up, and 16 more is a choice between its halves. past_o takes bit 17,
// which stays in the word, with what is above it. Tested equal to the generic body with tb/ecp5_cells.sv, and proven so
// for every sum and distance (tests/formal.sh).
module eie_shift_ecp5 (
  input  logic               clk_i,
  input  logic signed [32:0] sum_i,
  input  logic [4:0]         shift_i,
  output logic [17:0]        shifted_o,
  output logic               sign_o,
  output logic               past_o
);
  logic [33:0]        twice;
  logic [17:0]        power;
  logic signed [35:0] high, low;
  logic               unused_bits;
  assign twice = {sum_i, 1'b0};
  assign power = 18'h10000 >> shift_i[3:0];
  eie_mul_ecp5 u_high (.clk_i, .a_i(twice[33:16]), .b_i(power), .product_o(high));
  eie_mul_ecp5 u_low  (.clk_i, .a_i({2'b00, twice[15:0]}), .b_i(power), .product_o(low));
  assign unused_bits = ^{high[35:34], low[35:32], low[15:0]};

  // The high product has zeros where the low one has bits, and nothing but sign from bit 33 up.
  always_ff @(posedge clk_i) begin
    shifted_o <= shift_i[4] ? high[33:16] : high[17:0] | {2'b00, low[31:16]};
    sign_o    <= high[33];
    past_o    <= !shift_i[4] && high[32:17] != {16{high[33]}};
  end
endmodule
