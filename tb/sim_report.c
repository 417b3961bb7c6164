// SPDX-License-Identifier: Apache-2.0
// The report of `eie sim` and `eie cycles`.
#include "sim_report.h"

#include <inttypes.h>
#include <string.h>

#include "eie_cli.h"
#include "report_number.h"

static const double paper_clock_mhz = 800.0;

static const char *per_input(const sim_report *r, uint64_t sum, report_number text) {
  double mean = r->report->inputs ? (double)sum / r->report->inputs : 0;
  if (mean >= 1000) return report_grouped((uint64_t)(mean + 0.5), text);
  snprintf(text, sizeof(report_number), "%.*f",
           mean >= 100 || sum % (r->report->inputs ? r->report->inputs : 1) == 0 ? 0 : 1, mean);
  return text;
}

static double utilisation(const sim_report *r, const eie_compare_layer *l) {
  double places = (double)l->cycles * r->packed->config.n_pe;
  return places > 0 ? 100.0 * (double)l->golden.useful / places : 0;
}

const char *sim_report_bound_by(const eie_compare_layer *l) {
  uint64_t longest = l->golden.broadcasts, rest;
  const char *name = "broadcasts";
  if (l->busiest > longest) longest = l->busiest, name = "busiest PE";
  if (l->scanned > longest) longest = l->scanned, name = "scan";
  rest = l->cycles > longest + l->written ? l->cycles - longest - l->written : 0;
  if (l->written > longest && l->written > rest) return "write-back";
  return rest > longest ? "fill and drain" : name;
}

static void print_layer(const sim_report *r, const char *name, const char *shape, uint64_t weights,
                        const eie_compare_layer *l, const char *bound, FILE *out) {
  report_number w, useful, sent, cycles, padding, full, clamped;
  fprintf(out, "%-14.14s %13s %10s %10s %10s %9s %8.1f%% %8s %10s %8s  %s\n", name, shape,
          report_grouped(weights, w), per_input(r, l->golden.useful, useful),
          per_input(r, l->golden.broadcasts, sent), per_input(r, l->cycles, cycles), utilisation(r, l),
          per_input(r, l->golden.padding, padding), per_input(r, l->queue_full, full),
          report_grouped(l->golden.clamped, clamped), bound);
}

static void print_table(const sim_report *r, FILE *out) {
  const eie_packed *p = r->packed;
  uint64_t weights = 0;
  fprintf(out, "%-14s %13s %10s %10s %10s %9s %9s %8s %10s %8s  %s\n", "layer", "rows x cols", "weights",
          "useful", "broadcasts", "cycles", "utilised", "padding", "queue full", "clamped", "bound by");
  fprintf(out, "%-14s %13s %10s %10s %10s %9s %9s %8s %10s %8s\n", "", "", "", "an input", "an input",
          "an input", "", "an input", "an input", "in all");
  for (uint32_t l = 0; l < p->n_layers; l++) {
    char shape[32];
    snprintf(shape, sizeof shape, "%u x %u", p->layers[l].rows, p->layers[l].cols);
    print_layer(r, p->layers[l].name, shape, p->layers[l].nnz, &r->report->layers[l],
                sim_report_bound_by(&r->report->layers[l]), out);
    weights += p->layers[l].nnz;
  }
  if (p->n_layers > 1) print_layer(r, "all layers", "", weights, &r->report->sum, "", out);
}

static void print_compared(const sim_report *r, FILE *out) {
  const eie_compare_report *c = r->report;
  report_number inputs, outputs, bits, differing;
  if (r->predicted) {
    fprintf(out, "%s input%s through the timing model\n", report_grouped(c->inputs, inputs),
            c->inputs == 1 ? "" : "s");
    return;
  }
  fprintf(out, "%s input%s, every layer: %s outputs (%s bits) compared with the golden model, ",
          report_grouped(c->inputs, inputs), c->inputs == 1 ? "" : "s",
          report_grouped(c->sum.compared, outputs), report_grouped(16 * c->sum.compared, bits));
  if (c->sum.differing)
    fprintf(out, "%s bits differ\n", report_grouped(c->sum.differing_bits, differing));
  else
    fprintf(out, "no bit differs\n");
  if (c->timed_counters)
    fprintf(out, "Timing model: equal in %s counters\n", report_grouped(c->timed_counters, inputs));
}

static void print_times(const sim_report *r, FILE *out) {
  const eie_compare_report *c = r->report;
  report_number load, io, cycles, device, speed;
  double per = c->inputs ? (double)c->program_cycles / c->inputs : 0, us = per / paper_clock_mhz;
  fprintf(out, "One input takes %s cycles from start to done: %.2f us at the paper's %.0f MHz",
          per_input(r, c->program_cycles, cycles), us, paper_clock_mhz);
  if (us > 0) fprintf(out, ", %s inputs a second", report_grouped((uint64_t)(1e6 / us), speed));
  fprintf(out, ".\n");
  if (r->unclocked) return;
  fprintf(out,
          "The bus needs %s cycles to load the image once, and %s an input for activations in and out.\n",
          report_grouped(c->load_cycles, load), per_input(r, c->io_cycles, io));
  fprintf(out, "%s %s cycles in %.*f s", r->predicted ? "Modelled" : "Simulated",
          report_grouped(c->device_cycles, device), r->predicted ? 6 : 1, c->seconds);
  if (c->seconds > 0)
    fprintf(out, ": %s a second", report_grouped((uint64_t)((double)c->device_cycles / c->seconds), speed));
  fprintf(out, ".\n");
}

