// SPDX-License-Identifier: Apache-2.0
// Makes the files of tests/test_bad_input.c: good ones, and each bad one from a good one.
#ifndef BAD_FILES_H
#define BAD_FILES_H

#include <zlib.h>

#include "command.h"
#include "eie_gen.h"
#include "eie_safetensors.h"

typedef struct bad_case {
  const char *name;  // what is wrong
  void (*make)(const struct bad_case *c, const char *folder);
  const char *a, *b;    // for make
  long n;               // for make
  const char *command;  // words; '@' stands for the folder and '/', "''" for an empty word
  const char *want;     // words that the sentence must have
} bad_case;

enum { FILE_ROOM = 1 << 17 };

static char *path_in(const char *folder, const char *name) {
  static char paths[4][600];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static size_t load_file(const char *folder, const char *name, uint8_t *bytes) {
  FILE *f = fopen(path_in(folder, name), "rb");
  if (!f) command_give_up(name);
  size_t n = fread(bytes, 1, FILE_ROOM, f);
  fclose(f);
  return n;
}

static void check(eie_status status, const eie_error *err) {
  if (status == EIE_OK) return;
  fprintf(stderr, "cannot make the good files: %s\n", err->text);
  exit(1);
}

// m.safetensors: layers of 6 x 8 and 4 x 6.
static void make_good_model(const char *folder) {
  eie_error err = {""};
  const uint32_t size[] = {8, 6, 4};
  eie_model model = {.input_frac = 8, .n_layers = 2, .layers = calloc(2, sizeof *model.layers)};
  for (uint32_t k = 0; k < 2; k++) {
    const eie_gen_options o = {.rows = size[k + 1],
                               .cols = size[k],
                               .density = 0.7,
                               .seed = 5 + k,
                               .shift = 14,
                               .codebook_size = 16};
    eie_model one;
    check(eie_gen_model(&o, &one, &err), &err);
    model.layers[k] = one.layers[0];
    snprintf(model.layers[k].name, sizeof model.layers[k].name, "fc%u", k);
    free(one.layers);
  }
  check(eie_model_write(path_in(folder, "m.safetensors"), &model, &err), &err);
  eie_model_free(&model);
}

static void write_npy(const char *path, int version, const char *dictionary, const void *data, size_t size) {
  static uint8_t bytes[FILE_ROOM];
  static const uint8_t magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
  size_t n = strlen(dictionary), head = version == 1 ? 10 : 12;
  memset(bytes, 0, head + n + size);
  memcpy(bytes, magic, sizeof magic);
  bytes[6] = (uint8_t)version;
  bytes[8] = (uint8_t)n;
  bytes[9] = (uint8_t)(n >> 8);
  memcpy(bytes + head, dictionary, n);
  if (data) memcpy(bytes + head + n, data, size);
  write_bytes(path, bytes, head + n + size);
}

static const uint8_t good_idx[] = {0, 0, 8, 2, 0, 0, 0, 2, 0,  0,  0,  8,  0,  1,
                                   2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const uint8_t good_idx_labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 3, 0};

static void make_good_files(const char *folder) {
  static const int16_t x[16] = {1, 0, 300, 0, 0, 7, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
  static char text[4096];
  make_good_model(folder);
  write_npy(path_in(folder, "x.npy"), 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 8), }", x,
            sizeof x);
  write_npy(path_in(folder, "y.npy"), 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "\3\0",
            2);
  write_bytes(path_in(folder, "x.idx"), good_idx, sizeof good_idx);
  write_bytes(path_in(folder, "y.idx"), good_idx_labels, sizeof good_idx_labels);
  gzFile gz = gzopen(path_in(folder, "x.idx.gz"), "wb");
  gzwrite(gz, good_idx, sizeof good_idx);
  gzclose(gz);
  read_text("rtl/configs/tiny.cfg", text, sizeof text);
  write_bytes(path_in(folder, "good.cfg"), text, strlen(text));
  mkdir(path_in(folder, "empty"), 0777);
  mkdir(path_in(folder, "full"), 0777);
  write_bytes(path_in(folder, "full/thesis.txt"), "years", 5);
}

// ---- model files: each makes bad.safetensors from m.safetensors ----

static void put_model(const char *folder, const char *header, size_t length, const uint8_t *data,
                      size_t size) {
  static uint8_t bytes[2 * FILE_ROOM];
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
  memcpy(bytes + 8, header, length);
  memcpy(bytes + 8 + length, data, size);
  write_bytes(path_in(folder, "bad.safetensors"), bytes, 8 + length + size);
}

static uint8_t model_bytes[FILE_ROOM];

static size_t load_model(const char *folder, size_t *header) {
  size_t size = load_file(folder, "m.safetensors", model_bytes);
  *header = (size_t)model_bytes[0] | (size_t)model_bytes[1] << 8;
  return size;
}

