// SPDX-License-Identifier: Apache-2.0
// sum_o = a_i + (other_i ? c_i : b_i), modulo 2 ** Width; with CARRY, and carry_i. No register.
// The choice costs nothing where a cell of the carry chain has a LUT of four inputs in front of it and Yosys does not use
// two of them: TECH 1 instantiates ECP5's CCU2C, two bits each. Anywhere else it is inferred. Tested equal to the generic
// body with tb/ecp5_cells.sv.
module eie_select_add #(
  parameter int Width = 32,
  parameter int CARRY = 0,
  parameter int TECH  = 0
) (
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  input  logic [Width-1:0] c_i,
  input  logic             other_i,
  input  logic             carry_i,
  output logic [Width-1:0] sum_o
);
  initial if (Width < 1) $fatal(1, "%m: Width (%0d) must be at least 1", Width);
  initial if (TECH < 0 || TECH > 3) $fatal(1, "%m: TECH %0d has no adder here (0 to 3)", TECH);

  if (TECH == 1) begin : g_ecp5
    // Bits {D, C, B, A}: A ^ B with D, A ^ C without. Its four lowest, by {B, A}, are what is carried out of a bit where
    // both summands are the same: A. Below all is a bit that carries A with D, whatever comes in: for a constant into the
    // chain place and route would put a cell in front of it.
    localparam logic [15:0] Select = 16'h665A;
    localparam logic [15:0] Below  = 16'h00AA;
    localparam int Cells = (Width + 2) / 2;
    logic [2*Cells-1:0] a, b, c, sum;
    logic [Cells:0]     carry;
    logic               below, unused_ends;
    assign below    = carry_i && CARRY != 0;
    assign a        = (2 * Cells)'({a_i, below});
    assign b        = (2 * Cells)'({b_i, below});
    assign c        = (2 * Cells)'({c_i, below});
    assign carry[0] = 1'bx;
    for (genvar k = 0; k < Cells; k++) begin : g_cell
      localparam int Lowest = (k == 0) ? 1 : 0;
      CCU2C #(.INIT0((Lowest != 0) ? Below : Select), .INIT1(Select), .INJECT1_0("NO"), .INJECT1_1("NO")) u_cell (
        .CIN(carry[k]), .COUT(carry[k+1]),
        .A0(a[2*k]),   .B0(b[2*k]),   .C0(c[2*k]),   .D0(!other_i || Lowest != 0), .S0(sum[2*k]),
        .A1(a[2*k+1]), .B1(b[2*k+1]), .C1(c[2*k+1]), .D1(!other_i), .S1(sum[2*k+1])
      );
    end
    assign sum_o       = sum[Width:1];
    assign unused_ends = ^{carry[Cells], sum};
  end else if (CARRY != 0) begin : g_carry
    logic unused_below;
    assign {sum_o, unused_below} = {a_i, 1'b1} + {other_i ? c_i : b_i, carry_i};
  end else begin : g_generic
    logic unused_carry;
    assign unused_carry = carry_i;
    assign sum_o = a_i + (other_i ? c_i : b_i);
  end
endmodule