void sim_report_print(const sim_report *r, FILE *out) {
  const eie_config *c = &r->packed->config;
  fprintf(out, "%s on %s (%u PE%s), engine %s, dealing %s, %u pass%s in %u load%s\n", r->model, c->name,
          c->n_pe, c->n_pe == 1 ? "" : "s", r->engine,
          r->packed->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", r->packed->n_passes,
          r->packed->n_passes == 1 ? "" : "es", r->packed->n_loads, r->packed->n_loads == 1 ? "" : "s");
  print_compared(r, out);
  if (r->labelled && r->report->inputs)
    fprintf(out, "Accuracy of the device's outputs: %.2f %% (%" PRIu64 " of %u)\n",
            100.0 * (double)r->report->correct / r->report->inputs, r->report->correct, r->report->inputs);
  fprintf(out, "\n");
  print_table(r, out);
  fprintf(out, "\n");
  if (r->report->sum.golden.overflow)
    fprintf(out, "An accumulator overflowed, alike in the device and in the golden model.\n");
  print_times(r, out);
}

// What only a device can tell.
static void add_unpredicted(const sim_report *r, cJSON *object, const char *key, uint64_t value) {
  if (r->predicted)
    cJSON_AddNullToObject(object, key);
  else
    eie_json_add_u64(object, key, value);
}

// What only a bus can tell whose cycles are counted.
static void add_clocked(const sim_report *r, cJSON *object, const char *key, uint64_t value) {
  if (r->unclocked)
    cJSON_AddNullToObject(object, key);
  else
    eie_json_add_u64(object, key, value);
}

static void add_layer(const sim_report *r, cJSON *object, const eie_compare_layer *l) {
  double useful = (double)l->golden.useful;
  add_unpredicted(r, object, "compared", l->compared);
  add_unpredicted(r, object, "differing", l->differing);
  add_unpredicted(r, object, "differing_bits", l->differing_bits);
  eie_json_add_u64(object, "cycles", l->cycles);
  eie_json_add_u64(object, "useful", l->golden.useful);
  if (l->golden.useful)
    cJSON_AddNumberToObject(object, "ratio", (double)l->cycles * r->packed->config.n_pe / useful);
  else
    cJSON_AddNullToObject(object, "ratio");
  eie_json_add_u64(object, "broadcasts", l->golden.broadcasts);
  eie_json_add_u64(object, "padding", l->golden.padding);
  eie_json_add_u64(object, "queue_full", l->queue_full);
  eie_json_add_u64(object, "clamped", l->golden.clamped);
  cJSON_AddBoolToObject(object, "overflow", l->golden.overflow != 0);
}

static void add_layers(const sim_report *r, cJSON *root) {
  cJSON *layers = cJSON_AddArrayToObject(root, "layers");
  for (uint32_t k = 0; k < r->packed->n_layers; k++) {
    cJSON *layer = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, layer);
    cJSON_AddStringToObject(layer, "name", r->packed->layers[k].name);
    eie_json_add_u64(layer, "rows", r->packed->layers[k].rows);
    eie_json_add_u64(layer, "cols", r->packed->layers[k].cols);
    add_layer(r, layer, &r->report->layers[k]);
    cJSON_AddStringToObject(layer, "bound_by", sim_report_bound_by(&r->report->layers[k]));
  }
}

cJSON *sim_report_json(const sim_report *r) {
  const eie_compare_report *c = r->report;
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "config", r->packed->config.name);
  cJSON_AddStringToObject(root, "engine", r->engine);
  cJSON_AddStringToObject(root, "model", r->model);
  eie_json_add_u64(root, "inputs", c->inputs);
  if (r->labelled && c->inputs)
    cJSON_AddNumberToObject(root, "accuracy", (double)c->correct / c->inputs);
  else
    cJSON_AddNullToObject(root, "accuracy");
  add_layer(r, root, &c->sum);
  eie_json_add_u64(root, "program_cycles", c->program_cycles);
  add_clocked(r, root, "load_cycles", c->load_cycles);
  add_clocked(r, root, "io_cycles", c->io_cycles);
  if (c->timed_counters)
    eie_json_add_u64(root, "timed_counters", c->timed_counters);
  else
    cJSON_AddNullToObject(root, "timed_counters");
  add_clocked(r, root, "simulated_cycles", c->device_cycles);
  cJSON_AddNumberToObject(root, "seconds", c->seconds);
  add_layers(r, root);
  return root;
}
