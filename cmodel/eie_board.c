// SPDX-License-Identifier: Apache-2.0
// Finds board folders and reads the three files of each.
#include "eie_board.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eie_board_text.h"

#ifndef EIE_SOURCE_DIR
#define EIE_SOURCE_DIR "."
#endif

enum { PATH_SIZE = 4096, MAX_BOARDS = 64, MAX_COUNT = 100000000, MAX_BAUD = 100000000, MAX_MHZ = 10000 };

static const char *const family_names[EIE_NUM_FAMILIES] = {
    [EIE_FAMILY_ECP5] = "ecp5",
    [EIE_FAMILY_ICE40] = "ice40",
    [EIE_FAMILY_GOWIN] = "gowin",
    [EIE_FAMILY_XILINX] = "xilinx",
};

const char *eie_family_name(eie_family family) {
  return family_names[family];
}

static const char *folder_of_boards(void) {
  const char *own = getenv("EIE_BOARD_DIR");
  return own && *own ? own : EIE_SOURCE_DIR "/synth/boards";
}

static eie_status path_of(const char *name, const char *file, char *path, eie_error *err) {
  const int n = snprintf(path, PATH_SIZE, "%s/%s/%s", folder_of_boards(), name, file);
  return n > 0 && n < PATH_SIZE ? EIE_OK : eie_fail(err, EIE_ERR_USE, "the path of a board is too long");
}

static eie_status take_family(const eie_board_text *text, eie_board *board, eie_error *err) {
  char name[EIE_BOARD_VALUE_SIZE] = "";
  EIE_TRY(eie_board_text_copy(text, "FAMILY", 1, name, sizeof name, err));
  for (uint32_t k = 0; k < EIE_NUM_FAMILIES; k++)
    if (strcmp(name, family_names[k]) == 0) {
      board->family = (eie_family)k;
      return EIE_OK;
    }
  return eie_fail(err, EIE_ERR_INPUT, "FAMILY is \"%.40s\"; it must be ecp5, ice40, gowin or xilinx", name);
}

// The flow has more keys in this file; those that are not named here are its own.
static eie_status take_facts(const eie_board_text *text, eie_board *board, eie_error *err) {
  uint64_t baud = 0;
  EIE_TRY(eie_board_text_copy(text, "TITLE", 1, board->title, sizeof board->title, err));
  EIE_TRY(eie_board_text_copy(text, "PART", 0, board->part, sizeof board->part, err));
  EIE_TRY(take_family(text, board, err));
  EIE_TRY(eie_board_text_count(text, "LUT", 1, MAX_COUNT, &board->has.lut, err));
  EIE_TRY(eie_board_text_count(text, "FF", 1, MAX_COUNT, &board->has.ff, err));
  EIE_TRY(eie_board_text_count(text, "RAM", 1, MAX_COUNT, &board->has.ram, err));
  EIE_TRY(eie_board_text_count(text, "SPRAM", 0, MAX_COUNT, &board->has.spram, err));
  EIE_TRY(eie_board_text_count(text, "DSP", 1, MAX_COUNT, &board->has.dsp, err));
  EIE_TRY(eie_board_text_count(text, "BAUD", 0, MAX_BAUD, &baud, err));
  EIE_TRY(eie_board_text_number(text, "CLOCK_MHZ", 0, 0, MAX_MHZ, &board->clock_mhz, err));
  board->baud = (uint32_t)baud;
  return EIE_OK;
}

// FMAX_1PE .. FMAX_256PE; any other key that begins with FMAX_ is a slip.
static eie_status take_clocks(const eie_board_text *text, eie_board_costs *costs, eie_error *err) {
  uint32_t keys = 0;
  for (uint32_t n_pe = 1; n_pe <= 256; n_pe *= 2) {
    char key[EIE_BOARD_KEY_SIZE];
    eie_board_clock clock = {.n_pe = n_pe};
    snprintf(key, sizeof key, "FMAX_%uPE", n_pe);
    if (!eie_board_text_find(text, key)) continue;
    EIE_TRY(eie_board_text_number(text, key, 1, 0, MAX_MHZ, &clock.mhz, err));
    costs->clocks[costs->n_clocks++] = clock;
  }
  for (uint32_t i = 0; i < text->count; i++) keys += strncmp(text->items[i].key, "FMAX_", 5) == 0;
  if (keys != costs->n_clocks)
    return eie_fail(err, EIE_ERR_INPUT,
                    "a key that begins with FMAX_ is not FMAX_1PE, FMAX_2PE, .. FMAX_256PE");
  return EIE_OK;
}

static eie_status take_costs(const eie_board_text *text, eie_board_costs *costs, eie_error *err) {
  uint64_t preliminary = 0;
  // A straight line through two points may begin below zero.
  EIE_TRY(eie_board_text_number(text, "LUT_BASE", 1, -MAX_COUNT, MAX_COUNT, &costs->lut_base, err));
  EIE_TRY(eie_board_text_number(text, "LUT_PE", 1, 0, MAX_COUNT, &costs->lut_pe, err));
  EIE_TRY(eie_board_text_number(text, "FF_BASE", 1, -MAX_COUNT, MAX_COUNT, &costs->ff_base, err));
  EIE_TRY(eie_board_text_number(text, "FF_PE", 1, 0, MAX_COUNT, &costs->ff_pe, err));
  EIE_TRY(eie_board_text_count(text, "PRELIMINARY", 0, 1, &preliminary, err));
  EIE_TRY(take_clocks(text, costs, err));
  costs->preliminary = preliminary != 0;
  costs->measured = 1;
  return EIE_OK;
}

