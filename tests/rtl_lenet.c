// SPDX-License-Identifier: Apache-2.0
// The committed network on the RTL: some Fashion-MNIST images through pe4 and pe16, with and without stalls
// on the bus, in both dealings, and from a packed directory; through the command as a person would run it.
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

#include "command.h"
#include "rtl_part.h"

#define MODEL "vectors/lenet-300-100.safetensors"
#define IMAGES "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"
#define LABELS "/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz"

static char folder[256];

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

static double number(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItem(object, key);
  if (!cJSON_IsNumber(item)) fail_msg("JSON has no number '%s'", key);
  return item->valuedouble;
}

// Runs `eie sim ... --json` and checks that all that was asked for was compared and is equal.
static cJSON *simulate(const char *const *args, uint32_t inputs) {
  command_result *r = calloc(1, sizeof *r);
  const char *with_engine[COMMAND_MAX_ARGS] = {args[0], "--engine", eie_device_rtl_engine()};
  for (int k = 1; args[k]; k++) with_engine[k + 2] = args[k];
  run_command(folder, with_engine, r);
  if (r->exit_code != 0) fail_msg("exit %d: %s", r->exit_code, r->err);
  cJSON *root = cJSON_Parse(r->out);
  if (!root) fail_msg("no JSON: %.200s", r->out);
  assert_int_equal((int)number(root, "inputs"), inputs);
  assert_int_equal((int)number(root, "compared"), inputs * (300 + 100 + 10));
  assert_int_equal((int)number(root, "differing"), 0);
  free(r);
  return root;
}

// What the small part has of the tests below.
static void one_image_is_equal_on_pe4(void **state) {
  (void)state;
  const char *const args[] = {"sim",      MODEL,  "--config", "pe4", "--input", IMAGES,
                              "--labels", LABELS, "--limit",  "1",   "--json",  NULL};
  cJSON_Delete(simulate(args, 1));
}

static void lenet_is_equal_on_pe4(void **state) {
  (void)state;
  const char *const args[] = {"sim",      MODEL,  "--config", "pe4", "--input", IMAGES,
                              "--labels", LABELS, "--limit",  "20",  "--json",  NULL};
  cJSON *root = simulate(args, 20);
  assert_true(number(root, "accuracy") >= 0.75);
  assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "layers")), 3);
  cJSON_Delete(root);
}

static void lenet_is_equal_on_pe16_in_both_dealings(void **state) {
  (void)state;
  static const char *const dealings[] = {"interleaved", "balanced"};
  double useful[2];
  for (int k = 0; k < 2; k++) {
    const char *const args[] = {"sim",     MODEL, "--config",  "pe16",      "--input", IMAGES,
                                "--limit", "20",  "--dealing", dealings[k], "--json",  NULL};
    cJSON *root = simulate(args, 20);
    useful[k] = number(root, "useful");
    assert_true(number(root, "ratio") >= 1.0);
    cJSON_Delete(root);
  }
  assert_true(useful[0] == useful[1]);  // the work does not depend on who does it
}

static void stalls_on_the_bus_change_no_cycle_of_the_array(void **state) {
  (void)state;
  const char *const quiet[] = {"sim",  MODEL,     "--config", "pe16",   "--input",
                               IMAGES, "--limit", "5",        "--json", NULL};
  const char *const stalled[] = {"sim",     MODEL, "--config", "pe16", "--input", IMAGES,
                                 "--limit", "5",   "--stalls", "7",    "--json",  NULL};
  cJSON *a = simulate(quiet, 5), *b = simulate(stalled, 5);
  assert_true(number(a, "cycles") == number(b, "cycles"));
  assert_true(number(a, "queue_full") == number(b, "queue_full"));
  assert_true(number(a, "load_cycles") < number(b, "load_cycles"));
  cJSON_Delete(a);
  cJSON_Delete(b);
}

static void a_packed_directory_runs_like_its_model(void **state) {
  (void)state;
  char packed[300];
  command_result *r = calloc(1, sizeof *r);
  snprintf(packed, sizeof packed, "%s/packed", folder);
  const char *const pack[] = {"pack", MODEL, "--config", "pe4", "-o", packed, NULL};
  const char *const model[] = {"sim",  MODEL,     "--config", "pe4",    "--input",
                               IMAGES, "--limit", "3",        "--json", NULL};
  const char *const dir[] = {"sim", packed, "--input", IMAGES, "--limit", "3", "--json", NULL};
  run_command(folder, pack, r);
  if (r->exit_code != 0) fail_msg("exit %d: %s", r->exit_code, r->err);
  free(r);
  cJSON *a = simulate(model, 3), *b = simulate(dir, 3);
  assert_true(number(a, "cycles") == number(b, "cycles"));
  assert_true(number(a, "broadcasts") == number(b, "broadcasts"));
  cJSON_Delete(a);
  cJSON_Delete(b);
}

static void waves_are_written_when_asked_for(void **state) {
  (void)state;
  char wave[300];
  snprintf(wave, sizeof wave, "%s/one.fst", folder);
  const char *const args[] = {"sim",    MODEL, "--config", "tiny", "--input", "tests/none.npy",
                              "--wave", wave,  NULL};
  command_result *r = calloc(1, sizeof *r);
  run_command(folder, args, r);  // an input that is not there: no wave file either
  assert_int_equal(r->exit_code, 2);
  assert_int_equal(access(wave, F_OK), -1);
  const char *const good[] = {"sim",     MODEL, "--config", "pe4", "--input", IMAGES,
                              "--limit", "1",   "--wave",   wave,  "--json",  NULL};
  cJSON_Delete(simulate(good, 1));
  FILE *f = fopen(wave, "rb");
  assert_non_null(f);
  fseek(f, 0, SEEK_END);
  assert_true(ftell(f) > 10000);
  fclose(f);
  free(r);
}

int main(void) {
  struct CMUnitTest tests[] = {cmocka_unit_test(one_image_is_equal_on_pe4),
                               cmocka_unit_test(lenet_is_equal_on_pe4),
                               cmocka_unit_test(lenet_is_equal_on_pe16_in_both_dealings),
                               cmocka_unit_test(stalls_on_the_bus_change_no_cycle_of_the_array),
                               cmocka_unit_test(a_packed_directory_runs_like_its_model),
                               cmocka_unit_test(waves_are_written_when_asked_for)};
  static const char *const small[] = {"one_image_is_equal_on_pe4"};
  KEEP_SMALL_PART(tests, small);
  return cmocka_run_group_tests(tests, open_folder, close_folder);
}
