// SPDX-License-Identifier: Apache-2.0
// The options that several subcommands have, each once, so that they are spelled and explained alike
// everywhere. For the table of a command (eie_cli.h), inside braces:
//
//   const eie_option options[] = {{EIE_OPTION_CONFIG(&r->config), .required = 1},
//                                 {EIE_OPTION_JSON(&r->json)}, ...
#ifndef EIE_CLI_OPTIONS_H
#define EIE_CLI_OPTIONS_H

#include "eie_cli.h"

// const char *
#define EIE_OPTION_CONFIG(target)    \
  .name = "config", .value = "NAME", \
  .help = "configuration: a name in rtl/configs, a board, or a .cfg file", .text = (target)
#define EIE_OPTION_INPUT(target) \
  .name = "input", .value = "X", .help = "the activations: .npy or IDX", .text = (target), .required = 1
#define EIE_OPTION_LABELS(target)                                                                    \
  .name = "labels", .value = "Y", .help = "labels: IDX bytes or .npy integers; report the accuracy", \
  .text = (target)

// eie_option_list, for eie_packed_source_config
#define EIE_OPTION_SET(target)                                                                             \
  .name = "set", .value = "KEY=VALUE", .help = "change a parameter of the configuration; may be repeated", \
  .list = (target)

// uint32_t, an eie_dealing; the caller sets the default, EIE_DEAL_BALANCED
#define EIE_OPTION_DEALING(target)                                                               \
  .name = "dealing", .value = "HOW",                                                             \
  .help = "rows to PEs: balanced (default) or interleaved, as in the paper", .choice = (target), \
  .choices = "interleaved|balanced"

// uint64_t; the caller sets the default, 1
#define EIE_OPTION_SEED(target) \
  .name = "seed", .value = "S", .help = "seed of the balanced dealing (default 1)", .u64 = (target)

// const char *
#define EIE_OPTION_CALIBRATE(target)                                                         \
  .name = "calibrate", .value = "X",                                                         \
  .help =                                                                                    \
      "inputs like those to come (.npy or IDX): balance the dealing by how often they make " \
      "each activation non-zero",                                                            \
  .text = (target)

// uint32_t, 0: all
#define EIE_OPTION_LIMIT(target) \
  .name = "limit", .value = "N", .help = "only the first N inputs", .u32 = (target), .lo = 1, .hi = UINT32_MAX

// int
#define EIE_OPTION_JSON(target) .name = "json", .help = "report as JSON", .flag = (target)

#endif
