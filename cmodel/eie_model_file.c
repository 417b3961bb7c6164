// SPDX-License-Identifier: Apache-2.0
// Model files: which tensors and metadata of a safetensors file make a model. docs/model-format.md.
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_model.h"
#include "eie_safetensors.h"

enum { KEY_SIZE = 64, TENSORS = 5, METADATA = 6 };

static const char *const tensor_fields[TENSORS] = {"indptr", "indices", "codes", "codebook", "bias"};
static const eie_st_dtype tensor_dtypes[TENSORS] = {EIE_ST_I32, EIE_ST_I32, EIE_ST_U8, EIE_ST_I16,
                                                    EIE_ST_I32};
static const char *const dtype_names[] = {"U8", "I16", "I32"};
static const char *const metadata_fields[METADATA] = {"rows", "cols", "shift", "relu", "weight_frac", "name"};

// Decimal as we write it: no blanks, no '+', no leading zeros. Returns 0, or -1.
static int parse_decimal(const char *s, int64_t *value) {
  const char *digits = s + (*s == '-');
  size_t n = strspn(digits, "0123456789");
  if (n == 0 || n > 10 || digits[n] || (n > 1 && digits[0] == '0') || strcmp(s, "-0") == 0) return -1;
  *value = strtoll(s, NULL, 10);
  return 0;
}

static eie_status get_number(const eie_safetensors *file, const char *key, int64_t lo, int64_t hi,
                             int64_t *value, eie_error *err) {
  const char *text = eie_safetensors_value(file, key);
  if (!text) return eie_fail(err, EIE_ERR_INPUT, "metadata %s is missing", key);
  if (parse_decimal(text, value) != 0)
    return eie_fail(err, EIE_ERR_INPUT, "metadata %s is \"%.40s\", not a decimal number", key, text);
  if (*value < lo || *value > hi)
    return eie_fail(err, EIE_ERR_INPUT, "metadata %s is %" PRId64 "; it must be %" PRId64 " to %" PRId64, key,
                    *value, lo, hi);
  return EIE_OK;
}

static eie_status get_layer_number(const eie_safetensors *file, uint32_t k, const char *field, int64_t lo,
                                   int64_t hi, int64_t *value, eie_error *err) {
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "layers.%u.%s", k, field);
  return get_number(file, key, lo, hi, value, err);
}

static eie_status get_name(const eie_safetensors *file, uint32_t k, eie_layer *layer, eie_error *err) {
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "layers.%u.name", k);
  const char *text = eie_safetensors_value(file, key);
  if (!text) {
    snprintf(layer->name, sizeof layer->name, "layer%u", k);
    return EIE_OK;
  }
  if (strlen(text) >= sizeof layer->name)
    return eie_fail(err, EIE_ERR_INPUT, "metadata %s has more than %d characters", key, EIE_NAME_SIZE - 1);
  strcpy(layer->name, text);
  return EIE_OK;
}

static eie_status get_numbers(const eie_safetensors *file, uint32_t k, eie_layer *layer, eie_error *err) {
  int64_t rows, cols, shift, relu, weight_frac;
  EIE_TRY(get_layer_number(file, k, "rows", 1, EIE_MAX_DIM, &rows, err));
  EIE_TRY(get_layer_number(file, k, "cols", 1, EIE_MAX_DIM, &cols, err));
  EIE_TRY(get_layer_number(file, k, "shift", 0, EIE_MAX_SHIFT, &shift, err));
  EIE_TRY(get_layer_number(file, k, "relu", 0, 1, &relu, err));
  EIE_TRY(get_layer_number(file, k, "weight_frac", EIE_MIN_FRAC, EIE_MAX_FRAC, &weight_frac, err));
  layer->rows = (uint32_t)rows;
  layer->cols = (uint32_t)cols;
  layer->shift = (uint32_t)shift;
  layer->relu = (uint32_t)relu;
  layer->weight_frac = (int32_t)weight_frac;
  return get_name(file, k, layer, err);
}

