// SPDX-License-Identifier: Apache-2.0
// Writes the safetensors container in one fixed layout.
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"
#include "eie_safetensors.h"

static const char *const dtype_names[] = {"U8", "I16", "I32"};
static const int dtype_bytes[] = {1, 2, 4};

static int compare_layout(const void *a, const void *b) {
  const eie_st_tensor *x = a, *y = b;
  if (x->dtype != y->dtype) return dtype_bytes[y->dtype] - dtype_bytes[x->dtype];
  return strcmp(x->name, y->name);
}

static int compare_keys(const void *a, const void *b) {
  return strcmp(((const eie_st_metadata *)a)->key, ((const eie_st_metadata *)b)->key);
}

// Returns 0, or -1 without memory.
static int add_tensor(cJSON *header, const eie_st_tensor *t, uint64_t begin) {
  cJSON *json = cJSON_AddObjectToObject(header, t->name);
  if (!json || !cJSON_AddStringToObject(json, "dtype", dtype_names[t->dtype])) return -1;
  cJSON *shape = cJSON_AddArrayToObject(json, "shape");
  for (uint32_t i = 0; i < t->n_dims; i++)
    if (!cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)t->dims[i]))) return -1;
  cJSON *offsets = cJSON_AddArrayToObject(json, "data_offsets");
  if (!cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)begin))) return -1;
  return cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)(begin + t->size))) ? 0 : -1;
}

// The header's text; NULL without memory. The caller frees it. *data_size = bytes of all tensors.
static char *make_header(const eie_st_tensor *tensors, uint32_t n_tensors, const eie_st_metadata *metadata,
                         uint32_t n_metadata, uint64_t *data_size) {
  cJSON *header = cJSON_CreateObject();
  cJSON *object = cJSON_AddObjectToObject(header, "__metadata__");
  int bad = !object;
  for (uint32_t i = 0; i < n_metadata && !bad; i++)
    bad = !cJSON_AddStringToObject(object, metadata[i].key, metadata[i].value);
  *data_size = 0;
  for (uint32_t i = 0; i < n_tensors && !bad; i++) {
    bad = add_tensor(header, &tensors[i], *data_size) != 0;
    *data_size += tensors[i].size;
  }
  char *text = bad ? NULL : cJSON_PrintUnformatted(header);
  cJSON_Delete(header);
  return text;
}

static uint8_t *assemble(const char *header, uint64_t data_size, const eie_st_tensor *tensors,
                         uint32_t n_tensors, size_t *size) {
  size_t text = strlen(header), padded = (text + 7) / 8 * 8;
  *size = 8 + padded + data_size;
  uint8_t *bytes = malloc(*size);
  if (!bytes) return NULL;
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)padded >> 8 * i);
  memcpy(bytes + 8, header, text);
  memset(bytes + 8 + text, ' ', padded - text);
  uint8_t *at = bytes + 8 + padded;
  for (uint32_t i = 0; i < n_tensors; i++) {
    if (tensors[i].size) memcpy(at, tensors[i].data, tensors[i].size);
    at += tensors[i].size;
  }
  return bytes;
}

eie_status eie_safetensors_write(const char *path, eie_st_tensor *tensors, uint32_t n_tensors,
                                 eie_st_metadata *metadata, uint32_t n_metadata, eie_error *err) {
  qsort(tensors, n_tensors, sizeof *tensors, compare_layout);
  qsort(metadata, n_metadata, sizeof *metadata, compare_keys);
  uint64_t data_size = 0;
  size_t size = 0;
  char *header = make_header(tensors, n_tensors, metadata, n_metadata, &data_size);
  uint8_t *bytes = header ? assemble(header, data_size, tensors, n_tensors, &size) : NULL;
  cJSON_free(header);
  if (!bytes) return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory to write it", path);
  eie_status status = eie_file_write(path, bytes, size, err);
  free(bytes);
  return status;
}
