// SPDX-License-Identifier: Apache-2.0
// What every subcommand of `eie` shares: options from a table, help, progress, JSON, exit codes.
//
// A subcommand is a function int eie_cmd_NAME(int argc, char **argv) with argv[0] = "NAME". It declares
// its options as a local table whose targets are local variables that hold the defaults:
//
//   uint32_t limit = 0;
//   const char *input = NULL, *model = NULL;
//   int json = 0;
//   const eie_option options[] = {
//       {.name = "input", .value = "X", .help = "activations: .npy or IDX", .text = &input, .required = 1},
//       {.name = "limit", .value = "N", .help = "only the first N inputs", .u32 = &limit, .lo = 1, .hi =
//       1e9},
//       {.name = "json", .help = "report as JSON", .flag = &json},
//   };
//   const eie_command command = {.name = "run", .summary = "...", .synopsis = "MODEL --input X [...]",
//                                .description = "...", .examples = "...",
//                                .options = options, .n_options = 3, .min_operands = 1, .max_operands = 1};
//   const char *operand[1];
//   int exit_code = eie_cli_parse(&command, argc, argv, operand, NULL);
//   if (exit_code >= 0) return exit_code;  // help was printed (0) or a sentence about bad use (2)
//   ...
//   if (status != EIE_OK) return eie_cli_fail("run", status, &err);
//
// Bad use and errors print one line "eie NAME: sentence" on stderr. Results go to stdout; main checks
// that stdout took everything.
#ifndef EIE_CLI_H
#define EIE_CLI_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "eie_error.h"

enum { EIE_CLI_LIST_MAX = 64 };

// The values of an option that may be repeated (--set KEY=VALUE).
typedef struct {
  uint32_t count;
  const char *items[EIE_CLI_LIST_MAX];  // borrowed from argv
} eie_option_list;

// One option. Exactly one of flag, text, u32, i32, u64, real, choice, list is set and takes the value.
// Every option but a list may be given once. "--name VALUE", "--name=VALUE", "-l VALUE" are accepted;
// "--" ends the options; a single "-" is an operand.
typedef struct {
  const char *name;       // without the dashes
  char letter;            // short form, or 0
  const char *value;      // word for the value in help, e.g. "N"; NULL for a flag
  const char *help;       // one or more lines; the text is wrapped
  int *flag;              // becomes 1
  const char **text;      // any text that is not empty; borrowed from argv
  uint32_t *u32;          // decimal integer in lo..hi
  int32_t *i32;           // decimal integer in lo..hi, may be negative
  uint64_t *u64;          // decimal integer, any 64 bits (seeds); lo and hi are not used
  double *real;           // finite decimal number in lo..hi
  uint32_t *choice;       // index of the value in choices
  const char *choices;    // "interleaved|balanced"
  eie_option_list *list;  // each use is added
  double lo, hi;          // for u32, i32 and real
  int required;           // 1: bad use without it
} eie_option;

typedef struct {
  const char *name;         // "run"
  const char *summary;      // "run a model in the golden model"
  const char *synopsis;     // what follows "eie run " on the first line of help
  const char *description;  // paragraphs, separated by an empty line; wrapped when printed
  const char *exit_status;  // NULL: the usual text for 0 and 2
  const char *examples;     // lines, printed as they are, each indented
  const eie_option *options;
  uint32_t n_options;
  uint32_t min_operands, max_operands;
} eie_command;

// Reads the command line. Fills operands[max_operands] (those not given are NULL) and *n_operands
// (which may be NULL). Returns -1 to go on, else the exit code to return at once: 0 after --help,
// 2 after a sentence about bad use.
int eie_cli_parse(const eie_command *command, int argc, char **argv, const char **operands,
                  uint32_t *n_operands);

// Prints "eie NAME: sentence" on stderr and returns the exit code of `status` (0, silently, for EIE_OK).
int eie_cli_fail(const char *command, eie_status status, const eie_error *err);

// The same for bad use found after parsing; returns 2.
int eie_cli_bad_use(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Prints a JSON value and a newline on stdout and deletes it. NULL (no memory while it was built) or a
// failure to print is an error: one sentence, returns 2. Returns 0 when printed.
int eie_cli_json(const char *command, cJSON *root);

// JSON numbers from integers; above 2^53 the last bits are lost, as in every JSON reader.
cJSON *eie_json_add_u64(cJSON *object, const char *key, uint64_t value);

// A progress line on stderr, drawn only when stderr is a terminal and at most ten times a second.
typedef struct {
  const char *label;
  uint64_t total;
  int on;            // stderr is a terminal
  int64_t drawn_ms;  // when it was last drawn
} eie_progress;

void eie_progress_start(eie_progress *p, const char *label, uint64_t total);
void eie_progress_update(eie_progress *p, uint64_t done);
void eie_progress_end(eie_progress *p);  // wipes the line; call it before printing anything else

#endif
