// SPDX-License-Identifier: Apache-2.0
// What the timing model promises whatever the RTL is: equality with a simulation of the queues that steps
// the clock, counts that are the golden model's, and a worst case that is one. (Equality with the RTL:
// tests/rtl_timing.c.)
#include "../cmodel/eie_golden.h"
#include "../cmodel/eie_timing.h"
#include "random_layers.h"

enum { MODELS = 60, MAX_QUEUE = 8 };

typedef struct {
  eie_random random;
  eie_model model;
  eie_config config;
  eie_packed packed;
  eie_timing *timing;
  int16_t **vectors;  // [n_layers + 1] in packed order
  eie_error err;
} fixture;

static void must(fixture *f, eie_status status) {
  if (status) fail_msg("%s", f->err.text);
}

static void open_fixture(fixture *f, uint64_t seed) {
  memset(f, 0, sizeof *f);
  eie_random_seed(&f->random, seed);
  f->config = random_config(&f->random, eie_random_below(&f->random, 6), 1 + eie_random_below(&f->random, 8));
  f->config.act_queue_depth = between(&f->random, 2, MAX_QUEUE);
  f->config.queue_depth = between(&f->random, 2, MAX_QUEUE);
  random_model(&f->random, between(&f->random, 1, 3), 80, f->config.code_w, &f->model);
  const eie_pack_options options = {
      eie_random_below(&f->random, 2) ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED, seed};
  must(f, eie_pack(&f->model, &f->config, &options, &f->packed, &f->err));
  must(f, eie_timing_open(&f->packed, &f->timing, &f->err));
  const uint32_t n = f->packed.n_layers;
  f->vectors = calloc(n + 1, sizeof *f->vectors);
  for (uint32_t k = 0; k <= n; k++)
    f->vectors[k] = calloc(
        (size_t)(k < n ? f->packed.layers[k].in_slots : f->packed.layers[k - 1].out_slots) * f->config.n_pe,
        sizeof **f->vectors);
}

static void close_fixture(fixture *f) {
  for (uint32_t k = 0; k <= f->packed.n_layers; k++) free(f->vectors[k]);
  free(f->vectors);
  eie_timing_close(f->timing);
  eie_packed_free(&f->packed);
  eie_model_free(&f->model);
}

static void scatter_input(fixture *f) {
  int16_t *in = random_input(&f->random, f->model.layers[0].cols);
  eie_packed_scatter(&f->packed, 0, in, f->vectors[0]);
  free(in);
}

// ---- a simulation that steps the clock ------------------------------------------------------------

// One PE: columns under way to the activation queue, that queue, its last register, the work queue, its
// last register, and the column being issued. Written from the description of the RTL, not the recurrence.
typedef struct {
  uint32_t queue[MAX_QUEUE + 1], queued;  // counts of columns; the head of the array is the oldest
  int has_head;
  uint32_t head;
  uint32_t work[MAX_QUEUE + 1], worked;
  int has_next;
  uint32_t next, left;  // left: entries of the column being issued, this cycle's included
} sim_pe;

enum { MAX_SIM_PE = 32, MAX_WAY = 64 };

typedef struct {
  const eie_timing_delays *d;
  const eie_pass *pass;
  uint32_t n_pe;
  sim_pe pe[MAX_SIM_PE];
  int64_t way[MAX_WAY];       // column that meets the queues in cycle t mod MAX_WAY; -1: none
  uint32_t back[MAX_SIM_PE];  // columns that left, a PE
  uint32_t left_by[MAX_WAY];  // columns that had left every PE at the end of cycle t
  uint32_t fired;
} sim;

static uint32_t pop_front(uint32_t *queue, uint32_t *n) {
  const uint32_t first = queue[0];
  (*n)--;
  memmove(queue, queue + 1, *n * sizeof *queue);
  return first;
}

// One cycle of a PE: what is registered moves; the result is whether it issued an entry.
static int step_pe(sim *s, uint32_t number, int64_t arrives) {
  sim_pe *p = &s->pe[number];
  const int issued = p->left > 0;
  const int room = p->worked < s->d->work_queue;
  const int take = p->has_next && p->left <= 1;
  const int work_pops = p->worked > 0 && (!p->has_next || take);
  const int leaves = p->has_head && (p->head == 0 || room);
  const int queue_pops = p->queued > 0 && (!p->has_head || leaves);
  if (p->left > 0) p->left--;
  if (take) p->left = p->next, p->has_next = 0;
  if (work_pops) p->next = pop_front(p->work, &p->worked), p->has_next = 1;
  if (leaves) {
    if (p->head) p->work[p->worked++] = p->head;
    p->has_head = 0;
    s->back[number]++;
  }
  if (queue_pops) p->head = pop_front(p->queue, &p->queued), p->has_head = 1;
  if (arrives >= 0) {
    const uint32_t *ptr = s->pass->ptr[number] + arrives;
    p->queue[p->queued++] = ptr[1] - ptr[0];
    assert_in_range(p->queued + (uint32_t)p->has_head, 0, s->d->act_queue);
  }
  return issued;
}

