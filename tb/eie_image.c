// SPDX-License-Identifier: Apache-2.0
// eie_packed -> eie_image.
#include "eie_image.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  eie_memory memory;
  uint32_t region;
} memories[] = {{EIE_MEM_SPMAT, EIE_REGION_SPMAT},
                {EIE_MEM_POINTER, EIE_REGION_POINTER},
                {EIE_MEM_CODEBOOK, EIE_REGION_CODEBOOK}};

enum { N_MEMORIES = sizeof memories / sizeof memories[0] };

static void fill_steps(const eie_packed *packed, eie_step *steps) {
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *s = &packed->passes[p];
    steps[p] = (eie_step){.layer = s->layer,
                          .load = s->load,
                          .descriptor = s->descriptor,
                          .host_in_slot = s->host_in_slot,
                          .host_in_slots = s->host_in_slots,
                          .host_in_base = s->host_in_base,
                          .write_back = s->write_back,
                          .row_slot = s->row_slot,
                          .rows = s->rows,
                          .out_base = s->out_base,
                          .host_out = s->host_out};
  }
}

// Cycles after which a program has failed: four times what every activation non-zero would cost.
static uint32_t limit_of(const eie_packed *packed) {
  uint64_t limit = 100000;
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *s = &packed->passes[p];
    uint32_t fullest = 0;
    for (uint32_t pe = 0; pe < packed->config.n_pe; pe++)
      if (s->n_entries[pe] > fullest) fullest = s->n_entries[pe];
    limit += 4 * ((uint64_t)s->col_slots * packed->config.n_pe + fullest + s->rows + 1000);
  }
  return limit > UINT32_MAX ? UINT32_MAX : (uint32_t)limit;
}

static void add_block(eie_packed_image *i, eie_load *load, eie_block block, uint32_t *words) {
  if (block.count == 0) {
    free(words);
    return;
  }
  block.words = words;
  i->words[i->n_blocks] = words;
  i->blocks[i->n_blocks] = block;
  if (load->n_blocks == 0) load->blocks = &i->blocks[i->n_blocks];
  load->n_blocks++;
  i->n_blocks++;
}

static eie_status add_descriptors(eie_packed_image *i, const eie_packed *packed, uint32_t load,
                                  eie_error *err) {
  const size_t size = (size_t)packed->config.layers * EIE_DESC_WORDS;
  uint32_t *words = calloc(size, sizeof *words), count = 0;
  if (!words) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the descriptors of load %u", load);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *s = &packed->passes[p];
    if (s->load != load) continue;
    eie_packed_descriptor(packed, p, words + (size_t)s->descriptor * EIE_DESC_WORDS);
    if ((s->descriptor + 1) * EIE_DESC_WORDS > count) count = (s->descriptor + 1) * EIE_DESC_WORDS;
  }
  add_block(i, &i->loads[load], (eie_block){EIE_REGION_DESCRIPTOR, 0, 0, count, NULL}, words);
  return EIE_OK;
}

static eie_status add_load(eie_packed_image *i, const eie_packed *packed, uint32_t load, eie_error *err) {
  EIE_TRY(add_descriptors(i, packed, load, err));
  for (uint32_t m = 0; m < N_MEMORIES; m++) {
    for (uint32_t pe = 0; pe < packed->config.n_pe; pe++) {
      uint32_t *words = NULL, count = 0;
      EIE_TRY(eie_packed_memory(packed, load, memories[m].memory, pe, &words, &count, err));
      add_block(i, &i->loads[load], (eie_block){memories[m].region, pe, 0, count, NULL}, words);
    }
  }
  return EIE_OK;
}

static eie_status alloc_image(const eie_packed *packed, eie_packed_image *i, eie_error *err) {
  size_t n_blocks = (size_t)packed->n_loads * (1 + (size_t)N_MEMORIES * packed->config.n_pe);
  *i = (eie_packed_image){.loads = calloc(packed->n_loads, sizeof *i->loads),
                          .blocks = calloc(n_blocks, sizeof *i->blocks),
                          .words = calloc(n_blocks, sizeof *i->words),
                          .steps = calloc(packed->n_passes, sizeof *i->steps)};
  if (i->loads && i->blocks && i->words && i->steps) return EIE_OK;
  eie_packed_image_free(i);
  return eie_fail(err, EIE_ERR_MEMORY, "no memory for an image of %u loads", packed->n_loads);
}

eie_status eie_packed_image_make(const eie_packed *packed, eie_packed_image *image, eie_error *err) {
  eie_packed_image i;
  EIE_TRY(alloc_image(packed, &i, err));
  for (uint32_t load = 0; load < packed->n_loads; load++) {
    eie_status status = add_load(&i, packed, load, err);
    if (status) {
      eie_packed_image_free(&i);
      return status;
    }
  }
  fill_steps(packed, i.steps);
  i.image = (eie_image){.n_layers = packed->n_layers,
                        .n_loads = packed->n_loads,
                        .n_steps = packed->n_passes,
                        .loads = i.loads,
                        .steps = i.steps,
                        .limit = limit_of(packed)};
#define EIE_PARAMETER(field, key, lo, hi, what) i.image.parameter[EIE_P_##key] = packed->config.field;
  EIE_CONFIG_PARAMETERS(EIE_PARAMETER)
#undef EIE_PARAMETER
  *image = i;
  return EIE_OK;
}

void eie_packed_image_free(eie_packed_image *image) {
  for (uint32_t b = 0; b < image->n_blocks; b++) free(image->words[b]);
  free(image->loads);
  free(image->blocks);
  free(image->words);
  free(image->steps);
  memset(image, 0, sizeof *image);
}
