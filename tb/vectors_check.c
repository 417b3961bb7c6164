// SPDX-License-Identifier: Apache-2.0
// Is a directory what eie_vectors_make would make of the image and the inputs in it? First the checksums, so
// that damage is named by file; then everything is made again and must be the same.
#include <cjson/cJSON.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"
#include "vectors_files.h"
#include "vectors_run.h"

enum { PATH_ROOM = 4096 };
static const size_t file_limit = (size_t)1 << 31;

static const char remedy[] = "make the vectors again";

static eie_status path_of(char path[PATH_ROOM], const char *dir, const char *name, eie_error *err) {
  if ((size_t)snprintf(path, PATH_ROOM, "%s/%s", dir, name) < PATH_ROOM) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE, "%.200s: the path is too long", dir);
}

// ---- the manifest ----

static eie_status check_own_sum(const char *path, const char *text, size_t size, eie_error *err) {
  char tail[64];
  const size_t n = (size_t)snprintf(tail, sizeof tail, "  \"crc32\": \"%08x\"\n}\n", 0u);
  if (size > n)
    snprintf(tail, sizeof tail, "  \"crc32\": \"%08" PRIx32 "\"\n}\n", vectors_crc32(text, size - n));
  if (size > n && memcmp(text + size - n, tail, n) == 0) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT, "%s: its checksum is not that of its bytes: it was changed; %s", path,
                  remedy);
}

static eie_status read_manifest(const char *dir, char **text, size_t *size, cJSON **root, eie_error *err) {
  char path[PATH_ROOM];
  uint8_t *bytes = NULL;
  EIE_TRY(path_of(path, dir, VECTORS_MANIFEST, err));
  EIE_TRY(eie_file_read(path, file_limit, &bytes, size, err));
  *text = (char *)bytes;
  EIE_TRY(check_own_sum(path, *text, *size, err));
  *root = cJSON_ParseWithLength(*text, *size);
  const cJSON *format = cJSON_GetObjectItemCaseSensitive(*root, "format");
  if (!cJSON_IsString(format) || strcmp(format->valuestring, VECTORS_FORMAT) != 0)
    return eie_fail(err, EIE_ERR_INPUT, "%s: is not the manifest of a vector set (\"format\" is not \"%s\")",
                    path, VECTORS_FORMAT);
  const cJSON *version = cJSON_GetObjectItemCaseSensitive(*root, "version");
  if (!cJSON_IsNumber(version) || version->valuedouble != VECTORS_VERSION)
    return eie_fail(err, EIE_ERR_INPUT, "%s: \"version\" is not %d, the one that this program knows", path,
                    VECTORS_VERSION);
  return EIE_OK;
}

// A whole number from 0 to `most`, else -1.
static double number_of(const cJSON *object, const char *key, double most) {
  const cJSON *n = cJSON_GetObjectItemCaseSensitive(object, key);
  if (!cJSON_IsNumber(n) || !(n->valuedouble >= 0) || n->valuedouble > most) return -1;
  return n->valuedouble == (double)(uint64_t)n->valuedouble ? n->valuedouble : -1;
}

// ---- the files it lists ----

// Names are letters, digits, '.', '_', '-', with at most the folder of the image before them.
static int is_safe(const char *name) {
  static const char folder[] = VECTORS_IMAGE "/";
  if (strncmp(name, folder, sizeof folder - 1) == 0) name += sizeof folder - 1;
  if (*name == 0 || *name == '.' || strlen(name) >= EIE_VECTORS_NAME_SIZE - sizeof folder) return 0;
  for (; *name; name++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *name)) return 0;
  return 1;
}

