// SPDX-License-Identifier: Apache-2.0
// One cluster's copy of the reset, a cycle later: the reset of the PEs would be the longest net of the array. In
// reset from power-on, where the device has initial values. A module of its own with its hierarchy kept, because
// synthesis would merge equal registers. A reset of one cycle is one here, too; the CCU holds flush for much longer.
(* keep_hierarchy *)
module eie_reset_register (
  input  logic clk_i,
  input  logic rst_ni,
  output logic rst_no
);
  logic rst_n_q = 1'b0;
  always_ff @(posedge clk_i) rst_n_q <= rst_ni;
  assign rst_no = rst_n_q;
endmodule
