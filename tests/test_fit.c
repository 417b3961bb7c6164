// SPDX-License-Identifier: Apache-2.0
// What an array takes of a device, and the search for the largest that fits.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above first
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_gen.h"
#include "eie_pack.h"
#include "fit_boards.h"

typedef struct {
  eie_family family;
  uint32_t width, depth;
  uint64_t blocks;
} ram_case;

// Both sides of every shape, one word and one bit to many.
static const ram_case ram_cases[] = {
    // Instantiated side by side: the depth picks the width of a block.
    {EIE_FAMILY_ECP5, 1, 2, 1},
    {EIE_FAMILY_ECP5, 18, 512, 1},
    {EIE_FAMILY_ECP5, 19, 512, 1},
    {EIE_FAMILY_ECP5, 36, 512, 1},
    {EIE_FAMILY_ECP5, 37, 512, 2},
    {EIE_FAMILY_ECP5, 72, 512, 2},
    {EIE_FAMILY_ECP5, 36, 513, 2},
    {EIE_FAMILY_ECP5, 18, 1024, 1},
    {EIE_FAMILY_ECP5, 19, 1024, 2},
    {EIE_FAMILY_ECP5, 18, 1025, 2},
    {EIE_FAMILY_ECP5, 9, 2048, 1},
    {EIE_FAMILY_ECP5, 10, 2048, 2},
    {EIE_FAMILY_ECP5, 9, 2049, 3},
    {EIE_FAMILY_ECP5, 36, 4096, 9},
    {EIE_FAMILY_ECP5, 37, 4096, 10},
    {EIE_FAMILY_ECP5, 36, 4097, 18},
    {EIE_FAMILY_ECP5, 16, 8192, 8},
    {EIE_FAMILY_ECP5, 16, 8193, 16},
    {EIE_FAMILY_ECP5, 16, 16384, 16},
    // Inferred: also behind each other, in the shape that needs the fewest.
    {EIE_FAMILY_ICE40, 16, 256, 1},
    {EIE_FAMILY_ICE40, 17, 256, 2},
    {EIE_FAMILY_ICE40, 16, 257, 2},
    {EIE_FAMILY_ICE40, 8, 512, 1},
    {EIE_FAMILY_ICE40, 16, 700, 3},
    {EIE_FAMILY_ICE40, 16, 768, 3},
    {EIE_FAMILY_ICE40, 16, 769, 4},
    {EIE_FAMILY_ICE40, 16, 1024, 4},
    {EIE_FAMILY_ICE40, 4, 1024, 1},
    {EIE_FAMILY_ICE40, 2, 2048, 1},
    {EIE_FAMILY_ICE40, 2, 2049, 2},
    {EIE_FAMILY_ICE40, 32, 32, 2},
    {EIE_FAMILY_ICE40, 48, 32, 3},
    {EIE_FAMILY_GOWIN, 36, 512, 1},
    {EIE_FAMILY_GOWIN, 16, 1024, 1},
    {EIE_FAMILY_GOWIN, 16, 1025, 2},
    {EIE_FAMILY_GOWIN, 37, 512, 2},
    {EIE_FAMILY_GOWIN, 4, 4096, 1},
    {EIE_FAMILY_XILINX, 36, 512, 1},
    {EIE_FAMILY_XILINX, 18, 1024, 1},
    {EIE_FAMILY_XILINX, 16, 1025, 2},
    {EIE_FAMILY_XILINX, 1, 16384, 1},
    {EIE_FAMILY_XILINX, 1, 16385, 2},
};

static void every_shape_of_a_block_ram_is_counted_on_both_sides_of_its_edge(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof ram_cases / sizeof ram_cases[0]; i++) {
    const ram_case *c = &ram_cases[i];
    const eie_fit_memory m = {"m", "M", 1, c->width, c->depth, 0, 0};
    const eie_fit_place p = eie_fit_place_memory(c->family, &m);
    if (p.where != EIE_FIT_BLOCK || p.count != c->blocks)
      fail_msg("%s %u x %u: %d %llu", eie_family_name(c->family), c->depth, c->width, p.where,
               (unsigned long long)p.count);
  }
}

