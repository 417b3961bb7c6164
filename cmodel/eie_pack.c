// SPDX-License-Identifier: Apache-2.0
// From a compressed model to passes: deal, sort, plan and encode each layer, then schedule them all.
#include "eie_pack.h"

#include <stdlib.h>
#include <string.h>

#include "eie_pack_parts.h"

void eie_packed_free(eie_packed *packed) {
  for (uint32_t p = 0; p < packed->n_passes; p++) eie_pass_free(&packed->passes[p]);
  for (uint32_t k = 0; k < packed->n_layers && packed->layers; k++) {
    free(packed->layers[k].row_place);
    free(packed->layers[k].codebook);
    free(packed->layers[k].bias);
  }
  free(packed->passes);
  free(packed->layers);
  *packed = (eie_packed){0};
}

// Codes that CODE_W cannot hold are the one thing that no tiling mends.
static eie_status check_codes(const eie_layer *layer, const eie_config *config, eie_error *err) {
  for (uint32_t e = 0; e < layer->nnz; e++)
    if (layer->codes[e] >> config->code_w != 0)
      return eie_fail(err, EIE_ERR_FIT,
                      "code %u needs 8 bits and configuration %s has CODE_W = %u: use a configuration with "
                      "CODE_W = 8 (such as pe64c8) or share the weights among 15",
                      layer->codes[e], config->name, config->code_w);
  return EIE_OK;
}

// The numbers of a layer that dealing does not change, and its codebook at the width of the device.
static eie_status describe(const eie_model *model, uint32_t k, eie_packed *packed, eie_error *err) {
  const eie_layer *from = &model->layers[k];
  const uint32_t n_pe = packed->config.n_pe, words = 1u << packed->config.code_w;
  eie_packed_layer *to = &packed->layers[k];
  memcpy(to->name, from->name, sizeof to->name);
  to->rows = from->rows;
  to->cols = from->cols;
  to->nnz = from->nnz;
  to->shift = from->shift;
  to->relu = from->relu;
  to->weight_frac = from->weight_frac;
  to->in_frac = k == 0 ? model->input_frac : packed->layers[k - 1].out_frac;
  to->out_frac = to->in_frac + to->weight_frac - (int32_t)to->shift;
  to->in_slots = k == 0 ? (from->cols + n_pe - 1) / n_pe : packed->layers[k - 1].out_slots;
  to->out_slots = (from->rows + n_pe - 1) / n_pe;
  to->row_place = malloc(from->rows * sizeof *to->row_place);
  to->codebook = calloc(words, sizeof *to->codebook);
  to->bias = calloc((size_t)to->out_slots * n_pe, sizeof *to->bias);
  if (!to->row_place || !to->codebook || !to->bias)
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the places of %u rows", from->rows);
  for (uint32_t i = 0; i < words && i < from->codebook_size; i++) to->codebook[i] = from->codebook[i];
  return EIE_OK;
}

// The overflow proof: no sum of a row's products can pass sum |w| * 32768.
static eie_status bound_sums(const eie_layer *layer, uint32_t acc_w, eie_packed_layer *to, eie_error *err) {
  uint64_t *sum = calloc(layer->rows, sizeof *sum), worst = 0;
  if (!sum) return eie_fail(err, EIE_ERR_MEMORY, "no memory to sum %u rows", layer->rows);
  for (uint32_t e = 0; e < layer->nnz; e++) {
    const int32_t weight = layer->codebook[layer->codes[e]];
    sum[layer->indices[e]] += (uint32_t)(weight < 0 ? -weight : weight);
  }
  for (uint32_t r = 0; r < layer->rows; r++)
    if (sum[r] > worst) worst = sum[r];
  free(sum);
  to->worst_sum = worst * 32768;
  to->overflow_possible = to->worst_sum >> (acc_w - 1) != 0;
  return EIE_OK;
}

// Deals the rows one way and plans the tiles.
static eie_status deal_and_plan(const eie_layer *layer, const uint32_t *col_place, const eie_packed *packed,
                                uint32_t in_slots, eie_dealing dealing, uint32_t *row_place, eie_dealt *dealt,
                                eie_plan *plan, eie_error *err) {
  const uint32_t n_pe = packed->config.n_pe;
  EIE_TRY(eie_pack_deal(layer, col_place, in_slots, n_pe, dealing, packed->seed, row_place, err));
  EIE_TRY(eie_pack_matrix(layer, col_place, in_slots, row_place, n_pe, dealt, err));
  const eie_status status = eie_pack_plan(dealt, &packed->config, plan, err);
  if (status != EIE_OK) eie_dealt_free(dealt);
  return status;
}

