// SPDX-License-Identifier: Apache-2.0
// Cutting: layers are built anew from what is kept of them.
#include "soak_cut.h"

#include <stdlib.h>
#include <string.h>

#include "eie_golden.h"

// A range that is taken out; nothing when count is 0.
typedef struct {
  uint32_t from, count;
} range;

static const range nothing = {0, 0};

static int is_out(range r, uint32_t k) {
  return k >= r.from && k - r.from < r.count;
}

static uint32_t moved(range r, uint32_t k) {
  return k < r.from ? k : k - r.count;
}

static eie_status build_layer(const eie_layer *from, range rows, range cols, range weights, eie_layer *to,
                              eie_error *err) {
  *to = *from;
  to->rows -= rows.count;
  to->cols -= cols.count;
  to->indptr = to->indices = NULL;
  to->codes = NULL;
  to->codebook = NULL;
  to->bias = NULL;
  EIE_TRY(eie_layer_alloc(to, err));  // for as many weights as before
  uint32_t n = 0;
  for (uint32_t col = 0; col < from->cols; col++) {
    if (is_out(cols, col)) continue;
    for (uint32_t k = from->indptr[col]; k < from->indptr[col + 1]; k++) {
      if (is_out(weights, k) || is_out(rows, from->indices[k])) continue;
      to->indices[n] = moved(rows, from->indices[k]);
      to->codes[n++] = from->codes[k];
    }
    to->indptr[moved(cols, col) + 1] = n;
  }
  to->nnz = n;
  for (uint32_t row = 0; row < from->rows; row++)
    if (!is_out(rows, row)) to->bias[moved(rows, row)] = from->bias[row];
  memcpy(to->codebook, from->codebook, from->codebook_size * sizeof *to->codebook);
  return EIE_OK;
}

static void free_layer(eie_layer *l) {
  free(l->indptr);
  free(l->indices);
  free(l->codes);
  free(l->codebook);
  free(l->bias);
}

static eie_status rebuild(soak_case *c, uint32_t layer, range rows, range cols, range weights,
                          eie_error *err) {
  eie_layer *l = &c->model.layers[layer], built;
  const eie_status status = build_layer(l, rows, cols, weights, &built, err);
  free_layer(status ? &built : l);
  if (!status) *l = built;
  return status;
}

eie_status soak_case_copy(const soak_case *from, soak_case *to, eie_error *err) {
  const size_t size = (size_t)from->inputs.count * from->inputs.cols * sizeof *from->inputs.data;
  *to = *from;
  to->inputs.data = malloc(size + 1);
  to->model.layers = calloc(from->model.n_layers, sizeof *to->model.layers);
  if (to->inputs.data) memcpy(to->inputs.data, from->inputs.data, size);
  eie_status status =
      to->inputs.data && to->model.layers ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for a case");
  for (uint32_t k = 0; k < from->model.n_layers && !status; k++)
    status = build_layer(&from->model.layers[k], nothing, nothing, nothing, &to->model.layers[k], err);
  if (!status) return EIE_OK;
  if (!to->model.layers) to->model.n_layers = 0;
  soak_case_free(to);
  return status;
}

// What stands in front of layer `first` for each input.
static eie_status inputs_of_layer(soak_case *c, uint32_t first, eie_error *err) {
  const eie_model *m = &c->model;
  const uint32_t cols = m->layers[first].cols, last = m->layers[m->n_layers - 1].rows;
  int16_t *data = calloc((size_t)c->inputs.count * cols + 1, sizeof *data), *out = calloc(last, sizeof *out);
  int16_t **layers = calloc(m->n_layers, sizeof *layers);
  eie_status status = data && out && layers ? EIE_OK : eie_fail(err, EIE_ERR_MEMORY, "no memory for inputs");
  for (uint32_t i = 0; i < c->inputs.count && !status; i++) {
    layers[first - 1] = data + (size_t)i * cols;
    status = eie_golden_run(m, c->inputs.data + (size_t)i * c->inputs.cols, out, NULL, layers, err);
  }
  free(out);
  free(layers);
  if (status) {
    free(data);
    return status;
  }
  free(c->inputs.data);
  c->inputs.data = data;
  c->inputs.cols = cols;
  return EIE_OK;
}

eie_status soak_cut_layers(soak_case *c, uint32_t first, uint32_t count, eie_error *err) {
  eie_model *m = &c->model;
  if (first > 0) EIE_TRY(inputs_of_layer(c, first, err));
  m->input_frac = eie_model_frac(m, first);
  for (uint32_t k = 0; k < m->n_layers; k++)
    if (k < first || k >= first + count) free_layer(&m->layers[k]);
  memmove(m->layers, m->layers + first, count * sizeof *m->layers);
  m->n_layers = count;
  return EIE_OK;
}

eie_status soak_cut_vector(soak_case *c, uint32_t k, uint32_t from, uint32_t count, eie_error *err) {
  const range out = {from, count};
  if (k > 0) EIE_TRY(rebuild(c, k - 1, out, nothing, nothing, err));
  if (k < c->model.n_layers) EIE_TRY(rebuild(c, k, nothing, out, nothing, err));
  if (k > 0) return EIE_OK;
  int16_t *to = c->inputs.data;
  for (uint32_t i = 0; i < c->inputs.count; i++)
    for (uint32_t col = 0; col < c->inputs.cols; col++)
      if (!is_out(out, col)) *to++ = c->inputs.data[(size_t)i * c->inputs.cols + col];
  c->inputs.cols -= count;
  return EIE_OK;
}

eie_status soak_cut_weights(soak_case *c, uint32_t k, uint32_t from, uint32_t count, eie_error *err) {
  return rebuild(c, k, nothing, nothing, (range){from, count}, err);
}

eie_status soak_cut_inputs(soak_case *c, uint32_t from, uint32_t count, eie_error *err) {
  soak_plan plan;
  EIE_TRY(soak_plan_make(c, &plan, err));
  const uint32_t each = plan.n_programs / c->inputs.count;
  soak_plan_free(&plan);
  for (uint32_t k = 0; k < c->n_actions; k++) {
    soak_action *a = &c->actions[k];
    const uint32_t round = a->program / (each * c->inputs.count),
                   inside = a->program % (each * c->inputs.count);
    if (inside >= (from + count) * each) a->program -= count * each;
    a->program -= round * count * each;
  }
  int16_t *data = c->inputs.data + (size_t)from * c->inputs.cols;
  const size_t behind = c->inputs.count - from - count;
  memmove(data, data + (size_t)count * c->inputs.cols, behind * c->inputs.cols * sizeof *data);
  c->inputs.count -= count;
  return EIE_OK;
}

void soak_cut_actions(soak_case *c, uint32_t from, uint32_t count) {
  memmove(c->actions + from, c->actions + from + count, (c->n_actions - from - count) * sizeof *c->actions);
  c->n_actions -= count;
}
