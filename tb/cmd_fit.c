// SPDX-License-Identifier: Apache-2.0
// eie fit: does a model fit an FPGA board, with how many PEs, and how fast is it there?
#include <stdlib.h>
#include <string.h>

#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_packed_source.h"
#include "fit_report.h"

static const char description[] =
    "Says for every board of synth/boards the largest configuration that holds MODEL: processing elements, "
    "block RAMs, single-port RAMs, multipliers, logic cells and flip-flops used and there, loads, cycles of "
    "an "
    "inference by the timing model, and at the routed clock the inferences a second: computing alone, with "
    "the "
    "activations over a bus of one beat a cycle, and through the board's UART. RAMs and multipliers are "
    "counted "
    "by the rules of the RTL, logic comes from measured costs (docs/fit.md). A model too large for the "
    "device "
    "runs in tiles.\n\n"
    "With --config or --set the question is whether that configuration fits; --set alone changes each "
    "board's "
    "own. When something does not fit, the report says what is short, by how much, and what to change.\n\n"
    "Cycles are those of the worst input there can be; with --input the mean of those inputs.";

static const char exit_status[] =
    "0 when the report was made; 1 when --board is given together with --config or --set and that "
    "configuration does not fit that board; 2 after bad use or input.";

static const char examples[] =
    "eie fit vectors/lenet-300-100.safetensors\n"
    "eie fit model.safetensors --board ulx3s --input x.npy --limit 100 --json\n"
    "eie fit model.safetensors --board icebreaker --config icebreaker --set PTR_DEPTH=4096";

typedef struct {
  const char *model, *board, *config, *input;
  eie_option_list sets;
  uint32_t limit;
  int json;
} request;

typedef struct {
  eie_model model;
  eie_board *boards;
  uint32_t n_boards;
  eie_activations inputs;
  uint32_t count;
  fit_row *rows;  // [n_boards]
} work;

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {.name = "board", .value = "B", .help = "only this board: a folder of synth/boards", .text = &r->board},
      {EIE_OPTION_CONFIG(&r->config)},
      {EIE_OPTION_SET(&r->sets)},
      {.name = "input",
       .value = "X",
       .help = "cycles of these inputs, .npy or IDX, and not of the worst case",
       .text = &r->input},
      {EIE_OPTION_LIMIT(&r->limit)},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {
      .name = "fit",
      .summary = "say on which FPGA boards a model fits, and how fast it is there",
      .synopsis = "MODEL [--board B] [--config NAME] [--set KEY=VALUE] [--input X [--limit N]] [--json]",
      .description = description,
      .exit_status = exit_status,
      .examples = examples,
      .options = options,
      .n_options = sizeof options / sizeof options[0],
      .min_operands = 1,
      .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->model, NULL);
}

static int is_fixed(const request *r) {
  return r->config || r->sets.count;
}

// A board's own configuration is found by its path: another folder of boards may be in use.
static eie_status config_asked_for(const request *r, const eie_board *board, eie_config *config,
                                   eie_error *err) {
  if (r->config) return eie_packed_source_config(r->config, &r->sets, config, err);
  *config = board->config;
  for (uint32_t k = 0; k < r->sets.count; k++) EIE_TRY(eie_config_set(config, r->sets.items[k], err));
  return eie_config_check(config, err);
}

static eie_status judge_asked(const request *r, const work *w, fit_row *row, eie_error *err) {
  EIE_TRY(config_asked_for(r, row->board, &row->found.config, err));
  const uint32_t code_w = eie_fit_code_w(&w->model);
  row->verdict = eie_fit_check(&row->found.config, row->board);
  eie_fit_remedy(&row->found.config, row->board, row->change);
  if (row->verdict.what == EIE_FIT_GOOD && code_w > row->found.config.code_w) {
    row->verdict = (eie_fit_verdict){EIE_FIT_SHORT_CODES, code_w, row->found.config.code_w, NULL};
    snprintf(row->change, sizeof row->change,
             "it fits with CODE_W 8, or with a model of at most 15 shared weights a layer");
  }
  row->found.fits = row->verdict.what == EIE_FIT_GOOD;
  return EIE_OK;
}

