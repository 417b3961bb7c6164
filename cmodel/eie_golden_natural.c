// SPDX-License-Identifier: Apache-2.0
// A model made ready for many inputs in natural order: bit for bit eie_golden_layer, faster.
// Of each layer and input it takes the cheapest of three ways: lanes, compressed columns, or
// eie_golden_layer itself where an accumulator might overflow, since only that knows the flag.
#include "eie_golden_natural.h"

#include <stdlib.h>
#include <string.h>

struct eie_golden_natural {
  const eie_model *model;
  natural_layer *layers;  // [n_layers]
  uint32_t widest_in, widest_out;
  eie_golden_way way;
};

// The largest sum of |w| over the rows.
static eie_status bound_weights(const eie_layer *layer, uint64_t *bound, eie_error *err) {
  uint64_t *sum = calloc(layer->rows, sizeof *sum);
  if (!sum) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the sums of %u rows", layer->rows);
  for (uint32_t i = 0; i < layer->nnz; i++)
    sum[layer->indices[i]] += (uint64_t)abs(layer->codebook[layer->codes[i]]);
  *bound = 0;
  for (uint32_t r = 0; r < layer->rows; r++)
    if (sum[r] > *bound) *bound = sum[r];
  free(sum);
  return EIE_OK;
}

// Lays out what `way` may take.
static eie_status open_layer(const eie_layer *layer, eie_golden_way way, natural_layer *l, eie_error *err) {
  l->layer = layer;
  if (way == EIE_GOLDEN_CHECKED) return EIE_OK;
  EIE_TRY(bound_weights(layer, &l->weight_bound, err));
  EIE_TRY(natural_columns_build(layer, &l->columns, err));
  if (way == EIE_GOLDEN_COLUMNS || !natural_lanes_supported() || layer->codebook_size != 16) return EIE_OK;
  return natural_lanes_build(layer, &l->lanes, err);
}

eie_status eie_golden_natural_open(const eie_model *model, eie_golden_way way, eie_golden_natural **natural,
                                   eie_error *err) {
  eie_golden_natural *n = calloc(1, sizeof *n);
  if (n) n->layers = calloc(model->n_layers, sizeof *n->layers);
  if (!n || !n->layers) {
    free(n);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for %u layers", model->n_layers);
  }
  n->model = model;
  n->way = way;
  for (uint32_t k = 0; k < model->n_layers; k++) {
    const eie_layer *layer = &model->layers[k];
    if (layer->cols > n->widest_in) n->widest_in = layer->cols;
    if (layer->rows > n->widest_out) n->widest_out = layer->rows;
    const eie_status status = open_layer(layer, way, &n->layers[k], err);
    if (status != EIE_OK) {
      eie_golden_natural_close(n);
      return status;
    }
  }
  *natural = n;
  return EIE_OK;
}

void eie_golden_natural_close(eie_golden_natural *natural) {
  if (!natural) return;
  for (uint32_t k = 0; k < natural->model->n_layers; k++) {
    natural_columns_free(&natural->layers[k].columns);
    natural_lanes_free(&natural->layers[k].lanes);
  }
  free(natural->layers);
  free(natural);
}

const eie_model *natural_model(const eie_golden_natural *n) {
  return n->model;
}

static void *aligned_bytes(size_t bytes) {
  return aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT);
}

void natural_work_free(natural_work *w) {
  free(w->in);
  free(w->acc);
  free(w->places);
  free(w->next[0]);
  free(w->next[1]);
}

eie_status natural_work_alloc(const eie_golden_natural *n, natural_work *w, eie_error *err) {
  const size_t out = (size_t)n->widest_out + LANES;
  w->in = aligned_bytes(((size_t)n->widest_in + 2 * WINDOW) * sizeof *w->in);
  w->acc = aligned_bytes(out * sizeof *w->acc);
  w->places = aligned_bytes(out * sizeof *w->places);
  w->next[0] = aligned_bytes(out * sizeof *w->next[0]);
  w->next[1] = aligned_bytes(out * sizeof *w->next[1]);
  if (w->in && w->acc && w->places && w->next[0] && w->next[1]) return EIE_OK;
  natural_work_free(w);
  return eie_fail(err, EIE_ERR_MEMORY, "no memory for a vector of %zu activations", out);
}

