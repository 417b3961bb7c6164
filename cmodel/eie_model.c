// SPDX-License-Identifier: Apache-2.0
// The compressed model in memory: its rules, its memory, its fractions.
#include "eie_model.h"

#include <stdlib.h>
#include <string.h>

// A problem inside a layer, before file and layer are put in front of it.
static eie_status bad(eie_error *err, const char *text) {
  return eie_fail(err, EIE_ERR_INPUT, "%s", text);
}

static eie_status check_numbers(const eie_layer *l, eie_error *err) {
  if (l->rows < 1 || l->rows > EIE_MAX_DIM || l->cols < 1 || l->cols > EIE_MAX_DIM)
    return eie_fail(err, EIE_ERR_INPUT, "has %u rows and %u columns; each must be 1 to %d", l->rows, l->cols,
                    EIE_MAX_DIM);
  if (l->nnz > INT32_MAX)
    return eie_fail(err, EIE_ERR_INPUT, "has %u weights; the limit is 2^31 - 1", l->nnz);
  if (l->shift > EIE_MAX_SHIFT)
    return eie_fail(err, EIE_ERR_INPUT, "shift is %u; it must be 0 to %d", l->shift, EIE_MAX_SHIFT);
  if (l->relu > 1) return eie_fail(err, EIE_ERR_INPUT, "relu is %u; it must be 0 or 1", l->relu);
  if (l->weight_frac < EIE_MIN_FRAC || l->weight_frac > EIE_MAX_FRAC)
    return eie_fail(err, EIE_ERR_INPUT, "weight_frac is %d; it must be %d to %d", l->weight_frac,
                    EIE_MIN_FRAC, EIE_MAX_FRAC);
  if (l->codebook_size != 16 && l->codebook_size != 256)
    return eie_fail(err, EIE_ERR_INPUT, "the codebook has %u words; it must have 16 or 256",
                    l->codebook_size);
  return EIE_OK;
}

static eie_status check_name(const eie_layer *l, eie_error *err) {
  size_t n = 0;
  for (; n < sizeof l->name && l->name[n]; n++)
    if (l->name[n] < 0x20 || l->name[n] > 0x7e) return bad(err, "its name must be printable ASCII");
  if (n == sizeof l->name || n == 0)
    return eie_fail(err, EIE_ERR_INPUT, "its name must have 1 to %d characters", EIE_NAME_SIZE - 1);
  return EIE_OK;
}

static eie_status check_indptr(const eie_layer *l, eie_error *err) {
  if (l->indptr[0] != 0) return eie_fail(err, EIE_ERR_INPUT, "indptr[0] is %u; it must be 0", l->indptr[0]);
  for (uint32_t c = 0; c < l->cols; c++)
    if (l->indptr[c + 1] < l->indptr[c])
      return eie_fail(err, EIE_ERR_INPUT, "indptr[%u] is below indptr[%u]; they must ascend", c + 1, c);
  if (l->indptr[l->cols] != l->nnz)
    return eie_fail(err, EIE_ERR_INPUT, "indptr ends with %u, but there are %u indices", l->indptr[l->cols],
                    l->nnz);
  return EIE_OK;
}

static eie_status check_column(const eie_layer *l, uint32_t c, eie_error *err) {
  for (uint32_t i = l->indptr[c]; i < l->indptr[c + 1]; i++) {
    if (l->indices[i] >= l->rows)
      return eie_fail(err, EIE_ERR_INPUT, "column %u: row %u at indices[%u] is outside 0..%u", c,
                      l->indices[i], i, l->rows - 1);
    if (i > l->indptr[c] && l->indices[i] <= l->indices[i - 1])
      return eie_fail(err, EIE_ERR_INPUT, "column %u: row %u at indices[%u] %s", c, l->indices[i], i,
                      l->indices[i] == l->indices[i - 1] ? "is there twice"
                                                         : "is out of order; rows must ascend in a column");
    if (l->codes[i] == 0 || l->codes[i] >= l->codebook_size)
      return eie_fail(err, EIE_ERR_INPUT, "column %u: code %u at codes[%u] is outside 1..%u", c, l->codes[i],
                      i, l->codebook_size - 1);
  }
  return EIE_OK;
}

