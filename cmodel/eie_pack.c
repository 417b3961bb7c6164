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

// A way to deal a layer, and what comes of it.
typedef struct {
  uint32_t *row_place;  // [rows]
  eie_dealt dealt;
  eie_plan plan;
  uint64_t bound;  // without calibration entry cycles, else the weight of the busiest PE
} dealing_result;

static void free_result(dealing_result *r) {
  free(r->row_place);
  eie_dealt_free(&r->dealt);
  eie_plan_free(&r->plan);
}

// Deals the rows one way and plans the tiles. What *r owns is freed by the caller, after an error too.
static eie_status deal_and_plan(const eie_deal_job *job, const eie_config *config, eie_dealing dealing,
                                dealing_result *r, eie_error *err) {
  const uint32_t rows = job->layer->rows;
  r->row_place = malloc(rows * sizeof *r->row_place);
  if (!r->row_place) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the places of %u rows", rows);
  EIE_TRY(eie_pack_deal(job, dealing, r->row_place, err));
  EIE_TRY(
      eie_pack_matrix(job->layer, job->col_place, job->in_slots, r->row_place, job->n_pe, &r->dealt, err));
  EIE_TRY(eie_pack_plan(&r->dealt, config, &r->plan, err));
  r->bound = r->plan.entry_cycles;
  return job->weights->unit == 1 ? EIE_OK : eie_pack_busiest(job, r->row_place, &r->bound, err);
}

// Balanced dealing is kept only when its bound is not above that of interleaved dealing. Interleaved dealing
// comes and goes first, so that the two are in memory together only when it is kept.
static eie_status choose_dealing(const eie_deal_job *job, const eie_packed *packed, dealing_result *r,
                                 eie_error *err) {
  EIE_TRY(deal_and_plan(job, &packed->config, EIE_DEAL_INTERLEAVED, r, err));
  if (packed->dealing == EIE_DEAL_INTERLEAVED) return EIE_OK;
  const uint64_t bound = r->bound;
  free_result(r);
  *r = (dealing_result){.row_place = NULL};
  EIE_TRY(deal_and_plan(job, &packed->config, EIE_DEAL_BALANCED, r, err));
  if (r->bound <= bound) return EIE_OK;
  free_result(r);
  *r = (dealing_result){.row_place = NULL};
  return deal_and_plan(job, &packed->config, EIE_DEAL_INTERLEAVED, r, err);
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

// One layer whose columns have places col_place[cols]; seen: as in eie_pack_weigh.
static eie_status pack_layer(const eie_model *model, uint32_t k, const uint32_t *col_place,
                             const uint32_t *seen, eie_packed *packed, eie_error *err) {
  const eie_layer *layer = &model->layers[k];
  eie_packed_layer *to = &packed->layers[k];
  eie_weights weights;
  dealing_result r = {.row_place = NULL};
  EIE_TRY(check_codes(layer, &packed->config, err));
  EIE_TRY(describe(model, k, packed, err));
  EIE_TRY(bound_sums(layer, packed->config.acc_w, to, err));
  EIE_TRY(eie_pack_weigh(layer, seen, &weights, err));
  const eie_deal_job job = {layer, col_place, &weights, to->in_slots, packed->config.n_pe, packed->seed};
  eie_status status = choose_dealing(&job, packed, &r, err);
  if (status == EIE_OK) {
    memcpy(to->row_place, r.row_place, layer->rows * sizeof *r.row_place);
    for (uint32_t row = 0; row < layer->rows; row++) to->bias[to->row_place[row]] = layer->bias[row];
    status = append_passes(&r.dealt, &r.plan, k, packed, err);
  }
  free_result(&r);
  eie_weights_free(&weights);
  return status;
}

// seen: NULL, or as eie_pack_calibrate makes it.
static eie_status pack_layers(const eie_model *model, uint32_t *const *seen, eie_packed *packed,
                              eie_error *err) {
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
    const uint32_t *col_place = k == 0 ? identity : packed->layers[k - 1].row_place;
    status = pack_layer(model, k, col_place, seen ? seen[k] : NULL, packed, err);
    if (status != EIE_OK) eie_error_prefix(err, "layer %u (%s)", k, model->layers[k].name);
  }
  free(identity);
  return status;
}

static eie_status calibrate_and_pack(const eie_model *model, const eie_activations *inputs,
                                     eie_packed *packed, eie_error *err) {
  uint32_t **seen;
  if (packed->dealing == EIE_DEAL_INTERLEAVED)
    return eie_fail(err, EIE_ERR_USE,
                    "interleaved dealing does not look at activations; leave the calibration out or choose "
                    "balanced dealing");
  EIE_TRY(eie_pack_calibrate(model, inputs, &seen, err));
  packed->calibrated = inputs->count;
  packed->calibration_crc32 = eie_pack_calibration_crc32(inputs);
  const eie_status status = pack_layers(model, seen, packed, err);
  free(seen[0]);
  free(seen);
  return status;
}

// calibration: NULL, or inputs.
static eie_status pack(const eie_model *model, const eie_config *config, const eie_pack_options *options,
                       const eie_activations *calibration, eie_packed *packed, eie_error *err) {
  eie_packed made = {
      .config = *config, .dealing = options->dealing, .seed = options->seed, .input_frac = model->input_frac};
  eie_status status =
      calibration ? calibrate_and_pack(model, calibration, &made, err) : pack_layers(model, NULL, &made, err);
  if (status == EIE_OK) status = eie_pack_schedule(&made, err);
  if (status != EIE_OK) {
    eie_packed_free(&made);
    return status;
  }
  *packed = made;
  return EIE_OK;
}

eie_status eie_pack_unchecked(const eie_model *model, const eie_config *config,
                              const eie_pack_options *options, eie_packed *packed, eie_error *err) {
  return pack(model, config, options, NULL, packed, err);
}

eie_status eie_pack(const eie_model *model, const eie_config *config, const eie_pack_options *options,
                    eie_packed *packed, eie_error *err) {
  EIE_TRY(eie_config_check(config, err));
  return pack(model, config, options, NULL, packed, err);
}

eie_status eie_pack_calibrated(const eie_model *model, const eie_config *config,
                               const eie_pack_options *options, const eie_activations *calibration,
                               eie_packed *packed, eie_error *err) {
  EIE_TRY(eie_config_check(config, err));
  return pack(model, config, options, calibration, packed, err);
}
