// SPDX-License-Identifier: Apache-2.0
// What Yosys makes of the array for iCE40 UP5K computes what the golden model does: the netlist of the
// iCEBreaker's configuration (tb/netlist.mk), with Yosys' models of block RAM, SPRAM, multiplier and
// flip-flops, runs an image of the committed network through its pins; every output, every counter and every
// cycle is compared. And a netlist of broken RTL is found.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the first five above.
#include <cmocka.h>

#include "eie_compare.h"
#include "eie_gen.h"

#define MODEL "vectors/lenet-300-100.safetensors"
#define IMAGES "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"

typedef struct {
  eie_config config;
  eie_model model;
  eie_packed packed;
  eie_activations inputs;
  eie_compare_report report;
  eie_error err;
} bench;

static void must(eie_status status, const eie_error *err) {
  if (status) fail_msg("%s", err->text);
}

#include "rtl_mutant.h"

static void pack(bench *b) {
  const eie_pack_options options = {EIE_DEAL_BALANCED, 1};
  must(eie_pack(&b->model, &b->config, &options, &b->packed, &b->err), &b->err);
}

static eie_status run(bench *b) {
  const eie_device_options options = {.seed = 1, .build = EIE_BUILD_NETLIST, .verbose = 1};
  eie_device *device = NULL;
  must(eie_device_open("verilator", &b->config, &options, &device, &b->err), &b->err);
  const eie_compare_job job = {.packed = &b->packed,
                               .model = &b->model,
                               .inputs = &b->inputs,
                               .count = 1,
                               .device = device,
                               .timed = 1};
  const eie_status status = eie_compare_run(&job, &b->report, &b->err);
  eie_device_close(device);
  return status;
}

static void end(bench *b) {
  eie_compare_report_free(&b->report);
  eie_packed_free(&b->packed);
  eie_model_free(&b->model);
  eie_activations_free(&b->inputs);
}

static void the_demo_network_is_equal_on_the_netlist(void **state) {
  (void)state;
  bench b = {.err = {""}};
  must(eie_config_read("icebreaker", &b.config, &b.err), &b.err);
  must(eie_model_read(MODEL, &b.model, &b.err), &b.err);
  pack(&b);
  assert_int_equal(b.packed.n_loads, 1);  // wholly on the chip
  must(eie_activations_read(IMAGES, b.packed.layers[0].cols, b.packed.input_frac, &b.inputs, &b.err), &b.err);
  must(run(&b), &b.err);
  assert_int_equal(b.report.sum.compared, 300 + 100 + 10);
  assert_int_equal(b.report.sum.differing, 0);
  assert_true(b.report.timed_counters > 0);
  print_message("one image: %llu cycles in the array, %llu in all, as the timing model says\n",
                (unsigned long long)b.report.program_cycles, (unsigned long long)b.report.device_cycles);
  end(&b);
}

static void a_netlist_of_broken_rtl_is_found(void **state) {
  static const rtl_mutant less_bias = {"netlist_less_bias", "eie_write_back.sv", ".b_i(SumW'(bias_i))",
                                       ".b_i(SumW'(~bias_i))"};
  static const eie_config small = {.name = "netlist_small",
                                   .n_pe = 1,
                                   .act_queue_depth = 2,
                                   .queue_depth = 2,
                                   .code_w = 4,
                                   .idx_w = 4,
                                   .entries_per_word = 1,
                                   .acc_w = 32,
                                   .rows = 4,
                                   .spmat_words = 128,
                                   .ptr_depth = 64,
                                   .act_slots = 32,
                                   .layers = 1};
  static const eie_gen_options layer = {.rows = 4,
                                        .cols = 24,
                                        .density = 1,
                                        .act_density = 1,
                                        .seed = 1,
                                        .count = 1,
                                        .shift = 16,
                                        .codebook_size = 16};
  (void)state;
  bench b = {.config = small, .err = {""}};
  must(eie_gen_model(&layer, &b.model, &b.err), &b.err);
  must(eie_gen_activations(&layer, &b.inputs, &b.err), &b.err);
  pack(&b);
  mutant_use(&less_bias);
  unsetenv("EIE_BUILD_DIR");  // it has a name of its own, and the simulator's runtime is there already
  const eie_status status = run(&b);
  mutant_use(NULL);
  print_message("%s\n", b.err.text);
  assert_int_equal(status, EIE_ERR_UNEQUAL);
  assert_non_null(strstr(b.err.text, "layer 0"));
  end(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_demo_network_is_equal_on_the_netlist),
                                     cmocka_unit_test(a_netlist_of_broken_rtl_is_found)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
