// SPDX-License-Identifier: Apache-2.0
// eie info on .npy and IDX files: type, shape, range, how many elements are not zero.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_info.h"
#include "eie_cli.h"
#include "eie_npy.h"
#include "eie_tensor.h"

typedef struct {
  const char *kind;
  char type[8], shape[160];
  uint64_t count, nonzero;
  double lowest, largest;
  int has_range;  // 0: no range (no elements, or a type that is not looked into)
} tensor_facts;

static int report(const char *path, int json, const tensor_facts *t) {
  if (!json) {
    printf("%s: %s, %s, shape (%s)\n", path, t->kind, t->type, t->shape);
    if (t->has_range)
      printf("%" PRIu64 " elements, %g to %g, %.2f %% of them not zero\n", t->count, t->lowest, t->largest,
             100.0 * (double)t->nonzero / (double)t->count);
    return 0;
  }
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "kind", t->kind);
  cJSON_AddStringToObject(root, "type", t->type);
  cJSON_AddStringToObject(root, "shape", t->shape);
  eie_json_add_u64(root, "count", t->count);
  if (t->has_range) {
    eie_json_add_u64(root, "nonzero", t->nonzero);
    cJSON_AddNumberToObject(root, "lowest", t->lowest);
    cJSON_AddNumberToObject(root, "largest", t->largest);
  }
  return eie_cli_json("info", root);
}

static void take_value(tensor_facts *t, double x) {
  if (!t->has_range || x < t->lowest) t->lowest = x;
  if (!t->has_range || x > t->largest) t->largest = x;
  t->nonzero += x != 0;
  t->has_range = 1;
}

static void look(const eie_npy *npy, tensor_facts *t) {
  for (uint64_t i = 0; i < npy->count; i++) {
    int64_t value = 0;
    if (npy->kind != 'f' && eie_npy_integer(npy, i, &value) == 0) take_value(t, (double)value);
    if (npy->kind == 'f' && npy->bytes == 4 && isfinite(eie_npy_f32(npy, i)))
      take_value(t, (double)eie_npy_f32(npy, i));
  }
}

int eie_info_npy(const char *path, int json) {
  eie_error err;
  eie_npy npy;
  eie_status status = eie_npy_read(path, &npy, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  tensor_facts t = {.kind = "npy", .count = npy.count};
  snprintf(t.type, sizeof t.type, "%s%u",
           npy.kind == 'f'   ? "float"
           : npy.kind == 'i' ? "int"
                             : "uint",
           8 * npy.bytes);
  for (uint32_t i = 0; i < npy.n_dims; i++) {
    size_t n = strlen(t.shape);
    snprintf(t.shape + n, sizeof t.shape - n, "%s%" PRIu64, i ? ", " : "", npy.dims[i]);
  }
  look(&npy, &t);
  eie_npy_free(&npy);
  return report(path, json, &t);
}

int eie_info_idx(const char *path, int json) {
  eie_error err;
  uint32_t count, item_size;
  uint8_t *bytes;
  eie_status status = eie_idx_read(path, &count, &item_size, &bytes, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  tensor_facts t = {.kind = "idx", .type = "uint8", .count = (uint64_t)count * item_size};
  snprintf(t.shape, sizeof t.shape, "%u, %u", count, item_size);
  for (uint64_t i = 0; i < t.count; i++) take_value(&t, bytes[i]);
  free(bytes);
  return report(path, json, &t);
}
