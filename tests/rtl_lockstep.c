// SPDX-License-Identifier: Apache-2.0
// Lock-step finds the very event: a run without a fault compares as many events as the golden model counts; a
// word spoilt on its way into each memory, and a broken piece of RTL, are told with layer, PE, slot, column,
// entry and cycle.
#include "eie_divergence.h"
#include "harness_fixture.h"
#include "lockstep_pass.h"
#include "random_model.h"
#include "rtl_mutant.h"
#include "rtl_part.h"

#define ENGINE eie_device_rtl_engine()

typedef struct {
  eie_config config;
  eie_model model;
  eie_packed packed;
  eie_packed_image image;
  eie_activations inputs;
  eie_device_options options;
  eie_plant plant;  // of every device that is opened
  eie_compare_report report;
  eie_lockstep *lockstep;
  eie_error err;
} bench;

static eie_status open_planted(void *context, const eie_device_options *options, eie_device **device,
                               eie_error *err) {
  bench *b = context;
  eie_device *inner = NULL;
  EIE_TRY(eie_device_open(ENGINE, &b->config, options, &inner, err));
  must(eie_device_plant(inner, &b->plant, device, err), err);
  return EIE_OK;
}

// Two layers of small odd weights on pe4, as the harness's fixture has them.
static void open_fixture(bench *b) {
  static const eie_pack_options pack = {EIE_DEAL_INTERLEAVED, 1};
  eie_random rng;
  *b = (bench){.options = {.seed = 1, .verbose = 1}};
  eie_random_seed(&rng, 5);
  b->model.n_layers = 2;
  b->model.layers = calloc(2, sizeof *b->model.layers);
  fixture_layer(&b->model.layers[0], 10, 12, "fc1", &rng, &b->err);
  fixture_layer(&b->model.layers[1], 6, 10, "fc2", &rng, &b->err);
  must(eie_config_read("pe4", &b->config, &b->err), &b->err);
  must(eie_pack(&b->model, &b->config, &pack, &b->packed, &b->err), &b->err);
  b->inputs = (eie_activations){.count = 2, .cols = 12, .data = calloc(24, sizeof(int16_t))};
  for (uint32_t i = 0; i < 24; i++) b->inputs.data[i] = (int16_t)(1 + i % 5);
  must(eie_packed_image_make(&b->packed, &b->image, &b->err), &b->err);
}

static void open_random(bench *b, const char *config, uint64_t seed) {
  eie_random rng;
  random_model_census census = {0};
  const eie_pack_options pack = {seed & 1 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED, seed};
  *b = (bench){.options = {.seed = seed, .stalls = seed % 3 ? 0 : seed, .verbose = 1}};
  eie_random_seed(&rng, seed);
  must(eie_config_read(config, &b->config, &b->err), &b->err);
  must(random_model_make(&rng, &b->config, &b->model, &b->inputs, &census, &b->err), &b->err);
  must(eie_pack(&b->model, &b->config, &pack, &b->packed, &b->err), &b->err);
  must(eie_packed_image_make(&b->packed, &b->image, &b->err), &b->err);
}

static void close_bench(bench *b) {
  eie_lockstep_close(b->lockstep);
  eie_compare_report_free(&b->report);
  eie_packed_image_free(&b->image);
  eie_packed_free(&b->packed);
  eie_model_free(&b->model);
  eie_activations_free(&b->inputs);
}

static eie_compare_job job_of(const bench *b) {
  return (eie_compare_job){
      .packed = &b->packed, .image = &b->image, .inputs = &b->inputs, .count = b->inputs.count};
}

