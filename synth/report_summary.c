// SPDX-License-Identifier: Apache-2.0
// summary.json of a board, and the table over those of all boards.
#include <string.h>

#include "eie_cli.h"
#include "report.h"
#include "report_number.h"

static void add_clock(const report *r, cJSON *root) {
  if (!r->n_routed) {
    cJSON_AddNullToObject(root, "fmax_mhz");
    return;
  }
  cJSON *clock = cJSON_AddObjectToObject(root, "fmax_mhz");
  cJSON_AddNumberToObject(clock, "median", r->median);
  cJSON_AddNumberToObject(clock, "best", r->seeds[r->best].mhz);
  cJSON *seeds = cJSON_AddArrayToObject(clock, "seeds");
  for (uint32_t k = 0; k < r->n_seeds; k++) {
    cJSON *seed = cJSON_CreateObject();
    cJSON_AddItemToArray(seeds, seed);
    eie_json_add_u64(seed, "seed", r->seeds[k].number);
    if (r->seeds[k].report)
      cJSON_AddNumberToObject(seed, "mhz", r->seeds[k].mhz);
    else
      cJSON_AddNullToObject(seed, "mhz");
  }
}

static void add_pe(const report *r, cJSON *root) {
  static const char *const keys[RES_NUM] = {"lut_per_pe", "ff_per_pe", "ram_per_pe", "spram_per_pe",
                                            "dsp_per_pe"};
  uint64_t pes[RES_NUM];
  if (!r->netlist.read) return;
  report_of_pes(&r->netlist, pes);
  for (int k = 0; k < RES_NUM; k++)
    cJSON_AddNumberToObject(root, keys[k], (double)pes[k] / r->board.config.n_pe);
}

static void add_tools(const report *r, cJSON *root) {
  cJSON *parameters = cJSON_AddObjectToObject(root, "parameters");
#define EIE_KEY(field, key, lo, hi, what) eie_json_add_u64(parameters, #key, r->board.config.field);
  EIE_CONFIG_PARAMETERS(EIE_KEY)
#undef EIE_KEY
  cJSON_AddStringToObject(root, "yosys", r->yosys);
  cJSON_AddStringToObject(root, "versions", r->versions);
  cJSON *seconds = cJSON_AddObjectToObject(root, "seconds");
  for (uint32_t k = 0; k < r->n_times; k++)
    cJSON_AddNumberToObject(seconds, r->times[k].what, r->times[k].seconds);
}

cJSON *report_summary(const report *r) {
  static const char *const keys[RES_NUM] = {"lut", "ff", "ram", "spram", "dsp"};
  const eie_board *b = &r->board;
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "board", b->name);
  cJSON_AddStringToObject(root, "title", b->title);
  cJSON_AddStringToObject(root, "family", eie_family_name(b->family));
  cJSON_AddStringToObject(root, "part", b->part);
  cJSON_AddStringToObject(root, "grade", r->grade);
  eie_json_add_u64(root, "n_pe", b->config.n_pe);
  for (int k = 0; k < RES_NUM; k++) eie_json_add_u64(root, keys[k], r->used[k]);
  cJSON_AddBoolToObject(root, "routed", r->n_routed != 0);
  cJSON_AddNumberToObject(root, "clock_mhz", b->clock_mhz);
  add_clock(r, root);
  add_pe(r, root);
  add_tools(r, root);
  return root;
}

static eie_status number(const char *path, const cJSON *object, const char *key, double *value,
                         eie_error *err) {
  const cJSON *item = cJSON_GetObjectItem(object, key);
  if (!cJSON_IsNumber(item)) return eie_fail(err, EIE_ERR_INPUT, "%s: no number \"%s\"", path, key);
  *value = item->valuedouble;
  return EIE_OK;
}

// "147.1 / 149.5 | 1 2 3"
static eie_status print_clock(const char *path, const cJSON *clock, FILE *out, eie_error *err) {
  double median = 0, best = 0;
  const cJSON *seed;
  if (!cJSON_IsObject(clock)) {
    fprintf(out, " - | - |\n");
    return EIE_OK;
  }
  EIE_TRY(number(path, clock, "median", &median, err));
  EIE_TRY(number(path, clock, "best", &best, err));
  fprintf(out, " %.1f / %.1f |", median, best);
  cJSON_ArrayForEach(seed, cJSON_GetObjectItem(clock, "seeds")) {
    double n = 0;
    EIE_TRY(number(path, seed, "seed", &n, err));
    fprintf(out, " %.0f%s", n, cJSON_IsNumber(cJSON_GetObjectItem(seed, "mhz")) ? "" : " (not routed)");
  }
  fprintf(out, " |\n");
  return EIE_OK;
}

static eie_status print_row(const char *path, const cJSON *root, FILE *out, eie_error *err) {
  static const char *const keys[] = {"n_pe", "lut", "ff", "ram", "spram", "dsp"};
  const char *board = cJSON_GetStringValue(cJSON_GetObjectItem(root, "board"));
  const char *part = cJSON_GetStringValue(cJSON_GetObjectItem(root, "part"));
  if (!board || !part) return eie_fail(err, EIE_ERR_INPUT, "%s: no \"board\" or no \"part\"", path);
  fprintf(out, "| %s, %s |", board, part);
  for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
    double value = 0;
    report_number text;
    EIE_TRY(number(path, root, keys[k], &value, err));
    fprintf(out, " %s |", report_grouped(value > 0 ? (uint64_t)value : 0, text));
  }
  return print_clock(path, cJSON_GetObjectItem(root, "fmax_mhz"), out, err);
}

eie_status report_table(uint32_t n, char **folders, FILE *out, eie_error *err) {
  fprintf(out, "| board | PEs | LUT | FF | RAM | SPRAM | DSP | MHz, median / best | seeds |\n");
  fprintf(out, "|---|---|---|---|---|---|---|---|---|\n");
  for (uint32_t k = 0; k < n; k++) {
    char path[1200];
    cJSON *root = NULL;
    snprintf(path, sizeof path, "%s/summary.json", folders[k]);
    EIE_TRY(report_read_json(path, &root, err));
    const eie_status status = print_row(path, root, out, err);
    cJSON_Delete(root);
    EIE_TRY(status);
  }
  return EIE_OK;
}