static eie_status read_listed(const char *dir, const cJSON *entry, eie_vectors *v, eie_error *err) {
  const cJSON *name = cJSON_GetObjectItemCaseSensitive(entry, "name");
  const cJSON *sum = cJSON_GetObjectItemCaseSensitive(entry, "crc32");
  const double bytes = number_of(entry, "bytes", (double)file_limit);
  char path[PATH_ROOM], found[16];
  uint8_t *text = NULL;
  size_t size = 0;
  if (!cJSON_IsString(name) || !is_safe(name->valuestring) || !cJSON_IsString(sum) || bytes < 0)
    return eie_fail(err, EIE_ERR_INPUT,
                    "%s/" VECTORS_MANIFEST ": member %" PRIu32 " of \"files\" is no file; %s", dir,
                    v->n_files, remedy);
  EIE_TRY(path_of(path, dir, name->valuestring, err));
  EIE_TRY(eie_file_read(path, file_limit, &text, &size, err));
  vectors_add_file(v, name->valuestring, EIE_VECTORS_TEXT, 0, (char *)text, size);
  if ((double)size != bytes)
    return eie_fail(err, EIE_ERR_INPUT, "%s: has %zu bytes, the manifest says %.0f; %s", path, size, bytes,
                    remedy);
  snprintf(found, sizeof found, "%08" PRIx32, v->files[v->n_files - 1].crc32);
  if (strcmp(found, sum->valuestring) != 0)
    return eie_fail(err, EIE_ERR_INPUT, "%s: its CRC-32 is %s, the manifest says %.16s: it was changed; %s",
                    path, found, sum->valuestring, remedy);
  return EIE_OK;
}

static eie_status read_files(const char *dir, const cJSON *root, eie_vectors *v, eie_error *err) {
  const cJSON *files = cJSON_GetObjectItemCaseSensitive(root, "files"), *entry;
  const int n = cJSON_IsArray(files) ? cJSON_GetArraySize(files) : 0;
  v->files = calloc((size_t)n + 1, sizeof *v->files);
  if (!v->files) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for %d files", dir, n);
  cJSON_ArrayForEach(entry, files) EIE_TRY(read_listed(dir, entry, v, err));
  return EIE_OK;
}

static const eie_vectors_file *find(const eie_vectors *v, const char *name) {
  for (uint32_t k = 0; k < v->n_files; k++)
    if (strcmp(v->files[k].name, name) == 0) return &v->files[k];
  return NULL;
}

// Nothing may lie in `dir`/`folder` ("" or "image") that the set does not list.
static eie_status check_no_others(const char *dir, const char *folder, const eie_vectors *v, eie_error *err) {
  char path[PATH_ROOM], name[PATH_ROOM];
  eie_status status = EIE_OK;
  EIE_TRY(path_of(path, dir, folder, err));
  DIR *d = opendir(path);
  if (!d) return eie_fail(err, EIE_ERR_INPUT, "%s: is not there or cannot be listed; %s", path, remedy);
  for (const struct dirent *e; !status && (e = readdir(d)) != NULL;) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    if (!*folder && (strcmp(e->d_name, VECTORS_IMAGE) == 0 || strcmp(e->d_name, VECTORS_MANIFEST) == 0))
      continue;
    snprintf(name, sizeof name, "%s%s%.255s", folder, *folder ? "/" : "", e->d_name);
    if (!find(v, name))
      status = eie_fail(err, EIE_ERR_INPUT, "%s/%s: is not in the manifest; remove it", dir, name);
  }
  closedir(d);
  return status;
}

// ---- made again ----

static int hex_word(const char *line, uint32_t *word) {
  *word = 0;
  for (int k = 0; k < 4; k++) {
    const char *digits = "0123456789abcdef", *digit = line[k] ? strchr(digits, line[k]) : NULL;
    if (!digit) return -1;
    *word = *word << 4 | (uint32_t)(digit - digits);
  }
  return line[4] == '\n' ? 0 : -1;
}

static eie_status parse_inputs(const char *dir, const eie_vectors_file *f, const eie_packed *packed,
                               eie_activations *inputs, eie_error *err) {
  const uint32_t places = vectors_run_places(packed, 0), cols = packed->layers[0].cols;
  if (f->size != 5 * (size_t)inputs->count * places)
    return eie_fail(err, EIE_ERR_INPUT,
                    "%s/" VECTORS_INPUTS ": does not hold %" PRIu32 " inputs of %" PRIu32 " lines; %s", dir,
                    inputs->count, places, remedy);
  inputs->cols = cols;
  inputs->data = calloc((size_t)inputs->count * cols + 1, sizeof *inputs->data);
  if (!inputs->data)
    return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for %" PRIu32 " inputs", dir, inputs->count);
  for (size_t i = 0; i < (size_t)inputs->count * places; i++) {
    uint32_t word;
    if (hex_word(f->text + 5 * i, &word))
      return eie_fail(err, EIE_ERR_INPUT,
                      "%s/" VECTORS_INPUTS ": line %zu is not four hexadecimal digits; %s", dir, i + 1,
                      remedy);
    if (i % places < cols) inputs->data[i / places * cols + i % places] = (int16_t)(uint16_t)word;
  }
  return EIE_OK;
}

