// SPDX-License-Identifier: Apache-2.0
// The packed directory, piece by piece; private to its writer and reader. docs/packed-format.md.
#ifndef EIE_PACKED_PARTS_H
#define EIE_PACKED_PARTS_H

#include <stddef.h>
#include <stdio.h>

#include "eie_pack.h"

#define EIE_PACKED_FORMAT "eie-packed"
#define EIE_PACKED_MANIFEST "manifest.json"
enum { EIE_PACKED_VERSION = 1, EIE_PACKED_NAME_SIZE = 64 };

// The files beside the manifest, in the manifest's order: layers' places, then load by load the
// descriptors, the codebooks and, PE by PE, Spmat and the two pointer banks.
typedef enum {
  EIE_FILE_PLACES,
  EIE_FILE_DESCRIPTORS,
  EIE_FILE_CODEBOOK,
  EIE_FILE_SPMAT,
  EIE_FILE_PTR_EVEN,
  EIE_FILE_PTR_ODD
} eie_packed_kind;

typedef struct {
  eie_packed_kind kind;
  uint32_t layer, load, pe;  // the ones that the kind has
} eie_packed_file;

typedef struct {
  uint64_t bytes;
  uint32_t crc32;
} eie_packed_sum;

// Number of files, and the file at a place of that order; n_layers, n_loads and config.n_pe are used.
uint64_t eie_packed_file_count(const eie_packed *packed);
eie_packed_file eie_packed_file_at(const eie_packed *packed, uint64_t index);
void eie_packed_file_name(const eie_packed_file *file, char name[EIE_PACKED_NAME_SIZE]);
int eie_packed_file_is_name(const char *name);  // 1 when such a name may stand in a packed directory

// Hexadecimal digits of one word of a file, and the most words the device has room for.
uint32_t eie_packed_file_digits(const eie_config *config, eie_packed_kind kind);
uint64_t eie_packed_file_most(const eie_packed *packed, const eie_packed_file *file);

// The whole text of a file, one word a line; the caller frees it.
eie_status eie_packed_file_text(const eie_packed *packed, const eie_packed_file *file, char **text,
                                size_t *size, eie_error *err);

// The whole manifest, its own checksum in the last member; sums in the files' order. The caller frees it.
eie_status eie_packed_manifest(const eie_packed *packed, const eie_packed_sum *sums, char **text,
                               size_t *size, eie_error *err);

// Checks the manifest's checksum and takes from it what the memories do not say: configuration, dealing,
// layers, and the passes' tiles and places. Allocates layers and passes without their lists.
// *sums: [file count] in order; the caller frees it, and *packed on success.
eie_status eie_packed_parse(const char *path, const char *text, size_t size, eie_packed *packed,
                            eie_packed_sum **sums, eie_error *err);

// Checks that tiles cover every layer once and in order, that every region of a pass lies inside its
// memory and that none overlap inside a load; sets what follows from that (chain_first, write_back,
// slots and fractions of layers, n_loads).
eie_status eie_packed_check_passes(eie_packed *packed, eie_error *err);

// Follows every activation through the passes: each pass finds its inputs where it reads them. Sets
// all_visible.
eie_status eie_packed_check_activations(eie_packed *packed, eie_error *err);

// The memories of one load as the files have them: words at their own width.
typedef struct {
  uint32_t *codebook;  // [n_codebook]
  uint32_t n_codebook;
  uint32_t **spmat;  // [N][n_spmat[pe]] 32-bit parts, eie_word_parts of them a Spmat word, low first
  uint32_t *n_spmat;
  uint32_t **even, **odd;  // [N] pointer banks
  uint32_t *n_even, *n_odd;
} eie_packed_image;

// Fills the lists of pass p, and with write-back the biases of its rows, from the memories of its load.
// Every pointer, entry and slot is checked.
eie_status eie_packed_rebuild_pass(eie_packed *packed, uint32_t p, const eie_packed_image *image,
                                   eie_error *err);

// Works out what the lists of the passes say about the layers: nnz, worst_sum, overflow_possible.
eie_status eie_packed_bounds(eie_packed *packed, eie_error *err);

#endif
