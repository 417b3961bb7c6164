// SPDX-License-Identifier: Apache-2.0
// Formats the one sentence of an error. Control characters (a file name may hold any) become '?',
// so that a sentence is one line on every terminal.
#include "eie_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void clean(char *text) {
  for (char *p = text; *p; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = '?';
}

eie_status eie_fail(eie_error *err, eie_status status, const char *format, ...) {
  if (!err) return status;
  va_list args;
  va_start(args, format);
  vsnprintf(err->text, sizeof err->text, format, args);
  va_end(args);
  clean(err->text);
  return status;
}

void eie_error_prefix(eie_error *err, const char *format, ...) {
  if (!err) return;
  char text[sizeof err->text];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (n < 0 || (size_t)n >= sizeof text - 3) return;
  memcpy(text + n, ": ", 2);
  size_t head = (size_t)n + 2, room = sizeof text - head - 1, tail = strlen(err->text);
  if (tail > room) tail = room;
  memcpy(text + head, err->text, tail);
  text[head + tail] = 0;
  memcpy(err->text, text, head + tail + 1);
  clean(err->text);
}

int eie_exit_code(eie_status status) {
  if (status == EIE_OK) return 0;
  return status == EIE_ERR_DEVICE || status == EIE_ERR_UNEQUAL ? 1 : 2;
}