static eie_status compare_file(const char *dir, const eie_vectors_file *was, const eie_vectors_file *is,
                               eie_error *err) {
  size_t line = 1, k = 0;
  if (was && was->size == is->size && memcmp(was->text, is->text, is->size) == 0) return EIE_OK;
  if (!was) return eie_fail(err, EIE_ERR_INPUT, "%s/%s: is not in the manifest; %s", dir, is->name, remedy);
  for (; k < was->size && k < is->size && was->text[k] == is->text[k]; k++) line += was->text[k] == '\n';
  return eie_fail(err, EIE_ERR_INPUT, "%s/%s: line %zu is not what the image and the inputs give; %s", dir,
                  is->name, line, remedy);
}

static eie_status compare_sets(const char *dir, const eie_vectors *was, const eie_vectors *is,
                               eie_error *err) {
  for (uint32_t k = 0; k < is->n_files; k++)
    EIE_TRY(compare_file(dir, find(was, is->files[k].name), &is->files[k], err));
  if (was->n_files != is->n_files)
    return eie_fail(err, EIE_ERR_INPUT, "%s/" VECTORS_MANIFEST ": lists a file twice or one too many; %s",
                    dir, remedy);
  return EIE_OK;
}

static eie_status make_again(const char *dir, const cJSON *root, const eie_vectors *was, eie_vectors *is,
                             eie_error *err) {
  const double count = number_of(root, "inputs", (double)UINT32_MAX / 2);
  const eie_vectors_file *f = find(was, VECTORS_INPUTS);
  char path[PATH_ROOM];
  eie_packed packed = {.n_layers = 0};
  if (count < 1 || !f)
    return eie_fail(err, EIE_ERR_INPUT, "%s/" VECTORS_MANIFEST ": has no inputs; %s", dir, remedy);
  EIE_TRY(path_of(path, dir, VECTORS_IMAGE, err));
  EIE_TRY(eie_packed_read(path, &packed, err));
  eie_activations inputs = {.count = (uint32_t)count};
  eie_status status = parse_inputs(dir, f, &packed, &inputs, err);
  if (!status) status = eie_vectors_make(&packed, &inputs, inputs.count, is, err);
  eie_activations_free(&inputs);
  eie_packed_free(&packed);
  return status;
}

static eie_status check(const char *dir, cJSON *root, eie_vectors *was, eie_vectors *is, eie_error *err) {
  EIE_TRY(read_files(dir, root, was, err));
  EIE_TRY(check_no_others(dir, "", was, err));
  EIE_TRY(check_no_others(dir, VECTORS_IMAGE, was, err));
  return make_again(dir, root, was, is, err);
}

eie_status eie_vectors_check(const char *dir, eie_vectors *vectors, eie_error *err) {
  eie_vectors was = {.n_files = 0}, is = {.n_files = 0};
  char *text = NULL;
  size_t size = 0;
  cJSON *root = NULL;
  eie_status status = read_manifest(dir, &text, &size, &root, err);
  if (!status) status = check(dir, root, &was, &is, err);
  if (!status) {  // the manifest itself is the last file; read_files left room for it
    vectors_add_file(&was, VECTORS_MANIFEST, EIE_VECTORS_TEXT, 0, text, size);
    text = NULL;
    status = compare_sets(dir, &was, &is, err);
  }
  if (status) {
    eie_vectors_free(&is);
  } else {
    *vectors = is;
  }
  free(text);
  cJSON_Delete(root);
  eie_vectors_free(&was);
  return status;
}
