// SPDX-License-Identifier: Apache-2.0
// Activations and labels from .npy and IDX files. docs/tensor-formats.md.
#include "eie_tensor.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "eie_file.h"
#include "eie_npy.h"

typedef enum { KIND_NPY, KIND_IDX } kind;

int eie_quantise(double x, int32_t frac, int16_t *out) {
  if (!isfinite(x)) return -1;
  double y = floor(ldexp(x, frac) + 0.5);
  *out = y > INT16_MAX ? INT16_MAX : y < INT16_MIN ? INT16_MIN : (int16_t)y;
  return 0;
}

// By the first bytes, not by the name.
static eie_status find_kind(const char *path, kind *found, eie_error *err) {
  int fd = -1;
  uint8_t head[6];
  EIE_TRY(eie_file_open(path, &fd, NULL, err));
  ssize_t n = read(fd, head, sizeof head);
  close(fd);
  int gz = n >= 2 && head[0] == 0x1f && head[1] == 0x8b;
  if (n > 0 && eie_npy_magic(head, (size_t)n))
    *found = KIND_NPY;
  else if (gz || (n >= 2 && head[0] == 0 && head[1] == 0))
    *found = KIND_IDX;
  else
    return eie_fail(err, EIE_ERR_INPUT, "%s: is neither a .npy nor an IDX file", path);
  return EIE_OK;
}

// (count, cols) or (cols,); an empty batch is refused.
static eie_status take_shape(const eie_npy *npy, uint32_t cols, eie_activations *out, eie_error *err) {
  int int16 = npy->kind == 'i' && npy->bytes == 2, float32 = npy->kind == 'f' && npy->bytes == 4;
  if (!int16 && !float32)
    return eie_fail(err, EIE_ERR_INPUT, "has elements of type %c%u; activations are int16 or float32",
                    npy->kind, npy->bytes);
  if (npy->n_dims < 1 || npy->n_dims > 2)
    return eie_fail(err, EIE_ERR_INPUT, "has %u dimensions; the shape must be (count, %u) or (%u,)",
                    npy->n_dims, cols, cols);
  uint64_t count = npy->n_dims == 2 ? npy->dims[0] : 1, width = npy->dims[npy->n_dims - 1];
  if (width != cols)
    return eie_fail(err, EIE_ERR_INPUT, "has %llu activations a vector, but the layer has %u columns",
                    (unsigned long long)width, cols);
  if (count == 0 || count > UINT32_MAX)
    return eie_fail(err, EIE_ERR_INPUT, "holds %llu vectors; it must be 1 to 2^32 - 1",
                    (unsigned long long)count);
  *out = (eie_activations){.count = (uint32_t)count, .cols = cols};
  return EIE_OK;
}

static eie_status take_values(const eie_npy *npy, int32_t frac, eie_activations *out, eie_error *err) {
  for (uint64_t i = 0; i < npy->count; i++) {
    int64_t value = 0;
    if (npy->kind == 'i') {
      eie_npy_integer(npy, i, &value);
      out->data[i] = (int16_t)value;
    } else if (eie_quantise((double)eie_npy_f32(npy, i), frac, &out->data[i]) != 0) {
      return eie_fail(err, EIE_ERR_INPUT, "vector %llu, activation %llu is not a finite number",
                      (unsigned long long)(i / out->cols), (unsigned long long)(i % out->cols));
    }
  }
  return EIE_OK;
}

static eie_status read_npy(const char *path, uint32_t cols, int32_t frac, eie_activations *out,
                           eie_error *err) {
  eie_npy npy;
  EIE_TRY(eie_npy_read(path, &npy, err));
  eie_activations read = {.count = 0};
  eie_status status = take_shape(&npy, cols, &read, err);
  if (status == EIE_OK && !(read.data = malloc(npy.count * sizeof *read.data)))
    status = eie_fail(err, EIE_ERR_MEMORY, "not enough memory for its activations");
  if (status == EIE_OK) status = take_values(&npy, frac, &read, err);
  eie_npy_free(&npy);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    free(read.data);
    return status;
  }
  *out = read;
  return EIE_OK;
}