static eie_status run_lockstep(bench *b) {
  eie_device *device = NULL;
  eie_compare_job job = job_of(b);
  eie_compare_report_free(&b->report);
  eie_lockstep_close(b->lockstep);
  must(eie_lockstep_open(&b->packed, &b->lockstep, &b->err), &b->err);
  b->options.watch = eie_lockstep_watch(b->lockstep);
  b->err.text[0] = 0;
  must(open_planted(b, &b->options, &device, &b->err), &b->err);
  job.device = device;
  job.lockstep = b->lockstep;
  eie_status status = eie_compare_run(&job, &b->report, &b->err);
  eie_device_close(device);
  return status;
}

// ---- nothing is wrong ----------------------------------------------------------------------------

// Programs whose layers overwrite each other are run twice, whole and pass by pass.
static uint64_t check_counts(bench *b) {
  must(run_lockstep(b), &b->err);
  const eie_compare_layer *sum = &b->report.sum;
  const eie_lockstep_counts *c = eie_lockstep_counted(b->lockstep);
  const uint64_t runs = b->packed.all_visible ? 1 : 2, n_pe = b->config.n_pe;
  uint64_t silent = 0, all = 0;
  for (uint32_t p = 0; p < b->packed.n_passes; p++) silent += !b->packed.passes[p].write_back;
  silent *= b->inputs.count;
  assert_int_equal(c->of[EIE_STAGE_LAUNCH], runs * b->packed.n_passes * b->inputs.count);
  assert_int_equal(c->of[EIE_STAGE_COLUMN], runs * (sum->golden.broadcasts + sum->written + silent));
  assert_int_equal(c->of[EIE_STAGE_VALUE], runs * sum->golden.broadcasts);
  assert_int_equal(c->of[EIE_STAGE_POINTERS], runs * sum->golden.broadcasts * n_pe);
  assert_int_equal(c->of[EIE_STAGE_ENTRY], runs * sum->golden.entries);
  assert_int_equal(c->of[EIE_STAGE_UPDATE], runs * sum->golden.entries);
  assert_int_equal(c->of[EIE_STAGE_READ_OUT], runs * (sum->written + silent) * n_pe);
  assert_int_equal(c->of[EIE_STAGE_WRITE_BACK], runs * sum->written * n_pe);
  for (int k = 0; k < EIE_STAGES; k++) all += c->of[k];
  return all;
}

static void a_green_run_compares_as_many_events_as_golden_counts(void **state) {
  bench b;
  (void)state;
  open_fixture(&b);
  const uint64_t all = check_counts(&b);
  print_message("  %llu events\n", (unsigned long long)all);
  close_bench(&b);
}

static void random_models_are_equal_in_every_event_and_cycle(void **state) {
  static const char *const configs[] = {"pe4", "tiny", "pe1"};
  const char *asked = getenv("EIE_SEED");
  const uint64_t first = asked ? strtoull(asked, NULL, 10) : 1, last = asked                 ? first
                                                                       : read_part().limited ? 2
                                                                                             : 10;
  uint64_t all = 0;
  (void)state;
  for (int c = 0; c < 3; c++) {
    for (uint64_t seed = first; seed <= last; seed++) {
      bench b;
      print_message("  %s, EIE_SEED=%llu\n", configs[c], (unsigned long long)seed);
      open_random(&b, configs[c], seed);
      all += check_counts(&b);
      close_bench(&b);
    }
  }
  if (read_part().limited) print_message("reduced: 2 random models of each configuration in place of 10\n");
  print_message("  %llu events\n", (unsigned long long)all);
  assert_true(asked || all > 100000);
}

// ---- a spoilt word -------------------------------------------------------------------------------

static uint32_t *image_words(bench *b, uint32_t region, uint32_t pe) {
  for (uint32_t k = 0; k < b->image.n_blocks; k++)
    if (b->image.blocks[k].region == region && b->image.blocks[k].pe == pe) return b->image.words[k];
  fail_msg("no block of region %u, PE %u", region, pe);
  return NULL;
}

typedef struct {
  eie_difference kind;
  eie_stage stage;
  uint32_t layer, pe, slot, row, column, entry;  // UINT32_MAX: has no meaning
  uint64_t in_layer;                             // cycle
} where;

