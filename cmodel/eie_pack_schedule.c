// SPDX-License-Identifier: Apache-2.0
// Where everything of a pass lives: which load and descriptor, where in the pointer and Spmat memories,
// which codebook, and the activation slots of its vectors. docs/packer.md.
#include <stdlib.h>
#include <string.h>

#include "eie_pack_parts.h"

// Fill of the load that is being made.
typedef struct {
  uint32_t load, descriptors, codebooks, ptr_places;
  uint32_t layer;   // the layer that codebook `codebooks - 1` belongs to
  uint32_t *words;  // [N] Spmat words in use
} fill;

static uint32_t words_of(const eie_config *c, uint32_t entries) {
  return (entries + c->entries_per_word - 1) / c->entries_per_word;
}

static uint32_t places_of(const eie_config *c, const eie_pass *pass) {
  return eie_pack_ptr_places(c->n_pe, pass->col_slots) + (pass->write_back ? 2 * pass->rows : 0);
}

static int fits(const eie_config *c, const fill *f, const eie_pass *pass) {
  if (f->descriptors == c->layers) return 0;  // no more codebooks than descriptors, so these fit too
  if (places_of(c, pass) > c->ptr_depth - f->ptr_places) return 0;
  for (uint32_t pe = 0; pe < c->n_pe; pe++)
    if (words_of(c, pass->n_entries[pe]) > c->spmat_words - f->words[pe]) return 0;
  return 1;
}

static void start_load(const eie_config *c, fill *f) {
  if (f->descriptors != 0) f->load++;
  f->descriptors = f->codebooks = f->ptr_places = 0;
  memset(f->words, 0, c->n_pe * sizeof *f->words);
}

// Puts a pass behind what the load holds; its pointers become absolute.
static void place(const eie_config *c, fill *f, eie_pass *pass) {
  if (f->codebooks == 0 || f->layer != pass->layer) f->codebooks++;
  f->layer = pass->layer;
  pass->load = f->load;
  pass->descriptor = f->descriptors++;
  pass->codebook = f->codebooks - 1;
  pass->ptr_base = f->ptr_places;
  pass->bias_base = pass->write_back ? f->ptr_places + eie_pack_ptr_places(c->n_pe, pass->col_slots) : 0;
  f->ptr_places += places_of(c, pass);
  for (uint32_t pe = 0; pe < c->n_pe; pe++) {
    const uint32_t first = f->words[pe] * c->entries_per_word;
    for (uint32_t i = 0; i <= pass->col_slots * c->n_pe; i++) pass->ptr[pe][i] += first;
    pass->first_entry[pe] = first;
    f->words[pe] += words_of(c, pass->n_entries[pe]);
  }
}

static eie_status make_loads(eie_packed *packed, eie_error *err) {
  const eie_config *c = &packed->config;
  fill f = {.words = calloc(c->n_pe, sizeof *f.words)};
  if (!f.words) return eie_fail(err, EIE_ERR_MEMORY, "no memory to fill %u PEs", c->n_pe);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    if (!fits(c, &f, &packed->passes[p])) start_load(c, &f);
    place(c, &f, &packed->passes[p]);
  }
  packed->n_loads = f.load + 1;
  free(f.words);
  return EIE_OK;
}

int eie_pack_resident(const eie_packed *packed, uint32_t layer) {
  return packed->layers[layer].in_slots + packed->layers[layer].out_slots <= packed->config.act_slots;
}

// Where a layer's vectors live: first activation slots of its input and output.
typedef struct {
  uint32_t in, out;
  uint32_t on_device;  // the input is there before the first pass
  uint32_t resident;
  uint32_t read_back;  // the host reads the outputs after each write-back
} region;

// One region after the other, when all fit; the host writes the first layer's input only.
static int all_fit(const eie_packed *packed) {
  uint64_t slots = packed->layers[0].in_slots;
  for (uint32_t k = 0; k < packed->n_layers; k++) slots += packed->layers[k].out_slots;
  return slots <= packed->config.act_slots;
}

// The region of layer k, given that of the layer before (NULL for the first).
static region region_of(const eie_packed *packed, uint32_t k, const region *before) {
  const eie_packed_layer *layer = &packed->layers[k];
  region r = {.resident = (uint32_t)eie_pack_resident(packed, k)};
  r.on_device = r.resident && before && before->resident;
  if (r.on_device) r.in = before->out;
  if (packed->all_visible)
    r.out = r.in + layer->in_slots;
  else if (r.resident && r.in == 0)
    r.out = packed->config.act_slots - layer->out_slots;  // the high end; the next one goes low again
  r.read_back = !r.resident || (k + 1 < packed->n_layers && !eie_pack_resident(packed, k + 1));
  return r;
}

static void set_activations(const eie_packed *packed, const region *r, eie_pass *pass, int first) {
  const eie_packed_layer *layer = &packed->layers[pass->layer];
  pass->in_base = r->resident ? r->in + pass->col_slot : 0;
  pass->out_base = !pass->write_back ? 0 : r->resident ? r->out + pass->row_slot : 0;
  pass->host_out = pass->write_back && r->read_back;
  if (!r->resident) {
    pass->host_in_slot = pass->col_slot;
    pass->host_in_slots = pass->col_slots;
    pass->host_in_base = 0;
  } else if (first && !r->on_device) {
    pass->host_in_slots = layer->in_slots;
    pass->host_in_base = r->in;
  }
}

static void place_vectors(eie_packed *packed) {
  region r = {0};
  packed->all_visible = (uint32_t)all_fit(packed);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    eie_pass *pass = &packed->passes[p];
    const int first = p == 0 || packed->passes[p - 1].layer != pass->layer;
    if (first) r = region_of(packed, pass->layer, p == 0 ? NULL : &r);
    set_activations(packed, &r, pass, first);
  }
}

eie_status eie_pack_schedule(eie_packed *packed, eie_error *err) {
  EIE_TRY(make_loads(packed, err));
  place_vectors(packed);
  return EIE_OK;
}
