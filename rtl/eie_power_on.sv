// SPDX-License-Identifier: Apache-2.0
// Reset of a board's top: low for 64 cycles after the FPGA has been configured and the PLL has locked, again
// whenever the lock is lost. Relies on registers that start with their initial value, as those of the FPGAs do.
module eie_power_on (
  input  logic clk_i,
  input  logic locked_i,   // of any clock
  output logic rst_no
);
  logic       meta_q   = 1'b0;
  logic       locked_q = 1'b0;
  logic       rst_n_q  = 1'b0;
  logic [6:0] count_q  = '0;  // stays where its top bit is set
  always_ff @(posedge clk_i) begin
    meta_q   <= locked_i;
    locked_q <= meta_q;
    rst_n_q  <= count_q[6];
    count_q  <= locked_q ? count_q + 7'(!count_q[6]) : '0;
  end
  assign rst_no = rst_n_q;
endmodule
