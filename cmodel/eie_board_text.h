// SPDX-License-Identifier: Apache-2.0
// Lines of KEY = VALUE with '#' comments, for board.cfg and costs.cfg. Hostile input is refused with its
// line.
#ifndef EIE_BOARD_TEXT_H
#define EIE_BOARD_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

enum { EIE_BOARD_KEYS = 64, EIE_BOARD_KEY_SIZE = 32, EIE_BOARD_VALUE_SIZE = 256 };

typedef struct {
  uint32_t count;
  struct {
    char key[EIE_BOARD_KEY_SIZE];      // capitals, digits, '_'
    char value[EIE_BOARD_VALUE_SIZE];  // printable ASCII, not empty
    uint32_t line;
  } items[EIE_BOARD_KEYS];
} eie_board_text;

// Reads a file; the sentence names file and line. A key given twice is an error; which keys there are is the
// caller's business.
eie_status eie_board_text_read(const char *path, eie_board_text *text, eie_error *err);

// The value of a key, or NULL.
const char *eie_board_text_find(const eie_board_text *text, const char *key);

// A decimal number, with or without a fraction, in lo..hi; *value keeps its default when the key is missing
// and not required. The sentence names the key and its line.
eie_status eie_board_text_number(const eie_board_text *text, const char *key, int required, double lo,
                                 double hi, double *value, eie_error *err);

// The same, for whole numbers.
eie_status eie_board_text_count(const eie_board_text *text, const char *key, int required, uint64_t hi,
                                uint64_t *value, eie_error *err);

// Copies a text; EIE_ERR_INPUT when it is missing and required, or does not go into `size` bytes.
eie_status eie_board_text_copy(const eie_board_text *text, const char *key, int required, char *to,
                               size_t size, eie_error *err);

#endif
