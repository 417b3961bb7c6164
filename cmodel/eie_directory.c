// SPDX-License-Identifier: Apache-2.0
#include "eie_directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static eie_status io_fail(const char *path, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_IO, "%s: cannot %s: %s", path, what, strerror(errno));
}

static int is_dot(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// "folder/name"; the caller frees it. NULL without memory.
static char *join(const char *folder, const char *name) {
  const size_t room = strlen(folder) + strlen(name) + 2;
  char *path = malloc(room);
  if (path) snprintf(path, room, "%s/%s", folder, name);
  return path;
}

// ---- removing: only what the kind may have, so that a file of somebody else survives ----

static void remove_files(const char *folder, int (*is_file)(const char *)) {
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && (entry = readdir(dir)) != NULL) {
    if (!is_file(entry->d_name)) continue;
    char *path = join(folder, entry->d_name);
    if (path) unlink(path);
    free(path);
  }
  if (dir) closedir(dir);
  rmdir(folder);
}

static void remove_all(const char *folder, const eie_directory_kind *kind) {
  char *inner = kind->folder ? join(folder, kind->folder) : NULL;
  if (inner) remove_files(inner, kind->is_folder_file);
  free(inner);
  remove_files(folder, kind->is_file);
}

// ---- what stands at the place ----

static eie_status foreign(const char *place, const eie_directory_kind *kind, eie_error *err) {
  return eie_fail(err, EIE_ERR_USE, "%s: holds something else than %s; choose another name", place,
                  kind->what);
}

// Names in `folder` that `is_file` does not know, `except` (may be NULL) set aside; *count all of them.
static eie_status count_foreign(const char *folder, int (*is_file)(const char *), const char *except,
                                uint32_t *count, uint32_t *others, eie_error *err) {
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  if (!dir) return io_fail(folder, "list it", err);
  while ((entry = readdir(dir)) != NULL) {
    if (is_dot(entry->d_name)) continue;
    ++*count;
    if (except && strcmp(entry->d_name, except) == 0) continue;
    *others += !is_file(entry->d_name);
  }
  closedir(dir);
  return EIE_OK;
}

// The inner folder, where there is one, must be a folder with nothing but its own files.
static eie_status check_inner(const char *inner, const char *place, const eie_directory_kind *kind,
                              eie_error *err) {
  struct stat st;
  uint32_t count = 0, others = 0;
  if (lstat(inner, &st) != 0) return errno == ENOENT ? EIE_OK : io_fail(inner, "look at it", err);
  if (!S_ISDIR(st.st_mode)) return foreign(place, kind, err);
  EIE_TRY(count_foreign(inner, kind->is_folder_file, NULL, &count, &others, err));
  return others ? foreign(place, kind, err) : EIE_OK;
}

static int has_marks(const char *place, const eie_directory_kind *kind) {
  struct stat st;
  for (const char *const *mark = kind->marks; *mark; mark++) {
    char *path = join(place, *mark);
    const int found = path && lstat(path, &st) == 0 && S_ISREG(st.st_mode);
    free(path);
    if (!found) return 0;
  }
  return 1;
}

// Nothing there: EIE_OK with *there 0. One of the kind, or an empty one: EIE_OK with *there 1.
static eie_status may_replace(const char *place, const eie_directory_kind *kind, int *there, eie_error *err) {
  struct stat st;
  uint32_t count = 0, others = 0;
  *there = 0;
  if (lstat(place, &st) != 0) return errno == ENOENT ? EIE_OK : io_fail(place, "look at it", err);
  if (!S_ISDIR(st.st_mode))
    return eie_fail(err, EIE_ERR_USE, "%s: exists and is not a directory; choose another name", place);
  EIE_TRY(count_foreign(place, kind->is_file, kind->folder, &count, &others, err));
  if (others || (count && !has_marks(place, kind))) return foreign(place, kind, err);
  if (kind->folder) {
    char *inner = join(place, kind->folder);
    if (!inner) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", place);
    const eie_status status = check_inner(inner, place, kind, err);
    free(inner);
    if (status) return status;
  }
  *there = 1;
  return EIE_OK;
}

