// SPDX-License-Identifier: Apache-2.0
// Adders and comparisons that Yosys found, as carry chains of ECP5 (map_ecp5.sh), in place of Yosys' own map. There a chain
// begins with a constant into CIN, for which nextpnr puts a cell in front of the chain, and ends in a COUT that nobody reads, for
// which it puts one behind. Here the first carry comes out of a bit below, and open_carries.awk leaves both ends open.
// tests/ecp5_carry.sh proves it equal to the arithmetic.
(* techmap_celltype = "$alu" *)
module ecp5_carry (A, B, CI, BI, X, Y, CO);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  input  [A_WIDTH-1:0] A;
  input  [B_WIDTH-1:0] B;
  input  CI, BI;
  output [Y_WIDTH-1:0] X, Y, CO;

  // Few bits are as small in LUTs, and sooner there: a chain is two wires, a LUT in, and one out. More so with a constant.
  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  localparam Constant = _TECHMAP_CONSTMSK_A_ == {A_WIDTH{1'b1}} || _TECHMAP_CONSTMSK_B_ == {B_WIDTH{1'b1}};
  localparam Chain = Y_WIDTH > (Constant ? 5 : 3);

  wire [Y_WIDTH+A_WIDTH-1:0] wide_a = {{Y_WIDTH{A_SIGNED != 0 && A[A_WIDTH-1]}}, A};
  wire [Y_WIDTH+B_WIDTH-1:0] wide_b = {{Y_WIDTH{B_SIGNED != 0 && B[B_WIDTH-1]}}, B};
  wire [Y_WIDTH-1:0] a = wide_a[Y_WIDTH-1:0];
  wire [Y_WIDTH-1:0] b = wide_b[Y_WIDTH-1:0];

  assign X = a ^ b ^ {Y_WIDTH{BI}};
  genvar k;
  generate
    if (Chain) begin : chain
      // {D, C, B, A}, with D = 1: A ^ B ^ C, or nothing in the bit below, so that what comes in goes no further. Its four
      // lowest are what a bit carries whose upper half is 0: A.
      localparam [15:0] Sum = 16'h96AA, Below = 16'h00AA;
      localparam Cells = (Y_WIDTH + 3) / 2;  // with a bit for the carry out of all, which goes where nobody reads it
      wire [2*Cells-1:0] below_a = {{(2 * Cells - Y_WIDTH - 1){1'b0}}, a, CI};
      wire [2*Cells-1:0] below_b = {{(2 * Cells - Y_WIDTH - 1){BI}}, b, 1'b0};
      wire [2*Cells-1:0] sum;
      wire [Cells:0]     carry;
      assign carry[0] = 1'bx;
      for (k = 0; k < Cells; k = k + 1) begin : cells
        CCU2C #(.INIT0((k == 0) ? Below : Sum), .INIT1(Sum), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_of_two (
          .CIN(carry[k]), .COUT(carry[k+1]),
          .A0(below_a[2*k]), .B0(below_b[2*k]), .C0(BI), .D0(1'b1), .S0(sum[2*k]),
          .A1(below_a[2*k+1]), .B1(below_b[2*k+1]), .C1(BI), .D1(1'b1), .S1(sum[2*k+1])
        );
      end
      assign Y = sum[Y_WIDTH:1];
      // What is carried out of a bit is what comes into the next.
      assign CO = {sum[Y_WIDTH+1], Y ^ X} >> 1;
    end else begin : gates
      wire [Y_WIDTH:0] into;
      assign into[0] = CI;
      for (k = 0; k < Y_WIDTH; k = k + 1) begin : bits
        assign into[k+1] = X[k] ? into[k] : a[k];
      end
      assign Y  = X ^ into[Y_WIDTH-1:0];
      assign CO = into[Y_WIDTH:1];
    end
  endgenerate
endmodule
