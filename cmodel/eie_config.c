// SPDX-License-Identifier: Apache-2.0
// Reads rtl/configs/NAME.cfg, or that of a board, and computes the numbers that follow from a configuration.
#include "eie_config.h"

#include <ctype.h>
#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eie_file.h"

#ifndef EIE_SOURCE_DIR
#define EIE_SOURCE_DIR "."
#endif

enum { FILE_LIMIT = 65536, PATH_SIZE = 4096, MAX_TECH = 3 };

typedef struct {
  const char *key;
  size_t offset;
  uint32_t lo, hi;
} parameter;

static const parameter parameters[] = {
#define PARAMETER(field, key, lo, hi, what) {#key, offsetof(eie_config, field), lo, hi},
    EIE_CONFIG_PARAMETERS(PARAMETER)
#undef PARAMETER
};
enum { N_PARAMETERS = sizeof parameters / sizeof parameters[0] };

static uint32_t *field_of(eie_config *config, int i) {
  return (uint32_t *)(void *)((char *)config + parameters[i].offset);
}

static int find_key(const char *key, size_t n) {
  for (int i = 0; i < N_PARAMETERS; i++)
    if (strlen(parameters[i].key) == n && memcmp(parameters[i].key, key, n) == 0) return i;
  return -1;
}

typedef struct {
  const char *text;
  size_t n;
} slice;

static slice trim(slice s) {
  while (s.n > 0 && isspace((unsigned char)s.text[0])) s.text++, s.n--;
  while (s.n > 0 && isspace((unsigned char)s.text[s.n - 1])) s.n--;
  return s;
}

// Decimal digits only, at most 9 of them. Returns 0, or -1.
static int parse_number(slice s, uint32_t *value) {
  if (s.n == 0 || s.n > 9) return -1;
  uint32_t x = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.text[i] < '0' || s.text[i] > '9') return -1;
    x = 10 * x + (uint32_t)(s.text[i] - '0');
  }
  *value = x;
  return 0;
}

// "%.*s" of a hostile text: at most 40 characters of it.
static int shown(slice s) {
  return s.n > 40 ? 40 : (int)s.n;
}

// Splits KEY = VALUE. *which is the parameter, or N_PARAMETERS for TECH.
static eie_status parse_assignment(slice line, int *which, uint32_t *value, eie_error *err) {
  const char *equals = memchr(line.text, '=', line.n);
  if (!equals) return eie_fail(err, EIE_ERR_INPUT, "\"%.*s\" is not KEY = VALUE", shown(line), line.text);
  slice key = trim((slice){line.text, (size_t)(equals - line.text)});
  slice number = trim((slice){equals + 1, line.n - (size_t)(equals - line.text) - 1});
  int tech = key.n == 4 && memcmp(key.text, "TECH", 4) == 0;
  *which = tech ? N_PARAMETERS : find_key(key.text, key.n);
  if (*which < 0)
    return eie_fail(err, EIE_ERR_INPUT, "\"%.*s\" is not a parameter of the array", shown(key), key.text);
  if (parse_number(number, value) != 0)
    return eie_fail(err, EIE_ERR_INPUT, "%.*s: \"%.*s\" is not a decimal number", shown(key), key.text,
                    shown(number), number.text);
  if (tech && *value > MAX_TECH)
    return eie_fail(err, EIE_ERR_INPUT, "TECH is %u; it must be 0 to %d", *value, MAX_TECH);
  return EIE_OK;
}

eie_status eie_config_set(eie_config *config, const char *assignment, eie_error *err) {
  int which;
  uint32_t value;
  eie_status status = parse_assignment((slice){assignment, strlen(assignment)}, &which, &value, err);
  if (status == EIE_ERR_INPUT) status = EIE_ERR_USE;
  if (status != EIE_OK) return status;
  if (which == N_PARAMETERS) return EIE_OK;  // TECH picks memories, it changes no number
  *field_of(config, which) = value;
  return EIE_OK;
}

static int power_of_two(uint32_t x) {
  return x != 0 && (x & (x - 1)) == 0;
}

static eie_status check_ranges(const eie_config *config, eie_error *err) {
  for (int i = 0; i < N_PARAMETERS; i++) {
    const parameter *p = &parameters[i];
    uint32_t x = *(const uint32_t *)(const void *)((const char *)config + p->offset);
    if (x < p->lo || x > p->hi)
      return eie_fail(err, EIE_ERR_INPUT, "configuration %s: %s is %u; it must be %u to %u", config->name,
                      p->key, x, p->lo, p->hi);
  }
  return EIE_OK;
}

