// SPDX-License-Identifier: Apache-2.0
// The static bounds of a packed model: work, padding, balance, memory fill, worst-case cycles.
#include "eie_pack_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "eie_pack_parts.h"

void eie_pack_report_free(eie_pack_report *report) {
  free(report->layers);
  free(report->loads);
  *report = (eie_pack_report){0};
}

// Columns of a tile that a layer has; the lanes past the last one are never broadcast.
static uint64_t columns_that_exist(const eie_packed *packed, const eie_pass *pass) {
  const eie_packed_layer *layer = &packed->layers[pass->layer];
  const uint64_t n_pe = packed->config.n_pe, first = pass->col_slot * n_pe,
                 end = first + pass->col_slots * n_pe;
  if (pass->layer == 0) return (end < layer->cols ? end : layer->cols) - first;
  uint64_t n = 0;
  for (uint32_t i = 0; i < layer->cols; i++) {
    const uint32_t place = packed->layers[pass->layer - 1].row_place[i];
    n += place >= first && place < end;
  }
  return n;
}

// Adds one pass to its layer; busy[N] sums entries over the layer's passes.
static void add_pass(const eie_packed *packed, const eie_pass *pass, uint64_t *busy,
                     eie_pack_layer_report *to) {
  uint32_t fullest = 0;
  for (uint32_t pe = 0; pe < packed->config.n_pe; pe++) {
    to->entries += pass->n_entries[pe];
    to->padding += pass->padding[pe];
    busy[pe] += pass->n_entries[pe];
    if (pass->n_entries[pe] > fullest) fullest = pass->n_entries[pe];
  }
  to->entry_cycles += fullest;
  to->broadcasts += columns_that_exist(packed, pass);
  if (pass->write_back) to->write_back_cycles += pass->rows;
  to->passes++;
}

static void report_layer(const eie_packed *packed, uint32_t k, uint32_t *p, uint64_t *busy,
                         eie_pack_layer_report *to) {
  const uint32_t n_pe = packed->config.n_pe;
  for (uint32_t pe = 0; pe < n_pe; pe++) busy[pe] = 0;
  for (; *p < packed->n_passes && packed->passes[*p].layer == k; ++*p)
    add_pass(packed, &packed->passes[*p], busy, to);
  to->weights = to->entries - to->padding;
  for (uint32_t pe = 0; pe < n_pe; pe++)
    if (busy[pe] > to->busiest) to->busiest = busy[pe];
  if (to->entries) to->busiest_ratio = (double)to->busiest * n_pe / (double)to->entries;
  to->resident = (uint32_t)eie_pack_resident(packed, k);
  to->overflow_possible = packed->layers[k].overflow_possible;
}

static eie_status report_load(const eie_packed *packed, uint32_t load, eie_pack_load_report *to,
                              eie_error *err) {
  const eie_config *c = &packed->config;
  const uint32_t parts = eie_word_parts(c);
  uint32_t *words, count;
  to->spmat_words_of = c->spmat_words;
  to->ptr_places_of = c->ptr_depth;
  for (uint32_t pe = 0; pe < c->n_pe; pe++) {
    EIE_TRY(eie_packed_memory(packed, load, EIE_MEM_SPMAT, pe, &words, &count, err));
    free(words);
    const uint32_t spmat = count >> eie_clog2(parts);
    if (spmat > to->spmat_words) {
      to->spmat_words = spmat;
      to->spmat_pe = pe;
    }
    EIE_TRY(eie_packed_memory(packed, load, EIE_MEM_POINTER, pe, &words, &count, err));
    free(words);
    to->ptr_places = count;
    to->bus_words += (uint64_t)spmat * parts + count;
  }
  EIE_TRY(eie_packed_memory(packed, load, EIE_MEM_CODEBOOK, 0, &words, &count, err));
  free(words);
  to->codebooks = count >> c->code_w;
  to->bus_words += count;
  return EIE_OK;
}

