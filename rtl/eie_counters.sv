// SPDX-License-Identifier: Apache-2.0
// Counters of the running layer, and the memory that keeps them for each descriptor. eie_pkg::counter_w bits,
// stop at full scale. Everything that comes in is counted one cycle later, so that nothing here hangs on the
// end of a layer but registers. layer_end_i marks a layer's last cycle: counter k is written to the memory k + 2
// cycles later and starts again from 0, before the next layer can touch it (its first broadcast comes four cycles
// after its start, its first entry later still). From the cycle after a layer's end or a program's start until all
// is written and added up, saving_o is high.
`include "eie_assert.svh"
module eie_counters #(
  parameter int N_PE   = 16,
  parameter int LAYERS = 4,
  parameter int TECH   = 0,
  localparam int BookW = eie_pkg::index_w(LAYERS),
  localparam int SumW  = $clog2(N_PE + 1),
  localparam int AddrW = $clog2(LAYERS) + 3
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         program_start_i,  // clears everything but the memory
  input  logic                         layer_start_i,    // the next cycle is a layer's first
  input  logic                         layer_end_i,      // this cycle is a layer's last
  input  logic [BookW-1:0]             descriptor_i,
  // Events of this cycle; those of the PEs come through a tree, TreeLag cycles after they are sent.
  input  logic                         fire_i,
  input  logic                         full_i,
  input  logic                         overflow_i,
  input  logic [SumW-1:0]              issues_i,   // sent one cycle after the entry is issued
  input  logic [SumW-1:0]              paddings_i,
  input  logic [SumW-1:0]              clampeds_i,
  // Sums over the program
  output logic [eie_pkg::CounterW-1:0] program_cycles_o,
  output logic [eie_pkg::CounterW-1:0] window_o,
  // Host: the counter at host_addr_i, two cycles later; neither that nor a sum while saving_o.
  output logic                         saving_o,
  input  logic [AddrW-1:0]             host_addr_i,
  output logic [eie_pkg::CounterW-1:0] host_rdata_o
);
  localparam int CounterW = eie_pkg::counter_w(TECH);
  localparam int Last     = eie_regs_pkg::NumCounters - 1;
  localparam int IssueLag = 1 + eie_pkg::tree_levels(N_PE);

  // What comes in, one cycle later.
  logic            program_start_q, layer_start_q, fire_q, full_in_q, overflow_in_q;
  logic [SumW-1:0] issues_q, paddings_q, clampeds_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) {program_start_q, layer_start_q, fire_q, full_in_q, overflow_in_q} <= '0;
    else {program_start_q, layer_start_q, fire_q, full_in_q, overflow_in_q}
           <= {program_start_i, layer_start_i, fire_i, full_i, overflow_i};
  always_ff @(posedge clk_i)
    if (!rst_ni) {issues_q, paddings_q, clampeds_q} <= '0;
    else {issues_q, paddings_q, clampeds_q} <= {issues_i, paddings_i, clampeds_i};

  // Counter k is saved and cleared by bit k. The descriptor is taken until saving begins.
  logic [Last:0]    save_q, clear;
  logic             saving_q, picking_q, writing_q;
  logic [BookW-1:0] descriptor_q;
  assign clear = save_q | {(Last + 1){program_start_q}};
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      save_q    <= '0;
      picking_q <= 1'b0;
      writing_q <= 1'b0;
      saving_q  <= 1'b0;
    end else begin
      save_q    <= {save_q[Last-1:0], layer_end_i};
      picking_q <= layer_end_i || save_q[Last-1:0] != '0;
      writing_q <= picking_q;
      saving_q  <= layer_end_i || save_q != '0 || program_start_i;
    end
  always_ff @(posedge clk_i) if (!saving_q) descriptor_q <= descriptor_i;
  assign saving_o = saving_q;

  // The window opens with the first fire; issues are seen IssueLag cycles late, so is the opening.
  logic                open_q;
  logic [IssueLag-1:0] lag_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || clear[eie_regs_pkg::CntWindow]) begin
      open_q <= 1'b0;
      lag_q  <= '0;
    end else begin
      open_q <= open_q || fire_q;
      lag_q  <= IssueLag'({lag_q, open_q || fire_q});
    end

  logic [CounterW-1:0] cycles, since, window_q, full, broadcasts, entries, paddings, clampeds;
  logic                cycles_full, since_full, window_full_q, full_full, broadcasts_full, entries_full;
  logic                paddings_full, clampeds_full, overflow_q;
  eie_counter #(.Width(CounterW), .AddW(1), .TECH(TECH)) u_cycles (
    .clk_i, .rst_ni, .clear_i(layer_start_q), .add_i(1'b1), .count_o(cycles), .full_o(cycles_full)
  );
  // Cleared a cycle later, when the lag is 0.
  logic since_clear_q;
  always_ff @(posedge clk_i) since_clear_q <= clear[eie_regs_pkg::CntWindow];
  eie_counter #(.Width(CounterW), .AddW(1), .TECH(TECH)) u_since (
    .clk_i, .rst_ni, .clear_i(since_clear_q), .add_i(lag_q[IssueLag-1]), .count_o(since), .full_o(since_full)
  );
  eie_counter #(.Width(CounterW), .AddW(1), .TECH(TECH)) u_full (
    .clk_i, .rst_ni, .clear_i(clear[eie_regs_pkg::CntQueueFull]), .add_i(full_in_q), .count_o(full), .full_o(full_full)
  );
  eie_counter #(.Width(CounterW), .AddW(1), .TECH(TECH)) u_broadcasts (
    .clk_i, .rst_ni, .clear_i(clear[eie_regs_pkg::CntBroadcasts]), .add_i(fire_q), .count_o(broadcasts),
    .full_o(broadcasts_full)
  );
  eie_counter #(.Width(CounterW), .AddW(SumW), .TECH(TECH)) u_entries (
    .clk_i, .rst_ni, .clear_i(clear[eie_regs_pkg::CntEntries]), .add_i(issues_q), .count_o(entries),
    .full_o(entries_full)
  );
  eie_counter #(.Width(CounterW), .AddW(SumW), .TECH(TECH)) u_paddings (
    .clk_i, .rst_ni, .clear_i(clear[eie_regs_pkg::CntPadding]), .add_i(paddings_q), .count_o(paddings),
    .full_o(paddings_full)
  );
  eie_counter #(.Width(CounterW), .AddW(SumW), .TECH(TECH)) u_clampeds (
    .clk_i, .rst_ni, .clear_i(clear[eie_regs_pkg::CntClamped]), .add_i(clampeds_q), .count_o(clampeds),
    .full_o(clampeds_full)
  );

  // `since` is this cycle's number in the window plus the issue pulse's own delay of one.
  always_ff @(posedge clk_i)
    if (!rst_ni || clear[eie_regs_pkg::CntWindow]) begin
      window_q      <= '0;
      window_full_q <= 1'b0;
    end else if (issues_q != '0) begin
      window_q      <= since + CounterW'(lag_q[IssueLag-1]);
      window_full_q <= since_full;
    end
  always_ff @(posedge clk_i)
    if (!rst_ni || clear[eie_regs_pkg::CntOverflow]) overflow_q <= 1'b0;
    else if (overflow_in_q) overflow_q <= 1'b1;

  // They are saved in the order of their numbers, so a number that counts along picks them; one is picked in one
  // cycle and written in the next.
  logic [CounterW-1:0] picked, saved_q, stored;
  logic                picked_full, saved_full_q;
  logic [2:0]          save_index_q, saved_index_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) save_index_q <= '0;
    else if (picking_q) save_index_q <= save_index_q + 1'b1;
  always_comb begin
    case (save_index_q)
      3'(eie_regs_pkg::CntCycles):     {picked_full, picked} = {cycles_full, cycles};
      3'(eie_regs_pkg::CntWindow):     {picked_full, picked} = {window_full_q, window_q};
      3'(eie_regs_pkg::CntQueueFull):  {picked_full, picked} = {full_full, full};
      3'(eie_regs_pkg::CntBroadcasts): {picked_full, picked} = {broadcasts_full, broadcasts};
      3'(eie_regs_pkg::CntEntries):    {picked_full, picked} = {entries_full, entries};
      3'(eie_regs_pkg::CntPadding):    {picked_full, picked} = {paddings_full, paddings};
      3'(eie_regs_pkg::CntClamped):    {picked_full, picked} = {clampeds_full, clampeds};
      default:                         {picked_full, picked} = {1'b0, CounterW'(overflow_q)};
    endcase
  end
  always_ff @(posedge clk_i) begin
    saved_q       <= picked;
    saved_full_q  <= picked_full;
    saved_index_q <= save_index_q;
  end
  eie_ram_1r1w #(.Width(CounterW), .Depth(LAYERS * eie_regs_pkg::NumCounters), .TECH(TECH)) u_ram (
    .clk_i, .we_i(writing_q), .waddr_i(AddrW'({descriptor_q, saved_index_q})), .wdata_i(saved_q | {CounterW{saved_full_q}}),
    .re_i(1'b1), .oe_i(1'b1), .clear_i(1'b0), .raddr_i(host_addr_i), .rdata_o(stored)
  );

  assign host_rdata_o = eie_pkg::CounterW'(stored);

  // Sums over the program, made when a layer's counter is final.
  logic [CounterW-1:0] program_cycles_q, window_sum_q, program_cycles, window_sum;
  logic [CounterW:0]   program_cycles_d, window_sum_d;
  logic                program_cycles_full_q, window_sum_full_q;
  assign program_cycles_d = {1'b0, program_cycles_q} + {cycles_full, cycles};
  assign window_sum_d     = {1'b0, window_sum_q} + {window_full_q, window_q};
  always_ff @(posedge clk_i)
    if (!rst_ni || program_start_q) begin
      program_cycles_q      <= '0;
      window_sum_q          <= '0;
      program_cycles_full_q <= 1'b0;
      window_sum_full_q     <= 1'b0;
    end else begin
      if (save_q[eie_regs_pkg::CntCycles]) begin
        program_cycles_q      <= program_cycles_d[CounterW-1:0];
        program_cycles_full_q <= program_cycles_full_q || program_cycles_d[CounterW];
      end
      if (save_q[eie_regs_pkg::CntWindow]) begin
        window_sum_q      <= window_sum_d[CounterW-1:0];
        window_sum_full_q <= window_sum_full_q || window_sum_d[CounterW];
      end
    end
  assign program_cycles   = program_cycles_q | {CounterW{program_cycles_full_q}};
  assign window_sum       = window_sum_q | {CounterW{window_sum_full_q}};
  assign program_cycles_o = eie_pkg::CounterW'(program_cycles);
  assign window_o         = eie_pkg::CounterW'(window_sum);

  `EIE_ASSERT(NothingIsIssuedAsALayerStarts_A, !since_clear_q || (issues_q == '0 && !lag_q[IssueLag-1]))
endmodule
