// SPDX-License-Identifier: Apache-2.0
// The accelerator behind a serial line: eie_top and its host link, for boards whose host is a PC. Parameters
// are those of eie_top and the line's clocks a bit; rx_i may be of any clock. An op of the link resets
// eie_top alone. Protocol: docs/host-link.md.
module eie_uart_top #(
  parameter int N_PE             = 2,
  parameter int ACT_QUEUE_DEPTH  = 16,
  parameter int QUEUE_DEPTH      = 32,
  parameter int CODE_W           = 4,
  parameter int IDX_W            = 5,
  parameter int ENTRIES_PER_WORD = 8,
  parameter int ACC_W            = 32,
  parameter int ROWS             = 256,
  parameter int SPMAT_WORDS      = 512,
  parameter int PTR_DEPTH        = 2048,
  parameter int ACT_SLOTS        = 512,
  parameter int LAYERS           = 4,
  parameter int TECH             = 0,
  parameter int CLOCKS_PER_BIT   = 4,   // 4 or more: clock / baud rate, within 2 % of a whole number
  parameter int SILENCE_W        = 14   // 2^SILENCE_W bit times of silence end what goes no further
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic rx_i,
  output logic tx_o,
  // For lamps
  output logic irq_o,
  output logic busy_o   // the link works on a frame
);
  logic        link_reset;
  logic        top_rst_n_q = 1'b0;  // in reset from the first clock after power-on, too
  logic        awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [31:0] addr, wdata, rdata;
  logic [1:0]  bresp, rresp;
  always_ff @(posedge clk_i) top_rst_n_q <= rst_ni && !link_reset;

  eie_link #(.ClocksPerBit(CLOCKS_PER_BIT), .SilenceW(SILENCE_W)) u_link (
    .clk_i, .rst_ni, .rx_i, .tx_o, .irq_i(irq_o), .reset_o(link_reset), .busy_o,
    .axil_awvalid_o(awvalid), .axil_awready_i(awready), .axil_addr_o(addr), .axil_wvalid_o(wvalid),
    .axil_wready_i(wready), .axil_wdata_o(wdata), .axil_bvalid_i(bvalid), .axil_bready_o(bready),
    .axil_bresp_i(bresp), .axil_arvalid_o(arvalid), .axil_arready_i(arready), .axil_rvalid_i(rvalid),
    .axil_rready_o(rready), .axil_rdata_i(rdata), .axil_rresp_i(rresp)
  );

  eie_top #(
    .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH), .CODE_W(CODE_W),
    .IDX_W(IDX_W), .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .ACC_W(ACC_W), .ROWS(ROWS),
    .SPMAT_WORDS(SPMAT_WORDS), .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH)
  ) u_top (
    .clk_i, .rst_ni(top_rst_n_q),
    .axil_awvalid_i(awvalid), .axil_awready_o(awready), .axil_awaddr_i(addr), .axil_wvalid_i(wvalid),
    .axil_wready_o(wready), .axil_wdata_i(wdata), .axil_wstrb_i(4'hF), .axil_bvalid_o(bvalid),
    .axil_bready_i(bready), .axil_bresp_o(bresp), .axil_arvalid_i(arvalid), .axil_arready_o(arready),
    .axil_araddr_i(addr), .axil_rvalid_o(rvalid), .axil_rready_i(rready), .axil_rdata_o(rdata),
    .axil_rresp_o(rresp), .irq_o
  );
endmodule
