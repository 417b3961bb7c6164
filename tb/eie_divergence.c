// SPDX-License-Identifier: Apache-2.0
// The second and the third run.
#include "eie_divergence.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "wave_save.h"

typedef struct {
  const eie_divergence_job *job;
  eie_lockstep *lockstep;
  eie_device *device;
  eie_compare_report report;
} lockstep_run;

static eie_status open_device(const eie_divergence_job *job, const eie_device_options *options,
                              eie_device **device, eie_error *err) {
  if (job->open) return job->open(job->context, options, device, err);
  return eie_device_open(job->engine, &job->job->packed->config, options, device, err);
}

// Inputs first .. job->input in lock-step. What it found is in *found; EIE_OK also when nothing differed.
static eie_status run(const eie_divergence_job *job, uint32_t first, const eie_device_options *with,
                      FILE *history, eie_divergence *found, eie_error *err) {
  lockstep_run r = {.job = job};
  eie_error why = {""};
  eie_device_options options = *with;
  EIE_TRY(eie_lockstep_open(job->job->packed, &r.lockstep, err));
  options.watch = eie_lockstep_watch(r.lockstep);
  eie_lockstep_run_on(r.lockstep, options.halt != 0);
  eie_status status = open_device(job, &options, &r.device, err);
  if (!status) {
    eie_compare_job again = *job->job;
    again.device = r.device;
    again.lockstep = r.lockstep;
    again.first = first;
    again.count = job->input + 1;
    again.progress = 0;
    (void)eie_compare_run(&again, &r.report, &why);
    const eie_divergence *d = eie_lockstep_found(r.lockstep);
    if (d) *found = *d;
    if (d && history) eie_lockstep_history(r.lockstep, history);
    eie_compare_report_free(&r.report);
    eie_device_close(r.device);
  }
  eie_lockstep_close(r.lockstep);
  return status;
}

// As the red run, without its waves.
static eie_device_options plain_options(const eie_divergence_job *job) {
  eie_device_options options = *job->options;
  options.wave = NULL;
  options.wave_from = options.wave_to = 0;
  return options;
}

static eie_status make_dir(const char *dir, eie_error *err) {
  if (mkdir(dir, 0777) == 0 || errno == EEXIST) return EIE_OK;
  return eie_fail(err, EIE_ERR_IO, "%s: cannot be made: %s", dir, strerror(errno));
}

static eie_status name_files(const eie_divergence_job *job, eie_divergence_report *r, eie_error *err) {
  const char *name = job->job->packed->config.name;
  const int n = snprintf(r->wave, sizeof r->wave, "%s/%s-input%u-cycle%" PRIu64 ".fst", job->dir, name,
                         r->found.input, r->found.cycle);
  const int m = snprintf(r->save, sizeof r->save, "%s/%s-input%u-cycle%" PRIu64 ".gtkw", job->dir, name,
                         r->found.input, r->found.cycle);
  if (n > 0 && (size_t)n + 6 < sizeof r->wave && m > 0 && (size_t)m < sizeof r->save) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE, "%s: the path is too long", job->dir);
}

static eie_status save_view(const eie_divergence_job *job, const eie_divergence_report *r, eie_error *err) {
  const eie_packed_layer *layer = &job->job->packed->layers[r->found.layer];
  const uint64_t c = r->found.cycle;
  const eie_wave_view view = {.wave = r->wave,
                              .engine = job->engine,
                              .config = &job->job->packed->config,
                              .pe = r->found.pe == UINT32_MAX ? 0 : r->found.pe,
                              .in_frac = layer->in_frac,
                              .weight_frac = layer->weight_frac,
                              .out_frac = layer->out_frac,
                              .from = c > EIE_WAVE_BEFORE ? c - EIE_WAVE_BEFORE : 1,
                              .to = c + EIE_WAVE_BEHIND,
                              .cursor = c};
  return eie_wave_save(r->save, &view, err);
}

// Waves around the difference. Another build of the RTL may start with other values in its registers; when
// that moves the difference, the window follows it once.
static eie_status write_waves(const eie_divergence_job *job, uint32_t first, eie_divergence_report *r,
                              eie_error *err) {
  char part[sizeof r->wave + 6];
  EIE_TRY(make_dir(job->dir, err));
  for (int attempt = 0; attempt < 2; attempt++) {
    EIE_TRY(name_files(job, r, err));
    snprintf(part, sizeof part, "%s.part", r->wave);
    eie_device_options options = plain_options(job);
    const uint64_t c = r->found.cycle;
    eie_divergence found = {.kind = EIE_DIFFERS_NOT};
    options.wave = part;
    options.wave_from = c > EIE_WAVE_BEFORE ? c - EIE_WAVE_BEFORE : 1;
    options.wave_to = c + EIE_WAVE_BEHIND;
    options.halt = options.wave_to;
    EIE_TRY(run(job, first, &options, NULL, &found, err));
    if (found.kind == EIE_DIFFERS_NOT || found.cycle == c || attempt == 1) break;
    remove(part);
    r->found.cycle = found.cycle;
  }
  if (rename(part, r->wave)) return eie_fail(err, EIE_ERR_IO, "%s: %s", r->wave, strerror(errno));
  return save_view(job, r, err);
}

static void waves(const eie_divergence_job *job, uint32_t first, FILE *out, eie_divergence_report *r) {
  eie_error why = {""};
  if (!job->dir) return;
  if (write_waves(job, first, r, &why)) {
    r->wave[0] = r->save[0] = 0;
    fprintf(out, "No waves: %s\n", why.text);
    return;
  }
  fprintf(out, "Waves of the cycles around it: gtkwave %s %s\n", r->wave, r->save);
}

eie_status eie_divergence_find(const eie_divergence_job *job, FILE *out, eie_divergence_report *report,
                               eie_error *err) {
  const eie_device_options options = plain_options(job);
  uint32_t first = job->input;
  char *history = NULL;
  size_t size = 0;
  memset(report, 0, sizeof *report);
  for (;; first = 0) {
    FILE *f = open_memstream(&history, &size);
    if (!f) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the events of a lock-step run");
    eie_status status = run(job, first, &options, f, &report->found, err);
    fclose(f);
    if (status) {
      free(history);
      return status;
    }
    if (report->found.kind || first == 0) break;
    free(history);  // the input alone is right: what went before it matters
  }
  if (report->found.kind) {
    fprintf(out, "In lock-step: %s\n%s", report->found.sentence, history);
    waves(job, first, out, report);
  } else {
    fprintf(
        out,
        "In lock-step every event up to this input is right: what differs is not in the array's broadcasts, "
        "updates and write-backs, but on the way in or out.\n");
  }
  free(history);
  return EIE_OK;
}

void eie_divergence_waves(const eie_divergence_job *job, const eie_divergence *found, FILE *out,
                          eie_divergence_report *report) {
  memset(report, 0, sizeof *report);
  report->found = *found;
  waves(job, 0, out, report);
}