static void expect_at(bench *b, const where *w) {
  assert_int_equal(run_lockstep(b), EIE_ERR_UNEQUAL);
  const eie_divergence *d = eie_lockstep_found(b->lockstep);
  assert_non_null(d);
  print_message("  %s\n", d->sentence);
  assert_string_equal(b->err.text, d->sentence);
  assert_int_equal(d->kind, w->kind);
  assert_int_equal(d->stage, w->stage);
  assert_int_equal(d->input, 0);
  assert_int_equal(d->layer, w->layer);
  assert_int_equal(d->pass, w->layer);
  assert_int_equal(d->pe, w->pe);
  assert_int_equal(d->slot, w->slot);
  assert_int_equal(d->row, w->row);
  assert_int_equal(d->column, w->column);
  assert_int_equal(d->entry, w->entry);
  assert_int_equal(d->cycle - d->launch, w->in_layer);
}

// Cycles of the layer in which things of pass `number` are due, by the timing model.
typedef struct {
  lockstep_pass pass;
  int16_t *vectors[3];
} clockwork;

static void clockwork_open(clockwork *c, bench *b, uint32_t number) {
  eie_golden *golden = NULL;
  eie_counters counters;
  for (int k = 0; k < 3; k++) c->vectors[k] = calloc(64, sizeof(int16_t));
  eie_packed_scatter(&b->packed, 0, b->inputs.data, c->vectors[0]);
  must(eie_golden_open(&b->packed, &golden, &b->err), &b->err);
  for (uint32_t p = 0; p < 2; p++)
    must(eie_golden_pass(golden, p, c->vectors[p], c->vectors[p + 1], &counters, NULL, &b->err), &b->err);
  eie_golden_close(golden);
  must(lockstep_pass_open(&c->pass, &b->packed, &b->err), &b->err);
  lockstep_pass_begin(&c->pass, number, c->vectors);
}

static void clockwork_close(clockwork *c) {
  lockstep_pass_close(&c->pass);
  for (int k = 0; k < 3; k++) free(c->vectors[k]);
}

static uint64_t column_due(const clockwork *c, uint32_t k) {
  return (uint64_t)c->pass.fire[k] + LAG_FIRE_TO_COLUMN;
}

static uint64_t entry_due(const clockwork *c, uint32_t pe, uint32_t k, uint32_t inside) {
  return (uint64_t)c->pass.take[(size_t)k * c->pass.packed->config.n_pe + pe] + LAG_TAKE_TO_ENTRY + inside;
}

static uint64_t walk_due(const clockwork *c, uint32_t row) {
  return (uint64_t)c->pass.drained + LAG_DRAINED_TO_WALK + row;
}

static void open_both(bench *b, clockwork *c, uint32_t number) {
  open_fixture(b);
  clockwork_open(c, b, number);
}

static void close_both(bench *b, clockwork *c) {
  clockwork_close(c);
  close_bench(b);
}

// All columns of the fixture have an activation, and every PE has entries in each: broadcast k is column k.
static void a_spoilt_entry_is_told_at_its_entry(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  *image_words(&b, EIE_REGION_SPMAT, 2) ^= 1;
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, 0, 2, 0, 2, 0, 0, entry_due(&c, 2, 0, 0)});
  close_both(&b, &c);
}

static void a_spoilt_run_is_told_as_a_slot(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  uint32_t *word = image_words(&b, EIE_REGION_SPMAT, 1);
  *word ^= 1u << b.config.code_w;  // slot 1 in place of 0
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, 0, 1, 0, 1, 0, 0, entry_due(&c, 1, 0, 0)});
  *word ^= 33u << b.config.code_w;  // slot 32
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, 0, 1, 0, 1, 0, 0, entry_due(&c, 1, 0, 0)});
  assert_non_null(strstr(b.err.text, "outside the tile"));
  close_both(&b, &c);
}

