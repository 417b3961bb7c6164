// SPDX-License-Identifier: Apache-2.0
// Waves of a simulation in Icarus: +wave=FILE dumps all of eie_top from time zero on; the VPI module
// turns the dump off and on through on_q. A second top beside eie_top; without +wave it does nothing.
`timescale 1ps / 1ps
module eie_waves;
  logic          on_q = 1'b1;
  logic [8191:0] file;
  initial begin : open
    if ($value$plusargs("wave=%s", file)) begin
      $dumpfile(file);
      $dumpvars(0, eie_top);
      forever @(on_q) if (on_q) $dumpon; else $dumpoff;
    end
  end
endmodule
