// SPDX-License-Identifier: Apache-2.0
// Cycles of real layers: layers of the paper on the Verilated pe64, and the committed network on 100
// Fashion-MNIST images, with every counter held to the timing model; and that a model wrong by one cycle, or
// a counter read wrong, turns such a run red.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "bench_layer.h"
#include "command.h"
#include "device_bus.h"
#include "device_planted.h"
#include "eie_packed_source.h"
#include "timing_delays.h"

#define MODEL "vectors/lenet-300-100.safetensors"
#define IMAGES "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"

enum { DEMO_IMAGES = 100, DEMO_PASSES = 3, PASS_COUNTERS = 6 };

static char folder[256];
static eie_error err;

static int open_folder(void **state) {
  (void)state;
  make_folder(folder, sizeof folder);
  setenv("EIE", "build/eie", 0);
  return 0;
}

static int close_folder(void **state) {
  (void)state;
  remove_folder(folder);
  return 0;
}

static void must(eie_status status) {
  if (status) fail_msg("%s", err.text);
}

static eie_device *open_device(const eie_config *config) {
  const eie_device_options options = {.seed = 1, .build = EIE_BUILD_FAST, .verbose = 1};
  eie_device *device = NULL;
  must(eie_device_open("verilator", config, &options, &device, &err));
  return device;
}

// ---- layers of the paper -------------------------------------------------------------------------

static const paper_layer *layer_named(const char *name) {
  uint32_t k = 0;
  while (strcmp(paper_layers[k].name, name) != 0) k++;
  return &paper_layers[k];
}

static bench_result run_layer(bench_setup *setup, const char *name, double uneven, eie_device *device) {
  bench_result result;
  setup->uneven = uneven;
  must(bench_layer_run(setup, layer_named(name), 1, device, &result, &err));
  return result;
}

static void layers_of_the_paper_take_the_cycles_that_the_timing_model_tells(void **state) {
  (void)state;
  static const char *const names[] = {"NT-LSTM", "NT-We"};
  bench_setup setup = {.dealing = EIE_DEAL_BALANCED};
  must(eie_config_read("pe64", &setup.config, &err));
  eie_device *device = open_device(&setup.config);
  for (int k = 0; k < 4; k++) {
    setup.engine = BENCH_VERILATOR;
    const bench_result rtl = run_layer(&setup, names[k / 2], k % 2 ? 0.4 : 0, device);
    setup.engine = BENCH_TIMING;
    const bench_result timing = run_layer(&setup, names[k / 2], k % 2 ? 0.4 : 0, NULL);
    assert_int_equal(rtl.run.compared, layer_named(names[k / 2])->rows);
    assert_int_equal(rtl.run.cycles, timing.run.cycles);
    assert_int_equal(rtl.run.window, timing.run.window);
    assert_int_equal(rtl.run.queue_full, timing.run.queue_full);
    assert_int_equal(rtl.load_cycles, timing.load_cycles);
    assert_int_equal(rtl.io_cycles, timing.io_cycles);
    assert_in_range(rtl.run.cycles, 1, layer_named(names[k / 2])->cycles - 1);
    print_message("  %-8s rows %s: %llu cycles, the paper %llu\n", names[k / 2], k % 2 ? "uneven" : "alike ",
                  (unsigned long long)rtl.run.cycles, (unsigned long long)layer_named(names[k / 2])->cycles);
  }
  eie_device_close(device);
}

// ---- the committed network -----------------------------------------------------------------------

static cJSON *json_of(const char *const *args) {
  command_result *r = calloc(1, sizeof *r);
  run_command(folder, args, r);
  if (r->exit_code != 0) fail_msg("exit %d: %s", r->exit_code, r->err);
  cJSON *root = cJSON_Parse(r->out);
  if (!root) fail_msg("no JSON: %.200s", r->out);
  free(r);
  return root;
}

static double number(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItem(object, key);
  if (!cJSON_IsNumber(item)) fail_msg("JSON has no number '%s'", key);
  return item->valuedouble;
}

static void equal_numbers(const cJSON *a, const cJSON *b, const char *const *keys) {
  for (; *keys; keys++)
    if (number(a, *keys) != number(b, *keys))
      fail_msg("%s: %.0f by eie sim, %.0f by eie cycles", *keys, number(a, *keys), number(b, *keys));
}