static void a_spoilt_pointer_is_told_at_its_column(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  image_words(&b, EIE_REGION_POINTER, 3)[b.packed.passes[0].ptr_base + 5] ^= 1u << (eie_ptr_w(&b.config) - 2);
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_POINTERS, 0, 3, UINT32_MAX, UINT32_MAX, 4, UINT32_MAX,
                         column_due(&c, 4) + c.pass.pointers_lag});
  close_both(&b, &c);
}

static void a_spoilt_bias_is_told_at_its_row(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 1);
  image_words(&b, EIE_REGION_POINTER, 1)[b.packed.passes[1].bias_base + 2] ^= 4;
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_READ_OUT, 1, 1, 1, 5, UINT32_MAX, UINT32_MAX,
                         walk_due(&c, 1) + LAG_COLUMN_TO_READ_OUT});
  close_both(&b, &c);
}

static void a_spoilt_codebook_is_told_at_the_first_entry_that_uses_it(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  const uint16_t *entries = b.packed.passes[0].entries[3];
  const uint32_t *ptr = b.packed.passes[0].ptr[3], code = entries[7] & 15;
  uint32_t e = 0, column = 0;
  while ((entries[e] & 15) != code) e++;
  while (ptr[column + 1] - ptr[0] <= e) column++;
  uint32_t slot = 0;
  for (uint32_t k = ptr[column] - ptr[0]; k <= e; k++) slot += (entries[k] >> 4) + (k > ptr[column] - ptr[0]);
  image_words(&b, EIE_REGION_CODEBOOK, 3)[code] ^= 0x10;
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_ENTRY, 0, 3, slot, 3 + 4 * slot, column, ptr[0] + e,
                         entry_due(&c, 3, column, e - (ptr[column] - ptr[0]))});
  close_both(&b, &c);
}

static void a_spoilt_activation_is_told_as_a_broadcast(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  const uint32_t word = b.packed.passes[0].in_base * 4 + 7;
  uint32_t map = 0;
  uint8_t resp = 0;
  eie_device *device = NULL;
  b.options.watch = NULL;
  must(eie_device_open(ENGINE, &b.config, &b.options, &device, &b.err), &b.err);
  must(eie_device_read(device, EIE_REG_ADDRESS, &map, &resp, &b.err), &b.err);
  eie_device_close(device);
  b.plant = (eie_plant){EIE_PLANT_WRITE, EIE_REGION_ACTIVATION << (map >> 8 & 0xFF) | word << 2, 0x20, 0};
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_VALUE, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX, 7,
                         UINT32_MAX, column_due(&c, 7) + c.pass.value_lag});
  close_both(&b, &c);
}

static void a_spoilt_descriptor_is_told_at_the_first_output(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 1);
  image_words(&b, EIE_REGION_DESCRIPTOR, 0)[EIE_DESC_WORDS] ^= 1;  // shift of descriptor 1
  expect_at(&b, &(where){EIE_DIFFERS_VALUE, EIE_STAGE_WRITE_BACK, 1, 0, 0, 0, UINT32_MAX, UINT32_MAX,
                         walk_due(&c, 0) + LAG_COLUMN_TO_WRITE_BACK});
  close_both(&b, &c);
}

// ---- broken RTL ----------------------------------------------------------------------------------

// The sixth item pushed into a work queue is forgotten.
static const rtl_mutant lost_item = {
    "lost-item", "eie_queue.sv", "  assign push = valid_i && ready_q;",
    "  logic [7:0] pushed_q;\n"
    "  always_ff @(posedge clk_i) if (!rst_ni || flush_i) pushed_q <= '0;\n"
    "    else if (valid_i && ready_q) pushed_q <= pushed_q + 1'b1;\n"
    "  assign push = valid_i && ready_q && !(Depth == 32 && pushed_q == 8'd5);"};

