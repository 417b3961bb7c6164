// SPDX-License-Identifier: Apache-2.0
// Takes manifest.json apart: checksum first, then every member with its range. What the memories or other
// members say too is not taken but worked out again, and compared when the manifest is printed again.
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "eie_packed_parts.h"

static eie_status bad(const char *where, const char *key, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_INPUT, "%s: \"%s\" %s; pack the model again", where, key, what);
}

// A whole number lo .. hi.
static eie_status number(const cJSON *object, const char *where, const char *key, int64_t lo, int64_t hi,
                         int64_t *value, eie_error *err) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  if (!cJSON_IsNumber(item)) return bad(where, key, "is missing or not a number", err);
  if (!(item->valuedouble >= (double)lo && item->valuedouble <= (double)hi))
    return eie_fail(err, EIE_ERR_INPUT, "%s: \"%s\" must be %" PRId64 " to %" PRId64 "; pack the model again",
                    where, key, lo, hi);
  *value = (int64_t)item->valuedouble;
  if ((double)*value != item->valuedouble) return bad(where, key, "is not a whole number", err);
  return EIE_OK;
}

static eie_status unsigned_number(const cJSON *object, const char *where, const char *key, uint32_t lo,
                                  uint32_t hi, uint32_t *value, eie_error *err) {
  int64_t n;
  EIE_TRY(number(object, where, key, lo, hi, &n, err));
  *value = (uint32_t)n;
  return EIE_OK;
}

// A string of printable ASCII that fits `room` bytes.
static eie_status string(const cJSON *object, const char *where, const char *key, char *text, size_t room,
                         eie_error *err) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  if (!cJSON_IsString(item)) return bad(where, key, "is missing or not a string", err);
  const size_t n = strlen(item->valuestring);
  if (n == 0 || n >= room) return bad(where, key, "is empty or too long", err);
  for (size_t i = 0; i < n; i++)
    if (item->valuestring[i] < 0x20 || item->valuestring[i] > 0x7e)
      return bad(where, key, "is not printable ASCII", err);
  memcpy(text, item->valuestring, n + 1);
  return EIE_OK;
}

static eie_status array(const cJSON *object, const char *where, const char *key, uint32_t most,
                        const cJSON **items, uint32_t *count, eie_error *err) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  if (!cJSON_IsArray(item)) return bad(where, key, "is missing or not a list", err);
  const int n = cJSON_GetArraySize(item);
  if (n < 1 || (uint32_t)n > most) return bad(where, key, "has too few or too many members", err);
  *items = item;
  *count = (uint32_t)n;
  return EIE_OK;
}

// Digits of a base, all of the string, at most `most`.
static int digits(const char *text, int base, uint64_t most, uint64_t *value) {
  *value = 0;
  if (!*text) return -1;
  for (; *text; text++) {
    const char *const all = "0123456789abcdef", *at = strchr(all, *text);
    if (!at || at - all >= base) return -1;
    const uint64_t digit = (uint64_t)(at - all);
    if (*value > (most - digit) / (uint64_t)base) return -1;
    *value = *value * (uint64_t)base + digit;
  }
  return 0;
}

static eie_status parse_config(const cJSON *root, const char *path, eie_config *c, eie_error *err) {
  const cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "config");
  if (!cJSON_IsObject(object)) return bad(path, "config", "is missing or not an object", err);
  EIE_TRY(string(object, path, "name", c->name, sizeof c->name, err));
