// SPDX-License-Identifier: Apache-2.0
// The rules that passes keep among each other: tiles cover each layer once and in order, regions lie in
// their memories and apart, and every activation is where a pass reads it.
#include <stdlib.h>
#include <string.h>

#include "eie_pack_parts.h"
#include "eie_packed_parts.h"

static eie_status bad(uint32_t p, const char *what, eie_error *err) {
  return eie_fail(err, EIE_ERR_INPUT, "pass %u: %s; pack the model again", p, what);
}

static void set_layers(eie_packed *packed) {
  const uint32_t n_pe = packed->config.n_pe;
  for (uint32_t k = 0; k < packed->n_layers; k++) {
    eie_packed_layer *l = &packed->layers[k];
    l->in_frac = k == 0 ? packed->input_frac : packed->layers[k - 1].out_frac;
    l->out_frac = l->in_frac + l->weight_frac - (int32_t)l->shift;
    l->in_slots = k == 0 ? (l->cols + n_pe - 1) / n_pe : packed->layers[k - 1].out_slots;
    l->out_slots = (l->rows + n_pe - 1) / n_pe;
  }
}

// Where the next tile must begin.
typedef struct {
  uint32_t layer, row_slot, rows, col_slot;
} cursor;

static eie_status check_tile(const eie_packed *packed, uint32_t p, cursor *at, eie_error *err) {
  eie_pass *pass = &packed->passes[p];
  if (at->layer >= packed->n_layers) return bad(p, "comes after the last layer's last tile", err);
  const eie_packed_layer *layer = &packed->layers[at->layer];
  if (pass->layer != at->layer || pass->row_slot != at->row_slot || pass->col_slot != at->col_slot)
    return bad(p, "its tile does not follow the one before", err);
  if (pass->rows < 1 || pass->rows > layer->out_slots - at->row_slot || pass->rows > packed->config.rows)
    return bad(p, "its tile has too many row slots, or none", err);
  if (at->col_slot != 0 && pass->rows != at->rows) return bad(p, "differs in rows from its chain", err);
  if (pass->col_slots < 1 || pass->col_slots > layer->in_slots - at->col_slot)
    return bad(p, "its tile has too many activation slots, or none", err);
  pass->chain_first = at->col_slot == 0;
  pass->write_back = at->col_slot + pass->col_slots == layer->in_slots;
  at->rows = pass->rows;
  at->col_slot += pass->col_slots;
  if (!pass->write_back) return EIE_OK;
  at->col_slot = 0;
  at->row_slot += pass->rows;
  if (at->row_slot < layer->out_slots) return EIE_OK;
  at->row_slot = 0;
  at->layer++;
  return EIE_OK;
}

// What the load has so far; pointer regions must follow each other upwards.
typedef struct {
  uint32_t load, descriptors, ptr_end, codebooks, layer;
} load_fill;

static eie_status check_load(const eie_packed *packed, uint32_t p, load_fill *f, eie_error *err) {
  const eie_pass *pass = &packed->passes[p];
  const eie_config *c = &packed->config;
  if (p > 0 && pass->load == f->load + 1) *f = (load_fill){.load = pass->load};
  if (pass->load != f->load) return bad(p, "its load does not follow the one before", err);
  if (pass->descriptor != f->descriptors || pass->descriptor >= c->layers)
    return bad(p, "its descriptor does not follow the one before, or exceeds LAYERS", err);
  if (f->codebooks == 0 || f->layer != pass->layer) f->codebooks++;
  if (pass->codebook + 1 != f->codebooks) return bad(p, "has another codebook than its layer", err);
  if (pass->ptr_base % 2 != 0 || pass->ptr_base < f->ptr_end || pass->ptr_base > c->ptr_depth ||
      pass->col_slots > c->ptr_depth ||
      eie_pack_ptr_places(c->n_pe, pass->col_slots) > c->ptr_depth - pass->ptr_base)
    return bad(p, "its pointers overlap others or reach past PTR_DEPTH", err);
  f->ptr_end = pass->ptr_base + eie_pack_ptr_places(c->n_pe, pass->col_slots);
  if (!pass->write_back && pass->bias_base != 0) return bad(p, "has biases without write-back", err);
  if (pass->write_back) {
    if (pass->bias_base % 2 != 0 || pass->bias_base < f->ptr_end || pass->bias_base > c->ptr_depth ||
        2 * pass->rows > c->ptr_depth - pass->bias_base)
      return bad(p, "its biases overlap others or reach past PTR_DEPTH", err);
    f->ptr_end = pass->bias_base + 2 * pass->rows;
  }
  f->descriptors++;
  f->layer = pass->layer;
  return EIE_OK;
}

eie_status eie_packed_check_passes(eie_packed *packed, eie_error *err) {
  cursor at = {0};
  load_fill f = {0};
  for (uint32_t k = 1; k < packed->n_layers; k++)
    if (packed->layers[k].cols != packed->layers[k - 1].rows)
      return eie_fail(err, EIE_ERR_INPUT,
                      "layer %u: has %u columns after a layer of %u rows; pack the model again", k,
                      packed->layers[k].cols, packed->layers[k - 1].rows);
  set_layers(packed);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    EIE_TRY(check_tile(packed, p, &at, err));
    EIE_TRY(check_load(packed, p, &f, err));
  }
  if (at.layer != packed->n_layers)
    return bad(packed->n_passes - 1, "is the last, and tiles are missing", err);
  packed->n_loads = f.load + 1;
  return EIE_OK;
}