// Finds a layer's tensors; each must have its type and one dimension.
static eie_status find_tensors(const eie_safetensors *file, uint32_t k, const eie_st_tensor *tensor[TENSORS],
                               eie_error *err) {
  for (int i = 0; i < TENSORS; i++) {
    char name[KEY_SIZE];
    snprintf(name, sizeof name, "layers.%u.%s", k, tensor_fields[i]);
    tensor[i] = eie_safetensors_tensor(file, name);
    if (!tensor[i]) return eie_fail(err, EIE_ERR_INPUT, "tensor %s is missing", name);
    if (tensor[i]->dtype != tensor_dtypes[i])
      return eie_fail(err, EIE_ERR_INPUT, "tensor %s must be of type %s", name,
                      dtype_names[tensor_dtypes[i]]);
    if (tensor[i]->n_dims != 1)
      return eie_fail(err, EIE_ERR_INPUT, "tensor %s must have one dimension", name);
  }
  return EIE_OK;
}

static eie_status check_length(uint32_t k, const char *field, uint64_t length, uint64_t want, const char *why,
                               eie_error *err) {
  if (length == want) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT,
                  "tensor layers.%u.%s has %" PRIu64 " elements; it must have %" PRIu64 " (%s)", k, field,
                  length, want, why);
}

static eie_status check_lengths(uint32_t k, const eie_layer *l, const eie_st_tensor *const tensor[TENSORS],
                                eie_error *err) {
  EIE_TRY(check_length(k, "indptr", tensor[0]->dims[0], (uint64_t)l->cols + 1, "cols + 1", err));
  if (tensor[1]->dims[0] > INT32_MAX)
    return eie_fail(err, EIE_ERR_INPUT, "tensor layers.%u.indices has more than 2^31 - 1 elements", k);
  EIE_TRY(check_length(k, "codes", tensor[2]->dims[0], tensor[1]->dims[0], "one for each of indices", err));
  uint64_t words = tensor[3]->dims[0];
  if (words != 16 && words != 256)
    return eie_fail(err, EIE_ERR_INPUT,
                    "tensor layers.%u.codebook has %" PRIu64 " elements; it must have 16 or 256", k, words);
  return check_length(k, "bias", tensor[4]->dims[0], l->rows, "rows", err);
}

static void get_words(const eie_st_tensor *t, uint32_t *out) {
  for (uint64_t i = 0; i < t->dims[0]; i++) {
    const uint8_t *b = t->data + 4 * i;
    out[i] = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  }
}

static int32_t to_signed(uint32_t x) {
  return x > INT32_MAX ? (int32_t)((int64_t)x - ((int64_t)1 << 32)) : (int32_t)x;
}

