// SPDX-License-Identifier: Apache-2.0
// Memories that hold each layer in one pass and the whole model in one load: grown before packing to what
// no dealing needs more of, then SPMAT_WORDS cut to what this one needs.
#include "eie_pack_parts.h"

enum { MOST_ROWS = 65535 };  // of a PE: a column's entries are counted in 16 bits

static void raise(uint32_t *parameter, uint64_t needed) {
  if (needed > *parameter) *parameter = (uint32_t)needed;
}

static eie_status grow(const eie_model *model, eie_config *config, eie_error *err) {
  const uint64_t n_pe = config->n_pe;
  uint64_t in_slots = (model->layers[0].cols + n_pe - 1) / n_pe, act_slots = in_slots;
  uint64_t places = 0, words = 0, rows = 0;
  for (uint32_t k = 0; k < model->n_layers; k++) {
    const uint64_t out_slots = (model->layers[k].rows + n_pe - 1) / n_pe;
    if (out_slots > rows) rows = out_slots;
    places += in_slots * n_pe + 2 + 2 * out_slots;
    // A column has at most one entry a row slot, padding included.
    words += in_slots * n_pe * out_slots / config->entries_per_word + 1;
    act_slots += out_slots;
    in_slots = out_slots;
  }
  const uint64_t most = UINT32_MAX / config->entries_per_word;
  if (rows > MOST_ROWS || words > most || places > most)
    return eie_fail(err, EIE_ERR_FIT, "the model is too large for one pass a layer on %u PEs", config->n_pe);
  raise(&config->rows, rows);
  raise(&config->spmat_words, words);
  raise(&config->ptr_depth, (places + 1) & ~(uint64_t)1);
  raise(&config->act_slots, act_slots);
  raise(&config->layers, model->n_layers);
  return EIE_OK;
}

static void cut(eie_packed *packed, uint32_t least) {
  const uint32_t per_word = packed->config.entries_per_word;
  uint32_t words = least;
  for (uint32_t p = 0; p < packed->n_passes; p++)
    for (uint32_t pe = 0; pe < packed->config.n_pe; pe++) {
      const eie_pass *pass = &packed->passes[p];
      raise(&words, ((uint64_t)pass->first_entry[pe] + pass->n_entries[pe] + per_word - 1) / per_word);
    }
  packed->config.spmat_words = words;
}

eie_status eie_pack_one_pass(const eie_model *model, const eie_config *config,
                             const eie_pack_options *options, eie_packed *packed, eie_error *err) {
  eie_config grown = *config;
  EIE_TRY(eie_config_check(config, err));
  EIE_TRY(grow(model, &grown, err));
  EIE_TRY(eie_pack_unchecked(model, &grown, options, packed, err));
  cut(packed, config->spmat_words);
  return EIE_OK;
}
