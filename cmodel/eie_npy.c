// SPDX-License-Identifier: Apache-2.0
// Reads and writes .npy. The header is a Python dictionary; the parser below takes exactly the
// dictionaries that numpy writes (the three keys in any order, either kind of quote).
#include "eie_npy.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"

enum { MAGIC_SIZE = 6, HEADER_LIMIT = 65536 };
static const size_t file_limit = (size_t)1 << 31;
static const uint8_t magic[MAGIC_SIZE] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

typedef struct {
  const char *at, *end;
} cursor;

static void skip_blanks(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n')) c->at++;
}

// Takes `text` when it comes next.
static int take(cursor *c, const char *text) {
  skip_blanks(c);
  size_t n = strlen(text);
  if ((size_t)(c->end - c->at) < n || memcmp(c->at, text, n) != 0) return 0;
  c->at += n;
  return 1;
}

// Takes a quoted string without escapes into text. Returns 0 when there is none, or it is too long.
static int take_string(cursor *c, char *text, size_t size) {
  skip_blanks(c);
  if (c->at >= c->end || (*c->at != '\'' && *c->at != '"')) return 0;
  char quote = *c->at++;
  size_t n = 0;
  for (; c->at < c->end && *c->at != quote; c->at++) {
    if (n + 1 >= size || *c->at == '\\' || !isprint((unsigned char)*c->at)) return 0;
    text[n++] = *c->at;
  }
  if (c->at >= c->end) return 0;
  c->at++;
  text[n] = 0;
  return 1;
}

static int take_number(cursor *c, uint64_t *value) {
  skip_blanks(c);
  uint64_t x = 0;
  int digits = 0;
  for (; c->at < c->end && isdigit((unsigned char)*c->at); c->at++) {
    if (++digits > 18) return 0;
    x = 10 * x + (uint64_t)(*c->at - '0');
  }
  *value = x;
  return digits > 0;
}

static eie_status take_shape(cursor *c, eie_npy *npy, eie_error *err) {
  if (!take(c, "(")) return eie_fail(err, EIE_ERR_INPUT, "its header has no readable shape");
  npy->n_dims = 0;
  npy->count = 1;
  while (!take(c, ")")) {
    uint64_t n;
    if (npy->n_dims == EIE_NPY_MAX_DIMS || !take_number(c, &n))
      return eie_fail(err, EIE_ERR_INPUT, "its header has no readable shape");
    if (n != 0 && npy->count > UINT64_MAX / 8 / n)
      return eie_fail(err, EIE_ERR_INPUT, "its shape asks for more bytes than any file has");
    npy->dims[npy->n_dims++] = n;
    npy->count *= n;
    if (!take(c, ",") && (c->at >= c->end || *c->at != ')' || npy->n_dims == 1))
      return eie_fail(err, EIE_ERR_INPUT, "its header has no readable shape");
  }
  return EIE_OK;
}

static eie_status take_descr(cursor *c, eie_npy *npy, eie_error *err) {
  char descr[16];
  if (!take_string(c, descr, sizeof descr))
    return eie_fail(err, EIE_ERR_INPUT, "its header has no readable descr (structured arrays are not read)");
  if (descr[0] == '>')
    return eie_fail(err, EIE_ERR_INPUT, "is big-endian (%s); write it with .astype('<%s')", descr, descr + 1);
  const char *width = strlen(descr) == 3 ? strchr("1248", descr[2]) : NULL;
  int order_known = descr[0] == '<' || (descr[0] == '|' && descr[2] == '1');
  if (!width || !*width || !order_known || !strchr("iuf", descr[1]) || (descr[1] == 'f' && descr[2] == '1'))
    return eie_fail(err, EIE_ERR_INPUT, "has elements of type \"%s\"; integers and reals are read", descr);
  npy->kind = descr[1];
  npy->bytes = (uint32_t)(descr[2] - '0');
  return EIE_OK;
}

static eie_status take_order(cursor *c, eie_error *err) {
  if (take(c, "False")) return EIE_OK;
  if (take(c, "True"))
    return eie_fail(err, EIE_ERR_INPUT, "is in Fortran order; write it with numpy.ascontiguousarray");
  return eie_fail(err, EIE_ERR_INPUT, "its header has no readable fortran_order");
}

// One "key: value" of the dictionary; sets its bit in *seen.
static eie_status take_entry(cursor *c, eie_npy *npy, unsigned *seen, eie_error *err) {
  static const char *const keys[3] = {"descr", "fortran_order", "shape"};
  char key[16];
  if (!take_string(c, key, sizeof key) || !take(c, ":"))
    return eie_fail(err, EIE_ERR_INPUT, "its header is not a dictionary as numpy writes it");
  int which = 0;
  while (which < 3 && strcmp(keys[which], key) != 0) which++;
  if (which == 3) return eie_fail(err, EIE_ERR_INPUT, "its header has an unknown key \"%s\"", key);
  if (*seen & 1u << which) return eie_fail(err, EIE_ERR_INPUT, "its header has %s twice", key);
  *seen |= 1u << which;
  if (which == 0) return take_descr(c, npy, err);
  return which == 1 ? take_order(c, err) : take_shape(c, npy, err);
}

