// SPDX-License-Identifier: Apache-2.0
// Whole files in and out. Reading refuses what is not a regular file or exceeds a limit; writing goes
// to a temporary name beside the target and becomes visible by one rename, or not at all.
#ifndef EIE_FILE_H
#define EIE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

// Reads all of `path`, at most `limit` bytes. The caller frees *bytes, which has a 0 byte after its
// *size bytes, so that a text can be read as a string.
eie_status eie_file_read(const char *path, size_t limit, uint8_t **bytes, size_t *size, eie_error *err);

// Opens a regular file for reading; the caller closes *fd. *size (may be NULL) is its length.
eie_status eie_file_open(const char *path, int *fd, size_t *size, eie_error *err);

// Writes `size` bytes to `path`, all or nothing.
eie_status eie_file_write(const char *path, const void *bytes, size_t size, eie_error *err);

#endif
