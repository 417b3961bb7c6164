// SPDX-License-Identifier: Apache-2.0
// eie sim: a model through the RTL, every bit of every layer compared with the golden model.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device_uart.h"
#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_compare.h"
#include "eie_divergence.h"
#include "eie_packed_source.h"
#include "sim_report.h"
#include "wave_save.h"

static const char description[] =
    "Packs MODEL for a configuration, loads it into the RTL through the firmware's driver, runs every input "
    "and compares every bit of every layer's outputs with the golden model, and every counter that the "
    "golden model "
    "predicts: broadcasts, entries, padding, clamped outputs, overflow, and the entries of each PE; and "
    "every "
    "cycle count with the timing model (docs/timing.md). Stops at the first difference and names input, "
    "layer, "
    "row, PE, slot and both values. Anything that was asked for and not compared is an error too.\n\n"
    "After a difference, a fault or a time-out the input runs again in lock-step, which names the first "
    "event inside "
    "the array that is not the golden model's, and once more with waves of the cycles around it and a save "
    "file for "
    "GTKWave, in the folder of --divergence. --lockstep compares like that from the start "
    "(docs/lockstep.md).\n\n"
    "In place of MODEL --config NAME a packed directory (eie pack -o) can be given.\n\n"
    "The RTL runs in Verilator. The simulation of a configuration is built when it is used for the first "
    "time or "
    "when the RTL has changed. --engine icarus runs it in Icarus Verilog, where whatever was not written is "
    "X and an X on an output is an "
    "error. --engine model runs a behavioural model of the registers and memories in its "
    "place, "
    "which tests packer and driver without a simulator; its cycle counts mean nothing.\n\n"
    "--engine uart:PATH[:BAUD] runs a board behind a serial port (default 115200 baud; docs/host-link.md). "
    "Outputs, counters and the cycles of each layer are compared as on the RTL; what only a simulator's bus "
    "can tell (cycles to load the image) is left out, and there are no waves, stalls or lock-step.";

static const char exit_status[] =
    "0 when all is equal, 1 when something differs, faults or does not answer, 2 after bad use or input.";

static const char examples[] =
    "  eie sim vectors/lenet-300-100.safetensors --config pe64 --input t10k-images-idx3-ubyte.gz \\\n"
    "      --labels t10k-labels-idx1-ubyte.gz --limit 1000\n"
    "  eie sim packed --input x.npy --stalls 7 --json\n"
    "  eie sim model.safetensors --config pe4 --input x.npy --limit 1 --wave one.fst";

typedef struct {
  const char *model, *config, *input, *labels, *wave, *divergence;
  eie_option_list sets;
  uint32_t limit, dealing;
  const char *calibrate, *engine;
  uint64_t seed, stalls, from, to;
  int json, lockstep;
} request;

typedef struct {
  eie_model model;
  eie_packed packed;
  eie_activations inputs;
  eie_labels labels;
  eie_lockstep *lockstep;
  eie_device *device;
  eie_device_options options;
  eie_compare_job job;
  eie_compare_report report;
} work;

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {EIE_OPTION_CONFIG(&r->config)},
      {EIE_OPTION_INPUT(&r->input)},
      {EIE_OPTION_LABELS(&r->labels)},
      {EIE_OPTION_LIMIT(&r->limit)},
      {EIE_OPTION_SET(&r->sets)},
      {EIE_OPTION_DEALING(&r->dealing)},
      {EIE_OPTION_CALIBRATE(&r->calibrate)},
      {.name = "seed",
       .value = "S",
       .help = "seed of the balanced dealing and of what memories hold before they are written (default 1)",
       .u64 = &r->seed},
      {.name = "engine",
       .value = "E",
       .help = "verilator (default), icarus, model or uart:PATH[:BAUD]",
       .text = &r->engine},
      {.name = "stalls",
       .value = "S",
       .help = "random delays on the five channels of the bus, from seed S (not 0)",
       .u64 = &r->stalls},
      {.name = "wave",
       .value = "F.fst",
       .help = "write waves, and F.gtkw, which shows them in GTKWave; the whole run, or the cycles of "
               "--from, --to",
       .text = &r->wave},
      {.name = "from",
       .value = "C",
       .help = "first cycle in the waves (rising edges since reset began)",
       .u64 = &r->from},
      {.name = "to", .value = "C", .help = "last cycle in the waves", .u64 = &r->to},
      {.name = "lockstep",
       .help = "compare each broadcast, accumulator update and write-back as it happens; stop at the first "
               "that differs",
       .flag = &r->lockstep},
      {.name = "divergence",
       .value = "DIR",
       .help = "folder for the waves around the first difference (default eie-divergence)",
       .text = &r->divergence},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {
      .name = "sim",
      .summary = "run a model in the RTL and compare every bit",
      .synopsis =
          "MODEL --config NAME --input X [--labels Y] [--limit N] [--set KEY=VALUE] [--dealing HOW] "
          "[--seed S] [--calibrate X] [--engine E] [--stalls S] [--lockstep] [--divergence DIR] [--wave "
          "F.fst [--from C] "
          "[--to C]] "
          "[--json]",
      .description = description,
      .exit_status = exit_status,
      .examples = examples,
      .options = options,
      .n_options = sizeof options / sizeof options[0],
      .min_operands = 1,
      .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->model, NULL);
}

