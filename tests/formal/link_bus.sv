// SPDX-License-Identifier: Apache-2.0
// eie_link_bus on any bus: what it offers stays until it is taken, whoever gave the access up in the meantime; it has
// one access at a time, takes each answer, and hands on only answers to accesses that nobody gave up. Assumed of the
// link: requests while idle_o is high, address and data left alone while something is offered.
module formal_link_bus (
  input logic        clk_i,
  input logic        reset_i,
  input logic        clear_i,
  input logic        shift_i,
  input logic        bit_i,
  input logic [4:0]  stride_i,
  input logic        write_i,
  input logic        read_i,
  input logic [31:0] wdata_i,
  input logic        take_i,
  input logic        abandon_i,
  input logic        axil_awready_i,
  input logic        axil_wready_i,
  input logic        axil_bvalid_i,
  input logic [1:0]  axil_bresp_i,
  input logic        axil_arready_i,
  input logic        axil_rvalid_i,
  input logic [1:0]  axil_rresp_i
);
  logic started_q = 1'b0;
  logic rst_ni;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  assign rst_ni = started_q && !reset_i;

  logic idle, offered, load, done, awvalid, wvalid, bready, arvalid, rready, low;
  logic [1:0]  resp;
  logic [31:0] addr, wdata;
  eie_link_bus u_dut (
    .clk_i, .rst_ni, .clear_i, .shift_i, .bit_i, .bit_o(low), .stride_i, .write_i, .read_i, .wdata_i, .take_i,
    .abandon_i, .idle_o(idle), .offered_o(offered), .load_o(load), .done_o(done), .resp_o(resp),
    .axil_awvalid_o(awvalid), .axil_awready_i, .axil_addr_o(addr), .axil_wvalid_o(wvalid), .axil_wready_i,
    .axil_wdata_o(wdata), .axil_bvalid_i, .axil_bready_o(bready), .axil_bresp_i, .axil_arvalid_o(arvalid),
    .axil_arready_i, .axil_rvalid_i, .axil_rready_o(rready), .axil_rresp_i
  );

  logic [31:0] wdata_q;
  logic        offered_q = 1'b0;
  always_ff @(posedge clk_i) begin
    wdata_q   <= wdata_i;
    offered_q <= rst_ni && offered;
  end
  always_comb
    if (rst_ni) begin
      assume (!(write_i || read_i) || (idle && !clear_i && !(write_i && read_i) && !shift_i));
      assume (!shift_i || !offered);
      assume (!offered_q || wdata_i == wdata_q);
      // An answer comes after what it answers was taken.
      assume (!axil_bvalid_i || !(awvalid || wvalid));
      assume (!axil_rvalid_i || !arvalid);
    end

  // Accesses of each kind that are out, and whether the one that is out was given up.
  logic writing_q, reading_q, given_up_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i) {writing_q, reading_q, given_up_q} <= '0;
    else begin
      writing_q <= write_i || (writing_q && !(axil_bvalid_i && bready));
      reading_q <= read_i || (reading_q && !(axil_rvalid_i && rready));
      if ((axil_bvalid_i && bready) || (axil_rvalid_i && rready)) given_up_q <= 1'b0;
      else if (abandon_i && (writing_q || reading_q || write_i || read_i)) given_up_q <= 1'b1;
    end

  (* hierconn *) wire \u_dut.b_q ;
  (* hierconn *) wire \u_dut.r_q ;
  (* hierconn *) wire \u_dut.ar_q ;
  (* hierconn *) wire \u_dut.stale_q ;
  (* hierconn *) wire \u_dut.rready_q ;
  (* hierconn *) wire \u_dut.stepping_q ;
  always_comb
    if (rst_ni) begin
      assert (\u_dut.b_q == writing_q);
      assert (\u_dut.r_q == reading_q);
      assert (\u_dut.stale_q == given_up_q);
      assert (!(writing_q && reading_q));
      assert (!(awvalid || wvalid) || writing_q);
      assert (!arvalid || reading_q);
      assert (!\u_dut.rready_q || reading_q);
      assert (!given_up_q || writing_q || reading_q);
      assert (!\u_dut.stepping_q || !(writing_q || reading_q));
      assert (!idle || !(writing_q || reading_q));
      assert (bready == writing_q);
      assert (!load || (reading_q && !given_up_q && axil_rvalid_i && rready));
    end
endmodule