// The scan: the group in search, and the next non-zero in it.
typedef struct {
  uint32_t slot, pe;
} sim_scan;

static int find(const sim *s, const int16_t *in, const sim_scan *at, uint32_t from, uint32_t *pe) {
  for (*pe = from; *pe < s->n_pe; (*pe)++)
    if (in[(size_t)at->slot * s->n_pe + *pe]) return 1;
  return 0;
}

static void step_scan(sim *s, const int16_t *in, sim_scan *at, uint64_t t, eie_timing_counters *c,
                      uint64_t *first_fire) {
  uint32_t pe, other;
  if (t < (uint64_t)s->d->first_group || at->slot == s->pass->col_slots) return;
  if (find(s, in, at, at->pe, &pe)) {
    const uint32_t back =
        t < (uint64_t)s->d->credit_return ? 0 : s->left_by[(t - (uint64_t)s->d->credit_return) % MAX_WAY];
    if (s->fired - back == s->d->act_queue) {
      c->queue_full++;
      return;
    }
    if (s->fired++ == 0) *first_fire = t;
    s->way[(t + (uint64_t)s->d->fire_to_met) % MAX_WAY] = (int64_t)at->slot * s->n_pe + pe;
    c->broadcasts++;
    at->pe = pe + 1;
    if (find(s, in, at, at->pe, &other)) return;
  }
  at->slot++;
  at->pe = 0;
}

static void simulate(const eie_timing_delays *d, const eie_packed *packed, uint32_t number, const int16_t *in,
                     eie_timing_counters *c) {
  sim s = {.d = d, .pass = &packed->passes[number], .n_pe = packed->config.n_pe};
  sim_scan at = {0, 0};
  uint64_t first_fire = 0, last_issue = 0, done = 0;
  in += (size_t)s.pass->col_slot * s.n_pe;
  memset(c, 0, sizeof *c);
  for (int k = 0; k < MAX_WAY; k++) s.way[k] = -1;
  for (uint64_t t = 0; !done; t++) {
    const int64_t arrives = s.way[t % MAX_WAY];
    const int scanned = at.slot == s.pass->col_slots;
    const uint32_t back =
        t < (uint64_t)d->credit_return ? 0 : s.left_by[(t - (uint64_t)d->credit_return) % MAX_WAY];
    uint32_t least = UINT32_MAX, waiting = 0;
    s.way[t % MAX_WAY] = -1;
    step_scan(&s, in, &at, t, c, &first_fire);
    for (uint32_t pe = 0; pe < s.n_pe; pe++) {
      if (step_pe(&s, pe, arrives)) last_issue = t, c->entries++;
      if (s.back[pe] < least) least = s.back[pe];
      waiting += s.pe[pe].left || s.pe[pe].has_next || s.pe[pe].worked;
    }
    s.left_by[t % MAX_WAY] = least;
    const int issued = c->entries == 0 || t >= last_issue + (uint64_t)d->drain;
    if (scanned && back == s.fired && !waiting && issued) done = t;
  }
  c->cycles = done + (uint64_t)d->write_back + (s.pass->write_back ? s.pass->rows : 1) - 1;
  c->window = c->entries ? last_issue - first_fire + 1 : 0;
}

