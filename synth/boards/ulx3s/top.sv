// SPDX-License-Identifier: Apache-2.0
// ULX3S (ECP5-85F): PLL, power-on reset, and the accelerator behind the board's USB serial bridge. 25 MHz come
// in; the array runs at CLOCK_MHZ of board.cfg. led_o[0]: a program is done; led_o[1]: the link is at work.
`include "eie_config.svh"
module ulx3s_top #(
  parameter int CLOCKS_PER_BIT = `EIE_CLOCKS_PER_BIT
) (
  input  logic       clk_i,
  input  logic       rx_i,
  output logic       tx_o,
  output logic [1:0] led_o,
  output logic       wifi_gpio0_o
);
  // VCO = 25 MHz x FeedbackDiv x OutputDiv, 400 to 800 MHz; out = VCO / OutputDiv = 25 MHz x FeedbackDiv / InputDiv.
  localparam int InputDiv    = `EIE_PLL_INPUT_DIV;
  localparam int FeedbackDiv = `EIE_PLL_FEEDBACK_DIV;
  localparam int OutputDiv   = `EIE_PLL_OUTPUT_DIV;
  logic clk, locked;
  (* ICP_CURRENT = "12" *) (* LPF_RESISTOR = "8" *) (* MFG_ENABLE_FILTEROPAMP = "1" *) (* MFG_GMCREF_SEL = "2" *)
  EHXPLLL #(
    .CLKI_DIV(InputDiv), .CLKFB_DIV(FeedbackDiv), .CLKOP_DIV(OutputDiv), .CLKOP_ENABLE("ENABLED"),
    .CLKOP_CPHASE(OutputDiv - 1), .CLKOP_FPHASE(0), .FEEDBK_PATH("CLKOP"), .OUTDIVIDER_MUXA("DIVA"),
    .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED")
  ) u_pll (
    .CLKI(clk_i), .CLKFB(clk), .CLKOP(clk), .LOCK(locked), .RST(1'b0), .STDBY(1'b0), .PHASESEL0(1'b0),
    .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1), .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)
  );

  logic rst_n, irq, busy;
  eie_power_on u_power_on (.clk_i(clk), .locked_i(locked), .rst_no(rst_n));
  eie_uart_top #(`EIE_CONFIG, .TECH(1), .CLOCKS_PER_BIT(CLOCKS_PER_BIT)) u_eie (
    .clk_i(clk), .rst_ni(rst_n), .rx_i, .tx_o, .irq_o(irq), .busy_o(busy)
  );
  assign led_o        = {busy, irq};
  assign wifi_gpio0_o = 1'b1;  // low would reset the board by way of its radio module
endmodule
