// SPDX-License-Identifier: Apache-2.0
// The RTL with a bug planted in it: a copy of rtl/ under build/tmp/planted with tests/planted/NAME.patch
// applied, and the simulation built of it. A file is written only when its text differs from what is there,
// so that a simulation is built again only when the patched RTL is another one.
#ifndef PLANTED_RTL_H
#define PLANTED_RTL_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "eie_device.h"
#include "eie_file.h"

// A folder for each engine: their programs run side by side.
static inline const char *planted_dir(void) {
  return strcmp(eie_device_rtl_engine(), "icarus") ? "build/tmp/planted" : "build/tmp/planted-icarus";
}

// Makes the folder and keeps others of the same engine out of it until this program ends.
static inline void planted_begin(void) {
  char path[100];
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  mkdir("build", 0777);
  mkdir("build/tmp", 0777);
  mkdir(planted_dir(), 0777);
  snprintf(path, sizeof path, "%s/lock", planted_dir());
  const int lock = open(path, O_RDWR | O_CREAT, 0666);
  if (lock < 0 || fcntl(lock, F_SETLKW, &whole)) command_give_up(path);
}

static inline uint8_t *planted_read(const char *path, size_t *size) {
  uint8_t *bytes = NULL;
  eie_error err = {""};
  if (eie_file_read(path, 1 << 20, &bytes, size, &err)) fail_msg("%s", err.text);
  return bytes;
}

static inline int planted_is_source(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot && (!strcmp(dot, ".sv") || !strcmp(dot, ".svh"));
}

// The sources of `from` that differ in `to`; with `copy` they are then the same in both, and `to` has no
// others.
static inline uint32_t planted_differ(const char *from, const char *to, int copy) {
  uint32_t differ = 0;
  char a[400], b[400];
  struct dirent *e;
  DIR *d = opendir(to);
  while (d && (e = readdir(d))) {
    snprintf(a, sizeof a, "%s/%s", from, e->d_name);
    snprintf(b, sizeof b, "%s/%s", to, e->d_name);
    if (copy && planted_is_source(e->d_name) && access(a, R_OK)) unlink(b);
  }
  if (d) closedir(d);
  d = opendir(from);
  assert_non_null(d);
  while ((e = readdir(d))) {
    if (!planted_is_source(e->d_name)) continue;
    snprintf(a, sizeof a, "%s/%s", from, e->d_name);
    snprintf(b, sizeof b, "%s/%s", to, e->d_name);
    size_t n = 0, m = 0;
    uint8_t *x = planted_read(a, &n), *y = access(b, R_OK) ? NULL : planted_read(b, &m);
    const int same = y && n == m && memcmp(x, y, n) == 0;
    differ += !same;
    if (copy && !same) write_bytes(b, x, n);
    free(x);
    free(y);
  }
  closedir(d);
  return differ;
}

// Applies a patch file to a copy of rtl/, which then is planted_dir()/NAME/rtl. NULL, or why not: it does not
// apply as it stands (lines may have moved up or down), or changes nothing.
static inline const char *planted_try(const char *name, const char *file) {
  char dir[200], rtl[220], next[220], patched[240], command[900];
  const char *why = NULL;
  snprintf(dir, sizeof dir, "%s/%s", planted_dir(), name);
  snprintf(rtl, sizeof rtl, "%s/rtl", dir);
  snprintf(next, sizeof next, "%s/next", dir);
  snprintf(patched, sizeof patched, "%s/rtl", next);
  mkdir(dir, 0777);
  mkdir(rtl, 0777);
  remove_folder(next);
  mkdir(next, 0777);
  mkdir(patched, 0777);
  planted_differ("rtl", patched, 1);
  snprintf(command, sizeof command, "patch -s -p1 -F0 --no-backup-if-mismatch -r - -d %s < %s >&2", next,
           file);
  if (system(command)) why = "does not apply to rtl/: make it again";
  if (!why && !planted_differ("rtl", patched, 0)) why = "changes nothing";
  if (!why) planted_differ(patched, rtl, 1);
  remove_folder(next);
  return why;
}

static inline void planted_apply(const char *name) {
  char file[200];
  snprintf(file, sizeof file, "tests/planted/%s.patch", name);
  const char *why = planted_try(name, file);
  if (why) fail_msg("%s %s", file, why);
}

// From now on this process builds and opens the patched RTL, in planted_dir()/build; with NULL the RTL
// itself.
static inline void planted_use(const char *name, const char *build) {
  char dir[220];
  if (!name) {
    unsetenv("RTL_DIR");
    unsetenv("EIE_BUILD_DIR");
    return;
  }
  snprintf(dir, sizeof dir, "%s/%s/rtl", planted_dir(), name);
  setenv("RTL_DIR", dir, 1);
  snprintf(dir, sizeof dir, "%s/%s", planted_dir(), build);
  mkdir(dir, 0777);
  setenv("EIE_BUILD_DIR", dir, 1);
}

#endif
