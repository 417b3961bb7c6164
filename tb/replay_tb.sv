// SPDX-License-Identifier: Apache-2.0
// Plays a vector set (docs/vectors-format.md) on eie_top: plain SystemVerilog, no C behind it, for any
// simulator. The parameters are those of the configuration; the script's first reads refuse others.
//   +dir=DIR     the set
//   +nocheck=1   play it although a checksum is wrong
// Ends with "REPLAY PASS ..." or, at the first difference, "REPLAY FAIL ..." and $fatal. An X is a difference.
module replay_tb #(
  parameter int N_PE             = 16,
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
  parameter int TECH             = 0
);
  localparam int MaxFiles = 65536;   // of a set
  localparam int Patience = 100000;  // cycles without progress on the bus
  localparam int NameW    = 8 * 96;
  localparam int TextW    = 8 * 256;
  localparam int TailW    = 8 * 24;  // the manifest's last bytes, its own checksum

  logic        clk = 1'b0;
  logic        rst_n = 1'b0;
  logic        awvalid = 1'b0, wvalid = 1'b0, bready = 1'b0, arvalid = 1'b0, rready = 1'b0;
  logic [31:0] awaddr = '0, wdata = '0, araddr = '0;
  logic        awready, wready, bvalid, arready, rvalid, irq;
  logic [1:0]  bresp, rresp;
  logic [31:0] rdata;

  eie_top #(
    .N_PE(N_PE), .ACT_QUEUE_DEPTH(ACT_QUEUE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH), .CODE_W(CODE_W), .IDX_W(IDX_W),
    .ENTRIES_PER_WORD(ENTRIES_PER_WORD), .ACC_W(ACC_W), .ROWS(ROWS), .SPMAT_WORDS(SPMAT_WORDS),
    .PTR_DEPTH(PTR_DEPTH), .ACT_SLOTS(ACT_SLOTS), .LAYERS(LAYERS), .TECH(TECH)
  ) u_eie (
    .clk_i(clk), .rst_ni(rst_n),
    .axil_awvalid_i(awvalid), .axil_awready_o(awready), .axil_awaddr_i(awaddr),
    .axil_wvalid_i(wvalid), .axil_wready_o(wready), .axil_wdata_i(wdata), .axil_wstrb_i(4'hF),
    .axil_bvalid_o(bvalid), .axil_bready_i(bready), .axil_bresp_o(bresp),
    .axil_arvalid_i(arvalid), .axil_arready_o(arready), .axil_araddr_i(araddr),
    .axil_rvalid_o(rvalid), .axil_rready_i(rready), .axil_rdata_o(rdata), .axil_rresp_o(rresp),
    .irq_o(irq)
  );

  // Everything is driven after the falling edge and looked at just before the rising one, so that no
  // simulator's order of events matters.
  always #5 clk = !clk;

  integer      cycles = 0;
  logic        aw_taken, w_taken, b_taken, ar_taken, r_taken;  // which channels moved at the rising edge
  logic [1:0]  b_resp, r_resp;
  logic [31:0] r_data;
  task tick;
    begin
      #4;
      aw_taken = awvalid && awready !== 1'b0;
      w_taken = wvalid && wready !== 1'b0;
      b_taken = bready && bvalid !== 1'b0;
      ar_taken = arvalid && arready !== 1'b0;
      r_taken = rready && rvalid !== 1'b0;
      b_resp = bresp;
      r_resp = rresp;
      r_data = rdata;
      @(negedge clk);
      cycles = cycles + 1;
    end
  endtask

  // ---- failure ----

  event             never;
  integer           line_no = 0;
  reg [TextW-1:0]   what = '0;  // the rest of the script's line

  task stop_here;
    begin
      $fatal(1, "replay failed");
      @never;
    end
  endtask

  task bad_script(input [8*64-1:0] why);
    begin
      $display("REPLAY FAIL script.txt line %0d: %0s", line_no, why);
      stop_here;
    end
  endtask

  // ---- files: number, kind, digits a line, name ----

  string            dir;
  integer           nocheck = 0;
  integer           n_files = 0;
  reg [NameW-1:0]   file_name   [0:MaxFiles-1];
  reg [7:0]         file_kind   [0:MaxFiles-1];
  reg [15:0]        file_digits [0:MaxFiles-1];

  reg [31:0]        crc_table [0:255];
  task make_crc_table;
    integer i, b;
    reg [31:0] c;
    begin
      for (i = 0; i < 256; i = i + 1) begin
        c = i;
        for (b = 0; b < 8; b = b + 1) c = c[0] ? (c >> 1) ^ 32'hEDB88320 : c >> 1;
        crc_table[i] = c;
      end
    end
  endtask

  integer crc_bytes;
  // CRC-32 (zlib's) of the next `limit` bytes of a file, or of all when limit < 0; crc_bytes is their number.
  task crc_of(input integer fd, input integer limit, output [31:0] crc);
    integer c;
    begin
      crc = 32'hFFFFFFFF;
      crc_bytes = 0;
      c = 0;
      while (c >= 0 && crc_bytes != limit) begin
        c = $fgetc(fd);
        if (c >= 0) begin
          crc = crc_table[crc[7:0] ^ c[7:0]] ^ (crc >> 8);
          crc_bytes = crc_bytes + 1;
        end
      end
      crc = ~crc;
    end
  endtask

  task open_file(input [NameW-1:0] name, output integer fd);
    begin
      fd = $fopen($sformatf("%0s/%0s", dir, name), "r");
      if (fd == 0) begin
        $display("REPLAY FAIL: %0s/%0s cannot be opened", dir, name);
        stop_here;
      end
    end
  endtask

  task changed(input [NameW-1:0] name, input [31:0] found, input [31:0] wanted);
    if (nocheck == 0) begin
      $display("REPLAY FAIL: %0s was changed: its CRC-32 is %h, it was made with %h", name, found, wanted);
      stop_here;
    end
  endtask

  // A line "f NUMBER KIND DIGITS BYTES CRC32 NAME".
  task take_file(input integer script);
    integer n, number, digits, bytes, fd;
    reg [31:0] wanted, found;
    reg [7:0] kind;
    reg [NameW-1:0] name;
    begin
      n = $fscanf(script, " %d %c %d %d %h %s", number, kind, digits, bytes, wanted, name);
      if (n != 6 || number != n_files || number >= MaxFiles) bad_script("is not the next file");
      file_name[number] = name;
      file_kind[number] = kind;
      file_digits[number] = digits[15:0];
      n_files = n_files + 1;
      open_file(name, fd);
      crc_of(fd, -1, found);
      $fclose(fd);
      if (found != wanted || crc_bytes != bytes) changed(name, found, wanted);
    end
  endtask

  // The manifest's last line is the checksum of all before it.
  task check_manifest;
    integer fd, n, k, size;
    reg [31:0] found;
    reg [TailW-1:0] tail, wanted;
    begin
      open_file("manifest.json", fd);
      n = $fseek(fd, 0, 2);
      size = $ftell(fd);
      n = $rewind(fd);
      crc_of(fd, size - TailW / 8, found);
      for (k = 0; k < TailW / 8; k = k + 1) begin
        n = $fgetc(fd);
        tail = {tail[TailW-9:0], n[7:0]};
      end
      $fclose(fd);
      $sformat(wanted, "  \"crc32\": \"%h\"\n}\n", found);
      if (tail !== wanted) begin
        if (nocheck == 0) $display("REPLAY FAIL: manifest.json was changed: its bytes have the CRC-32 %h", found);
        if (nocheck == 0) stop_here;
      end
    end
  endtask

  // The script's last line is the checksum of all before it.
  task check_script(input integer script);
    integer c, n, start, at, operations, compared;
    reg [31:0] crc, crc_start, wanted;
    begin
      crc = 32'hFFFFFFFF;
      crc_start = crc;
      start = 0;
      at = 0;
      c = $fgetc(script);
      while (c >= 0) begin
        if (at == 0 || n == 10) begin
          start = at;
          crc_start = crc;
        end
        n = c;
        crc = crc_table[crc[7:0] ^ c[7:0]] ^ (crc >> 8);
        at = at + 1;
        c = $fgetc(script);
      end
      c = $fseek(script, start, 0);
      wanted = ~crc_start;
      c = $fscanf(script, "e %d %d %h", operations, compared, crc);
      if (c != 3) crc = ~wanted;
      if (crc != wanted) changed("script.txt", wanted, crc);
      c = $rewind(script);
    end
  endtask

  // ---- one burst of the bus, a beat a cycle where the array takes it ----

  reg               b_write;      // direction
  reg [31:0]        b_address, b_stride, b_count;
  integer           b_file;       // -1: the one word b_data under b_mask
  integer           b_first, b_slot;
  reg [31:0]        b_data, b_mask, b_got;
  integer           fd_even, fd_odd;
  integer           next_even, next_odd;  // line that the file stands before
  reg [7:0]         kind;
  integer           digits;
  integer           pe_shift = 31, region_shift = 31;
  integer           operations = 0, compared = 0;

  // Line `k` of the file, or of the one after it.
  task file_line(input integer k, input odd, output [1023:0] value);
    integer n, fd;
    begin
      fd = odd ? fd_odd : fd_even;
      if (k != (odd ? next_odd : next_even)) n = $fseek(fd, k * (digits + 1), 0);
      n = $fscanf(fd, "%h", value);
      if (odd) next_odd = k + 1;
      else next_even = k + 1;
      if (n != 1) begin
        $display("REPLAY FAIL script.txt line %0d: %0s has no word in line %0d%0s", line_no, file_name[b_file + odd],
                 k + 1, what);
        stop_here;
      end
    end
  endtask

  // Bus word of beat k.
  task beat_word(input integer k, output [31:0] word);
    integer at, parts, stride;
    reg [1023:0] value;
    begin
      at = b_first + k;
      word = b_data;
      if (b_file >= 0) begin
        case (kind)
          "s": begin
            parts = (4 * digits + 31) / 32;
            stride = 1 << $clog2(parts);
            value = '0;
            if (at % stride < parts) file_line(at / stride, 1'b0, value);
            word = 32'(value >> (32 * (at % stride)));
            if (at % stride < parts - 1) next_even = -1;  // the line is read again for its next part
          end
          "e": begin
            file_line(at / 2, 1'(at % 2), value);
            word = value[31:0];
          end
          default: begin
            file_line(at, 1'b0, value);
            word = value[31:0];
            if (kind == "a") word = {{16{value[15] && !b_write}}, value[15:0]};
          end
        endcase
      end
    end
  endtask

  task open_burst;
    begin
      kind = 8'h00;
      if (b_file >= 0) begin
        if (b_file >= n_files) bad_script("names no file of the set");
        kind = file_kind[b_file];
        digits = {16'd0, file_digits[b_file]};
        if (kind == "-" || kind == "o" || (kind == "e" && b_file + 1 >= n_files)) bad_script("names a file without words");
        open_file(file_name[b_file], fd_even);
        next_even = 0;
        next_odd = 0;
        if (kind == "e") open_file(file_name[b_file + 1], fd_odd);
      end
    end
  endtask

  task close_burst;
    if (b_file >= 0) begin
      $fclose(fd_even);
      if (kind == "e") $fclose(fd_odd);
    end
  endtask

  task say_counter(input integer index);
    case (index)
      0: $write(", CYCLES");
      1: $write(", WINDOW");
      2: $write(", QUEUE_FULL");
      3: $write(", BROADCASTS");
      4: $write(", ENTRIES");
      5: $write(", PADDING");
      6: $write(", CLAMPED");
      default: $write(", OVERFLOW");
    endcase
  endtask

  // PE and slot, or counter, of beat k, and where its word stands.
  task say_place(input integer k, input [31:0] address);
    integer region, offset, line;
    begin
      region = address >> region_shift;
      offset = address & ((1 << region_shift) - 1);
      line = b_first + k;
      if (region == 2) say_counter((offset >> 3) & 7);
      if (region >= 3 && region <= 6) $write(", PE %0d, word %0d", offset >> pe_shift, (offset & ((1 << pe_shift) - 1)) >> 2);
      if (kind == "a") $write(", PE %0d, slot %0d", line % N_PE, b_slot + k / N_PE);
      if (kind == "s") line = line / (1 << $clog2((4 * digits + 31) / 32));
      if (kind == "e") line = line / 2;
      if (b_file >= 0)
        $write(" (%0s line %0d)", file_name[b_file + (kind == "e" ? (b_first + k) % 2 : 0)], line + 1);
    end
  endtask

  task fail_beat(input integer k, input [31:0] wanted, input [31:0] got, input [1:0] resp);
    reg [31:0] address;
    begin
      address = b_address + k * b_stride;
      $write("REPLAY FAIL script.txt line %0d: address %h", line_no, address);
      if (resp !== 2'b00) $write(" answers %b, not OKAY", resp);
      else $write(": expected %h, got %h", wanted, got);
      say_place(k, address);
      $display("%0s", what);
      stop_here;
    end
  endtask

  task dead_bus(input integer k);
    begin
      $display("REPLAY FAIL script.txt line %0d: no answer at address %h for %0d cycles%0s", line_no,
               b_address + k * b_stride, Patience, what);
      stop_here;
    end
  endtask

  task offer_write(input integer asked, input integer sent);
    begin
      awvalid = asked < b_count;
      awaddr = b_address + asked * b_stride;
      wvalid = sent < b_count;
    end
  endtask

  task write_burst;
    integer asked, sent, answered, idle;
    begin
      asked = 0;
      sent = 0;
      answered = 0;
      idle = 0;
      bready = 1'b1;
      if (b_count > 0) beat_word(0, wdata);
      while (answered < b_count) begin
        offer_write(asked, sent);
        tick;
        idle = aw_taken || w_taken || b_taken ? 0 : idle + 1;
        if (aw_taken) asked = asked + 1;
        if (w_taken) begin
          sent = sent + 1;
          if (sent < b_count) beat_word(sent, wdata);
        end
        if (b_taken) begin
          if (b_resp !== 2'b00) fail_beat(answered, 32'd0, 32'd0, b_resp);
          answered = answered + 1;
        end
        if (idle > Patience) dead_bus(answered);
      end
      bready = 1'b0;
    end
  endtask

  task read_burst(input compare);
    integer asked, answered, idle;
    reg [31:0] wanted;
    begin
      asked = 0;
      answered = 0;
      idle = 0;
      rready = 1'b1;
      while (answered < b_count) begin
        arvalid = asked < b_count;
        araddr = b_address + asked * b_stride;
        tick;
        idle = ar_taken || r_taken ? 0 : idle + 1;
        if (ar_taken) asked = asked + 1;
        if (r_taken) begin
          b_got = r_data;
          beat_word(answered, wanted);
          if (r_resp !== 2'b00) fail_beat(answered, wanted, b_got, r_resp);
          if (compare && (b_got & b_mask) !== wanted) fail_beat(answered, wanted, b_got, r_resp);
          if (compare) compared = compared + 1;
          answered = answered + 1;
        end
        if (idle > Patience) dead_bus(answered);
      end
      arvalid = 1'b0;
      rready = 1'b0;
    end
  endtask

  // ---- operations ----

  task one_word(input write);
    begin
      b_write = write;
      b_stride = 32'd0;
      b_count = 32'd1;
      b_file = -1;
      open_burst;
    end
  endtask

  task poll(input integer limit);
    integer reads;
    begin
      one_word(1'b0);
      reads = 0;
      b_got = ~b_data;
      while (reads < limit && (reads == 0 || (b_got & b_mask) !== b_data)) begin
        read_burst(1'b0);
        reads = reads + 1;
      end
      if ((b_got & b_mask) !== b_data) begin
        $display("REPLAY FAIL script.txt line %0d: time-out: address %h is still %h after %0d reads, (value & %h) should be %h%0s",
                 line_no, b_address, b_got, reads, b_mask, b_data, what);
        stop_here;
      end
      compared = compared + 1;
    end
  endtask

  // The rest of the line, without its end.
  task take_what(input integer script);
    integer n;
    begin
      n = $fgets(what, script);
      if (n == 0 || what[7:0] != 8'd10) bad_script("has no end");
      what = what >> 8;
    end
  endtask

  task take_burst(input integer script, input write);
    integer n;
    begin
      n = $fscanf(script, " %h %d %d %d %d %d", b_address, b_stride, b_count, b_file, b_first, b_slot);
      if (n != 6) bad_script("is not an operation");
      take_what(script);
      b_write = write;
      b_mask = 32'hFFFFFFFF;
      open_burst;
      if (write) write_burst;
      else read_burst(1'b1);
      close_burst;
      operations = operations + 1;
    end
  endtask

  task take_word(input integer script, input write);
    integer n;
    begin
      b_mask = 32'hFFFFFFFF;
      if (write) n = 1 + $fscanf(script, " %h %h", b_address, b_data);
      else n = $fscanf(script, " %h %h %h", b_address, b_data, b_mask);
      if (n != 3) bad_script("is not an operation");
      take_what(script);
      one_word(write);
      if (write) write_burst;
      else read_burst(1'b1);
      if (!write && b_address == 32'h70) begin  // register ADDRESS: the address map
        pe_shift = b_got[7:0];
        region_shift = b_got[15:8];
      end
      operations = operations + 1;
    end
  endtask

  task take_poll(input integer script);
    integer n, limit;
    begin
      n = $fscanf(script, " %h %h %h %d", b_address, b_data, b_mask, limit);
      if (n != 4) bad_script("is not an operation");
      take_what(script);
      poll(limit);
      operations = operations + 1;
    end
  endtask

  task take_cycles(input integer script);
    integer n, count;
    begin
      n = $fscanf(script, " %d", count);
      if (n != 1) bad_script("is not an operation");
      take_what(script);
      repeat (count) tick;
      operations = operations + 1;
    end
  endtask

  task take_end(input integer script);
    integer n, want_operations, want_compared;
    begin
      n = $fscanf(script, " %d %d", want_operations, want_compared);
      if (n != 2 || want_operations != operations || want_compared != compared) begin
        $display("REPLAY FAIL script.txt line %0d: %0d operations played and %0d words compared, not %0d and %0d", line_no,
                 operations, compared, want_operations, want_compared);
        stop_here;
      end
    end
  endtask

  task play(input integer script);
    integer op, n, version;
    begin
      op = 0;
      while (op != "e") begin
        op = $fgetc(script);
        line_no = line_no + 1;
        case (op)
          "v": begin
            n = $fscanf(script, " %d", version);
            if (n != 1 || version != 1) bad_script("is of a version that this bench does not know");
            take_what(script);
          end
          "f": begin
            take_file(script);
            take_what(script);
          end
          "n": take_cycles(script);
          "w": take_word(script, 1'b1);
          "r": take_word(script, 1'b0);
          "p": take_poll(script);
          "W": take_burst(script, 1'b1);
          "R": take_burst(script, 1'b0);
          "e": take_end(script);
          default: bad_script("is not an operation");
        endcase
      end
    end
  endtask

  integer script_fd;
  initial begin
    if (!$value$plusargs("dir=%s", dir)) dir = ".";
    if (!$value$plusargs("nocheck=%d", nocheck)) nocheck = 0;
    make_crc_table;
    open_file("script.txt", script_fd);
    check_script(script_fd);
    check_manifest;
    @(negedge clk);
    repeat (10) tick;
    rst_n = 1'b1;
    tick;
    play(script_fd);
    $display("REPLAY PASS: %0d operations, %0d words compared, %0d cycles", operations, compared, cycles);
    $finish;
  end
endmodule
