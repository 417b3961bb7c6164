// SPDX-License-Identifier: Apache-2.0
// A packed model as the driver wants it: blocks of words for each load, steps, parameters.
#ifndef EIE_IMAGE_H
#define EIE_IMAGE_H

#include "eie_driver.h"
#include "eie_pack.h"

typedef struct {
  eie_image image;  // points into what follows
  eie_load *loads;  // [n_loads]
  eie_block *blocks;
  uint32_t **words;  // one array a block
  eie_step *steps;   // [n_passes]
  uint32_t n_blocks;
} eie_packed_image;

// The caller owns *image and ends it with eie_packed_image_free. The words are the image's own, so a
// test may change them before they are loaded.
eie_status eie_packed_image_make(const eie_packed *packed, eie_packed_image *image, eie_error *err);
void eie_packed_image_free(eie_packed_image *image);

#endif
