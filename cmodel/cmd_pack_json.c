// SPDX-License-Identifier: Apache-2.0
// The report on a packed model as JSON. docs/commands.md lists the keys.
#include "cmd_pack_json.h"

#include "eie_cli.h"

static cJSON *layer_json(const eie_packed_layer *layer, const eie_pack_layer_report *r) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "name", layer->name);
  eie_json_add_u64(o, "rows", layer->rows);
  eie_json_add_u64(o, "cols", layer->cols);
  eie_json_add_u64(o, "weights", r->weights);
  eie_json_add_u64(o, "padding", r->padding);
  eie_json_add_u64(o, "entries", r->entries);
  eie_json_add_u64(o, "busiest", r->busiest);
  cJSON_AddNumberToObject(o, "busiest_ratio", r->busiest_ratio);
  eie_json_add_u64(o, "entry_cycles", r->entry_cycles);
  eie_json_add_u64(o, "perfect", r->perfect);
  eie_json_add_u64(o, "weights_busiest", r->weights_busiest);
  eie_json_add_u64(o, "interleaved_busiest", r->interleaved_busiest);
  cJSON_AddNumberToObject(o, "gain", eie_pack_gain(r->interleaved_busiest, r->weights_busiest));
  eie_json_add_u64(o, "blocks_busiest", r->blocks_busiest);
  eie_json_add_u64(o, "interleaved_blocks", r->interleaved_blocks);
  cJSON_AddNumberToObject(o, "blocks_gain", eie_pack_gain(r->interleaved_blocks, r->blocks_busiest));
  eie_json_add_u64(o, "broadcasts", r->broadcasts);
  eie_json_add_u64(o, "write_back_cycles", r->write_back_cycles);
  eie_json_add_u64(o, "passes", r->passes);
  cJSON_AddBoolToObject(o, "resident", r->resident != 0);
  eie_json_add_u64(o, "worst_sum", layer->worst_sum);
  cJSON_AddBoolToObject(o, "overflow_possible", r->overflow_possible != 0);
  return o;
}

static cJSON *load_json(const eie_pack_load_report *r) {
  cJSON *o = cJSON_CreateObject();
  eie_json_add_u64(o, "spmat_words", r->spmat_words);
  eie_json_add_u64(o, "spmat_words_of", r->spmat_words_of);
  eie_json_add_u64(o, "ptr_places", r->ptr_places);
  eie_json_add_u64(o, "ptr_places_of", r->ptr_places_of);
  eie_json_add_u64(o, "codebooks", r->codebooks);
  eie_json_add_u64(o, "descriptors", r->descriptors);
  eie_json_add_u64(o, "bus_words", r->bus_words);
  return o;
}

cJSON *eie_pack_json(const eie_packed *packed, const eie_pack_report *report) {
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "kind", "packed");
  cJSON_AddStringToObject(root, "config", packed->config.name);
  cJSON_AddStringToObject(root, "dealing", packed->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved");
  eie_json_add_u64(root, "seed", packed->seed);
  eie_json_add_u64(root, "calibrated", packed->calibrated);
  eie_json_add_u64(root, "loads", report->n_loads);
  eie_json_add_u64(root, "passes", report->n_passes);
  cJSON_AddBoolToObject(root, "one_load", report->n_loads == 1);
  cJSON_AddBoolToObject(root, "all_visible", report->all_visible != 0);
  eie_json_add_u64(root, "act_slots", report->act_slots);
  eie_json_add_u64(root, "act_slots_of", report->act_slots_of);
  cJSON *layers = cJSON_AddArrayToObject(root, "layers");
  for (uint32_t k = 0; k < report->n_layers; k++)
    cJSON_AddItemToArray(layers, layer_json(&packed->layers[k], &report->layers[k]));
  cJSON *loads = cJSON_AddArrayToObject(root, "load");
  for (uint32_t i = 0; i < report->n_loads; i++) cJSON_AddItemToArray(loads, load_json(&report->loads[i]));
  return root;
}
