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
#include "eie_file.h"

#define PLANTED_DIR "build/tmp/planted"

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

// Applies tests/planted/NAME.patch to a copy of rtl/. Fails when it does not apply as it stands (lines may
// have moved up or down) or changes nothing.
static inline void planted_apply(const char *name) {
  char dir[200], rtl[220], next[220], patched[240], command[700];
  snprintf(dir, sizeof dir, PLANTED_DIR "/%s", name);
  snprintf(rtl, sizeof rtl, "%s/rtl", dir);
  snprintf(next, sizeof next, "%s/next", dir);
  snprintf(patched, sizeof patched, "%s/rtl", next);
  mkdir("build/tmp", 0777);
  mkdir(PLANTED_DIR, 0777);
  mkdir(dir, 0777);
  mkdir(rtl, 0777);
  remove_folder(next);
  mkdir(next, 0777);
  mkdir(patched, 0777);
  planted_differ("rtl", patched, 1);
  snprintf(command, sizeof command,
           "patch -s -p1 -F0 --no-backup-if-mismatch -r - -d %s < tests/planted/%s.patch >&2", next, name);
  if (system(command)) fail_msg("tests/planted/%s.patch does not apply to rtl/: make it again", name);
  if (!planted_differ("rtl", patched, 0)) fail_msg("tests/planted/%s.patch changes nothing", name);
  planted_differ(patched, rtl, 1);
  remove_folder(next);
}

// From now on this process builds and opens the patched RTL; with NULL the RTL itself.
static inline void planted_use(const char *name) {
  char dir[220];
  if (!name) {
    unsetenv("RTL_DIR");
    unsetenv("EIE_BUILD_DIR");
    return;
  }
  snprintf(dir, sizeof dir, PLANTED_DIR "/%s/rtl", name);
  setenv("RTL_DIR", dir, 1);
  setenv("EIE_BUILD_DIR", PLANTED_DIR "/build", 1);
  mkdir(PLANTED_DIR "/build", 0777);
}

#endif