static void a_hundred_images_of_the_demo_have_every_counter_of_the_timing_model(void **state) {
  (void)state;
  static const char *const of_layers[] = {"cycles",     "useful",  "broadcasts", "padding",
                                          "queue_full", "clamped", NULL};
  static const char *const of_all[] = {"program_cycles", "load_cycles", "io_cycles", "inputs", NULL};
  const char *args[] = {"sim",  MODEL,     "--config", "pe64",   "--input",
                        IMAGES, "--limit", "100",      "--json", NULL};
  cJSON *sim = json_of(args);
  args[0] = "cycles";
  cJSON *cycles = json_of(args);
  assert_int_equal((int)number(sim, "timed_counters"), DEMO_IMAGES * (DEMO_PASSES * PASS_COUNTERS + 1 + 64));
  equal_numbers(sim, cycles, of_all);
  equal_numbers(sim, cycles, of_layers);
  for (int k = 0; k < DEMO_PASSES; k++)
    equal_numbers(cJSON_GetArrayItem(cJSON_GetObjectItem(sim, "layers"), k),
                  cJSON_GetArrayItem(cJSON_GetObjectItem(cycles, "layers"), k), of_layers);
  cJSON_Delete(sim);
  cJSON_Delete(cycles);
}

// ---- the checks checked --------------------------------------------------------------------------

// The committed network on pe4, whose queues fill.
typedef struct {
  eie_packed packed;
  eie_model model;
  eie_activations inputs;
  eie_device *device;
} demo;

static void open_demo(demo *d) {
  const eie_packed_source source = {
      .path = MODEL, .config = "pe4", .options = {.dealing = EIE_DEAL_BALANCED, .seed = 1}};
  static const eie_plant nothing = {.kind = EIE_PLANT_NOTHING};
  must(eie_packed_source_read(&source, &d->packed, &d->model, &err));
  must(eie_activations_read(IMAGES, d->packed.layers[0].cols, d->packed.input_frac, &d->inputs, &err));
  must(eie_device_plant(open_device(&d->packed.config), &nothing, &d->device, &err));
}

static void close_demo(demo *d) {
  eie_device_close(d->device);
  eie_activations_free(&d->inputs);
  eie_model_free(&d->model);
  eie_packed_free(&d->packed);
}

static eie_status run_demo(const demo *d, const eie_timing_delays *delays) {
  const eie_compare_job job = {.packed = &d->packed,
                               .inputs = &d->inputs,
                               .count = 1,
                               .device = d->device,
                               .skip_verify = 1,
                               .timed = 1,
                               .delays = delays};
  eie_compare_report report;
  const eie_status status = eie_compare_run(&job, &report, &err);
  eie_compare_report_free(&report);
  return status;
}

static void a_timing_model_wrong_by_one_is_red(void **state) {
  (void)state;
  demo d;
  open_demo(&d);
  must(run_demo(&d, NULL));
  for (uint32_t k = 0; k < 14; k++) {
    eie_timing_delays wrong = eie_timing_delays_of(&d.packed.config);
    *(int32_t *)(void *)((char *)&wrong + timing_delays[k / 2].offset) += k % 2 ? -1 : 1;
    if (run_demo(&d, &wrong) != EIE_ERR_UNEQUAL)
      fail_msg("%s %s 1 was not noticed", timing_delays[k / 2].name, k % 2 ? "-" : "+");
    print_message("  %s %s 1: %s\n", timing_delays[k / 2].name, k % 2 ? "-" : "+", err.text);
    assert_non_null(strstr(err.text, "timing model"));
  }
  must(run_demo(&d, NULL));
  close_demo(&d);
}

// CYCLES of layer 1 read one too high or one too low: consistent with every other counter but the model's.
static void a_cycle_count_read_wrong_is_red(void **state) {
  (void)state;
  demo d;
  eie_driver driver;
  eie_device_bus bus;
  open_demo(&d);
  must(eie_device_bus_open(&bus, d.device, &driver, &err));
  const uint32_t place = 1 * 2 * EIE_NUM_COUNTERS + 2 * EIE_COUNTER_CYCLES;
  const eie_plant plant = {.kind = EIE_PLANT_READ,
                           .address = eie_driver_address(&driver, EIE_REGION_COUNTER, 0, place),
                           .mask = 1};
  eie_device_replant(d.device, &plant);
  assert_int_equal(run_demo(&d, NULL), EIE_ERR_UNEQUAL);
  assert_non_null(strstr(err.text, "layer 1 (ip2): counter CYCLES of descriptor 1 (pass 1): device "));
  close_demo(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_of_the_paper_take_the_cycles_that_the_timing_model_tells),
      cmocka_unit_test(a_hundred_images_of_the_demo_have_every_counter_of_the_timing_model),
      cmocka_unit_test(a_timing_model_wrong_by_one_is_red),
      cmocka_unit_test(a_cycle_count_read_wrong_is_red)};
  return cmocka_run_group_tests(tests, open_folder, close_folder);
}
