// SPDX-License-Identifier: Apache-2.0
// The executor: runs a packed image of any number of loads, passes and tiles on one input.
#include "eie_driver.h"

static eie_driver_status bad_image(eie_driver *d, uint32_t index) {
  d->why.index = index;
  return EIE_DRIVER_IMAGE;
}

// Words of a region that the host may write (of one PE where it has a PE field).
static uint32_t region_words(const eie_driver *d, uint32_t region) {
  const uint32_t *p = d->parameter;
  switch (region) {
    case EIE_REGION_DESCRIPTOR:
      return p[EIE_P_LAYERS] * EIE_DESC_WORDS;
    case EIE_REGION_SPMAT:
      return p[EIE_P_SPMAT_WORDS] << d->part_shift;
    case EIE_REGION_POINTER:
      return p[EIE_P_PTR_DEPTH];
    case EIE_REGION_CODEBOOK:
      return p[EIE_P_LAYERS] << p[EIE_P_CODE_W];
    default:
      return 0;
  }
}

static bool inside(uint32_t first, uint32_t count, uint32_t size) {
  return first <= size && count <= size - first;
}

static bool step_fits(const eie_driver *d, const eie_image *image, const eie_step *s) {
  uint32_t slots = d->parameter[EIE_P_ACT_SLOTS];
  return s->layer < image->n_layers && s->load < image->n_loads &&
         s->descriptor < d->parameter[EIE_P_LAYERS] && inside(s->host_in_base, s->host_in_slots, slots) &&
         (!s->write_back || inside(s->out_base, s->rows, slots));
}

eie_driver_status eie_driver_check(eie_driver *d, const eie_image *image) {
  for (uint32_t k = 0; k < EIE_NUM_PARAMETERS; k++) {
    if (image->parameter[k] == d->parameter[k]) continue;
    d->why.wanted = image->parameter[k];
    d->why.found = d->parameter[k];
    d->why.index = k;
    return EIE_DRIVER_PARAMETER;
  }
  d->loaded = 0;
  for (uint32_t k = 0; k < image->n_steps; k++)
    if (!step_fits(d, image, &image->steps[k])) return bad_image(d, k);
  for (uint32_t l = 0; l < image->n_loads; l++) {
    for (uint32_t b = 0; b < image->loads[l].n_blocks; b++) {
      const eie_block *k = &image->loads[l].blocks[b];
      if (k->pe >= d->parameter[EIE_P_N_PE] || !inside(k->first, k->count, region_words(d, k->region)))
        return bad_image(d, b);
    }
  }
  return EIE_DRIVER_OK;
}

uint32_t eie_image_program(const eie_image *image, uint32_t step) {
  const eie_step *s = &image->steps[step];
  uint32_t count = 1;
  while (step + count < image->n_steps) {
    const eie_step *last = &s[count - 1], *next = &s[count];
    if (last->host_out || next->host_in_slots || next->load != s->load) break;
    if (next->descriptor != s->descriptor + count || count == 255) break;
    count++;
  }
  return count;
}

eie_driver_status eie_driver_read_outputs(eie_driver *d, const eie_step *s, int16_t *vector) {
  int16_t *place = vector + (size_t)s->row_slot * d->parameter[EIE_P_N_PE];
  return eie_driver_read_activations(d, s->out_base, s->rows, place);
}

eie_driver_status eie_driver_run_program(eie_driver *d, const eie_image *image, uint32_t step, uint32_t count,
                                         int16_t *const *vectors) {
  const eie_step *s = &image->steps[step];
  eie_driver_status status = EIE_DRIVER_OK;
  if (d->loaded != s->load + 1) status = eie_driver_load(d, image, s->load);
  if (!status && s->host_in_slots) {
    const int16_t *from = vectors[s->layer] + (size_t)s->host_in_slot * d->parameter[EIE_P_N_PE];
    status = eie_driver_write_activations(d, s->host_in_base, s->host_in_slots, from);
  }
  if (!status) status = eie_driver_start(d, s->descriptor, count);
  if (!status) status = eie_driver_wait(d, count, image->limit);
  for (uint32_t k = 0; k < count && !status; k++) {
    bool kept = s[k].host_out || s[k].layer + 1 == image->n_layers;
    if (s[k].write_back && kept) status = eie_driver_read_outputs(d, &s[k], vectors[s[k].layer + 1]);
  }
  return status;
}

eie_driver_status eie_driver_run(eie_driver *d, const eie_image *image, int16_t *const *vectors) {
  eie_driver_status status = EIE_DRIVER_OK;
  for (uint32_t step = 0; step < image->n_steps && !status;) {
    uint32_t count = eie_image_program(image, step);
    status = eie_driver_run_program(d, image, step, count, vectors);
    step += count;
  }
  return status;
}
