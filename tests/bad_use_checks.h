// SPDX-License-Identifier: Apache-2.0
// Bad use of the hardware: each illegal access is answered with SLVERR and changes nothing, each bad
// descriptor stops with its fault code, and a correct run follows without a reset.
// Included by the test of each engine, which says HARNESS_ENGINE.
#ifndef EIE_BAD_USE_CHECKS_H
#define EIE_BAD_USE_CHECKS_H

#include "device_bus.h"
#include "harness_fixture.h"

typedef struct {
  fixture f;
  eie_driver driver;
  eie_device_bus bus;
  eie_device *device;
} bad_use;

// 96 columns of 80 rows: a run of some two thousand cycles, long enough to be disturbed.
static int open_bad_use(void **state) {
  bad_use *b = calloc(1, sizeof *b);
  *state = b;
  fixture_open_sized(&b->f, HARNESS_ENGINE, 96, 80, 12);
  b->device = b->f.device;
  must(eie_device_bus_open(&b->bus, b->device, &b->driver, &b->f.err), &b->f.err);
  return 0;
}

static int close_bad_use(void **state) {
  fixture_close(&((bad_use *)*state)->f);
  free(*state);
  return 0;
}

static uint32_t at(const bad_use *b, uint32_t region, uint32_t pe, uint32_t word) {
  return eie_driver_address(&b->driver, region, pe, word);
}

static uint8_t write_resp(bad_use *b, uint32_t address, uint32_t data, uint8_t strobes) {
  eie_burst w = {.address = address, .data = &data, .count = 1, .strobes = strobes};
  must(b->device->ops->transfer(b->device, &w, NULL, &b->f.err), &b->f.err);
  return w.resp;
}

static uint8_t read_resp(bad_use *b, uint32_t address, uint32_t *data) {
  uint8_t resp = 9;
  must(eie_device_read(b->device, address, data, &resp, &b->f.err), &b->f.err);
  return resp;
}

static void expect_refused(bad_use *b, uint32_t address) {
  uint32_t data = 0;
  if (write_resp(b, address, 0xA5A5A5A5, 15) != EIE_AXI_SLVERR)
    fail_msg("a write to 0x%08x was not refused", address);
  if (read_resp(b, address, &data) != EIE_AXI_SLVERR) fail_msg("a read of 0x%08x was not refused", address);
}

static uint32_t read_good(bad_use *b, uint32_t address) {
  uint32_t data = 0;
  uint8_t resp = read_resp(b, address, &data);
  if (resp != EIE_AXI_OKAY) fail_msg("the read of 0x%08x was answered with %u", address, resp);
  return data;
}

static void write_good(bad_use *b, uint32_t address, uint32_t data) {
  uint8_t resp = write_resp(b, address, data, 15);
  if (resp != EIE_AXI_OKAY) fail_msg("the write to 0x%08x was answered with %u", address, resp);
}

// The network runs as ever, without a reset in between.
static void expect_correct_run(bad_use *b) {
  must(fixture_run(&b->f, 0), &b->f.err);
  assert_int_equal(b->f.report.inputs, 2);
  assert_int_equal(b->f.report.sum.compared, 2 * (80 + 12));
}

// Loads the network and its first input, so that START runs it.
static void prepare(bad_use *b) {
  const eie_image *image = &b->f.image.image;
  int16_t in[96];
  assert_int_equal(eie_driver_load(&b->driver, image, 0), EIE_DRIVER_OK);
  eie_packed_scatter(&b->f.packed, 0, b->f.inputs.data, in);
  assert_int_equal(eie_driver_write_activations(&b->driver, image->steps[0].host_in_base, 24, in),
                   EIE_DRIVER_OK);
}

static uint32_t words_of(const bad_use *b, uint32_t region) {
  const eie_config *c = &b->f.config;
  switch (region) {
    case EIE_REGION_DESCRIPTOR:
      return c->layers * EIE_DESC_WORDS;
    case EIE_REGION_SPMAT:
      return c->spmat_words << eie_clog2(eie_word_parts(c));
    case EIE_REGION_POINTER:
      return c->ptr_depth;
    case EIE_REGION_CODEBOOK:
      return c->layers << c->code_w;
    case EIE_REGION_ACTIVATION:
      return c->act_slots * c->n_pe;
    default:
      return 0;
  }
}