static eie_status parse_header(cursor c, eie_npy *npy, eie_error *err) {
  unsigned seen = 0;
  if (!take(&c, "{"))
    return eie_fail(err, EIE_ERR_INPUT, "its header is not a dictionary as numpy writes it");
  while (!take(&c, "}")) {
    EIE_TRY(take_entry(&c, npy, &seen, err));
    if (take(&c, ",")) continue;
    if (!take(&c, "}"))
      return eie_fail(err, EIE_ERR_INPUT, "its header is not a dictionary as numpy writes it");
    break;
  }
  skip_blanks(&c);
  if (c.at != c.end) return eie_fail(err, EIE_ERR_INPUT, "text follows the dictionary in its header");
  if (seen != 7) return eie_fail(err, EIE_ERR_INPUT, "its header must have descr, fortran_order and shape");
  return EIE_OK;
}

int eie_npy_magic(const uint8_t *bytes, size_t size) {
  return size >= MAGIC_SIZE && memcmp(bytes, magic, MAGIC_SIZE) == 0;
}

static eie_status parse_file(const uint8_t *bytes, size_t size, eie_npy *npy, eie_error *err) {
  if (!eie_npy_magic(bytes, size)) return eie_fail(err, EIE_ERR_INPUT, "is not a .npy file");
  if (size < 12) return eie_fail(err, EIE_ERR_INPUT, "is truncated inside its header");
  if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
    return eie_fail(err, EIE_ERR_INPUT, "is .npy version %u.%u; 1.0, 2.0 and 3.0 are read", bytes[6],
                    bytes[7]);
  size_t begin = bytes[6] == 1 ? 10 : 12, length = bytes[8] | (size_t)bytes[9] << 8;
  if (bytes[6] > 1) length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
  if (length > HEADER_LIMIT)
    return eie_fail(err, EIE_ERR_INPUT, "its header has %zu bytes; the limit is %d", length, HEADER_LIMIT);
  if (length > size - begin) return eie_fail(err, EIE_ERR_INPUT, "is truncated inside its header");
  const char *text = (const char *)bytes + begin;
  EIE_TRY(parse_header((cursor){text, text + length}, npy, err));
  uint64_t want = npy->count * npy->bytes, have = size - begin - length;
  if (have != want)
    return eie_fail(err, EIE_ERR_INPUT, "has %llu bytes of data, but its shape asks for %llu: %s",
                    (unsigned long long)have, (unsigned long long)want,
                    have < want ? "truncated" : "bytes follow");
  npy->data = bytes + begin + length;
  return EIE_OK;
}

eie_status eie_npy_read(const char *path, eie_npy *npy, eie_error *err) {
  eie_npy read = {.kind = 0};
  size_t size = 0;
  EIE_TRY(eie_file_read(path, file_limit, &read.owned, &size, err));
  eie_status status = parse_file(read.owned, size, &read, err);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    free(read.owned);
    return status;
  }
  *npy = read;
  return EIE_OK;
}

void eie_npy_free(eie_npy *npy) {
  free(npy->owned);
  *npy = (eie_npy){.kind = 0};
}

static uint64_t raw(const eie_npy *npy, uint64_t i) {
  const uint8_t *b = npy->data + i * npy->bytes;
  uint64_t x = 0;
  for (uint32_t k = 0; k < npy->bytes; k++) x |= (uint64_t)b[k] << 8 * k;
  return x;
}

int eie_npy_integer(const eie_npy *npy, uint64_t i, int64_t *value) {
  uint64_t x = raw(npy, i), sign = (uint64_t)1 << (8 * npy->bytes - 1);
  if (npy->kind == 'u' && x > INT64_MAX) return -1;
  if (npy->kind == 'i' && (x & sign))
    *value = -(int64_t)((sign << 1) - 1 - x) - 1;  // for 8 bytes sign << 1 is 0 and the sum still holds
  else
    *value = (int64_t)x;
  return 0;
}

float eie_npy_f32(const eie_npy *npy, uint64_t i) {
  uint32_t x = (uint32_t)raw(npy, i);
  float value;
  memcpy(&value, &x, sizeof value);
  return value;
}

eie_status eie_npy_write_i16(const char *path, const int16_t *data, uint32_t rows, uint32_t cols,
                             eie_error *err) {
  char text[128];
  int n = snprintf(text, sizeof text, "{'descr': '<i2', 'fortran_order': False, 'shape': (%u, %u), }", rows,
                   cols);
  size_t length = ((size_t)n + 1 + 10 + 63) / 64 * 64 - 10;  // the data begin at a multiple of 64
  size_t elements = (size_t)rows * cols, size = 10 + length + 2 * elements;
  uint8_t *bytes = malloc(size);
  if (!bytes) return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory to write it", path);
  memcpy(bytes, magic, MAGIC_SIZE);
  bytes[6] = 1;
  bytes[7] = 0;
  bytes[8] = (uint8_t)length;
  bytes[9] = 0;
  memset(bytes + 10, ' ', length);
  memcpy(bytes + 10, text, (size_t)n);
  bytes[10 + length - 1] = '\n';
  uint8_t *at = bytes + 10 + length;
  for (size_t i = 0; i < elements; i++) {
    at[2 * i] = (uint8_t)(data[i] & 0xff);
    at[2 * i + 1] = (uint8_t)((uint16_t)data[i] >> 8);
  }
  eie_status status = eie_file_write(path, bytes, size, err);
  free(bytes);
  return status;
}
