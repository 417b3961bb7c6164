// SPDX-License-Identifier: Apache-2.0
// The check checked: bugs planted in the RTL, one small patch each (tests/planted), and each found where it
// is. A row of planted_table.h is applied, built and run: the run must be red as `eie sim` is (exit code 1),
// the lock-step run that follows must tell the place that stands in the row, and the RTL without the patch
// must be green on the same model. docs/planted-bugs.md.
//   EIE_PLANTED=all        every row (make test-planted), not only those of `make test`
//   EIE_PLANTED_TABLE=F    appends a row of the page's table to F for each bug (scripts/planted.sh); without
//                          it a full run compares the sentences with the page
//   EIE_ENGINE=icarus      the rows that are meant for it
//   build/tests/rtl_planted 'forward_*'   some of them
#include "eie_divergence.h"
#include "harness_fixture.h"
// The fixture's cmocka comes first.
#include "planted_rtl.h"
#include "planted_table.h"

#define PAGE "docs/planted-bugs.md"

enum { N_BUGS = sizeof bugs / sizeof bugs[0], SENTENCE = 1200 };

static int is_icarus(void) {
  return strcmp(eie_device_rtl_engine(), "icarus") == 0;
}

// ---- runs ----------------------------------------------------------------------------------------

// Everything compared as `eie sim` does it, without lock-step. *input: the one that was red.
static eie_status plain_run(scene *s, uint32_t *input) {
  // A seed with which fault_not_reset starts with a 1 in some PE (with 1 and 2 it does not).
  const eie_device_options options = {.seed = 3, .build = EIE_BUILD_WATCH, .verbose = 1};
  eie_compare_report report = {.n_layers = 0};
  eie_device *device = NULL;
  s->err.text[0] = 0;
  *input = 0;
  EIE_TRY(eie_device_open("rtl", &s->config, &options, &device, &s->err));
  const eie_compare_job job = {.packed = &s->packed,
                               .image = &s->image,
                               .model = &s->model,
                               .inputs = &s->inputs,
                               .count = s->inputs.count,
                               .device = device,
                               .timed = 1};
  eie_status status = eie_compare_run(&job, &report, &s->err);
  *input = report.inputs;
  eie_compare_report_free(&report);
  eie_device_close(device);
  return status;
}

static eie_status open_scene(void *context, const eie_device_options *options, eie_device **device,
                             eie_error *err) {
  const scene *s = context;
  return eie_device_open("rtl", &s->config, options, device, err);
}

// What follows a red run. *text, when it is wanted: what it printed; the caller frees it.
static eie_divergence lockstep_run(scene *s, uint32_t input, char **text) {
  const eie_device_options options = {.seed = 3, .verbose = 1};
  const eie_compare_job job = {
      .packed = &s->packed, .image = &s->image, .inputs = &s->inputs, .count = s->inputs.count, .timed = 1};
  const eie_divergence_job follow = {.engine = eie_device_rtl_engine(),
                                     .options = &options,
                                     .job = &job,
                                     .input = input,
                                     .open = open_scene,
                                     .context = s};
  eie_divergence_report report;
  size_t size = 0;
  FILE *f = open_memstream(text, &size);
  assert_non_null(f);
  must(eie_divergence_find(&follow, f, &report, &s->err), &s->err);
  fclose(f);
  return report.found;
}

// ---- what is expected ----------------------------------------------------------------------------

// The first thing that is not as the row has it, or NULL.
static const char *wrong_place(const planted_bug *b, const eie_divergence *d) {
  const struct {
    const char *name;
    uint64_t got, want;
    int sure;  // also where bits are X
  } fields[] = {{"stage", d->stage, b->stage, 1},
                {"input", d->input, b->at.input, 1},
                {"layer", d->layer, b->at.layer, 1},
                {"PE", d->pe, b->at.pe, 1},
                {"cycle of the layer", d->cycle - d->launch, b->cycle, 1},
                {"kind", d->kind, b->kind, 0},
                {"slot", d->slot, b->at.slot, 0},
                {"row", d->row, b->at.row, 0},
                {"column", d->column, b->at.column, 0},
                {"entry", d->entry, b->at.entry, 0}};
  for (uint32_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
    if (fields[k].want == ANY || fields[k].got == fields[k].want) continue;
    if (fields[k].sure || !is_icarus() || !b->icarus) return fields[k].name;
  }
  return NULL;
}

static void expect_place(const planted_bug *b, const eie_divergence *d) {
  const char *wrong = wrong_place(b, d);
  if (wrong) fail_msg("another %s: %s", wrong, d->sentence);
}

static void expect_words(const planted_bug *b, const char *sentence) {
  const char *words = is_icarus() && b->icarus ? b->icarus : b->words;
  if (!strstr(sentence, words)) fail_msg("\"%s\" is missing in: %s", words, sentence);
}

