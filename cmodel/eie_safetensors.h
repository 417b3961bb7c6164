// SPDX-License-Identifier: Apache-2.0
// The safetensors container: named tensors and string metadata in one file. It knows nothing of
// models; what a model puts into it is docs/model-format.md.
//
//   bytes 0..7        header length H, unsigned, little-endian
//   bytes 8..8+H-1    JSON object {"__metadata__": {key: string}, name: {"dtype", "shape", "data_offsets"}}
//   the rest          tensor data, little-endian; data_offsets count from here
//
// The reader wants the data covered exactly once: no hole, no overlap, nothing after it.
#ifndef EIE_SAFETENSORS_H
#define EIE_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

enum {
  EIE_ST_MAX_DIMS = 8,
  EIE_ST_MAX_TENSORS = 8192,
  EIE_ST_MAX_METADATA = 8192,
  EIE_ST_HEADER_LIMIT = 16 << 20  // bytes
};

typedef enum { EIE_ST_U8, EIE_ST_I16, EIE_ST_I32, EIE_ST_OTHER } eie_st_dtype;

typedef struct {
  const char *name;
  eie_st_dtype dtype;  // OTHER: a type of the format that models do not use
  uint32_t n_dims;
  uint64_t dims[EIE_ST_MAX_DIMS];
  const uint8_t *data;  // [size] little-endian, no alignment promised
  uint64_t size;        // bytes
} eie_st_tensor;

typedef struct {
  const char *key, *value;
} eie_st_metadata;

// A file that was read. Everything in it points into memory that it owns.
typedef struct {
  uint32_t n_tensors, n_metadata;
  eie_st_tensor *tensors;     // ascending by name
  eie_st_metadata *metadata;  // ascending by key
  void *owned_json;
  uint8_t *owned_bytes;
} eie_safetensors;

eie_status eie_safetensors_read(const char *path, eie_safetensors *file, eie_error *err);
void eie_safetensors_free(eie_safetensors *file);

// NULL when there is none of that name.
const eie_st_tensor *eie_safetensors_tensor(const eie_safetensors *file, const char *name);
const char *eie_safetensors_value(const eie_safetensors *file, const char *key);

// Writes a file that depends on its arguments only, byte for byte: metadata ascending by key, tensors
// by falling element size, then ascending by name, the header padded with blanks to a multiple of 8.
// The arrays are reordered in place.
eie_status eie_safetensors_write(const char *path, eie_st_tensor *tensors, uint32_t n_tensors,
                                 eie_st_metadata *metadata, uint32_t n_metadata, eie_error *err);

#endif
