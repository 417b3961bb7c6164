// SPDX-License-Identifier: Apache-2.0
// Reads a packed directory as hostile: checksums name the damaged file; then everything is rebuilt from the
// memories and must give, printed again, the very files and manifest that were read.
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "eie_file.h"
#include "eie_packed_parts.h"

enum { MOST_MANIFEST = 1 << 30 };

// What the reader has open.
typedef struct {
  const char *dir;
  eie_packed *packed;
  const eie_packed_sum *sums;
  eie_error *err;
} reader;

static eie_status read_file(const reader *r, const char *name, size_t most, uint8_t **bytes, size_t *size) {
  const size_t room = strlen(r->dir) + strlen(name) + 2;
  char *path = malloc(room);
  if (!path) return eie_fail(r->err, EIE_ERR_MEMORY, "%s: no memory for a path", r->dir);
  snprintf(path, room, "%s/%s", r->dir, name);
  const eie_status status = eie_file_read(path, most, bytes, size, r->err);
  free(path);
  return status;
}

static int hex_digit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// One line of exactly `digits` digits and a newline to parts of 32 bits, low part first. 0, or -1.
static int parse_line(const uint8_t *line, uint32_t digits, uint32_t *parts) {
  for (uint32_t i = 0; i < digits; i++) {
    const int digit = hex_digit(line[i]);
    const uint32_t nibble = digits - 1 - i;
    if (digit < 0) return -1;
    parts[nibble / 8] |= (uint32_t)digit << nibble % 8 * 4;
  }
  return line[digits] == '\n' ? 0 : -1;
}

// Reads and checks one file: size, checksum, form. *words: [*count][parts of 32 bits]; the caller frees.
static eie_status read_words(const reader *r, uint64_t index, uint32_t **words, uint32_t *count) {
  const eie_packed_file file = eie_packed_file_at(r->packed, index);
  const uint32_t digits = eie_packed_file_digits(&r->packed->config, file.kind), parts = (digits + 7) / 8;
  char name[EIE_PACKED_NAME_SIZE];
  uint8_t *bytes;
  size_t size;
  eie_packed_file_name(&file, name);
  EIE_TRY(read_file(r, name, (size_t)eie_packed_file_most(r->packed, &file) * (digits + 1), &bytes, &size));
  eie_status status = EIE_OK;
  uint32_t *made = NULL;
  const uint32_t lines = (uint32_t)(size / (digits + 1));
  if (size != r->sums[index].bytes || crc32_z(crc32_z(0, NULL, 0), bytes, size) != r->sums[index].crc32)
    status =
        eie_fail(r->err, EIE_ERR_INPUT,
                 "%s/%s: its size or checksum is not the manifest's: it was changed or damaged; pack the "
                 "model again",
                 r->dir, name);
  if (status == EIE_OK) made = calloc((size_t)lines * parts + 1, sizeof *made);
  if (status == EIE_OK && !made)
    status = eie_fail(r->err, EIE_ERR_MEMORY, "%s/%s: no memory for it", r->dir, name);
  int bad = size % (digits + 1) != 0;
  for (uint32_t i = 0; status == EIE_OK && !bad && i < lines; i++)
    bad = parse_line(bytes + (size_t)i * (digits + 1), digits, made + (size_t)i * parts) != 0;
  if (status == EIE_OK && bad)
    status =
        eie_fail(r->err, EIE_ERR_INPUT, "%s/%s: is not lines of %u hexadecimal digits; pack the model again",
                 r->dir, name, digits);
  free(bytes);
  if (status != EIE_OK) {
    free(made);
    return status;
  }
  *words = made;
  *count = lines;
  return EIE_OK;
}

// The place of every row: below out_slots * N, none twice.
static eie_status take_places(const reader *r, uint32_t k) {
  eie_packed_layer *layer = &r->packed->layers[k];
  const size_t places = (size_t)layer->out_slots * r->packed->config.n_pe;
  uint32_t count, bad = 0;
  EIE_TRY(read_words(r, k, &layer->row_place, &count));
  uint8_t *taken = calloc(places, 1);
  layer->bias = calloc(places, sizeof *layer->bias);
  layer->codebook = calloc((size_t)1 << r->packed->config.code_w, sizeof *layer->codebook);
  if (!taken || !layer->bias || !layer->codebook) {
    free(taken);
    return eie_fail(r->err, EIE_ERR_MEMORY, "%s: no memory for layer %u", r->dir, k);
  }
  bad = count != layer->rows;
  for (uint32_t i = 0; i < count && !bad; i++) {
    bad = layer->row_place[i] >= places || taken[layer->row_place[i]];
    if (!bad) taken[layer->row_place[i]] = 1;
  }
  free(taken);
  if (!bad) return EIE_OK;
  return eie_fail(
      r->err, EIE_ERR_INPUT,
      "%s/layer%u.places.hex: has a place outside the layer, twice, or not one for each row; pack the "
      "model again",
      r->dir, k);
}

static void free_image(eie_packed_image *m, uint32_t n_pe) {
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    if (m->spmat) free(m->spmat[pe]);
    if (m->even) free(m->even[pe]);
    if (m->odd) free(m->odd[pe]);
  }
  free(m->codebook);
  free(m->spmat);
  free(m->even);
  free(m->odd);
  free(m->n_spmat);
  free(m->n_even);
  free(m->n_odd);
}