static void get_data(eie_layer *l, const eie_st_tensor *const tensor[TENSORS]) {
  get_words(tensor[0], l->indptr);
  get_words(tensor[1], l->indices);
  if (l->nnz) memcpy(l->codes, tensor[2]->data, l->nnz);
  for (uint32_t i = 0; i < l->codebook_size; i++) {
    int32_t word = tensor[3]->data[2 * i] | tensor[3]->data[2 * i + 1] << 8;
    l->codebook[i] = (int16_t)(word > INT16_MAX ? word - 65536 : word);
  }
  for (uint32_t i = 0; i < l->rows; i++) {
    const uint8_t *b = tensor[4]->data + 4 * (size_t)i;
    l->bias[i] = to_signed(b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
  }
}

static eie_status get_layer(const eie_safetensors *file, uint32_t k, eie_layer *layer, eie_error *err) {
  const eie_st_tensor *tensor[TENSORS];
  EIE_TRY(get_numbers(file, k, layer, err));
  EIE_TRY(find_tensors(file, k, tensor, err));
  EIE_TRY(check_lengths(k, layer, tensor, err));
  layer->nnz = (uint32_t)tensor[1]->dims[0];
  layer->codebook_size = (uint32_t)tensor[3]->dims[0];
  EIE_TRY(eie_layer_alloc(layer, err));
  get_data(layer, tensor);
  return EIE_OK;
}

// "layers.K.FIELD" with K below n_layers and FIELD in the list?
static int known(const char *name, uint32_t n_layers, const char *const fields[], int n_fields) {
  char want[KEY_SIZE];
  if (strncmp(name, "layers.", 7) != 0 || !isdigit((unsigned char)name[7]) || strlen(name) >= sizeof want)
    return 0;
  unsigned long k = strtoul(name + 7, NULL, 10);
  for (int i = 0; i < n_fields && k < n_layers; i++) {
    snprintf(want, sizeof want, "layers.%lu.%s", k, fields[i]);
    if (strcmp(want, name) == 0) return 1;
  }
  return 0;
}

// A misspelt name must not pass unseen. Metadata outside "layers." is free for notes.
static eie_status check_strangers(const eie_safetensors *file, uint32_t n_layers, eie_error *err) {
  for (uint32_t i = 0; i < file->n_tensors; i++)
    if (!known(file->tensors[i].name, n_layers, tensor_fields, TENSORS))
      return eie_fail(err, EIE_ERR_INPUT, "tensor \"%.60s\" is not part of a model of %u layers",
                      file->tensors[i].name, n_layers);
  for (uint32_t i = 0; i < file->n_metadata; i++)
    if (strncmp(file->metadata[i].key, "layers.", 7) == 0 &&
        !known(file->metadata[i].key, n_layers, metadata_fields, METADATA))
      return eie_fail(err, EIE_ERR_INPUT, "metadata \"%.60s\" is not part of a model of %u layers",
                      file->metadata[i].key, n_layers);
  return EIE_OK;
}

static eie_status get_model(const eie_safetensors *file, eie_model *model, eie_error *err) {
  const char *format = eie_safetensors_value(file, "format");
  const char *version = eie_safetensors_value(file, "version");
  int64_t n_layers, input_frac;
  if (!format || strcmp(format, "eie-model") != 0)
    return eie_fail(err, EIE_ERR_INPUT, "is not a compressed model: metadata format must be \"eie-model\"");
  if (!version || strcmp(version, "1") != 0)
    return eie_fail(err, EIE_ERR_INPUT, "metadata version must be \"1\"; this program reads no other");
  EIE_TRY(get_number(file, "layers", 1, EIE_MAX_LAYERS, &n_layers, err));
  EIE_TRY(get_number(file, "input_frac", EIE_MIN_FRAC, EIE_MAX_FRAC, &input_frac, err));
  EIE_TRY(check_strangers(file, (uint32_t)n_layers, err));
  model->input_frac = (int32_t)input_frac;
  model->layers = calloc((size_t)n_layers, sizeof *model->layers);
  if (!model->layers) return eie_fail(err, EIE_ERR_MEMORY, "not enough memory for the layers");
  model->n_layers = (uint32_t)n_layers;
  for (uint32_t k = 0; k < model->n_layers; k++) EIE_TRY(get_layer(file, k, &model->layers[k], err));
  return EIE_OK;
}

eie_status eie_model_read(const char *path, eie_model *model, eie_error *err) {
  eie_safetensors file;
  eie_model read = {.n_layers = 0};
  EIE_TRY(eie_safetensors_read(path, &file, err));
  eie_status status = get_model(&file, &read, err);
  if (status != EIE_OK) eie_error_prefix(err, "%s", path);
  eie_safetensors_free(&file);
  if (status == EIE_OK) status = eie_model_check(&read, path, err);
  if (status != EIE_OK) {
    eie_model_free(&read);
    return status;
  }
  *model = read;
  return EIE_OK;
}

// What a file that is being written is made of. Names and values live in the text arrays.
typedef struct {
  eie_st_tensor *tensors;
  eie_st_metadata *metadata;
  char (*names)[KEY_SIZE];   // [n_layers * TENSORS]
  char (*keys)[KEY_SIZE];    // [n_layers * METADATA + 4]
  char (*values)[KEY_SIZE];  // likewise
  uint8_t *bytes;
  uint32_t n_tensors, n_metadata;
} draft;

static void free_draft(draft *d) {
  free(d->tensors);
  free(d->metadata);
  free(d->names);
  free(d->keys);
  free(d->values);
  free(d->bytes);
}

static size_t layer_bytes(const eie_layer *l) {
  return 4 * ((size_t)l->cols + 1) + 5 * (size_t)l->nnz + 2 * (size_t)l->codebook_size + 4 * (size_t)l->rows;
}

static int alloc_draft(draft *d, const eie_model *model) {
  size_t n_tensors = (size_t)model->n_layers * TENSORS, n_metadata = (size_t)model->n_layers * METADATA + 4;
  size_t bytes = 0;
  for (uint32_t k = 0; k < model->n_layers; k++) bytes += layer_bytes(&model->layers[k]);
  d->tensors = calloc(n_tensors, sizeof *d->tensors);
  d->names = calloc(n_tensors, sizeof *d->names);
  d->metadata = calloc(n_metadata, sizeof *d->metadata);
  d->keys = calloc(n_metadata, sizeof *d->keys);
  d->values = calloc(n_metadata, sizeof *d->values);
  d->bytes = malloc(bytes);
  return d->tensors && d->names && d->metadata && d->keys && d->values && d->bytes ? 0 : -1;
}

static void add_text(draft *d, const char *key, const char *value) {
  uint32_t i = d->n_metadata++;
  snprintf(d->keys[i], KEY_SIZE, "%s", key);
  snprintf(d->values[i], KEY_SIZE, "%s", value);
  d->metadata[i] = (eie_st_metadata){d->keys[i], d->values[i]};
}

static void add_number(draft *d, const char *key, int64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, value);
  add_text(d, key, text);
}