static const char *combination_problem(const eie_config *c) {
  if (!power_of_two(c->n_pe)) return "N_PE must be a power of two";
  if (c->code_w != 4 && c->code_w != 8) return "CODE_W must be 4 or 8";
  if (!power_of_two(c->entries_per_word)) return "ENTRIES_PER_WORD must be 1, 2, 4 or 8";
  if (c->ptr_depth % 2 != 0) return "PTR_DEPTH must be even (it counts two banks)";
  if (c->ptr_depth < c->n_pe + 4)
    return "PTR_DEPTH must be at least N_PE + 4 (one activation slot of columns, its end, one bias)";
  if (c->spmat_words * c->entries_per_word < c->n_pe)
    return "SPMAT_WORDS x ENTRIES_PER_WORD must be at least N_PE (one activation slot of columns)";
  if ((uint64_t)c->act_slots * c->n_pe > 1u << 24) return "ACT_SLOTS x N_PE must be at most 2^24";
  return NULL;
}

eie_status eie_config_check(const eie_config *config, eie_error *err) {
  EIE_TRY(check_ranges(config, err));
  const char *problem = combination_problem(config);
  if (problem) return eie_fail(err, EIE_ERR_INPUT, "configuration %s: %s", config->name, problem);
  return EIE_OK;
}

// One line without its comment; sets bit `which` of *seen.
static eie_status parse_line(eie_config *config, slice line, uint32_t *seen, eie_error *err) {
  const char *comment = memchr(line.text, '#', line.n);
  if (comment) line.n = (size_t)(comment - line.text);
  line = trim(line);
  if (line.n == 0) return EIE_OK;
  int which;
  uint32_t value;
  EIE_TRY(parse_assignment(line, &which, &value, err));
  if (*seen & 1u << which)
    return eie_fail(err, EIE_ERR_INPUT, "%s is given twice",
                    which == N_PARAMETERS ? "TECH" : parameters[which].key);
  *seen |= 1u << which;
  if (which < N_PARAMETERS) *field_of(config, which) = value;
  return EIE_OK;
}

static eie_status parse_text(eie_config *config, const char *text, size_t n, eie_error *err) {
  uint32_t seen = 0;
  for (unsigned number = 1; n > 0; number++) {
    const char *end = memchr(text, '\n', n);
    size_t length = end ? (size_t)(end - text) : n;
    eie_status status = parse_line(config, (slice){text, length}, &seen, err);
    if (status != EIE_OK) {
      eie_error_prefix(err, "line %u", number);
      return status;
    }
    length += end != NULL;
    text += length;
    n -= length;
  }
  for (int i = 0; i < N_PARAMETERS; i++)
    if (!(seen & 1u << i)) return eie_fail(err, EIE_ERR_INPUT, "%s is missing", parameters[i].key);
  return EIE_OK;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(a, b);
}

enum { MAX_NAMES = 32, NAME_SIZE = 64 };
typedef char name_list[MAX_NAMES][NAME_SIZE];

// Adds "pe16" for "pe16.cfg" in `folder`, or with `boards` "NAME" for "NAME/NAME.cfg".
static size_t collect_names(const char *folder, int boards, name_list names, size_t n) {
  DIR *dir = opendir(folder);
  for (struct dirent *e; dir && n < MAX_NAMES && (e = readdir(dir));) {
    char path[PATH_SIZE];
    size_t length = strlen(e->d_name);
    const int dotted = length > 4 && strcmp(e->d_name + length - 4, ".cfg") == 0;
    if (boards ? e->d_name[0] == '.' : !dotted) continue;
    if (!boards) length -= 4;
    if (length >= NAME_SIZE) continue;
    snprintf(path, sizeof path, "%.3000s/%.255s/%.255s.cfg", folder, e->d_name, e->d_name);
    if (boards && access(path, R_OK) != 0) continue;
    memcpy(names[n], e->d_name, length);
    names[n++][length] = 0;
  }
  if (dir) closedir(dir);
  return n;
}

