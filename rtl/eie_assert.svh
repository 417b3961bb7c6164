// SPDX-License-Identifier: Apache-2.0
// One assertion macro with three back ends: a formal property, nothing in synthesis, or a fatal error
// in simulation. `prop` is read at every rising clock edge outside reset; `name` is a sentence. In a
// simulator of four values a property that is X does not hold.
`ifndef EIE_ASSERT_SVH
`define EIE_ASSERT_SVH
`ifdef FORMAL
`define EIE_ASSERT(name, prop) \
  always @(posedge clk_i) begin : name if (rst_ni) assert (prop); end
`elsif SYNTHESIS
`define EIE_ASSERT(name, prop)
`elsif YOSYS
`define EIE_ASSERT(name, prop)
`elsif EIE_NO_INLINE
// All PEs share one copy of their code in a Verilated simulation only if nothing in it names the instance,
// as the path of %m and of $fatal does: a quarter of the code, a tenth of the build time.
`define EIE_ASSERT(name, prop) \
  always @(posedge clk_i) begin : name \
    if (rst_ni && !(prop)) begin \
      $display("%s does not hold (this build does not tell in which instance)", `"name`"); \
      $stop; \
    end \
  end
`else
`define EIE_ASSERT(name, prop) \
  always @(posedge clk_i) begin : name \
    if (rst_ni && (prop) !== 1'b1) $fatal(1, "%m does not hold"); \
  end
`endif
`endif
