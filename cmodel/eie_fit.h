// SPDX-License-Identifier: Apache-2.0
// What an array configuration takes of a device, and whether that is there. Pure functions of configuration
// and board; RAMs and multipliers are counted exactly, logic comes from measured costs. docs/fit.md.
#ifndef EIE_FIT_H
#define EIE_FIT_H

#include "eie_board.h"
#include "eie_fit_memory.h"
#include "eie_model.h"

typedef struct {
  eie_resources used;    // lut and ff: 0 when the board has no costs.cfg
  uint64_t memory_lut;   // logic cells among used.lut that are memory
  const char *too_deep;  // parameter of a memory deeper than any RAM of the device, or NULL
} eie_fit_use;

// config must pass eie_config_check.
void eie_fit_resources(const eie_config *config, const eie_board *board, eie_fit_use *use);

// What may be used of what the device has: logic less a margin, since placers fail on the last cells.
eie_resources eie_fit_usable(const eie_board *board);

// What is short, the first that applies.
typedef enum {
  EIE_FIT_GOOD,
  EIE_FIT_SHORT_DEPTH,  // a memory is deeper than the device allows; need, has in words
  EIE_FIT_SHORT_DSP,
  EIE_FIT_SHORT_SPRAM,
  EIE_FIT_SHORT_RAM,
  EIE_FIT_SHORT_LUT,
  EIE_FIT_SHORT_FF,
  EIE_FIT_SHORT_ROUTE,  // by count it fits, but so many PEs were tried and did not route; need, has in PEs
  EIE_FIT_SHORT_CODES   // the model has more codes than CODE_W holds; need, has in bits
} eie_fit_short;

typedef struct {
  eie_fit_short what;
  uint64_t need, has;
  const char *key;  // EIE_FIT_SHORT_DEPTH: the parameter
} eie_fit_verdict;

eie_fit_verdict eie_fit_check(const eie_config *config, const eie_board *board);

// "block RAM (DP16KD): 250 needed, 208 there, 42 too many"
enum { EIE_FIT_TEXT = 512 };
void eie_fit_short_text(const eie_board *board, const eie_fit_verdict *verdict, char text[EIE_FIT_TEXT]);

// What to change so that a configuration that does not fit does: for each parameter that can help alone, the
// largest value with which it fits. "" when it fits, else one sentence.
void eie_fit_remedy(const eie_config *config, const eie_board *board, char text[EIE_FIT_TEXT]);

// Bits of a code that the model needs: 4 or 8.
uint32_t eie_fit_code_w(const eie_model *model);

// The largest configuration of a board for a model.
typedef struct {
  int fits;              // 0: not even one PE with the smallest memories goes onto this device
  int one_load;          // 1: weights of the whole model are in the array at once
  eie_config config;     // the configuration, or the smallest that was tried and does not fit
  eie_fit_verdict next;  // why the next larger PE count does not do
  uint32_t next_pe;      // that PE count; 0 when there is none
  int next_unrouted;     // 1: it would fit by count, but so many PEs have not been routed
} eie_fit_found;

// Most PEs that hold the model in one load; when no PE count does, most PEs at all, with memories as large as
// the device allows. PE counts above the largest that was routed are not proposed. EIE_ERR_FIT: the model is
// too large for any array; EIE_ERR_MEMORY.
eie_status eie_fit_search(const eie_model *model, const eie_board *board, eie_fit_found *found,
                          eie_error *err);

#endif