static void the_recurrence_is_a_simulation_of_the_queues(void **state) {
  (void)state;
  const uint64_t seed = test_seed("recurrence", 71);
  uint32_t passes = 0, full = 0;
  for (uint32_t m = 0; m < MODELS; m++) {
    fixture f;
    open_fixture(&f, seed + m);
    const eie_timing_delays d = eie_timing_delays_of(&f.config);
    for (uint32_t p = 0; p < f.packed.n_passes; p++) {
      const uint32_t layer = f.packed.passes[p].layer;
      eie_timing_counters want, got;
      int16_t *in = random_input(&f.random, f.packed.layers[layer].cols);
      eie_packed_scatter(&f.packed, layer, in, f.vectors[layer]);
      free(in);
      simulate(&d, &f.packed, p, f.vectors[layer], &want);
      eie_timing_pass(f.timing, p, f.vectors[layer], &got, NULL);
      want.padding = got.padding;
      if (memcmp(&want, &got, sizeof want))
        fail_msg(
            "EIE_SEED=%llu, pass %u: cycles %llu/%llu window %llu/%llu full %llu/%llu (stepped/recurrence)",
            (unsigned long long)(seed + m), p, (unsigned long long)want.cycles,
            (unsigned long long)got.cycles, (unsigned long long)want.window, (unsigned long long)got.window,
            (unsigned long long)want.queue_full, (unsigned long long)got.queue_full);
      passes++;
      full += got.queue_full > 0;
    }
    close_fixture(&f);
  }
  print_message("  %u passes, %u of them waited for credits\n", passes, full);
  assert_in_range(full, MODELS, UINT32_MAX);
}

static void counts_are_the_golden_models(void **state) {
  (void)state;
  const uint64_t seed = test_seed("counts", 72);
  for (uint32_t m = 0; m < MODELS; m++) {
    fixture f;
    eie_golden *golden;
    open_fixture(&f, seed + m);
    must(&f, eie_golden_open(&f.packed, &golden, &f.err));
    scatter_input(&f);
    for (uint32_t p = 0; p < f.packed.n_passes; p++) {
      const uint32_t layer = f.packed.passes[p].layer, n_pe = f.config.n_pe;
      uint64_t want_busy[256], busy[256];
      eie_counters want;
      eie_timing_counters got;
      must(&f, eie_golden_pass(golden, p, f.vectors[layer], f.vectors[layer + 1], &want, want_busy, &f.err));
      eie_timing_pass(f.timing, p, f.vectors[layer], &got, busy);
      assert_int_equal(got.broadcasts, want.broadcasts);
      assert_int_equal(got.entries, want.entries);
      assert_int_equal(got.padding, want.padding);
      assert_memory_equal(busy, want_busy, n_pe * sizeof *busy);
      for (uint32_t pe = 0; pe < n_pe; pe++) assert_in_range(busy[pe], 0, got.window);
    }
    eie_golden_close(golden);
    close_fixture(&f);
  }
}

static void one_more_activation_never_takes_fewer_cycles(void **state) {
  (void)state;
  const uint64_t seed = test_seed("monotone", 73);
  for (uint32_t m = 0; m < MODELS; m++) {
    fixture f;
    open_fixture(&f, seed + m);
    const uint32_t p = eie_random_below(&f.random, f.packed.n_passes), layer = f.packed.passes[p].layer;
    const uint32_t cols = f.packed.layers[layer].cols;
    eie_timing_counters c, worst;
    uint64_t before = 0;
    int16_t *in = calloc(cols, sizeof *in);
    must(&f, eie_timing_worst(f.timing, p, &worst, &f.err));
    for (uint32_t k = 0; k < 2 * cols; k++) {
      in[k < cols ? eie_random_below(&f.random, cols) : k - cols] = 1;
      eie_packed_scatter(&f.packed, layer, in, f.vectors[layer]);
      eie_timing_pass(f.timing, p, f.vectors[layer], &c, NULL);
      assert_in_range(c.cycles, before, worst.cycles);
      before = c.cycles;
    }
    assert_memory_equal(&c, &worst, sizeof c);
    free(in);
    close_fixture(&f);
  }
}

static void only_zero_or_not_matters(void **state) {
  (void)state;
  fixture f;
  open_fixture(&f, test_seed("values", 74));
  eie_timing_counters a, b;
  const size_t n = (size_t)f.packed.layers[0].in_slots * f.config.n_pe;
  scatter_input(&f);
  eie_timing_pass(f.timing, 0, f.vectors[0], &a, NULL);
  for (size_t i = 0; i < n; i++) f.vectors[0][i] = f.vectors[0][i] ? -1 : 0;
  eie_timing_pass(f.timing, 0, f.vectors[0], &b, NULL);
  assert_memory_equal(&a, &b, sizeof a);
  close_fixture(&f);
}

