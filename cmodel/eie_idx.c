// SPDX-License-Identifier: Apache-2.0
// IDX files of unsigned bytes (the MNIST family), plain or gz. docs/tensor-formats.md.
//
//   byte 0, 1  zero;  byte 2  type, 8 = unsigned byte;  byte 3  number of dimensions, 1..4
//   4 bytes a dimension, big-endian;  then the elements, last dimension fastest
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "eie_file.h"
#include "eie_tensor.h"

enum { TYPE_UNSIGNED_BYTE = 8, MAX_DIMS = 4 };

static const uint64_t data_limit = (uint64_t)1 << 31;  // a gz file can promise anything

// Reads n bytes (zlib passes plain files through). Returns 0, or -1 when fewer are there.
static int take(gzFile gz, uint8_t *bytes, size_t n) {
  while (n > 0) {
    unsigned part = n > 1u << 20 ? 1u << 20 : (unsigned)n;
    int got = gzread(gz, bytes, part);
    if (got <= 0) return -1;
    bytes += got;
    n -= (size_t)got;
  }
  return 0;
}

static eie_status take_dimensions(gzFile gz, uint32_t *count, uint64_t *item_size, eie_error *err) {
  uint8_t head[4], size[4];
  if (take(gz, head, sizeof head) != 0) return eie_fail(err, EIE_ERR_INPUT, "is too short for an IDX file");
  if (head[0] != 0 || head[1] != 0)
    return eie_fail(err, EIE_ERR_INPUT, "is not an IDX file (its first two bytes are not 0)");
  if (head[2] != TYPE_UNSIGNED_BYTE)
    return eie_fail(err, EIE_ERR_INPUT, "is IDX of type 0x%02x; only unsigned bytes (0x08) are read",
                    head[2]);
  if (head[3] < 1 || head[3] > MAX_DIMS)
    return eie_fail(err, EIE_ERR_INPUT, "is IDX of %u dimensions; 1 to %d are read", head[3], MAX_DIMS);
  *item_size = 1;
  for (unsigned i = 0; i < head[3]; i++) {
    if (take(gz, size, sizeof size) != 0) return eie_fail(err, EIE_ERR_INPUT, "ends inside its dimensions");
    uint32_t n = (uint32_t)size[0] << 24 | (uint32_t)size[1] << 16 | (uint32_t)size[2] << 8 | size[3];
    if (n == 0) return eie_fail(err, EIE_ERR_INPUT, "dimension %u is 0", i);
    if (i == 0) *count = n;
    if (i > 0) *item_size *= n;  // cannot wrap: at most 2^31 before, n below 2^32
    if (*item_size > data_limit / *count)
      return eie_fail(err, EIE_ERR_INPUT, "its dimensions ask for more than %llu bytes",
                      (unsigned long long)data_limit);
  }
  return EIE_OK;
}

// Grows as data arrive, so that a short file with large dimensions costs little.
static eie_status take_data(gzFile gz, uint64_t size, uint8_t **bytes, eie_error *err) {
  size_t have = 0, room = size < 1u << 20 ? (size_t)size : (size_t)1 << 20;
  uint8_t *data = malloc(room);
  while (data && have < size) {
    if (have == room) {
      room = size - room < room ? (size_t)size : 2 * room;
      uint8_t *larger = realloc(data, room);
      if (!larger) free(data);
      data = larger;
      if (!data) break;
    }
    if (take(gz, data + have, room - have) != 0) {
      free(data);
      return eie_fail(err, EIE_ERR_INPUT,
                      "is truncated or damaged: its dimensions promise %llu bytes of data",
                      (unsigned long long)size);
    }
    have = room;
  }
  if (!data) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for its data");
  *bytes = data;
  return EIE_OK;
}

// Also makes zlib check the sum at the end of a gz file.
static eie_status check_end(gzFile gz, eie_error *err) {
  uint8_t more;
  int got = gzread(gz, &more, 1);
  if (got > 0) return eie_fail(err, EIE_ERR_INPUT, "has bytes after its data");
  int number = Z_OK;
  gzerror(gz, &number);
  if (got < 0 || number != Z_OK)
    return eie_fail(err, EIE_ERR_INPUT, "is damaged at its end (gz check failed)");
  return EIE_OK;
}

static eie_status read_open(gzFile gz, uint32_t *count, uint32_t *item_size, uint8_t **bytes,
                            eie_error *err) {
  uint64_t item = 0;
  uint8_t *data = NULL;
  uint32_t n = 0;
  EIE_TRY(take_dimensions(gz, &n, &item, err));
  EIE_TRY(take_data(gz, n * item, &data, err));
  eie_status status = check_end(gz, err);
  if (status != EIE_OK) {
    free(data);
    return status;
  }
  *count = n;
  *item_size = (uint32_t)item;
  *bytes = data;
  return EIE_OK;
}

eie_status eie_idx_read(const char *path, uint32_t *count, uint32_t *item_size, uint8_t **bytes,
                        eie_error *err) {
  int fd = -1;
  EIE_TRY(eie_file_open(path, &fd, NULL, err));
  gzFile gz = gzdopen(fd, "rb");
  if (!gz) {
    close(fd);
    return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory to read it", path);
  }
  eie_status status = read_open(gz, count, item_size, bytes, err);
  int number = Z_OK;
  gzerror(gz, &number);
  if (status == EIE_ERR_INPUT && number == Z_DATA_ERROR)
    eie_fail(err, status, "is damaged (gz check failed)");
  gzclose(gz);
  if (status != EIE_OK) eie_error_prefix(err, "%s", path);
  return status;
}