#define PARSE_PARAMETER(field, key, lo, hi, what) \
  EIE_TRY(unsigned_number(object, path, #key, lo, hi, &c->field, err));
  EIE_CONFIG_PARAMETERS(PARSE_PARAMETER)
#undef PARSE_PARAMETER
  const eie_status status = eie_config_check(c, err);
  if (status != EIE_OK) eie_error_prefix(err, "%s", path);
  return status == EIE_OK ? EIE_OK : EIE_ERR_INPUT;
}

// What a calibrated dealing was made from; a manifest without it was not calibrated.
static eie_status parse_calibration(const cJSON *root, const char *path, eie_packed *packed, eie_error *err) {
  char text[32];
  uint64_t crc;
  if (!cJSON_HasObjectItem(root, "calibrated")) return EIE_OK;
  EIE_TRY(unsigned_number(root, path, "calibrated", 1, UINT32_MAX, &packed->calibrated, err));
  EIE_TRY(string(root, path, "calibration_crc32", text, sizeof text, err));
  if (strlen(text) != 8 || digits(text, 16, UINT32_MAX, &crc) != 0)
    return bad(path, "calibration_crc32", "is not 8 digits", err);
  packed->calibration_crc32 = (uint32_t)crc;
  return EIE_OK;
}

static eie_status parse_head(const cJSON *root, const char *path, eie_packed *packed, eie_error *err) {
  char text[32];
  int64_t n;
  EIE_TRY(string(root, path, "format", text, sizeof text, err));
  if (strcmp(text, EIE_PACKED_FORMAT) != 0) return bad(path, "format", "is not \"eie-packed\"", err);
  EIE_TRY(number(root, path, "version", 0, INT32_MAX, &n, err));
  if (n != EIE_PACKED_VERSION) return bad(path, "version", "is not 1", err);
  EIE_TRY(parse_config(root, path, &packed->config, err));
  EIE_TRY(string(root, path, "dealing", text, sizeof text, err));
  if (strcmp(text, "balanced") != 0 && strcmp(text, "interleaved") != 0)
    return bad(path, "dealing", "is neither balanced nor interleaved", err);
  packed->dealing = strcmp(text, "balanced") == 0 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED;
  EIE_TRY(string(root, path, "seed", text, sizeof text, err));
  if (digits(text, 10, UINT64_MAX, &packed->seed) != 0) return bad(path, "seed", "is not a number", err);
  EIE_TRY(parse_calibration(root, path, packed, err));
  EIE_TRY(number(root, path, "input_frac", EIE_MIN_FRAC, EIE_MAX_FRAC, &n, err));
  packed->input_frac = (int32_t)n;
  return EIE_OK;
}

static eie_status parse_layer(const cJSON *object, const char *path, uint32_t k, eie_packed_layer *layer,
                              eie_error *err) {
  char where[EIE_NAME_SIZE + 32];
  int64_t n;
  snprintf(where, sizeof where, "layer %u", k);
  eie_status status = string(object, where, "name", layer->name, sizeof layer->name, err);
  if (status == EIE_OK) status = unsigned_number(object, where, "rows", 1, EIE_MAX_DIM, &layer->rows, err);
  if (status == EIE_OK) status = unsigned_number(object, where, "cols", 1, EIE_MAX_DIM, &layer->cols, err);
  if (status == EIE_OK)
    status = unsigned_number(object, where, "shift", 0, EIE_MAX_SHIFT, &layer->shift, err);
  if (status == EIE_OK) status = unsigned_number(object, where, "relu", 0, 1, &layer->relu, err);
  if (status == EIE_OK) status = number(object, where, "weight_frac", EIE_MIN_FRAC, EIE_MAX_FRAC, &n, err);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    return status;
  }
  layer->weight_frac = (int32_t)n;
  return EIE_OK;
}

