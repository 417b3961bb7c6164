// SPDX-License-Identifier: Apache-2.0
// A vector set: everything that another simulator or a board needs to run inputs through the array and to
// compare what comes out. docs/vectors-format.md.
#ifndef EIE_VECTORS_H
#define EIE_VECTORS_H

#include <stddef.h>

#include "eie_pack.h"
#include "eie_tensor.h"

enum { EIE_VECTORS_NAME_SIZE = 96 };

// What a line of a file is (third word of its line in the script).
typedef enum {
  EIE_VECTORS_TEXT = '-',        // nothing the script refers to
  EIE_VECTORS_WORDS = 'w',       // one bus word
  EIE_VECTORS_SPMAT = 's',       // one Spmat word: several bus words, low part first
  EIE_VECTORS_EVEN = 'e',        // even bank of pointers; the next file is the odd one
  EIE_VECTORS_ODD = 'o',         // odd bank
  EIE_VECTORS_ACTIVATIONS = 'a'  // 16 bits, written with zeros above, read back sign-extended
} eie_vectors_kind;

typedef struct {
  char name[EIE_VECTORS_NAME_SIZE];  // inside the directory
  eie_vectors_kind kind;
  uint32_t digits;  // of a line; 0: TEXT
  char *text;       // owned
  size_t size;
  uint32_t crc32;
} eie_vectors_file;

typedef struct {
  eie_vectors_file *files;  // [n_files] as the manifest lists them, then the manifest
  uint32_t n_files;
  uint64_t operations, compared;  // lines of the script that a player plays; words that they compare
} eie_vectors;

// Runs the first `count` inputs through golden model, timing model and driver. The same bytes from the same
// arguments, always. The caller ends *vectors with eie_vectors_free.
eie_status eie_vectors_make(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                            eie_vectors *vectors, eie_error *err);
void eie_vectors_free(eie_vectors *vectors);

// Writes the directory, to a temporary name first; one that is there is replaced only if it is a vector set.
eie_status eie_vectors_write(const char *dir, const eie_vectors *vectors, eie_error *err);

// Reads a directory and refuses whatever is not as eie_vectors_make would have made it from the image and
// the inputs in it: checksums first, then every byte. The sentence names file and line. *vectors gets what it
// holds; the caller frees it.
eie_status eie_vectors_check(const char *dir, eie_vectors *vectors, eie_error *err);

#endif
