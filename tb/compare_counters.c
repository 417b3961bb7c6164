// SPDX-License-Identifier: Apache-2.0
// Counters: those that the golden model predicts must be equal, the others must be consistent.
#include <inttypes.h>

#include "compare_run.h"

static eie_status wrong(const compare_run *r, uint32_t step, const char *name, uint64_t got, uint64_t want,
                        eie_error *err) {
  const eie_pass *s = &r->packed->passes[step];
  eie_fail(err, EIE_ERR_UNEQUAL, "counter %s of descriptor %u (pass %u): device %" PRIu64 ", golden %" PRIu64,
           name, s->descriptor, step, got, want);
  return compare_prefix(r, s->layer, EIE_ERR_UNEQUAL, err);
}

static eie_status inconsistent(const compare_run *r, uint32_t step, const char *what, uint64_t a, uint64_t b,
                               eie_error *err) {
  eie_fail(err, EIE_ERR_UNEQUAL,
           "pass %u: counters contradict each other: %s (%" PRIu64 " against %" PRIu64 ")", step, what, a, b);
  return compare_prefix(r, r->packed->passes[step].layer, EIE_ERR_UNEQUAL, err);
}

static uint64_t busiest(const compare_run *r, uint32_t step) {
  uint64_t most = 0;
  for (uint32_t pe = 0; pe < r->packed->config.n_pe; pe++) {
    uint64_t busy = r->want_busy[(size_t)step * r->packed->config.n_pe + pe];
    if (busy > most) most = busy;
  }
  return most;
}

static eie_status check_descriptor(const compare_run *r, uint32_t step, const uint64_t *got, eie_error *err) {
  const eie_counters *want = &r->want_counters[step];
  const struct {
    uint32_t index;
    const char *name;
    uint64_t want;
  } exact[] = {{EIE_COUNTER_BROADCASTS, "BROADCASTS", want->broadcasts},
               {EIE_COUNTER_ENTRIES, "ENTRIES", want->entries},
               {EIE_COUNTER_PADDING, "PADDING", want->padding},
               {EIE_COUNTER_CLAMPED, "CLAMPED", want->clamped},
               {EIE_COUNTER_OVERFLOW, "OVERFLOW", want->overflow}};
  for (uint32_t k = 0; k < sizeof exact / sizeof exact[0]; k++)
    if (got[exact[k].index] != exact[k].want)
      return wrong(r, step, exact[k].name, got[exact[k].index], exact[k].want, err);
  uint64_t window = got[EIE_COUNTER_WINDOW], cycles = got[EIE_COUNTER_CYCLES], most = busiest(r, step);
  if (window < most)
    return inconsistent(r, step, "WINDOW is below the busiest PE's entries", window, most, err);
  if (cycles < window) return inconsistent(r, step, "CYCLES is below WINDOW", cycles, window, err);
  if (got[EIE_COUNTER_QUEUE_FULL] > cycles)
    return inconsistent(r, step, "QUEUE_FULL is above CYCLES", got[EIE_COUNTER_QUEUE_FULL], cycles, err);
  return EIE_OK;
}

static void add_to_report(compare_run *r, uint32_t step, const uint64_t *got) {
  const eie_pass *s = &r->packed->passes[step];
  eie_compare_layer *l = &r->report->layers[s->layer];
  eie_counters_add(&l->golden, &r->want_counters[step]);
  l->cycles += got[EIE_COUNTER_CYCLES];
  l->window += got[EIE_COUNTER_WINDOW];
  l->queue_full += got[EIE_COUNTER_QUEUE_FULL];
  l->busiest += busiest(r, step);
  l->scanned += s->col_slots;
  l->written += s->write_back ? s->rows : 0;
}

static eie_status check_busy(compare_run *r, uint32_t step, uint32_t count, uint64_t window, eie_error *err) {
  const uint32_t n_pe = r->packed->config.n_pe;
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    uint64_t want = 0;
    for (uint32_t k = step; k < step + count; k++) want += r->want_busy[(size_t)k * n_pe + pe];
    if (r->busy[pe] == want && want <= window) continue;
    eie_fail(err, EIE_ERR_UNEQUAL,
             "passes %u to %u, PE %u: busy %" PRIu64 ", golden %" PRIu64 ", window %" PRIu64, step,
             step + count - 1, pe, r->busy[pe], want, window);
    return compare_prefix(r, r->packed->passes[step].layer, EIE_ERR_UNEQUAL, err);
  }
  return EIE_OK;
}

static eie_status check_program(compare_run *r, uint32_t step, uint32_t count, int whole, uint64_t cycles_sum,
                                uint64_t window_sum, eie_error *err) {
  uint64_t cycles, window;
  EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_program_cycles(&r->driver, &cycles, &window), err));
  EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_pe_busy(&r->driver, r->busy), err));
  if (window != window_sum)
    return inconsistent(r, step, "register WINDOW is not the sum of the layers'", window, window_sum, err);
  if (cycles < cycles_sum)
    return inconsistent(r, step, "PROGRAM_CYCLES is below the sum of the layers'", cycles, cycles_sum, err);
  if (r->constant_known && cycles - cycles_sum != r->constant)
    return inconsistent(r, step, "PROGRAM_CYCLES minus the sum of the layers' CYCLES is not constant",
                        cycles - cycles_sum, r->constant, err);
  if (whole) r->report->program_cycles += cycles;
  r->constant = cycles - cycles_sum;
  r->constant_known = 1;
  EIE_TRY(check_busy(r, step, count, window, err));
  return compare_timing_program(r, step, count, cycles, err);
}

eie_status compare_counters(compare_run *r, uint32_t step, uint32_t count, int whole, eie_error *err) {
  uint64_t got[EIE_NUM_COUNTERS], cycles_sum = 0, window_sum = 0;
  eie_error why = {""};
  eie_status bad = EIE_OK;
  for (uint32_t k = step; k < step + count; k++) {
    const eie_pass *s = &r->packed->passes[k];
    EIE_TRY(eie_device_bus_check(&r->bus, eie_driver_counters(&r->driver, s->descriptor, got), err));
    cycles_sum += got[EIE_COUNTER_CYCLES];
    window_sum += got[EIE_COUNTER_WINDOW];
    if (!bad) bad = check_descriptor(r, k, got, &why);
    if (!bad) bad = compare_timing_pass(r, k, got, &why);
    if (whole) {
      r->cycles[k] = got[EIE_COUNTER_CYCLES];
      add_to_report(r, k, got);
    } else if (!bad && got[EIE_COUNTER_CYCLES] != r->cycles[k]) {
      bad = inconsistent(r, k, "CYCLES differs between the pass alone and the whole program",
                         got[EIE_COUNTER_CYCLES], r->cycles[k], &why);
    }
  }
  if (!bad) bad = check_program(r, step, count, whole, cycles_sum, window_sum, &why);
  if (bad && !r->counter_status) {
    r->counter_status = bad;
    r->counter_error = why;
  }
  return EIE_OK;
}
