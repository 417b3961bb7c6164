// SPDX-License-Identifier: Apache-2.0
// The report's comparison of a dealing with the paper's: loads of every PE in every block of columns, worked
// out from the packed entries, so that a packed directory has it too.
#include <inttypes.h>
#include <stdlib.h>

#include "eie_pack_deal.h"
#include "eie_pack_report.h"

typedef struct {
  uint32_t *row_of;          // [out_slots * N] natural row of a place
  uint64_t *dealt, *papers;  // [BLOCKS][N]
} loads;

static void load_pass(const eie_packed *packed, const eie_pass *pass, const loads *l) {
  const uint32_t n_pe = packed->config.n_pe, code_w = packed->config.code_w, mask = (1u << code_w) - 1;
  const uint64_t columns = (uint64_t)packed->layers[pass->layer].in_slots * n_pe;
  for (uint32_t pe = 0; pe < n_pe; pe++)
    for (uint32_t c = 0; c < pass->col_slots * n_pe; c++) {
      const uint64_t block = ((uint64_t)pass->col_slot * n_pe + c) * EIE_BLOCKS / columns;
      uint32_t slot = pass->row_slot;
      for (uint32_t e = pass->ptr[pe][c]; e < pass->ptr[pe][c + 1]; e++, slot++) {
        const uint16_t entry = pass->entries[pe][e - pass->first_entry[pe]];
        slot += (uint32_t)entry >> code_w;
        if ((entry & mask) == 0) continue;
        l->dealt[block * n_pe + pe]++;
        l->papers[block * n_pe + l->row_of[(size_t)slot * n_pe + pe] % n_pe]++;
      }
    }
}

// The busiest PE, and the sum over blocks of the busiest in each.
static void find_busiest(const uint64_t *load, uint32_t n_pe, uint64_t *busiest, uint64_t *blocks) {
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    uint64_t sum = 0;
    for (uint32_t b = 0; b < EIE_BLOCKS; b++) sum += load[b * n_pe + pe];
    if (sum > *busiest) *busiest = sum;
  }
  for (uint32_t b = 0; b < EIE_BLOCKS; b++) {
    uint64_t most = 0;
    for (uint32_t pe = 0; pe < n_pe; pe++)
      if (load[b * n_pe + pe] > most) most = load[b * n_pe + pe];
    *blocks += most;
  }
}

eie_status eie_pack_report_dealing(const eie_packed *packed, uint32_t k, eie_pack_layer_report *to,
                                   eie_error *err) {
  const eie_packed_layer *layer = &packed->layers[k];
  const uint32_t n_pe = packed->config.n_pe;
  const size_t places = (size_t)layer->out_slots * n_pe, n = (size_t)EIE_BLOCKS * n_pe;
  loads l = {calloc(places, sizeof *l.row_of), calloc(n, sizeof *l.dealt), calloc(n, sizeof *l.papers)};
  const int good = l.row_of && l.dealt && l.papers;
  if (good) {
    for (uint32_t r = 0; r < layer->rows; r++) l.row_of[layer->row_place[r]] = r;
    for (uint32_t p = 0; p < packed->n_passes; p++)
      if (packed->passes[p].layer == k) load_pass(packed, &packed->passes[p], &l);
    find_busiest(l.dealt, n_pe, &to->weights_busiest, &to->blocks_busiest);
    find_busiest(l.papers, n_pe, &to->interleaved_busiest, &to->interleaved_blocks);
    to->perfect = (to->weights + n_pe - 1) / n_pe;
  }
  free(l.row_of);
  free(l.dealt);
  free(l.papers);
  return good ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for the loads of layer %u", k);
}

double eie_pack_gain(uint64_t interleaved, uint64_t dealt) {
  return dealt ? (double)interleaved / (double)dealt : 1.0;
}

void eie_pack_report_print_dealing(const eie_packed *packed, const eie_pack_report *r, FILE *out) {
  fprintf(out,
          "\nweights a PE     mean   busiest PE: interleaved  dealt   gain   64 blocks: interleaved  dealt   "
          "gain\n");
  for (uint32_t k = 0; k < r->n_layers; k++) {
    const eie_pack_layer_report *l = &r->layers[k];
    fprintf(out,
            "%-14.14s %6" PRIu64 "   %23" PRIu64 " %6" PRIu64 "  %5.3f   %22" PRIu64 " %6" PRIu64 "  %5.3f\n",
            packed->layers[k].name, l->perfect, l->interleaved_busiest, l->weights_busiest,
            eie_pack_gain(l->interleaved_busiest, l->weights_busiest), l->interleaved_blocks,
            l->blocks_busiest, eie_pack_gain(l->interleaved_blocks, l->blocks_busiest));
  }
  if (packed->calibrated)
    fprintf(out, "dealing calibrated with %" PRIu32 " inputs: it balances what they use, not these counts\n",
            packed->calibrated);
}
