// SPDX-License-Identifier: Apache-2.0
// Scan of a layer's input activations: walks up to four segments of activation slots, finds the
// non-zeros of each group of N_PE flags lowest PE first, and fires one a cycle while credits last. A
// group without non-zeros costs one cycle, one with k costs k; groups and segments follow each other
// without a bubble. The scan reads up to four groups ahead of the one it works on, and whether it reads on
// depends on registers alone.
// The pointer place of an activation is ptr_base_i + N_PE x (ordinal of its slot in the scan) + PE.
// First slot to fire: four cycles after start_i. The first segment comes with load_i, before start_i and while the scan
// wants no segment; in the cycle behind it, and behind each seg_take_o, the next one is there. ptr_base_i stays
// as it is from start_i until the first group is loaded, three cycles later.
`include "eie_assert.svh"
module eie_scan #(
  parameter int N_PE      = 16,
  parameter int PTR_DEPTH = 2048,
  parameter int ACT_SLOTS = 512,
  localparam int PeW    = eie_pkg::index_w(N_PE),
  localparam int SlotW  = eie_pkg::index_w(ACT_SLOTS),
  localparam int PlaceW = eie_pkg::index_w(PTR_DEPTH)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,
  // What to scan; lengths are at least 1.
  input  logic              load_i,
  input  logic              start_i,
  input  logic [2:0]        segments_i,
  output logic              seg_take_o,
  input  logic [SlotW-1:0]  seg_start_i,
  input  logic [SlotW:0]    seg_length_i,
  output logic              wants_segments_o,
  input  logic [PlaceW-1:0] ptr_base_i,
  output logic              done_o,        // from the cycle after the last fire until the next start
  // Flag memory
  output logic              flags_re_o,
  output logic              flags_oe_o,
  output logic [SlotW-1:0]  flags_slot_o,
  input  logic [N_PE-1:0]   flags_i,
  // Found activations, one a cycle: fire_o with has_credit_i, the address one cycle later.
  input  logic              has_credit_i,
  output logic              fire_o,
  output logic              full_o,        // there is one to fire and no credit
  output logic              found_o,
  output logic [SlotW-1:0]  found_slot_o,
  output logic [PeW-1:0]    found_pe_o,
  output logic [PlaceW-1:0] found_base_o   // pointer place of PE 0 of its group
);
  // A: slot address. B, C: inside the flag memory. H: a group for which F had no place. F: the group being
  // searched; f_any_q says that it is there and has a non-zero left, f_last that this is the last.
  logic             a_valid_q, b_valid_q, c_valid_q, h_valid_q, f_valid_q, f_any_q, f_last;
  logic             reading_q;         // A, B or C holds a group
  logic             full_q;            // B, C and H do: A stays where it is
  logic             c_ready, f_ready, f_load;
  logic [SlotW-1:0] a_slot_q, b_slot_q, c_slot_q, h_slot_q, f_slot_q;
  logic [SlotW:0]   slots_left_q;      // of the segment, this one included
  logic [1:0]       segments_left_q;   // behind this one
  logic             seg_end_q, more_q; // slots_left_q is 1; segments_left_q is not 0

  // What is known of a group's number of non-zeros, 0 if it is one: of what u_low, u_high and the quads below find.
  localparam int CountedW = 4;
  logic [CountedW-1:0] read_counted, h_counted_q, f_counted_q;
  logic             any, one, two, read_any, h_any_q;
  logic [PeW-1:0]   index;
  logic [N_PE-1:0]  first, next_flags, h_flags_q, f_flags_q;

  assign f_last  = f_counted_q == '0;
  assign f_ready = !f_any_q || (has_credit_i && f_last);
  assign f_load  = f_ready && (h_valid_q || c_valid_q);
  assign c_ready = !c_valid_q || !h_valid_q;

  logic a_move;
  assign a_move     = a_valid_q && !full_q;
  assign seg_take_o = a_move && seg_end_q && more_q;

  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) begin
      a_valid_q <= 1'b0;
      b_valid_q <= 1'b0;
      c_valid_q <= 1'b0;
      h_valid_q <= 1'b0;
      f_valid_q <= 1'b0;
      f_any_q   <= 1'b0;
      reading_q <= 1'b0;
      full_q    <= 1'b0;
    end else begin
      if (start_i) a_valid_q <= 1'b1;
      else if (a_move && seg_end_q && !more_q) a_valid_q <= 1'b0;
      if (!full_q) b_valid_q <= a_valid_q;
      if (c_ready) c_valid_q <= b_valid_q;
      reading_q <= start_i || a_valid_q || b_valid_q || (c_valid_q && h_valid_q);
      // Full next, if two of the three are and A moves up behind them, as long as F takes none.
      full_q    <= !f_ready && (full_q || (a_valid_q && (h_valid_q ? b_valid_q || c_valid_q : b_valid_q && c_valid_q)));
      h_valid_q <= !f_ready && (h_valid_q || c_valid_q);
      if (f_ready) begin
        f_valid_q <= h_valid_q || c_valid_q;
        f_any_q   <= h_valid_q ? h_any_q : c_valid_q && read_any;
      end
    end

  // The pointer place of the group in F: from the first group on, one step a group.
  logic [PlaceW-1:0] f_base_q;
  logic              first_group_q;
  assign next_flags = h_valid_q ? h_flags_q : flags_i;
  // Four segments are 100, and 00 less one is three behind the first.
  logic       seg_enter, seg_end;
  logic [1:0] segments_left;
  assign seg_enter     = load_i || (seg_end_q && more_q);
  assign seg_end       = seg_enter ? seg_length_i == (SlotW + 1)'(1) : slots_left_q == (SlotW + 1)'(2);
  assign segments_left = load_i ? segments_i[1:0] - 1'b1 : segments_left_q - 2'(seg_enter);
  always_ff @(posedge clk_i) begin
    if (load_i || a_move) begin
      a_slot_q        <= seg_enter ? seg_start_i : a_slot_q + 1'b1;
      slots_left_q    <= seg_enter ? seg_length_i : slots_left_q - 1'b1;
      segments_left_q <= segments_left;
      seg_end_q       <= seg_end;
      more_q          <= segments_left != '0;
    end
    if (start_i) first_group_q <= 1'b1;
    else if (f_load) first_group_q <= 1'b0;
    if (f_load) f_base_q <= first_group_q ? ptr_base_i : f_base_q + PlaceW'(N_PE);
    if (!full_q) b_slot_q <= a_slot_q;
    if (c_ready) c_slot_q <= b_slot_q;
    if (!h_valid_q) begin
      h_slot_q    <= c_slot_q;
      h_flags_q   <= flags_i;
      h_any_q     <= read_any;
      h_counted_q <= read_counted;
    end
    if (f_ready) begin
      f_slot_q    <= h_valid_q ? h_slot_q : c_slot_q;
      f_flags_q   <= next_flags;
      f_counted_q <= h_valid_q ? h_counted_q : read_counted;
    end else if (fire_o) begin
      f_flags_q   <= f_flags_q & ~first;
      f_counted_q <= CountedW'(!two);
    end
  end

  assign flags_re_o   = a_move;
  assign flags_oe_o   = b_valid_q && c_ready;
  assign flags_slot_o = a_slot_q;

  eie_lnzd #(.Leaves(N_PE)) u_lnzd (
    .flag_i(f_flags_q), .any_o(any), .one_o(one), .two_o(two), .index_o(index), .first_o(first)
  );
  // Whether a group has any, or more than one, is looked at as it leaves the memory, beside the choice between it and H: more than
  // one in a quad, quads with some in the low, in the high half, in both. The last step of that tree is one LUT of what the
  // registers know.
  localparam int Quad  = (N_PE < 4) ? N_PE : 4;
  localparam int Quads = N_PE / Quad;
  localparam int HalfW = (Quads > 1) ? Quads / 2 : 1;
  logic [Quads-1:0] quad_any, quad_many;
  logic [HalfW-1:0] low_quads, high_quads;
  logic             low_any, low_many, high_any, high_many;
  for (genvar k = 0; k < Quads; k++) begin : g_quad
    eie_any_many #(.Leaves(Quad)) u_quad (.flag_i(flags_i[Quad*k +: Quad]), .any_o(quad_any[k]), .many_o(quad_many[k]));
  end
  assign {high_quads, low_quads} = (2 * HalfW)'(quad_any);
  eie_any_many #(.Leaves(HalfW)) u_low (.flag_i(low_quads), .any_o(low_any), .many_o(low_many));
  eie_any_many #(.Leaves(HalfW)) u_high (.flag_i(high_quads), .any_o(high_any), .many_o(high_many));
  assign read_any     = low_any || high_any;
  assign read_counted = {low_any && high_any, |quad_many, high_many, low_many};

  assign fire_o = f_any_q && has_credit_i;
  assign full_o = f_any_q && !has_credit_i;
  assign done_o = !(reading_q || f_valid_q);  // H only stands behind F
  assign wants_segments_o = a_valid_q;

  logic              found_q;
  logic [SlotW-1:0]  found_slot_q;
  logic [PeW-1:0]    found_pe_q;
  logic [PlaceW-1:0] found_base_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || flush_i) found_q <= 1'b0;
    else found_q <= fire_o;
  always_ff @(posedge clk_i) begin
    found_slot_q <= f_slot_q;
    found_pe_q   <= index;
    found_base_q <= f_base_q;
  end
  assign found_o      = found_q;
  assign found_slot_o = found_slot_q;
  assign found_pe_o   = found_pe_q;
  assign found_base_o = found_base_q;

  logic unused_segments;
  assign unused_segments = segments_i[2];

  `EIE_ASSERT(AnyIsKnown_A, f_any_q == (f_valid_q && any) && (!f_any_q || f_last == one))
  `EIE_ASSERT(HeldOnlyBehindAGroup_A, !h_valid_q || f_valid_q)
  `EIE_ASSERT(StartOnlyWhenDone_A, !start_i || (done_o && !load_i))
  `EIE_ASSERT(LoadOnlyBehindTheLastSegment_A, !load_i || !wants_segments_o)
  `EIE_ASSERT(FullIsKnown_A, full_q == (b_valid_q && c_valid_q && h_valid_q))
  `EIE_ASSERT(ReadingIsKnown_A, reading_q == (a_valid_q || b_valid_q || c_valid_q))
  logic [PlaceW-1:0] ptr_base_q;
  always_ff @(posedge clk_i) ptr_base_q <= ptr_base_i;
  `EIE_ASSERT(PlaceStaysForTheFirstGroup_A, !(reading_q && first_group_q) || ptr_base_q == ptr_base_i)
endmodule