static int has_pe_field(uint32_t region) {
  return region == EIE_REGION_SPMAT || region == EIE_REGION_POINTER || region == EIE_REGION_CODEBOOK;
}

// Bits that a word of a region keeps.
static uint32_t kept(const bad_use *b, uint32_t region, uint32_t word, uint32_t data) {
  const eie_config *c = &b->f.config;
  const uint32_t part = word & ((1u << eie_clog2(eie_word_parts(c))) - 1), bits = eie_word_w(c);
  switch (region) {
    case EIE_REGION_SPMAT:
      if (part * 32 >= bits) return 0;
      return bits - part * 32 >= 32 ? data : data & ((1u << (bits - part * 32)) - 1);
    case EIE_REGION_POINTER:
      return data & ((1u << eie_bank_w(c)) - 1);
    case EIE_REGION_CODEBOOK:
      return data & 0xFFFF;
    case EIE_REGION_ACTIVATION:
      return (uint32_t)(int32_t)(int16_t)(uint16_t)data;
    default:
      return data;
  }
}

static uint32_t pattern(uint32_t region, uint32_t pe, uint32_t word) {
  uint32_t x = (region << 28 ^ pe << 20 ^ word) * 2654435761u;
  return (x ^ x >> 15) * 2246822519u;
}

static void every_memory_reads_back_what_was_written(void **state) {
  bad_use *b = *state;
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_SPMAT, EIE_REGION_POINTER,
                                     EIE_REGION_CODEBOOK, EIE_REGION_ACTIVATION};
  uint32_t *words = calloc(1 << 16, sizeof *words);
  for (uint32_t check = 0; check < 2; check++) {  // all memories are written before any is read
    for (uint32_t k = 0; k < sizeof regions / sizeof regions[0]; k++) {
      const uint32_t region = regions[k], count = words_of(b, region);
      assert_in_range(count, 1, 1 << 16);
      for (uint32_t pe = 0; pe < (has_pe_field(region) ? b->f.config.n_pe : 1); pe++) {
        const uint32_t address = at(b, region, pe, 0);
        for (uint32_t w = 0; w < count; w++) words[w] = pattern(region, pe, w);
        if (!check) {
          assert_int_equal(eie_driver_write_words(&b->driver, address, 4, words, count), EIE_DRIVER_OK);
          continue;
        }
        assert_int_equal(eie_driver_read_words(&b->driver, address, 4, words, count), EIE_DRIVER_OK);
        for (uint32_t w = 0; w < count; w++) {
          const uint32_t want = kept(b, region, w, pattern(region, pe, w));
          if (words[w] != want)
            fail_msg("%s, PE %u, word %u: 0x%08x, not 0x%08x", eie_driver_region_name(region), pe, w,
                     words[w], want);
        }
      }
    }
  }
  free(words);
  expect_correct_run(b);
}

static void addresses_outside_each_region_are_refused(void **state) {
  bad_use *b = *state;
  const eie_config *c = &b->f.config;
  const uint32_t pe_shift = b->driver.pe_shift, region_shift = b->driver.region_shift;
  const uint32_t last_word = (1u << (pe_shift - 2)) - 1, last_linear = (1u << (region_shift - 2)) - 1;
  for (uint32_t region = EIE_REGION_DESCRIPTOR; region <= EIE_REGION_ACTIVATION; region++) {
    const uint32_t size = region == EIE_REGION_COUNTER      ? c->layers * EIE_NUM_COUNTERS * 2
                          : region == EIE_REGION_PE_COUNTER ? 2
                                                            : words_of(b, region);
    const int per_pe = has_pe_field(region) || region == EIE_REGION_PE_COUNTER;
    const uint32_t last = per_pe ? last_word : last_linear;
    if (size <= last) expect_refused(b, at(b, region, 0, size));
    if (size <= last) expect_refused(b, at(b, region, 0, last));
    if (per_pe && c->n_pe << pe_shift < 1u << region_shift) expect_refused(b, at(b, region, c->n_pe, 0));
  }
  expect_refused(b, 8u << region_shift);
  expect_refused(b, 0xFFFFFFFC);
  expect_refused(b, 0x030);  // holes between the registers
  expect_refused(b, 0x074);
  expect_refused(b, 0xFFC);
  expect_correct_run(b);
}