static eie_status check_layer(const eie_layer *l, eie_error *err) {
  EIE_TRY(check_numbers(l, err));
  EIE_TRY(check_name(l, err));
  if (!l->indptr || !l->codebook || !l->bias || (l->nnz && (!l->indices || !l->codes)))
    return bad(err, "an array is missing");
  if (l->codebook[0] != 0)
    return eie_fail(err, EIE_ERR_INPUT, "codebook word 0 is %d; it must be 0, because padding uses it",
                    l->codebook[0]);
  EIE_TRY(check_indptr(l, err));
  for (uint32_t c = 0; c < l->cols; c++) EIE_TRY(check_column(l, c, err));
  return EIE_OK;
}

static eie_status check_chain(const eie_model *model, eie_error *err) {
  if (model->n_layers < 1 || model->n_layers > EIE_MAX_LAYERS || !model->layers)
    return eie_fail(err, EIE_ERR_INPUT, "has %u layers; it must have 1 to %d", model->n_layers,
                    EIE_MAX_LAYERS);
  if (model->input_frac < EIE_MIN_FRAC || model->input_frac > EIE_MAX_FRAC)
    return eie_fail(err, EIE_ERR_INPUT, "input_frac is %d; it must be %d to %d", model->input_frac,
                    EIE_MIN_FRAC, EIE_MAX_FRAC);
  return EIE_OK;
}

// What layer k has to do with the layer before it and with its outputs.
static eie_status check_link(const eie_model *model, uint32_t k, eie_error *err) {
  const eie_layer *l = &model->layers[k];
  if (k > 0 && l->cols != model->layers[k - 1].rows)
    return eie_fail(err, EIE_ERR_INPUT, "has %u columns, but layer %u has %u rows; they must be equal",
                    l->cols, k - 1, model->layers[k - 1].rows);
  int32_t frac = eie_model_frac(model, k + 1);
  if (frac < EIE_MIN_FRAC || frac > EIE_MAX_FRAC)
    return eie_fail(err, EIE_ERR_INPUT, "its outputs would have %d fraction bits; %d to %d are allowed", frac,
                    EIE_MIN_FRAC, EIE_MAX_FRAC);
  return EIE_OK;
}

eie_status eie_model_check(const eie_model *model, const char *where, eie_error *err) {
  eie_status status = check_chain(model, err);
  for (uint32_t k = 0; status == EIE_OK && k < model->n_layers; k++) {
    status = check_layer(&model->layers[k], err);
    if (status == EIE_OK) status = check_link(model, k, err);
    if (status != EIE_OK) eie_error_prefix(err, "layer %u", k);
  }
  if (status != EIE_OK) eie_error_prefix(err, "%s", where);
  return status;
}

static void free_layer(eie_layer *l) {
  free(l->indptr);
  free(l->indices);
  free(l->codes);
  free(l->codebook);
  free(l->bias);
}

void eie_model_free(eie_model *model) {
  for (uint32_t k = 0; model->layers && k < model->n_layers; k++) free_layer(&model->layers[k]);
  free(model->layers);
  *model = (eie_model){.n_layers = 0};
}

// calloc of 0 elements may be NULL; one spare element makes NULL mean "no memory".
eie_status eie_layer_alloc(eie_layer *layer, eie_error *err) {
  eie_layer l = *layer;
  l.indptr = calloc((size_t)l.cols + 1, sizeof *l.indptr);
  l.indices = calloc((size_t)l.nnz + 1, sizeof *l.indices);
  l.codes = calloc((size_t)l.nnz + 1, sizeof *l.codes);
  l.codebook = calloc((size_t)l.codebook_size + 1, sizeof *l.codebook);
  l.bias = calloc((size_t)l.rows + 1, sizeof *l.bias);
  if (!l.indptr || !l.indices || !l.codes || !l.codebook || !l.bias) {
    free_layer(&l);
    return eie_fail(err, EIE_ERR_MEMORY,
                    "not enough memory for a layer of %u rows, %u columns and %u weights", layer->rows,
                    layer->cols, layer->nnz);
  }
  *layer = l;
  return EIE_OK;
}

int32_t eie_model_frac(const eie_model *model, uint32_t k) {
  int32_t frac = model->input_frac;
  for (uint32_t i = 0; i < k; i++) frac += model->layers[i].weight_frac - (int32_t)model->layers[i].shift;
  return frac;
}
