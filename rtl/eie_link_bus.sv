// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite master of the host link: one access at a time, its address register, and what becomes of an
// answer that nobody waits for any more. The address is shifted in a bit at a time, lowest first, and after
// each answered access 2^stride_i is added to it the same way, in 32 clocks: a shift register costs no logic.
// abandon_i gives the access up: its answer is taken whenever it comes, and until then idle_o is low. What is
// offered stays offered, as the bus demands; only clear_i takes it back. Rules: docs/handshake.md.
`include "eie_assert.svh"
module eie_link_bus (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,    // the slave is in reset and has forgotten everything
  // Address; moved only while offered_o is low
  input  logic        shift_i,
  input  logic        bit_i,
  output logic        bit_o,      // what falls out at the low end
  input  logic [4:0]  stride_i,   // 0: the address stays
  // Accesses: pulses, while idle_o is high
  input  logic        write_i,
  input  logic        read_i,
  input  logic [31:0] wdata_i,    // stays while offered_o is high
  input  logic        take_i,     // there is room for the data of a read
  input  logic        abandon_i,
  output logic        idle_o,
  output logic        offered_o,  // the bus has not taken all of it
  output logic        load_o,     // pulse: rdata is taken at the coming edge
  output logic        done_o,     // pulse, a clock later; of a write as well: resp_o
  output logic [1:0]  resp_o,
  // AXI4-Lite master
  output logic        axil_awvalid_o,
  input  logic        axil_awready_i,
  output logic [31:0] axil_addr_o,  // of both directions
  output logic        axil_wvalid_o,
  input  logic        axil_wready_i,
  output logic [31:0] axil_wdata_o,
  input  logic        axil_bvalid_i,
  output logic        axil_bready_o,
  input  logic [1:0]  axil_bresp_i,
  output logic        axil_arvalid_o,
  input  logic        axil_arready_i,
  input  logic        axil_rvalid_i,
  output logic        axil_rready_o,
  input  logic [1:0]  axil_rresp_i
);
  // aw, w, ar: offered and not taken. b, r: not answered. stale: given up.
  logic aw_q, w_q, b_q, ar_q, r_q, stale_q, rready_q, aw, w, ar, written, fetched;
  logic stepping_q;
  assign aw        = write_i || (aw_q && !axil_awready_i);
  assign w         = write_i || (w_q && !axil_wready_i);
  assign ar        = read_i || (ar_q && !axil_arready_i);
  assign written   = b_q && axil_bvalid_i;
  assign fetched   = rready_q && axil_rvalid_i;
  assign idle_o    = !(aw_q || w_q || b_q || ar_q || r_q || stepping_q);
  assign load_o    = fetched && !stale_q;

  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i) begin
      {aw_q, w_q, b_q, ar_q, r_q, rready_q, stale_q, offered_o} <= '0;
    end else begin
      aw_q      <= aw;
      w_q       <= w;
      b_q       <= write_i || (b_q && !axil_bvalid_i);
      ar_q      <= ar;
      r_q       <= read_i || (r_q && !fetched);
      rready_q  <= (take_i || stale_q) && r_q && !fetched;
      stale_q   <= (stale_q && !written && !fetched) ||
                   (abandon_i && (write_i || read_i || (b_q && !written) || (r_q && !fetched)));
      offered_o <= aw || w || ar;
    end

  always_ff @(posedge clk_i)
    if (!rst_ni) done_o <= 1'b0;
    else done_o <= (written || fetched) && !stale_q;
  always_ff @(posedge clk_i) resp_o <= b_q ? axil_bresp_i : axil_rresp_i;

  // address <= address + 2^stride, lowest bit first
  logic [31:0] address_q;
  logic [4:0]  place_q;
  logic        carry_q, one_q, sum;
  assign sum = address_q[0] ^ carry_q ^ one_q;
  always_ff @(posedge clk_i)
    if (!rst_ni || clear_i) stepping_q <= 1'b0;
    else stepping_q <= ((written || fetched) && !stale_q) || (stepping_q && place_q != 5'd31);
  always_ff @(posedge clk_i) begin
    place_q <= stepping_q ? place_q + 5'd1 : 5'd0;
    one_q   <= (stepping_q ? place_q + 5'd1 : 5'd0) == stride_i && stride_i != 5'd0;
    carry_q <= stepping_q && ((address_q[0] && (carry_q || one_q)) || (carry_q && one_q));
    if (shift_i || stepping_q) address_q <= {stepping_q ? sum : bit_i, address_q[31:1]};
  end
  assign bit_o = address_q[0];

  assign axil_awvalid_o = aw_q;
  assign axil_addr_o    = address_q;
  assign axil_wvalid_o  = w_q;
  assign axil_wdata_o   = wdata_i;
  assign axil_bready_o  = b_q;
  assign axil_arvalid_o = ar_q;
  assign axil_rready_o  = rready_q;

  // What was offered stays as it is until it is taken.
  logic        aw_stalled_q, w_stalled_q, ar_stalled_q;
  logic [31:0] address_before_q, wdata_before_q;
  always_ff @(posedge clk_i) begin
    aw_stalled_q     <= rst_ni && !clear_i && aw_q && !axil_awready_i;
    w_stalled_q      <= rst_ni && !clear_i && w_q && !axil_wready_i;
    ar_stalled_q     <= rst_ni && !clear_i && ar_q && !axil_arready_i;
    address_before_q <= address_q;
    wdata_before_q   <= wdata_i;
  end
  `EIE_ASSERT(OfferedIsKnown_A, offered_o == (aw_q || w_q || ar_q))
  `EIE_ASSERT(OneAccessAtATime_A, !(write_i || read_i) || (idle_o && !(write_i && read_i)))
  `EIE_ASSERT(AddressOfAWriteStays_A, !aw_stalled_q || (aw_q && address_q == address_before_q))
  `EIE_ASSERT(DataOfAWriteStay_A, !w_stalled_q || (w_q && wdata_i == wdata_before_q))
  `EIE_ASSERT(AddressOfAReadStays_A, !ar_stalled_q || (ar_q && address_q == address_before_q))
endmodule
