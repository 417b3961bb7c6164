// SPDX-License-Identifier: Apache-2.0
// eie_write_back against the formula of docs/arithmetic.md, for every accumulator, bias, shift and ReLU:
// row n of an arbitrary sequence of rows, n being any, is written with the right value to slot out_base + n
// and reported with the right flags. How many cycles that takes is left open.
module formal_write_back #(
  parameter int ACC_W     = 32,
  parameter int ACT_SLOTS = 8,
  parameter int SHORT     = 0,
  parameter int CountW    = 3   // no count wraps in the cycles that are looked at
) (
  input logic                    clk_i,
  input logic                    wb_valid_i,
  input logic signed [ACC_W-1:0] wb_acc_i,
  input logic signed [31:0]      bias_i
);
  (* anyconst *) logic [4:0]        shift;
  (* anyconst *) logic              relu;
  (* anyconst *) logic              write;
  (* anyconst *) logic [2:0]        out_base;
  (* anyconst *) logic [CountW-1:0] n;

  // Three cycles of reset, the layer's start, then rows: registers without reset are clean by then.
  logic [4:0] time_q = 5'd0;
  logic       rst_ni, launch, running;
  always_ff @(posedge clk_i) time_q <= {time_q[3:0], 1'b1};
  assign rst_ni  = time_q[2];
  assign launch  = time_q[2] && !time_q[3];
  assign running = time_q[3];

  logic        act_we, row_done, nonzero, clamped;
  logic [2:0]  act_slot;
  logic [15:0] act;
  eie_write_back #(.ACC_W(ACC_W), .ACT_SLOTS(ACT_SLOTS), .SHORT(SHORT)) u_dut (
    .clk_i, .rst_ni, .flush_i(1'b0), .layer_start_i(launch), .wb_write_i(write), .out_base_i(out_base),
    .shift_i(shift), .relu_i(relu), .wb_valid_i, .wb_acc_i, .bias_i,
    .act_we_o(act_we), .act_slot_o(act_slot), .act_o(act),
    .row_done_o(row_done), .nonzero_o(nonzero), .clamped_o(clamped)
  );

  // Row n as it comes, and the formula in 64 bits.
  logic [CountW-1:0]       in_q, written_q, done_q;
  logic                    seen_q = 1'b0;
  logic signed [ACC_W-1:0] acc_q;
  logic signed [31:0]      bias_q;
  logic signed [63:0]      s, half, rounded, y, wanted;
  assign s       = 64'(acc_q) + 64'(bias_q);
  assign half    = (shift == 5'd0) ? 64'sd0 : $signed(64'd1 << (shift - 5'd1));
  assign rounded = (s + half) >>> shift;
  assign y       = (rounded > 64'sd32767) ? 64'sd32767 : (rounded < -64'sd32768) ? -64'sd32768 : rounded;
  assign wanted  = (relu && y < 64'sd0) ? 64'sd0 : y;

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      in_q      <= '0;
      written_q <= '0;
      done_q    <= '0;
      seen_q    <= 1'b0;
    end else begin
      in_q      <= in_q + CountW'(wb_valid_i);
      written_q <= written_q + CountW'(act_we);
      done_q    <= done_q + CountW'(row_done);
      if (wb_valid_i && in_q == n) begin
        seen_q <= 1'b1;
        acc_q  <= wb_acc_i;
        bias_q <= bias_i;
      end
    end

  always_comb begin
    if (!running) assume (!wb_valid_i);
    if (running) begin
      if (!write) assert (!act_we && !clamped);
      if (act_we && written_q == n) begin
        assert (seen_q);
        assert (act == wanted[15:0]);
        assert (act_slot == out_base + n);
      end
      if (row_done && done_q == n) begin
        assert (seen_q);
        assert (nonzero == (wanted != 64'sd0));
        assert (clamped == (write && y != rounded));
      end
      assert (!write || done_q <= written_q);
    end
  end
endmodule