// In the header, the first text a becomes b.
static void edit_header(const bad_case *c, const char *folder) {
  static char header[FILE_ROOM];
  size_t length, size = load_model(folder, &length);
  char *old = (char *)model_bytes + 8;
  old[length - 1] = old[length - 1] == ' ' ? '\0' : old[length - 1];
  char *at = strstr(old, c->a);
  if (!at) command_give_up(c->a);
  int n = snprintf(header, sizeof header, "%.*s%s%.*s", (int)(at - old), old, c->b,
                   (int)(length - (size_t)(at - old) - strlen(c->a)), at + strlen(c->a));
  put_model(folder, header, (size_t)n, model_bytes + 8 + length, size - 8 - length);
}

// The header is b, n times.
static void whole_header(const bad_case *c, const char *folder) {
  static char header[FILE_ROOM];
  size_t length = 0, part = strlen(c->b);
  for (long i = 0; i < c->n; i++, length += part) memcpy(header + length, c->b, part);
  put_model(folder, header, length, (const uint8_t *)"", 0);
}

// The header length says n (or n / 256 of the largest number when negative).
static void header_length(const bad_case *c, const char *folder) {
  size_t length, size = load_model(folder, &length);
  uint64_t says = c->n >= 0 ? (uint64_t)c->n : (uint64_t)-c->n << 56;
  for (int i = 0; i < 8; i++) model_bytes[i] = (uint8_t)(says >> 8 * i);
  write_bytes(path_in(folder, "bad.safetensors"), model_bytes, size);
}

// In tensor a the bytes from byte n on become those of b (hexadecimal).
static void edit_tensor(const bad_case *c, const char *folder) {
  size_t header, size = load_model(folder, &header);
  eie_error err = {""};
  eie_safetensors file;
  check(eie_safetensors_read(path_in(folder, "m.safetensors"), &file, &err), &err);
  const eie_st_tensor *t = eie_safetensors_tensor(&file, c->a);
  if (!t) command_give_up(c->a);
  long at = (long)(t->data - file.owned_bytes) + (c->n >= 0 ? c->n : (long)t->size + c->n);
  eie_safetensors_free(&file);
  for (const char *hex = c->b; *hex; hex += 2) {
    unsigned byte;
    sscanf(hex, "%2x", &byte);
    model_bytes[at++] = (uint8_t)byte;
  }
  write_bytes(path_in(folder, "bad.safetensors"), model_bytes, size);
}

// The first n bytes of file a; negative: without its last -n bytes; b: bytes that follow, or NULL.
static void cut(const bad_case *c, const char *folder) {
  static uint8_t bytes[FILE_ROOM];
  size_t size = load_file(folder, c->a, bytes);
  size = c->n < 0 ? size - (size_t)-c->n : c->n < (long)size ? (size_t)c->n : size;
  size_t more = c->b ? strlen(c->b) : 0;
  if (more) memcpy(bytes + size, c->b, more);
  const char *extension = strrchr(c->a, '.');
  char name[64];
  snprintf(name, sizeof name, "bad%s", extension);
  write_bytes(path_in(folder, name), bytes, size + more);
}

// The first 8 + header + n bytes of m.safetensors: n counts from where the data begin.
static void cut_data(const bad_case *c, const char *folder) {
  size_t header;
  load_model(folder, &header);
  write_bytes(path_in(folder, "bad.safetensors"), model_bytes, 8 + header + (size_t)c->n);
}

// A header of more than 16 MiB.
static void huge_header(const bad_case *c, const char *folder) {
  (void)c;
  size_t length = (size_t)17 << 20;
  uint8_t *bytes = malloc(8 + length);
  if (!bytes) command_give_up("malloc");
  memset(bytes, ' ', 8 + length);
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
  memcpy(bytes + 8, "{}", 2);
  write_bytes(path_in(folder, "bad.safetensors"), bytes, 8 + length);
  free(bytes);
}

// A header with n tensors of no elements.
static void many_tensors(const bad_case *c, const char *folder) {
  size_t room = (size_t)c->n * 80 + 80;
  char *header = malloc(room);
  if (!header) command_give_up("malloc");
  size_t length = (size_t)snprintf(header, room, "{\"__metadata__\":{\"format\":\"eie-model\"}");
  for (long i = 0; i < c->n; i++)
    length += (size_t)snprintf(header + length, room - length,
                               ",\"t%ld\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", i);
  length += (size_t)snprintf(header + length, room - length, "}");
  FILE *f = fopen(path_in(folder, "bad.safetensors"), "wb");
  for (int i = 0; f && i < 8; i++) fputc((int)((uint64_t)length >> 8 * i & 255), f);
  if (!f || fwrite(header, 1, length, f) != length || fclose(f) != 0) command_give_up("bad.safetensors");
  free(header);
}

// ---- other files ----

