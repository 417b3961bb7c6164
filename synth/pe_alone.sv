// SPDX-License-Identifier: Apache-2.0
// One eie_pe alone, for synth/pe_clock.sh: inputs from a shift register with feedback (so that no input
// is a constant or another's delayed copy), outputs folded into one pin through registers.
module pe_alone #(
  parameter int TECH = 1
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic in_i,
  output logic out_o
);
  localparam int Inputs = 120;

  logic              reset_q;
  logic [Inputs-1:0] in_q;
  always_ff @(posedge clk_i) begin
    reset_q <= rst_ni;
    in_q    <= {in_q[Inputs-2:0], in_i} ^ {in_q[0], in_q[Inputs-1:1]};
  end

  logic [31:0] rdata;
  logic [8:0]  events;
  eie_pe #(
    .N_PE(32), .ACT_QUEUE_DEPTH(17), .QUEUE_DEPTH(16), .CODE_W(4), .IDX_W(5), .ENTRIES_PER_WORD(4), .ACC_W(32),
    .ROWS(256), .SPMAT_WORDS(512), .PTR_DEPTH(2048), .ACT_SLOTS(512), .LAYERS(8), .TECH(TECH)
  ) u_pe (
    .clk_i, .rst_ni(reset_q), .flush_i(in_q[0]),
    .col_valid_i(in_q[1]), .col_wb_i(in_q[2]), .col_place_i(in_q[13:3]), .val_valid_i(in_q[14]), .val_i(in_q[30:15]),
    .layer_start_i(in_q[31]), .rows_i(in_q[40:32]), .codebook_i({in_q[119], in_q[42:41]}), .wb_write_i(in_q[43]),
    .wb_clear_i(in_q[44]), .out_base_i(in_q[53:45]), .shift_i(in_q[58:54]), .relu_i(in_q[59]),
    .cmd_valid_i(in_q[60]), .cmd_here_i(in_q[65]), .cmd_write_i(in_q[61]), .cmd_value_i(in_q[118]),
    .cmd_memory_i(in_q[64:62]), .cmd_spmat_i(in_q[66]), .cmd_addr_i(in_q[79:69]), .cmd_lane_i(in_q[81:80]), .cmd_wdata_i(in_q[117:82]),
    .cmd_rdata_o(rdata),
    .credit_o(events[0]), .active_o(events[1]), .overflow_o(events[2]), .fault_o(events[3]), .issue_o(events[4]),
    .padding_o(events[5]), .clamped_o(events[6]), .row_done_o(events[7]), .nonzero_o(events[8])
  );

  logic [40:0] out_q;
  logic [8:0]  fold_q;
  logic        fold_all_q;
  always_ff @(posedge clk_i) begin
    out_q <= {rdata, events};
    for (int k = 0; k < 8; k++) fold_q[k] <= ^out_q[5*k +: 5];
    fold_q[8]  <= out_q[40];
    fold_all_q <= ^fold_q;
  end
  assign out_o = fold_all_q;
endmodule
