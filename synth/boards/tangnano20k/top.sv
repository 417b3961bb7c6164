// SPDX-License-Identifier: Apache-2.0
// Tang Nano 20K (GW2AR-18): PLL, power-on reset, and the accelerator behind the board's USB serial bridge. 27 MHz come
// in; the array runs at CLOCK_MHZ of board.cfg. led_o[0]: a program is done; led_o[1]: the link is at work; both
// light when low.
`include "eie_config.svh"
module tangnano20k_top #(
  parameter int CLOCKS_PER_BIT = `EIE_CLOCKS_PER_BIT
) (
  input  logic       clk_i,
  input  logic       rx_i,
  output logic       tx_o,
  output logic [1:0] led_o
);
  // out = 27 MHz x FeedbackDiv / InputDiv; VCO = out x OutputDiv, 500 to 1,250 MHz.
  logic clk, locked;
  rPLL #(
    .DEVICE("GW2AR-18C"), .FCLKIN("27"), .IDIV_SEL(`EIE_PLL_INPUT_DIV - 1), .FBDIV_SEL(`EIE_PLL_FEEDBACK_DIV - 1),
    .ODIV_SEL(`EIE_PLL_OUTPUT_DIV)
  ) u_pll (
    .CLKIN(clk_i), .CLKOUT(clk), .LOCK(locked), .CLKFB(1'b0), .RESET(1'b0), .RESET_P(1'b0), .FBDSEL(6'd0),
    .IDSEL(6'd0), .ODSEL(6'd0), .PSDA(4'd0), .DUTYDA(4'd0), .FDLY(4'd0)
  );

  logic rst_n, irq, busy;
  eie_power_on u_power_on (.clk_i(clk), .locked_i(locked), .rst_no(rst_n));
  eie_uart_top #(`EIE_CONFIG, .TECH(3), .CLOCKS_PER_BIT(CLOCKS_PER_BIT)) u_eie (
    .clk_i(clk), .rst_ni(rst_n), .rx_i, .tx_o, .irq_o(irq), .busy_o(busy)
  );
  assign led_o = ~{busy, irq};
endmodule