// A layer that is long enough for times to pass 16 bits, on a configuration that holds it in one pass.
static void open_long_layer(fixture *f, uint64_t seed, uint32_t log2_pe, double density) {
  memset(f, 0, sizeof *f);
  eie_random_seed(&f->random, seed);
  f->config = random_config(&f->random, log2_pe, 8);
  f->config.act_queue_depth = between(&f->random, 2, 40);
  f->config.queue_depth = 1u << between(&f->random, 1, 6);
  f->config.rows = 4096;
  f->config.spmat_words = 1 << 16;
  f->config.entries_per_word = 8;
  f->config.ptr_depth = 1 << 16;
  f->config.act_slots = 1 << 14;
  f->model = (eie_model){.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  const uint32_t rows = between(&f->random, 1, 80u << (log2_pe < 4 ? log2_pe : 4));
  random_layer(&f->random, rows, between(&f->random, 300, 1200), density, 16, 16, f->model.layers);
  const eie_pack_options options = {EIE_DEAL_INTERLEAVED, seed};
  must(f, eie_pack(&f->model, &f->config, &options, &f->packed, &f->err));
  must(f, eie_timing_open(&f->packed, &f->timing, &f->err));
  f->vectors = calloc(2, sizeof *f->vectors);
  f->vectors[0] = calloc((size_t)f->packed.layers[0].in_slots * f->config.n_pe, sizeof **f->vectors);
}

static void expect_same_counters(fixture *f, uint32_t *wide, uint32_t *gave_up) {
  eie_timing *plain;
  must(f, eie_timing_open(&f->packed, &plain, &f->err));
  eie_timing_plain_only(plain);
  for (uint32_t p = 0; p < f->packed.n_passes; p++) {
    const uint32_t layer = f->packed.passes[p].layer;
    assert_false(eie_timing_is_wide(plain, p));
    for (uint32_t k = 0; k < 3; k++) {
      eie_timing_counters a, b;
      uint64_t busy_a[256], busy_b[256];
      int16_t *in = random_input(&f->random, f->packed.layers[layer].cols), *place = f->vectors[layer];
      eie_packed_scatter(&f->packed, layer, in, place);
      free(in);
      const int tries = eie_timing_is_wide(f->timing, p);
      eie_timing_pass(f->timing, p, place, &a, busy_a);
      eie_timing_pass(plain, p, place, &b, busy_b);
      const int did = tries && eie_timing_is_wide(f->timing, p);
      *wide += (uint32_t)did;
      *gave_up += (uint32_t)(tries && !did);
      if (memcmp(&a, &b, sizeof a) || memcmp(busy_a, busy_b, f->config.n_pe * sizeof *busy_a))
        fail_msg("pass %u: cycles %llu/%llu window %llu/%llu full %llu/%llu (vector path/portable path)", p,
                 (unsigned long long)a.cycles, (unsigned long long)b.cycles, (unsigned long long)a.window,
                 (unsigned long long)b.window, (unsigned long long)a.queue_full,
                 (unsigned long long)b.queue_full);
    }
  }
  eie_timing_close(plain);
}

static void both_paths_give_the_same_counters(void **state) {
  (void)state;
  static const double densities[] = {0.02, 0.1, 0.3, 0.7, 1.0};
  const uint64_t seed = test_seed("paths", 77);
  uint32_t wide = 0, gave_up = 0;
  for (uint32_t m = 0; m < 2 * MODELS; m++) {
    fixture f;
    if (m % 2)
      open_fixture(&f, seed + m);
    else
      open_long_layer(&f, seed + m, m / 2 % 9, densities[m / 2 % 5]);
    expect_same_counters(&f, &wide, &gave_up);
    close_fixture(&f);
  }
  print_message("  %u passes on the vector path, %u given up by it\n", wide, gave_up);
  // A processor without AVX-512 has one path only; with it both ends must have been seen.
  assert_true(wide + gave_up == 0 || (wide > MODELS && gave_up > 0));
}

// 2^log2_pe PEs, `rows` rows; the first `full` columns hold them all, the others nothing.
static void open_full_columns(fixture *f, uint32_t log2_pe, uint32_t rows, uint32_t full, uint32_t cols) {
  memset(f, 0, sizeof *f);
  eie_random_seed(&f->random, 1);
  f->config = random_config(&f->random, log2_pe, 8);
  f->config.act_queue_depth = 19;
  f->config.queue_depth = 8;
  f->config.rows = 4096;
  f->config.spmat_words = 1 << 16;
  f->config.entries_per_word = 8;
  f->config.ptr_depth = 1 << 17;
  f->config.act_slots = 1 << 15;
  f->model = (eie_model){.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  eie_layer *layer = f->model.layers;
  *layer = (eie_layer){.name = "full", .rows = rows, .cols = cols, .nnz = rows * full, .codebook_size = 16};
  must(f, eie_layer_alloc(layer, &f->err));
  for (uint32_t c = 0; c < cols; c++) layer->indptr[c + 1] = rows * (c < full ? c + 1 : full);
  for (uint32_t e = 0; e < layer->nnz; e++) layer->indices[e] = e % rows, layer->codes[e] = 1;
  const eie_pack_options options = {EIE_DEAL_INTERLEAVED, 1};
  must(f, eie_pack(&f->model, &f->config, &options, &f->packed, &f->err));
  must(f, eie_timing_open(&f->packed, &f->timing, &f->err));
  assert_int_equal(f->packed.n_passes, 1);
  f->vectors = calloc(2, sizeof *f->vectors);
  f->vectors[0] = calloc((size_t)f->packed.layers[0].in_slots << log2_pe, sizeof **f->vectors);
}

static void times_longer_than_16_bits_are_right(void **state) {
  (void)state;
  fixture f;
  eie_timing_counters c;
  open_full_columns(&f, 0, 60, 1200, 1200);  // 72,000 entries, one a cycle
  for (uint32_t i = 0; i < 1200; i++) f.vectors[0][i] = 1;
  eie_timing_pass(f.timing, 0, f.vectors[0], &c, NULL);
  assert_int_equal(c.entries, 72000);
  assert_in_range(c.window, 72000, 72040);
  close_fixture(&f);
  // The last entry, and more than 2^15 cycles after it a broadcast without any.
  open_full_columns(&f, 1, 5, 1, 1 << 16);
  for (uint32_t i = 0; i < 200; i++) f.vectors[0][i] = 1;
  f.vectors[0][65535] = 1;
  eie_timing_pass(f.timing, 0, f.vectors[0], &c, NULL);
  assert_int_equal(c.entries, 5);
  assert_in_range(c.window, 3, 40);
  assert_in_range(c.cycles, 32768 + 100, 32768 + 160);
  close_fixture(&f);
}

static void refused(fixture *f, const char *what) {
  eie_timing *t = NULL;
  assert_int_equal(eie_timing_open(&f->packed, &t, &f->err), EIE_ERR_INPUT);
  assert_null(t);
  if (!strstr(f->err.text, what)) fail_msg("\"%s\" does not say \"%s\"", f->err.text, what);
}

static void pointers_that_no_rtl_accepts_are_refused(void **state) {
  (void)state;
  fixture f;
  open_fixture(&f, test_seed("pointers", 75));
  eie_pass *pass = &f.packed.passes[0];
  const uint32_t columns = pass->col_slots * f.config.n_pe, right = pass->ptr[0][columns];
  pass->ptr[0][1] += f.config.rows + 1;
  refused(&f, "column");
  pass->ptr[0][1] -= f.config.rows + 1;
  pass->ptr[0][columns] += pass->n_entries[0] + 1;
  refused(&f, "do not span");
  pass->ptr[0][columns] = right;
  pass->ptr[0][0]++;
  refused(&f, "do not span");
  pass->ptr[0][0]--;
  close_fixture(&f);
}

static void senseless_delays_and_queues_are_refused(void **state) {
  (void)state;
  fixture f;
  open_fixture(&f, 76);
  eie_timing *t = NULL;
  eie_timing_delays d = eie_timing_delays_of(&f.config);
  d.work_queue = 0;
  assert_int_equal(eie_timing_open_with(&f.packed, &d, &t, &f.err), EIE_ERR_USE);
  d = eie_timing_delays_of(&f.config);
  d.act_queue = UINT32_MAX;
  assert_int_equal(eie_timing_open_with(&f.packed, &d, &t, &f.err), EIE_ERR_USE);
  d = eie_timing_delays_of(&f.config);
  d.drain = 1000;
  assert_int_equal(eie_timing_open_with(&f.packed, &d, &t, &f.err), EIE_ERR_USE);
  d.drain = -1;
  assert_int_equal(eie_timing_open_with(&f.packed, &d, &t, &f.err), EIE_ERR_USE);
  assert_null(t);
  close_fixture(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_recurrence_is_a_simulation_of_the_queues),
                                     cmocka_unit_test(counts_are_the_golden_models),
                                     cmocka_unit_test(one_more_activation_never_takes_fewer_cycles),
                                     cmocka_unit_test(only_zero_or_not_matters),
                                     cmocka_unit_test(both_paths_give_the_same_counters),
                                     cmocka_unit_test(times_longer_than_16_bits_are_right),
                                     cmocka_unit_test(pointers_that_no_rtl_accepts_are_refused),
                                     cmocka_unit_test(senseless_delays_and_queues_are_refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
