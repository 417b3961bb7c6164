// SPDX-License-Identifier: Apache-2.0
// Host link: frames on a serial line to accesses of an AXI4-Lite slave. The protocol, byte by byte, is in
// docs/host-link.md. In short:
//   request   SYNC sequence op count address(4) crc(2)   and of a write 4 x count data bytes, crc(2)
//   reply     SYNC sequence kind                         of a read 4 x count data bytes; status left crc(2)
// A header with a right checksum lets the words of a burst go to the bus as they come, so no burst is kept;
// the write of one word waits for its own checksum, so that nothing damaged ever starts the accelerator. A
// write that was done and comes again with the same sequence number is answered again and not done again.
// Whatever is not a frame ends in silence, then a reply that says so. Every wait has an end: a silence of
// 2^SilenceW bit times (up to twice that) ends a frame that goes no further, or the wait for the bus. The
// answer to an access that was given up is swallowed; a bus that did not even take the access is reset.
// While a reply is sent the line is not listened to. Ops: 0 status, 1 write, 2 read, 3 reset the accelerator.
`include "eie_assert.svh"
module eie_link #(
  parameter int ClocksPerBit = 4,
  parameter int SilenceW     = 14
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // Serial line
  input  logic        rx_i,
  output logic        tx_o,
  // Accelerator
  input  logic        irq_i,        // told in each reply
  output logic        reset_o,      // it is to be reset; 15 clocks
  output logic        busy_o,       // a frame is under work
  // AXI4-Lite master; addresses of both directions are axil_addr_o
  output logic        axil_awvalid_o,
  input  logic        axil_awready_i,
  output logic [31:0] axil_addr_o,
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
  input  logic [31:0] axil_rdata_i,
  input  logic [1:0]  axil_rresp_i
);
  localparam int         TimerW  = $clog2(ClocksPerBit) + SilenceW;
  localparam logic [7:0] SyncIn  = 8'hE1;
  localparam logic [7:0] SyncOut = 8'h3C;
  localparam logic [2:0] Version = 3'd1;
  localparam logic [1:0] OpWrite = 2'd1;
  localparam logic [1:0] OpRead  = 2'd2;
  localparam logic [1:0] OpReset = 2'd3;

  initial if (SilenceW < 6 || SilenceW > 20) $fatal(1, "%m: SilenceW (%0d) must be 6 to 20", SilenceW);

  logic rx_bit, rx_value, rx_end, rx_error, rx_active, tx_valid, tx_bit_q, tx_take_now, tx_last_now, tx_take, tx_last;
  eie_uart_rx #(.ClocksPerBit(ClocksPerBit)) u_rx (
    .clk_i, .rst_ni, .rx_i, .bit_o(rx_bit), .value_o(rx_value), .end_o(rx_end), .error_o(rx_error),
    .active_o(rx_active)
  );
  eie_uart_tx #(.ClocksPerBit(ClocksPerBit)) u_tx (
    .clk_i, .rst_ni, .valid_i(tx_valid), .bit_i(tx_bit_q), .take_o(tx_take_now), .last_o(tx_last_now), .tx_o
  );

  // State, one-hot by hand: bits of state_q. (Yosys' own recoding takes the reset into the logic of every state.)
  localparam int Hunt    = 0;   // for the first byte of a frame
  localparam int Header  = 1;
  localparam int Decide  = 2;
  localparam int Data    = 3;
  localparam int DataCrc = 4;
  localparam int Single  = 5;   // the write of one word, its checksum is right
  localparam int Settle  = 6;   // until the bus has answered
  localparam int Reset   = 7;
  localparam int Quiet   = 8;   // something is wrong: until the line is silent
  localparam int Head    = 9;   // first three bytes of the reply
  localparam int Fetch   = 10;  // a word from the bus
  localparam int Send    = 11;  // that word to the line
  localparam int Tail    = 12;  // last four bytes
  localparam int States  = 13;
  logic [States-1:0] state_q, state_d;
  logic [3:0]  byte_q;                 // bytes of this state, or of its word, that are through
  logic [TimerW:0] timer_q;
  logic        expired, receiving, timed, sending, moved, word_end;
  logic        crc_good_q, known_q, last_word_q, none_left_q, write_op_q, read_op_q, reset_op_q, answered_q;
  logic        byte3_q, byte8_q;  // the last of a word, of the header
  logic        idle, offered, load, done, write_q, read_q, abandon, address_bit;
  logic [1:0]  resp;
  logic [7:0]  count_q, op_q, sequence_q, before_q, left_q;
  logic        before_ok_q, repeat_q, single_q, nak_q, late_q;
  logic [1:0]  resp_q;
  logic [31:0] data_q;
  logic [15:0] crc;

  assign expired   = timer_q[TimerW];
  assign receiving = state_q[Header] || state_q[Data] || state_q[DataCrc];
  assign timed     = receiving || state_q[Quiet] || state_q[Settle] || state_q[Fetch];
  assign sending   = state_q[Head] || state_q[Send] || state_q[Tail];
  assign tx_valid  = sending;
  assign moved     = (sending && tx_last) || (receiving && rx_end);
  assign word_end  = state_q[Data] && rx_end && byte3_q;
  assign busy_o    = !state_q[Hunt];

  // The sender leaves a bit time between two takes, so they are heard of a clock later.
  always_ff @(posedge clk_i)
    if (!rst_ni) {tx_take, tx_last} <= '0;
    else {tx_take, tx_last} <= {tx_take_now, tx_last_now};

  // What a decision looks at was settled a bit time before, so it is looked at a clock later. answered_q: the bus has.
  always_ff @(posedge clk_i) begin
    crc_good_q  <= crc == '0;
    known_q     <= before_ok_q && sequence_q == before_q && write_op_q;
    last_word_q <= count_q == 8'd1;
    none_left_q <= count_q == 8'd0;
    write_op_q  <= op_q[1:0] == OpWrite;
    read_op_q   <= op_q[1:0] == OpRead;
    reset_op_q  <= op_q[1:0] == OpReset;
    byte3_q     <= byte_q[1:0] == 2'd3;
    byte8_q     <= byte_q == 4'd8;
    answered_q  <= state_q[Settle] && idle && !write_q;
  end

  logic settled, fetched;
  assign settled = answered_q || expired;
  assign fetched = load || late_q || expired;
  // received, sent: the last byte of the state; spoilt: with a wrong checksum. onward: nothing ends the frame.
  logic found, onward, received, spoilt, whole, last, sent, fetching;
  assign found    = rx_end && axil_addr_o[31:24] == SyncIn;
  assign onward   = !expired && !rx_error;
  assign received = rx_end && ((state_q[Header] && byte8_q) || (state_q[DataCrc] && byte_q[0]));
  assign spoilt   = received && !crc_good_q;
  assign whole    = received && !spoilt;
  assign last     = word_end && last_word_q;
  assign sent     = tx_last && (state_q[Head] ? byte_q[1] : byte3_q);
  assign fetching = read_op_q && !nak_q;
  always_comb begin
    state_d[Hunt]    = (state_q[Hunt] && !found) || (state_q[Tail] && sent);
    state_d[Header]  = (state_q[Hunt] && found) || (state_q[Header] && onward && !received);
    state_d[Decide]  = state_q[Header] && onward && whole;
    state_d[Data]    = (state_q[Decide] && write_op_q) || (state_q[Data] && onward && !last);
    state_d[DataCrc] = (state_q[Data] && onward && last) || (state_q[DataCrc] && onward && !received);
    state_d[Single]  = state_q[DataCrc] && onward && whole && single_q;
    state_d[Settle]  = state_q[Single] || (state_q[DataCrc] && onward && whole && !single_q) || (state_q[Settle] && !settled);
    state_d[Reset]   = state_q[Decide] && !write_op_q && reset_op_q;
    state_d[Quiet]   = (receiving && !expired && (rx_error || spoilt)) || (state_q[Quiet] && !expired);
    state_d[Head]    = ((receiving || state_q[Quiet]) && expired) || (state_q[Decide] && !write_op_q && !reset_op_q)
                    || (state_q[Settle] && settled) || state_q[Reset] || (state_q[Head] && !sent);
    state_d[Fetch]   = (state_q[Head] && sent && fetching) || (state_q[Fetch] && !fetched)
                    || (state_q[Send] && sent && !none_left_q);
    state_d[Send]    = (state_q[Fetch] && fetched) || (state_q[Send] && !sent);
    state_d[Tail]    = (state_q[Head] && sent && !fetching) || (state_q[Send] && sent && none_left_q)
                    || (state_q[Tail] && !sent);
  end

  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      state_q <= States'(1) << Hunt;
      byte_q  <= '0;
      timer_q <= '0;
    end else begin
      state_q <= state_d;
      byte_q  <= !(receiving || sending) || expired || word_end || received || sent ? '0 : byte_q + 4'(moved);
      timer_q <= !timed || (rx_active && (receiving || state_q[Quiet])) ? '0 : timer_q + 1'b1;
    end

  // A bus that does not take what is offered gets it back by a reset alone.
  logic [3:0] reset_q;
  always_ff @(posedge clk_i)
    if (!rst_ni) reset_q <= '0;
    else if (state_q[Reset] || (abandon && offered)) reset_q <= '1;
    else if (reset_o) reset_q <= reset_q - 4'd1;
  assign reset_o = reset_q != '0;

  // Fields of the header, in the order in which they fall out of the address register, lowest bit first.
  logic shift_header, in_fields_q;
  assign shift_header = rx_bit && in_fields_q;
  always_ff @(posedge clk_i) begin
    in_fields_q <= state_q[Hunt] || (state_q[Header] && byte_q < 4'd7);
    if (shift_header) {op_q, sequence_q} <= {count_q[0], op_q, sequence_q[7:1]};
    if (shift_header) count_q <= {address_bit, count_q[7:1]};
    else if (word_end || (state_q[Fetch] && fetched)) count_q <= count_q - 8'd1;
  end

  // Words in and out.
  always_ff @(posedge clk_i)
    if (load) data_q <= axil_rdata_i;
    else if ((rx_bit && state_q[Data] && !offered) || (tx_take && state_q[Send]))
      data_q <= {rx_value, data_q[31:1]};

  // Accesses. A word is late when the one before is not answered; what a late word would be is left out.
  logic write_wanted, read_wanted, refused;
  assign write_wanted = !repeat_q && !late_q && ((word_end && !single_q) || state_q[Single]);
  assign read_wanted  = read_op_q && !nak_q && !late_q && idle && !read_q &&
                        (state_q[Head] || state_q[Fetch] || (state_q[Send] && !none_left_q));
  assign refused      = expired && (receiving || state_q[Quiet]);
  assign abandon      = refused || (expired && (state_q[Settle] || state_q[Fetch]));
  always_ff @(posedge clk_i)
    if (!rst_ni) {write_q, read_q} <= '0;
    else begin
      write_q <= write_wanted && idle;
      read_q  <= read_wanted;
    end

  // What the reply tells. A write that was done is known by its sequence number until another frame comes.
  always_ff @(posedge clk_i)
    if (!rst_ni) before_ok_q <= 1'b0;
    else if (state_q[Decide]) before_ok_q <= known_q;
    else if (state_q[Settle] && settled) before_ok_q <= 1'b1;
  always_ff @(posedge clk_i)
    if (state_q[Decide]) begin
      before_q <= sequence_q;
      repeat_q <= known_q;
      single_q <= last_word_q;
      nak_q    <= 1'b0;
      if (!known_q) begin
        late_q <= 1'b0;
        resp_q <= '0;
        left_q <= '0;
      end
    end else begin
      if (refused) nak_q <= 1'b1;
      if ((abandon && !refused) || (write_wanted && !idle) || (rx_bit && state_q[Data] && offered))
        late_q <= 1'b1;
      if (done && resp_q == '0) begin
        resp_q <= resp;
        left_q <= count_q;
      end
    end

  // One bit of the reply: chosen in two clocks, and taken four behind the take before at the least.
  logic       irq_q, head_bit, tail_bit, head_bit_q, tail_bit_q;
  logic [2:0] place_q;  // in the byte
  logic [7:0] status, kind;
  assign status = {Version, irq_q, repeat_q, late_q, resp_q};
  assign kind   = {nak_q, 5'd0, op_q[1:0]};
  always_comb begin
    unique case (byte_q[1:0])
      2'd0:    head_bit = SyncOut[place_q];
      2'd1:    head_bit = sequence_q[place_q];
      default: head_bit = kind[place_q];
    endcase
    unique case (byte_q[1:0])
      2'd0:    tail_bit = status[place_q];
      2'd1:    tail_bit = left_q[place_q];
      default: tail_bit = crc[0];
    endcase
  end
  always_ff @(posedge clk_i)
    if (!sending) place_q <= '0;
    else place_q <= place_q + 3'(tx_take);
  always_ff @(posedge clk_i) begin
    irq_q      <= irq_i;
    head_bit_q <= head_bit;
    tail_bit_q <= tail_bit;
    tx_bit_q   <= state_q[Head] ? head_bit_q : state_q[Send] ? data_q[0] : tail_bit_q;
  end

  // One checksum over the header, one over the data of a write, one over the reply.
  eie_crc16 u_crc (
    .clk_i, .preset_i(state_q[Hunt] || state_q[Decide] || (state_q[Head] && byte_q[1:0] == 2'd0)),
    .enable_i((rx_bit && receiving) || (tx_take && sending)), .bit_i(sending ? tx_bit_q : rx_value),
    .crc_o(crc)
  );

  eie_link_bus u_bus (
    .clk_i, .rst_ni, .clear_i(reset_o), .shift_i(shift_header), .bit_i(rx_value), .bit_o(address_bit),
    .stride_i(op_q[7:3]), .write_i(write_q), .read_i(read_q), .wdata_i(data_q), .take_i(state_q[Fetch]),
    .abandon_i(abandon), .idle_o(idle), .offered_o(offered), .load_o(load), .done_o(done), .resp_o(resp),
    .axil_awvalid_o, .axil_awready_i, .axil_addr_o, .axil_wvalid_o, .axil_wready_i, .axil_wdata_o,
    .axil_bvalid_i, .axil_bready_o, .axil_bresp_i, .axil_arvalid_o, .axil_arready_i, .axil_rvalid_i,
    .axil_rready_o, .axil_rresp_i
  );

  `EIE_ASSERT(OneState_A, state_q != '0 && (state_q & (state_q - 1'b1)) == '0)
  `EIE_ASSERT(BytesAreKnown_A, !(rx_end || tx_last) || (byte3_q == (byte_q[1:0] == 2'd3) && byte8_q == (byte_q == 4'd8)))
  // A state begins with no byte, and one that is timed with a timer that has not run out: others hold it at 0, and bytes that
  // end a state, too.
  logic [States-1:0] state_before_q;
  logic              first;
  assign first = (state_q & state_before_q) == '0;
  always_ff @(posedge clk_i)
    if (!rst_ni) state_before_q <= States'(1) << Hunt;
    else state_before_q <= state_q;
  `EIE_ASSERT(AStateBeginsWithNoByte_A, !(first && (receiving || sending)) || byte_q == '0)
  `EIE_ASSERT(ATimerIsThatOfItsState_A, !(first && timed && expired))
endmodule
