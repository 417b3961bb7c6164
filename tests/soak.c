// SPDX-License-Identifier: Apache-2.0
// The soak: random cases over both simulators, one process each, for a time. A failure prints the command
// that replays it and is made small. docs/soak.md; `build/tests/soak --help`.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "eie_cli.h"
#include "soak_report.h"

typedef struct {
  uint64_t seed, first, only_case, most_cost;
  uint32_t seconds, cases, shrink_seconds, patience, engine;
  int quiet, stop, no_lockstep;
  const char *small, *case_text, *folder;
  eie_option_list configs;
} request;

static const char *const engines[] = {"verilator", "icarus"};

enum { ICARUS_MOST_COST = 40000, MOST_KINDS = 20 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// ---- one simulator -------------------------------------------------------------------------------

typedef struct {
  const request *r;
  soak_way way;
  soak_builds builds;
  soak_source source;
  soak_totals totals;
  char kinds[MOST_KINDS][600];  // of failures that have been made small
  uint32_t n_kinds;
  char named[2000], fresh[100];  // configurations so far; the newest fresh one
} worker;

static void print_replay(const worker *w, uint64_t number) {
  if (getenv("RTL_DIR")) printf("RTL_DIR=%s ", getenv("RTL_DIR"));
  if (getenv("EIE_BUILD_DIR")) printf("EIE_BUILD_DIR=%s ", getenv("EIE_BUILD_DIR"));
  printf("build/tests/soak --seed %" PRIu64 " --case %" PRIu64 " --engine %s", w->r->seed, number,
         w->way.engine);
  for (uint32_t k = 0; k < w->source.n_only; k++) printf(" --config %s", w->source.only[k]);
  printf("\n");
}

static int is_known(worker *w, const char *sentence) {
  char kind[600];
  soak_sentence_kind(sentence, kind, sizeof kind);
  for (uint32_t k = 0; k < w->n_kinds; k++)
    if (!strcmp(kind, w->kinds[k])) return 1;
  if (w->n_kinds < MOST_KINDS) strcpy(w->kinds[w->n_kinds++], kind);
  return 0;
}

static void make_small(worker *w, uint64_t number, soak_case *c, soak_result *result) {
  char dir[600];
  soak_shrunk shrunk;
  const char *folder = w->r->folder ? w->r->folder : "build/soak";
  mkdir("build", 0777);
  mkdir(folder, 0777);
  snprintf(dir, sizeof dir, "%.400s/FAIL-%" PRIu64 "-%" PRIu64 "-%s", folder, w->r->seed, number,
           w->way.engine);
  soak_shrink(&w->way, w->r->shrink_seconds, c, result, &shrunk);
  printf("  small: after %u runs%s\n", shrunk.runs, shrunk.timed_out ? " (its time was over)" : "");
  soak_print_small(&w->way, c, result, dir, stdout);
  if (!w->r->no_lockstep) soak_run_lockstep(&w->way, c, stdout);
}

// A case that failed: told, replayed, made small. Frees *c.
static void tell_failure(worker *w, uint64_t number, soak_case *c, soak_result *result) {
  char text[400];
  soak_result again;
  soak_describe(c, text, sizeof text);
  printf("FAILED: seed %" PRIu64 ", case %" PRIu64 " on %s, configuration %s: %s\n  %s\n  replay: ",
         w->r->seed, number, w->way.engine, c->config.name, text, result->sentence);
  print_replay(w, number);
  fflush(stdout);
  if (w->r->shrink_seconds && !is_known(w, result->sentence)) {
    soak_run(&w->way, c, &again);
    if (strcmp(again.sentence, result->sentence))
      printf("  It does not fail in the same way again: %s\n",
             again.sentence[0] ? again.sentence : "it passes");
    else
      make_small(w, number, c, result);
  }
  fflush(stdout);
  soak_case_free(c);
}

static void count_config(worker *w, const char *name) {
  char word[100];
  snprintf(word, sizeof word, " %s ", name);
  if (!strncmp(name, "soak_", 5)) {
    w->totals.fresh += strcmp(w->fresh, word) != 0;
    snprintf(w->fresh, sizeof w->fresh, "%s", word);
  } else if (!strstr(w->named, word) && strlen(w->named) + sizeof word < sizeof w->named) {
    w->totals.named++;
    strcat(w->named, word);
  }
}

// 0: go on.
static int run_number(worker *w, uint64_t number) {
  soak_case c;
  soak_result result;
  eie_error err = {""};
  if (soak_case_draw(&w->source, number, &c, &err)) {
    printf("FAILED: seed %" PRIu64 ", case %" PRIu64 " could not be drawn: %s\n", w->r->seed, number,
           err.text);
    w->totals.failed++;
    return 1;
  }
  soak_plan plan;  // before anything is built for it
  if (w->way.most_cost && soak_plan_make(&c, &plan, &err) == EIE_OK) {
    const uint64_t cost = soak_plan_cost(&c, &plan);
    soak_plan_free(&plan);
    if (cost > w->way.most_cost) {
      w->totals.passed_over++;
      soak_case_free(&c);
      return 0;
    }
  }
  const double began = now();
  soak_run(&w->way, &c, &result);
  w->totals.seconds += now() - began;
  soak_totals_add(&w->totals, &result);
  count_config(w, c.config.name);
  if (result.verdict != SOAK_FAILED) {
    soak_case_free(&c);
    return 0;
  }
  tell_failure(w, number, &c, &result);
  return w->r->stop;
}

static void progress(const worker *w, double *told, double end) {
  const double t = now();
  if (w->r->quiet || t < *told + 30) return;
  *told = t;
  printf("%s: %" PRIu64 " passed, %" PRIu64 " failed, %.0f s to go\n", w->totals.engine, w->totals.passed,
         w->totals.failed, end > t ? end - t : 0.0);
  fflush(stdout);
}

static void open_worker(worker *w, const request *r, const char *engine) {
  memset(w, 0, sizeof *w);
  w->r = r;
  w->way = (soak_way){.engine = engine, .patience = r->patience, .builds = &w->builds};
  if (!strcmp(engine, "icarus")) w->way.most_cost = r->most_cost;
  w->source.seed = r->seed;
  for (uint32_t k = 0; k < r->configs.count && k < 8; k++)
    w->source.only[w->source.n_only++] = r->configs.items[k];
  snprintf(w->totals.engine, sizeof w->totals.engine, "%s", engine);
}

static void work(const request *r, const char *engine, soak_totals *totals) {
  worker w;
  open_worker(&w, r, engine);
  const double began = now(), end = began + r->seconds;
  double told = began;
  for (uint64_t n = 0; r->cases ? n < r->cases : now() < end; n++) {
    if (run_number(&w, r->first + n)) break;
    progress(&w, &told, end);
  }
  *totals = w.totals;
}

// ---- both ----------------------------------------------------------------------------------------

static int fetch(int fd, pid_t child, soak_totals *t, const char *engine) {
  size_t got = 0;
  int status = 0;
  for (ssize_t n; got < sizeof *t && (n = read(fd, (char *)t + got, sizeof *t - got)) > 0;) got += (size_t)n;
  close(fd);
  waitpid(child, &status, 0);
  if (got == sizeof *t && WIFEXITED(status) && !WEXITSTATUS(status)) return 0;
  printf("FAILED: the soak on %s came to no end\n", engine);
  memset(t, 0, sizeof *t);
  snprintf(t->engine, sizeof t->engine, "%s", engine);
  t->failed = 1;
  return 1;
}

static int soak(const request *r) {
  soak_totals totals[2];
  const char *names[2];
  int fds[2];
  pid_t children[2];
  uint32_t n = 0;
  uint64_t failed = 0;
  memset(totals, 0, sizeof totals);
  for (uint32_t k = 0; k < 2; k++)
    if (r->engine == 2 || r->engine == k) names[n++] = engines[k];
  fflush(NULL);
  for (uint32_t k = 0; k < n; k++) {
    int pipes[2];
    if (pipe(pipes) || (children[k] = fork()) < 0) return 2;
    if (children[k] == 0) {
      work(r, names[k], &totals[k]);
      fflush(NULL);
      _exit(write(pipes[1], &totals[k], sizeof totals[k]) != (ssize_t)sizeof totals[k]);
    }
    close(pipes[1]);
    fds[k] = pipes[0];
  }
  for (uint32_t k = 0; k < n; k++) fetch(fds[k], children[k], &totals[k], names[k]);
  for (uint32_t k = 0; k < n; k++) failed += totals[k].failed;
  soak_print_totals(totals, n, stdout);
  return failed > 0;
}

// ---- one case again ------------------------------------------------------------------------------

static int tell_again(const soak_case *c, const soak_result *result, const char *engine) {
  char text[400];
  soak_plan plan;
  uint64_t cost = 0;
  soak_describe(c, text, sizeof text);
  if (soak_plan_make(c, &plan, NULL) == EIE_OK) {
    cost = soak_plan_cost(c, &plan);
    soak_plan_free(&plan);
  }
  printf("%s on %s, configuration %s, cost %" PRIu64 ": %s\n",
         result->verdict == SOAK_FAILED ? "FAILED" : "passed", engine, c->config.name, cost, text);
  for (uint32_t k = 0; k < c->n_actions; k++)
    printf("  %s in program %u, cycle %u\n", soak_kind_name(c->actions[k].kind), c->actions[k].program,
           c->actions[k].cycle);
  if (result->verdict == SOAK_FAILED) printf("  %s\n", result->sentence);
  printf("%d passed, %d failed\n", result->verdict == SOAK_PASSED, result->verdict == SOAK_FAILED);
  return result->verdict == SOAK_FAILED;
}

static int replay(const request *r) {
  worker w;
  soak_case c;
  soak_result result;
  eie_error err = {""};
  open_worker(&w, r, engines[r->engine == 1]);
  w.way.most_cost = 0;
  const eie_status status =
      r->small ? soak_case_read(r->small, &c, &err) : soak_case_draw(&w.source, r->only_case, &c, &err);
  if (status) return eie_cli_fail("soak", status, &err);
  soak_run(&w.way, &c, &result);
  const int code = tell_again(&c, &result, w.way.engine);
  soak_case_free(&c);
  return code;
}

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {.name = "seconds",
       .value = "N",
       .help = "how long (default 600)",
       .u32 = &r->seconds,
       .lo = 1,
       .hi = 1e7},
      {.name = "cases",
       .value = "N",
       .help = "so many case numbers on each simulator, however long",
       .u32 = &r->cases,
       .lo = 1,
       .hi = 1e9},
      {.name = "seed", .value = "S", .help = "of all cases (default 1)", .u64 = &r->seed},
      {.name = "from", .value = "N", .help = "the first case number (default 0)", .u64 = &r->first},
      {.name = "engine",
       .value = "E",
       .help = "which simulator (default both)",
       .choice = &r->engine,
       .choices = "verilator|icarus|both"},
      {.name = "config",
       .value = "NAME",
       .help = "draw from this configuration; may be repeated",
       .list = &r->configs},
      {.name = "case", .value = "N", .help = "replay this case of the seed", .text = &r->case_text},
      {.name = "small", .value = "DIR", .help = "replay a case that was made small", .text = &r->small},
      {.name = "folder",
       .value = "DIR",
       .help = "where small cases go (default build/soak)",
       .text = &r->folder},
      {.name = "shrink-seconds",
       .value = "N",
       .help = "for a failure to be made small (default 120; 0: not)",
       .u32 = &r->shrink_seconds,
       .lo = 0,
       .hi = 1e6},
      {.name = "patience",
       .value = "N",
       .help = "seconds after which a case hangs (default 600)",
       .u32 = &r->patience,
       .lo = 1,
       .hi = 1e6},
      {.name = "icarus-cost",
       .value = "N",
       .help = "cases that cost more are not run on Icarus (default 40000)",
       .u64 = &r->most_cost},
      {.name = "stop", .help = "end at the first failure", .flag = &r->stop},
      {.name = "no-lockstep", .help = "no lock-step run of a small case", .flag = &r->no_lockstep},
      {.name = "quiet", .help = "no progress", .flag = &r->quiet}};
  const eie_command command = {.name = "soak",
                               .summary = "random cases over both simulators",
                               .synopsis = "[--seconds N] [--seed S] [--case N] [...]",
                               .description = "docs/soak.md. Run it in the root of the repository.",
                               .exit_status = "0  every case passed\n1  a case failed\n2  bad use or input",
                               .options = options,
                               .n_options = sizeof options / sizeof options[0]};
  return eie_cli_parse(&command, argc, argv, NULL, NULL);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  request r = {.seed = 1,
               .seconds = 600,
               .shrink_seconds = 120,
               .patience = 600,
               .engine = 2,
               .most_cost = ICARUS_MOST_COST};
  char *end = NULL;
  eie_config config;
  eie_error err = {""};
  const int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  if (r.configs.count > 8) return eie_cli_bad_use("soak", "at most 8 configurations can be named");
  for (uint32_t k = 0; k < r.configs.count; k++) {
    const eie_status status = soak_config_named(r.configs.items[k], &config, &err);
    if (status) return eie_cli_fail("soak", status, &err);
  }
  if (r.case_text) r.only_case = strtoull(r.case_text, &end, 10);
  if (r.case_text && *end) return eie_cli_bad_use("soak", "--case %s is no number", r.case_text);
  if ((r.case_text || r.small) && r.engine == 2) r.engine = 0;
  return r.case_text || r.small ? replay(&r) : soak(&r);
}
