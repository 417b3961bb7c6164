// SPDX-License-Identifier: Apache-2.0
// Clock of a part that may sleep: an edge on clk_o for each rising edge of clk_i in front of which awake_i
// is high. A simulation with EIE_GATE_CLOCKS has no edge otherwise and saves the work of the sleeping part;
// everywhere else, FPGAs included, this is a wire. A sleeping part must not notice that it sleeps, so
// both give the same results in the same cycles (tests/sleeping_clusters.sh).
module eie_clock_gate (
  input  logic clk_i,
  input  logic awake_i,
  output logic clk_o
);
`ifdef EIE_GATE_CLOCKS
  logic open;  // holds while the clock is high, so that clk_o has whole pulses
  always_latch if (!clk_i) open = awake_i;
  assign clk_o = clk_i && open;
`else
  logic unused_awake;
  assign unused_awake = awake_i;
  assign clk_o = clk_i;
`endif
endmodule