static eie_fit_place place(eie_family family, uint32_t width, uint32_t depth, int cells, int single_port) {
  const eie_fit_memory m = {"m", "M", 1, width, depth, cells, single_port};
  return eie_fit_place_memory(family, &m);
}

static void a_memory_deeper_than_any_instantiated_ram_has_no_place(void **state) {
  (void)state;
  assert_int_equal(place(EIE_FAMILY_ECP5, 16, 16385, 0, 0).where, EIE_FIT_TOO_DEEP);
  assert_int_equal(place(EIE_FAMILY_ICE40, 16, 16385, 0, 1).where, EIE_FIT_TOO_DEEP);
  assert_int_equal(place(EIE_FAMILY_ICE40, 16, 16385, 0, 0).where, EIE_FIT_BLOCK);
  assert_int_equal(place(EIE_FAMILY_XILINX, 16, 16385, 0, 0).where, EIE_FIT_BLOCK);
}

typedef struct {
  eie_family family;
  uint32_t width, depth;
  eie_fit_where where;
} inferred_case;

// What Yosys 0.70 makes of eie_ram_1r1w: on Gowin as the attribute asks, elsewhere by itself.
static const inferred_case inferred_cases[] = {
    {EIE_FAMILY_GOWIN, 48, 8, EIE_FIT_BLOCK},    {EIE_FAMILY_GOWIN, 48, 32, EIE_FIT_BLOCK},
    {EIE_FAMILY_GOWIN, 48, 64, EIE_FIT_BLOCK},   {EIE_FAMILY_GOWIN, 32, 32, EIE_FIT_BLOCK},
    {EIE_FAMILY_GOWIN, 32, 64, EIE_FIT_BLOCK},   {EIE_FAMILY_GOWIN, 16, 64, EIE_FIT_BLOCK},
    {EIE_FAMILY_GOWIN, 16, 128, EIE_FIT_BLOCK},  {EIE_FAMILY_GOWIN, 8, 256, EIE_FIT_BLOCK},
    {EIE_FAMILY_GOWIN, 8, 1024, EIE_FIT_BLOCK},  {EIE_FAMILY_XILINX, 48, 8, EIE_FIT_CELLS},
    {EIE_FAMILY_XILINX, 48, 32, EIE_FIT_CELLS},  {EIE_FAMILY_XILINX, 32, 32, EIE_FIT_CELLS},
    {EIE_FAMILY_XILINX, 16, 64, EIE_FIT_CELLS},  {EIE_FAMILY_XILINX, 16, 128, EIE_FIT_CELLS},
    {EIE_FAMILY_XILINX, 8, 1024, EIE_FIT_BLOCK}, {EIE_FAMILY_XILINX, 32, 256, EIE_FIT_BLOCK},
    {EIE_FAMILY_ICE40, 16, 8, EIE_FIT_BLOCK},    {EIE_FAMILY_GOWIN, 16, 96, EIE_FIT_BLOCK},
    {EIE_FAMILY_GOWIN, 8, 128, EIE_FIT_BLOCK},   {EIE_FAMILY_XILINX, 32, 64, EIE_FIT_CELLS},
    {EIE_FAMILY_XILINX, 48, 64, EIE_FIT_CELLS},
};

static void where_yosys_infers_small_memories_go_where_it_puts_them(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof inferred_cases / sizeof inferred_cases[0]; i++) {
    const inferred_case *c = &inferred_cases[i];
    const eie_fit_memory m = {"m", "M", 1, c->width, c->depth, 0, 0};
    if (eie_fit_place_memory(c->family, &m).where != c->where)
      fail_msg("%s %u x %u", eie_family_name(c->family), c->depth, c->width);
  }
}

