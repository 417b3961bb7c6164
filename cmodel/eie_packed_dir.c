// SPDX-License-Identifier: Apache-2.0
// Writes a packed directory: everything under a temporary name beside it, then one rename. What stands
// there already is replaced only when it is a packed directory, or empty.
#include <stdlib.h>
#include <zlib.h>

#include "eie_directory.h"
#include "eie_packed_parts.h"

static eie_status write_files(const eie_directory *directory, const eie_packed *packed, eie_packed_sum *sums,
                              eie_error *err) {
  const uint64_t n_files = eie_packed_file_count(packed);
  char *text;
  size_t size;
  for (uint64_t i = 0; i < n_files; i++) {
    char name[EIE_PACKED_NAME_SIZE];
    const eie_packed_file file = eie_packed_file_at(packed, i);
    eie_packed_file_name(&file, name);
    EIE_TRY(eie_packed_file_text(packed, &file, &text, &size, err));
    sums[i].bytes = size;
    sums[i].crc32 = (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)text, size);
    const eie_status status = eie_directory_add(directory, name, text, size, err);
    free(text);
    if (status != EIE_OK) return status;
  }
  EIE_TRY(eie_packed_manifest(packed, sums, &text, &size, err));
  const eie_status status = eie_directory_add(directory, EIE_PACKED_MANIFEST, text, size, err);
  free(text);
  return status;
}

eie_status eie_packed_write(const char *dir, const eie_packed *packed, eie_error *err) {
  static const char *const marks[] = {EIE_PACKED_MANIFEST, NULL};
  static const eie_directory_kind kind = {
      .what = "a packed model", .marks = marks, .is_file = eie_packed_file_is_name};
  eie_directory directory;
  EIE_TRY(eie_directory_begin(dir, &kind, &directory, err));
  eie_packed_sum *sums = calloc((size_t)eie_packed_file_count(packed), sizeof *sums);
  eie_status status = EIE_OK;
  if (!sums) status = eie_fail(err, EIE_ERR_MEMORY, "%s: no memory for its checksums", dir);
  if (status == EIE_OK) status = write_files(&directory, packed, sums, err);
  if (status == EIE_OK)
    status = eie_directory_finish(&directory, err);
  else
    eie_directory_abandon(&directory);
  free(sums);
  return status;
}