static const rtl_mutant no_forward = {"no-forward", "eie_pe_arith.sv", ".other_i(near7_q)", ".other_i(1'b0)"};

static const rtl_mutant lost_column = {"lost-column", "eie_scan.sv", "    else found_q <= fire_o;",
                                       "    else found_q <= fire_o && !(f_slot_q == 2 && index == '1);"};

static void a_lost_queue_item_is_a_missing_entry(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  mutant_use(&lost_item);
  // PE 2 has two rows where PE 0 and 1 have three: it comes to its sixth column first.
  const uint32_t entry = b.packed.passes[0].ptr[2][5];
  expect_at(&b, &(where){EIE_DIFFERS_MISSING, EIE_STAGE_ENTRY, 0, 2, 0, 2, 5, entry, entry_due(&c, 2, 5, 0)});
  mutant_use(NULL);
  close_both(&b, &c);
}

// A layer of one row in each PE: the same accumulator in every cycle.
static void a_missing_forward_is_told_with_the_sum_it_missed(void **state) {
  bench b;
  (void)state;
  open_fixture(&b);
  eie_packed_image_free(&b.image);
  eie_packed_free(&b.packed);
  eie_model_free(&b.model);
  eie_random rng;
  const eie_pack_options pack = {EIE_DEAL_INTERLEAVED, 1};
  eie_random_seed(&rng, 5);
  b.model.n_layers = 1;
  b.model.layers = calloc(1, sizeof *b.model.layers);
  fixture_layer(&b.model.layers[0], 4, 12, "one row", &rng, &b.err);
  must(eie_pack(&b.model, &b.config, &pack, &b.packed, &b.err), &b.err);
  must(eie_packed_image_make(&b.packed, &b.image, &b.err), &b.err);
  mutant_use(&no_forward);
  assert_int_equal(run_lockstep(&b), EIE_ERR_UNEQUAL);
  const eie_divergence *d = eie_lockstep_found(b.lockstep);
  print_message("  %s\n", d->sentence);
  assert_int_equal(d->kind, EIE_DIFFERS_VALUE);
  assert_int_equal(d->stage, EIE_STAGE_UPDATE);
  assert_int_equal(d->slot, 0);
  assert_int_equal(d->column, 1);
  assert_int_equal(d->entry, 1);
  assert_non_null(strstr(d->sentence, "sum of entry 0, 1 cycle before, had not been forwarded"));
  mutant_use(NULL);
  close_bench(&b);
}

// The credit of a column that never reaches the PEs does not come back: the array waits for ever.
static void a_hang_names_the_event_that_did_not_come(void **state) {
  bench b;
  clockwork c;
  (void)state;
  open_both(&b, &c, 0);
  mutant_use(&lost_column);
  b.image.image.limit = 3000;
  expect_at(&b, &(where){EIE_DIFFERS_MISSING, EIE_STAGE_COLUMN, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX, 11,
                         UINT32_MAX, column_due(&c, 11)});
  mutant_use(NULL);
  close_both(&b, &c);
}

// ---- the runs that follow a red one --------------------------------------------------------------

static void check_file(const char *path, const char *word) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  eie_error err = {""};
  must(eie_file_read(path, 1 << 24, &bytes, &size, &err), &err);
  assert_true(size > 100);
  if (word) assert_non_null(strstr((char *)bytes, word));
  free(bytes);
}

