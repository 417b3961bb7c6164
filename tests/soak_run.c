// SPDX-License-Identifier: Apache-2.0
// The child opens the device, runs and writes its result to a pipe; the parent waits for it, but not for
// ever.
#include "soak_run.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eie_compare.h"
#include "eie_divergence.h"
#include "soak_host.h"

static eie_device_options options_of(const soak_case *c) {
  return (eie_device_options){.stalls = c->stalls, .seed = c->seed, .build = EIE_BUILD_FAST};
}

static void count_tiles(const soak_plan *plan, uint32_t *of) {
  const eie_packed *p = &plan->packed;
  for (uint32_t l = 0; l < p->n_layers; l++) {
    int rows = 0, columns = 0;
    for (uint32_t k = 0; k < p->n_passes; k++) {
      rows |= p->passes[k].layer == l && p->passes[k].row_slot > 0;
      columns |= p->passes[k].layer == l && p->passes[k].col_slot > 0;
    }
    of[SOAK_CORNER_ROW_TILES] |= rows && !columns;
    of[SOAK_CORNER_COLUMN_TILES] |= columns && !rows;
    of[SOAK_CORNER_BOTH_TILES] |= rows && columns;
  }
  of[SOAK_CORNER_LOADS] = p->n_loads > 1;
  of[SOAK_CORNER_REUSED] = !p->all_visible;
}

static void add_report(const eie_compare_report *report, soak_result *r) {
  uint32_t *of = r->corners.of;
  r->inputs += report->inputs;
  r->outputs += report->sum.compared;
  r->cycles += report->device_cycles;
  r->timed += report->timed_counters;
  of[SOAK_CORNER_PADDED] |= report->sum.golden.padding > 0;
  of[SOAK_CORNER_QUEUE_FULL] |= report->sum.queue_full > 0;
  of[SOAK_CORNER_CLAMPED] |= report->sum.golden.clamped > 0;
  of[SOAK_CORNER_OVERFLOWED] |= report->sum.golden.overflow > 0;
}

// Twice where the case says so: loaded again, without a reset.
static eie_status compare(const soak_way *way, const soak_case *c, const soak_plan *plan, eie_device *device,
                          soak_result *r, eie_error *err) {
  const eie_compare_job job = {.packed = &plan->packed,
                               .image = &plan->image,
                               .model = &c->model,
                               .inputs = &c->inputs,
                               .count = c->inputs.count,
                               .device = device,
                               .timed = strcmp(way->engine, "model") != 0};
  for (uint32_t k = 0; k < c->repeats; k++) {
    eie_compare_report report;
    const eie_status status = eie_compare_run(&job, &report, err);
    if (!status) add_report(&report, r);
    eie_compare_report_free(&report);
    if (status) return status;
  }
  return EIE_OK;
}

static eie_status open_and_compare(const soak_way *way, const soak_case *c, const soak_plan *plan,
                                   soak_result *r, eie_error *err) {
  const eie_device_options options = options_of(c);
  soak_host_report host = {{""}, {{0}}};
  eie_device *inner = NULL, *device = NULL;
  EIE_TRY(eie_device_open(way->engine, &c->config, &options, &inner, err));
  eie_status status = soak_host_open(inner, way->engine, c, plan, &host, &device, err);
  if (!status) status = compare(way, c, plan, device, r, err);
  eie_device_close(device ? device : inner);
  for (uint32_t k = 0; k < SOAK_CORNERS_ALL; k++) r->corners.of[k] += host.corners.of[k];
  if (host.error.text[0] && err) *err = host.error;
  return status;
}

static void run_here(const soak_way *way, const soak_case *c, soak_result *r) {
  soak_plan plan;
  eie_error err = {""};
  r->corners = c->corners;
  eie_status status = soak_plan_make(c, &plan, &err);
  if (!status && way->most_cost && soak_plan_cost(c, &plan) > way->most_cost) {
    r->verdict = SOAK_PASSED_OVER;
    soak_plan_free(&plan);
    return;
  }
  if (!status) {
    count_tiles(&plan, r->corners.of);
    status = open_and_compare(way, c, &plan, r, &err);
    soak_plan_free(&plan);
  }
  r->layers = (uint64_t)c->model.n_layers * c->repeats;
  r->verdict = status ? SOAK_FAILED : SOAK_PASSED;
  snprintf(r->sentence, sizeof r->sentence, "%s", status ? err.text : "");
}

static void failed(soak_result *r, const char *format, long number) {
  memset(r, 0, sizeof *r);
  r->verdict = SOAK_FAILED;
  snprintf(r->sentence, sizeof r->sentence, format, number);
}

