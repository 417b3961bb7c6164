// SPDX-License-Identifier: Apache-2.0
// Writes a packed directory: everything under a temporary name beside it, then one rename. What stands
// there already is replaced only when it is a packed directory, or empty.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "eie_packed_parts.h"

static eie_status io_fail(const char *path, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_IO, "%s: cannot %s: %s", path, what, strerror(errno));
}

// "folder/name"; the caller frees it. NULL without memory.
static char *join(const char *folder, const char *name) {
  const size_t room = strlen(folder) + strlen(name) + 2;
  char *path = malloc(room);
  if (path) snprintf(path, room, "%s/%s", folder, name);
  return path;
}

// Into a folder that nobody knows yet, so without a temporary name of its own.
static eie_status write_file(const char *folder, const char *name, const char *text, size_t size,
                             eie_error *err) {
  char *path = join(folder, name);
  if (!path) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", folder);
  FILE *file = fopen(path, "wb");
  eie_status status = EIE_OK;
  if (!file) status = io_fail(path, "create", err);
  if (file && fwrite(text, 1, size, file) != size) status = io_fail(path, "write", err);
  if (file && fclose(file) != 0 && status == EIE_OK) status = io_fail(path, "write", err);
  free(path);
  return status;
}

// Removes a folder and the files in it that a packed directory may have. Best effort.
static void remove_folder(const char *folder) {
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && (entry = readdir(dir)) != NULL) {
    if (!eie_packed_file_is_name(entry->d_name)) continue;
    char *path = join(folder, entry->d_name);
    if (path) unlink(path);
    free(path);
  }
  if (dir) closedir(dir);
  rmdir(folder);
}

static eie_status write_files(const char *folder, const eie_packed *packed, eie_packed_sum *sums,
                              eie_error *err) {
  const uint64_t n_files = eie_packed_file_count(packed);
  char *text;
  size_t size;
  for (uint64_t i = 0; i < n_files; i++) {
    char name[EIE_PACKED_NAME_SIZE];
    const eie_packed_file file = eie_packed_file_at(packed, i);
    eie_packed_file_name(&file, name);
    EIE_TRY(eie_packed_file_text(packed, &file, &text, &size, err));
    sums[i].bytes = size;
    sums[i].crc32 = (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)text, size);
    const eie_status status = write_file(folder, name, text, size, err);
    free(text);
    if (status != EIE_OK) return status;
  }
  EIE_TRY(eie_packed_manifest(packed, sums, &text, &size, err));
  const eie_status status = write_file(folder, EIE_PACKED_MANIFEST, text, size, err);
  free(text);
  return status;
}

// Nothing there: EIE_OK with *there 0. A packed or empty directory: EIE_OK with *there 1.
static eie_status may_replace(const char *folder, int *there, eie_error *err) {
  struct stat st;
  int manifest = 0, others = 0;
  *there = 0;
  if (lstat(folder, &st) != 0) return errno == ENOENT ? EIE_OK : io_fail(folder, "look at it", err);
  if (!S_ISDIR(st.st_mode))
    return eie_fail(err, EIE_ERR_USE, "%s: exists and is not a directory; choose another name", folder);
  DIR *dir = opendir(folder);
  if (!dir) return io_fail(folder, "list it", err);
  const struct dirent *entry;
  while ((entry = readdir(dir)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    others |= !eie_packed_file_is_name(entry->d_name);
    manifest |= strcmp(entry->d_name, EIE_PACKED_MANIFEST) == 0;
    *there = 1;
  }
  closedir(dir);
  if (others || (*there && !manifest))
    return eie_fail(err, EIE_ERR_USE, "%s: holds something else than a packed model; choose another name",
                    folder);
  *there = 1;
  return EIE_OK;
}

// Makes "folder.WORD-N", a name that was not there.
static eie_status make_beside(const char *folder, const char *word, char **made, eie_error *err) {
  const size_t room = strlen(folder) + strlen(word) + 32;
  char *path = malloc(room);
  if (!path) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", folder);
  for (unsigned n = 0; n < 1000; n++) {
    snprintf(path, room, "%s.%s-%ld-%u", folder, word, (long)getpid(), n);
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

// Puts `temporary` in the place of `folder`; the old one, if `there`, goes when the new one stands.
static eie_status put_in_place(const char *temporary, const char *folder, int there, eie_error *err) {
  char *old = NULL;
  if (there) {
    EIE_TRY(make_beside(folder, "old", &old, err));
    if (rename(folder, old) != 0) {
      const eie_status status = io_fail(folder, "rename", err);
      rmdir(old);
      free(old);
      return status;
    }
  }
  if (rename(temporary, folder) != 0) {
    const eie_status status = io_fail(folder, "create", err);
    if (old) rename(old, folder);
    free(old);
    return status;
  }
  if (old) remove_folder(old);
  free(old);
  return EIE_OK;
}

static eie_status write_to(const char *folder, const eie_packed *packed, eie_error *err) {
  int there;
  char *temporary;
  EIE_TRY(may_replace(folder, &there, err));
  EIE_TRY(make_beside(folder, "tmp", &temporary, err));
  eie_packed_sum *sums = calloc((size_t)eie_packed_file_count(packed), sizeof *sums);
  eie_status status = EIE_OK;
  if (!sums) status = eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for its checksums", folder);
  if (status == EIE_OK) status = write_files(temporary, packed, sums, err);
  if (status == EIE_OK) status = put_in_place(temporary, folder, there, err);
  if (status != EIE_OK) remove_folder(temporary);
  free(sums);
  free(temporary);
  return status;
}

eie_status eie_packed_write(const char *dir, const eie_packed *packed, eie_error *err) {
  size_t n = strlen(dir);
  while (n > 1 && dir[n - 1] == '/') n--;
  if (n == 0 || (n == 1 && dir[0] == '/'))
    return eie_fail(err, EIE_ERR_USE, "a packed model needs the name of a directory to make");
  char *folder = malloc(n + 1);
  if (!folder) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for a path", dir);
  memcpy(folder, dir, n);
  folder[n] = 0;
  const eie_status status = write_to(folder, packed, err);
  free(folder);
  return status;
}