static void one_port_is_enough_for_single_port_ram_where_there_is_some(void **state) {
  (void)state;
  assert_int_equal(place(EIE_FAMILY_ICE40, 16, 16384, 0, 1).where, EIE_FIT_SPRAM);
  assert_int_equal(place(EIE_FAMILY_ICE40, 16, 16384, 0, 1).count, 1);
  assert_int_equal(place(EIE_FAMILY_ICE40, 17, 2, 0, 1).count, 2);
  assert_int_equal(place(EIE_FAMILY_ECP5, 16, 1024, 0, 1).where, EIE_FIT_BLOCK);
}

static void small_memories_go_into_logic_cells_where_the_rtl_lets_them(void **state) {
  (void)state;
  assert_int_equal(place(EIE_FAMILY_ECP5, 16, 64, 1, 0).where, EIE_FIT_CELLS);
  assert_int_equal(place(EIE_FAMILY_GOWIN, 32, 64, 1, 0).where, EIE_FIT_CELLS);
  assert_int_equal(place(EIE_FAMILY_ICE40, 16, 64, 1, 0).where, EIE_FIT_BLOCK);
  // 16 words by 4 bits are 6 cells.
  assert_int_equal(place(EIE_FAMILY_ECP5, 16, 16, 1, 0).count, 4 * 6);
  assert_int_equal(place(EIE_FAMILY_ECP5, 16, 17, 1, 0).count, 8 * 6 + 16);
}

static eie_resources used(const eie_config *config, const eie_board *board) {
  eie_fit_use use;
  eie_fit_resources(config, board, &use);
  return use.used;
}

// A PE: 2 Spmat slices, 2 pointer banks, accumulators, activations; 3 multipliers, of which 2 shift. Once:
// flags 1, descriptors 1, counters 2, busy counters 2.
static void sixteen_pes_of_an_ecp5_take_102_block_rams(void **state) {
  (void)state;
  const eie_board b = board_ecp5();
  const eie_resources u = used(&b.config, &b);
  assert_int_equal(u.ram, 16 * 6 + 6);
  assert_int_equal(u.spram, 0);
  assert_int_equal(u.dsp, 16 * 3);
  eie_config wide = b.config;
  wide.acc_w = 48;  // LUTs shift
  assert_int_equal(used(&wide, &b).dsp, 16);
  assert_int_equal(u.lut, 2000 + 16 * 850);
  assert_int_equal(u.ff, 2500 + 16 * 650);
}

// A PE: 2 banks of 4, codebooks 1, accumulators 2, fault entries 1; Spmat and activations in SPRAM. Once:
// flags 1, descriptors 2, counters 2 (of 24 bits); two PEs have no memory of busy counters.
static void two_pes_of_an_up5k_take_29_block_rams_and_all_four_sprams(void **state) {
  (void)state;
  const eie_board b = board_ice40();
  const eie_resources u = used(&b.config, &b);
  assert_int_equal(u.ram, 2 * 12 + 5);
  assert_int_equal(u.spram, 4);
  assert_int_equal(u.dsp, 2);
}

// With four PEs the SPRAMs are all Spmat: activations cost 4 block RAMs a PE, and busy counters 3.
static void four_pes_of_an_up5k_leave_no_spram_for_activations(void **state) {
  (void)state;
  const eie_board b = board_ice40();
  eie_config c = b.config;
  c.n_pe = 4;
  assert_int_equal(used(&c, &b).spram, 4);
  assert_int_equal(used(&c, &b).ram, 4 * (12 + 4) + 5 + 2);
  assert_int_equal(eie_fit_check(&c, &b).what, EIE_FIT_SHORT_RAM);
}