static eie_status parse_pass(const cJSON *object, const char *path, uint32_t p, eie_pass *pass,
                             eie_error *err) {
  char where[64];
  eie_status status = EIE_OK;
  snprintf(where, sizeof where, "pass %u", p);
#define PARSE_FIELD(field) \
  if (status == EIE_OK) status = unsigned_number(object, where, #field, 0, INT32_MAX, &pass->field, err)
  PARSE_FIELD(layer);
  PARSE_FIELD(row_slot);
  PARSE_FIELD(rows);
  PARSE_FIELD(col_slot);
  PARSE_FIELD(col_slots);
  PARSE_FIELD(load);
  PARSE_FIELD(descriptor);
  PARSE_FIELD(in_base);
  PARSE_FIELD(out_base);
  PARSE_FIELD(ptr_base);
  PARSE_FIELD(bias_base);
  PARSE_FIELD(codebook);
  PARSE_FIELD(host_in_slot);
  PARSE_FIELD(host_in_slots);
  PARSE_FIELD(host_in_base);
  PARSE_FIELD(host_out);
#undef PARSE_FIELD
  if (status != EIE_OK) eie_error_prefix(err, "%s", path);
  return status;
}

static eie_status parse_lists(const cJSON *root, const char *path, eie_packed *packed, eie_error *err) {
  const cJSON *layers, *passes, *item;
  uint32_t n_layers, n_passes, i = 0;
  EIE_TRY(array(root, path, "layers", EIE_MAX_LAYERS, &layers, &n_layers, err));
  EIE_TRY(array(root, path, "passes", INT32_MAX, &passes, &n_passes, err));
  packed->layers = calloc(n_layers, sizeof *packed->layers);
  if (packed->layers) packed->n_layers = n_layers;
  packed->passes = calloc(n_passes, sizeof *packed->passes);
  if (packed->passes) packed->n_passes = n_passes;
  if (!packed->layers || !packed->passes)
    return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for %u passes", path, n_passes);
  cJSON_ArrayForEach(item, layers) {
    EIE_TRY(parse_layer(item, path, i, &packed->layers[i], err));
    i++;
  }
  i = 0;
  cJSON_ArrayForEach(item, passes) {
    EIE_TRY(parse_pass(item, path, i, &packed->passes[i], err));
    i++;
  }
  return EIE_OK;
}

// The list of files must be the one that the layers and loads call for.
static eie_status parse_files(const cJSON *root, const char *path, const eie_packed *packed,
                              eie_packed_sum *sums, eie_error *err) {
  const cJSON *files, *item;
  const uint64_t expected = eie_packed_file_count(packed);
  uint32_t n, i = 0;
  EIE_TRY(array(root, path, "files", INT32_MAX, &files, &n, err));
  if (n != expected)
    return eie_fail(err, EIE_ERR_INPUT,
                    "%s: lists %u files where its loads need %" PRIu64 "; pack the model again", path, n,
                    expected);
  cJSON_ArrayForEach(item, files) {
    char name[EIE_PACKED_NAME_SIZE], text[EIE_PACKED_NAME_SIZE];
    uint64_t crc;
    int64_t bytes;
    const eie_packed_file file = eie_packed_file_at(packed, i);
    eie_packed_file_name(&file, name);
    EIE_TRY(string(item, path, "name", text, sizeof text, err));
    if (strcmp(name, text) != 0)
      return eie_fail(err, EIE_ERR_INPUT, "%s: lists %s where %s belongs; pack the model again", path, text,
                      name);
    EIE_TRY(number(item, path, "bytes", 1, INT32_MAX, &bytes, err));
    EIE_TRY(string(item, path, "crc32", text, sizeof text, err));
    if (strlen(text) != 8 || digits(text, 16, UINT32_MAX, &crc) != 0)
      return bad(path, "crc32", "is not 8 digits", err);
    sums[i++] = (eie_packed_sum){(uint64_t)bytes, (uint32_t)crc};
  }
  return EIE_OK;
}

// The last member is the CRC-32 of everything before its line.
static eie_status check_sum(const char *path, const char *text, size_t size, eie_error *err) {
  static const char opening[] = "  \"crc32\": \"";
  const size_t tail = sizeof opening - 1 + 8 + strlen("\"\n}\n");
  char value[9] = {0};
  uint64_t crc;
  if (size < tail || memcmp(text + size - tail, opening, sizeof opening - 1) != 0)
    return eie_fail(err, EIE_ERR_INPUT, "%s: does not end with its checksum: it is no manifest, or cut short",
                    path);
  memcpy(value, text + size - tail + sizeof opening - 1, 8);
  if (digits(value, 16, UINT32_MAX, &crc) != 0 ||
      crc != crc32_z(crc32_z(0, NULL, 0), (const Bytef *)text, size - tail))
    return eie_fail(err, EIE_ERR_INPUT,
                    "%s: its checksum is wrong: it was changed or damaged; pack the model again", path);
  return EIE_OK;
}

static eie_status parse_all(const cJSON *root, const char *path, eie_packed *packed, eie_packed_sum **sums,
                            eie_error *err) {
  if (!cJSON_IsObject(root)) return eie_fail(err, EIE_ERR_INPUT, "%s: is not a JSON object", path);
  EIE_TRY(parse_head(root, path, packed, err));
  EIE_TRY(parse_lists(root, path, packed, err));
  const eie_status status = eie_packed_check_passes(packed, err);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    return status;
  }
  const uint64_t n_files = eie_packed_file_count(packed);
  if (n_files > INT32_MAX) return bad(path, "files", "would be too many", err);
  *sums = calloc((size_t)n_files, sizeof **sums);
  if (!*sums) return eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for %" PRIu64 " files", path, n_files);
  return parse_files(root, path, packed, *sums, err);
}

eie_status eie_packed_parse(const char *path, const char *text, size_t size, eie_packed *packed,
                            eie_packed_sum **sums, eie_error *err) {
  EIE_TRY(check_sum(path, text, size, err));
  cJSON *root = cJSON_ParseWithLength(text, size);
  if (!root) return eie_fail(err, EIE_ERR_INPUT, "%s: is not JSON; pack the model again", path);
  eie_packed made = {0};
  eie_packed_sum *made_sums = NULL;
  const eie_status status = parse_all(root, path, &made, &made_sums, err);
  cJSON_Delete(root);
  if (status != EIE_OK) {
    eie_packed_free(&made);
    free(made_sums);
    return status;
  }
  *packed = made;
  *sums = made_sums;
  return EIE_OK;
}
