// SPDX-License-Identifier: Apache-2.0
// Outputs: every place of every layer.
#include <stdio.h>

#include "compare_run.h"

static uint32_t bits_of(uint16_t x) {
  uint32_t n = 0;
  for (; x; x &= (uint16_t)(x - 1)) n++;
  return n;
}

// "row 42" of the place, or that no row lives there.
static void name_row(const eie_packed_layer *layer, uint32_t place, char text[40]) {
  for (uint32_t row = 0; row < layer->rows; row++) {
    if (layer->row_place[row] != place) continue;
    snprintf(text, 40, "row %u", row);
    return;
  }
  snprintf(text, 40, "no row");
}

static eie_status different(const compare_run *r, uint32_t layer, uint32_t place, int16_t got,
                            const char *when, eie_error *err) {
  const uint32_t n_pe = r->packed->config.n_pe;
  const int16_t want = r->want[layer + 1][place];
  char row[40];
  name_row(&r->packed->layers[layer], place, row);
  eie_fail(err, EIE_ERR_UNEQUAL, "%s (PE %u, slot %u): device 0x%04x (%d), golden 0x%04x (%d)%s", row,
           place % n_pe, place / n_pe, (uint16_t)got, got, (uint16_t)want, want, when);
  return compare_prefix(r, layer, EIE_ERR_UNEQUAL, err);
}

// Compares one layer to its end, so that the report knows how much differs, and tells the first.
static eie_status compare_layer(compare_run *r, uint32_t layer, const int16_t *got, const char *when,
                                eie_error *err) {
  eie_compare_layer *sum = &r->report->layers[layer];
  const uint32_t places = compare_places(r, layer + 1);
  const int16_t *want = r->want[layer + 1];
  eie_status status = EIE_OK;
  for (uint32_t place = 0; place < places; place++) {
    uint16_t differs = (uint16_t)(got[place] ^ want[place]);
    if (!differs) continue;
    sum->differing++;
    sum->differing_bits += bits_of(differs);
    if (!status) status = different(r, layer, place, got[place], when, err);
  }
  return status;
}

eie_status compare_outputs(compare_run *r, eie_error *err) {
  const uint32_t n_layers = r->packed->n_layers;
  for (uint32_t l = 0; l < n_layers; l++) {
    EIE_TRY(compare_layer(r, l, r->got[l + 1], "", err));
    r->report->layers[l].compared += r->packed->layers[l].rows;
  }
  return compare_layer(r, n_layers - 1, r->whole, " when the whole program runs in one go", err);
}