// Balanced dealing is kept only when its bound is not above that of interleaved dealing.
static eie_status choose_dealing(const eie_layer *layer, const uint32_t *col_place, const eie_packed *packed,
                                 eie_packed_layer *to, eie_dealt *dealt, eie_plan *plan, eie_error *err) {
  EIE_TRY(deal_and_plan(layer, col_place, packed, to->in_slots, packed->dealing, to->row_place, dealt, plan,
                        err));
  if (packed->dealing == EIE_DEAL_INTERLEAVED) return EIE_OK;
  uint32_t *row_place = malloc(layer->rows * sizeof *row_place);
  eie_dealt other = {0};
  eie_plan other_plan = {0};
  eie_status status = EIE_OK;
  if (!row_place) status = eie_fail(err, EIE_ERR_MEMORY, "no memory for the places of %u rows", layer->rows);
  if (status == EIE_OK)
    status = deal_and_plan(layer, col_place, packed, to->in_slots, EIE_DEAL_INTERLEAVED, row_place, &other,
                           &other_plan, err);
  if (status == EIE_OK && other_plan.entry_cycles < plan->entry_cycles) {
    const eie_dealt dealt_swap = *dealt;
    const eie_plan plan_swap = *plan;
    *dealt = other;
    *plan = other_plan;
    other = dealt_swap;
    other_plan = plan_swap;
    memcpy(to->row_place, row_place, layer->rows * sizeof *row_place);
  }
  eie_dealt_free(&other);
  eie_plan_free(&other_plan);
  free(row_place);
  if (status != EIE_OK) {
    eie_dealt_free(dealt);
    eie_plan_free(plan);
  }
  return status;
}

// Encodes the tiles of a plan behind the passes that are there.
static eie_status append_passes(const eie_dealt *dealt, const eie_plan *plan, uint32_t k, eie_packed *packed,
                                eie_error *err) {
  const size_t total = (size_t)packed->n_passes + plan->n_tiles;
  eie_pass *passes = total > UINT32_MAX ? NULL : realloc(packed->passes, total * sizeof *passes);
  if (!passes) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %zu passes", total);
  packed->passes = passes;
  for (uint32_t t = 0; t < plan->n_tiles; t++) {
    const eie_tile *tile = &plan->tiles[t];
    eie_pass *pass = &passes[packed->n_passes];
    *pass = (eie_pass){.layer = k,
                       .row_slot = tile->row_slot,
                       .rows = tile->rows,
                       .col_slot = tile->col_slot,
                       .col_slots = tile->col_slots};
    pass->chain_first = tile->col_slot == 0;
    pass->write_back = tile->col_slot + tile->col_slots == dealt->in_slots;
    EIE_TRY(eie_pack_encode(dealt, &packed->config, pass, err));
    packed->n_passes++;
  }
  return EIE_OK;
}

// One layer whose columns have places col_place[cols].
static eie_status pack_layer(const eie_model *model, uint32_t k, const uint32_t *col_place,
                             eie_packed *packed, eie_error *err) {
  const eie_layer *layer = &model->layers[k];
  eie_packed_layer *to = &packed->layers[k];
  eie_dealt dealt = {0};
  eie_plan plan = {0};
  EIE_TRY(check_codes(layer, &packed->config, err));
  EIE_TRY(describe(model, k, packed, err));
  EIE_TRY(bound_sums(layer, packed->config.acc_w, to, err));
  EIE_TRY(choose_dealing(layer, col_place, packed, to, &dealt, &plan, err));
  for (uint32_t r = 0; r < layer->rows; r++) to->bias[to->row_place[r]] = layer->bias[r];
  const eie_status status = append_passes(&dealt, &plan, k, packed, err);
  eie_dealt_free(&dealt);
  eie_plan_free(&plan);
  return status;
}

static eie_status pack_layers(const eie_model *model, eie_packed *packed, eie_error *err) {
  const uint32_t cols = model->layers[0].cols;
  uint32_t *identity = malloc(cols * sizeof *identity);
  packed->layers = calloc(model->n_layers, sizeof *packed->layers);
  if (!identity || !packed->layers) {
    free(identity);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u layers", model->n_layers);
  }
  packed->n_layers = model->n_layers;
  for (uint32_t c = 0; c < cols; c++) identity[c] = c;
  eie_status status = EIE_OK;
  for (uint32_t k = 0; status == EIE_OK && k < model->n_layers; k++) {
    status = pack_layer(model, k, k == 0 ? identity : packed->layers[k - 1].row_place, packed, err);
    if (status != EIE_OK) eie_error_prefix(err, "layer %u (%s)", k, model->layers[k].name);
  }
  free(identity);
  return status;
}

eie_status eie_pack_unchecked(const eie_model *model, const eie_config *config,
                              const eie_pack_options *options, eie_packed *packed, eie_error *err) {
  eie_packed made = {
      .config = *config, .dealing = options->dealing, .seed = options->seed, .input_frac = model->input_frac};
  eie_status status = pack_layers(model, &made, err);
  if (status == EIE_OK) status = eie_pack_schedule(&made, err);
  if (status != EIE_OK) {
    eie_packed_free(&made);
    return status;
  }
  *packed = made;
  return EIE_OK;
}

eie_status eie_pack(const eie_model *model, const eie_config *config, const eie_pack_options *options,
                    eie_packed *packed, eie_error *err) {
  EIE_TRY(eie_config_check(config, err));
  return eie_pack_unchecked(model, config, options, packed, err);
}
