// SPDX-License-Identifier: Apache-2.0
// A board without a vendor: any configuration behind the host link, for tests of the link (tb/board.mk).
`include "eie_config.svh"
module plain_top #(
  parameter int CLOCKS_PER_BIT = 4,
  parameter int SILENCE_W      = 14
) (
  input  logic       clk_i,
  input  logic       rx_i,
  output logic       tx_o,
  output logic [1:0] led_o
);
  logic [3:0] wait_q = '0;  // power-on reset
  logic       rst_n_q = 1'b0;
  always_ff @(posedge clk_i) begin
    rst_n_q <= wait_q == '1;
    if (wait_q != '1) wait_q <= wait_q + 4'd1;
  end

  eie_uart_top #(`EIE_CONFIG, .CLOCKS_PER_BIT(CLOCKS_PER_BIT), .SILENCE_W(SILENCE_W)) u_eie (
    .clk_i, .rst_ni(rst_n_q), .rx_i, .tx_o, .irq_o(led_o[0]), .busy_o(led_o[1])
  );
endmodule