static eie_status judge_best(const work *w, fit_row *row, eie_error *err) {
  EIE_TRY(eie_fit_search(&w->model, row->board, &row->found, err));
  row->verdict = eie_fit_check(&row->found.config, row->board);
  if (!row->found.fits && row->verdict.what != EIE_FIT_GOOD)
    snprintf(row->change, sizeof row->change,
             "another board: one PE with the smallest memories is too large");
  return EIE_OK;
}

static eie_status judge(const request *r, const work *w, fit_row *row, eie_error *err) {
  EIE_TRY(is_fixed(r) ? judge_asked(r, w, row, err) : judge_best(w, row, err));
  eie_fit_resources(&row->found.config, row->board, &row->use);
  row->clock = eie_board_clock_for(row->board, row->found.config.n_pe);
  if (!row->found.fits) return EIE_OK;
  return fit_speed_of(&w->model, &row->found.config, r->input ? &w->inputs : NULL, w->count, &row->speed,
                      err);
}

static eie_status read_boards(const request *r, work *w, eie_error *err) {
  if (!r->board) return eie_boards_read(&w->boards, &w->n_boards, err);
  w->boards = calloc(1, sizeof *w->boards);
  if (!w->boards) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a board");
  w->n_boards = 1;
  return eie_board_read(r->board, w->boards, err);
}

static eie_status read_inputs(const request *r, work *w, eie_error *err) {
  if (!r->input) return EIE_OK;
  EIE_TRY(eie_activations_read(r->input, w->model.layers[0].cols, w->model.input_frac, &w->inputs, err));
  w->count = r->limit && r->limit < w->inputs.count ? r->limit : w->inputs.count;
  return EIE_OK;
}

static eie_status judge_all(const request *r, work *w, eie_error *err) {
  eie_progress progress;
  eie_status status = EIE_OK;
  eie_progress_start(&progress, "boards", w->n_boards);
  for (uint32_t k = 0; k < w->n_boards && !status; k++) {
    w->rows[k].board = &w->boards[k];
    status = judge(r, w, &w->rows[k], err);
    if (status) eie_error_prefix(err, "board %s", w->boards[k].name);
    eie_progress_update(&progress, k + 1);
  }
  eie_progress_end(&progress);
  return status;
}

static eie_status run(const request *r, work *w, eie_error *err) {
  EIE_TRY(read_boards(r, w, err));
  EIE_TRY(eie_model_read(r->model, &w->model, err));
  EIE_TRY(read_inputs(r, w, err));
  w->rows = calloc(w->n_boards, sizeof *w->rows);
  if (!w->rows) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u boards", w->n_boards);
  return judge_all(r, w, err);
}

static int show(const request *r, const work *w) {
  const char *slash = strrchr(r->model, '/');
  const fit_report report = {.model = slash && slash[1] ? slash + 1 : r->model,
                             .fixed = is_fixed(r),
                             .inputs = w->count,
                             .n_rows = w->n_boards,
                             .rows = w->rows};
  int code = 0;
  if (r->json)
    code = eie_cli_json("fit", fit_report_json(&report));
  else
    fit_report_print(&report, stdout);
  return !code && is_fixed(r) && r->board && !w->rows[0].found.fits ? 1 : code;
}

int eie_cmd_fit(int argc, char **argv) {
  request r = {.model = NULL};
  int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  if (r.limit && !r.input) return eie_cli_bad_use("fit", "--limit goes with --input X");
  work w = {.n_boards = 0};
  eie_error err = {""};
  const eie_status status = run(&r, &w, &err);
  code = status ? eie_cli_fail("fit", status, &err) : show(&r, &w);
  free(w.rows);
  free(w.boards);
  eie_model_free(&w.model);
  eie_activations_free(&w.inputs);
  return code;
}
