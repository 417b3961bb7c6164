// SPDX-License-Identifier: Apache-2.0
// The check can fail: one bit flipped in each kind of memory image, in the expected outputs, in what is
// read back and in each counter, and a wrong done. Each turns the run red with the right place named.
// Included by the test of each engine, which says HARNESS_ENGINE.
#ifndef EIE_HARNESS_CHECKS_H
#define EIE_HARNESS_CHECKS_H

#include "harness_fixture.h"

static int open_fixture(void **state) {
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  fixture_open(f, HARNESS_ENGINE);
  return 0;
}

static int close_fixture(void **state) {
  fixture_close(*state);
  free(*state);
  return 0;
}

// The words of a region and PE in the image, to be spoilt.
static uint32_t *image_words(fixture *f, uint32_t region, uint32_t pe) {
  for (uint32_t b = 0; b < f->image.n_blocks; b++)
    if (f->image.blocks[b].region == region && f->image.blocks[b].pe == pe) return f->image.words[b];
  fail_msg("the image has no block of region %u, PE %u", region, pe);
  return NULL;
}

// The bus address of a word, by the address map of the device.
static uint32_t address_of(fixture *f, uint32_t region, uint32_t pe, uint32_t word) {
  uint32_t map = 0;
  uint8_t resp = 0;
  must(eie_device_read(f->device, EIE_REG_ADDRESS, &map, &resp, &f->err), &f->err);
  return region << (map >> 8 & 0xFF) | pe << (map & 0xFF) | word << 2;
}

static void plant(fixture *f, eie_plant_kind kind, uint32_t address, uint32_t mask) {
  const eie_plant p = {kind, address, mask, 0};
  eie_device_replant(f->device, &p);
}

static void an_unspoilt_run_is_green(void **state) {
  expect_green(*state);
}

static void a_flipped_bit_of_spmat_names_the_row(void **state) {
  fixture *f = *state;
  uint32_t *word = image_words(f, EIE_REGION_SPMAT, 2);
  *word ^= 1;  // the code of the first entry: column 0, slot 0
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 0 (fc1)", "row 2 ", "PE 2, slot 0",
             "golden");
  *word ^= 1;
  expect_green(f);
}

static void a_flipped_run_outside_the_tile_is_fault_slot(void **state) {
  fixture *f = *state;
  uint32_t *word = image_words(f, EIE_REGION_SPMAT, 1);
  *word ^= 1u << (f->config.code_w + f->config.idx_w - 1);  // the first entry's run + 32
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "input 0", "fc1",
             "fault SLOT in descriptor 0, PE 1, entry 0");
  *word ^= 1u << (f->config.code_w + f->config.idx_w - 1);
  expect_green(f);
}

static void a_flipped_bit_of_a_pointer_is_fault_pointer(void **state) {
  fixture *f = *state;
  const uint32_t at = f->packed.passes[0].ptr_base + 5;
  uint32_t *word = image_words(f, EIE_REGION_POINTER, 3);
  const uint32_t begin = word[at - 1], bit = 1u << (eie_ptr_w(&f->config) - 2);
  char entry[40];
  snprintf(entry, sizeof entry, "PE 3, entry %u", begin);
  word[at] ^= bit;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "input 0", "fc1", "fault POINTER in descriptor 0", entry);
  word[at] ^= bit;
  expect_green(f);
}

static void a_flipped_bit_of_a_bias_names_the_row(void **state) {
  fixture *f = *state;
  uint32_t *word =
      image_words(f, EIE_REGION_POINTER, 1) + f->packed.passes[1].bias_base + 2;  // slot 1, low half
  *word ^= 4;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 1 (fc2)", "row 5 ", "PE 1, slot 1");
  *word ^= 4;
  expect_green(f);
}

static void a_flipped_bit_of_a_codebook_names_the_pe(void **state) {
  fixture *f = *state;
  const uint32_t code = f->packed.passes[0].entries[3][0] & 15;
  uint32_t *word = image_words(f, EIE_REGION_CODEBOOK, 3) + code;
  *word ^= 0x10;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 0 (fc1)", "PE 3");
  *word ^= 0x10;
  expect_green(f);
}

static void a_flipped_bit_of_an_activation_names_the_layer(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_WRITE, address_of(f, EIE_REGION_ACTIVATION, 0, f->packed.passes[0].in_base * 4 + 7),
        0x20);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 0 (fc1)", "row 0 ", "PE 0, slot 0");
  expect_green(f);
}

