// SPDX-License-Identifier: Apache-2.0
// The Icarus back end itself: X-strict can fail and names the place, and whatever ends vvp becomes a
// sentence, never an abort, a hang or a process left over. RTL is spoilt in a copy under build/tmp.
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "device_bus.h"
#include "eie_lockstep.h"
#include "harness_fixture.h"

typedef struct {
  char folder[256];  // holds rtl/ (the copy) and build/
  eie_config config;
  eie_device *device;
  eie_error err;
} bench;

static int open_bench(void **state) {
  bench *b = calloc(1, sizeof *b);
  make_folder(b->folder, sizeof b->folder);
  if (eie_config_read("tiny", &b->config, &b->err)) fail_msg("%s", b->err.text);
  *state = b;
  return 0;
}

static int close_bench(void **state) {
  bench *b = *state;
  eie_device_close(b->device);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);  // nobody is left over, not even as a zombie
  unsetenv("RTL_DIR");
  unsetenv("EIE_BUILD_DIR");
  unsetenv("EIE_ICARUS_PATIENCE");
  remove_folder(b->folder);
  free(b);
  return 0;
}

static eie_status open_device(bench *b, const char *wave) {
  const eie_device_options options = {.seed = 1, .wave = wave, .build = EIE_BUILD_FAST, .verbose = 0};
  return eie_device_open("icarus", &b->config, &options, &b->device, &b->err);
}