// Reads the result, at most `patience` seconds; 1: it came.
static int take_result(int fd, uint32_t patience, soak_result *r) {
  size_t got = 0;
  struct pollfd p = {.fd = fd, .events = POLLIN};
  while (got < sizeof *r) {
    const int ready = poll(&p, 1, (int)patience * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return -1;
    const ssize_t n = read(fd, (char *)r + got, sizeof *r - got);
    if (n <= 0) return 0;
    got += (size_t)n;
  }
  return 1;
}

static void give_result(int fd, const soak_result *r) {
  for (size_t done = 0; done < sizeof *r;) {
    const ssize_t n = write(fd, (const char *)r + done, sizeof *r - done);
    if (n <= 0) _exit(3);
    done += (size_t)n;
  }
}

void soak_run(const soak_way *way, const soak_case *c, soak_result *r) {
  eie_error err = {""};
  int pipes[2], status = 0;
  memset(r, 0, sizeof *r);
  if (soak_config_build(way->builds, &c->config, way->engine, &err)) {
    failed(r, "the RTL could not be built", 0);
    return;
  }
  fflush(NULL);
  if (pipe(pipes)) {
    failed(r, "no pipe: errno %ld", errno);
    return;
  }
  const pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    run_here(way, c, r);
    give_result(pipes[1], r);
    _exit(0);
  }
  close(pipes[1]);
  const int came = child < 0 ? 0 : take_result(pipes[0], way->patience, r);
  close(pipes[0]);
  if (child > 0 && came < 0) kill(child, SIGKILL);
  if (child > 0) waitpid(child, &status, 0);
  if (child < 0)
    failed(r, "no process: errno %ld", errno);
  else if (came < 0)
    failed(r, "the case did not end within %ld seconds", way->patience);
  else if (WIFSIGNALED(status))
    failed(r, "the simulation's process was ended by signal %ld", WTERMSIG(status));
  else if (!came)
    failed(r, "the simulation's process ended with exit status %ld", WEXITSTATUS(status));
}

void soak_sentence_kind(const char *s, char *kind, size_t size) {
  size_t n = 0;
  while (*s && n + 1 < size) {
    if (s[0] == '0' && s[1] == 'x') {
      for (s += 2; isxdigit((unsigned char)*s);) s++;
      kind[n++] = '#';
    } else if (isdigit((unsigned char)*s) || (*s == '-' && isdigit((unsigned char)s[1]))) {
      for (s++; isdigit((unsigned char)*s);) s++;
      kind[n++] = '#';
    } else {
      kind[n++] = *s++;
    }
  }
  kind[n] = 0;
}

// ---- lock-step -----------------------------------------------------------------------------------

typedef struct {
  const soak_way *way;
  const soak_case *c;
  const soak_plan *plan;
  soak_host_report report;
} wrapped;

static eie_status open_wrapped(void *context, const eie_device_options *options, eie_device **device,
                               eie_error *err) {
  wrapped *w = context;
  eie_device *inner = NULL;
  memset(&w->report, 0, sizeof w->report);
  EIE_TRY(eie_device_open(w->way->engine, &w->c->config, options, &inner, err));
  eie_status status = soak_host_open(inner, w->way->engine, w->c, w->plan, &w->report, device, err);
  if (status) eie_device_close(inner);
  return status;
}

static int lockstep_here(const soak_way *way, const soak_case *c, FILE *out) {
  soak_plan plan;
  eie_error err = {""};
  eie_divergence_report report;
  const eie_device_options options = options_of(c);
  unsetenv("EIE_BUILD_TRUST");  // another build of the RTL
  if (soak_plan_make(c, &plan, &err)) return 1;
  wrapped w = {.way = way, .c = c, .plan = &plan};
  const eie_compare_job job = {.packed = &plan.packed,
                               .image = &plan.image,
                               .model = &c->model,
                               .inputs = &c->inputs,
                               .count = c->inputs.count,
                               .timed = 1};
  const eie_divergence_job find = {.engine = way->engine,
                                   .options = &options,
                                   .job = &job,
                                   .input = c->inputs.count - 1,
                                   // It starts with the last input; the actions count from the first.
                                   .open = c->n_actions && c->inputs.count == 1 ? open_wrapped : NULL,
                                   .context = &w};
  const eie_status status = eie_divergence_find(&find, out, &report, &err);
  if (status) fprintf(out, "No lock-step run: %s\n", err.text);
  fflush(out);
  soak_plan_free(&plan);
  return status != EIE_OK;
}

int soak_run_lockstep(const soak_way *way, const soak_case *c, FILE *out) {
  int status = 0;
  if (soak_host_restarts(c)) {
    fprintf(out, "No lock-step run: the failure needs a program that is started twice.\n");
    return 1;
  }
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    alarm(way->patience);
    _exit(lockstep_here(way, c, out));
  }
  if (child < 0 || waitpid(child, &status, 0) != child) return 1;
  if (WIFSIGNALED(status)) fprintf(out, "No lock-step run: it was ended by signal %d.\n", WTERMSIG(status));
  return !WIFEXITED(status) || WEXITSTATUS(status);
}