static void a_flipped_bit_of_a_descriptor_names_the_layer(void **state) {
  fixture *f = *state;
  uint32_t *words = image_words(f, EIE_REGION_DESCRIPTOR, 0);
  words[EIE_DESC_WORDS] ^= 1;  // shift of descriptor 1
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 1 (fc2)", "device", "golden");
  words[EIE_DESC_WORDS] ^= 1;
  words[EIE_DESC_WORDS + 4] ^= 0xFFFF0000u & ~(words[EIE_DESC_WORDS + 4]);  // a segment of 65535 slots
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "layer 1 (fc2)", "fault INPUT in descriptor 1");
  words[EIE_DESC_WORDS + 4] = f->packed.passes[1].in_base | f->packed.passes[1].col_slots << 16;
  expect_green(f);
}

static void a_bit_that_a_memory_lost_is_found_by_reading_back(void **state) {
  fixture *f = *state;
  static const struct {
    uint32_t region;
    const char *name;
  } memories[] = {{EIE_REGION_SPMAT, "Spmat memory of PE 2, word 1"},
                  {EIE_REGION_POINTER, "pointer memory of PE 2, word 1"},
                  {EIE_REGION_CODEBOOK, "codebook memory of PE 2, word 1"}};
  for (uint32_t k = 0; k < 3; k++) {
    plant(f, EIE_PLANT_WRITE, address_of(f, memories[k].region, 2, 1), 2);
    EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, memories[k].name, "was written");
  }
  plant(f, EIE_PLANT_WRITE, address_of(f, EIE_REGION_DESCRIPTOR, 0, 9), 2);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "descriptor memory", "word 9");
  expect_green(f);
}

static void a_flipped_bit_of_the_expected_outputs_is_seen(void **state) {
  fixture *f = *state;
  const uint32_t place = f->packed.layers[1].row_place[4];
  f->packed.layers[1].bias[place] ^= 64;  // only the golden model sees it: the image was made before
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 1 (fc2)", "row 4 ", "PE 0, slot 1");
  assert_int_equal(f->report.sum.differing, 1);
  f->packed.layers[1].bias[place] ^= 64;
  expect_green(f);
}

static void a_flipped_bit_of_an_output_names_its_place(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_READ,
        address_of(f, EIE_REGION_ACTIVATION, 0, (f->packed.passes[0].out_base + 1) * 4 + 2), 0x100);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "layer 0 (fc1)", "row 6 ", "PE 2, slot 1");
  assert_int_equal(f->report.sum.differing_bits, 1);
  plant(f, EIE_PLANT_READ,
        address_of(f, EIE_REGION_ACTIVATION, 0, (f->packed.passes[0].out_base + 2) * 4 + 3), 0x1);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "layer 0 (fc1)", "no row", "PE 3, slot 2");
  expect_green(f);
}

static void a_flipped_bit_of_each_counter_names_it(void **state) {
  fixture *f = *state;
  static const struct {
    uint32_t counter;
    const char *name;
  } exact[] = {{EIE_COUNTER_BROADCASTS, "BROADCASTS"}, {EIE_COUNTER_ENTRIES, "ENTRIES"},
               {EIE_COUNTER_PADDING, "PADDING"},       {EIE_COUNTER_CLAMPED, "CLAMPED"},
               {EIE_COUNTER_OVERFLOW, "OVERFLOW"},     {EIE_COUNTER_WINDOW, "WINDOW"},
               {EIE_COUNTER_CYCLES, "CYCLES"},         {EIE_COUNTER_QUEUE_FULL, "QUEUE_FULL"}};
  for (uint32_t k = 0; k < sizeof exact / sizeof exact[0]; k++) {
    const uint32_t word = (EIE_NUM_COUNTERS + exact[k].counter) * 2;  // of descriptor 1
    plant(f, EIE_PLANT_READ, address_of(f, EIE_REGION_COUNTER, 0, word + 1), 1);
    EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", exact[k].name);
    if (exact[k].counter == EIE_COUNTER_CYCLES) continue;  // shows in the program's sum
    assert_non_null(strstr(f->err.text, exact[k].counter == EIE_COUNTER_WINDOW ? "WINDOW" : "layer 1 (fc2)"));
  }
  expect_green(f);
}