// A PE: 2 Spmat slices, 2 pointer banks, activations. Once: flags, descriptors, counters 2, busy counters 2.
static void eight_pes_of_a_gw2ar_take_all_46_block_rams(void **state) {
  (void)state;
  const eie_board b = board_gowin();
  assert_int_equal(used(&b.config, &b).ram, 8 * 5 + 6);
  assert_int_equal(eie_fit_check(&b.config, &b).what, EIE_FIT_GOOD);
}

static void one_accumulator_too_many_for_logic_cells_takes_a_block_ram_a_pe(void **state) {
  (void)state;
  const eie_board b = board_gowin();
  eie_config c = b.config;
  c.rows = EIE_FIT_CELLS_DEPTH + 1;
  assert_int_equal(used(&c, &b).ram, 46 + 8);
  assert_true(used(&c, &b).lut < used(&b.config, &b).lut);
}

static const size_t keys[] = {offsetof(eie_config, n_pe),           offsetof(eie_config, rows),
                              offsetof(eie_config, spmat_words),    offsetof(eie_config, ptr_depth),
                              offsetof(eie_config, act_slots),      offsetof(eie_config, layers),
                              offsetof(eie_config, idx_w),          offsetof(eie_config, entries_per_word),
                              offsetof(eie_config, acc_w),          offsetof(eie_config, queue_depth),
                              offsetof(eie_config, act_queue_depth)};
enum { N_KEYS = sizeof keys / sizeof keys[0] };

static uint32_t *key(eie_config *c, int k) {
  return (uint32_t *)(void *)((char *)c + keys[k]);
}

static void check_grows(const eie_board *b, int k) {
  eie_config c = b->config;
  eie_fit_use before, after;
  eie_fit_resources(&c, b, &before);
  for (int step = 0; step < 40; step++) {
    *key(&c, k) += *key(&c, k) >= 64 ? *key(&c, k) / 5 & ~1u : k == 3 ? 2 : 1;
    if (k == 0 || k == 7) *key(&c, k) = b->config.n_pe << step % 9;  // a power of two
    if (k == 7) *key(&c, k) = 1u << step % 4;
    if (eie_config_check(&c, NULL) != EIE_OK) continue;
    eie_fit_resources(&c, b, &after);
    const int grew = step % 9 > 0 || k != 0;
    if (grew && (k != 7 || step % 4 > 0) && !after.too_deep) {
      assert_true(after.used.ram >= before.used.ram);
      assert_true(after.used.spram >= before.used.spram);
      // ECP5's multipliers shift accumulators of 32 bits only; the search does not change their width.
      if (keys[k] != offsetof(eie_config, acc_w)) assert_true(after.used.dsp >= before.used.dsp);
    }
    before = after;
  }
}

static void no_parameter_frees_rams_or_multipliers_when_it_grows(void **state) {
  (void)state;
  const eie_board boards[] = {board_ecp5(), board_ice40(), board_gowin(), board_xilinx()};
  for (int b = 0; b < 4; b++)
    for (int k = 0; k < N_KEYS; k++) check_grows(&boards[b], k);
}

static void deeper_queues_cost_logic_and_flip_flops_only_where_there_is_no_ram_of_cells(void **state) {
  (void)state;
  const eie_board ecp5 = board_ecp5(), ice40 = board_ice40();
  eie_config c = ecp5.config;
  c.queue_depth = 64;
  assert_true(used(&c, &ecp5).lut > used(&ecp5.config, &ecp5).lut);
  assert_int_equal(used(&c, &ecp5).ff, used(&ecp5.config, &ecp5).ff);
  c = ice40.config;
  c.queue_depth = 8;
  assert_true(used(&c, &ice40).lut > used(&ice40.config, &ice40).lut);
  assert_true(used(&c, &ice40).ff > used(&ice40.config, &ice40).ff);
}

// ---- what is short, and what to change -------------------------------------------------------------