static int is_model(const request *r) {
  return strcmp(r->engine, "model") == 0;
}

static int is_board(const request *r) {
  return eie_device_uart_port(r->engine) != NULL;
}

static int is_simulated(const request *r) {
  return !is_model(r) && !is_board(r);
}

static int check_engine(const request *r) {
  static const char *const simulators[] = {"verilator", "icarus", "model"};
  const char *lost = r->lockstep ? "--lockstep" : r->wave ? "--wave" : r->stalls ? "--stalls" : NULL;
  if (is_board(r) && lost)
    return eie_cli_bad_use("sim", "%s goes with a simulator; a board behind a serial port has no such thing",
                           lost);
  for (size_t k = 0; k < sizeof simulators / sizeof simulators[0]; k++)
    if (is_board(r) || strcmp(r->engine, simulators[k]) == 0) return -1;
  return eie_cli_bad_use("sim", "--engine %s is not one of: verilator, icarus, model, uart:PATH[:BAUD]",
                         r->engine);
}

static int check_use(const request *r) {
  const int code = check_engine(r);
  if (code >= 0) return code;
  if (r->lockstep && !is_simulated(r))
    return eie_cli_bad_use("sim", "--lockstep watches signals of the RTL; --engine %s has none", r->engine);
  if ((r->from || r->to) && !r->wave) return eie_cli_bad_use("sim", "--from and --to go with --wave F.fst");
  if (r->to && r->to < r->from)
    return eie_cli_bad_use("sim", "--to %" PRIu64 " lies before --from %" PRIu64, r->to, r->from);
  return -1;
}

static eie_status check_labels(const request *r, const work *w, eie_error *err) {
  const uint32_t rows = w->packed.layers[w->packed.n_layers - 1].rows;
  if (w->labels.count != w->inputs.count)
    return eie_fail(err, EIE_ERR_INPUT, "%s: holds %u labels, but %.160s holds %u inputs", r->labels,
                    w->labels.count, r->input, w->inputs.count);
  for (uint32_t i = 0; i < w->labels.count; i++)
    if (w->labels.data[i] < 0 || (uint32_t)w->labels.data[i] >= rows)
      return eie_fail(err, EIE_ERR_INPUT, "%s: label %u is %d, but the model has outputs 0 to %u", r->labels,
                      i, w->labels.data[i], rows - 1);
  return EIE_OK;
}

static eie_status read_all(const request *r, work *w, eie_error *err) {
  const eie_packed_source source = {.path = r->model,
                                    .config = r->config,
                                    .sets = &r->sets,
                                    .options = {.dealing = (eie_dealing)r->dealing, .seed = r->seed},
                                    .calibrate = r->calibrate};
  EIE_TRY(eie_packed_source_read(&source, &w->packed, &w->model, err));
  EIE_TRY(eie_activations_read(r->input, w->packed.layers[0].cols, w->packed.input_frac, &w->inputs, err));
  if (!r->labels) return EIE_OK;
  EIE_TRY(eie_labels_read(r->labels, &w->labels, err));
  return check_labels(r, w, err);
}

static eie_status simulate(const request *r, work *w, eie_error *err) {
  w->options = (eie_device_options){.stalls = r->stalls,
                                    .seed = r->seed,
                                    .wave = r->wave,
                                    .wave_from = r->from,
                                    .wave_to = r->to,
                                    .build = EIE_BUILD_FAST,
                                    .verbose = 1};
  EIE_TRY(read_all(r, w, err));
  if (r->lockstep) {
    EIE_TRY(eie_lockstep_open(&w->packed, &w->lockstep, err));
    w->options.watch = eie_lockstep_watch(w->lockstep);
  }
  EIE_TRY(eie_device_open(r->engine, &w->packed.config, &w->options, &w->device, err));
  w->job = (eie_compare_job){.packed = &w->packed,
                             .model = w->model.n_layers ? &w->model : NULL,
                             .inputs = &w->inputs,
                             .labels = r->labels ? &w->labels : NULL,
                             .count = r->limit && r->limit < w->inputs.count ? r->limit : w->inputs.count,
                             .device = w->device,
                             .lockstep = w->lockstep,
                             .progress = 1,
                             .timed = !is_model(r)};
  return eie_compare_run(&w->job, &w->report, err);
}

