// SPDX-License-Identifier: Apache-2.0
// Runs of nextpnr: seedN.json, its report, and seedN.log, which stands alone when it did not route.
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"
#include "report.h"

enum { LOG_LIMIT = 1 << 28 };

static int compare_seeds(const void *a, const void *b) {
  const uint32_t x = ((const report_seed *)a)->number, y = ((const report_seed *)b)->number;
  return (x > y) - (x < y);
}

static void add_seed(report *r, uint32_t number) {
  for (uint32_t k = 0; k < r->n_seeds; k++)
    if (r->seeds[k].number == number) return;
  if (r->n_seeds < REPORT_SEEDS) r->seeds[r->n_seeds++] = (report_seed){.number = number};
}

static void find_seeds(report *r) {
  DIR *dir = opendir(r->folder);
  for (struct dirent *e; dir && (e = readdir(dir));) {
    char *end = NULL;
    if (strncmp(e->d_name, "seed", 4) || e->d_name[4] < '0' || e->d_name[4] > '9') continue;
    const unsigned long number = strtoul(e->d_name + 4, &end, 10);
    if (number <= UINT32_MAX && (strcmp(end, ".json") == 0 || strcmp(end, ".log") == 0))
      add_seed(r, (uint32_t)number);
  }
  if (dir) closedir(dir);
  qsort(r->seeds, r->n_seeds, sizeof r->seeds[0], compare_seeds);
}

// The clock with the least room: achieved over constraint.
static const cJSON *slowest_clock(const cJSON *clocks) {
  const cJSON *clock, *found = NULL;
  double least = 0;
  cJSON_ArrayForEach(clock, clocks) {
    const double mhz = cJSON_GetNumberValue(cJSON_GetObjectItem(clock, "achieved"));
    const double wanted = cJSON_GetNumberValue(cJSON_GetObjectItem(clock, "constraint"));
    if (!(mhz > 0) || !(wanted > 0)) return NULL;
    if (found && mhz / wanted >= least) continue;
    found = clock;
    least = mhz / wanted;
  }
  return found;
}

// "posedge CLOCK" to itself.
static int is_of_clock(const cJSON *path, const char *clock) {
  const char *from = cJSON_GetStringValue(cJSON_GetObjectItem(path, "from"));
  const char *to = cJSON_GetStringValue(cJSON_GetObjectItem(path, "to"));
  const char *space = from ? strchr(from, ' ') : NULL;
  return space && to && strcmp(from, to) == 0 && strcmp(space + 1, clock) == 0;
}

static eie_status take_report(const char *path, report_seed *s, eie_error *err) {
  const cJSON *clocks = cJSON_GetObjectItem(s->report, "fmax"), *item;
  const cJSON *paths = cJSON_GetObjectItem(s->report, "critical_paths");
  if (!cJSON_IsObject(clocks) || !cJSON_IsObject(cJSON_GetObjectItem(s->report, "utilization")) ||
      !cJSON_IsArray(paths))
    return eie_fail(err, EIE_ERR_INPUT, "%s: not a report of nextpnr (fmax, utilization, critical_paths)",
                    path);
  const cJSON *clock = slowest_clock(clocks);
  if (!clock) return eie_fail(err, EIE_ERR_INPUT, "%s: no clock with a frequency and a constraint", path);
  s->mhz = round(100 * cJSON_GetObjectItem(clock, "achieved")->valuedouble) / 100;  // more is noise
  cJSON_ArrayForEach(item, paths) if (is_of_clock(item, clock->string)) s->path =
      cJSON_GetObjectItem(item, "path");
  return EIE_OK;
}

// The first line of the log that says why.
static void read_why(const char *path, report_seed *s) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  snprintf(s->why, sizeof s->why, "the log does not say why");
  if (eie_file_read(path, LOG_LIMIT, &bytes, &size, NULL) != EIE_OK) return;
  const char *line = strstr((char *)bytes, "ERROR: ");
  if (line) snprintf(s->why, sizeof s->why, "%.*s", (int)strcspn(line + 7, "\r\n"), line + 7);
  free(bytes);
}

static eie_status read_seed(const report *r, report_seed *s, eie_error *err) {
  char path[1100];
  snprintf(path, sizeof path, "%s/seed%u.json", r->folder, s->number);
  FILE *there = fopen(path, "rb");
  if (!there) {
    snprintf(path, sizeof path, "%s/seed%u.log", r->folder, s->number);
    read_why(path, s);
    return EIE_OK;
  }
  fclose(there);
  EIE_TRY(report_read_json(path, &s->report, err));
  return take_report(path, s, err);
}

static int compare_mhz(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void sum_up(report *r) {
  double mhz[REPORT_SEEDS];
  for (uint32_t k = 0; k < r->n_seeds; k++) {
    if (!r->seeds[k].report) continue;
    if (!r->n_routed || r->seeds[k].mhz > r->seeds[r->best].mhz) r->best = k;
    mhz[r->n_routed++] = r->seeds[k].mhz;
  }
  if (!r->n_routed) return;
  qsort(mhz, r->n_routed, sizeof mhz[0], compare_mhz);
  r->median = (mhz[(r->n_routed - 1) / 2] + mhz[r->n_routed / 2]) / 2;
}

eie_status report_read_seeds(report *r, eie_error *err) {
  find_seeds(r);
  for (uint32_t k = 0; k < r->n_seeds; k++) EIE_TRY(read_seed(r, &r->seeds[k], err));
  sum_up(r);
  return EIE_OK;
}
