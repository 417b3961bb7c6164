// SPDX-License-Identifier: Apache-2.0
// Times: every counter of the device that depends on time, and every count, against the timing model.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "compare_run.h"

eie_status compare_timing_open(compare_run *r, eie_error *err) {
  const eie_timing_delays own = eie_timing_delays_of(&r->packed->config);
  if (!r->job->timed) return EIE_OK;
  r->want_times = calloc(r->packed->n_passes, sizeof *r->want_times);
  if (!r->want_times) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u passes", r->packed->n_passes);
  return eie_timing_open_with(r->packed, r->job->delays ? r->job->delays : &own, &r->timing, err);
}

void compare_timing_close(compare_run *r) {
  eie_timing_close(r->timing);
  free(r->want_times);
}

static eie_status differs(const compare_run *r, uint32_t step, const char *counter, const char *who,
                          uint64_t got, uint64_t want, eie_error *err) {
  const eie_pass *s = &r->packed->passes[step];
  eie_fail(err, EIE_ERR_UNEQUAL, "%s of descriptor %u (pass %u): %s %" PRIu64 ", timing model %" PRIu64,
           counter, s->descriptor, step, who, got, want);
  return compare_prefix(r, s->layer, EIE_ERR_UNEQUAL, err);
}

eie_status compare_timing_input(compare_run *r, eie_error *err) {
  const uint32_t n_pe = r->packed->config.n_pe;
  if (!r->timing) return EIE_OK;
  for (uint32_t step = 0; step < r->packed->n_passes; step++) {
    const uint64_t *want = r->want_busy + (size_t)step * n_pe;
    eie_timing_pass(r->timing, step, r->want[r->packed->passes[step].layer], &r->want_times[step], r->busy);
    for (uint32_t pe = 0; pe < n_pe; pe++) {
      char name[32];
      if (r->busy[pe] == want[pe]) continue;
      snprintf(name, sizeof name, "busy of PE %u", pe);
      return differs(r, step, name, "golden model", want[pe], r->busy[pe], err);
    }
  }
  return EIE_OK;
}

eie_status compare_timing_pass(compare_run *r, uint32_t step, const uint64_t *got, eie_error *err) {
  if (!r->timing) return EIE_OK;
  const eie_timing_counters *want = &r->want_times[step];
  const struct {
    uint32_t index;
    const char *name;
    uint64_t want;
  } exact[] = {{EIE_COUNTER_CYCLES, "counter CYCLES", want->cycles},
               {EIE_COUNTER_WINDOW, "counter WINDOW", want->window},
               {EIE_COUNTER_QUEUE_FULL, "counter QUEUE_FULL", want->queue_full},
               {EIE_COUNTER_BROADCASTS, "counter BROADCASTS", want->broadcasts},
               {EIE_COUNTER_ENTRIES, "counter ENTRIES", want->entries},
               {EIE_COUNTER_PADDING, "counter PADDING", want->padding}};
  for (uint32_t k = 0; k < sizeof exact / sizeof exact[0]; k++) {
    if (got[exact[k].index] != exact[k].want)
      return differs(r, step, exact[k].name, "device", got[exact[k].index], exact[k].want, err);
    r->report->timed_counters++;
  }
  return EIE_OK;
}

eie_status compare_timing_program(compare_run *r, uint32_t step, uint32_t count, uint64_t cycles,
                                  eie_error *err) {
  uint64_t want = 0;
  if (!r->timing) return EIE_OK;
  for (uint32_t k = step; k < step + count; k++) want += r->want_times[k].cycles;
  if (cycles != want) return differs(r, step, "PROGRAM_CYCLES from the start", "device", cycles, want, err);
  // compare_timing_input has found the model's busy cycles equal to those that the device's were held to.
  r->report->timed_counters += 1 + r->packed->config.n_pe;
  return EIE_OK;
}
