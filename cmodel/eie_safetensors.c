// SPDX-License-Identifier: Apache-2.0
// Reads the safetensors container; every number in it is taken for hostile. Writing: eie_safetensors_write.c.
#include "eie_safetensors.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"

static const size_t file_limit = (size_t)1 << 31;
static const double largest_exact = 9007199254740992.0;  // 2^53: JSON numbers are doubles

typedef struct {
  const char *name;
  eie_st_dtype dtype;
  uint32_t bytes;  // of an element
} dtype_row;

static const dtype_row dtype_rows[] = {
    {"U8", EIE_ST_U8, 1},     {"I16", EIE_ST_I16, 2},   {"I32", EIE_ST_I32, 4},   {"BOOL", EIE_ST_OTHER, 1},
    {"I8", EIE_ST_OTHER, 1},  {"U16", EIE_ST_OTHER, 2}, {"F16", EIE_ST_OTHER, 2}, {"BF16", EIE_ST_OTHER, 2},
    {"U32", EIE_ST_OTHER, 4}, {"F32", EIE_ST_OTHER, 4}, {"I64", EIE_ST_OTHER, 8}, {"U64", EIE_ST_OTHER, 8},
    {"F64", EIE_ST_OTHER, 8},
};

static eie_status parse_count(const cJSON *json, uint64_t *value, const char *what, eie_error *err) {
  if (!cJSON_IsNumber(json) || !(json->valuedouble >= 0) || json->valuedouble > largest_exact ||
      floor(json->valuedouble) != json->valuedouble)
    return eie_fail(err, EIE_ERR_INPUT, "%s must hold whole numbers from 0 to 2^53", what);
  *value = (uint64_t)json->valuedouble;
  return EIE_OK;
}

static eie_status parse_dtype(const cJSON *json, eie_st_dtype *dtype, uint32_t *bytes, eie_error *err) {
  if (!cJSON_IsString(json)) return eie_fail(err, EIE_ERR_INPUT, "dtype must be a string");
  for (size_t i = 0; i < sizeof dtype_rows / sizeof dtype_rows[0]; i++) {
    if (strcmp(dtype_rows[i].name, json->valuestring) != 0) continue;
    *dtype = dtype_rows[i].dtype;
    *bytes = dtype_rows[i].bytes;
    return EIE_OK;
  }
  return eie_fail(err, EIE_ERR_INPUT, "dtype \"%.20s\" is not known", json->valuestring);
}

// Fills dims and sets *size to the bytes that the shape asks for.
static eie_status parse_shape(const cJSON *json, eie_st_tensor *t, uint32_t bytes, uint64_t *size,
                              eie_error *err) {
  if (!cJSON_IsArray(json)) return eie_fail(err, EIE_ERR_INPUT, "shape must be a list");
  *size = bytes;
  const cJSON *dim;
  cJSON_ArrayForEach(dim, json) {
    if (t->n_dims == EIE_ST_MAX_DIMS)
      return eie_fail(err, EIE_ERR_INPUT, "shape has more than %d dimensions", EIE_ST_MAX_DIMS);
    uint64_t n;
    EIE_TRY(parse_count(dim, &n, "shape", err));
    if (n != 0 && *size > UINT64_MAX / n)
      return eie_fail(err, EIE_ERR_INPUT, "shape asks for more than 2^64 bytes");
    *size *= n;
    t->dims[t->n_dims++] = n;
  }
  return EIE_OK;
}

static eie_status parse_offsets(const cJSON *json, uint64_t data_size, uint64_t *begin, uint64_t *end,
                                eie_error *err) {
  if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) != 2)
    return eie_fail(err, EIE_ERR_INPUT, "data_offsets must be a list of two numbers");
  EIE_TRY(parse_count(json->child, begin, "data_offsets", err));
  EIE_TRY(parse_count(json->child->next, end, "data_offsets", err));
  if (*begin > *end) return eie_fail(err, EIE_ERR_INPUT, "data_offsets end before they begin");
  if (*end > data_size)
    return eie_fail(err, EIE_ERR_INPUT, "data_offsets end at byte %llu, but the file has %llu bytes of data",
                    (unsigned long long)*end, (unsigned long long)data_size);
  return EIE_OK;
}