// ---- the page ------------------------------------------------------------------------------------

static void make_row(const planted_bug *b, const char *sentence, char *row, size_t size) {
  char clean[SENTENCE];
  size_t n = 0;
  for (const char *c = sentence; *c && n + 2 < sizeof clean; c++) {
    if (*c == '|') clean[n++] = '\\';
    clean[n++] = *c == '\n' ? ' ' : *c;
  }
  while (n && clean[n - 1] == ' ') n--;
  clean[n] = 0;
  snprintf(row, size, "| `%s` | %s | %s | %s |\n", b->name, b->what, b->config, clean);
}

static void keep_or_compare(const planted_bug *b, const char *sentence) {
  char row[SENTENCE + 200];
  const char *table = getenv("EIE_PLANTED_TABLE");
  make_row(b, sentence, row, sizeof row);
  printf("%s", row);  // longer than cmocka's messages may be
  if (table) {
    FILE *f = fopen(table, "a");
    if (!f || fputs(row, f) < 0 || fclose(f)) fail_msg("%s cannot be written", table);
    return;
  }
  if (b->at.pe == ANY) return;  // hangs on what the simulator puts into registers
  size_t size = 0;
  char *page = (char *)planted_read(PAGE, &size);
  const int there = strstr(page, row) != NULL;
  free(page);
  if (!there) fail_msg(PAGE " does not have this row: run make planted");
}

// ---- tests ---------------------------------------------------------------------------------------

static void green_without_patch(const planted_bug *b) {
  scene s;
  uint32_t input;
  char *text = NULL;
  planted_use(NULL, NULL);
  scene_open(&s, b->config, b->model);
  must(plain_run(&s, &input), &s.err);
  const eie_divergence found = lockstep_run(&s, s.inputs.count - 1, &text);
  if (found.kind) fail_msg("without the patch: %s", found.sentence);
  free(text);
  scene_close(&s);
}

static void is_found_where_it_is(void **state) {
  const planted_bug *b = *state;
  scene s;
  uint32_t input = 0;
  char *text = NULL;
  planted_apply(b->name);
  green_without_patch(b);
  planted_use(b->name, "build");
  scene_open(&s, b->config, b->model);
  snprintf(s.config.name, sizeof s.config.name, "%s", b->name);  // a simulation of its own
  s.image.image.limit = 3000;                                    // cycles before a program hangs
  const int code = eie_exit_code(plain_run(&s, &input));
  const eie_error plain = s.err;
  if (code != 1) fail_msg("exit code %d, not 1: %s", code, plain.text);
  const eie_divergence found = lockstep_run(&s, input, &text);
  planted_use(NULL, NULL);
  if (found.kind) printf("without lock-step: %s\n", plain.text);
  if (!found.kind != (b->kind == EIE_DIFFERS_NOT)) fail_msg("%s\n%s", plain.text, text);
  printf("%s", text);
  const char *sentence = found.kind ? found.sentence : plain.text;
  expect_words(b, sentence);
  if (found.kind) expect_place(b, &found);
  keep_or_compare(b, sentence);
  free(text);
  scene_close(&s);
}

// What no model shows: the test of bad use must be red on the patched RTL.
static void is_found_by_the_test_of_bad_use(void **state) {
  const planted_bug *b = *state;
  char line[SENTENCE], found[SENTENCE] = "";
  planted_apply(b->name);
  planted_use(b->name, "build");
  FILE *f = popen("build/tests/rtl_bad_use 2>&1", "r");
  assert_non_null(f);
  while (fgets(line, sizeof line, f))
    if (strstr(line, b->words))
      snprintf(found, sizeof found, "%s", strncmp(line, "ERROR: ", 7) ? line : line + 7);
  const int status = pclose(f);
  planted_use(NULL, NULL);
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 0) fail_msg("build/tests/rtl_bad_use was not red");
  expect_words(b, found);
  keep_or_compare(b, found);
}

static void a_patch_that_does_not_apply_or_changes_nothing_is_refused(void **state) {
  static const char elsewhere[] =
      "--- a/rtl/eie_skid.sv\n+++ b/rtl/eie_skid.sv\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";
  char file[100];
  (void)state;
  snprintf(file, sizeof file, "%s/refused.patch", planted_dir());
  write_bytes(file, elsewhere, sizeof elsewhere - 1);
  assert_string_equal(planted_try("refused", file), "does not apply to rtl/: make it again");
  write_bytes(file, "", 0);
  assert_string_equal(planted_try("refused", file), "changes nothing");
}