static void expect_short(const eie_config *c, const eie_board *b, eie_fit_short what, const char *words) {
  char text[EIE_FIT_TEXT];
  const eie_fit_verdict v = eie_fit_check(c, b);
  eie_fit_short_text(b, &v, text);
  if (v.what != what || !strstr(text, words)) fail_msg("%d: %s", v.what, text);
}

static void each_shortage_is_told_with_its_numbers(void **state) {
  (void)state;
  eie_board b = board_ecp5();
  eie_config c = b.config;
  c.spmat_words = 20000;
  expect_short(&c, &b, EIE_FIT_SHORT_DEPTH,
               "SPMAT_WORDS has 20000 words, and no RAM of the device is deeper than 16384");
  c = b.config;
  b.has.dsp = 47;
  expect_short(&c, &b, EIE_FIT_SHORT_DSP, "multipliers (MULT18X18D): 48 needed, 47 there, 1 too many");
  b = board_ecp5();
  b.has.ram = 101;
  expect_short(&c, &b, EIE_FIT_SHORT_RAM, "block RAM (DP16KD): 102 needed, 101 there, 1 too many");
  b = board_ecp5();
  b.has.lut = 15600;
  expect_short(&c, &b, EIE_FIT_SHORT_LUT,
               "logic cells: 15600 needed, 14820 there (95 % of all), 780 too many");
  b = board_ecp5();
  b.has.ff = 12900;
  expect_short(&c, &b, EIE_FIT_SHORT_FF, "flip-flops: 12900 needed, 12255 there");
  b = board_ice40();
  b.has.spram = 3;
  expect_short(&b.config, &b, EIE_FIT_SHORT_SPRAM,
               "single-port RAM (SB_SPRAM256KA): 4 needed, 3 there, 1 too many");
}

static void pe_counts_that_did_not_route_do_not_fit(void **state) {
  (void)state;
  eie_board b = board_ecp5();
  b.costs.clocks[2].mhz = 0;
  eie_config c = b.config;
  assert_int_equal(eie_fit_check(&c, &b).what, EIE_FIT_GOOD);
  c.n_pe = 32;
  expect_short(&c, &b, EIE_FIT_SHORT_ROUTE, "32 PEs did not route; the most that did are 16");
}

static void each_change_that_is_proposed_makes_it_fit(void **state) {
  (void)state;
  const eie_board b = board_ecp5();
  eie_config c = b.config;
  c.ptr_depth = 16384;  // 2 banks of 8 blocks a PE: 20 blocks each, 326 in all
  char text[EIE_FIT_TEXT];
  eie_fit_remedy(&c, &b, text);
  assert_non_null(strstr(text, "PTR_DEPTH 8192"));
  assert_non_null(strstr(text, "N_PE 8"));
  assert_null(strstr(text, "SPMAT_WORDS"));  // that alone does not help
  c.ptr_depth = 8192;
  assert_int_equal(eie_fit_check(&c, &b).what, EIE_FIT_GOOD);
  c.ptr_depth = 16384;
  c.n_pe = 8;
  assert_int_equal(eie_fit_check(&c, &b).what, EIE_FIT_GOOD);
  eie_fit_remedy(&b.config, &b, text);
  assert_string_equal(text, "");
}

static void without_a_single_change_that_helps_it_says_so(void **state) {
  (void)state;
  eie_board b = board_ecp5();
  char text[EIE_FIT_TEXT];
  b.has.ram = 0;
  eie_fit_remedy(&b.config, &b, text);
  assert_non_null(strstr(text, "no single parameter helps"));
}

// ---- search ----------------------------------------------------------------------------------------

static eie_model make_model(uint32_t rows, uint32_t cols, double density, uint32_t codebook) {
  const eie_gen_options o = {
      .rows = rows, .cols = cols, .density = density, .seed = 3, .shift = 14, .codebook_size = codebook};
  eie_model model;
  eie_error err = {""};
  if (eie_gen_model(&o, &model, &err) != EIE_OK) fail_msg("%s", err.text);
  return model;
}