// The image of one load; descriptors are only checked for their checksum here: they follow from the passes.
static eie_status read_image(const reader *r, uint64_t first, eie_packed_image *m) {
  const uint32_t n_pe = r->packed->config.n_pe;
  uint32_t *descriptors, count;
  m->spmat = calloc(n_pe, sizeof *m->spmat);
  m->even = calloc(n_pe, sizeof *m->even);
  m->odd = calloc(n_pe, sizeof *m->odd);
  m->n_spmat = calloc(n_pe, sizeof *m->n_spmat);
  m->n_even = calloc(n_pe, sizeof *m->n_even);
  m->n_odd = calloc(n_pe, sizeof *m->n_odd);
  if (!m->spmat || !m->even || !m->odd || !m->n_spmat || !m->n_even || !m->n_odd)
    return eie_fail(r->err, EIE_ERR_MEMORY, "%s: no memory for %u PEs", r->dir, n_pe);
  EIE_TRY(read_words(r, first, &descriptors, &count));
  free(descriptors);
  EIE_TRY(read_words(r, first + 1, &m->codebook, &m->n_codebook));
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    const uint64_t at = first + 2 + 3 * (uint64_t)pe;
    EIE_TRY(read_words(r, at, &m->spmat[pe], &m->n_spmat[pe]));
    EIE_TRY(read_words(r, at + 1, &m->even[pe], &m->n_even[pe]));
    EIE_TRY(read_words(r, at + 2, &m->odd[pe], &m->n_odd[pe]));
  }
  return EIE_OK;
}

static eie_status read_loads(const reader *r) {
  const uint32_t n_pe = r->packed->config.n_pe;
  uint64_t first = r->packed->n_layers;
  uint32_t p = 0;
  for (uint32_t load = 0; load < r->packed->n_loads; load++, first += 2 + 3 * (uint64_t)n_pe) {
    eie_packed_image image = {0};
    eie_status status = read_image(r, first, &image);
    for (; status == EIE_OK && p < r->packed->n_passes && r->packed->passes[p].load == load; p++) {
      status = eie_packed_rebuild_pass(r->packed, p, &image, r->err);
      if (status != EIE_OK) eie_error_prefix(r->err, "%s", r->dir);
    }
    free_image(&image, n_pe);
    if (status != EIE_OK) return status;
  }
  return EIE_OK;
}

// Every file must be what the writer would write for the packed model that came out of them.
static eie_status compare_files(const reader *r) {
  for (uint64_t i = 0; i < eie_packed_file_count(r->packed); i++) {
    const eie_packed_file file = eie_packed_file_at(r->packed, i);
    char name[EIE_PACKED_NAME_SIZE], *text;
    size_t size;
    EIE_TRY(eie_packed_file_text(r->packed, &file, &text, &size, r->err));
    const uint32_t crc = (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)text, size);
    free(text);
    if (size == r->sums[i].bytes && crc == r->sums[i].crc32) continue;
    eie_packed_file_name(&file, name);
    return eie_fail(
        r->err, EIE_ERR_INPUT,
        "%s/%s: contradicts the manifest or another file, or has something in unused words; pack the "
        "model again",
        r->dir, name);
  }
  return EIE_OK;
}

static eie_status compare_manifest(const reader *r, const uint8_t *bytes, size_t size) {
  char *text;
  size_t expected;
  EIE_TRY(eie_packed_manifest(r->packed, r->sums, &text, &expected, r->err));
  size_t same = 0, line = 1;
  for (; same < size && same < expected && (uint8_t)text[same] == bytes[same]; same++)
    line += text[same] == '\n';
  free(text);
  if (same == size && same == expected) return EIE_OK;
  return eie_fail(r->err, EIE_ERR_INPUT,
                  "%s/%s: line %zu contradicts the memory files or the rest of it; pack the "
                  "model again",
                  r->dir, EIE_PACKED_MANIFEST, line);
}

static eie_status read_rest(const reader *r, const uint8_t *manifest, size_t size) {
  eie_status status = eie_packed_check_activations(r->packed, r->err);
  if (status != EIE_OK) {
    eie_error_prefix(r->err, "%s/%s", r->dir, EIE_PACKED_MANIFEST);
    return status;
  }
  for (uint32_t k = 0; k < r->packed->n_layers; k++) EIE_TRY(take_places(r, k));
  EIE_TRY(read_loads(r));
  EIE_TRY(eie_packed_bounds(r->packed, r->err));
  EIE_TRY(compare_files(r));
  return compare_manifest(r, manifest, size);
}

eie_status eie_packed_read(const char *dir, eie_packed *packed, eie_error *err) {
  eie_packed made = {0};
  eie_packed_sum *sums = NULL;
  uint8_t *manifest;
  size_t size;
  reader r = {dir, &made, NULL, err};
  char path[600];
  EIE_TRY(read_file(&r, EIE_PACKED_MANIFEST, MOST_MANIFEST, &manifest, &size));
  snprintf(path, sizeof path, "%s/%s", dir, EIE_PACKED_MANIFEST);
  eie_status status = eie_packed_parse(path, (const char *)manifest, size, &made, &sums, err);
  r.sums = sums;
  if (status == EIE_OK) status = read_rest(&r, manifest, size);
  free(manifest);
  free(sums);
  if (status != EIE_OK) {
    eie_packed_free(&made);
    return status;
  }
  *packed = made;
  return EIE_OK;
}
