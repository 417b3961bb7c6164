// SPDX-License-Identifier: Apache-2.0
// Runs tb/verilator.mk, tb/netlist.mk or tb/icarus.mk: first with -q to see whether there is anything to do,
// then for real.
#include "device_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef EIE_SOURCE_DIR
#define EIE_SOURCE_DIR "."
#endif

static const char *const variant_names[] = {"fast", "watch", "trace", "netlist"};

typedef struct {
  const char *makefile;
  char name[96], variant[32], parameters[512], build[512];
} make_words;

// Where builds go: build/ of the source tree, or $EIE_BUILD_DIR (relative to that tree).
static const char *build_dir(void) {
  const char *dir = getenv("EIE_BUILD_DIR");
  return dir && *dir ? dir : "build";
}

// EIE_BUILD_TRUST: what is there was built by the caller a moment ago; make is not asked again.
static int is_trusted(const char *path) {
  const char *trust = getenv("EIE_BUILD_TRUST");
  return trust && *trust && access(path, R_OK) == 0;
}

static void fill_words(const eie_config *config, eie_build build, make_words *w) {
  snprintf(w->build, sizeof w->build, "BUILD=%s", build_dir());
  snprintf(w->name, sizeof w->name, "NAME=%s", config->name);
  snprintf(w->variant, sizeof w->variant, "VARIANT=%s", variant_names[build]);
  size_t used = (size_t)snprintf(w->parameters, sizeof w->parameters, "PARAMETERS=");
#define EIE_WORD(field, key, lo, hi, what) \
  used += (size_t)snprintf(w->parameters + used, sizeof w->parameters - used, #key "=%u ", config->field);
  EIE_CONFIG_PARAMETERS(EIE_WORD)
#undef EIE_WORD
  w->parameters[used - 1] = 0;
}

// The name becomes a folder under build/rtl and a word of a shell line.
static int name_is_plain(const char *name) {
  if (!*name) return 0;
  for (const char *c = name; *c; c++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.", *c) || *name == '.')
      return 0;
  return 1;
}

// Exit code of make, or -1 when it could not be started.
static int run_make(const make_words *w, const char *option, const char *word, const char *goal) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    unsetenv("MAKEFLAGS");
    unsetenv("MFLAGS");
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0 || chdir(EIE_SOURCE_DIR)) _exit(127);
    execlp("make", "make", "-s", "--no-print-directory", "-f", w->makefile, w->name, w->variant,
           w->parameters, w->build, option, word, goal, (char *)NULL);
    _exit(127);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

static eie_status check_name(const eie_config *config, eie_error *err) {
  if (name_is_plain(config->name)) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE, "configuration '%s': a name to simulate has letters, digits and '_' only",
                  config->name);
}

static eie_status explain(const eie_config *config, int code, eie_error *err) {
  if (code == 127 || code < 0)
    return eie_fail(err, EIE_ERR_DEVICE, "make could not be started in %s to build the RTL", EIE_SOURCE_DIR);
  return eie_fail(err, EIE_ERR_DEVICE, "the RTL of configuration %s did not build (make in %s said why)",
                  config->name, EIE_SOURCE_DIR);
}

// build_dir()/`rest`, found from anywhere.
static eie_status whole_path(char *path, size_t size, const char *rest, eie_error *err) {
  const char *root = build_dir()[0] == '/' ? "" : EIE_SOURCE_DIR "/";
  if ((size_t)snprintf(path, size, "%s%s/%s", root, build_dir(), rest) < size) return EIE_OK;
  return eie_fail(err, EIE_ERR_DEVICE, "%s: the path is too long", EIE_SOURCE_DIR);
}

eie_status eie_device_build(const eie_config *config, eie_build build, int verbose, char *path, size_t size,
                            eie_error *err) {
  EIE_TRY(check_name(config, err));
  make_words w = {.makefile = build == EIE_BUILD_NETLIST ? "tb/netlist.mk" : "tb/verilator.mk"};
  fill_words(config, build, &w);
  char rest[200], library[700];
  snprintf(rest, sizeof rest, "rtl/%s%s%s/libeie_rtl.so", config->name, build == EIE_BUILD_FAST ? "" : "-",
           build == EIE_BUILD_FAST ? "" : variant_names[build]);
  snprintf(library, sizeof library, "%s/%s", build_dir(), rest);
  EIE_TRY(whole_path(path, size, rest, err));
  if (is_trusted(path)) return EIE_OK;
  int stale = access(path, R_OK) != 0 || run_make(&w, "-q", "EIE_RTL_LOCKED=1", library) != 0;
  if (!stale) return EIE_OK;
  if (verbose)
    fprintf(stderr, "building the Verilated %s (once%s)\n", config->name,
            config->n_pe >= 64 ? ", about a minute" : "");
  int code = run_make(&w, "-s", "VARIANT_ASKED_BY=eie", "lib");
  return code == 0 ? EIE_OK : explain(config, code, err);
}

eie_status eie_device_build_icarus(const eie_config *config, int verbose, char *program, size_t program_size,
                                   char *vpi_dir, size_t dir_size, eie_error *err) {
  EIE_TRY(check_name(config, err));
  make_words w = {.makefile = "tb/icarus.mk"};
  fill_words(config, EIE_BUILD_FAST, &w);
  char rest[200];
  snprintf(rest, sizeof rest, "rtl-icarus/%s/eie_top.vvp", config->name);
  EIE_TRY(whole_path(program, program_size, rest, err));
  EIE_TRY(whole_path(vpi_dir, dir_size, "rtl-icarus", err));
  if (is_trusted(program)) return EIE_OK;
  if (access(program, R_OK) == 0 && run_make(&w, "-q", "EIE_RTL_LOCKED=1", "both") == 0) return EIE_OK;
  if (verbose) fprintf(stderr, "compiling %s for Icarus (once)\n", config->name);
  const int code = run_make(&w, "-s", "VARIANT_ASKED_BY=eie", "lib");
  return code == 0 ? EIE_OK : explain(config, code, err);
}