static eie_fit_found find(const eie_model *model, const eie_board *board) {
  eie_fit_found found;
  eie_error err = {""};
  if (eie_fit_search(model, board, &found, &err) != EIE_OK) fail_msg("%s", err.text);
  return found;
}

static uint32_t loads_of(const eie_model *model, const eie_config *config) {
  const eie_pack_options options = {.dealing = EIE_DEAL_BALANCED, .seed = 1};
  eie_packed packed;
  eie_error err = {""};
  if (eie_pack(model, config, &options, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
  const uint32_t loads = packed.n_loads;
  eie_packed_free(&packed);
  return loads;
}

static void check_found(const eie_model *model, const eie_board *board, const eie_fit_found *f) {
  eie_error err = {""};
  assert_true(f->fits);
  if (eie_config_check(&f->config, &err) != EIE_OK) fail_msg("%s", err.text);
  assert_int_equal(eie_fit_check(&f->config, board).what, EIE_FIT_GOOD);
  assert_int_equal(loads_of(model, &f->config) == 1, f->one_load);
  assert_true(f->config.n_pe <= eie_board_routed(board) || !eie_board_routed(board));
}

static void what_is_found_fits_and_holds_the_model_and_twice_the_pes_do_not(void **state) {
  (void)state;
  const eie_board boards[] = {board_ecp5(), board_ice40(), board_gowin(), board_xilinx()};
  const uint32_t sizes[][2] = {{10, 30}, {300, 784}, {500, 100}, {40, 1500}};
  for (int m = 0; m < 4; m++) {
    eie_model model = make_model(sizes[m][0], sizes[m][1], 0.08, 16);
    for (int b = 0; b < 4; b++) {
      const eie_fit_found f = find(&model, &boards[b]);
      check_found(&model, &boards[b], &f);
      assert_int_equal(f.next_pe, 2 * f.config.n_pe);
      assert_true(f.next_unrouted || f.next.what != EIE_FIT_GOOD);
    }
    eie_model_free(&model);
  }
}

static void a_small_model_gets_the_boards_own_configuration(void **state) {
  (void)state;
  const eie_board b = board_gowin();
  eie_model model = make_model(50, 60, 0.1, 16);
  const eie_fit_found f = find(&model, &b);
  eie_config own = b.config;
  memcpy(own.name, f.config.name, sizeof own.name);
  assert_memory_equal(&own, &f.config, sizeof own);
  eie_model_free(&model);
}

static void only_pe_counts_that_were_routed_are_proposed(void **state) {
  (void)state;
  eie_board b = board_ecp5();
  b.costs.n_clocks = 1;  // 8 PEs
  eie_model model = make_model(50, 60, 0.1, 16);
  const eie_fit_found f = find(&model, &b);
  assert_int_equal(f.config.n_pe, 8);
  assert_int_equal(f.next_pe, 16);
  assert_true(f.next_unrouted);
  eie_model_free(&model);
}

static void a_model_larger_than_the_device_runs_in_tiles_with_most_pes(void **state) {
  (void)state;
  eie_board boards[] = {board_ecp5(), board_ice40(), board_gowin()};
  boards[0].has.ram = 60;
  eie_model model = make_model(400, 700, 0.4, 16);
  for (int b = 0; b < 3; b++) {
    boards[b].costs.n_clocks = 1;
    const eie_fit_found f = find(&model, &boards[b]);
    check_found(&model, &boards[b], &f);
    assert_false(f.one_load);
    assert_int_equal(f.config.n_pe, eie_board_routed(&boards[b]));
  }
  eie_model_free(&model);
}

static void eight_bit_codes_get_an_array_that_has_them(void **state) {
  (void)state;
  const eie_board b = board_ecp5();
  eie_model model = make_model(100, 100, 0.3, 256);
  assert_int_equal(eie_fit_code_w(&model), 8);
  const eie_fit_found f = find(&model, &b);
  check_found(&model, &b, &f);
  assert_int_equal(f.config.code_w, 8);
  assert_true(eie_word_w(&f.config) <= eie_word_w(&b.config));
  eie_model_free(&model);
}

static void a_device_too_small_for_one_pe_fits_nothing(void **state) {
  (void)state;
  eie_board b = board_ecp5();
  b.has.ram = 3;
  eie_model model = make_model(10, 10, 0.3, 16);
  const eie_fit_found f = find(&model, &b);
  assert_false(f.fits);
  assert_int_equal(eie_fit_check(&f.config, &b).what, EIE_FIT_SHORT_RAM);
  eie_model_free(&model);
}

static void without_measured_costs_rams_and_multipliers_decide(void **state) {
  (void)state;
  const eie_board b = board_xilinx();
  assert_int_equal(used(&b.config, &b).lut, 0);
  eie_model model = make_model(10, 10, 0.3, 16);
  assert_true(find(&model, &b).fits);
  eie_model_free(&model);
}

static void the_clock_is_that_of_the_same_pe_count_or_of_the_next_larger(void **state) {
  (void)state;
  const eie_board b = board_ecp5(), none = board_xilinx();
  assert_int_equal(eie_board_clock_for(&b, 16)->n_pe, 16);
  assert_int_equal(eie_board_clock_for(&b, 1)->n_pe, 8);
  assert_int_equal(eie_board_clock_for(&b, 64)->n_pe, 32);
  assert_null(eie_board_clock_for(&none, 1));
  assert_int_equal(eie_board_routed(&none), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_shape_of_a_block_ram_is_counted_on_both_sides_of_its_edge),
      cmocka_unit_test(a_memory_deeper_than_any_instantiated_ram_has_no_place),
      cmocka_unit_test(where_yosys_infers_small_memories_go_where_it_puts_them),
      cmocka_unit_test(one_port_is_enough_for_single_port_ram_where_there_is_some),
      cmocka_unit_test(small_memories_go_into_logic_cells_where_the_rtl_lets_them),
      cmocka_unit_test(sixteen_pes_of_an_ecp5_take_102_block_rams),
      cmocka_unit_test(two_pes_of_an_up5k_take_29_block_rams_and_all_four_sprams),
      cmocka_unit_test(four_pes_of_an_up5k_leave_no_spram_for_activations),
      cmocka_unit_test(eight_pes_of_a_gw2ar_take_all_46_block_rams),
      cmocka_unit_test(one_accumulator_too_many_for_logic_cells_takes_a_block_ram_a_pe),
      cmocka_unit_test(no_parameter_frees_rams_or_multipliers_when_it_grows),
      cmocka_unit_test(deeper_queues_cost_logic_and_flip_flops_only_where_there_is_no_ram_of_cells),
      cmocka_unit_test(each_shortage_is_told_with_its_numbers),
      cmocka_unit_test(pe_counts_that_did_not_route_do_not_fit),
      cmocka_unit_test(each_change_that_is_proposed_makes_it_fit),
      cmocka_unit_test(without_a_single_change_that_helps_it_says_so),
      cmocka_unit_test(what_is_found_fits_and_holds_the_model_and_twice_the_pes_do_not),
      cmocka_unit_test(a_small_model_gets_the_boards_own_configuration),
      cmocka_unit_test(only_pe_counts_that_were_routed_are_proposed),
      cmocka_unit_test(a_model_larger_than_the_device_runs_in_tiles_with_most_pes),
      cmocka_unit_test(eight_bit_codes_get_an_array_that_has_them),
      cmocka_unit_test(a_device_too_small_for_one_pe_fits_nothing),
      cmocka_unit_test(without_measured_costs_rams_and_multipliers_decide),
      cmocka_unit_test(the_clock_is_that_of_the_same_pe_count_or_of_the_next_larger),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