// ---- making and placing ----

// Makes "place.WORD-N", a name that was not there.
static eie_status make_beside(const char *place, const char *word, char **made, eie_error *err) {
  const size_t room = strlen(place) + strlen(word) + 32;
  char *path = malloc(room);
  if (!path) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", place);
  for (unsigned n = 0; n < 1000; n++) {
    snprintf(path, room, "%s.%s-%ld-%u", place, word, (long)getpid(), n);
    if (mkdir(path, 0777) == 0) {
      *made = path;
      return EIE_OK;
    }
    if (errno != EEXIST) break;
  }
  const eie_status status = io_fail(path, "create", err);
  free(path);
  return status;
}

static eie_status make_inner(const eie_directory *d, eie_error *err) {
  if (!d->kind->folder) return EIE_OK;
  char *inner = join(d->temporary, d->kind->folder);
  if (!inner) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", d->place);
  const eie_status status = mkdir(inner, 0777) == 0 ? EIE_OK : io_fail(inner, "create", err);
  free(inner);
  return status;
}

static void forget(eie_directory *d) {
  free(d->place);
  free(d->temporary);
  memset(d, 0, sizeof *d);
}

eie_status eie_directory_begin(const char *place, const eie_directory_kind *kind, eie_directory *directory,
                               eie_error *err) {
  size_t n = strlen(place);
  while (n > 1 && place[n - 1] == '/') n--;
  if (n == 0 || (n == 1 && place[0] == '/'))
    return eie_fail(err, EIE_ERR_USE, "%s needs the name of a directory to make", kind->what);
  eie_directory d = {.kind = kind, .place = malloc(n + 1)};
  if (!d.place) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", place);
  memcpy(d.place, place, n);
  d.place[n] = 0;
  eie_status status = may_replace(d.place, kind, &d.there, err);
  if (!status) status = make_beside(d.place, "tmp", &d.temporary, err);
  if (!status) status = make_inner(&d, err);
  if (status) {
    eie_directory_abandon(&d);
    return status;
  }
  *directory = d;
  return EIE_OK;
}

eie_status eie_directory_add(const eie_directory *d, const char *name, const char *text, size_t size,
                             eie_error *err) {
  char *path = join(d->temporary, name);
  if (!path) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", d->place);
  FILE *file = fopen(path, "wb");
  eie_status status = EIE_OK;
  if (!file) status = io_fail(path, "create", err);
  if (file && fwrite(text, 1, size, file) != size) status = io_fail(path, "write", err);
  if (file && fclose(file) != 0 && status == EIE_OK) status = io_fail(path, "write", err);
  free(path);
  return status;
}

// The old one, if there is one, goes when the new one stands.
static eie_status put_in_place(const eie_directory *d, eie_error *err) {
  char *old = NULL;
  if (d->there) {
    EIE_TRY(make_beside(d->place, "old", &old, err));
    if (rename(d->place, old) != 0) {
      const eie_status status = io_fail(d->place, "rename", err);
      rmdir(old);
      free(old);
      return status;
    }
  }
  if (rename(d->temporary, d->place) != 0) {
    const eie_status status = io_fail(d->place, "create", err);
    if (old) rename(old, d->place);
    free(old);
    return status;
  }
  if (old) remove_all(old, d->kind);
  free(old);
  return EIE_OK;
}

eie_status eie_directory_finish(eie_directory *d, eie_error *err) {
  const eie_status status = put_in_place(d, err);
  if (status)
    eie_directory_abandon(d);
  else
    forget(d);
  return status;
}

void eie_directory_abandon(eie_directory *d) {
  if (d->temporary) remove_all(d->temporary, d->kind);
  forget(d);
}