static void unaligned_addresses_are_refused(void **state) {
  bad_use *b = *state;
  for (uint32_t region = 0; region <= EIE_REGION_ACTIVATION; region++)
    for (uint32_t low = 1; low < 4; low++) expect_refused(b, at(b, region, 0, 0) + low);
  expect_correct_run(b);
}

static void partial_strobes_are_refused_and_change_nothing(void **state) {
  bad_use *b = *state;
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_POINTER, EIE_REGION_CODEBOOK,
                                     EIE_REGION_ACTIVATION};
  for (uint32_t k = 0; k < 4; k++) {
    const uint32_t address = at(b, regions[k], 0, 1);
    write_good(b, address, 0x155);
    for (uint8_t strobes = 0; strobes < 15; strobes++)
      assert_int_equal(write_resp(b, address, 0x2AA, strobes), EIE_AXI_SLVERR);
    assert_int_equal(read_good(b, address), 0x155);
  }
  write_good(b, EIE_REG_PROGRAM, 0x0100);
  assert_int_equal(write_resp(b, EIE_REG_PROGRAM, 0x0203, 3), EIE_AXI_SLVERR);
  assert_int_equal(read_good(b, EIE_REG_PROGRAM), 0x0100);
  assert_int_equal(write_resp(b, EIE_REG_CTRL, EIE_CTRL_START, 1), EIE_AXI_SLVERR);
  assert_int_equal(read_good(b, EIE_REG_STATUS) & EIE_STATUS_BUSY, 0);
  expect_correct_run(b);
}

static void registers_keep_their_access(void **state) {
  bad_use *b = *state;
  enum { RO, RW, WO };
  static const struct {
    uint32_t offset;
    int access;
  } registers[] = {
#define REGISTER(name, offset, access) {offset, access},
      EIE_REGISTERS(REGISTER)
#undef REGISTER
  };
  for (uint32_t k = 0; k < sizeof registers / sizeof registers[0]; k++) {
    uint32_t before = 0, after = 0;
    const uint32_t offset = registers[k].offset;
    assert_int_equal(read_resp(b, offset, &before),
                     registers[k].access == WO ? EIE_AXI_SLVERR : EIE_AXI_OKAY);
    if (registers[k].access != RO) continue;
    assert_int_equal(write_resp(b, offset, ~before, 15), EIE_AXI_SLVERR);
    assert_int_equal(read_resp(b, offset, &after), EIE_AXI_OKAY);
    assert_int_equal(after, before);
  }
  assert_int_equal(write_resp(b, at(b, EIE_REGION_COUNTER, 0, 0), 1, 15), EIE_AXI_SLVERR);
  assert_int_equal(write_resp(b, at(b, EIE_REGION_PE_COUNTER, 1, 0), 1, 15), EIE_AXI_SLVERR);
  expect_correct_run(b);
}

