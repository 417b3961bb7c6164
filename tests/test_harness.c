// SPDX-License-Identifier: Apache-2.0
// Driver and harness on the behavioural device: without a simulator, under the sanitizers.
#define HARNESS_ENGINE "model"
#include "eie_version.h"
#include "harness_checks.h"
#include "random_model.h"

static const char *const configs[] = {"tiny",
                                      "tests/configs/t01.cfg",
                                      "tests/configs/t03.cfg",
                                      "tests/configs/t04.cfg",
                                      "tests/configs/t06.cfg",
                                      "tests/configs/t11.cfg",
                                      "tests/configs/t14.cfg",
                                      "tests/configs/t20.cfg"};

static void run_random(eie_random *rng, const eie_config *config, random_model_census *census) {
  eie_error err = {""};
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  eie_device *device = NULL;
  eie_compare_report report;
  const eie_device_options options = {.seed = 1};
  const eie_pack_options pack = {eie_random_below(rng, 2) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED, 1};
  must(random_model_make(rng, config, &model, &inputs, census, &err), &err);
  must(eie_pack(&model, config, &pack, &packed, &err), &err);
  must(eie_device_open("model", config, &options, &device, &err), &err);
  const eie_compare_job job = {
      .packed = &packed, .model = &model, .inputs = &inputs, .count = inputs.count, .device = device};
  must(eie_compare_run(&job, &report, &err), &err);
  assert_int_equal(report.inputs, inputs.count);
  eie_compare_report_free(&report);
  eie_device_close(device);
  eie_packed_free(&packed);
  eie_activations_free(&inputs);
  eie_model_free(&model);
}

static void random_models_run_equal_on_every_kind_of_configuration(void **state) {
  const char *given = getenv("EIE_SEED");
  const uint64_t seed = given ? strtoull(given, NULL, 10) : 1;
  random_model_census census = {0};
  eie_random rng;
  (void)state;
  print_message("seed %llu (EIE_SEED replays)\n", (unsigned long long)seed);
  for (uint32_t k = 0; k < sizeof configs / sizeof configs[0]; k++) {
    eie_config config;
    eie_error err = {""};
    must(eie_config_read(configs[k], &config, &err), &err);
    eie_random_seed(&rng, seed * 1000 + k);
    for (uint32_t n = 0; n < 3; n++) run_random(&rng, &config, &census);
  }
  assert_true(census.layers >= 24);
}

static void an_image_for_another_configuration_is_refused_by_name(void **state) {
  fixture *f = *state;
  f->image.image.parameter[EIE_P_QUEUE_DEPTH]++;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "QUEUE_DEPTH", "packed for");
}

static void what_is_no_accelerator_is_refused(void **state) {
  fixture *f = *state;
  plant(f, EIE_PLANT_READ, EIE_REG_ID, 0x100);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "no accelerator");
  assert_int_equal(EIE_DRIVER_MAJOR, EIE_VERSION_MAJOR);
  plant(f, EIE_PLANT_READ, EIE_REG_VERSION, 0x70000);
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "major version");
}

static void an_image_that_reaches_outside_is_refused(void **state) {
  fixture *f = *state;
  f->image.steps[1].out_base = f->config.act_slots;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "reaches outside", "1");
  f->image.steps[1].out_base = f->packed.passes[1].out_base;
  f->image.blocks[1].first = f->config.spmat_words << 4;
  EXPECT_RED(f, fixture_run(f, 0), EIE_ERR_DEVICE, "reaches outside");
}

// Only read and write, as a core with plain loads and stores has them: the driver polls.
static int plain_read(void *context, uint32_t address, uint32_t *data) {
  uint8_t resp = 0;
  return eie_device_read(context, address, data, &resp, NULL) ? -1 : resp;
}

static int plain_write(void *context, uint32_t address, uint32_t data) {
  uint8_t resp = 0;
  return eie_device_write(context, address, data, &resp, NULL) ? -1 : resp;
}

static void a_core_with_plain_loads_and_stores_runs_an_image(void **state) {
  fixture *f = *state;
  const eie_bus bus = {.context = f->device, .read = plain_read, .write = plain_write};
  eie_driver driver;
  int16_t in[12], hidden[12], out[8], want[6], got[6];
  int16_t *vectors[3] = {in, hidden, out};
  assert_int_equal(eie_driver_open(&driver, &bus), EIE_DRIVER_OK);
  assert_int_equal(eie_driver_check(&driver, &f->image.image), EIE_DRIVER_OK);
  for (uint32_t i = 0; i < 2; i++) {
    eie_packed_scatter(&f->packed, 0, f->inputs.data + 12 * i, in);
    assert_int_equal(eie_driver_run(&driver, &f->image.image, vectors), EIE_DRIVER_OK);
    eie_packed_gather(&f->packed, 2, out, got);
    must(eie_golden_run(&f->model, f->inputs.data + 12 * i, want, NULL, NULL, &f->err), &f->err);
    assert_memory_equal(got, want, sizeof want);
  }
  assert_int_equal(eie_driver_clear(&driver), EIE_DRIVER_OK);
}

static void every_status_and_fault_has_words(void **state) {
  (void)state;
  for (int s = 0; s <= EIE_DRIVER_STATUS; s++)
    assert_string_not_equal(eie_driver_status_text((eie_driver_status)s), "unknown status");
  for (uint32_t c = 0; c < EIE_NUM_FAULTS; c++) assert_string_not_equal(eie_driver_fault_name(c), "UNKNOWN");
  assert_string_equal(eie_driver_fault_name(99), "UNKNOWN");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      HARNESS_CHECKS,
      cmocka_unit_test(random_models_run_equal_on_every_kind_of_configuration),
      HARNESS_TEST(an_image_for_another_configuration_is_refused_by_name),
      HARNESS_TEST(what_is_no_accelerator_is_refused),
      HARNESS_TEST(an_image_that_reaches_outside_is_refused),
      HARNESS_TEST(a_core_with_plain_loads_and_stores_runs_an_image),
      cmocka_unit_test(every_status_and_fault_has_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
