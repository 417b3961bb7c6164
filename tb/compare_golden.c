// SPDX-License-Identifier: Apache-2.0
// What the golden model wants: the packed layers pass by pass, and the same in natural order.
#include <string.h>

#include "compare_run.h"

// The packed outputs of every layer, put back into natural order, are those of the model.
static eie_status natural_agrees(compare_run *r, const int16_t *in, eie_error *err) {
  const eie_packed *p = r->packed;
  memset(r->natural_counters, 0, p->n_layers * sizeof *r->natural_counters);
  EIE_TRY(
      eie_golden_run(r->job->model, in, r->natural[p->n_layers - 1], r->natural_counters, r->natural, err));
  for (uint32_t l = 0; l < p->n_layers; l++) {
    // Natural order has 32-bit accumulators; a wider array keeps what they lost.
    if (r->natural_counters[l].overflow && p->config.acc_w > 32) return EIE_OK;
    eie_packed_gather(p, l + 1, r->want[l + 1], r->gathered);
    for (uint32_t row = 0; row < p->layers[l].rows; row++) {
      if (r->gathered[row] == r->natural[l][row]) continue;
      eie_fail(err, EIE_ERR_UNEQUAL, "row %u: the golden model gives %d packed and %d in natural order", row,
               r->gathered[row], r->natural[l][row]);
      return compare_prefix(r, l, EIE_ERR_UNEQUAL, err);
    }
  }
  return EIE_OK;
}

eie_status compare_golden(compare_run *r, eie_error *err) {
  const eie_packed *p = r->packed;
  const int16_t *in = r->job->inputs->data + (size_t)r->input * r->job->inputs->cols;
  eie_packed_scatter(p, 0, in, r->want[0]);
  for (uint32_t s = 0; s < p->n_passes; s++) {
    uint32_t layer = p->passes[s].layer;
    EIE_TRY(eie_golden_pass(r->golden, s, r->want[layer], r->want[layer + 1], &r->want_counters[s],
                            r->want_busy + (size_t)s * p->config.n_pe, err));
  }
  return r->job->model ? natural_agrees(r, in, err) : EIE_OK;
}
