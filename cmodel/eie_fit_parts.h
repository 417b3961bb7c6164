// SPDX-License-Identifier: Apache-2.0
// Private to the search of eie_fit: sizes of memories made larger for nothing, or smaller until they fit.
#ifndef EIE_FIT_PARTS_H
#define EIE_FIT_PARTS_H

#include "eie_fit.h"

// The parameters that are sizes of memories, by number: SPMAT_WORDS, PTR_DEPTH, ACT_SLOTS, ROWS, LAYERS.
enum { EIE_FIT_SIZES = 5 };
uint32_t *eie_fit_size(eie_config *config, int k);

// 1: a legal configuration that fits the board.
int eie_fit_good(const eie_config *config, const eie_board *board);

// Makes each memory as deep as its RAMs are anyway; config must fit.
void eie_fit_grow(eie_config *config, const eie_board *board);

// From a configuration `from` that would hold the whole model, makes memories smaller, none below `least`,
// until they fit; those first that make the fewest more tiles for what they free. 0 when nothing helps.
int eie_fit_shrink(const eie_model *model, const eie_board *board, const eie_config *from,
                   const eie_config *least, eie_config *to);

#endif
