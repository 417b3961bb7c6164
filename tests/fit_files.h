// SPDX-License-Identifier: Apache-2.0
// A folder of boards as files, for tests of what reads them. EIE_BOARD_DIR is set to it.
#ifndef FIT_FILES_H
#define FIT_FILES_H

#include "command.h"

#define GOOD_BOARD                                                                             \
  "TITLE = Test board\nFAMILY = ecp5\nPART = X1\nTECH = 1\nCLOCK_MHZ = 62.5\nBAUD = 3000000\n" \
  "LUT = 83640\nFF = 83640\nRAM = 208\nSPRAM = 0\nDSP = 156\n"
#define GOOD_COSTS                                                                               \
  "# measured\nLUT_BASE = 2000\nLUT_PE = 850.5\nFF_BASE = -10\nFF_PE = 650\nFMAX_8PE = 150.25\n" \
  "FMAX_16PE = 120\n"
#define GOOD_ARRAY                                                                                   \
  "N_PE = 16\nACT_QUEUE_DEPTH = 17\nQUEUE_DEPTH = 32\nCODE_W = 4\nIDX_W = 5\nENTRIES_PER_WORD = 8\n" \
  "ACC_W = 32\nROWS = 256\nSPMAT_WORDS = 512\nPTR_DEPTH = 2048\nACT_SLOTS = 1024\nLAYERS = 4\n"

static inline void board_file(const char *where, const char *board, const char *file, const char *text) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", where, board);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/%s/%s", where, board, file);
  write_bytes(path, text, strlen(text));
}

// NULL: without that file.
static inline void make_board(const char *where, const char *board, const char *facts, const char *costs,
                              const char *array) {
  char name[300];
  snprintf(name, sizeof name, "%s.cfg", board);
  if (facts) board_file(where, board, "board.cfg", facts);
  if (costs) board_file(where, board, "costs.cfg", costs);
  if (array) board_file(where, board, name, array);
}

// A new folder, where eie looks for boards from now on.
static inline void make_board_folder(char *where, size_t size) {
  make_folder(where, size);
  setenv("EIE_BOARD_DIR", where, 1);
}

#endif