// Copies rtl/ with `from`, which must be there once, replaced by `to` in `file`; devices are built of it.
static void spoil(bench *b, const char *file, const char *from, const char *to) {
  static char text[1 << 16];
  char path[600], command[700];
  snprintf(command, sizeof command, "cp -r rtl %s/rtl", b->folder);
  assert_int_equal(system(command), 0);
  snprintf(path, sizeof path, "%s/rtl/%s", b->folder, file);
  read_text(path, text, sizeof text);
  char *at = strstr(text, from);
  if (!at || strstr(at + 1, from)) fail_msg("%s does not hold \"%s\" exactly once", file, from);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fprintf(f, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
  assert_int_equal(fclose(f), 0);
  snprintf(path, sizeof path, "%s/rtl", b->folder);
  setenv("RTL_DIR", path, 1);
  snprintf(path, sizeof path, "%s/build", b->folder);
  setenv("EIE_BUILD_DIR", path, 1);
}

static void expect(const bench *b, eie_status status, const char *const *words) {
  assert_int_equal(status, EIE_ERR_DEVICE);
  for (; *words; words++)
    if (!strstr(b->err.text, *words)) fail_msg("\"%s\" is missing in: %s", *words, b->err.text);
  print_message("  %s\n", b->err.text);
}
#define EXPECT(b, status, ...) expect(b, status, (const char *const[]){__VA_ARGS__, NULL})

static const int16_t activations[4] = {3, 0, -2, 1};

// A small layer.
static void make_layer(bench *b, eie_model *model, eie_packed *packed) {
  const eie_pack_options options = {EIE_DEAL_INTERLEAVED, 1};
  eie_random rng;
  eie_random_seed(&rng, 3);
  *model = (eie_model){.n_layers = 1, .layers = calloc(1, sizeof *model->layers)};
  fixture_layer(&model->layers[0], 5, 4, "fc", &rng, &b->err);
  must(eie_pack(model, &b->config, &options, packed, &b->err), &b->err);
}

// It through the device: loaded, read back, run, compared.
static eie_status run_layer(bench *b) {
  int16_t in[4];
  eie_model model;
  eie_packed packed;
  eie_compare_report report;
  memcpy(in, activations, sizeof in);
  const eie_activations inputs = {.count = 1, .cols = 4, .data = in};
  make_layer(b, &model, &packed);
  const eie_compare_job job = {
      .packed = &packed, .model = &model, .inputs = &inputs, .count = 1, .device = b->device};
  const eie_status status = eie_compare_run(&job, &report, &b->err);
  if (status == EIE_OK) assert_int_equal(report.sum.compared, 5);
  eie_compare_report_free(&report);
  eie_packed_free(&packed);
  eie_model_free(&model);
  return status;
}

// The same in lock-step on a simulator, with `spoilt` exclusive-ored into the first word of PE 1's weights.
static eie_status run_in_lockstep(bench *b, const char *engine, uint32_t spoilt) {
  int16_t in[4];
  eie_model model;
  eie_packed packed;
  eie_packed_image image;
  eie_compare_report report;
  eie_lockstep *lockstep = NULL;
  memcpy(in, activations, sizeof in);
  const eie_activations inputs = {.count = 1, .cols = 4, .data = in};
  make_layer(b, &model, &packed);
  must(eie_packed_image_make(&packed, &image, &b->err), &b->err);
  for (uint32_t k = 0; k < image.n_blocks; k++)
    if (image.blocks[k].region == EIE_REGION_SPMAT && image.blocks[k].pe == 1) image.words[k][0] ^= spoilt;
  must(eie_lockstep_open(&packed, &lockstep, &b->err), &b->err);
  const eie_device_options options = {.seed = 1, .watch = eie_lockstep_watch(lockstep)};
  must(eie_device_open(engine, &b->config, &options, &b->device, &b->err), &b->err);
  const eie_compare_job job = {.packed = &packed,
                               .image = &image,
                               .inputs = &inputs,
                               .count = 1,
                               .device = b->device,
                               .lockstep = lockstep};
  const eie_status status = eie_compare_run(&job, &report, &b->err);
  eie_device_close(b->device);
  b->device = NULL;
  eie_lockstep_close(lockstep);
  eie_compare_report_free(&report);
  eie_packed_image_free(&image);
  eie_packed_free(&packed);
  eie_model_free(&model);
  return status;
}

static void the_rtl_as_it_is_shows_no_x(void **state) {
  bench *b = *state;
  must(open_device(b, NULL), &b->err);
  must(run_layer(b), &b->err);
}

static void a_memory_word_that_was_never_written_is_x_and_its_address_is_named(void **state) {
  bench *b = *state;
  eie_driver driver;
  eie_device_bus bus;
  uint32_t data;
  uint8_t resp;
  char address[32];
  must(open_device(b, NULL), &b->err);
  must(eie_device_bus_open(&bus, b->device, &driver, &b->err), &b->err);
  const uint32_t at = eie_driver_address(&driver, EIE_REGION_SPMAT, 1, 5);
  snprintf(address, sizeof address, "the read of address 0x%08x", at + 4);
  must(eie_device_write(b->device, at, 0x15A, &resp, &b->err), &b->err);
  must(eie_device_read(b->device, at, &data, &resp, &b->err), &b->err);  // written: known
  must(eie_device_read(b->device, 0, &data, &resp, &b->err), &b->err);
  must(eie_device_write(b->device, at - 4, 0x15A, &resp, &b->err), &b->err);
  EXPECT(b, eie_device_read(b->device, at + 4, &data, &resp, &b->err),
         "X-strict: axil_rdata_o is 32'h000000xx (bits 0xff are X or Z) at cycle ", address);
  // It stays dead, and says why again.
  EXPECT(b, eie_device_read(b->device, at, &data, &resp, &b->err), "X-strict: axil_rdata_o");
}

static void a_register_without_its_reset_is_seen_at_the_pins(void **state) {
  bench *b = *state;
  spoil(b, "eie_axil.sv", "writes_q     <= '0;", "");
  spoil(b, "eie_axil.sv", "EIE_ASSERT(RoomIsKnown_A, ",
        "EIE_ASSERT(RoomIsKnown_A, 1'b1 || ");  // it would see it first
  eie_status status = open_device(b, NULL);
  if (status == EIE_OK) status = run_layer(b);
  EXPECT(b, status, "X-strict: axil_", "_o is 1'bx (bits 0x1 are X or Z) at cycle ");
}

static void a_counter_that_trusts_the_first_contents_of_its_memory_is_seen(void **state) {
  bench *b = *state;
  b->config.n_pe = 4;  // one and two have no such memory
  b->config.ptr_depth = 32;
  b->config.spmat_words = 8;
  spoil(b, "eie_busy_counters.sv", ".clear_i(fresh2_q)", ".clear_i(1'b0)");
  must(open_device(b, NULL), &b->err);
  EXPECT(b, run_layer(b), "X-strict: axil_rdata_o is 32'h", "in answer to the read of address 0x000");
}

static void an_unknown_property_is_a_violation(void **state) {
  bench *b = *state;
  spoil(b, "eie_skid.sv", "  `EIE_ASSERT(", "  logic no_q;\n  `EIE_ASSERT(Planted_A, no_q)\n  `EIE_ASSERT(");
  must(open_device(b, NULL), &b->err);
  EXPECT(b, eie_device_step(b->device, 10, &b->err), "vvp ended by itself with exit status 1",
         "Planted_A does not hold");
}

static void a_fatal_error_of_the_rtl_is_told_with_its_words(void **state) {
  bench *b = *state;
  spoil(b, "eie_top.sv", "  // Host\n",
        "  initial begin repeat (30) @(posedge clk_i); $fatal(1, \"planted on purpose\"); end\n");
  must(open_device(b, NULL), &b->err);
  EXPECT(b, eie_device_step(b->device, 100000, &b->err), "vvp ended by itself with exit status 1",
         "planted on purpose");
  EXPECT(b, eie_device_step(b->device, 1, &b->err), "planted on purpose");
}

static void a_finish_of_the_rtl_is_no_success(void **state) {
  bench *b = *state;
  spoil(b, "eie_top.sv", "  // Host\n",
        "  initial begin repeat (30) @(posedge clk_i); $display(\"good bye\"); $finish; end\n");
  must(open_device(b, NULL), &b->err);
  EXPECT(b, eie_device_step(b->device, 100000, &b->err), "vvp ended by itself with exit status 0",
         "good bye");
}

static void a_loop_in_which_time_stands_is_ended(void **state) {
  bench *b = *state;
  spoil(b, "eie_top.sv", "  // Host\n", "  always @(posedge axil_arvalid_i) while (axil_arvalid_i) ;\n");
  setenv("EIE_ICARUS_PATIENCE", "2", 1);
  must(open_device(b, NULL), &b->err);
  uint32_t data;
  uint8_t resp;
  EXPECT(b, eie_device_read(b->device, 0, &data, &resp, &b->err),
         "no sign of life for 2 seconds after cycle ", "time does not advance");
}

static void illegal_parameters_are_told_in_words(void **state) {
  bench *b = *state;
  b->config.rows = 1;  // eie_top refuses it at time zero
  snprintf(b->config.name, sizeof b->config.name, "tiny_bad");
  EXPECT(b, open_device(b, NULL), "tiny_bad", "ROWS (1) must be 2 to 4096");
}

static void rtl_that_does_not_compile_is_told(void **state) {
  bench *b = *state;
  spoil(b, "eie_top.sv", "  // Host\n", "  nonsense\n");
  EXPECT(b, open_device(b, NULL), "the RTL of configuration tiny did not build");
}

// The state letter of process `pid` in /proc, its parent in *parent; 0 when there is none.
static char process_state(pid_t pid, pid_t *parent, char *name) {
  char path[64], text[512] = "", letter = 0;
  int above = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *f = fopen(path, "r");
  if (!f) return 0;
  const size_t n = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  text[n] = 0;
  if (sscanf(text, "%*d (%63[^)]) %c %d", name, &letter, &above) != 3) return 0;
  *parent = above;
  return letter;
}

static pid_t vvp_of(pid_t parent) {
  pid_t found = 0;
  DIR *proc = opendir("/proc");
  for (struct dirent *e; proc && (e = readdir(proc));) {
    const pid_t pid = atoi(e->d_name);
    pid_t above = 0;
    char name[64];
    if (pid > 0 && process_state(pid, &above, name) && above == parent && strcmp(name, "vvp") == 0)
      found = pid;
  }
  if (proc) closedir(proc);
  return found;
}

static void the_death_of_vvp_is_told(void **state) {
  bench *b = *state;
  must(open_device(b, NULL), &b->err);
  const pid_t vvp = vvp_of(getpid());
  assert_true(vvp > 0);
  assert_int_equal(kill(vvp, SIGKILL), 0);
  EXPECT(b, eie_device_step(b->device, 1000, &b->err), "vvp was ended by signal 9");
}

static void two_simulations_side_by_side_end_each_for_itself(void **state) {
  bench *b = *state;
  must(open_device(b, NULL), &b->err);
  eie_device *first = b->device;
  must(open_device(b, NULL), &b->err);
  eie_device_close(first);  // while the other lives
  must(run_layer(b), &b->err);
}

// In a child of its own: opens a device, tells who vvp is, and is killed in the middle of a long run.
static void open_and_be_killed(bench *b, int tell) {
  if (open_device(b, NULL)) _exit(3);
  const pid_t vvp = vvp_of(getpid());
  if (write(tell, &vvp, sizeof vvp) != (ssize_t)sizeof vvp) _exit(4);
  (void)eie_device_step(b->device, 1000000000, &b->err);
  _exit(5);
}

static void vvp_ends_with_the_harness_that_started_it(void **state) {
  bench *b = *state;
  int tell[2], status = 0;
  pid_t vvp = 0, parent = 0;
  char name[64];
  const struct timespec nap = {0, 20000000};
  assert_int_equal(pipe(tell), 0);
  const pid_t child = fork();
  if (child == 0) open_and_be_killed(b, tell[1]);
  close(tell[1]);
  assert_int_equal(read(tell[0], &vvp, sizeof vvp), sizeof vvp);
  close(tell[0]);
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  for (int k = 0; k < 1500; k++) {  // half a minute at most
    const char letter = process_state(vvp, &parent, name);
    if (!letter || letter == 'Z') return;
    nanosleep(&nap, NULL);
  }
  fail_msg("vvp (process %d) lives on", (int)vvp);
}

static long size_of(const char *path) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  fseek(f, 0, SEEK_END);
  const long size = ftell(f);
  fclose(f);
  return size;
}