// Which input the run stopped at; the waves are of its first layer in PE 0.
static eie_status save_wave_view(const request *r, const work *w, eie_error *err) {
  char path[4096];
  const size_t length = strlen(r->wave), dot = length > 4 && !strcmp(r->wave + length - 4, ".fst") ? 4 : 0;
  const eie_packed_layer *layer = &w->packed.layers[0];
  const eie_wave_view view = {.wave = r->wave,
                              .engine = r->engine,
                              .config = &w->packed.config,
                              .in_frac = layer->in_frac,
                              .weight_frac = layer->weight_frac,
                              .out_frac = layer->out_frac,
                              .from = r->from,
                              .to = r->to};
  if (snprintf(path, sizeof path, "%.*s.gtkw", (int)(length - dot), r->wave) >= (int)sizeof path)
    return eie_fail(err, EIE_ERR_USE, "%.100s...: the path is too long", r->wave);
  return eie_wave_save(path, &view, err);
}

// After a red run: where hardware and golden model part.
static void diverge(const request *r, const work *w) {
  const eie_divergence_job job = {.engine = r->engine,
                                  .options = &w->options,
                                  .job = &w->job,
                                  .input = w->report.inputs,
                                  .dir = r->divergence};
  eie_divergence_report report;
  eie_error err = {""};
  if (w->lockstep && eie_lockstep_found(w->lockstep)) {
    eie_lockstep_history(w->lockstep, stderr);
    eie_divergence_waves(&job, eie_lockstep_found(w->lockstep), stderr, &report);
  } else if (eie_divergence_find(&job, stderr, &report, &err)) {
    fprintf(stderr, "No lock-step run: %s\n", err.text);
  }
}

static void print_lockstep(const eie_lockstep_counts *c) {
  uint64_t all = 0;
  for (int k = 0; k < EIE_STAGES; k++) all += c->of[k];
  printf("In lock-step: %" PRIu64 " events equal in value, order and cycle (%" PRIu64 " launches, %" PRIu64
         " broadcasts, %" PRIu64 " pointer reads, %" PRIu64 " entries, %" PRIu64
         " accumulator updates, %" PRIu64 " write-backs).\n",
         all, c->of[EIE_STAGE_LAUNCH], c->of[EIE_STAGE_VALUE], c->of[EIE_STAGE_POINTERS],
         c->of[EIE_STAGE_ENTRY], c->of[EIE_STAGE_UPDATE], c->of[EIE_STAGE_WRITE_BACK]);
}

static void add_link(cJSON *root, const eie_uart_counts *c) {
  cJSON *link = cJSON_AddObjectToObject(root, "link");
  eie_json_add_u64(link, "bytes_out", c->bytes_out);
  eie_json_add_u64(link, "bytes_in", c->bytes_in);
  eie_json_add_u64(link, "frames", c->frames);
  eie_json_add_u64(link, "repeated", c->repeated);
}

static int show(const request *r, const work *w) {
  eie_uart_counts link = {0};
  const int board = w->device && eie_device_uart_counts(w->device, &link) == 0;
  const char *slash = strrchr(r->model, '/');
  const sim_report report = {.model = slash && slash[1] ? slash + 1 : r->model,
                             .engine = r->engine,
                             .packed = &w->packed,
                             .report = &w->report,
                             .labelled = r->labels != NULL,
                             .unclocked = board};
  if (r->json) {
    cJSON *root = sim_report_json(&report);
    if (board) add_link(root, &link);
    return eie_cli_json("sim", root);
  }
  sim_report_print(&report, stdout);
  if (board)
    printf("link: %" PRIu64 " bytes out, %" PRIu64 " in, %" PRIu64 " frames, %" PRIu64 " repeated\n",
           link.bytes_out, link.bytes_in, link.frames, link.repeated);
  if (w->lockstep) print_lockstep(eie_lockstep_counted(w->lockstep));
  return 0;
}

int eie_cmd_sim(int argc, char **argv) {
  request r = {
      .dealing = EIE_DEAL_BALANCED, .seed = 1, .engine = "verilator", .divergence = "eie-divergence"};
  int code = parse(&r, argc, argv);
  if (code < 0) code = check_use(&r);
  if (code >= 0) return code;
  work w = {.device = NULL};
  eie_error err = {""};
  eie_status status = simulate(&r, &w, &err);
  if (w.report.n_layers && (status == EIE_OK || (status == EIE_ERR_UNEQUAL && r.json))) code = show(&r, &w);
  if (status) code = eie_cli_fail("sim", status, &err);
  eie_device_close(w.device);  // before the runs that may follow, which use the same names
  if (code == 1 && w.job.device && is_simulated(&r)) diverge(&r, &w);
  if (r.wave && w.job.device && save_wave_view(&r, &w, &err)) code = eie_cli_fail("sim", EIE_ERR_IO, &err);
  eie_lockstep_close(w.lockstep);
  eie_compare_report_free(&w.report);
  eie_packed_free(&w.packed);
  eie_model_free(&w.model);
  eie_activations_free(&w.inputs);
  eie_labels_free(&w.labels);
  return code < 0 ? 0 : code;
}
