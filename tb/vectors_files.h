// SPDX-License-Identifier: Apache-2.0
// The texts of a vector set, piece by piece. docs/vectors-format.md.
#ifndef VECTORS_FILES_H
#define VECTORS_FILES_H

#include <stdio.h>

#include "eie_vectors.h"

#define VECTORS_FORMAT "eie-vectors"
#define VECTORS_MANIFEST "manifest.json"
#define VECTORS_SCRIPT "script.txt"
#define VECTORS_INPUTS "inputs.hex"
#define VECTORS_COUNTERS "counters.hex"
#define VECTORS_README "README.md"
#define VECTORS_IMAGE "image"
enum { VECTORS_VERSION = 1 };

typedef struct {
  FILE *out;
  char *text;
  size_t size;
} vectors_text;

// A text that grows: print into ->out, then keep it as the set's next file (which takes it, also on failure).
eie_status vectors_text_open(vectors_text *text, eie_error *err);
eie_status vectors_text_keep(vectors_text *text, eie_vectors *v, const char *name, eie_vectors_kind kind,
                             uint32_t digits, eie_error *err);

// Gives `text` (from malloc) to the set as its next file.
void vectors_add_file(eie_vectors *v, const char *name, eie_vectors_kind kind, uint32_t digits, char *text,
                      size_t size);

uint32_t vectors_crc32(const char *text, size_t size);

// vectors_image.c: the packed directory, as files image/...; how many there are, its manifest included.
uint64_t vectors_image_count(const eie_packed *packed);
eie_status vectors_image_add(const eie_packed *packed, eie_vectors *v, eie_error *err);
int vectors_image_is_name(const char *name);  // inside the folder

#endif
