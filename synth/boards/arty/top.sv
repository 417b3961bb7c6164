// SPDX-License-Identifier: Apache-2.0
// Arty A7-35: the accelerator behind a serial line on the board's own 100 MHz. For counting cells.
`include "eie_config.svh"
module arty_top #(
  parameter int CLOCKS_PER_BIT = `EIE_CLOCKS_PER_BIT
) (
  input  logic       clk_i,
  input  logic       rx_i,
  output logic       tx_o,
  output logic [1:0] led_o
);
  logic rst_n, irq, busy;
  eie_power_on u_power_on (.clk_i, .locked_i(1'b1), .rst_no(rst_n));
  eie_uart_top #(`EIE_CONFIG, .TECH(0), .CLOCKS_PER_BIT(CLOCKS_PER_BIT)) u_eie (
    .clk_i, .rst_ni(rst_n), .rx_i, .tx_o, .irq_o(irq), .busy_o(busy)
  );
  assign led_o = {busy, irq};
endmodule
