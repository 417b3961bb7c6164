// SPDX-License-Identifier: Apache-2.0
// The memory images of a vector set: a packed directory (docs/packed-format.md) in its folder image/.
#include <inttypes.h>
#include <stdlib.h>

#include "../cmodel/eie_packed_parts.h"
#include "vectors_files.h"

uint64_t vectors_image_count(const eie_packed *packed) {
  return eie_packed_file_count(packed) + 1;
}

int vectors_image_is_name(const char *name) {
  return eie_packed_file_is_name(name);
}

static eie_vectors_kind kind_of(eie_packed_kind kind) {
  switch (kind) {
    case EIE_FILE_DESCRIPTORS:
    case EIE_FILE_CODEBOOK:
      return EIE_VECTORS_WORDS;
    case EIE_FILE_SPMAT:
      return EIE_VECTORS_SPMAT;
    case EIE_FILE_PTR_EVEN:
      return EIE_VECTORS_EVEN;
    case EIE_FILE_PTR_ODD:
      return EIE_VECTORS_ODD;
    case EIE_FILE_PLACES:
      break;
  }
  return EIE_VECTORS_TEXT;
}

static eie_status add_memory(const eie_packed *packed, const eie_packed_file *file, eie_packed_sum *sum,
                             eie_vectors *v, eie_error *err) {
  char inner[EIE_PACKED_NAME_SIZE], name[EIE_VECTORS_NAME_SIZE], *text;
  size_t size;
  const eie_vectors_kind kind = kind_of(file->kind);
  eie_packed_file_name(file, inner);
  snprintf(name, sizeof name, VECTORS_IMAGE "/%s", inner);
  EIE_TRY(eie_packed_file_text(packed, file, &text, &size, err));
  sum->bytes = size;
  sum->crc32 = vectors_crc32(text, size);
  vectors_add_file(v, name, kind,
                   kind == EIE_VECTORS_TEXT ? 0 : eie_packed_file_digits(&packed->config, file->kind), text,
                   size);
  return EIE_OK;
}

eie_status vectors_image_add(const eie_packed *packed, eie_vectors *v, eie_error *err) {
  const uint64_t n_files = eie_packed_file_count(packed);
  eie_packed_sum *sums = calloc((size_t)n_files, sizeof *sums);
  eie_status status =
      sums ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for %" PRIu64 " checksums", n_files);
  for (uint64_t i = 0; i < n_files && !status; i++) {
    const eie_packed_file file = eie_packed_file_at(packed, i);
    status = add_memory(packed, &file, &sums[i], v, err);
  }
  char *text;
  size_t size;
  if (!status) status = eie_packed_manifest(packed, sums, &text, &size, err);
  if (!status) vectors_add_file(v, VECTORS_IMAGE "/" EIE_PACKED_MANIFEST, EIE_VECTORS_TEXT, 0, text, size);
  free(sums);
  return status;
}
