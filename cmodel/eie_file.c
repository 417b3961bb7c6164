// SPDX-License-Identifier: Apache-2.0
// Whole files in and out: bounded reads, writes that are complete or leave nothing.
#include "eie_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static eie_status io_fail(const char *path, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_IO, "%s: cannot %s: %s", path, what, strerror(errno));
}

// Reads exactly `size` bytes and makes sure that no more follow.
static eie_status read_all(int fd, const char *path, uint8_t *bytes, size_t size, eie_error *err) {
  size_t got = 0;
  while (got <= size) {  // one byte of room past the end shows a file that grew
    ssize_t n = read(fd, bytes + got, size + 1 - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_fail(path, "read", err);
    if (n == 0) break;
    got += (size_t)n;
  }
  if (got != size) return eie_fail(err, EIE_ERR_IO, "%s: the file changed while it was read", path);
  bytes[size] = 0;
  return EIE_OK;
}

static eie_status check_kind(int fd, const char *path, size_t *size, eie_error *err) {
  struct stat st;
  if (fstat(fd, &st) != 0) return io_fail(path, "read", err);
  if (S_ISDIR(st.st_mode)) return eie_fail(err, EIE_ERR_INPUT, "%s: is a directory, not a file", path);
  if (!S_ISREG(st.st_mode)) return eie_fail(err, EIE_ERR_INPUT, "%s: is not a regular file", path);
  if (size) *size = (size_t)st.st_size;
  return EIE_OK;
}

eie_status eie_file_open(const char *path, int *fd, size_t *size, eie_error *err) {
  int f = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // a FIFO must not make us wait
  if (f < 0) return io_fail(path, "open", err);
  eie_status status = check_kind(f, path, size, err);
  if (status != EIE_OK) {
    close(f);
    return status;
  }
  *fd = f;
  return EIE_OK;
}

eie_status eie_file_read(const char *path, size_t limit, uint8_t **bytes, size_t *size, eie_error *err) {
  int fd = -1;
  size_t n = 0;
  EIE_TRY(eie_file_open(path, &fd, &n, err));
  if (n > limit) {
    close(fd);
    return eie_fail(err, EIE_ERR_INPUT, "%s: has %zu bytes; the limit for such a file is %zu", path, n,
                    limit);
  }
  uint8_t *data = malloc(n + 1);
  eie_status status = data
                          ? read_all(fd, path, data, n, err)
                          : eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory for its %zu bytes", path, n);
  close(fd);
  if (status != EIE_OK) {
    free(data);
    return status;
  }
  *bytes = data;
  *size = n;
  return EIE_OK;
}

static int write_all(int fd, const uint8_t *bytes, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    bytes += n;
    size -= (size_t)n;
  }
  return 0;
}

// mkstemp makes mode 0600; a result should have what open(..., 0666) would give.
static mode_t default_mode(void) {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

eie_status eie_file_write(const char *path, const void *bytes, size_t size, eie_error *err) {
  size_t room = strlen(path) + sizeof ".XXXXXX";
  char *temporary = malloc(room);
  if (!temporary) return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory to write it", path);
  snprintf(temporary, room, "%s.XXXXXX", path);
  struct stat st;
  if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
    free(temporary);
    return eie_fail(err, EIE_ERR_USE, "%s: exists and is not a regular file; choose another name", path);
  }
  int fd = mkstemp(temporary);
  eie_status status = EIE_OK;
  if (fd < 0) {
    status = io_fail(path, "create", err);
  } else {
    int bad = write_all(fd, bytes, size) != 0 || fchmod(fd, default_mode()) != 0;
    if (bad) status = io_fail(path, "write", err);
    if (close(fd) != 0 && !bad) status = io_fail(path, "write", err);
    if (status == EIE_OK && rename(temporary, path) != 0) status = io_fail(path, "create", err);
    if (status != EIE_OK) unlink(temporary);
  }
  free(temporary);
  return status;
}