// bad.npy: header b, n bytes of data 0, version 1.
static void npy(const bad_case *c, const char *folder) {
  write_npy(path_in(folder, "bad.npy"), 1, c->b, NULL, (size_t)c->n);
}

// bad.npy: float32, shape (8,), the last one has the bytes n, little-endian.
static void npy_float(const bad_case *c, const char *folder) {
  uint8_t data[32] = {0};
  for (int i = 0; i < 4; i++) data[28 + i] = (uint8_t)(c->n >> 8 * i);
  write_npy(path_in(folder, "bad.npy"), 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (8,), }", data,
            32);
}

// File a has the bytes of b (hexadecimal).
static void hex_file(const bad_case *c, const char *folder) {
  uint8_t bytes[256];
  size_t n = strlen(c->b) / 2;
  for (size_t i = 0; i < n; i++) {
    unsigned byte;
    sscanf(c->b + 2 * i, "%2x", &byte);
    bytes[i] = (uint8_t)byte;
  }
  write_bytes(path_in(folder, c->a), bytes, n);
}

// bad.cfg: good.cfg in which text a became b.
static void edit_config(const bad_case *c, const char *folder) {
  static char text[8192], edited[8192];
  read_text(path_in(folder, "good.cfg"), text, sizeof text);
  char *at = strstr(text, c->a);
  if (!at) command_give_up(c->a);
  int n = snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - text), text, c->b, at + strlen(c->a));
  write_bytes(path_in(folder, "bad.cfg"), edited, (size_t)n);
}

// bad.cfg: n bytes of letter b.
static void letters(const bad_case *c, const char *folder) {
  char *text = malloc((size_t)c->n);
  if (!text) command_give_up("malloc");
  memset(text, c->b[0], (size_t)c->n);
  write_bytes(path_in(folder, "bad.cfg"), text, (size_t)c->n);
  free(text);
}

// bad.npy is a FIFO that nobody writes.
static void fifo(const bad_case *c, const char *folder) {
  if (mkfifo(path_in(folder, c->a), 0666) != 0) command_give_up("mkfifo");
}

static void nothing(const bad_case *c, const char *folder) {
  (void)c;
  (void)folder;
}

// ---- packed directories: each changes `packed`, which was made for this case ----

static void make_packed(const char *folder) {
  static command_result result;
  char model[600], dir[600];
  snprintf(model, sizeof model, "%s", path_in(folder, "m.safetensors"));
  snprintf(dir, sizeof dir, "%s", path_in(folder, "packed"));
  const char *const args[] = {"pack", model, "--config", "tiny", "-o", dir, NULL};
  run_command(folder, args, &result);
  if (result.exit_code != 0) fprintf(stderr, "%s", result.err);
}

// File a of the directory: cut to n bytes (negative: by -n), then b follows.
static void packed_cut(const bad_case *c, const char *folder) {
  static uint8_t bytes[FILE_ROOM];
  char name[128];
  make_packed(folder);
  snprintf(name, sizeof name, "packed/%s", c->a);
  size_t size = load_file(folder, name, bytes);
  size = c->n < 0 ? size - (size_t)-c->n : c->n < (long)size ? (size_t)c->n : size;
  size_t more = c->b ? strlen(c->b) : 0;
  if (more) memcpy(bytes + size, c->b, more);
  write_bytes(path_in(folder, name), bytes, size + more);
}

static void packed_without(const bad_case *c, const char *folder) {
  char name[128];
  make_packed(folder);
  snprintf(name, sizeof name, "packed/%s", c->a);
  if (unlink(path_in(folder, name)) != 0) command_give_up(name);
}

// In file n of the list below, text a becomes b.
static void packed_edit(const bad_case *c, const char *folder) {
  static const char *const files[] = {"manifest.json",      "load0.pe0.spmat.hex",   "load0.pe0.ptr_even.hex",
                                      "load0.codebook.hex", "load0.descriptors.hex", "layer0.places.hex"};
  static char text[FILE_ROOM], edited[2 * FILE_ROOM];
  char name[128];
  make_packed(folder);
  snprintf(name, sizeof name, "packed/%s", files[c->n]);
  read_text(path_in(folder, name), text, sizeof text);
  char *at = strstr(text, c->a);
  if (!at) command_give_up(c->a);
  int n = snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - text), text, c->b, at + strlen(c->a));
  write_bytes(path_in(folder, name), edited, (size_t)n);
}

// The last digit of file a changes: its check sum no longer holds.
static void packed_flip(const bad_case *c, const char *folder) {
  static char text[FILE_ROOM];
  char name[128];
  make_packed(folder);
  snprintf(name, sizeof name, "packed/%s", c->a);
  read_text(path_in(folder, name), text, sizeof text);
  char *last = text + strlen(text) - 2;
  *last = *last == '0' ? '1' : '0';
  write_bytes(path_in(folder, name), text, strlen(text));
}

#endif
