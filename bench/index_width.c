// SPDX-License-Identifier: Apache-2.0
// index_width WIDTH [LAYER ...]: what the nine layers of the paper cost at 64 PEs when a run has WIDTH bits,
// 1 to 8, rows interleaved: padding entries, and the bits that entries and pointers take. Prints JSON, a
// layer of the paper an object.
//
// The gaps are read from layers packed with runs of 8 bits, so that widths below the RTL's 4 can be asked
// too. Where the packer can pack the width itself, its padding must be the same number (else exit 1).
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_gen.h"
#include "eie_pack.h"
#include "paper_layers.h"

enum { WIDEST = 8, NARROWEST_RTL = 4 };

typedef struct {
  uint64_t weights, padding;
} counts;

// One column of one PE as it is packed with WIDEST bits: padding adds to the gap of the next weight.
static void count_column(const uint16_t *entries, uint32_t n, uint32_t code_w, uint32_t width, counts *sum) {
  uint64_t gap = 0;
  for (uint32_t e = 0; e < n; e++) {
    gap += entries[e] >> code_w;
    if (entries[e] & ((1u << code_w) - 1)) {
      sum->padding += gap >> width;
      sum->weights++;
      gap = 0;
    } else {
      gap++;  // the place of the padding entry itself
    }
  }
}

static counts count(const eie_packed *packed, uint32_t width) {
  counts sum = {0, 0};
  const uint32_t n_pe = packed->config.n_pe;
  for (uint32_t p = 0; p < packed->n_passes; p++)
    for (uint32_t pe = 0; pe < n_pe; pe++) {
      const eie_pass *pass = &packed->passes[p];
      const uint32_t *ptr = pass->ptr[pe], first = pass->first_entry[pe];
      for (uint32_t c = 0; c < pass->col_slots * n_pe; c++)
        count_column(pass->entries[pe] + (ptr[c] - first), ptr[c + 1] - ptr[c], packed->config.code_w, width,
                     &sum);
    }
  return sum;
}

static eie_status pack(const eie_model *model, uint32_t width, eie_packed *packed, eie_error *err) {
  eie_config config;
  EIE_TRY(eie_config_read("pe64", &config, err));
  config.idx_w = width;
  const eie_pack_options options = {.dealing = EIE_DEAL_INTERLEAVED, .seed = 1};
  return eie_pack_one_pass(model, &config, &options, packed, err);
}

static eie_status check(const eie_model *model, uint32_t width, const counts *sum, eie_error *err) {
  eie_packed packed;
  if (width < NARROWEST_RTL) return EIE_OK;
  EIE_TRY(pack(model, width, &packed, err));
  uint64_t padding = 0;
  for (uint32_t p = 0; p < packed.n_passes; p++)
    for (uint32_t pe = 0; pe < packed.config.n_pe; pe++) padding += packed.passes[p].padding[pe];
  eie_packed_free(&packed);
  if (padding == sum->padding) return EIE_OK;
  return eie_fail(err, EIE_ERR_UNEQUAL, "IDX_W %u: %llu padding entries counted, %llu packed", width,
                  (unsigned long long)sum->padding, (unsigned long long)padding);
}

static void add_number(cJSON *object, const char *key, double value) {
  cJSON_AddNumberToObject(object, key, value);
}

// Pointers: one a column and PE and one at the end, each as wide as an even share of the entries asks.
static void report(const paper_layer *layer, const eie_packed *packed, const counts *sum, uint32_t width,
                   cJSON *layers) {
  const eie_config *c = &packed->config;
  const double weights = (double)sum->weights, entries = weights + (double)sum->padding;
  const double pe_entries = entries / c->n_pe;
  const double pointers = ((double)packed->layers[0].in_slots * c->n_pe + 1) * c->n_pe;
  const double entry_bits = entries * (width + c->code_w);
  const double pointer_bits = pointers * eie_clog2((uint32_t)pe_entries + 1);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddItemToArray(layers, object);
  cJSON_AddStringToObject(object, "name", layer->name);
  add_number(object, "weights", weights);
  add_number(object, "padding", (double)sum->padding);
  add_number(object, "padding_percent", 100 * (double)sum->padding / entries);
  add_number(object, "entry_bits", entry_bits / weights);
  add_number(object, "pointer_bits", pointer_bits / weights);
  add_number(object, "bits", (entry_bits + pointer_bits) / weights);
}

static eie_status run_layer(const paper_layer *layer, uint32_t width, cJSON *layers, eie_error *err) {
  const eie_gen_options options = {.rows = layer->rows,
                                   .cols = layer->cols,
                                   .density = layer->density,
                                   .act_density = layer->act_density,
                                   .seed = 1,
                                   .count = 1,
                                   .shift = 14,
                                   .codebook_size = 16};
  eie_model model;
  eie_packed packed;
  EIE_TRY(eie_gen_model(&options, &model, err));
  eie_status status = pack(&model, WIDEST, &packed, err);
  if (!status) {
    const counts sum = count(&packed, width);
    status = check(&model, width, &sum, err);
    report(layer, &packed, &sum, width, layers);
    eie_packed_free(&packed);
  }
  eie_model_free(&model);
  if (status) eie_error_prefix(err, "%s", layer->name);
  return status;
}

static int wanted(const char *name, int n, char **names) {
  for (int i = 0; i < n; i++)
    if (!strcmp(name, names[i])) return 1;
  return n == 0;
}

int main(int argc, char **argv) {
  const uint32_t width = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
  if (width < 1 || width > WIDEST) {
    fprintf(stderr, "index_width: give a width from 1 to %d\n", WIDEST);
    return 2;
  }
  eie_error err = {""};
  eie_status status = EIE_OK;
  cJSON *root = cJSON_CreateObject(), *layers = cJSON_AddArrayToObject(root, "layers");
  for (int k = 0; k < PAPER_LAYERS && !status; k++)
    if (wanted(paper_layers[k].name, argc - 2, argv + 2))
      status = run_layer(&paper_layers[k], width, layers, &err);
  if (!status && !cJSON_GetArraySize(layers))
    status = eie_fail(&err, EIE_ERR_USE, "no such layer: %s", argv[2]);
  char *text = cJSON_PrintUnformatted(root);
  if (status)
    fprintf(stderr, "index_width: %s\n", err.text);
  else
    puts(text);
  free(text);
  cJSON_Delete(root);
  return status ? eie_exit_code(status) : 0;
}
