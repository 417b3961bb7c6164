// SPDX-License-Identifier: Apache-2.0
// eie info: finds out what kind of file it was given. By content where a kind has a mark, else by name.
#include "cmd_info.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eie_cli.h"
#include "eie_commands.h"
#include "eie_file.h"
#include "eie_npy.h"

static const char description[] =
    "Says what FILE holds. FILE is a compressed model, a packed directory, a .npy file, an IDX file (plain "
    "or gz), or a "
    "configuration (a .cfg file, or the name of one: pe64).\n\n"
    "For a model: each layer's size, density, shared weights and fractions, and the largest sum that an "
    "accumulator can "
    "reach, from which it says whether 32 bits can overflow. The entropy is what a Huffman code could reach, "
    "in bits a "
    "weight, for the codes alone.";

static const char examples[] =
    "eie info model.safetensors\n"
    "eie info --json pe64\n"
    "eie info t10k-images-idx3-ubyte.gz";

typedef int (*info_function)(const char *path, int json);

static int ends_with(const char *s, const char *end) {
  size_t n = strlen(s), m = strlen(end);
  return n >= m && strcmp(s + n - m, end) == 0;
}

static info_function by_content(const uint8_t *head, size_t n) {
  if (n >= 9 && head[8] == '{') return eie_info_model;
  if (eie_npy_magic(head, n)) return eie_info_npy;
  if (n >= 2 && ((head[0] == 0x1f && head[1] == 0x8b) || (head[0] == 0 && head[1] == 0))) return eie_info_idx;
  return NULL;
}

static info_function by_name(const char *path) {
  if (ends_with(path, ".safetensors")) return eie_info_model;
  if (ends_with(path, ".npy")) return eie_info_npy;
  return NULL;
}

static int info_file(const char *path, int json) {
  eie_error err;
  int fd = -1;
  uint8_t head[16];
  eie_status status = eie_file_open(path, &fd, NULL, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  ssize_t n = read(fd, head, sizeof head);
  close(fd);
  info_function info = by_content(head, n > 0 ? (size_t)n : 0);
  if (!info) info = by_name(path);
  if (!info)
    return eie_cli_bad_use("info", "%s: is no model, packed directory, .npy, IDX or .cfg file", path);
  return info(path, json);
}

int eie_cmd_info(int argc, char **argv) {
  int json = 0;
  const char *path = NULL;
  const eie_option options[] = {{.name = "json", .help = "report as JSON", .flag = &json}};
  const eie_command command = {.name = "info",
                               .summary = "say what a file holds",
                               .synopsis = "FILE [--json]",
                               .description = description,
                               .examples = examples,
                               .options = options,
                               .n_options = 1,
                               .min_operands = 1,
                               .max_operands = 1};
  int code = eie_cli_parse(&command, argc, argv, &path, NULL);
  if (code >= 0) return code;
  struct stat st;
  int there = stat(path, &st) == 0;
  if (there && S_ISDIR(st.st_mode)) return eie_info_packed(path, json);
  if (ends_with(path, ".cfg") || (!there && !strpbrk(path, "/."))) return eie_info_config(path, json);
  return info_file(path, json);
}
