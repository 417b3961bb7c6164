// SPDX-License-Identifier: Apache-2.0
// The host link before an AXI4-Lite slave that behaves as its address says (bits 31:28), to show what the link
// makes of a bus that refuses, hangs or answers late (tests/rtl_uart.c):
//   0 memory of 64 words; irq is bit 0 of word 0   1 SLVERR, nothing written   2 taken, never answered
//   3 never taken until 10,000 clocks are over     4 answered 10,000 clocks later
//   5 reads tell how many writes there were        6 taken after 100 clocks, then as the memory
// A reset by the link clears the counter of writes and forgets the access.
module stub_top #(
  parameter int CLOCKS_PER_BIT = 4,
  parameter int SILENCE_W      = 9
) (
  input  logic clk_i,
  input  logic rx_i,
  output logic tx_o
);
  logic [3:0] wait_q = '0;
  logic       rst_n_q = 1'b0, reset, busy;
  always_ff @(posedge clk_i) begin
    rst_n_q <= wait_q == '1;
    if (wait_q != '1) wait_q <= wait_q + 4'd1;
  end

  logic        awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [31:0] addr, wdata, rdata;
  logic [1:0]  resp;
  logic [31:0] memory [64];
  logic        irq_q;
  eie_link #(.ClocksPerBit(CLOCKS_PER_BIT), .SilenceW(SILENCE_W)) u_link (
    .clk_i, .rst_ni(rst_n_q), .rx_i, .tx_o, .irq_i(irq_q), .reset_o(reset), .busy_o(busy),
    .axil_awvalid_o(awvalid), .axil_awready_i(awready), .axil_addr_o(addr), .axil_wvalid_o(wvalid),
    .axil_wready_i(wready), .axil_wdata_o(wdata), .axil_bvalid_i(bvalid), .axil_bready_o(bready),
    .axil_bresp_i(resp), .axil_arvalid_o(arvalid), .axil_arready_i(arready), .axil_rvalid_i(rvalid),
    .axil_rready_o(rready), .axil_rdata_i(rdata), .axil_rresp_i(resp)
  );

  // One access: offered, taken, answered. kind_q is what it was taken as.
  logic        taken_q, write_q;
  logic [3:0]  kind_q;
  logic [15:0] clocks_q;  // since it was offered or taken
  logic [31:0] writes_q, at_q;
  logic        take, offered, due;
  assign offered = (awvalid && wvalid) || arvalid;
  assign take    = !taken_q && offered && (addr[31:28] == 4'd3 ? clocks_q == 16'd10000 :
                                           addr[31:28] == 4'd6 ? clocks_q == 16'd100 : 1'b1);
  assign {awready, wready} = {2{take && awvalid && wvalid}};
  assign arready = take && !(awvalid && wvalid);
  assign due     = taken_q && kind_q != 4'd2 && (kind_q != 4'd4 || clocks_q == 16'd10000);
  assign bvalid  = due && write_q;
  assign rvalid  = due && !write_q;
  assign resp    = kind_q == 4'd1 ? 2'd2 : 2'd0;
  assign rdata   = kind_q == 4'd5 ? writes_q : memory[at_q[7:2]];

  always_ff @(posedge clk_i)
    if (!rst_n_q || reset) begin
      taken_q  <= 1'b0;
      clocks_q <= '0;
      writes_q <= '0;
      irq_q    <= 1'b0;
    end else begin
      if (take) begin
        taken_q  <= 1'b1;
        write_q  <= awvalid && wvalid;
        kind_q   <= addr[31:28];
        at_q     <= addr;
        clocks_q <= '0;
        if (awvalid && wvalid && addr[31:28] != 4'd1) memory[addr[7:2]] <= wdata;
        if (awvalid && wvalid && addr[31:28] == 4'd5) writes_q <= writes_q + 32'd1;
        if (awvalid && wvalid && addr == 32'd0) irq_q <= wdata[0];
      end else begin
        if ((offered || taken_q) && clocks_q != 16'd10000) clocks_q <= clocks_q + 16'd1;
        if ((bvalid && bready) || (rvalid && rready)) {taken_q, clocks_q} <= '0;
      end
    end
endmodule