static void count_descriptors(const eie_packed *packed, eie_pack_report *report) {
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *pass = &packed->passes[p];
    report->loads[pass->load].descriptors++;
    report->loads[pass->load].bus_words += 8;
    if (pass->in_base + pass->col_slots > report->act_slots)
      report->act_slots = pass->in_base + pass->col_slots;
    if (pass->write_back && pass->out_base + pass->rows > report->act_slots)
      report->act_slots = pass->out_base + pass->rows;
  }
}

eie_status eie_pack_report_make(const eie_packed *packed, eie_pack_report *report, eie_error *err) {
  eie_pack_report made = {
      .n_layers = packed->n_layers, .n_loads = packed->n_loads, .n_passes = packed->n_passes};
  uint64_t *busy = calloc(packed->config.n_pe, sizeof *busy);
  uint32_t p = 0;
  made.all_visible = packed->all_visible;
  made.act_slots_of = packed->config.act_slots;
  made.layers = calloc(made.n_layers, sizeof *made.layers);
  made.loads = calloc(made.n_loads, sizeof *made.loads);
  eie_status status = EIE_OK;
  if (!busy || !made.layers || !made.loads)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory for the pack report");
  for (uint32_t k = 0; status == EIE_OK && k < made.n_layers; k++)
    report_layer(packed, k, &p, busy, &made.layers[k]);
  for (uint32_t k = 0; status == EIE_OK && k < made.n_layers; k++)
    status = eie_pack_report_dealing(packed, k, &made.layers[k], err);
  for (uint32_t l = 0; status == EIE_OK && l < made.n_loads; l++)
    status = report_load(packed, l, &made.loads[l], err);
  if (status == EIE_OK) count_descriptors(packed, &made);
  free(busy);
  if (status != EIE_OK) {
    eie_pack_report_free(&made);
    return status;
  }
  *report = made;
  return EIE_OK;
}

static double percent(uint64_t part, uint64_t whole) {
  return whole ? 100.0 * (double)part / (double)whole : 0.0;
}

void eie_pack_report_print(const eie_packed *packed, const eie_pack_report *r, FILE *out) {
  fprintf(out, "%s, %u PEs, %s dealing, seed %" PRIu64 ": %u layers in %u passes and %u loads\n\n",
          packed->config.name, packed->config.n_pe,
          packed->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", packed->seed, r->n_layers,
          r->n_passes, r->n_loads);
  fprintf(
      out,
      "layer            rows x cols      weights  padding      busiest PE   entry cycles  broadcasts  passes"
      "  overflow\n");
  for (uint32_t k = 0; k < r->n_layers; k++) {
    const eie_pack_layer_report *l = &r->layers[k];
    char size[32];
    snprintf(size, sizeof size, "%u x %u", packed->layers[k].rows, packed->layers[k].cols);
    fprintf(out,
            "%-14.14s %-15s %8" PRIu64 "  %6.2f%%  %8" PRIu64 " %5.3f  %13" PRIu64 "  %10" PRIu64
            "  %6u  %s%s\n",
            packed->layers[k].name, size, l->weights, percent(l->padding, l->entries), l->busiest,
            l->busiest_ratio, l->entry_cycles, l->broadcasts, l->passes,
            l->overflow_possible ? "possible" : "impossible", l->resident ? "" : ", spilled");
  }
  eie_pack_report_print_dealing(packed, r, out);
  fprintf(out,
          "\nload   Spmat words, fullest PE    pointers and biases   descriptors  codebooks   bus words\n");
  for (uint32_t i = 0; i < r->n_loads; i++) {
    const eie_pack_load_report *l = &r->loads[i];
    fprintf(out, "%4u  %6u of %6u %5.1f%%   %6u of %6u %5.1f%%  %5u of %3u   %4u of %2u  %10" PRIu64 "\n", i,
            l->spmat_words, l->spmat_words_of, percent(l->spmat_words, l->spmat_words_of), l->ptr_places,
            l->ptr_places_of, percent(l->ptr_places, l->ptr_places_of), l->descriptors, packed->config.layers,
            l->codebooks, packed->config.layers, l->bus_words);
  }
  fprintf(out, "\nactivation slots %u of %u; %s\n", r->act_slots, r->act_slots_of,
          r->all_visible ? "every layer's outputs can be read after the program"
                         : "slots are used again, so only the last layer's outputs stay");
}
