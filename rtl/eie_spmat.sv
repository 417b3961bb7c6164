// SPDX-License-Identifier: Apache-2.0
// Sparse-matrix memory of one PE: entry index in, entry out three cycles later, one a cycle. An entry is
// {run, code}, code in the low bits; ENTRIES_PER_WORD entries a word, entry 0 in the low bits. The word
// is read in every cycle that has an entry, so there is no word buffer and no bubble at a word's end.
// The word is kept in lanes of at most 36 bits, each a RAM with a write of its own, so that loading
// needs no wide bus. Host accesses are for an idle array; a 32-bit part of a word appears three cycles
// after host_re_i.
// SHORT 1, for slow clocks where registers are scarce: entry out one cycle after its index, straight from the memory;
// the host's address waits a cycle instead, so that its answer comes in the same cycle as ever.
module eie_spmat #(
  parameter int CODE_W = 4,
  parameter int IDX_W  = 4,
  parameter int ENTRIES_PER_WORD = 8,
  parameter int SPMAT_WORDS = 512,
  parameter int SHORT = 0,
  parameter int TECH = 0,
  localparam int EntryW  = CODE_W + IDX_W,
  localparam int WordW   = EntryW * ENTRIES_PER_WORD,
  localparam int PtrW    = eie_pkg::ptr_w(SPMAT_WORDS, ENTRIES_PER_WORD),
  localparam int AddrW   = eie_pkg::index_w(SPMAT_WORDS),
  localparam int Lanes   = eie_pkg::lanes(WordW),
  localparam int LaneW   = eie_pkg::lane_w(WordW),
  localparam int Parts   = eie_pkg::word_parts(WordW)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,
  // Entry indices from the sequencer.
  input  logic                     issue_i,
  input  logic [PtrW-1:0]          issue_entry_i,
  input  logic                     issue_first_i,
  input  logic [eie_pkg::ActW-1:0] issue_act_i,
  // Entries
  output logic                     entry_valid_o,
  output logic                     entry_first_o,
  output logic [IDX_W-1:0]         entry_run_o,
  output logic [CODE_W-1:0]        entry_code_o,
  output logic [eie_pkg::ActW-1:0] entry_act_o,
  output logic [PtrW-1:0]          entry_index_o,
  // Host
  input  logic                     host_we_i,
  input  logic [1:0]               host_lane_i,
  input  logic [LaneW-1:0]         host_wdata_i,
  input  logic                     host_re_i,
  input  logic [AddrW-1:0]         host_addr_i,
  input  logic [Parts-1:0]         host_part_i,   // one-hot, with the data, two cycles after host_re_i; none: 0
  output logic [eie_pkg::BusW-1:0] host_rdata_o
);
  localparam int SubW = $clog2(ENTRIES_PER_WORD);

  initial if (CODE_W != 4 && CODE_W != 8) $fatal(1, "%m: CODE_W (%0d) must be 4 or 8", CODE_W);
  initial if (IDX_W < 4 || IDX_W > 8) $fatal(1, "%m: IDX_W (%0d) must be 4 to 8", IDX_W);
  initial if (ENTRIES_PER_WORD > 8 || 2 ** SubW != ENTRIES_PER_WORD)
    $fatal(1, "%m: ENTRIES_PER_WORD (%0d) must be 1, 2, 4 or 8", ENTRIES_PER_WORD);

  logic                   host_re;
  logic [AddrW-1:0]       host_addr, addr;
  logic [Lanes*LaneW-1:0] word;

  assign addr = issue_i ? AddrW'(issue_entry_i >> SubW) : host_addr;
  for (genvar l = 0; l < Lanes; l++) begin : g_lane
    eie_ram_1r1w #(
      .Width(LaneW), .Depth(SPMAT_WORDS), .LATENCY((SHORT != 0) ? 1 : 2), .SINGLE_PORT(1), .TECH(TECH)
    ) u_ram (
      .clk_i, .we_i(host_we_i && host_lane_i == 2'(l)), .waddr_i(host_addr_i), .wdata_i(host_wdata_i),
      .re_i(issue_i || host_re), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(addr), .rdata_o(word[LaneW*l +: LaneW])
    );
  end

  // What goes along with the read: latch is behind the RAM's first stage, word behind its second.
  logic                     latch_valid_q, word_valid_q, entry_valid_q;
  logic                     latch_first_q, word_first_q, entry_first_q;
  logic [eie_pkg::ActW-1:0] latch_act_q, word_act_q, entry_act_q;
  logic [PtrW-1:0]          latch_index_q, word_index_q, entry_index_q;
  logic [EntryW-1:0]        entry, entry_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) latch_valid_q <= 1'b0;
    else latch_valid_q <= issue_i;
  always_ff @(posedge clk_i) begin
    latch_first_q <= issue_first_i;
    latch_act_q   <= issue_act_i;
    latch_index_q <= issue_entry_i;
  end

  if (SubW == 0) begin : g_one
    assign entry = word[EntryW-1:0];
  end else begin : g_select
    logic [SubW-1:0] place;  // of the entry in its word
    assign place = (SHORT != 0) ? latch_index_q[SubW-1:0] : word_index_q[SubW-1:0];
    assign entry = word[EntryW*place +: EntryW];
  end

  if (SHORT != 0) begin : g_short
    logic             host_re_q;
    logic [AddrW-1:0] host_addr_q;
    always_ff @(posedge clk_i)
      if (!rst_ni) host_re_q <= 1'b0;
      else host_re_q <= host_re_i;
    always_ff @(posedge clk_i) host_addr_q <= host_addr_i;
    assign host_re       = host_re_q;
    assign host_addr     = host_addr_q;
    assign entry_valid_o = latch_valid_q;
    assign entry_first_o = latch_first_q;
    assign entry_act_o   = latch_act_q;
    assign entry_index_o = latch_index_q;
    assign {entry_run_o, entry_code_o} = entry;
    logic unused_stages;
    assign unused_stages = ^{entry_valid_q, entry_first_q, entry_act_q, entry_index_q, entry_q};
  end else begin : g_full
    assign host_re      = host_re_i;
    assign host_addr    = host_addr_i;
    assign entry_valid_o = entry_valid_q;
    assign entry_first_o = entry_first_q;
    assign entry_act_o   = entry_act_q;
    assign entry_index_o = entry_index_q;
    assign {entry_run_o, entry_code_o} = entry_q;
  end

  // Two stages inside the RAM, then the selected entry. Nothing of this is left with SHORT.
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      word_valid_q  <= 1'b0;
      entry_valid_q <= 1'b0;
    end else begin
      word_valid_q  <= latch_valid_q;
      entry_valid_q <= word_valid_q;
    end
  always_ff @(posedge clk_i) begin
    word_first_q  <= latch_first_q;
    word_act_q    <= latch_act_q;
    word_index_q  <= latch_index_q;
    entry_first_q <= word_first_q;
    entry_act_q   <= word_act_q;
    entry_index_q <= word_index_q;
    entry_q       <= entry;
  end

  logic [Parts*eie_pkg::BusW-1:0] padded;
  logic [eie_pkg::BusW-1:0]       answer;
  assign padded = (Parts * eie_pkg::BusW)'(word[WordW-1:0]);
  always_comb begin
    answer = '0;
    for (int p = 0; p < Parts; p++)
      answer = answer | (padded[eie_pkg::BusW*p +: eie_pkg::BusW] & {eie_pkg::BusW{host_part_i[p]}});
  end
  assign host_rdata_o = answer;
  if (Lanes * LaneW > WordW) begin : g_spare
    logic unused_spare;
    assign unused_spare = ^word[Lanes*LaneW-1:WordW];
  end
endmodule