static void control_takes_one_bit_at_its_time(void **state) {
  bad_use *b = *state;
  static const uint32_t bad[] = {0, 3, 5, 6, 7, 8, 0x80000001, EIE_CTRL_ABORT};
  for (uint32_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
    assert_int_equal(write_resp(b, EIE_REG_CTRL, bad[k], 15), EIE_AXI_SLVERR);
  assert_int_equal(read_good(b, EIE_REG_STATUS), 0);
  expect_correct_run(b);
}

// Counters of the undisturbed program, to compare with.
static void run_program(bad_use *b, uint64_t counter[EIE_NUM_COUNTERS]) {
  assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
  assert_int_equal(eie_driver_wait(&b->driver, 2, 100000), EIE_DRIVER_OK);
  assert_int_equal(eie_driver_counters(&b->driver, 0, counter), EIE_DRIVER_OK);
}

static void while_busy_memories_and_start_are_refused_and_nothing_slows_down(void **state) {
  bad_use *b = *state;
  uint64_t quiet[EIE_NUM_COUNTERS], disturbed[EIE_NUM_COUNTERS];
  prepare(b);
  run_program(b, quiet);
  assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
  for (uint32_t region = EIE_REGION_DESCRIPTOR; region <= EIE_REGION_ACTIVATION; region++) {
    if (region == EIE_REGION_COUNTER || region == EIE_REGION_PE_COUNTER) continue;
    expect_refused(b, at(b, region, 0, 0));
  }
  assert_int_equal(write_resp(b, EIE_REG_PROGRAM, 0x0100, 15), EIE_AXI_SLVERR);
  assert_int_equal(write_resp(b, EIE_REG_CTRL, EIE_CTRL_START, 15), EIE_AXI_SLVERR);
  assert_int_equal(write_resp(b, EIE_REG_CTRL, EIE_CTRL_CLEAR, 15), EIE_AXI_SLVERR);
  for (uint32_t k = 0; k < 20; k++) {  // counters and STATUS at any time
    assert_int_equal(read_good(b, EIE_REG_STATUS) & 7, EIE_STATUS_BUSY);
    read_good(b, at(b, EIE_REGION_COUNTER, 0, k % (2 * EIE_NUM_COUNTERS)));
    read_good(b, at(b, EIE_REGION_PE_COUNTER, k % b->f.config.n_pe, 0));
    read_good(b, EIE_REG_PROGRAM_CYCLES);
  }
  assert_int_equal(eie_driver_wait(&b->driver, 2, 100000), EIE_DRIVER_OK);
  assert_int_equal(eie_driver_counters(&b->driver, 0, disturbed), EIE_DRIVER_OK);
  assert_memory_equal(quiet, disturbed, sizeof quiet);
  expect_correct_run(b);
}

// Refused reads beside and behind the writes of a descriptor, so that they come while it is read ahead.
static void refused_reads_do_not_spoil_the_descriptor_that_is_read_ahead(void **state) {
  bad_use *b = *state;
  uint64_t quiet[EIE_NUM_COUNTERS], disturbed[EIE_NUM_COUNTERS];
  uint32_t d[EIE_DESC_WORDS], back[32];
  eie_packed_descriptor(&b->f.packed, 0, d);
  prepare(b);
  run_program(b, quiet);
  for (uint32_t n = 1; n <= 32; n++) {
    eie_burst w = {.address = at(b, EIE_REGION_DESCRIPTOR, 0, 0),
                   .stride = 4,
                   .data = d,
                   .count = EIE_DESC_WORDS,
                   .strobes = 15};
    eie_burst r = {.address = at(b, EIE_REGION_DESCRIPTOR, 0, words_of(b, EIE_REGION_DESCRIPTOR) + 3),
                   .data = back,
                   .count = n};
    prepare(b);
    must(b->device->ops->transfer(b->device, &w, &r, &b->f.err), &b->f.err);
    assert_int_equal(w.resp, EIE_AXI_OKAY);
    assert_int_equal(r.resp, EIE_AXI_SLVERR);
    write_good(b, EIE_REG_CTRL, EIE_CTRL_START);  // PROGRAM, which would have it read again, stays as it is
    assert_int_equal(eie_driver_wait(&b->driver, 2, 100000), EIE_DRIVER_OK);
    assert_int_equal(eie_driver_counters(&b->driver, 0, disturbed), EIE_DRIVER_OK);
    assert_memory_equal(quiet, disturbed, sizeof quiet);
  }
  expect_correct_run(b);
}

// Starts descriptor 0 after `change` and expects its fault; then the descriptor as it was.
static void expect_fault(bad_use *b, uint32_t program, uint32_t word, uint32_t data, uint32_t code,
                         uint32_t descriptor) {
  const uint32_t address = at(b, EIE_REGION_DESCRIPTOR, 0, word), before = read_good(b, address);
  eie_fault fault;
  write_good(b, address, data);
  assert_int_equal(eie_driver_start(&b->driver, program & 0xFF, program >> 8), EIE_DRIVER_OK);
  if (eie_driver_wait(&b->driver, program >> 8, 100000) != EIE_DRIVER_FAULT)
    fail_msg("no fault %s with word %u = 0x%08x", eie_driver_fault_name(code), word, data);
  assert_int_equal(eie_driver_fault(&b->driver, &fault), EIE_DRIVER_OK);
  if (fault.code != code || (code != EIE_FAULT_PROGRAM && fault.descriptor != descriptor))
    fail_msg("fault %s in descriptor %u in place of %s with word %u = 0x%08x",
             eie_driver_fault_name(fault.code), fault.descriptor, eie_driver_fault_name(code), word, data);
  assert_true(eie_device_irq(b->device));
  assert_int_equal(eie_driver_clear(&b->driver), EIE_DRIVER_OK);
  assert_false(eie_device_irq(b->device));
  assert_int_equal(read_good(b, EIE_REG_FAULT), 0);
  write_good(b, address, before);
}

static void each_bad_descriptor_has_its_fault_code(void **state) {
  bad_use *b = *state;
  const eie_config *c = &b->f.config;
  uint32_t d[8];
  prepare(b);
  eie_packed_descriptor(&b->f.packed, 0, d);
  const uint32_t no_segments = d[0] & ~0x700u, out = d[1] & 0xFFFF;
  expect_fault(b, 0x100, 0, no_segments, EIE_FAULT_INPUT, 0);
  expect_fault(b, 0x100, 0, no_segments | 5 << 8, EIE_FAULT_INPUT, 0);
  expect_fault(b, 0x100, 4, d[4] & 0xFFFF, EIE_FAULT_INPUT, 0);  // empty
  expect_fault(b, 0x100, 4, (d[4] & 0xFFFF0000u) | (c->act_slots - 1), EIE_FAULT_INPUT,
               0);                                                          // runs over the end
  expect_fault(b, 0x100, 4, (c->act_slots + 1) << 16, EIE_FAULT_INPUT, 0);  // too long
  expect_fault(b, 0x100, 4, 0xFFFFFFFF, EIE_FAULT_INPUT, 0);
  expect_fault(b, 0x100, 2, d[2] | 1, EIE_FAULT_COLUMNS, 0);
  expect_fault(b, 0x100, 2, c->ptr_depth - 24 * c->n_pe, EIE_FAULT_COLUMNS, 0);  // one too far
  expect_fault(b, 0x100, 2, 0xFFFFFFFE, EIE_FAULT_COLUMNS, 0);
  expect_fault(b, 0x100, 1, out | (c->act_slots - 1) << 16, EIE_FAULT_OUTPUT, 0);
  expect_fault(b, 0x100, 1, out | 0xFFFFu << 16, EIE_FAULT_OUTPUT, 0);
  expect_fault(b, 0x100, 3, d[3] | 1, EIE_FAULT_BIAS, 0);
  expect_fault(b, 0x100, 3, c->ptr_depth - 2, EIE_FAULT_BIAS, 0);
  expect_fault(b, 0x100, 3, 0xFFFFFFFE, EIE_FAULT_BIAS, 0);
  expect_fault(b, 0x100, 1, d[1] & 0xFFFF0000u, EIE_FAULT_TILE_ROWS, 0);
  expect_fault(b, 0x100, 1, c->rows + 1, EIE_FAULT_TILE_ROWS, 0);
  expect_fault(b, 0x100, 0, (d[0] & 0xFF00FFFFu) | c->layers << 16, EIE_FAULT_CODEBOOK, 0);
  expect_fault(b, 0x100, 0, d[0] & ~(1u << EIE_DESC_CHAIN_FIRST_LSB), EIE_FAULT_CHAIN, 0);
  expect_fault(b, 0x200, 8 + 4, 0, EIE_FAULT_INPUT, 1);  // in the second descriptor, after the first has run
  expect_fault(b, 0x000, 0, d[0], EIE_FAULT_PROGRAM, 0);
  expect_fault(b, 0x200 | (c->layers - 1), 0, d[0], EIE_FAULT_PROGRAM, 0);
  expect_fault(b, 0x1FF, 0, d[0], EIE_FAULT_PROGRAM, 0);
  expect_correct_run(b);
}

static void an_unfinished_chain_is_a_fault_and_is_forgotten(void **state) {
  bad_use *b = *state;
  uint32_t d[8];
  prepare(b);
  eie_packed_descriptor(&b->f.packed, 0, d);
  const uint32_t word = at(b, EIE_REGION_DESCRIPTOR, 0, 0);
  for (uint32_t k = 0; k < 2; k++) {
    write_good(b, word, d[0] & ~(1u << EIE_DESC_WRITE_BACK_LSB));  // leaves its chain open
    assert_int_equal(eie_driver_start(&b->driver, 0, 1), EIE_DRIVER_OK);
    assert_int_equal(eie_driver_wait(&b->driver, 1, 100000), EIE_DRIVER_OK);
    if (k == 0) expect_fault(b, 0x100, 0, d[0], EIE_FAULT_CHAIN, 0);
    // Another height inside a chain is TILE_ROWS.
    if (k == 1) {
      write_good(b, word, d[0] & ~(1u << EIE_DESC_CHAIN_FIRST_LSB));
      expect_fault(b, 0x100, 1, d[1] - 1, EIE_FAULT_TILE_ROWS, 0);
    }
  }
  expect_correct_run(b);
}

static void slot_and_pointer_faults_tell_pe_and_entry(void **state) {
  bad_use *b = *state;
  const eie_config *c = &b->f.config;
  const eie_pass *p = &b->f.packed.passes[0];
  eie_fault fault;
  for (uint32_t pe = 0; pe < c->n_pe; pe++) {
    const uint32_t word = p->ptr_base + 40 + pe, pointer = at(b, EIE_REGION_POINTER, pe, word),
                   begin = p->ptr[pe][40 + pe];
    const struct {
      uint32_t value, code, entry;
    } bad[] = {{begin - 1000, EIE_FAULT_POINTER, begin - 20},                              // descends
               {begin + c->rows + 1, EIE_FAULT_POINTER, begin - 20},                       // more than ROWS
               {c->spmat_words * c->entries_per_word + 1, EIE_FAULT_POINTER, begin - 20},  // past the Spmat
               {begin + 10, EIE_FAULT_SLOT, begin}};  // 30 entries in 20 rows
    for (uint32_t k = 0; k < 4; k++) {
      prepare(b);
      write_good(b, pointer, bad[k].value);
      assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
      if (eie_driver_wait(&b->driver, 2, 100000) != EIE_DRIVER_FAULT)
        fail_msg("pointer %u of PE %u = %u (%u before, %u after): no fault, STATUS is 0x%x", word, pe,
                 bad[k].value, p->ptr[pe][39 + pe], p->ptr[pe][41 + pe], b->driver.why.found);
      assert_int_equal(eie_driver_fault(&b->driver, &fault), EIE_DRIVER_OK);
      if (fault.code != bad[k].code || fault.pe != pe || fault.entry != bad[k].entry || fault.descriptor != 0)
        fail_msg("pointer %u of PE %u = %u: fault %s, PE %u, entry %u; wanted %s, entry %u", word, pe,
                 bad[k].value, eie_driver_fault_name(fault.code), fault.pe, fault.entry,
                 eie_driver_fault_name(bad[k].code), bad[k].entry);
    }
    expect_correct_run(b);
  }
}

// The fault comes to light when write-back has begun: the layer still ends in it.
static void a_slot_fault_of_the_last_entries_ends_the_layer(void **state) {
  bad_use *b = *state;
  const eie_config *c = &b->f.config;
  const eie_pass *p = &b->f.packed.passes[0];
  const uint32_t last = p->col_slots * c->n_pe - 1;
  eie_fault fault;
  for (uint32_t pe = 0; pe < c->n_pe; pe++) {
    const uint32_t begin = p->ptr[pe][last];
    assert_int_equal(p->ptr[pe][last + 1] - begin, p->rows);  // a full column behind a full one
    prepare(b);
    write_good(b, at(b, EIE_REGION_POINTER, pe, p->ptr_base + last), begin - 10);
    assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
    assert_int_equal(eie_driver_wait(&b->driver, 2, 100000), EIE_DRIVER_FAULT);
    assert_int_equal(eie_driver_fault(&b->driver, &fault), EIE_DRIVER_OK);
    assert_int_equal(fault.code, EIE_FAULT_SLOT);
    assert_int_equal(fault.pe, pe);
    assert_int_equal(fault.entry, begin - 10 + p->rows);
    expect_correct_run(b);
  }
}

static void an_abort_ends_a_layer_at_any_time(void **state) {
  bad_use *b = *state;
  for (uint32_t delay = 0; delay < 1200; delay += 1 + delay / 4) {
    prepare(b);
    assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
    must(eie_device_step(b->device, delay, &b->f.err), &b->f.err);
    assert_int_equal(eie_driver_abort(&b->driver), EIE_DRIVER_OK);
    assert_int_equal(eie_driver_wait(&b->driver, 2, 100000), EIE_DRIVER_FAULT);
    assert_int_equal(b->driver.why.fault.code, EIE_FAULT_ABORTED);
    if (delay % 3 == 0) expect_correct_run(b);
  }
  expect_correct_run(b);
}

static void a_reset_ends_a_layer_at_any_time(void **state) {
  bad_use *b = *state;
  for (uint32_t delay = 0; delay < 1200; delay += 1 + delay / 3) {
    prepare(b);
    assert_int_equal(eie_driver_start(&b->driver, 0, 2), EIE_DRIVER_OK);
    must(eie_device_step(b->device, delay, &b->f.err), &b->f.err);
    must(eie_device_reset(b->device, &b->f.err), &b->f.err);
    assert_int_equal(read_good(b, EIE_REG_STATUS) & ~(uint32_t)EIE_STATUS_BUSY, 0);
    assert_int_equal(read_good(b, EIE_REG_PROGRAM), 0);
    assert_false(eie_device_irq(b->device));
    expect_correct_run(b);
  }
}

#define BAD_USE_TEST(name) cmocka_unit_test_setup_teardown(name, open_bad_use, close_bad_use)
#define BAD_USE_CHECKS                                                                            \
  BAD_USE_TEST(every_memory_reads_back_what_was_written),                                         \
      BAD_USE_TEST(addresses_outside_each_region_are_refused),                                    \
      BAD_USE_TEST(refused_reads_do_not_spoil_the_descriptor_that_is_read_ahead),                 \
      BAD_USE_TEST(unaligned_addresses_are_refused),                                              \
      BAD_USE_TEST(partial_strobes_are_refused_and_change_nothing),                               \
      BAD_USE_TEST(registers_keep_their_access), BAD_USE_TEST(control_takes_one_bit_at_its_time), \
      BAD_USE_TEST(while_busy_memories_and_start_are_refused_and_nothing_slows_down),             \
      BAD_USE_TEST(each_bad_descriptor_has_its_fault_code),                                       \
      BAD_USE_TEST(an_unfinished_chain_is_a_fault_and_is_forgotten),                              \
      BAD_USE_TEST(slot_and_pointer_faults_tell_pe_and_entry),                                    \
      BAD_USE_TEST(a_slot_fault_of_the_last_entries_ends_the_layer),                              \
      BAD_USE_TEST(an_abort_ends_a_layer_at_any_time), BAD_USE_TEST(a_reset_ends_a_layer_at_any_time)

#endif
