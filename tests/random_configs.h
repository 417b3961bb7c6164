// SPDX-License-Identifier: Apache-2.0
// The configurations that the random campaigns on the RTL go through: rtl/configs/tiny.cfg and
// tests/configs/tNN.cfg, and their Verilated builds. t20 is for the harness alone: 256 PEs whose image takes
// minutes.
#ifndef RANDOM_CONFIGS_H
#define RANDOM_CONFIGS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device_build.h"
#include "eie_config.h"
#include "rtl_part.h"

static const char *const names[] = {"tiny", "t01", "t02", "t03", "t04", "t05", "t06", "t07",
                                    "t08",  "t09", "t10", "t11", "t12", "t13", "t14", "t15",
                                    "t16",  "t17", "t18", "t19", "t21", "t22"};
enum { N_CONFIGS = sizeof names / sizeof names[0] };

static eie_config read_config(const char *name) {
  eie_config config;
  eie_error err = {""};
  char path[64];
  snprintf(path, sizeof path, strcmp(name, "tiny") ? "tests/configs/%s.cfg" : "rtl/configs/%s.cfg", name);
  if (eie_config_read(path, &config, &err)) fail_msg("%s", err.text);
  return config;
}

// Two makes side by side build what is missing; `only` is one name, or NULL for all. What could not be
// built fails when its device is opened. Icarus takes a second for each, when it is opened.
static void build_all(const char *only) {
  if (strcmp(eie_device_rtl_engine(), "verilator")) return;
  pid_t child = fork();
  for (uint32_t k = child ? 0 : 1; k < N_CONFIGS; k += 2) {
    const eie_config config = read_config(names[k]);
    char path[1024];
    eie_error err = {""};
    if (only ? strcmp(only, names[k]) != 0 : config.n_pe > read_part().most_pe) continue;
    if (eie_device_build(&config, EIE_BUILD_FAST, 1, path, sizeof path, &err))
      fprintf(stderr, "%s\n", err.text);
  }
  if (child == 0) _exit(0);
  waitpid(child, NULL, 0);
}

#endif
