// SPDX-License-Identifier: Apache-2.0
// The rates of the array, each measured by the counter CYCLES as the difference of two layers that differ
// in one thing. Every run is also compared with the golden model in every bit, so that a rate is never
// bought with a wrong result (forwarding).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cmocka.h>

#include "device_bus.h"
#include "eie_compare.h"
#include "rtl_part.h"

enum { N = 4 };  // PEs of tests/configs/rates.cfg; rows are interleaved: row = slot * 4 + PE

typedef struct {
  eie_config config;
  eie_device *device;
  eie_error err;
} bench;

// Whether a PE has a weight at a slot of a column; `arg` is the experiment's number.
typedef int weight_rule(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg);
// Whether a column's activation is not zero.
typedef int act_rule(uint32_t col, uint32_t arg);

typedef struct {
  uint32_t slots, cols;  // row slots, columns
  weight_rule *weight;
  uint32_t arg;
} layer_spec;

static int open_bench(void **state) {
  bench *b = calloc(1, sizeof *b);
  *state = b;
  const eie_device_options options = {.seed = 1, .build = EIE_BUILD_FAST, .verbose = 1};
  if (eie_config_read("tests/configs/rates.cfg", &b->config, &b->err) ||
      eie_device_open("rtl", &b->config, &options, &b->device, &b->err))
    fail_msg("%s", b->err.text);
  return 0;
}

static int close_bench(void **state) {
  bench *b = *state;
  eie_device_close(b->device);
  free(b);
  return 0;
}

// Biases make every hidden activation positive and the codebook is of positive numbers, so that no activation
// of a second layer is zero. Products are so large that every addition changes the upper half of its
// accumulator, too, and none overflows.
enum { SHIFT = 16, WEIGHT = 300, ACTIVATION = 2000 };
static void make_layer(const layer_spec *s, eie_layer *l, eie_error *err) {
  uint32_t nnz = 0;
  for (uint32_t c = 0; c < s->cols; c++)
    for (uint32_t r = 0; r < s->slots * N; r++) nnz += s->weight(r / N, r % N, c, s->arg) != 0;
  *l = (eie_layer){
      .rows = s->slots * N, .cols = s->cols, .nnz = nnz, .codebook_size = 16, .shift = SHIFT, .name = "rate"};
  if (eie_layer_alloc(l, err)) fail_msg("%s", err->text);
  nnz = 0;
  for (uint32_t c = 0; c < s->cols; c++) {
    for (uint32_t r = 0; r < s->slots * N; r++) {
      if (!s->weight(r / N, r % N, c, s->arg)) continue;
      l->indices[nnz] = r;
      l->codes[nnz] = (uint8_t)(1 + (r * 5 + c * 3) % 15);
      nnz++;
    }
    l->indptr[c + 1] = nnz;
  }
  for (uint32_t k = 1; k < 16; k++) l->codebook[k] = (int16_t)(k * WEIGHT);
  for (uint32_t r = 0; r < l->rows; r++) l->bias[r] = (1 + (int32_t)(r % 7)) << SHIFT;
}

// Runs the layers as one program; *cycles gets CYCLES of each. `segments` > 1 cuts the first layer's scan.
static void run(bench *b, const layer_spec *specs, uint32_t n_layers, act_rule *act, uint32_t segments,
                uint64_t *cycles) {
  const eie_pack_options options = {EIE_DEAL_INTERLEAVED, 1};
  eie_model model = {.n_layers = n_layers, .layers = calloc(n_layers, sizeof *model.layers)};
  eie_activations inputs = {
      .count = 1, .cols = specs[0].cols, .data = calloc(specs[0].cols, sizeof(int16_t))};
  eie_packed packed;
  eie_packed_image image;
  eie_compare_report report;
  for (uint32_t l = 0; l < n_layers; l++) make_layer(&specs[l], &model.layers[l], &b->err);
  for (uint32_t c = 0; c < inputs.cols; c++)
    inputs.data[c] = act(c, specs[0].arg) ? (int16_t)((1 + c % 3) * ACTIVATION) : 0;
  if (eie_pack(&model, &b->config, &options, &packed, &b->err) ||
      eie_packed_image_make(&packed, &image, &b->err))
    fail_msg("%s", b->err.text);
  assert_int_equal(packed.n_passes, n_layers);
  assert_int_equal(packed.all_visible, 1);
  uint32_t *d = image.words[0];  // the descriptors are the first block
  for (uint32_t s = 0; segments > 1 && s < segments; s++) {
    const uint32_t start = packed.passes[0].in_base, slots = packed.passes[0].col_slots;
    const uint32_t from = slots * s / segments, to = slots * (s + 1) / segments;
    d[0] = (d[0] & ~0x700u) | segments << EIE_DESC_SEGMENTS_LSB;
    d[EIE_DESC_SEG0_START_WORD + s] = (start + from) | (to - from) << 16;
  }
  const eie_compare_job job = {.packed = &packed,
                               .image = &image,
                               .model = &model,
                               .inputs = &inputs,
                               .count = 1,
                               .device = b->device};
  if (eie_compare_run(&job, &report, &b->err)) fail_msg("%s", b->err.text);
  for (uint32_t l = 0; l < n_layers; l++) cycles[l] = report.layers[l].cycles;
  eie_compare_report_free(&report);
  eie_packed_image_free(&image);
  eie_packed_free(&packed);
  eie_activations_free(&inputs);
  eie_model_free(&model);
}