// "; it has pe1, pe16, ..." for the sentence about a name that is not there; "" when nothing is.
static void list_names(const char *folder, const char *boards, char *text, size_t size) {
  name_list names;
  size_t n = collect_names(folder, 0, names, 0), used = 0;
  qsort(names, n, sizeof names[0], compare_names);
  const size_t own = n;
  n = collect_names(boards, 1, names, n);
  qsort(names + own, n - own, sizeof names[0], compare_names);
  text[0] = 0;
  for (size_t i = 0; i < n && used + NAME_SIZE + 20 < size; i++) {
    const char *before = i == 0 && own ? "; it has " : i == own ? "; of boards: " : ", ";
    used += (size_t)snprintf(text + used, size - used, "%s%s", before, names[i]);
  }
}

static int is_path(const char *name) {
  size_t n = strlen(name);
  return strchr(name, '/') || (n >= 4 && strcmp(name + n - 4, ".cfg") == 0);
}

// FOLDER/SUB/NAME.cfg, when it can be read; SUB may be "".
static int is_there(const char *folder, const char *sub, const char *name, char *path) {
  const int n = snprintf(path, PATH_SIZE, "%s/%s%s%s.cfg", folder, sub, *sub ? "/" : "", name);
  return n > 0 && n < PATH_SIZE && access(path, R_OK) == 0;
}

static eie_status find_file(const char *name, char *path, eie_error *err) {
  if (strlen(name) >= PATH_SIZE - 16)
    return eie_fail(err, EIE_ERR_USE, "the configuration's name is too long");
  if (is_path(name)) {
    snprintf(path, PATH_SIZE, "%s", name);
    return EIE_OK;
  }
  const char *own = getenv("EIE_CONFIG_DIR");
  const char *folder = EIE_SOURCE_DIR "/rtl/configs", *boards = EIE_SOURCE_DIR "/synth/boards";
  if (own && *own && is_there(own, "", name, path)) return EIE_OK;
  if (is_there(folder, "", name, path) || is_there(boards, name, name, path)) return EIE_OK;
  char names[256];
  list_names(folder, boards, names, sizeof names);
  return eie_fail(err, EIE_ERR_USE, "no configuration \"%.60s\" in %.120s%s", name, folder, names);
}

// "a/b/pe64.cfg" -> "pe64"
static eie_status set_name(eie_config *config, const char *path, eie_error *err) {
  const char *slash = strrchr(path, '/');
  const char *base = slash ? slash + 1 : path;
  size_t n = strlen(base);
  if (n > 4 && strcmp(base + n - 4, ".cfg") == 0) n -= 4;
  if (n == 0 || n >= sizeof config->name)
    return eie_fail(err, EIE_ERR_USE, "%s: the name of a configuration must have 1 to %zu characters", path,
                    sizeof config->name - 1);
  memcpy(config->name, base, n);
  config->name[n] = 0;
  for (char *p = config->name; *p; p++)
    if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
      return eie_fail(err, EIE_ERR_USE,
                      "%s: the name of a configuration has letters, digits, '_', '-' and '.'", path);
  return EIE_OK;
}

eie_status eie_config_read(const char *name, eie_config *config, eie_error *err) {
  char path[PATH_SIZE];
  eie_config read = {.n_pe = 0};
  uint8_t *bytes = NULL;
  size_t size = 0;
  EIE_TRY(find_file(name, path, err));
  EIE_TRY(set_name(&read, path, err));
  EIE_TRY(eie_file_read(path, FILE_LIMIT, &bytes, &size, err));
  eie_status status = parse_text(&read, (const char *)bytes, size, err);
  free(bytes);
  if (status == EIE_OK) status = eie_config_check(&read, err);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    return status;
  }
  *config = read;
  return EIE_OK;
}

uint32_t eie_entry_w(const eie_config *c) {
  return c->idx_w + c->code_w;
}

uint32_t eie_word_w(const eie_config *c) {
  return c->entries_per_word * eie_entry_w(c);
}

uint32_t eie_word_parts(const eie_config *c) {
  return (eie_word_w(c) + 31) / 32;
}

uint32_t eie_ptr_w(const eie_config *c) {
  return eie_clog2(c->spmat_words * c->entries_per_word + 1);
}

uint32_t eie_bank_w(const eie_config *c) {
  uint32_t w = eie_ptr_w(c);
  return w > 16 ? w : 16;
}

uint32_t eie_clog2(uint32_t x) {
  uint32_t n = 0;
  while (n < 32 && (uint64_t)1 << n < x) n++;
  return n;
}

uint32_t eie_index_w(uint32_t x) {
  return x > 1 ? eie_clog2(x) : 1;
}
