// SPDX-License-Identifier: Apache-2.0
// The report of `eie fit` as JSON. docs/commands.md lists the keys.
#include "eie_cli.h"
#include "fit_report.h"

// A key without a value is null.
static void add_number(cJSON *o, const char *key, double value, int known) {
  if (known)
    cJSON_AddNumberToObject(o, key, value);
  else
    cJSON_AddNullToObject(o, key);
}

static void add_resource(cJSON *o, const char *key, uint64_t used, uint64_t has, uint64_t usable, int known) {
  cJSON *one = cJSON_AddObjectToObject(o, key);
  add_number(one, "used", (double)used, known);
  eie_json_add_u64(one, "available", has);
  eie_json_add_u64(one, "usable", usable);
}

static void add_resources(cJSON *o, const fit_row *row) {
  const eie_resources *u = &row->use.used, *has = &row->board->has, usable = eie_fit_usable(row->board);
  const int logic = row->board->costs.measured;
  cJSON *all = cJSON_AddObjectToObject(o, "resources");
  add_resource(all, "ram", u->ram, has->ram, usable.ram, 1);
  add_resource(all, "spram", u->spram, has->spram, usable.spram, 1);
  add_resource(all, "dsp", u->dsp, has->dsp, usable.dsp, 1);
  add_resource(all, "lut", u->lut, has->lut, usable.lut, logic);
  add_resource(all, "ff", u->ff, has->ff, usable.ff, logic);
  cJSON_AddBoolToObject(all, "logic_preliminary", row->board->costs.preliminary != 0);
}

static void add_parameters(cJSON *o, const eie_config *c) {
  cJSON *all = cJSON_AddObjectToObject(o, "parameters");
#define EIE_ADD(field, key, lo, hi, what) eie_json_add_u64(all, #key, c->field);
  EIE_CONFIG_PARAMETERS(EIE_ADD)
#undef EIE_ADD
}

static void add_speed(cJSON *o, const fit_row *row) {
  const int fits = row->found.fits, clocked = fits && row->clock, wired = clocked && row->board->baud;
  const fit_speed *s = &row->speed;
  const fit_rates rates = fit_row_rates(row);
  add_number(o, "loads", s->loads, fits);
  add_number(o, "passes", s->passes, fits);
  add_number(o, "cycles", s->cycles, fits);
  add_number(o, "io_cycles", (double)s->io_cycles, fits);
  add_number(o, "load_cycles", (double)s->load_cycles, fits);
  add_number(o, "clock_mhz", clocked ? row->clock->mhz : 0, clocked);
  add_number(o, "clock_measured_with", clocked ? row->clock->n_pe : 0, clocked);
  cJSON *a_second = cJSON_AddObjectToObject(o, "inferences_per_second");
  add_number(a_second, "compute", rates.compute, clocked);
  add_number(a_second, "bus", rates.bus, clocked);
  add_number(a_second, "uart", rates.uart, wired);
  add_number(o, "load_seconds", rates.load_seconds, wired);
}

static void add_text(cJSON *o, const char *key, const char *text) {
  if (text[0])
    cJSON_AddStringToObject(o, key, text);
  else
    cJSON_AddNullToObject(o, key);
}

static void add_next(cJSON *o, const fit_report *r, const fit_row *row) {
  char why[EIE_FIT_TEXT];
  if (r->fixed || !row->found.fits || !row->found.next_pe) {
    cJSON_AddNullToObject(o, "next");
    return;
  }
  cJSON *next = cJSON_AddObjectToObject(o, "next");
  eie_fit_short_text(row->board, &row->found.next, why);
  eie_json_add_u64(next, "n_pe", row->found.next_pe);
  cJSON_AddBoolToObject(next, "unrouted", row->found.next_unrouted != 0);
  add_text(next, "short", why);
}

static cJSON *row_json(const fit_report *r, const fit_row *row) {
  cJSON *o = cJSON_CreateObject();
  char why[EIE_FIT_TEXT];
  eie_fit_short_text(row->board, &row->verdict, why);
  cJSON_AddStringToObject(o, "board", row->board->name);
  cJSON_AddStringToObject(o, "title", row->board->title);
  cJSON_AddStringToObject(o, "family", eie_family_name(row->board->family));
  cJSON_AddStringToObject(o, "part", row->board->part);
  cJSON_AddBoolToObject(o, "fits", row->found.fits != 0);
  cJSON_AddStringToObject(o, "config", row->found.config.name);
  add_parameters(o, &row->found.config);
  add_resources(o, row);
  add_speed(o, row);
  add_text(o, "short", why);
  add_text(o, "change", row->change);
  add_next(o, r, row);
  return o;
}

cJSON *fit_report_json(const fit_report *r) {
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "model", r->model);
  cJSON_AddBoolToObject(root, "fixed", r->fixed != 0);
  eie_json_add_u64(root, "inputs", r->inputs);
  cJSON *boards = cJSON_AddArrayToObject(root, "boards");
  for (uint32_t k = 0; k < r->n_rows; k++) cJSON_AddItemToArray(boards, row_json(r, &r->rows[k]));
  return root;
}