static int always(uint32_t col, uint32_t arg) {
  (void)col, (void)arg;
  return 1;
}

static uint64_t one(bench *b, uint32_t slots, uint32_t cols, weight_rule *weight, uint32_t arg,
                    act_rule *act) {
  const layer_spec spec = {slots, cols, weight, arg};
  uint64_t cycles = 0;
  run(b, &spec, 1, act, 1, &cycles);
  return cycles;
}

static int all(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)slot, (void)pe, (void)col, (void)arg;
  return 1;
}

static int none(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)slot, (void)pe, (void)col, (void)arg;
  return 0;
}

static void one_entry_a_cycle_through_column_and_word_changes(void **state) {
  bench *b = *state;
  for (uint32_t slots = 1; slots <= 13; slots++) {  // columns of every length against words of four entries
    const uint64_t few = one(b, slots, 16, all, 0, always), many = one(b, slots, 80, all, 0, always);
    assert_int_equal(many - few, 64 * slots);
  }
}

// One entry a column, on slot col mod arg: the same accumulator again after arg entries.
static int cycling(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)pe;
  return slot == col % arg;
}

static void one_entry_a_cycle_on_the_same_accumulator_at_every_distance(void **state) {
  bench *b = *state;
  for (uint32_t distance = 1; distance <= 12; distance++) {
    const uint64_t few = one(b, 12, 32, cycling, distance, always),
                   many = one(b, 12, 160, cycling, distance, always);
    assert_int_equal(many - few, 128);
  }
}

// Bursts on one accumulator with others between them: distances that change from entry to entry.
static int irregular(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  uint32_t x = (col + arg * 977 + pe * 31) * 2654435761u;
  return slot == (x >> 20) % 3;
}

static void one_entry_a_cycle_at_changing_distances(void **state) {
  bench *b = *state;
  for (uint32_t seed = 0; seed < 20; seed++)
    assert_int_equal(one(b, 3, 264, irregular, seed, always) - one(b, 3, 200, irregular, seed, always), 64);
}

// Even columns: slot 16 behind a padding entry that lands on slot 15; odd columns: slot 15 itself, so that
// padding and weight meet on one accumulator. `arg` columns of slot 3 between them move the distance.
static int padded(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)pe;
  const uint32_t phase = col % (2 + arg);
  return phase == 0 ? slot == 16 : phase == 1 ? slot == 15 : slot == 3;
}

static void padding_entries_cost_a_cycle_and_forward_like_any_other(void **state) {
  bench *b = *state;
  for (uint32_t gap = 0; gap <= 8; gap++) {
    const uint32_t period = 2 + gap, few = period * 10, many = period * 42;
    const uint64_t difference = one(b, 17, many, padded, gap, always) - one(b, 17, few, padded, gap, always);
    assert_int_equal(difference, 32 * (period + 1));  // a weight a column, and one padding entry a period
  }
}

static void one_broadcast_a_cycle(void **state) {
  bench *b = *state;
  assert_int_equal(one(b, 2, 720, none, 0, always) - one(b, 2, 80, none, 0, always), 640);
}

static int outer_groups(uint32_t col,
                        uint32_t arg) {  // zeros between the first four groups and the last four
  return col < 16 || col >= 16 + arg * N;
}

static void an_empty_group_costs_at_most_a_cycle(void **state) {
  bench *b = *state;
  const uint64_t without = one(b, 2, 32, all, 0, outer_groups);
  for (uint32_t empty = 1; empty <= 128; empty *= 2) {
    const uint64_t cycles = one(b, 2, 32 + empty * N, all, empty, outer_groups);
    assert_in_range(cycles - without, 0, empty);
  }
}

static int every_other_group(uint32_t col, uint32_t arg) {
  (void)arg;
  return col / N % 2 == 0;
}

static int one_of_each_group(uint32_t col, uint32_t arg) {
  return col % N == arg;
}

