// SPDX-License-Identifier: Apache-2.0
// eie pack: a compressed model to the memory images of one configuration, and what is known before any run.
#include <stdio.h>

#include "cmd_pack_json.h"
#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_packed_source.h"

static const char description[] =
    "Deals the rows of each layer of MODEL to the PEs of a configuration, encodes the columns, cuts layers "
    "that do not "
    "fit into passes, and reports what is known before any simulation: stored weights, padding entries, how "
    "much fuller "
    "the busiest PE is than the mean, passes and loads, how full each memory is, the cycles that no input "
    "can exceed, "
    "and whether an accumulator can overflow. With -o it also writes the packed directory: manifest.json and "
    "one "
    "$readmemh file a memory and PE (docs/packed-format.md).\n\n"
    "An existing DIR is replaced only if it is a packed directory.";

static const char examples[] =
    "eie pack model.safetensors --config pe64 -o packed\n"
    "eie pack model.safetensors --config tiny --dealing interleaved --json";

typedef struct {
  const char *model, *config, *dir, *calibrate;
  eie_option_list sets;
  uint32_t dealing;
  uint64_t seed;
  int json;
} request;

static int parse(request *r, int argc, char **argv) {
  const eie_option options[] = {
      {EIE_OPTION_CONFIG(&r->config), .required = 1},
      {EIE_OPTION_SET(&r->sets)},
      {EIE_OPTION_DEALING(&r->dealing)},
      {EIE_OPTION_SEED(&r->seed)},
      {EIE_OPTION_CALIBRATE(&r->calibrate)},
      {.name = "output",
       .letter = 'o',
       .value = "DIR",
       .help = "write the packed directory",
       .text = &r->dir},
      {EIE_OPTION_JSON(&r->json)},
  };
  const eie_command command = {
      .name = "pack",
      .summary = "pack a model for a configuration",
      .synopsis =
          "MODEL --config NAME [--set KEY=VALUE] [--dealing HOW] [--seed S] [--calibrate X] [-o DIR] "
          "[--json]",
      .description = description,
      .examples = examples,
      .options = options,
      .n_options = sizeof options / sizeof options[0],
      .min_operands = 1,
      .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->model, NULL);
}

static eie_status pack(const request *r, eie_packed *packed, eie_error *err) {
  eie_config config;
  eie_model model;
  const eie_pack_options options = {.dealing = (eie_dealing)r->dealing, .seed = r->seed};
  EIE_TRY(eie_packed_source_config(r->config, &r->sets, &config, err));
  EIE_TRY(eie_model_read(r->model, &model, err));
  eie_status status = eie_packed_source_pack(&model, &config, &options, r->calibrate, packed, err);
  if (status != EIE_OK) eie_error_prefix(err, "%s", r->model);
  eie_model_free(&model);
  return status;
}

static int show(const request *r, const eie_packed *packed, const eie_pack_report *report) {
  if (r->json) return eie_cli_json("pack", eie_pack_json(packed, report));
  eie_pack_report_print(packed, report, stdout);
  if (r->dir) printf("\npacked directory written to %s\n", r->dir);
  return 0;
}

int eie_cmd_pack(int argc, char **argv) {
  request r = {.dealing = EIE_DEAL_BALANCED, .seed = 1};
  int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  eie_error err;
  eie_packed packed = {.n_layers = 0};
  eie_pack_report report = {.n_layers = 0};
  eie_status status = pack(&r, &packed, &err);
  if (status != EIE_OK) return eie_cli_fail("pack", status, &err);
  status = eie_pack_report_make(&packed, &report, &err);
  if (status == EIE_OK && r.dir) status = eie_packed_write(r.dir, &packed, &err);
  code = eie_cli_fail("pack", status, &err);
  if (status == EIE_OK) code = show(&r, &packed, &report);
  eie_pack_report_free(&report);
  eie_packed_free(&packed);
  return code;
}