static void a_red_run_is_followed_by_its_sentence_and_waves(void **state) {
  bench b;
  eie_divergence_report report;
  char *text = NULL;
  size_t size = 0;
  (void)state;
  open_fixture(&b);
  *image_words(&b, EIE_REGION_SPMAT, 2) ^= 1;
  const eie_compare_job job = job_of(&b);
  char dir[64];  // the other simulator may be at the same
  snprintf(dir, sizeof dir, "build/tmp/divergence-%s", ENGINE);
  const eie_divergence_job follow = {.engine = ENGINE,
                                     .options = &b.options,
                                     .job = &job,
                                     .input = 1,
                                     .dir = dir,
                                     .open = open_planted,
                                     .context = &b};
  FILE *f = open_memstream(&text, &size);
  must(eie_divergence_find(&follow, f, &report, &b.err), &b.err);
  fclose(f);
  print_message("%s", text);
  assert_non_null(strstr(text, "In lock-step: input 1, layer 0 (fc1)"));
  assert_non_null(strstr(text, "events of PE 2"));
  assert_int_equal(report.found.pe, 2);
  check_file(report.wave, NULL);
  check_file(report.save, "u_array.g_cluster[0].g_pe[2].u_pe.g_full.u_arith.sum8_q[31:0]");
  free(text);
  close_bench(&b);
}

static void a_fault_outside_the_array_is_said_to_be_there(void **state) {
  bench b;
  eie_divergence_report report;
  char *text = NULL;
  size_t size = 0;
  (void)state;
  open_fixture(&b);
  const eie_compare_job job = job_of(&b);
  const eie_divergence_job follow = {
      .engine = ENGINE, .options = &b.options, .job = &job, .input = 1, .open = open_planted, .context = &b};
  FILE *f = open_memstream(&text, &size);
  must(eie_divergence_find(&follow, f, &report, &b.err), &b.err);
  fclose(f);
  assert_int_equal(report.found.kind, EIE_DIFFERS_NOT);
  assert_non_null(strstr(text, "every event up to this input is right"));
  free(text);
  close_bench(&b);
}

// One test alone: build/tests/rtl_lockstep '*hang*'.
int main(int argc, char **argv) {
  if (argc > 1) cmocka_set_test_filter(argv[1]);
  struct CMUnitTest tests[] = {
      cmocka_unit_test(a_green_run_compares_as_many_events_as_golden_counts),
      cmocka_unit_test(random_models_are_equal_in_every_event_and_cycle),
      cmocka_unit_test(a_spoilt_entry_is_told_at_its_entry),
      cmocka_unit_test(a_spoilt_run_is_told_as_a_slot),
      cmocka_unit_test(a_spoilt_pointer_is_told_at_its_column),
      cmocka_unit_test(a_spoilt_bias_is_told_at_its_row),
      cmocka_unit_test(a_spoilt_codebook_is_told_at_the_first_entry_that_uses_it),
      cmocka_unit_test(a_spoilt_activation_is_told_as_a_broadcast),
      cmocka_unit_test(a_spoilt_descriptor_is_told_at_the_first_output),
      cmocka_unit_test(a_lost_queue_item_is_a_missing_entry),
      cmocka_unit_test(a_missing_forward_is_told_with_the_sum_it_missed),
      cmocka_unit_test(a_hang_names_the_event_that_did_not_come),
      cmocka_unit_test(a_red_run_is_followed_by_its_sentence_and_waves),
      cmocka_unit_test(a_fault_outside_the_array_is_said_to_be_there),
  };
  static const char *const small[] = {"a_green_run_compares_as_many_events_as_golden_counts",
                                      "a_spoilt_entry_is_told_at_its_entry",
                                      "a_spoilt_run_is_told_as_a_slot",
                                      "a_spoilt_pointer_is_told_at_its_column",
                                      "a_spoilt_bias_is_told_at_its_row",
                                      "a_spoilt_codebook_is_told_at_the_first_entry_that_uses_it",
                                      "a_spoilt_activation_is_told_as_a_broadcast",
                                      "a_spoilt_descriptor_is_told_at_the_first_output",
                                      "a_lost_queue_item_is_a_missing_entry",
                                      "a_missing_forward_is_told_with_the_sum_it_missed",
                                      "a_hang_names_the_event_that_did_not_come",
                                      "a_red_run_is_followed_by_its_sentence_and_waves",
                                      "a_fault_outside_the_array_is_said_to_be_there"};
  KEEP_SMALL_PART(tests, small);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