static void a_flipped_bit_of_a_pe_counter_names_the_pe(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_READ, address_of(f, EIE_REGION_PE_COUNTER, 2, 0), 1);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 0", "PE 2: busy");
  plant(f, EIE_PLANT_READ, EIE_REG_WINDOW, 0x1000);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "WINDOW");
  plant(f, EIE_PLANT_READ, EIE_REG_PROGRAM_CYCLES, 0x10000);
  (void)(fixture_run(f, 0) == EIE_OK);  // one constant offset may hide in the first program, not in two:
  const eie_plant second = {EIE_PLANT_READ, EIE_REG_PROGRAM_CYCLES, 0x10000, 1};
  eie_device_replant(f->device, &second);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_UNEQUAL, "input 1", "PROGRAM_CYCLES");
  expect_green(f);
}

static void a_done_too_early_is_red(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_EARLY_DONE, 0, 0);
  eie_status status = fixture_run(f, 0);
  EXPECT_RED(f, status, EIE_ERR_DEVICE, "input 0", "passes 0 to 1", "activation region", "refused");
  must(eie_device_step(f->device, 10000, &f->err), &f->err);
  expect_green(f);
}

static void a_done_that_never_comes_is_red(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_NO_DONE, 0, 0);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "input 0", "passes 0 to 1", "not done in time", "irq_o");
  expect_green(f);
}

static void a_done_with_the_wrong_number_of_layers_is_red(void **state) {
  fixture *f = *state;
  const eie_plant p = {EIE_PLANT_READ, EIE_REG_STATUS, 0x100, 1};  // not the poll of the driver's opening
  eie_device_replant(f->device, &p);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "input 0", "STATUS contradicts");
  expect_green(f);
}

static void more_than_there_is_cannot_be_compared(void **state) {
  fixture *f = *state;
  f->inputs.count = 1;
  eie_compare_job job = {.packed = &f->packed, .inputs = &f->inputs, .count = 2, .device = f->device};
  assert_int_equal(eie_compare_run(&job, &f->report, &f->err), EIE_ERR_USE);
  f->inputs.count = 2;
}

static void another_model_in_natural_order_is_seen(void **state) {
  fixture *f = *state;
  f->model.layers[1].bias[3]++;
  eie_compare_job job = {
      .packed = &f->packed, .model = &f->model, .inputs = &f->inputs, .count = 1, .device = f->device};
  EXPECT_RED(f, eie_compare_run(&job, &f->report, &f->err), EIE_ERR_UNEQUAL, "layer 1 (fc2)", "row 3",
             "natural order");
}

#define HARNESS_CHECKS                                                                                 \
  HARNESS_TEST(an_unspoilt_run_is_green), HARNESS_TEST(a_flipped_bit_of_spmat_names_the_row),          \
      HARNESS_TEST(a_flipped_run_outside_the_tile_is_fault_slot),                                      \
      HARNESS_TEST(a_flipped_bit_of_a_pointer_is_fault_pointer),                                       \
      HARNESS_TEST(a_flipped_bit_of_a_bias_names_the_row),                                             \
      HARNESS_TEST(a_flipped_bit_of_a_codebook_names_the_pe),                                          \
      HARNESS_TEST(a_flipped_bit_of_an_activation_names_the_layer),                                    \
      HARNESS_TEST(a_flipped_bit_of_a_descriptor_names_the_layer),                                     \
      HARNESS_TEST(a_bit_that_a_memory_lost_is_found_by_reading_back),                                 \
      HARNESS_TEST(a_flipped_bit_of_the_expected_outputs_is_seen),                                     \
      HARNESS_TEST(a_flipped_bit_of_an_output_names_its_place),                                        \
      HARNESS_TEST(a_flipped_bit_of_each_counter_names_it),                                            \
      HARNESS_TEST(a_flipped_bit_of_a_pe_counter_names_the_pe), HARNESS_TEST(a_done_too_early_is_red), \
      HARNESS_TEST(a_done_that_never_comes_is_red),                                                    \
      HARNESS_TEST(a_done_with_the_wrong_number_of_layers_is_red),                                     \
      HARNESS_TEST(more_than_there_is_cannot_be_compared),                                             \
      HARNESS_TEST(another_model_in_natural_order_is_seen)
#define HARNESS_TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

#endif