static void waves_are_written_and_can_be_switched_off(void **state) {
  bench *b = *state;
  char all[300], some[300];
  snprintf(all, sizeof all, "%s/all.fst", b->folder);
  snprintf(some, sizeof some, "%s/some.fst", b->folder);
  must(open_device(b, all), &b->err);
  must(run_layer(b), &b->err);
  eie_device_close(b->device);
  must(open_device(b, some), &b->err);
  must(eie_device_trace(b->device, 0, &b->err), &b->err);
  must(run_layer(b), &b->err);
  must(eie_device_trace(b->device, 1, &b->err), &b->err);
  must(eie_device_step(b->device, 10, &b->err), &b->err);
  eie_device_close(b->device);
  print_message("  all of it %ld bytes, ten cycles %ld bytes\n", size_of(all), size_of(some));
  assert_true(size_of(some) > 1000);
  assert_true(size_of(all) > size_of(some) + 10000);
  must(open_device(b, NULL), &b->err);
  assert_int_equal(eie_device_trace(b->device, 1, &b->err), EIE_ERR_USE);
}

static void a_wave_that_cannot_be_written_is_refused(void **state) {
  bench *b = *state;
  for (int k = 0; k < 2; k++) {
    static const char *const engines[2] = {"icarus", "verilator"};
    static const char *const waves[2] = {"build/no-such-folder/x.fst", "/dev/full"};
    for (int w = 0; w < 2; w++) {
      const eie_device_options options = {.seed = 1, .wave = waves[w], .build = EIE_BUILD_FAST};
      char word[64];
      snprintf(word, sizeof word, "%s: cannot be written: ", waves[w]);
      const eie_status status = eie_device_open(engines[k], &b->config, &options, &b->device, &b->err);
      assert_int_equal(eie_exit_code(status), 2);
      assert_int_equal(strncmp(b->err.text, word, strlen(word)), 0);
    }
  }
}