static void add_layer_number(draft *d, uint32_t k, const char *field, int64_t value) {
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "layers.%u.%s", k, field);
  add_number(d, key, value);
}

static void add_layer_metadata(draft *d, uint32_t k, const eie_layer *l) {
  char key[KEY_SIZE], standard[KEY_SIZE];
  add_layer_number(d, k, "rows", l->rows);
  add_layer_number(d, k, "cols", l->cols);
  add_layer_number(d, k, "shift", l->shift);
  add_layer_number(d, k, "relu", l->relu);
  add_layer_number(d, k, "weight_frac", l->weight_frac);
  snprintf(standard, sizeof standard, "layer%u", k);
  snprintf(key, sizeof key, "layers.%u.name", k);
  if (strcmp(l->name, standard) != 0) add_text(d, key, l->name);
}

// Adds the tensor of `n` elements whose bytes begin at `at`; returns the place after them.
static uint8_t *add_tensor(draft *d, uint32_t k, int field, uint64_t n, uint32_t bytes, uint8_t *at) {
  uint32_t i = d->n_tensors++;
  snprintf(d->names[i], KEY_SIZE, "layers.%u.%s", k, tensor_fields[field]);
  d->tensors[i] = (eie_st_tensor){.name = d->names[i],
                                  .dtype = tensor_dtypes[field],
                                  .n_dims = 1,
                                  .dims = {n},
                                  .data = at,
                                  .size = n * bytes};
  return at + n * bytes;
}

static void put_word(uint8_t *at, uint32_t x) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(x >> 8 * i);
}

static uint8_t *add_layer_tensors(draft *d, uint32_t k, const eie_layer *l, uint8_t *at) {
  for (size_t i = 0; i <= l->cols; i++) put_word(at + 4 * i, l->indptr[i]);
  at = add_tensor(d, k, 0, (uint64_t)l->cols + 1, 4, at);
  for (size_t i = 0; i < l->nnz; i++) put_word(at + 4 * i, l->indices[i]);
  at = add_tensor(d, k, 1, l->nnz, 4, at);
  if (l->nnz) memcpy(at, l->codes, l->nnz);
  at = add_tensor(d, k, 2, l->nnz, 1, at);
  for (size_t i = 0; i < l->codebook_size; i++) {
    at[2 * i] = (uint8_t)(l->codebook[i] & 0xff);
    at[2 * i + 1] = (uint8_t)(((uint16_t)l->codebook[i]) >> 8);
  }
  at = add_tensor(d, k, 3, l->codebook_size, 2, at);
  for (size_t i = 0; i < l->rows; i++) put_word(at + 4 * i, (uint32_t)l->bias[i]);
  return add_tensor(d, k, 4, l->rows, 4, at);
}

eie_status eie_model_write(const char *path, const eie_model *model, eie_error *err) {
  EIE_TRY(eie_model_check(model, path, err));
  draft d = {.n_tensors = 0};
  eie_status status = EIE_OK;
  if (alloc_draft(&d, model) != 0) {
    status = eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory to write it", path);
  } else {
    add_text(&d, "format", "eie-model");
    add_text(&d, "version", "1");
    add_number(&d, "layers", model->n_layers);
    add_number(&d, "input_frac", model->input_frac);
    uint8_t *at = d.bytes;
    for (uint32_t k = 0; k < model->n_layers; k++) {
      add_layer_metadata(&d, k, &model->layers[k]);
      at = add_layer_tensors(&d, k, &model->layers[k], at);
    }
    status = eie_safetensors_write(path, d.tensors, d.n_tensors, d.metadata, d.n_metadata, err);
  }
  free_draft(&d);
  return status;
}