static eie_status read_facts(const char *name, eie_board *board, eie_error *err) {
  char path[PATH_SIZE];
  eie_board_text text;
  EIE_TRY(path_of(name, "board.cfg", path, err));
  EIE_TRY(eie_board_text_read(path, &text, err));
  const eie_status status = take_facts(&text, board, err);
  if (status) eie_error_prefix(err, "%s", path);
  return status;
}

static eie_status read_costs(const char *name, eie_board *board, eie_error *err) {
  char path[PATH_SIZE];
  eie_board_text text;
  EIE_TRY(path_of(name, "costs.cfg", path, err));
  if (access(path, F_OK) != 0) return EIE_OK;
  EIE_TRY(eie_board_text_read(path, &text, err));
  const eie_status status = take_costs(&text, &board->costs, err);
  if (status) eie_error_prefix(err, "%s", path);
  return status;
}

static eie_status read_files(const char *name, eie_board *board, eie_error *err) {
  char file[sizeof board->name + 8], path[PATH_SIZE];
  memset(board, 0, sizeof *board);
  snprintf(board->name, sizeof board->name, "%s", name);
  snprintf(file, sizeof file, "%.63s.cfg", name);
  EIE_TRY(read_facts(name, board, err));
  EIE_TRY(read_costs(name, board, err));
  EIE_TRY(path_of(name, file, path, err));
  return eie_config_read(path, &board->config, err);
}

static int compare_names(const void *a, const void *b) {
  return strcmp(a, b);
}

typedef char board_name[64];

// Folders with a board.cfg, sorted. A name that is longer than any board's is not one.
static uint32_t list(board_name names[MAX_BOARDS]) {
  uint32_t n = 0;
  DIR *dir = opendir(folder_of_boards());
  for (struct dirent *e; dir && n < MAX_BOARDS && (e = readdir(dir));) {
    char path[PATH_SIZE];
    const size_t length = strlen(e->d_name);
    if (e->d_name[0] == '.' || length >= sizeof names[0]) continue;
    if (path_of(e->d_name, "board.cfg", path, NULL) != EIE_OK || access(path, F_OK) != 0) continue;
    memcpy(names[n++], e->d_name, length + 1);
  }
  if (dir) closedir(dir);
  qsort(names, n, sizeof names[0], compare_names);
  return n;
}

eie_status eie_board_read(const char *name, eie_board *board, eie_error *err) {
  board_name names[MAX_BOARDS];
  eie_board read;
  char there[256] = "";
  const uint32_t n = list(names);
  for (uint32_t k = 0; k < n; k++)
    if (strcmp(names[k], name) == 0) {
      EIE_TRY(read_files(name, &read, err));
      *board = read;
      return EIE_OK;
    }
  for (uint32_t k = 0; k < n && strlen(there) + sizeof names[0] + 2 < sizeof there; k++)
    snprintf(there + strlen(there), sizeof there - strlen(there), "%s%s", k ? ", " : "; it has ", names[k]);
  return eie_fail(err, EIE_ERR_USE, "no board \"%.60s\" in %.120s%s", name, folder_of_boards(), there);
}

eie_status eie_boards_read(eie_board **boards, uint32_t *count, eie_error *err) {
  board_name names[MAX_BOARDS];
  const uint32_t n = list(names);
  if (n == 0)
    return eie_fail(err, EIE_ERR_USE, "no board in %.200s: no folder there has a board.cfg",
                    folder_of_boards());
  eie_board *read = calloc(n, sizeof *read);
  if (!read) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u boards", n);
  eie_status status = EIE_OK;
  for (uint32_t k = 0; k < n && !status; k++) status = read_files(names[k], &read[k], err);
  if (status) {
    free(read);
    return status;
  }
  *boards = read;
  *count = n;
  return EIE_OK;
}

const eie_board_clock *eie_board_clock_for(const eie_board *board, uint32_t n_pe) {
  const eie_board_clock *found = NULL;
  for (uint32_t k = 0; k < board->costs.n_clocks; k++) {
    const eie_board_clock *clock = &board->costs.clocks[k];
    if (clock->mhz <= 0) continue;
    found = clock;
    if (clock->n_pe >= n_pe) break;
  }
  return found;
}

uint32_t eie_board_routed(const eie_board *board) {
  uint32_t most = 0;
  for (uint32_t k = 0; k < board->costs.n_clocks; k++)
    if (board->costs.clocks[k].mhz > 0) most = board->costs.clocks[k].n_pe;
  return most;
}

uint32_t eie_board_unroutable(const eie_board *board) {
  const uint32_t routed = eie_board_routed(board);
  for (uint32_t k = 0; k < board->costs.n_clocks; k++)
    if (board->costs.clocks[k].n_pe > routed) return board->costs.clocks[k].n_pe;
  return 0;
}