// The object must have the three members and no other, each once.
static eie_status take_members(const cJSON *json, const cJSON *member[3], eie_error *err) {
  static const char *const names[3] = {"dtype", "shape", "data_offsets"};
  if (!cJSON_IsObject(json)) return eie_fail(err, EIE_ERR_INPUT, "is not a JSON object");
  for (int i = 0; i < 3; i++) member[i] = NULL;
  const cJSON *m;
  cJSON_ArrayForEach(m, json) {
    int which = 0;
    while (which < 3 && strcmp(names[which], m->string) != 0) which++;
    if (which == 3) return eie_fail(err, EIE_ERR_INPUT, "has an unknown member \"%.40s\"", m->string);
    if (member[which]) return eie_fail(err, EIE_ERR_INPUT, "has its %s twice", names[which]);
    member[which] = m;
  }
  for (int i = 0; i < 3; i++)
    if (!member[i]) return eie_fail(err, EIE_ERR_INPUT, "has no %s", names[i]);
  return EIE_OK;
}

static eie_status parse_tensor(const cJSON *json, const uint8_t *data, uint64_t data_size, eie_st_tensor *t,
                               eie_error *err) {
  const cJSON *member[3];
  uint32_t bytes = 0;
  uint64_t size = 0, begin = 0, end = 0;
  EIE_TRY(take_members(json, member, err));
  EIE_TRY(parse_dtype(member[0], &t->dtype, &bytes, err));
  EIE_TRY(parse_shape(member[1], t, bytes, &size, err));
  EIE_TRY(parse_offsets(member[2], data_size, &begin, &end, err));
  if (end - begin != size)
    return eie_fail(err, EIE_ERR_INPUT, "shape and dtype ask for %llu bytes, but data_offsets hold %llu",
                    (unsigned long long)size, (unsigned long long)(end - begin));
  t->data = data + begin;
  t->size = size;
  return EIE_OK;
}

static eie_status parse_metadata(eie_safetensors *file, const cJSON *json, eie_error *err) {
  if (!cJSON_IsObject(json)) return eie_fail(err, EIE_ERR_INPUT, "__metadata__ is not a JSON object");
  int n = cJSON_GetArraySize(json);
  if (n > EIE_ST_MAX_METADATA)
    return eie_fail(err, EIE_ERR_INPUT, "__metadata__ has more than %d keys", EIE_ST_MAX_METADATA);
  file->metadata = calloc((size_t)n + 1, sizeof *file->metadata);
  if (!file->metadata) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for the metadata");
  const cJSON *m;
  cJSON_ArrayForEach(m, json) {
    if (!cJSON_IsString(m))
      return eie_fail(err, EIE_ERR_INPUT,
                      "metadata \"%.60s\" is not a string (numbers are written as strings)", m->string);
    file->metadata[file->n_metadata++] = (eie_st_metadata){m->string, m->valuestring};
  }
  return EIE_OK;
}

static int compare_offsets(const void *a, const void *b) {
  const eie_st_tensor *x = a, *y = b;
  if (x->data != y->data) return x->data < y->data ? -1 : 1;
  return x->size < y->size ? -1 : x->size > y->size;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(((const eie_st_tensor *)a)->name, ((const eie_st_tensor *)b)->name);
}

static int compare_keys(const void *a, const void *b) {
  return strcmp(((const eie_st_metadata *)a)->key, ((const eie_st_metadata *)b)->key);
}

// Every byte of the data belongs to one tensor. Sorts by place.
static eie_status check_cover(eie_safetensors *file, const uint8_t *data, uint64_t data_size,
                              eie_error *err) {
  qsort(file->tensors, file->n_tensors, sizeof *file->tensors, compare_offsets);
  uint64_t at = 0;
  for (uint32_t i = 0; i < file->n_tensors; i++) {
    const eie_st_tensor *t = &file->tensors[i];
    uint64_t begin = (uint64_t)(t->data - data);
    if (begin != at)
      return eie_fail(err, EIE_ERR_INPUT, "tensor %.60s: its data begins at byte %llu, %s", t->name,
                      (unsigned long long)begin,
                      begin < at ? "inside the tensor before it" : "and leaves a hole before it");
    at += t->size;
  }
  if (at != data_size)
    return eie_fail(err, EIE_ERR_INPUT, "%llu bytes after the last tensor belong to none",
                    (unsigned long long)(data_size - at));
  return EIE_OK;
}

// Sorts by name and key and refuses what is there twice.
static eie_status check_twice(eie_safetensors *file, eie_error *err) {
  qsort(file->tensors, file->n_tensors, sizeof *file->tensors, compare_names);
  for (uint32_t i = 1; i < file->n_tensors; i++)
    if (compare_names(&file->tensors[i - 1], &file->tensors[i]) == 0)
      return eie_fail(err, EIE_ERR_INPUT, "tensor \"%.60s\" is there twice", file->tensors[i].name);
  if (file->n_metadata) qsort(file->metadata, file->n_metadata, sizeof *file->metadata, compare_keys);
  for (uint32_t i = 1; i < file->n_metadata; i++)
    if (compare_keys(&file->metadata[i - 1], &file->metadata[i]) == 0)
      return eie_fail(err, EIE_ERR_INPUT, "metadata \"%.60s\" is there twice", file->metadata[i].key);
  return EIE_OK;
}

