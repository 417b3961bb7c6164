// SPDX-License-Identifier: Apache-2.0
// Checksum of the host link, one bit a clock: CRC-16 with polynomial x^16 + x^12 + x^5 + 1, bits in the order
// of a serial line (lowest of a byte first), preset to ones, not inverted at the end (CRC-16/MCRF4XX). Sent
// low byte first, it brings the checksum of a receiver to zero. Feeding crc_o[0] back shifts it out.
module eie_crc16 (
  input  logic        clk_i,
  input  logic        preset_i,  // wins over enable_i
  input  logic        enable_i,
  input  logic        bit_i,
  output logic [15:0] crc_o
);
  logic [15:0] crc_q;
  logic        back;
  assign back  = crc_q[0] ^ bit_i;
  assign crc_o = crc_q;

  always_ff @(posedge clk_i)
    if (preset_i) crc_q <= '1;
    else if (enable_i) crc_q <= {back, crc_q[15:12], crc_q[11] ^ back, crc_q[10:5], crc_q[4] ^ back, crc_q[3:1]};
endmodule