static void groups_follow_each_other_without_a_bubble(void **state) {
  bench *b = *state;
  // Four broadcasts and an empty group take five cycles; one broadcast a group takes one cycle.
  assert_int_equal(one(b, 1, 648, none, 0, every_other_group) - one(b, 1, 8, none, 0, every_other_group),
                   80 * 5);
  for (uint32_t lane = 0; lane < N; lane++)
    assert_int_equal(
        one(b, 1, 648, none, lane, one_of_each_group) - one(b, 1, 8, none, lane, one_of_each_group), 160);
}

static void segments_follow_each_other_without_a_bubble(void **state) {
  bench *b = *state;
  act_rule *const rules[] = {always, every_other_group};
  for (uint32_t k = 0; k < 2; k++) {
    for (uint32_t cols = 16; cols <= 112; cols += 32) {
      const layer_spec spec = {1, cols, all, 0};
      uint64_t whole, cut;
      run(b, &spec, 1, rules[k], 1, &whole);
      for (uint32_t segments = 2; segments <= 4; segments++) {
        run(b, &spec, 1, rules[k], segments, &cut);
        assert_int_equal(cut, whole);
      }
    }
  }
}

// Column 0 mod 4 has eight entries a PE, the others none: they are broadcast beside the work.
static int sparse_columns(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)slot, (void)pe;
  return col % arg == 0;
}

// In turn one PE has eight entries and the others none.
static int by_turns(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)slot, (void)arg;
  return col % N == pe;
}

static void columns_without_entry_in_a_pe_are_free(void **state) {
  bench *b = *state;
  // 40 columns of eight entries: alone, and with one or three empty columns behind each.
  const uint64_t alone = one(b, 8, 37, sparse_columns, 1, always);
  assert_in_range(one(b, 8, 37 * 2 - 1, sparse_columns, 2, always), alone - 4, alone);
  assert_in_range(one(b, 8, 37 * 4 - 3, sparse_columns, 4, always), alone - 4, alone);
  // Each PE works at a quarter of the columns: eight cycles for four broadcasts.
  assert_int_equal(one(b, 8, 320, by_turns, 0, always) - one(b, 8, 160, by_turns, 0, always), 320);
}

static void write_back_takes_one_slot_a_cycle(void **state) {
  bench *b = *state;
  const uint64_t few = one(b, 2, 8, none, 0, always);
  for (uint32_t slots = 3; slots <= 64; slots++)
    assert_int_equal(one(b, slots, 8, none, 0, always) - few, slots - 2);
}

// The single entry of the last broadcast, on slot `arg`: write-back reads it the soonest when arg is 0.
static int single(uint32_t slot, uint32_t pe, uint32_t col, uint32_t arg) {
  (void)pe, (void)col;
  return slot == arg;
}

static void the_last_entry_reaches_write_back_wherever_it_is(void **state) {
  bench *b = *state;
  for (uint32_t slots = 1; slots <= 12; slots++)
    for (uint32_t slot = 0; slot < slots; slot++)
      for (uint32_t cols = 1; cols <= 4; cols++) one(b, slots, cols, single, slot, always);
}

static void clearing_is_seen_by_the_next_layers_first_entries(void **state) {
  bench *b = *state;
  for (uint32_t slots = 1; slots <= 10; slots++) {
    for (uint32_t next = 1; next <= 6; next++) {
      const layer_spec specs[3] = {{slots, 8, all, 0}, {next, slots * N, all, 0}, {next, next * N, all, 0}};
      uint64_t cycles[3];
      run(b, specs, 3, always, 1, cycles);
    }
  }
}

static void a_layer_has_at_most_forty_cycles_of_fixed_cost(void **state) {
  bench *b = *state;
  const struct {
    uint32_t slots, cols, work;
  } cases[] = {{1, 1, 1}, {1, 4, 4}, {8, 16, 8 * 16}, {64, 32, 64 * 32}};
  for (uint32_t k = 0; k < 4; k++) {
    const uint64_t cycles = one(b, cases[k].slots, cases[k].cols, all, 0, always);
    print_message("  %u row slots, %u columns: %llu cycles, %llu beside issue and write-back\n",
                  cases[k].slots, cases[k].cols, (unsigned long long)cycles,
                  (unsigned long long)(cycles - cases[k].work - cases[k].slots));
    assert_in_range(cycles - cases[k].work - cases[k].slots, 0, 40);
  }
  const layer_spec specs[3] = {{4, 8, all, 0}, {2, 16, all, 0}, {3, 8, all, 0}};
  uint64_t cycles[3];
  run(b, specs, 3, always, 1, cycles);
  for (uint32_t l = 0; l < 3; l++) {
    const uint64_t fixed = cycles[l] - specs[l].slots * specs[l].cols - specs[l].slots;
    print_message("  layer %u of a program of three: %llu cycles beside issue and write-back\n", l,
                  (unsigned long long)fixed);
    assert_in_range(fixed, 0, 40);
  }
}