static eie_status read_idx(const char *path, uint32_t cols, int32_t frac, eie_activations *out,
                           eie_error *err) {
  uint32_t count, item_size;
  uint8_t *bytes = NULL;
  EIE_TRY(eie_idx_read(path, &count, &item_size, &bytes, err));
  size_t n = (size_t)count * item_size;
  int16_t level[256];
  for (int i = 0; i < 256; i++) eie_quantise(i / 256.0, frac, &level[i]);
  int16_t *data = item_size == cols ? malloc(n * sizeof *data) : NULL;
  for (size_t i = 0; data && i < n; i++) data[i] = level[bytes[i]];
  free(bytes);
  if (item_size != cols)
    return eie_fail(err, EIE_ERR_INPUT, "%s: has %u bytes an item, but the layer has %u columns", path,
                    item_size, cols);
  if (!data) return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory for its activations", path);
  *out = (eie_activations){.count = count, .cols = cols, .data = data};
  return EIE_OK;
}

eie_status eie_activations_read(const char *path, uint32_t cols, int32_t frac, eie_activations *out,
                                eie_error *err) {
  kind found;
  EIE_TRY(find_kind(path, &found, err));
  return found == KIND_NPY ? read_npy(path, cols, frac, out, err) : read_idx(path, cols, frac, out, err);
}

eie_status eie_activations_write(const char *path, const eie_activations *acts, eie_error *err) {
  return eie_npy_write_i16(path, acts->data, acts->count, acts->cols, err);
}

void eie_activations_free(eie_activations *acts) {
  free(acts->data);
  *acts = (eie_activations){.count = 0};
}

static eie_status check_label_shape(const eie_npy *npy, eie_error *err) {
  if (npy->kind == 'f')
    return eie_fail(err, EIE_ERR_INPUT, "has elements of type f%u; labels are integers", npy->bytes);
  if (npy->n_dims != 1)
    return eie_fail(err, EIE_ERR_INPUT, "has %u dimensions; labels have one", npy->n_dims);
  if (npy->count == 0 || npy->count > UINT32_MAX)
    return eie_fail(err, EIE_ERR_INPUT, "holds no labels, or too many");
  return EIE_OK;
}

static eie_status take_labels(const eie_npy *npy, int32_t *data, eie_error *err) {
  for (uint64_t i = 0; i < npy->count; i++) {
    int64_t value = 0;
    if (eie_npy_integer(npy, i, &value) != 0 || value < INT32_MIN || value > INT32_MAX)
      return eie_fail(err, EIE_ERR_INPUT, "label %llu does not fit 32 bits", (unsigned long long)i);
    data[i] = (int32_t)value;
  }
  return EIE_OK;
}

static eie_status read_npy_labels(const char *path, eie_labels *out, eie_error *err) {
  eie_npy npy;
  EIE_TRY(eie_npy_read(path, &npy, err));
  int32_t *data = NULL;
  eie_status status = check_label_shape(&npy, err);
  if (status == EIE_OK && !(data = malloc(npy.count * sizeof *data)))
    status = eie_fail(err, EIE_ERR_MEMORY, "not enough memory for its labels");
  if (status == EIE_OK) status = take_labels(&npy, data, err);
  uint32_t count = (uint32_t)npy.count;
  eie_npy_free(&npy);
  if (status != EIE_OK) {
    eie_error_prefix(err, "%s", path);
    free(data);
    return status;
  }
  *out = (eie_labels){.count = count, .data = data};
  return EIE_OK;
}

static eie_status read_idx_labels(const char *path, eie_labels *out, eie_error *err) {
  uint32_t count, item_size;
  uint8_t *bytes = NULL;
  EIE_TRY(eie_idx_read(path, &count, &item_size, &bytes, err));
  int32_t *data = item_size == 1 ? malloc(count * sizeof *data) : NULL;
  for (uint32_t i = 0; data && i < count; i++) data[i] = bytes[i];
  free(bytes);
  if (item_size != 1)
    return eie_fail(err, EIE_ERR_INPUT, "%s: has %u bytes an item; labels have one", path, item_size);
  if (!data) return eie_fail(err, EIE_ERR_MEMORY, "%s: not enough memory for its labels", path);
  *out = (eie_labels){.count = count, .data = data};
  return EIE_OK;
}

eie_status eie_labels_read(const char *path, eie_labels *out, eie_error *err) {
  kind found;
  EIE_TRY(find_kind(path, &found, err));
  return found == KIND_NPY ? read_npy_labels(path, out, err) : read_idx_labels(path, out, err);
}

void eie_labels_free(eie_labels *labels) {
  free(labels->data);
  *labels = (eie_labels){.count = 0};
}
