// SPDX-License-Identifier: Apache-2.0
// Numbers and rules that several modules share. Everything that follows from the parameters of eie_top
// is a function here, so that no module derives it a second time; C has the same names in eie_config.c.
package eie_pkg;
  localparam int ActW     = 16;  // activation, signed
  localparam int WeightW  = 16;  // codebook word, signed
  localparam int ProductW = 32;  // exact product
  localparam int BiasW    = 32;  // bias, accumulator scale
  localparam int CounterW = 48;  // every performance counter
  localparam int ShiftW   = 5;   // write-back shift 0..31
  localparam int BusW     = 32;  // host bus
  localparam int LaneMaxW = 36;  // widest slice of a Spmat word that crosses the array at once

  // Memories of a PE as the command bus names them; the last is its fault record.
  localparam logic [2:0] MemSpmat    = 3'd0;
  localparam logic [2:0] MemPointer  = 3'd1;
  localparam logic [2:0] MemCodebook = 3'd2;
  localparam logic [2:0] MemAct      = 3'd3;
  localparam logic [2:0] MemFault    = 3'd4;

  // PEs that share one register of the broadcast tree.
  localparam int ClusterSize = 8;

  // Bits that count to x - 1, at least one: an index into x things.
  function int index_w(input int x);
    index_w = (x > 1) ? $clog2(x) : 1;
  endfunction

  function int max2(input int a, input int b);
    max2 = (a > b) ? a : b;
  endfunction

  function int ceil_div(input int a, input int b);
    ceil_div = (a + b - 1) / b;
  endfunction

  // x > limit, for a constant limit: two ORs instead of a chain of carries where it is a power of two.
  function logic above(input logic [31:0] x, input logic [31:0] limit);
    above = ((limit & (limit - 32'd1)) == 32'd0)
          ? (x & ~(limit | (limit - 32'd1))) != 32'd0 || ((x & limit) != 32'd0 && (x & (limit - 32'd1)) != 32'd0)
          : x > limit;
  endfunction

  // Registered levels of a tree with four children a node over n leaves; 0 for one leaf.
  function int tree_levels(input int n);
    tree_levels = ($clog2(n) + 1) / 2;
  endfunction

  // Nodes of such a tree at a level (0 = leaves).
  function int tree_nodes(input int n, input int level);
    tree_nodes = (n + (1 << (2 * level)) - 1) >> (2 * level);
  endfunction

  // First node of a level when the nodes of all levels lie in one vector, leaves first.
  function int tree_base(input int n, input int level);
    tree_base = ((level > 0) ? tree_nodes(n, 0) : 0) + ((level > 1) ? tree_nodes(n, 1) : 0)
              + ((level > 2) ? tree_nodes(n, 2) : 0) + ((level > 3) ? tree_nodes(n, 3) : 0)
              + ((level > 4) ? tree_nodes(n, 4) : 0);
  endfunction

  // Command bus: the value of a broadcast is read in this many cycles. Both leave the CCU together, the column directly,
  // the value by way of the PE that holds it.
  function int value_lag(input int n_pe);
    value_lag = 4 + tree_levels(n_pe);
  endfunction
  // A PE has the two pointers of a column after PointerLag cycles. Where the value comes later still, the column is held
  // back before it goes to the PEs, once for all of them, so that both are there together.
  localparam int PointerLag = 5;
  function int column_hold(input int n_pe);
    column_hold = max2(value_lag(n_pe) - PointerLag, 0);
  endfunction
  // Write-back begins when the news that no PE has an entry left has come through the tree of active PEs. Through one level it
  // comes so soon that the first row can follow the last entry in the next cycle.
  function int wb_close(input int n_pe);
    wb_close = (tree_levels(n_pe) < 2) ? 1 : 0;
  endfunction
  // Any other read takes one cycle more.
  function int read_latency(input int n_pe);
    read_latency = value_lag(n_pe) + 1;
  endfunction

  // Spmat word: slices ("lanes") of at most 36 bits, each a RAM of its own; 32-bit parts on the bus.
  function int lanes(input int word_w);
    lanes = ceil_div(word_w, LaneMaxW);
  endfunction
  function int lane_w(input int word_w);
    lane_w = ceil_div(word_w, lanes(word_w));
  endfunction
  function int word_parts(input int word_w);
    word_parts = ceil_div(word_w, BusW);
  endfunction
  function int part_stride_w(input int word_w);  // log2 of the part stride
    part_stride_w = $clog2(word_parts(word_w));
  endfunction

  // Absolute entry index; also one past the last.
  function int ptr_w(input int spmat_words, input int entries_per_word);
    ptr_w = $clog2(spmat_words * entries_per_word + 1);
  endfunction
  // A pointer bank also holds half a bias.
  function int bank_w(input int spmat_words, input int entries_per_word);
    bank_w = max2(ptr_w(spmat_words, entries_per_word), BiasW / 2);
  endfunction
  // Row slot with room for one step past the tile without wrapping.
  function int slot_w(input int rows, input int idx_w);
    slot_w = $clog2(rows + (1 << idx_w) + 1);
  endfunction

  // Memories of up to this many words may go into the RAM of logic cells on devices that have it: there
  // a block RAM would be used to a few percent, and block RAM is what runs out first.
  function int in_cells(input int depth);
    in_cells = (depth <= 64) ? 1 : 0;
  endfunction

  // ECP5's block RAM has two ports that write and read alike, so the codebooks fit behind the activations, each in half of it,
  // as long as one block RAM of 1024 x 18 holds both.
  function int book_with_acts(input int tech, input int book_words, input int act_slots);
    book_with_acts = (tech == 1 && (2 << max2(index_w(book_words), index_w(act_slots))) <= 1024) ? 1 : 0;
  endfunction

  // ECP5 has more multipliers than PEs use: two of them shift in write-back (eie_shift_ecp5), where an accumulator of 32 bits
  // and its bias make a sum of 33.
  function int shift_by_mul(input int tech, input int sum_w);
    shift_by_mul = (tech == 1 && sum_w == 33) ? 1 : 0;
  endfunction

  // iCE40 UP5K has four SPRAMs of one port. The Spmat comes first; with two PEs there is one left for the
  // activations of each.
  function int act_single_port(input int tech, input int n_pe);
    act_single_port = (tech != 2 || n_pe <= 2) ? 1 : 0;
  endfunction

  // Where registers are what runs out first (iCE40, Gowin), PEs have the short pipeline (eie_arith_short), and the host
  // side has one access at a time and keeps nothing of it that the bus holds anyway (HELD of eie_axil, eie_host and
  // eie_act_flags).
  function int compact(input int tech);
    compact = (tech == 2 || tech == 3) ? 1 : 0;
  endfunction
  // Bits of a layer's counters. The iCE40 counts to 24 bits, a third of a second at 48 MHz.
  function int counter_w(input int tech);
    counter_w = (tech == 2) ? 24 : CounterW;
  endfunction

  // Address on the command bus: the deepest memory of a PE, or of the descriptors and their counters.
  function int cmd_addr_w(input int spmat_words, input int ptr_depth, input int code_w,
                          input int layers, input int act_slots);
    cmd_addr_w = max2(max2(index_w(spmat_words), index_w(ptr_depth)),
                      max2(max2(code_w, 3) + $clog2(layers), index_w(act_slots)));
  endfunction

  // Host address map: byte address = region << region_shift | pe << pe_shift | word << 2.
  function int pe_shift(input int spmat_words, input int word_w, input int ptr_depth,
                        input int code_w, input int layers);
    pe_shift = 2 + max2(max2($clog2(spmat_words) + part_stride_w(word_w), $clog2(ptr_depth)),
                        code_w + $clog2(layers));
  endfunction
  function int region_shift(input int pe_shift_bits, input int n_pe, input int act_slots,
                            input int layers);
    region_shift = max2(max2(pe_shift_bits + $clog2(n_pe), 12),
                        2 + max2($clog2(act_slots) + $clog2(n_pe), $clog2(layers) + 4));
  endfunction
endpackage