static uint64_t bus_cycles(bench *b, uint32_t address, uint32_t count, int write, int read) {
  uint32_t words[512] = {0}, back[512];
  eie_burst w = {.address = address, .stride = 4, .data = words, .count = count, .strobes = EIE_ALL_STROBES};
  eie_burst r = {.address = address, .stride = 4, .data = back, .count = count};
  const uint64_t since = eie_device_cycles(b->device);
  if (b->device->ops->transfer(b->device, write ? &w : NULL, read ? &r : NULL, &b->err))
    fail_msg("%s", b->err.text);
  if (write) assert_int_equal(w.resp, EIE_AXI_OKAY);
  if (read) assert_int_equal(r.resp, EIE_AXI_OKAY);
  return eie_device_cycles(b->device) - since;
}

// 48 beats more: behind a burst of the same kind, since the first of the other kind waits a cycle for its
// turn.
static uint64_t cycles_of_48_beats(bench *b, uint32_t address, int write, int read) {
  (void)bus_cycles(b, address, 1, write, read);
  const uint64_t few = bus_cycles(b, address, 16, write, read);
  return bus_cycles(b, address, 64, write, read) - few;
}

static void the_bus_moves_one_beat_a_cycle_each_way(void **state) {
  bench *b = *state;
  eie_driver driver;
  eie_device_bus bus;
  uint32_t slow = 0;
  if (eie_device_bus_open(&bus, b->device, &driver, &b->err)) fail_msg("%s", b->err.text);
  static const uint32_t regions[] = {EIE_REGION_DESCRIPTOR, EIE_REGION_SPMAT, EIE_REGION_POINTER,
                                     EIE_REGION_CODEBOOK, EIE_REGION_ACTIVATION};
  for (uint32_t k = 0; k < sizeof regions / sizeof regions[0]; k++) {
    const uint32_t address = eie_driver_address(&driver, regions[k], 0, 0);
    const uint64_t write = cycles_of_48_beats(b, address, 1, 0);
    const uint64_t read = cycles_of_48_beats(b, address, 0, 1);
    const uint64_t mixed = cycles_of_48_beats(b, address, 1, 1);
    print_message("  %-10s 48 beats: written in %llu cycles, read in %llu, 48 of each at once in %llu\n",
                  eie_driver_region_name(regions[k]), (unsigned long long)write, (unsigned long long)read,
                  (unsigned long long)mixed);
    slow += write != 48 || read != 48;
  }
  assert_int_equal(slow, 0);
}

static void a_turn_of_the_bus_costs_at_most_a_cycle(void **state) {
  bench *b = *state;
  eie_driver driver;
  eie_device_bus bus;
  if (eie_device_bus_open(&bus, b->device, &driver, &b->err)) fail_msg("%s", b->err.text);
  const uint32_t address = eie_driver_address(&driver, EIE_REGION_DESCRIPTOR, 0, 0);
  for (int write = 0; write < 2; write++) {
    (void)bus_cycles(b, address, 4, write, !write);
    const uint64_t behind_same = bus_cycles(b, address, 4, write, !write);
    (void)bus_cycles(b, address, 4, !write, write);
    const uint64_t behind_other = bus_cycles(b, address, 4, write, !write);
    print_message("  4 %s behind the same %llu cycles, behind the other kind %llu\n",
                  write ? "writes" : "reads", (unsigned long long)behind_same,
                  (unsigned long long)behind_other);
    assert_in_range(behind_other - behind_same, 0, 1);
  }
}

#define RATE(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void) {
  struct CMUnitTest tests[] = {RATE(one_entry_a_cycle_through_column_and_word_changes),
                               RATE(one_entry_a_cycle_on_the_same_accumulator_at_every_distance),
                               RATE(one_entry_a_cycle_at_changing_distances),
                               RATE(padding_entries_cost_a_cycle_and_forward_like_any_other),
                               RATE(one_broadcast_a_cycle),
                               RATE(an_empty_group_costs_at_most_a_cycle),
                               RATE(groups_follow_each_other_without_a_bubble),
                               RATE(segments_follow_each_other_without_a_bubble),
                               RATE(columns_without_entry_in_a_pe_are_free),
                               RATE(write_back_takes_one_slot_a_cycle),
                               RATE(the_last_entry_reaches_write_back_wherever_it_is),
                               RATE(clearing_is_seen_by_the_next_layers_first_entries),
                               RATE(a_layer_has_at_most_forty_cycles_of_fixed_cost),
                               RATE(the_bus_moves_one_beat_a_cycle_each_way),
                               RATE(a_turn_of_the_bus_costs_at_most_a_cycle)};
  static const char *const small[] = {"one_broadcast_a_cycle", "the_bus_moves_one_beat_a_cycle_each_way"};
  KEEP_SMALL_PART(tests, small);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
