// SPDX-License-Identifier: Apache-2.0
// The parts of `eie info`, one a kind of file. Each prints a report, or one JSON object, on stdout and
// returns the exit code.
#ifndef CMD_INFO_H
#define CMD_INFO_H

int eie_info_model(const char *path, int json);   // cmd_info_model.c
int eie_info_packed(const char *path, int json);  // cmd_info_packed.c
int eie_info_config(const char *path, int json);  // cmd_info_config.c
int eie_info_npy(const char *path, int json);     // cmd_info_tensor.c
int eie_info_idx(const char *path, int json);     // cmd_info_tensor.c

#endif