// What one look at the activations tells.
typedef struct {
  uint32_t broadcasts, largest;  // largest: |a|
  uint64_t useful;
} input_sight;

static input_sight look(const eie_layer *layer, const int16_t *in) {
  uint32_t broadcasts = 0, useful = 0;  // useful: at most nnz, which has 31 bits
  int32_t low = 0, high = 0;
  for (uint32_t c = 0; c < layer->cols; c++) {
    const int32_t a = in[c];
    broadcasts += a != 0;
    low = a < low ? a : low;
    high = a > high ? a : high;
    useful += a != 0 ? layer->indptr[c + 1] - layer->indptr[c] : 0;
  }
  return (input_sight){broadcasts, (uint32_t)(-low > high ? -low : high), useful};
}

// A step of a lane stream takes about as long as three weights of a column; a column costs ten more.
static eie_golden_way choose(const natural_layer *l, eie_golden_way wanted, const input_sight *s) {
  if (l->weight_bound * s->largest > INT32_MAX || wanted == EIE_GOLDEN_CHECKED) return EIE_GOLDEN_CHECKED;
  if (l->lanes.n_groups == 0) return EIE_GOLDEN_COLUMNS;
  if (wanted != EIE_GOLDEN_FASTEST) return wanted;
  const uint64_t lanes = (uint64_t)l->lanes.first[l->lanes.n_groups] * 3;
  return lanes <= s->useful + (uint64_t)10 * s->broadcasts ? EIE_GOLDEN_LANES : EIE_GOLDEN_COLUMNS;
}

eie_golden_way eie_golden_natural_way(const eie_golden_natural *natural, uint32_t k, const int16_t *in) {
  const input_sight s = look(natural->layers[k].layer, in);
  return choose(&natural->layers[k], natural->way, &s);
}

uint32_t eie_golden_natural_steps(const eie_golden_natural *natural, uint32_t k) {
  const lane_stream *s = &natural->layers[k].lanes;
  return s->n_groups ? s->first[s->n_groups] : 0;
}

static uint32_t run_lanes(const natural_layer *l, eie_golden_way way, const int16_t *in, int16_t *out,
                          natural_work *w) {
  const eie_layer *layer = l->layer;
  const lane_stream *s = &l->lanes;
  memcpy(w->in, in, layer->cols * sizeof *in);
  memset(w->in + layer->cols, 0, 2 * WINDOW * sizeof *in);
  natural_lanes_run(s, layer->codebook, w->in, w->acc, way != EIE_GOLDEN_LANES_PLAIN && natural_lanes_vnni());
  const uint32_t clamped =
      eie_write_back_rows(w->acc, s->bias, layer->rows, layer->shift, layer->relu, w->places);
  for (uint32_t i = 0; i < layer->rows; i++) out[s->row_of[i]] = w->places[i];
  return clamped;
}

static void run_layer(const natural_layer *l, eie_golden_way wanted, const int16_t *in, int16_t *out,
                      natural_work *w, eie_counters *c) {
  const eie_layer *layer = l->layer;
  const input_sight s = look(layer, in);
  const eie_golden_way way = choose(l, wanted, &s);
  if (way == EIE_GOLDEN_CHECKED) {
    eie_golden_layer(layer, in, out, w->acc, c);
    return;
  }
  uint32_t clamped;
  if (way == EIE_GOLDEN_COLUMNS) {
    natural_columns_run(&l->columns, layer, in, w->acc);
    clamped = eie_write_back_rows(w->acc, layer->bias, layer->rows, layer->shift, layer->relu, out);
  } else {
    clamped = run_lanes(l, way, in, out, w);
  }
  const eie_counters here = {
      .broadcasts = s.broadcasts, .useful = s.useful, .entries = s.useful, .clamped = clamped};
  eie_counters_add(c, &here);
}

void natural_run_one(const eie_golden_natural *n, const int16_t *in, int16_t *out, natural_work *w,
                     eie_counters *counters) {
  for (uint32_t k = 0; k < n->model->n_layers; k++) {
    int16_t *to = k + 1 == n->model->n_layers ? out : w->next[k % 2];
    run_layer(&n->layers[k], n->way, in, to, w, &counters[k]);
    in = to;
  }
}
