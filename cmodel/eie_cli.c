// SPDX-License-Identifier: Apache-2.0
// Command lines: options from a table, errors as one line, JSON reports. Help is in eie_cli_help.c.
#include "eie_cli.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_cli_help.h"

int eie_cli_fail(const char *command, eie_status status, const eie_error *err) {
  if (status == EIE_OK) return 0;
  fprintf(stderr, "eie %s: %s\n", command, err->text);
  return eie_exit_code(status);
}

int eie_cli_bad_use(const char *command, const char *format, ...) {
  char text[sizeof((eie_error *)0)->text];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  eie_error err;
  eie_status status = eie_fail(&err, EIE_ERR_USE, "%s", text);
  return eie_cli_fail(command, status, &err);
}

// Decimal integer in lo..hi; no sign but '-', no blanks, nothing after it. Returns 0, or -1.
static int parse_integer(const char *s, double lo, double hi, int64_t *value) {
  const char *digits = s + (*s == '-');
  if (!isdigit((unsigned char)*digits) || strlen(digits) > 15) return -1;
  char *end;
  long long x = strtoll(s, &end, 10);
  if (*end || (double)x < lo || (double)x > hi) return -1;
  *value = x;
  return 0;
}

static int parse_u64(const char *s, uint64_t *value) {
  if (!isdigit((unsigned char)*s)) return -1;
  char *end;
  errno = 0;
  unsigned long long x = strtoull(s, &end, 10);
  if (*end || errno) return -1;
  *value = x;
  return 0;
}

static int parse_real(const char *s, double lo, double hi, double *value) {
  if (strspn(s, "+-.0123456789eE") != strlen(s) || !*s) return -1;
  char *end;
  double x = strtod(s, &end);
  if (*end || !isfinite(x) || x < lo || x > hi) return -1;
  *value = x;
  return 0;
}

// "a|b|c": index of s, or -1.
static int find_choice(const char *choices, const char *s) {
  size_t n = strlen(s);
  for (int i = 0;; i++) {
    size_t length = strcspn(choices, "|");
    if (length == n && memcmp(choices, s, n) == 0) return i;
    if (!choices[length]) return -1;
    choices += length + 1;
  }
}

static int bad_number(const char *command, const eie_option *o, const char *value, const char *kind) {
  return eie_cli_bad_use(command, "--%s takes %s from %.15g to %.15g, not \"%.60s\"", o->name, kind, o->lo,
                         o->hi, value);
}

// Stores a value. Returns -1, or 2 after a sentence.
static int store(const char *command, const eie_option *o, const char *value) {
  int64_t integer = 0;
  if (o->text) {
    if (!*value) return eie_cli_bad_use(command, "--%s must not be empty", o->name);
    *o->text = value;
  } else if (o->u32 || o->i32) {
    if (parse_integer(value, o->lo, o->hi, &integer) != 0)
      return bad_number(command, o, value, "a whole number");
    if (o->u32) *o->u32 = (uint32_t)integer;
    if (o->i32) *o->i32 = (int32_t)integer;
  } else if (o->u64) {
    if (parse_u64(value, o->u64) != 0)
      return eie_cli_bad_use(command, "--%s takes a whole number below 2^64, not \"%.60s\"", o->name, value);
  } else if (o->real) {
    if (parse_real(value, o->lo, o->hi, o->real) != 0) return bad_number(command, o, value, "a number");
  } else if (o->choice) {
    int i = find_choice(o->choices, value);
    if (i < 0)
      return eie_cli_bad_use(command, "--%s must be one of %s, not \"%.60s\"", o->name, o->choices, value);
    *o->choice = (uint32_t)i;
  } else if (o->list) {
    if (o->list->count == EIE_CLI_LIST_MAX)
      return eie_cli_bad_use(command, "--%s is given more than %d times", o->name, EIE_CLI_LIST_MAX);
    o->list->items[o->list->count++] = value;
  }
  return -1;
}

