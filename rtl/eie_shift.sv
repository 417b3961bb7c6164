// SPDX-License-Identifier: Apache-2.0
// The shift of write-back: of 2 * sum_i >> shift_i (the last bit shifted out stays, as bit 0, for who rounds) the low ActW + 2
// bits; sign_o, and past_o: something of what is above is not sign, so the value is out of range. One sum a cycle, outputs in
// registers three cycles later, with SHORT two. shift_i changes only when nothing is in here.
// The last step, by one, is left to an adder that can choose for nothing (eie_select_add): the word is shifted_one_o where
// one_o, else shifted_o; with SHORT and where multipliers shift (TECH 1, sums of 33 bits) both are the same.
module eie_shift #(
  parameter int SumW  = 33,
  parameter int SHORT = 0,
  parameter int TECH  = 0,
  localparam int KeepW = eie_pkg::ActW + 2
) (
  input  logic                       clk_i,
  input  logic signed [SumW-1:0]     sum_i,
  input  logic [eie_pkg::ShiftW-1:0] shift_i,
  output logic [KeepW-1:0]           shifted_o,
  output logic [KeepW-1:0]           shifted_one_o,
  output logic                       one_o,
  output logic                       sign_o,
  output logic                       past_o
);
  if (SHORT == 0 && eie_pkg::shift_by_mul(TECH, SumW) != 0) begin : g_mul
    eie_shift_ecp5 u_shift (.clk_i, .sum_i, .shift_i, .shifted_o, .sign_o, .past_o);
    assign shifted_one_o = shifted_o;
    assign one_o         = 1'b0;
  end else begin : g_steps
    // A step keeps what later steps can still bring into the result: its bits, one more, and the last bit shifted out. Of
    // what is dropped above only "is it all sign?" goes on.
    localparam int WideW = eie_pkg::max2(KeepW + 31, SumW + 1);
    logic signed [SumW-1:0] sum1_q;
    logic [WideW-1:0]       wide1;
    logic [KeepW+14:0]      by16;
    logic [KeepW+6:0]       by8, shifted2;
    logic [KeepW+2:0]       by4;
    logic [KeepW:0]         by2, shifted3;
    logic [KeepW-1:0]       by1;
    logic                   sign1, sign2, sign3, past1, past2, past3_d, past3, past_d;

    always_ff @(posedge clk_i) sum1_q <= sum_i;
    assign sign1 = sum1_q[SumW-1];
    assign wide1 = WideW'($signed({sum1_q, 1'b0}));
    assign by16  = shift_i[4] ? wide1[KeepW+30:16] : wide1[KeepW+14:0];
    assign by8   = shift_i[3] ? by16[KeepW+14:8] : by16[KeepW+6:0];
    assign by4   = shift_i[2] ? shifted2[KeepW+6:4] : shifted2[KeepW+2:0];
    assign by2   = shift_i[1] ? by4[KeepW+2:2] : by4[KeepW:0];
    assign by1   = shift_i[0] ? shifted3[KeepW:1] : shifted3[KeepW-1:0];
    assign past1 = (!shift_i[4] && wide1[WideW-1:KeepW+15] != {(WideW - KeepW - 15){sign1}})
                || (!shift_i[3] && by16[KeepW+14:KeepW+7] != {8{sign1}});
    assign past3_d = past2 || (!shift_i[2] && shifted2[KeepW+6:KeepW+3] != {4{sign2}})
                  || (!shift_i[1] && by4[KeepW+2:KeepW+1] != {2{sign2}});
    assign past_d = past3 || (!shift_i[0] && shifted3[KeepW] != sign3) || by1[KeepW-1] != sign3;

    if (SHORT != 0) begin : g_short
      logic [KeepW-1:0] shifted2_q;
      logic             sign2_q, past2_q;
      assign {shifted2, sign2, past2} = {by8, sign1, past1};
      assign {shifted3, sign3, past3} = {by2, sign1, past3_d};
      always_ff @(posedge clk_i) {shifted2_q, sign2_q, past2_q} <= {by1, sign1, past_d};
      assign {shifted_o, shifted_one_o, one_o} = {shifted2_q, shifted2_q, 1'b0};
      assign {sign_o, past_o} = {sign2_q, past2_q};
    end else begin : g_full
      logic [KeepW+6:0] shifted2_q;
      logic [KeepW:0]   shifted3_q;
      logic             sign2_q, past2_q, sign3_q, past3_q;
      always_ff @(posedge clk_i) begin
        {shifted2_q, sign2_q, past2_q} <= {by8, sign1, past1};
        {shifted3_q, sign3_q, past3_q} <= {by2, sign2_q, past3_d};
      end
      assign {shifted2, sign2, past2} = {shifted2_q, sign2_q, past2_q};
      assign {shifted3, sign3, past3} = {shifted3_q, sign3_q, past3_q};
      assign {shifted_o, shifted_one_o, one_o} = {shifted3[KeepW-1:0], shifted3[KeepW:1], shift_i[0]};
      assign {sign_o, past_o} = {sign3, past_d};
    end
  end
endmodule
