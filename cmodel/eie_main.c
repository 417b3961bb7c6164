// SPDX-License-Identifier: Apache-2.0
// The command `eie`: finds the subcommand, runs it, and makes sure that stdout took what was printed.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "eie_commands.h"
#include "eie_error.h"
#include "eie_version.h"

typedef struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *line;
} subcommand;

static const subcommand subcommands[] = {
    {"info", eie_cmd_info, "say what a model, packed image, tensor or configuration holds"},
    {"pack", eie_cmd_pack, "pack a model into the memory images of a configuration"},
    {"run", eie_cmd_run, "run a model in the golden model: outputs, accuracy, counters"},
    {"sim", eie_cmd_sim, "run a model on the RTL and compare every bit with the golden model"},
    {"cycles", eie_cmd_cycles, "tell the cycles of a model on an array, exact, without simulating"},
    {"bench", eie_cmd_bench, "run the nine layers of the paper and compare with its cycles"},
    {"fit", eie_cmd_fit, "say on which FPGA boards a model fits, and how fast it is there"},
    {"vectors", eie_cmd_vectors, "write test vectors for any simulator or board"},
    {"gen", eie_cmd_gen, "generate a synthetic layer and its activations"},
    {"train", eie_cmd_train, "train, prune, share and quantise LeNet-300-100"},
};
enum { N_SUBCOMMANDS = sizeof subcommands / sizeof subcommands[0] };

static int print_help(void) {
  printf(
      "NAME\n    eie - compressed neural networks on the EIE array: model, packer, simulator\n\n"
      "SYNOPSIS\n    eie COMMAND [OPERANDS] [OPTIONS]\n    eie COMMAND --help\n    eie --version\n\n"
      "COMMANDS\n");
  for (int i = 0; i < N_SUBCOMMANDS; i++) printf("    %-8s%s\n", subcommands[i].name, subcommands[i].line);
  printf(
      "\nENVIRONMENT\n"
      "    EIE_CONFIG_DIR  a folder of NAME.cfg files, looked into before the source tree's rtl/configs\n"
      "    EIE_BOARD_DIR   a folder of boards, in place of the source tree's synth/boards\n\n"
      "EXIT STATUS\n"
      "    0  good\n"
      "    1  a comparison found a difference, or the device failed\n"
      "    2  bad use or input; one line on stderr says what, where and what to do\n\n"
      "The pages are in docs/; start with docs/commands.md.\n");
  return 0;
}

static int dispatch(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "eie: no command given; \"eie --help\" lists the commands\n");
    return 2;
  }
  int alone = argc == 2;
  if (alone && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) return print_help();
  if (alone && strcmp(argv[1], "--version") == 0) {
    printf("eie %s\n", EIE_VERSION);
    return 0;
  }
  for (int i = 0; i < N_SUBCOMMANDS; i++)
    if (strcmp(argv[1], subcommands[i].name) == 0) return subcommands[i].run(argc - 1, argv + 1);
  eie_error err;
  eie_fail(&err, EIE_ERR_USE, "unknown command \"%.60s\"; \"eie --help\" lists the commands", argv[1]);
  fprintf(stderr, "eie: %s\n", err.text);
  return 2;
}

int main(int argc, char **argv) {
  int code = dispatch(argc, argv);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "eie: cannot write to standard output: %s\n", strerror(errno));
    return 2;
  }
  return code;
}