static void a_place_that_is_wrong_in_one_number_is_noticed(void **state) {
  const planted_bug b = {
      .kind = EIE_DIFFERS_VALUE, .stage = EIE_STAGE_ENTRY, .at = {1, 2, 3, 4, 5, 6, 7}, .cycle = 8};
  const eie_divergence right = {.kind = EIE_DIFFERS_VALUE,
                                .stage = EIE_STAGE_ENTRY,
                                .input = 1,
                                .layer = 2,
                                .pe = 3,
                                .slot = 4,
                                .row = 5,
                                .column = 6,
                                .entry = 7,
                                .cycle = 108,
                                .launch = 100};
  eie_divergence d[10];
  (void)state;
  for (int k = 0; k < 10; k++) d[k] = right;
  d[0].kind++, d[1].stage++, d[2].input++, d[3].layer++, d[4].pe++, d[5].slot++, d[6].row++, d[7].column++,
      d[8].entry++, d[9].cycle++;
  assert_null(wrong_place(&b, &right));
  for (int k = 0; k < 10; k++) assert_non_null(wrong_place(&b, &d[k]));
}

static void every_patch_applies_and_has_its_row(void **state) {
  uint32_t patches = 0;
  (void)state;
  DIR *d = opendir("tests/planted");
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d));) patches += strstr(e->d_name, ".patch") != NULL;
  closedir(d);
  if (patches != N_BUGS) fail_msg("%u patches in tests/planted, %u rows", patches, (uint32_t)N_BUGS);
  for (uint32_t k = 0; k < N_BUGS; k++) planted_apply(bugs[k].name);
}

// The same from files, by the command: red, exit code 1, sentence, events, waves.
static void the_command_finds_a_hang(void **state) {
  const planted_bug *b = NULL;
  scene s;
  char folder[64], model[100], input[100], wave[200];
  (void)state;
  for (uint32_t k = 0; k < N_BUGS; k++)
    if (!strcmp(bugs[k].name, "last_broadcast_dropped")) b = &bugs[k];
  assert_non_null(b);
  make_folder(folder, sizeof folder);
  snprintf(model, sizeof model, "%s/m.safetensors", folder);
  snprintf(input, sizeof input, "%s/x.npy", folder);
  scene_open(&s, b->config, b->model);
  must(eie_model_write(model, &s.model, &s.err), &s.err);
  must(eie_activations_write(input, &s.inputs, &s.err), &s.err);
  planted_apply(b->name);
  planted_use(b->name, "command");
  static command_result r;
  const char *const args[] = {"sim",       model,         "--config",     b->config, "--input", input,
                              "--dealing", "interleaved", "--divergence", folder,    NULL};
  setenv("EIE", "build/eie", 0);
  run_command(folder, args, &r);
  planted_use(NULL, NULL);
  printf("%s", r.err);
  assert_int_equal(r.exit_code, 1);
  const char *const words[] = {
      "is not done in time", "In lock-step: input 0, layer 0 (fc1), pass 0, cycle 1605",
      "column 11: broadcast column missing", "The last 16 events of the array", "gtkwave "};
  for (uint32_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (!strstr(r.err, words[k])) fail_msg("\"%s\" is missing", words[k]);
  snprintf(wave, sizeof wave, "%s/pe4-input0-cycle1605.fst", folder);
  assert_int_equal(access(wave, R_OK), 0);
  remove_folder(folder);
  scene_close(&s);
}

static int is_asked_for(const planted_bug *b) {
  const char *which = getenv("EIE_PLANTED");
  if (which && strcmp(which, "all")) fail_msg("EIE_PLANTED=%s is not: all", which);
  const char *part = getenv("EIE_PART");
  if (is_icarus()) return b->flags & (part && !strcmp(part, "small") ? IN_SMALL : ON_ICARUS);
  return which || b->flags & IN_TEST;
}

int main(int argc, char **argv) {
  enum { OWN = 4 };
  struct CMUnitTest tests[N_BUGS + OWN] = {
      cmocka_unit_test(a_patch_that_does_not_apply_or_changes_nothing_is_refused),
      cmocka_unit_test(a_place_that_is_wrong_in_one_number_is_noticed),
      cmocka_unit_test(every_patch_applies_and_has_its_row)};
  uint32_t asked = 0;
  planted_begin();
  if (argc > 1) cmocka_set_test_filter(argv[1]);
  if ((getenv("EIE_PLANTED") || argc > 1) && !is_icarus())
    tests[OWN - 1] = (struct CMUnitTest)cmocka_unit_test(the_command_finds_a_hang);
  for (uint32_t k = 0; k < N_BUGS; k++) {
    if (argc == 1 && !is_asked_for(&bugs[k])) continue;  // cmocka passes over an empty entry
    asked++;
    tests[k + OWN] = (struct CMUnitTest){
        .name = bugs[k].name,
        .test_func = bugs[k].model ? is_found_where_it_is : is_found_by_the_test_of_bad_use,
        .initial_state = (void *)(uintptr_t)&bugs[k]};
  }
  if (asked < N_BUGS) printf("reduced: %u of %u planted bugs\n", asked, (uint32_t)N_BUGS);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