static void the_same_run_takes_the_same_cycles_on_both_simulators(void **state) {
  bench *b = *state;
  uint64_t cycles[3];
  const eie_device_options options[3] = {{.seed = 1}, {.seed = 1}, {.seed = 77}};
  static const char *const engines[3] = {"icarus", "verilator", "verilator"};
  for (int k = 0; k < 3; k++) {
    must(eie_device_open(engines[k], &b->config, &options[k], &b->device, &b->err), &b->err);
    must(run_layer(b), &b->err);
    cycles[k] = eie_device_cycles(b->device);
    eie_device_close(b->device);
    b->device = NULL;
  }
  print_message("  %llu cycles on Icarus, %llu and %llu on Verilator (seeds 1, 77)\n",
                (unsigned long long)cycles[0], (unsigned long long)cycles[1], (unsigned long long)cycles[2]);
  assert_int_equal(cycles[0], cycles[1]);
  assert_int_equal(cycles[0], cycles[2]);
}

static void lockstep_says_the_same_on_both_simulators(void **state) {
  bench *b = *state;
  char said[sizeof b->err.text];
  must(run_in_lockstep(b, "icarus", 0), &b->err);
  must(run_in_lockstep(b, "verilator", 0), &b->err);
  assert_int_equal(run_in_lockstep(b, "icarus", 1), EIE_ERR_UNEQUAL);
  memcpy(said, b->err.text, sizeof said);
  print_message("  %s\n", said);
  assert_non_null(strstr(said, "PE 1, slot 0 (row 1), column 0, entry 0: entry, weight: device "));
  assert_int_equal(run_in_lockstep(b, "verilator", 1), EIE_ERR_UNEQUAL);
  assert_string_equal(said, b->err.text);
}