static eie_status parse_header(eie_safetensors *file, const cJSON *json, const uint8_t *data,
                               uint64_t data_size, eie_error *err) {
  int n = cJSON_GetArraySize(json);
  if (n > EIE_ST_MAX_TENSORS + 1)
    return eie_fail(err, EIE_ERR_INPUT, "the header has more than %d tensors", EIE_ST_MAX_TENSORS);
  file->tensors = calloc((size_t)n + 1, sizeof *file->tensors);
  if (!file->tensors) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for the list of tensors");
  const cJSON *m;
  cJSON_ArrayForEach(m, json) {
    if (strcmp(m->string, "__metadata__") == 0) {
      if (file->metadata) return eie_fail(err, EIE_ERR_INPUT, "__metadata__ is there twice");
      EIE_TRY(parse_metadata(file, m, err));
      continue;
    }
    eie_st_tensor *t = &file->tensors[file->n_tensors];
    t->name = m->string;
    eie_status status = parse_tensor(m, data, data_size, t, err);
    if (status != EIE_OK) {
      eie_error_prefix(err, "tensor \"%.60s\"", m->string);
      return status;
    }
    file->n_tensors++;
  }
  EIE_TRY(check_cover(file, data, data_size, err));
  return check_twice(file, err);
}

// A \u0000 would end a C string early and hide the rest of a name.
static int has_nul_escape(const uint8_t *text, size_t n) {
  for (size_t i = 0; i + 6 <= n; i++)
    if (memcmp(text + i, "\\u0000", 6) == 0) return 1;
  return 0;
}

static eie_status parse_bytes(eie_safetensors *file, const uint8_t *bytes, size_t size, eie_error *err) {
  if (size < 8) return eie_fail(err, EIE_ERR_INPUT, "is too short for a safetensors file (%zu bytes)", size);
  uint64_t length = 0;
  for (int i = 7; i >= 0; i--) length = length << 8 | bytes[i];
  if (length > size - 8)
    return eie_fail(
        err, EIE_ERR_INPUT,
        "the header should have %llu bytes, but only %zu follow: truncated, or not a safetensors file",
        (unsigned long long)length, size - 8);
  if (length > EIE_ST_HEADER_LIMIT)
    return eie_fail(err, EIE_ERR_INPUT, "the header has %llu bytes; the limit is %d",
                    (unsigned long long)length, EIE_ST_HEADER_LIMIT);
  const char *text = (const char *)bytes + 8, *end = NULL;
  if (length == 0 || text[0] != '{' || memchr(text, 0, length) || has_nul_escape(bytes + 8, length))
    return eie_fail(err, EIE_ERR_INPUT, "the header is not a JSON object");
  cJSON *json = cJSON_ParseWithLengthOpts(text, length, &end, 0);
  file->owned_json = json;
  if (!json || !cJSON_IsObject(json))
    return eie_fail(err, EIE_ERR_INPUT, "the header is not JSON (from byte %ld on)",
                    end ? 8 + (long)(end - text) : 8);
  for (; end < text + length; end++)
    if (!memchr(" \t\r\n", *end, 4))
      return eie_fail(err, EIE_ERR_INPUT, "text follows the header's JSON object at byte %ld",
                      8 + (long)(end - text));
  return parse_header(file, json, bytes + 8 + length, size - 8 - length, err);
}

eie_status eie_safetensors_read(const char *path, eie_safetensors *file, eie_error *err) {
  eie_safetensors read = {.n_tensors = 0};
  size_t size = 0;
  EIE_TRY(eie_file_read(path, file_limit, &read.owned_bytes, &size, err));
  eie_status status = parse_bytes(&read, read.owned_bytes, size, err);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    eie_safetensors_free(&read);
    return status;
  }
  *file = read;
  return EIE_OK;
}

void eie_safetensors_free(eie_safetensors *file) {
  free(file->tensors);
  free(file->metadata);
  cJSON_Delete(file->owned_json);
  free(file->owned_bytes);
  *file = (eie_safetensors){.n_tensors = 0};
}

const eie_st_tensor *eie_safetensors_tensor(const eie_safetensors *file, const char *name) {
  const eie_st_tensor key = {.name = name};
  return bsearch(&key, file->tensors, file->n_tensors, sizeof key, compare_names);
}

const char *eie_safetensors_value(const eie_safetensors *file, const char *name) {
  if (!file->n_metadata) return NULL;
  const eie_st_metadata key = {.key = name};
  const eie_st_metadata *m = bsearch(&key, file->metadata, file->n_metadata, sizeof key, compare_keys);
  return m ? m->value : NULL;
}
