// SPDX-License-Identifier: Apache-2.0
// A copy of rtl/ with one piece of text replaced, for tests that must find what that breaks. It has a folder
// of its own under build/tmp, and its simulation goes to build/tmp/NAME/build, where the next run finds it
// again.
#ifndef EIE_RTL_MUTANT_H
#define EIE_RTL_MUTANT_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "eie_file.h"

typedef struct {
  const char *name;       // of the folder
  const char *file;       // in rtl/
  const char *from, *to;  // `from` must be there exactly once
} rtl_mutant;

// Writes only what differs, so that nothing is built twice.
static inline void mutant_write(const char *path, const char *bytes, size_t size, eie_error *err) {
  uint8_t *old = NULL;
  size_t old_size = 0;
  const int same = eie_file_read(path, 1 << 20, &old, &old_size, NULL) == EIE_OK && old_size == size &&
                   memcmp(old, bytes, size) == 0;
  free(old);
  if (!same) must(eie_file_write(path, bytes, size, err), err);
}

static inline void mutant_copy(const rtl_mutant *m, const char *dir, const char *file, eie_error *err) {
  char from[300], to[400];
  uint8_t *bytes = NULL;
  size_t size = 0;
  snprintf(from, sizeof from, "rtl/%s", file);
  snprintf(to, sizeof to, "%s/%s", dir, file);
  must(eie_file_read(from, 1 << 20, &bytes, &size, err), err);
  char *text = (char *)bytes, *at = strstr(text, m->from);
  if (strcmp(file, m->file)) {
    mutant_write(to, text, size, err);
  } else {
    if (!at || strstr(at + 1, m->from)) fail_msg("%s has \"%s\" not exactly once", from, m->from);
    char *spoilt = malloc(size + strlen(m->to) + 1);
    assert_non_null(spoilt);
    const int n = sprintf(spoilt, "%.*s%s%s", (int)(at - text), text, m->to, at + strlen(m->from));
    mutant_write(to, spoilt, (size_t)n, err);
    free(spoilt);
  }
  free(bytes);
}

// From now on this process builds and opens the mutant; with NULL the RTL itself.
static inline void mutant_use(const rtl_mutant *m) {
  char dir[200], build[220];
  eie_error err = {""};
  if (!m) {
    unsetenv("RTL_DIR");
    unsetenv("EIE_BUILD_DIR");
    return;
  }
  mkdir("build/tmp", 0777);
  snprintf(dir, sizeof dir, "build/tmp/mutant-%s", m->name);
  mkdir(dir, 0777);
  snprintf(build, sizeof build, "%s/build", dir);
  mkdir(build, 0777);
  strcat(dir, "/rtl");
  mkdir(dir, 0777);
  DIR *d = opendir("rtl");
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d));) {
    const char *dot = strrchr(e->d_name, '.');
    if (dot && (!strcmp(dot, ".sv") || !strcmp(dot, ".svh"))) mutant_copy(m, dir, e->d_name, &err);
  }
  closedir(d);
  setenv("RTL_DIR", dir, 1);
  setenv("EIE_BUILD_DIR", build, 1);
}

#endif
