// SPDX-License-Identifier: Apache-2.0
// Where a program of layer descriptors stands: which descriptor runs, how many are left, how it ended.
// Holds what STATUS and FAULT tell the host: done and the fault record stay until cleared or the next start.
// Knows no time and starts nothing: the CCU says what happened, one pulse an event.
`include "eie_assert.svh"
module eie_program #(
  parameter int N_PE   = 16,
  parameter int LAYERS = 4,
  parameter int ENTRY_W = 13,   // bits of the entry in a record
  localparam int PeW   = eie_pkg::index_w(N_PE),
  localparam int BookW = eie_pkg::index_w(LAYERS),
  localparam int DoneW = $clog2(LAYERS + 1)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Program register, still while a program runs; bad_o is about the values of the cycle before.
  input  logic [7:0]  first_i,
  input  logic [7:0]  count_i,
  output logic        bad_o,
  // What happened
  input  logic        start_i,          // a program starts
  input  logic        clear_i,          // forget done and fault
  input  logic        launch_i,         // a layer would start
  input  logic        launch_fault_i,   // with launch_i: it does not, for this reason
  input  logic [3:0]  launch_code_i,
  input  logic        write_back_i,     // with launch_i: the layer ends its chain of column tiles
  input  logic        layer_end_i,
  input  logic        abort_i,
  input  logic        pe_fault_i,       // a PE's record has come
  input  logic [PeW-1:0] pe_i,
  input  logic [31:0] pe_record_i,
  input  logic        forget_chain_i,   // the accumulators are being cleared
  // Where it stands
  output logic [BookW-1:0] descriptor_o,
  output logic        more_o,           // descriptors are left after this one; two cycles after a start or a layer's end
  output logic        chain_open_o,     // accumulators hold the sums of a column tile
  output logic        done_o,
  output logic        fault_o,
  output logic [7:0]  fault_code_o,
  output logic [7:0]  fault_descriptor_o,
  output logic [7:0]  fault_pe_o,
  output logic [29:0] fault_entry_o,
  output logic [7:0]  layers_done_o
);
  logic             bad_q, more_q, done_q, fault_q, chain_open_q;
  logic [8:0]       behind;         // the descriptor behind the program
  logic [7:0]       descriptor_q;   // counts in its low bits; the others are not zero only in a program that is bad
  logic [DoneW-1:0] layers_done_q;
  logic [3:0]       fault_code_q;
  logic [PeW-1:0]   fault_pe_q;
  logic [ENTRY_W-1:0] fault_entry_q;

  assign behind = {1'b0, first_i} + {1'b0, count_i};
  always_ff @(posedge clk_i) begin
    bad_q  <= count_i == '0 || eie_pkg::above(32'(behind), LAYERS);
    more_q <= {1'b0, descriptor_q[BookW-1:0]} + 1'b1 != behind[BookW:0];
  end

  always_ff @(posedge clk_i)
    if (start_i) descriptor_q <= first_i;
    else if (layer_end_i && more_o) descriptor_q[BookW-1:0] <= descriptor_q[BookW-1:0] + 1'b1;

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      done_q        <= 1'b0;
      fault_q       <= 1'b0;
      chain_open_q  <= 1'b0;
      layers_done_q <= '0;
    end else begin
      if (clear_i || start_i) begin
        done_q  <= 1'b0;
        fault_q <= 1'b0;
      end
      if (start_i) layers_done_q <= '0;
      if (layer_end_i) begin
        layers_done_q <= layers_done_q + 1'b1;
        done_q        <= !more_o;
      end
      if (launch_i) chain_open_q <= !write_back_i;
      if (launch_i && launch_fault_i) fault_q <= 1'b1;
      if (abort_i || pe_fault_i) fault_q <= 1'b1;
      if (forget_chain_i) chain_open_q <= 1'b0;
    end

  // A fault is always that of the descriptor at which the program stopped: descriptor_q stays until the next start.
  // The code of a launch is none when nothing is wrong.
  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i) fault_code_q <= '0;
    else if (launch_i) fault_code_q <= (start_i && bad_q) ? 4'(eie_regs_pkg::FaultProgram) : launch_code_i;
    else if (abort_i) fault_code_q <= 4'(eie_regs_pkg::FaultAborted);
    else if (pe_fault_i) fault_code_q <= pe_record_i[30] ? 4'(eie_regs_pkg::FaultPointer) : 4'(eie_regs_pkg::FaultSlot);
  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i || start_i) begin
      fault_pe_q    <= '0;
      fault_entry_q <= '0;
    end else if (pe_fault_i && !abort_i) begin
      fault_pe_q    <= pe_i;
      fault_entry_q <= pe_record_i[ENTRY_W-1:0];
    end

  assign bad_o              = bad_q;
  assign more_o             = more_q;
  assign descriptor_o       = descriptor_q[BookW-1:0];
  assign chain_open_o       = chain_open_q;
  assign done_o             = done_q;
  assign fault_o            = fault_q;
  assign fault_code_o       = 8'(fault_code_q);
  assign fault_descriptor_o = fault_q ? descriptor_q : '0;
  assign fault_pe_o         = 8'(fault_pe_q);
  assign fault_entry_o      = 30'(fault_entry_q);
  assign layers_done_o      = 8'(layers_done_q);

  // Bit 31 of the record says that it is one; the CCU has looked.
  logic unused_record;
  assign unused_record = ^{pe_record_i[31], pe_record_i[29:0]};

  `EIE_ASSERT(OnlyABadLaunchHasACode_A, !launch_i || launch_fault_i == (launch_code_i != '0 || (start_i && bad_q)))
  `EIE_ASSERT(DoneAndFaultNeverMeet_A, !(done_q && fault_q))
  `EIE_ASSERT(ARecordIsAFault_A, !pe_fault_i || pe_record_i[31])
endmodule
