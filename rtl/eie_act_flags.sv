// SPDX-License-Identifier: Apache-2.0
// Non-zero flags of all activations: one word of N_PE bits for each slot, beside the CCU, so that the
// scan reads no activation memory. Write-back writes whole words; the host changes single flags, one a
// cycle, by read-modify-write with forwarding. Scan data appears two cycles after its address, as in
// eie_ram_1r1w. Host, scan and write-back never act at the same time.
// A host's flag is in the memory four cycles after host_we_i (its word is merged into a register, not into the memory).
// HELD 1: after two, and the host's slot, PE and flag stay for these, without another write; nothing is kept or forwarded.
`include "eie_assert.svh"
module eie_act_flags #(
  parameter int N_PE      = 16,
  parameter int ACT_SLOTS = 512,
  parameter int TECH      = 0,
  parameter int HELD      = 0,
  localparam int PeW   = eie_pkg::index_w(N_PE),
  localparam int SlotW = eie_pkg::index_w(ACT_SLOTS)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // Scan
  input  logic             re_i,
  input  logic             oe_i,
  input  logic [SlotW-1:0] slot_i,
  output logic [N_PE-1:0]  flags_o,
  // Write-back
  input  logic             wb_we_i,
  input  logic [SlotW-1:0] wb_slot_i,
  input  logic [N_PE-1:0]  wb_flags_i,
  // Host
  input  logic             host_we_i,
  input  logic [SlotW-1:0] host_slot_i,
  input  logic [PeW-1:0]   host_pe_i,
  input  logic             host_flag_i
);
  // 1: address in the RAM; 2: word there, and merged; 3: written, with HELD already in 2.
  logic             valid1_q, valid2_q, flag2, write;
  logic [SlotW-1:0] write_slot;
  logic [PeW-1:0]   pe2;
  logic [N_PE-1:0]  word, base, select, merged, write_flags;

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
    end else begin
      valid1_q <= host_we_i;
      valid2_q <= valid1_q;
    end

  eie_ram_1r1w #(.Width(N_PE), .Depth(ACT_SLOTS), .TECH(TECH)) u_ram (
    .clk_i,
    .we_i(wb_we_i || write),
    .waddr_i(wb_we_i ? wb_slot_i : write_slot),
    .wdata_i(wb_we_i ? wb_flags_i : write_flags),
    .re_i(re_i || host_we_i), .oe_i(oe_i || valid1_q), .clear_i(1'b0),
    .raddr_i(host_we_i ? host_slot_i : slot_i), .rdata_o(word)
  );
  assign flags_o = word;

  if (HELD != 0) begin : g_held
    logic flag_q;  // the same all the while, and a long way from the host's data
    always_ff @(posedge clk_i) flag_q <= host_flag_i;
    assign {pe2, flag2} = {host_pe_i, flag_q};
    assign {write, write_slot, write_flags} = {valid2_q, host_slot_i, merged};
    assign base = word;

    logic [SlotW+PeW:0] before_q;
    always_ff @(posedge clk_i) before_q <= {host_slot_i, host_pe_i, host_flag_i};
    `EIE_ASSERT(HeldForTwoCycles_A, !(valid1_q || valid2_q) || {host_slot_i, host_pe_i, host_flag_i} == before_q)
    `EIE_ASSERT(OneWriteAtATime_A, !(host_we_i && (valid1_q || valid2_q)))
  end else begin : g_pipe
    // The three writes before are not in the word yet. Whether they are to the same slot is found a cycle before.
    logic             valid3_q, valid4_q, valid5_q, same3_q, same4_q, same5_q, flag1_q, flag2_q;
    logic [SlotW-1:0] slot1_q, slot2_q, slot3_q, slot4_q, slot5_q;
    logic [PeW-1:0]   pe1_q, pe2_q;
    logic [N_PE-1:0]  merged3_q, merged4_q, merged5_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) begin
        valid3_q <= 1'b0;
        valid4_q <= 1'b0;
        valid5_q <= 1'b0;
      end else begin
        valid3_q <= valid2_q;
        valid4_q <= valid3_q;
        valid5_q <= valid4_q;
      end
    always_ff @(posedge clk_i) begin
      slot1_q   <= host_slot_i;
      pe1_q     <= host_pe_i;
      flag1_q   <= host_flag_i;
      slot2_q   <= slot1_q;
      pe2_q     <= pe1_q;
      flag2_q   <= flag1_q;
      slot3_q   <= slot2_q;
      slot4_q   <= slot3_q;
      slot5_q   <= slot4_q;
      merged3_q <= merged;
      merged4_q <= merged3_q;
      merged5_q <= merged4_q;
      same3_q   <= valid2_q && slot2_q == slot1_q;
      same4_q   <= valid3_q && slot3_q == slot1_q;
      same5_q   <= valid4_q && slot4_q == slot1_q;
    end
    assign {pe2, flag2} = {pe2_q, flag2_q};
    assign {write, write_slot, write_flags} = {valid3_q, slot3_q, merged3_q};
    assign base = same3_q ? merged3_q : same4_q ? merged4_q : same5_q ? merged5_q : word;
    `EIE_ASSERT(SameSlotIsKnown_A, !valid2_q || (same3_q == (valid3_q && slot3_q == slot2_q)
                && same4_q == (valid4_q && slot4_q == slot2_q) && same5_q == (valid5_q && slot5_q == slot2_q)))
  end

  if (N_PE == 1) begin : g_one
    assign select = 1'b1;
    logic unused_pe;
    assign unused_pe = pe2[0];
  end else begin : g_select
    assign select = N_PE'(1) << pe2;
  end
  assign merged = (base & ~select) | (flag2 ? select : '0);

  `EIE_ASSERT(HostAndWriteBackNeverMeet_A, !(wb_we_i && write))
  `EIE_ASSERT(HostAndScanNeverMeet_A, !(re_i && host_we_i))
endmodule