// The option that argv word `s` names; *attached is the text after '=' or the letter, or NULL.
static const eie_option *find_option(const eie_command *command, const char *s, const char **attached) {
  int is_long = s[1] == '-';
  size_t n = is_long ? strcspn(s + 2, "=") : 1;
  for (uint32_t i = 0; i < command->n_options; i++) {
    const eie_option *o = &command->options[i];
    int hit =
        is_long ? strlen(o->name) == n && memcmp(o->name, s + 2, n) == 0 : o->letter && o->letter == s[1];
    if (!hit) continue;
    const char *rest = is_long ? s + 2 + n : s + 2;
    *attached = !*rest ? NULL : is_long ? rest + 1 : rest;
    return o;
  }
  return NULL;
}

// Takes the option at argv[*at] and moves *at past it. Returns -1, or the exit code.
static int take_option(const eie_command *command, int argc, char **argv, int *at, uint64_t *seen) {
  const char *word = argv[(*at)++], *value = NULL;
  const eie_option *o = find_option(command, word, &value);
  if (!o)
    return eie_cli_bad_use(command->name, "unknown option %.60s; \"eie %s --help\" lists the options", word,
                           command->name);
  uint64_t bit = (uint64_t)1 << (o - command->options);
  if (!o->list && (*seen & bit)) return eie_cli_bad_use(command->name, "--%s is given twice", o->name);
  *seen |= bit;
  if (o->flag) {
    if (value) return eie_cli_bad_use(command->name, "--%s takes no value", o->name);
    *o->flag = 1;
    return -1;
  }
  if (!value && *at >= argc)
    return eie_cli_bad_use(command->name, "--%s needs a value (%s)", o->name, o->value ? o->value : "VALUE");
  return store(command->name, o, value ? value : argv[(*at)++]);
}

static int missing(const eie_command *command, uint64_t seen, uint32_t count) {
  if (count < command->min_operands)
    return eie_cli_bad_use(command->name, "too few operands; use: eie %s %s", command->name,
                           command->synopsis);
  for (uint32_t i = 0; i < command->n_options; i++) {
    const eie_option *o = &command->options[i];
    if (o->required && !(seen >> i & 1))
      return eie_cli_bad_use(command->name, "--%s %s is missing; use: eie %s %s", o->name, o->value,
                             command->name, command->synopsis);
  }
  return -1;
}

int eie_cli_parse(const eie_command *command, int argc, char **argv, const char **operands,
                  uint32_t *n_operands) {
  uint64_t seen = 0;
  uint32_t count = 0;
  int options_ended = 0;
  for (uint32_t i = 0; i < command->max_operands; i++) operands[i] = NULL;
  for (int at = 1; at < argc;) {
    const char *word = argv[at];
    if (!options_ended && strcmp(word, "--help") == 0) return eie_cli_help(command);
    if (!options_ended && strcmp(word, "--") == 0) {
      options_ended = 1;
      at++;
    } else if (!options_ended && word[0] == '-' && word[1]) {
      int code = take_option(command, argc, argv, &at, &seen);
      if (code >= 0) return code;
    } else {
      if (count == command->max_operands)
        return eie_cli_bad_use(command->name, "unexpected operand \"%.60s\"; use: eie %s %s", word,
                               command->name, command->synopsis);
      operands[count++] = word;
      at++;
    }
  }
  if (n_operands) *n_operands = count;
  return missing(command, seen, count);
}

cJSON *eie_json_add_u64(cJSON *object, const char *key, uint64_t value) {
  return cJSON_AddNumberToObject(object, key, (double)value);
}

int eie_cli_json(const char *command, cJSON *root) {
  char *text = root ? cJSON_Print(root) : NULL;
  cJSON_Delete(root);
  if (!text) return eie_cli_bad_use(command, "not enough memory for the JSON report");
  puts(text);
  cJSON_free(text);
  return 0;
}