// What an activation slot holds: slot `slot` of the vector that enters layer `vector`; nothing at first.
typedef struct {
  uint32_t vector, slot, full;
} content;

typedef struct {
  const eie_packed *packed;
  content *memory;  // [ACT_SLOTS]
  uint8_t *known;   // slots of the vector that enters layer `layer` which the host has
  uint8_t *next;    // the same of the vector after it
  uint32_t layer;
  uint32_t lost;  // 1: something was overwritten, or is read back because it would be
} activations;

static void put(activations *a, uint32_t at, uint32_t vector, uint32_t slot) {
  content *c = &a->memory[at];
  if (c->full && (c->vector != vector || c->slot != slot)) a->lost = 1;
  *c = (content){vector, slot, 1};
}

static eie_status host_in(activations *a, uint32_t p, eie_error *err) {
  const eie_pass *pass = &a->packed->passes[p];
  const uint32_t in_slots = a->packed->layers[pass->layer].in_slots, room = a->packed->config.act_slots;
  if (pass->host_in_slot > in_slots || pass->host_in_slots > in_slots - pass->host_in_slot ||
      pass->host_in_base > room || pass->host_in_slots > room - pass->host_in_base)
    return bad(p, "the host would write outside the activation memory", err);
  for (uint32_t s = 0; s < pass->host_in_slots; s++) {
    if (!a->known[pass->host_in_slot + s])
      return bad(p, "the host would write activations it has not read", err);
    put(a, pass->host_in_base + s, pass->layer, pass->host_in_slot + s);
  }
  return EIE_OK;
}

static eie_status scan(const activations *a, uint32_t p, eie_error *err) {
  const eie_pass *pass = &a->packed->passes[p];
  const uint32_t room = a->packed->config.act_slots;
  if (pass->in_base > room || pass->col_slots > room - pass->in_base)
    return bad(p, "its inputs reach outside the activation memory", err);
  for (uint32_t s = 0; s < pass->col_slots; s++) {
    const content *c = &a->memory[pass->in_base + s];
    if (!c->full || c->vector != pass->layer || c->slot != pass->col_slot + s)
      return bad(p, "an input is not where it reads it", err);
  }
  return EIE_OK;
}

static eie_status store(activations *a, uint32_t p, eie_error *err) {
  const eie_pass *pass = &a->packed->passes[p];
  const uint32_t room = a->packed->config.act_slots;
  if (!pass->write_back)
    return pass->host_out || pass->out_base ? bad(p, "has outputs without write-back", err) : EIE_OK;
  if (pass->host_out > 1 || pass->out_base > room || pass->rows > room - pass->out_base)
    return bad(p, "its outputs reach outside the activation memory", err);
  a->lost |= pass->host_out;
  for (uint32_t s = 0; s < pass->rows; s++) {
    put(a, pass->out_base + s, pass->layer + 1, pass->row_slot + s);
    if (pass->host_out) a->next[pass->row_slot + s] = 1;
  }
  return EIE_OK;
}

// The next layer's input is what was this layer's output.
static void next_layer(activations *a) {
  uint8_t *known = a->known;
  a->known = a->next;
  a->next = known;
  a->layer++;
  memset(a->next, 0, a->packed->layers[a->layer].out_slots);
}

static eie_status follow(activations *a, eie_error *err) {
  memset(a->known, 1, a->packed->layers[0].in_slots);
  for (uint32_t p = 0; p < a->packed->n_passes; p++) {
    if (a->packed->passes[p].layer != a->layer) next_layer(a);
    EIE_TRY(host_in(a, p, err));
    EIE_TRY(scan(a, p, err));
    EIE_TRY(store(a, p, err));
  }
  for (uint32_t i = 0; i < a->packed->config.act_slots; i++)
    if (a->memory[i].full && a->memory[i].vector == a->packed->n_layers) a->next[a->memory[i].slot] = 1;
  for (uint32_t s = 0; s < a->packed->layers[a->layer].out_slots; s++)
    if (!a->next[s])
      return bad(a->packed->n_passes - 1, "is the last, and an output of the model is lost", err);
  return EIE_OK;
}

eie_status eie_packed_check_activations(eie_packed *packed, eie_error *err) {
  size_t widest = packed->layers[0].in_slots;
  for (uint32_t k = 0; k < packed->n_layers; k++)
    if (packed->layers[k].out_slots > widest) widest = packed->layers[k].out_slots;
  activations a = {
      packed, calloc(packed->config.act_slots, sizeof *a.memory), calloc(widest, 1), calloc(widest, 1), 0, 0};
  eie_status status = EIE_OK;
  if (!a.memory || !a.known || !a.next)
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory to follow the activations");
  if (status == EIE_OK) status = follow(&a, err);
  if (status == EIE_OK) packed->all_visible = !a.lost;
  free(a.memory);
  free(a.known);
  free(a.next);
  return status;
}
