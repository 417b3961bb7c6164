// SPDX-License-Identifier: Apache-2.0
// iCEBreaker (iCE40 UP5K): PLL, power-on reset, and the accelerator behind the board's USB serial bridge. 12 MHz come
// in; the array runs at CLOCK_MHZ of board.cfg. led_o[0]: a program is done; led_o[1]: the link is at work; both
// light when low.
`include "eie_config.svh"
module icebreaker_top #(
  parameter int CLOCKS_PER_BIT = `EIE_CLOCKS_PER_BIT
) (
  input  logic       clk_i,
  input  logic       rx_i,
  output logic       tx_o,
  output logic [1:0] led_o
);
  // VCO = 12 MHz x (FeedbackDiv), 533 to 1,066 MHz; out = VCO / 2^OutputLog.
  logic clk, locked;
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(7'(`EIE_PLL_FEEDBACK_DIV - 1)), .DIVQ(3'(`EIE_PLL_OUTPUT_LOG)),
    .FILTER_RANGE(3'd1)
  ) u_pll (
    .PACKAGEPIN(clk_i), .PLLOUTGLOBAL(clk), .LOCK(locked), .RESETB(1'b1), .BYPASS(1'b0)
  );

  logic rst_n, irq, busy;
  eie_power_on u_power_on (.clk_i(clk), .locked_i(locked), .rst_no(rst_n));
  eie_uart_top #(`EIE_CONFIG, .TECH(2), .CLOCKS_PER_BIT(CLOCKS_PER_BIT)) u_eie (
    .clk_i(clk), .rst_ni(rst_n), .rx_i, .tx_o, .irq_o(irq), .busy_o(busy)
  );
  assign led_o = ~{busy, irq};
endmodule
