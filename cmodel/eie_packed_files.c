// SPDX-License-Identifier: Apache-2.0
// The $readmemh files of a packed directory: which there are, their names and their text.
#include <stdlib.h>
#include <string.h>

#include "eie_pack_parts.h"
#include "eie_packed_parts.h"

enum { FILES_A_LOAD = 2, FILES_A_PE = 3 };

static uint64_t files_of_load(const eie_packed *packed) {
  return FILES_A_LOAD + (uint64_t)FILES_A_PE * packed->config.n_pe;
}

uint64_t eie_packed_file_count(const eie_packed *packed) {
  return packed->n_layers + packed->n_loads * files_of_load(packed);
}

eie_packed_file eie_packed_file_at(const eie_packed *packed, uint64_t index) {
  if (index < packed->n_layers) return (eie_packed_file){EIE_FILE_PLACES, (uint32_t)index, 0, 0};
  index -= packed->n_layers;
  eie_packed_file file = {EIE_FILE_DESCRIPTORS, 0, (uint32_t)(index / files_of_load(packed)), 0};
  index %= files_of_load(packed);
  if (index < FILES_A_LOAD) {
    file.kind = index == 0 ? EIE_FILE_DESCRIPTORS : EIE_FILE_CODEBOOK;
    return file;
  }
  index -= FILES_A_LOAD;
  file.pe = (uint32_t)(index / FILES_A_PE);
  file.kind = (eie_packed_kind)(EIE_FILE_SPMAT + index % FILES_A_PE);
  return file;
}

void eie_packed_file_name(const eie_packed_file *f, char name[EIE_PACKED_NAME_SIZE]) {
  static const char *const kinds[] = {"places", "descriptors", "codebook", "spmat", "ptr_even", "ptr_odd"};
  if (f->kind == EIE_FILE_PLACES)
    snprintf(name, EIE_PACKED_NAME_SIZE, "layer%u.%s.hex", f->layer, kinds[f->kind]);
  else if (f->kind <= EIE_FILE_CODEBOOK)
    snprintf(name, EIE_PACKED_NAME_SIZE, "load%u.%s.hex", f->load, kinds[f->kind]);
  else
    snprintf(name, EIE_PACKED_NAME_SIZE, "load%u.pe%u.%s.hex", f->load, f->pe, kinds[f->kind]);
}

int eie_packed_file_is_name(const char *name) {
  const size_t n = strlen(name);
  if (strcmp(name, EIE_PACKED_MANIFEST) == 0) return 1;
  if (n < 4 || strcmp(name + n - 4, ".hex") != 0) return 0;
  return strncmp(name, "layer", 5) == 0 || strncmp(name, "load", 4) == 0;
}

static uint32_t bits_of(const eie_config *config, eie_packed_kind kind) {
  if (kind == EIE_FILE_SPMAT) return eie_word_w(config);
  if (kind == EIE_FILE_PTR_EVEN || kind == EIE_FILE_PTR_ODD) return eie_bank_w(config);
  return kind == EIE_FILE_CODEBOOK ? 16 : 32;
}

uint32_t eie_packed_file_digits(const eie_config *config, eie_packed_kind kind) {
  return (bits_of(config, kind) + 3) / 4;
}

uint64_t eie_packed_file_most(const eie_packed *packed, const eie_packed_file *file) {
  const eie_config *c = &packed->config;
  switch (file->kind) {
    case EIE_FILE_PLACES:
      return packed->layers[file->layer].rows;
    case EIE_FILE_DESCRIPTORS:
      return 8 * (uint64_t)c->layers;
    case EIE_FILE_CODEBOOK:
      return (uint64_t)c->layers << c->code_w;
    case EIE_FILE_SPMAT:
      return c->spmat_words;
    case EIE_FILE_PTR_EVEN:
    case EIE_FILE_PTR_ODD:
      return c->ptr_depth / 2;
  }
  return 0;
}

// Prints words of `parts` 32-bit parts each, low part first, at `stride` parts from each other.
static void print_words(FILE *out, const uint32_t *words, uint32_t count, uint32_t parts, uint32_t stride,
                        uint32_t digits) {
  for (uint32_t i = 0; i < count; i++, words += stride) {
    const uint32_t top = digits - 8 * (parts - 1);
    fprintf(out, "%0*x", (int)top, words[parts - 1]);
    for (uint32_t p = parts - 1; p > 0; p--) fprintf(out, "%08x", words[p - 1]);
    fputc('\n', out);
  }
}

static void print_descriptors(const eie_packed *packed, uint32_t load, FILE *out) {
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    uint32_t words[8];
    if (packed->passes[p].load != load) continue;
    eie_packed_descriptor(packed, p, words);
    print_words(out, words, 8, 1, 1, 8);
  }
}

static eie_status print_memory(const eie_packed *packed, const eie_packed_file *file, FILE *out,
                               eie_error *err) {
  const eie_config *c = &packed->config;
  const eie_memory memory = file->kind == EIE_FILE_CODEBOOK ? EIE_MEM_CODEBOOK
                            : file->kind == EIE_FILE_SPMAT  ? EIE_MEM_SPMAT
                                                            : EIE_MEM_POINTER;
  const uint32_t digits = eie_packed_file_digits(c, file->kind), parts = eie_word_parts(c);
  const uint32_t zero[4] = {0, 0, 0, 0};
  uint32_t *words, count;
  EIE_TRY(eie_packed_memory(packed, file->load, memory, file->pe, &words, &count, err));
  if (file->kind == EIE_FILE_SPMAT) {
    print_words(out, words, count >> eie_clog2(parts), parts, 1u << eie_clog2(parts), digits);
    if (count == 0) print_words(out, zero, 1, parts, 4, digits);  // $readmemh wants a word
  } else if (file->kind == EIE_FILE_CODEBOOK) {
    print_words(out, words, count, 1, 1, digits);
  } else {
    print_words(out, words + (file->kind == EIE_FILE_PTR_ODD), count / 2, 1, 2, digits);
  }
  free(words);
  return EIE_OK;
}

eie_status eie_packed_file_text(const eie_packed *packed, const eie_packed_file *file, char **text,
                                size_t *size, eie_error *err) {
  char *made = NULL;
  size_t made_size = 0;
  eie_status status = EIE_OK;
  FILE *out = open_memstream(&made, &made_size);
  if (!out) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the text of a memory file");
  if (file->kind == EIE_FILE_PLACES)
    print_words(out, packed->layers[file->layer].row_place, packed->layers[file->layer].rows, 1, 1, 8);
  else if (file->kind == EIE_FILE_DESCRIPTORS)
    print_descriptors(packed, file->load, out);
  else
    status = print_memory(packed, file, out, err);
  if (fclose(out) != 0 && status == EIE_OK)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory for the text of a memory file");
  if (status != EIE_OK) {
    free(made);
    return status;
  }
  *text = made;
  *size = made_size;
  return EIE_OK;
}
