// SPDX-License-Identifier: Apache-2.0
// A vector set as a list of files in memory, and its way to the disk.
#include "vectors_files.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "eie_directory.h"
#include "vectors_text.h"

uint32_t vectors_crc32(const char *text, size_t size) {
  return (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)text, size);
}

eie_status vectors_text_open(vectors_text *text, eie_error *err) {
  *text = (vectors_text){.out = NULL};
  text->out = open_memstream(&text->text, &text->size);
  return text->out ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for a text");
}

eie_status vectors_text_keep(vectors_text *text, eie_vectors *v, const char *name, eie_vectors_kind kind,
                             uint32_t digits, eie_error *err) {
  if (fclose(text->out) != 0) {
    free(text->text);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %s", name);
  }
  vectors_add_file(v, name, kind, digits, text->text, text->size);
  return EIE_OK;
}

void vectors_add_file(eie_vectors *v, const char *name, eie_vectors_kind kind, uint32_t digits, char *text,
                      size_t size) {
  eie_vectors_file *f = &v->files[v->n_files++];
  snprintf(f->name, sizeof f->name, "%s", name);
  f->kind = kind;
  f->digits = digits;
  f->text = text;
  f->size = size;
  f->crc32 = vectors_crc32(text, size);
}

static eie_status add_files(const vectors_run *run, eie_vectors *v, eie_error *err) {
  EIE_TRY(vectors_add_values(run, v, err));
  EIE_TRY(vectors_image_add(run->packed, v, err));
  EIE_TRY(vectors_add_readme(run, v, err));
  EIE_TRY(vectors_add_script(run, v, err));
  return vectors_add_manifest(run, v, err);
}

eie_status eie_vectors_make(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                            eie_vectors *vectors, eie_error *err) {
  // inputs, outputs, counters, image; README, script, manifest
  const size_t n_files = 2 + packed->n_layers + (size_t)vectors_image_count(packed) + 3;
  eie_vectors v = {.files = calloc(n_files, sizeof *v.files)};
  if (!v.files) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %zu files", n_files);
  vectors_run *run = calloc(1, sizeof *run);
  eie_status status = run ? vectors_run_all(packed, inputs, count, run, err)
                          : eie_fail(err, EIE_ERR_MEMORY, "no memory for a run");
  if (!status) status = add_files(run, &v, err);
  if (run) vectors_run_free(run);
  free(run);
  if (status)
    eie_vectors_free(&v);
  else
    *vectors = v;
  return status;
}

void eie_vectors_free(eie_vectors *v) {
  for (uint32_t k = 0; k < v->n_files; k++) free(v->files[k].text);
  free(v->files);
  memset(v, 0, sizeof *v);
}

// A name that may stand in a vector set beside the folder of its image.
static int is_name(const char *name) {
  static const char *const fixed[] = {VECTORS_MANIFEST, VECTORS_SCRIPT, VECTORS_INPUTS, VECTORS_COUNTERS,
                                      VECTORS_README};
  static const char tail[] = ".outputs.hex";
  const size_t n = strlen(name);
  for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++)
    if (strcmp(name, fixed[k]) == 0) return 1;
  return strncmp(name, "layer", 5) == 0 && n > sizeof tail && strcmp(name + n + 1 - sizeof tail, tail) == 0;
}

eie_status eie_vectors_write(const char *dir, const eie_vectors *v, eie_error *err) {
  static const char *const marks[] = {VECTORS_MANIFEST, VECTORS_SCRIPT, NULL};
  static const eie_directory_kind kind = {.what = "a vector set",
                                          .marks = marks,
                                          .is_file = is_name,
                                          .folder = VECTORS_IMAGE,
                                          .is_folder_file = vectors_image_is_name};
  eie_directory directory;
  EIE_TRY(eie_directory_begin(dir, &kind, &directory, err));
  eie_status status = EIE_OK;
  for (uint32_t k = 0; k < v->n_files && !status; k++)
    status = eie_directory_add(&directory, v->files[k].name, v->files[k].text, v->files[k].size, err);
  if (!status) return eie_directory_finish(&directory, err);
  eie_directory_abandon(&directory);
  return status;
}
