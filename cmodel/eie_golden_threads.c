// SPDX-License-Identifier: Apache-2.0
// Many inputs through a model that was made ready, on several threads. Each thread takes the next few
// inputs, writes their outputs to their places and keeps counters of its own; sums have no order.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "eie_golden_natural.h"

enum { INPUTS_AT_ONCE = 4, MOST_THREADS = 256 };

typedef struct {
  const eie_golden_natural *natural;
  const int16_t *in;
  int16_t *out;
  uint32_t count;
  atomic_uint_fast64_t next;  // first input that nobody has taken
} run_share;

typedef struct {
  run_share *share;
  natural_work work;
  eie_counters *counters;  // [n_layers]
  pthread_t thread;
} worker;

static void *run_worker(void *argument) {
  worker *w = argument;
  run_share *s = w->share;
  const eie_model *model = natural_model(s->natural);
  const size_t cols = model->layers[0].cols, rows = model->layers[model->n_layers - 1].rows;
  for (;;) {
    const uint64_t begin = atomic_fetch_add(&s->next, INPUTS_AT_ONCE);
    if (begin >= s->count) return NULL;
    for (uint64_t i = begin; i < begin + INPUTS_AT_ONCE && i < s->count; i++)
      natural_run_one(s->natural, s->in + i * cols, s->out + i * rows, &w->work, w->counters);
  }
}

static uint32_t how_many(uint32_t threads, uint32_t count) {
  if (threads == 0) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    threads = cores > 1 ? (uint32_t)cores : 1;
  }
  const uint32_t most = count / INPUTS_AT_ONCE + 1;
  if (threads > most) threads = most;
  return threads > MOST_THREADS ? MOST_THREADS : threads;
}

static eie_status open_worker(worker *w, run_share *share, eie_error *err) {
  const uint32_t n_layers = natural_model(share->natural)->n_layers;
  *w = (worker){.share = share, .counters = calloc(n_layers, sizeof *w->counters)};
  if (!w->counters) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the counters of %u layers", n_layers);
  const eie_status status = natural_work_alloc(share->natural, &w->work, err);
  if (status != EIE_OK) free(w->counters);
  return status;
}

static void close_worker(worker *w) {
  natural_work_free(&w->work);
  free(w->counters);
}

// The caller is worker 0. Where the system gives fewer threads, those that are there do the work.
static void run_workers(worker *workers, uint32_t n) {
  uint32_t started = 1;
  while (started < n && pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]) == 0)
    started++;
  run_worker(&workers[0]);
  for (uint32_t t = 1; t < started; t++) pthread_join(workers[t].thread, NULL);
}

eie_status eie_golden_natural_run(const eie_golden_natural *natural, uint32_t count, const int16_t *in,
                                  int16_t *out, eie_counters *counters, uint32_t threads, eie_error *err) {
  run_share share = {.natural = natural, .in = in, .out = out, .count = count};
  const uint32_t n = how_many(threads, count), n_layers = natural_model(natural)->n_layers;
  worker *workers = malloc(n * sizeof *workers);
  uint32_t open = 0;
  eie_status status = EIE_OK;
  atomic_init(&share.next, 0);
  if (!workers) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u threads", n);
  while (open < n && (status = open_worker(&workers[open], &share, err)) == EIE_OK) open++;
  if (status == EIE_OK) run_workers(workers, n);
  for (uint32_t t = 0; t < open; t++) {
    for (uint32_t k = 0; status == EIE_OK && counters && k < n_layers; k++)
      eie_counters_add(&counters[k], &workers[t].counters[k]);
    close_worker(&workers[t]);
  }
  free(workers);
  return status;
}
