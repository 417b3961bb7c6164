// SPDX-License-Identifier: Apache-2.0
// Opens the RTL: for Verilator a shared object with the pins (eie_pins.h), loaded at run time; for Icarus a
// child process. $EIE_ENGINE says which one the tests mean by "rtl".
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "device_build.h"
#include "device_icarus.h"
#include "device_pins.h"

static void unload(void *library) {
  dlclose(library);
}

// Before anything is built or run. Leaves no file behind that was not there.
static eie_status check_wave(const char *wave, eie_error *err) {
  struct stat st;
  if (!wave) return EIE_OK;
  const int was_there = stat(wave, &st) == 0;
  if (was_there && !S_ISREG(st.st_mode))
    return eie_fail(err, EIE_ERR_IO, "%.400s: cannot be written: it is no regular file", wave);
  FILE *f = fopen(wave, "ab");
  if (!f) return eie_fail(err, EIE_ERR_IO, "%.400s: cannot be written: %s", wave, strerror(errno));
  fclose(f);
  if (!was_there) remove(wave);
  return EIE_OK;
}

static eie_status open_library(const char *path, void **library, eie_pins_open_fn **open_pins,
                               eie_error *err) {
  void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!lib) return eie_fail(err, EIE_ERR_DEVICE, "%s: %s", path, dlerror());
  void *symbol = dlsym(lib, EIE_PINS_OPEN_SYMBOL);
  if (!symbol) {
    dlclose(lib);
    return eie_fail(err, EIE_ERR_DEVICE, "%s: has no " EIE_PINS_OPEN_SYMBOL, path);
  }
  memcpy(open_pins, &symbol, sizeof *open_pins);  // ISO C has no cast from object to function pointer
  *library = lib;
  return EIE_OK;
}

eie_status eie_device_open_verilator(const eie_config *config, const eie_device_options *options,
                                     eie_device **device, eie_error *err) {
  char path[1024], why[600] = "";
  void *library = NULL;
  eie_pins_open_fn *open_pins = NULL;
  eie_build build = options->build;
  EIE_TRY(check_wave(options->wave, err));
  if (options->watch) build = EIE_BUILD_WATCH;
  if (options->wave) build = EIE_BUILD_TRACE;
  EIE_TRY(eie_device_build(config, build, options->verbose, path, sizeof path, err));
  EIE_TRY(open_library(path, &library, &open_pins, err));
  eie_pins pins;
  if (open_pins(options->seed, options->wave, &pins, why, sizeof why)) {
    dlclose(library);
    return eie_fail(err, EIE_ERR_DEVICE, "configuration %s: %s", config->name, why);
  }
  return eie_device_from_pins(&pins, options, unload, library, device, err);
}

eie_status eie_device_open_icarus(const eie_config *config, const eie_device_options *options,
                                  eie_device **device, eie_error *err) {
  char program[1024], vpi_dir[1024], why[800] = "";
  eie_pins pins;
  EIE_TRY(check_wave(options->wave, err));
  EIE_TRY(eie_device_build_icarus(config, options->verbose, program, sizeof program, vpi_dir, sizeof vpi_dir,
                                  err));
  if (eie_icarus_open(program, vpi_dir, options->wave, &pins, why, sizeof why))
    return eie_fail(err, EIE_ERR_DEVICE, "configuration %s: %s", config->name, why);
  return eie_device_from_pins(&pins, options, NULL, NULL, device, err);
}

const char *eie_device_rtl_engine(void) {
  const char *asked = getenv("EIE_ENGINE");
  return asked && *asked ? asked : "verilator";
}
