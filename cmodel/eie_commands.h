// SPDX-License-Identifier: Apache-2.0
// The subcommands of `eie`; eie_main.c has their table. argv[0] is the subcommand's name; the result
// is the exit code: 0 good, 1 compared unequal, 2 bad use or input.
#ifndef EIE_COMMANDS_H
#define EIE_COMMANDS_H

int eie_cmd_info(int argc, char **argv);     // cmd_info.c
int eie_cmd_pack(int argc, char **argv);     // cmd_pack.c
int eie_cmd_run(int argc, char **argv);      // cmd_run.c
int eie_cmd_sim(int argc, char **argv);      // tb/cmd_sim.c
int eie_cmd_cycles(int argc, char **argv);   // cmd_cycles.c
int eie_cmd_bench(int argc, char **argv);    // tb/cmd_bench.c
int eie_cmd_fit(int argc, char **argv);      // tb/cmd_fit.c
int eie_cmd_vectors(int argc, char **argv);  // tb/cmd_vectors.c
int eie_cmd_gen(int argc, char **argv);      // cmd_gen.c
int eie_cmd_train(int argc, char **argv);    // cmd_train.c

#endif
