// SPDX-License-Identifier: Apache-2.0
#include "eie_board_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"

enum { FILE_LIMIT = 65536, SHOWN = 40 };

typedef struct {
  const char *text;
  size_t n;
} slice;

static slice trim(slice s) {
  while (s.n > 0 && strchr(" \t\r", s.text[0]) && s.text[0]) s.text++, s.n--;
  while (s.n > 0 && strchr(" \t\r", s.text[s.n - 1]) && s.text[s.n - 1]) s.n--;
  return s;
}

static int is_key(slice s) {
  for (size_t i = 0; i < s.n; i++) {
    const char c = s.text[i];
    if (!((c >= 'A' && c <= 'Z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) return 0;
  }
  return s.n > 0 && s.n < EIE_BOARD_KEY_SIZE;
}

static int is_printable(slice s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.text[i] < ' ' || s.text[i] > '~') return 0;
  return 1;
}

static int find(const eie_board_text *text, const char *key, size_t n) {
  for (uint32_t i = 0; i < text->count; i++)
    if (strlen(text->items[i].key) == n && memcmp(text->items[i].key, key, n) == 0) return (int)i;
  return -1;
}

static eie_status take(eie_board_text *text, slice key, slice value, uint32_t line, eie_error *err) {
  if (text->count == EIE_BOARD_KEYS) return eie_fail(err, EIE_ERR_INPUT, "more than %d keys", EIE_BOARD_KEYS);
  if (find(text, key.text, key.n) >= 0)
    return eie_fail(err, EIE_ERR_INPUT, "%.*s is given twice", (int)key.n, key.text);
  if (value.n == 0) return eie_fail(err, EIE_ERR_INPUT, "%.*s has no value", (int)key.n, key.text);
  if (value.n >= EIE_BOARD_VALUE_SIZE)
    return eie_fail(err, EIE_ERR_INPUT, "the value of %.*s is longer than %d characters", (int)key.n,
                    key.text, EIE_BOARD_VALUE_SIZE - 1);
  memcpy(text->items[text->count].key, key.text, key.n);
  text->items[text->count].key[key.n] = 0;
  memcpy(text->items[text->count].value, value.text, value.n);
  text->items[text->count].value[value.n] = 0;
  text->items[text->count++].line = line;
  return EIE_OK;
}

static eie_status parse_line(eie_board_text *text, slice line, uint32_t number, eie_error *err) {
  const char *comment = memchr(line.text, '#', line.n);
  if (comment) line.n = (size_t)(comment - line.text);
  line = trim(line);
  if (line.n == 0) return EIE_OK;
  if (!is_printable(line) && !memchr(line.text, '\t', line.n))
    return eie_fail(err, EIE_ERR_INPUT, "a character that is not printable ASCII");
  const char *equals = memchr(line.text, '=', line.n);
  const int shown = line.n > SHOWN ? SHOWN : (int)line.n;
  if (!equals) return eie_fail(err, EIE_ERR_INPUT, "\"%.*s\" is not KEY = VALUE", shown, line.text);
  const slice key = trim((slice){line.text, (size_t)(equals - line.text)});
  const slice value = trim((slice){equals + 1, line.n - (size_t)(equals - line.text) - 1});
  if (!is_key(key))
    return eie_fail(err, EIE_ERR_INPUT, "\"%.*s\": a key has 1 to %d capitals, digits and '_'", shown,
                    line.text, EIE_BOARD_KEY_SIZE - 1);
  if (!is_printable(value)) return eie_fail(err, EIE_ERR_INPUT, "a character that is not printable ASCII");
  return take(text, key, value, number, err);
}

static eie_status parse(eie_board_text *text, const char *bytes, size_t n, eie_error *err) {
  for (uint32_t number = 1; n > 0; number++) {
    const char *end = memchr(bytes, '\n', n);
    size_t length = end ? (size_t)(end - bytes) : n;
    const eie_status status = parse_line(text, (slice){bytes, length}, number, err);
    if (status) {
      eie_error_prefix(err, "line %u", number);
      return status;
    }
    length += end != NULL;
    bytes += length;
    n -= length;
  }
  return EIE_OK;
}

eie_status eie_board_text_read(const char *path, eie_board_text *text, eie_error *err) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  EIE_TRY(eie_file_read(path, FILE_LIMIT, &bytes, &size, err));
  text->count = 0;
  const eie_status status = parse(text, (const char *)bytes, size, err);
  free(bytes);
  if (status) eie_error_prefix(err, "%s", path);
  return status;
}

const char *eie_board_text_find(const eie_board_text *text, const char *key) {
  const int i = find(text, key, strlen(key));
  return i < 0 ? NULL : text->items[i].value;
}

// Digits with at most one point and a leading minus: what strtod takes besides (hex, nan, exponents) is not
// what a person writes into such a file.
static int is_decimal(const char *s) {
  size_t digits = 0, points = 0;
  if (*s == '-') s++;
  for (; *s; s++) {
    digits += *s >= '0' && *s <= '9';
    points += *s == '.';
    if (!((*s >= '0' && *s <= '9') || *s == '.')) return 0;
  }
  return digits > 0 && digits <= 15 && points <= 1;
}

eie_status eie_board_text_number(const eie_board_text *text, const char *key, int required, double lo,
                                 double hi, double *value, eie_error *err) {
  const int i = find(text, key, strlen(key));
  if (i < 0) return required ? eie_fail(err, EIE_ERR_INPUT, "%s is missing", key) : EIE_OK;
  const char *s = text->items[i].value;
  if (!is_decimal(s))
    return eie_fail(err, EIE_ERR_INPUT, "line %u: %s: \"%.40s\" is not a decimal number", text->items[i].line,
                    key, s);
  const double x = strtod(s, NULL);
  if (x < lo || x > hi)
    return eie_fail(err, EIE_ERR_INPUT, "line %u: %s is %.40s; it must be %.15g to %.15g",
                    text->items[i].line, key, s, lo, hi);
  *value = x;
  return EIE_OK;
}

eie_status eie_board_text_count(const eie_board_text *text, const char *key, int required, uint64_t hi,
                                uint64_t *value, eie_error *err) {
  double x = (double)*value;
  EIE_TRY(eie_board_text_number(text, key, required, 0, (double)hi, &x, err));
  if (x != floor(x)) return eie_fail(err, EIE_ERR_INPUT, "%s must be a whole number", key);
  *value = (uint64_t)x;
  return EIE_OK;
}

eie_status eie_board_text_copy(const eie_board_text *text, const char *key, int required, char *to,
                               size_t size, eie_error *err) {
  const char *value = eie_board_text_find(text, key);
  if (!value) return required ? eie_fail(err, EIE_ERR_INPUT, "%s is missing", key) : EIE_OK;
  if (strlen(value) >= size)
    return eie_fail(err, EIE_ERR_INPUT, "the value of %s is longer than %zu characters", key, size - 1);
  memcpy(to, value, strlen(value) + 1);
  return EIE_OK;
}