// An accumulator that nobody drives: seen where it is written, long before it is read.
static void an_unknown_accumulator_is_a_difference_in_lockstep(void **state) {
  bench *b = *state;
  spoil(b, "eie_pe_arith.sv", "    sum8_q     <= sum_d;", "    sum8_q     <= sum_d ^ ACC_W'(planted_q);");
  char path[600], command[1400];
  snprintf(path, sizeof path, "%s/rtl/eie_pe_arith.sv", b->folder);
  snprintf(command, sizeof command, "sed -i 's/^  logic signed .ACC_W-1:0. acc6,/  logic planted_q;\\n&/' %s",
           path);
  assert_int_equal(system(command), 0);
  assert_int_equal(run_in_lockstep(b, "icarus", 0), EIE_ERR_UNEQUAL);
  print_message("  %s\n", b->err.text);
  assert_non_null(strstr(b->err.text, "accumulator update: X-strict: signal u_array.g_cluster[0].g_pe["));
  assert_non_null(
      strstr(b->err.text, "].u_pe.g_full.u_arith.sum8_q is unknown (bits 0xffffffff are X or Z)"));
}

static int hear_nothing(void *context, const eie_event *event) {
  (void)context, (void)event;
  return 0;
}

static void a_signal_that_cannot_be_watched_is_refused(void **state) {
  bench *b = *state;
  static const eie_probe missing[] = {{"u_ccu.running_o", {"u_ccu.descriptor_o"}},
                                      {"u_ccu.running_o", {"u_ccu.descriptor_o", "u_ccu.nonsense"}}};
  eie_watch watch = {.probes = missing, .count = 2, .tell = hear_nothing};
  const eie_device_options options = {.seed = 1, .watch = &watch};
  const eie_status status = eie_device_open("icarus", &b->config, &options, &b->device, &b->err);
  EXPECT(b, status, "the RTL in Icarus has no signal u_ccu.nonsense");
}

// How many events there were, and where the clock stood when it had heard enough.
typedef struct {
  uint64_t events, last, enough;
} ear;

static int hear_some(void *context, const eie_event *event) {
  ear *e = context;
  e->events++;
  e->last = event->cycle;
  return event->cycle >= e->enough;
}

static void the_clock_stops_in_the_cycle_the_listener_names(void **state) {
  bench *b = *state;
  static const eie_probe always[] = {{"rst_ni", {"u_ccu.running_o"}}};
  ear e = {.enough = 1234};
  eie_watch watch = {.probes = always, .count = 1, .tell = hear_some, .context = &e};
  const eie_device_options options = {.seed = 1, .watch = &watch};
  must(eie_device_open("icarus", &b->config, &options, &b->device, &b->err), &b->err);
  EXPECT(b, eie_device_step(b->device, 5000, &b->err), "stopped behind cycle 1234 by who watches");
  assert_int_equal(eie_device_cycles(b->device), 1234);
  assert_int_equal(e.last, 1234);
  assert_int_equal(e.events, 1234 - 10);  // not in reset
}

#define ICARUS_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      ICARUS_TEST(the_rtl_as_it_is_shows_no_x),
      ICARUS_TEST(a_memory_word_that_was_never_written_is_x_and_its_address_is_named),
      ICARUS_TEST(a_register_without_its_reset_is_seen_at_the_pins),
      ICARUS_TEST(a_counter_that_trusts_the_first_contents_of_its_memory_is_seen),
      ICARUS_TEST(an_unknown_property_is_a_violation),
      ICARUS_TEST(a_fatal_error_of_the_rtl_is_told_with_its_words),
      ICARUS_TEST(a_finish_of_the_rtl_is_no_success),
      ICARUS_TEST(a_loop_in_which_time_stands_is_ended),
      ICARUS_TEST(illegal_parameters_are_told_in_words),
      ICARUS_TEST(rtl_that_does_not_compile_is_told),
      ICARUS_TEST(the_death_of_vvp_is_told),
      ICARUS_TEST(two_simulations_side_by_side_end_each_for_itself),
      ICARUS_TEST(vvp_ends_with_the_harness_that_started_it),
      ICARUS_TEST(waves_are_written_and_can_be_switched_off),
      ICARUS_TEST(a_wave_that_cannot_be_written_is_refused),
      ICARUS_TEST(the_same_run_takes_the_same_cycles_on_both_simulators),
      ICARUS_TEST(lockstep_says_the_same_on_both_simulators),
      ICARUS_TEST(an_unknown_accumulator_is_a_difference_in_lockstep),
      ICARUS_TEST(a_signal_that_cannot_be_watched_is_refused),
      ICARUS_TEST(the_clock_stops_in_the_cycle_the_listener_names)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
