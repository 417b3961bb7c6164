// SPDX-License-Identifier: Apache-2.0
// What to change so that a configuration fits: each parameter alone, as little as does it.
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "eie_fit.h"

// Parameters that a user can lower, and what it costs him.
typedef struct {
  const char *key;
  size_t offset;
  uint32_t least;
  const char *cost;
} knob;

static const knob knobs[] = {
    {"N_PE", offsetof(eie_config, n_pe), 1, "slower"},
    {"SPMAT_WORDS", offsetof(eie_config, spmat_words), 2, "layers with more weights run in tiles"},
    {"PTR_DEPTH", offsetof(eie_config, ptr_depth), 6, "layers with more columns run in tiles"},
    {"ROWS", offsetof(eie_config, rows), 2, "layers with more rows run in tiles"},
    {"ACT_SLOTS", offsetof(eie_config, act_slots), 2, "wider layers run in tiles"},
    {"LAYERS", offsetof(eie_config, layers), 1, "fewer layers and tiles a load"},
    {"QUEUE_DEPTH", offsetof(eie_config, queue_depth), 2, "PEs wait for each other more"},
};
enum { N_KNOBS = sizeof knobs / sizeof knobs[0] };

static uint32_t *field(eie_config *config, const knob *k) {
  return (uint32_t *)(void *)((char *)config + k->offset);
}

static int good(const eie_config *config, const eie_board *board) {
  return eie_config_check(config, NULL) == EIE_OK && eie_fit_check(config, board).what == EIE_FIT_GOOD;
}

// Largest power of two below the present value with which it fits, 0 when there is none. Powers of two,
// because people choose those.
static uint32_t largest(const eie_config *config, const eie_board *board, const knob *k) {
  eie_config c = *config;
  uint32_t value = 1;
  while (value * 2 < *field(&c, k)) value *= 2;
  for (; value >= k->least && value > 0; value /= 2) {
    *field(&c, k) = value;
    if (good(&c, board)) return value;
  }
  return 0;
}

void eie_fit_remedy(const eie_config *config, const eie_board *board, char text[EIE_FIT_TEXT]) {
  size_t n = 0;
  text[0] = 0;
  if (eie_fit_check(config, board).what == EIE_FIT_GOOD) return;
  for (int k = 0; k < N_KNOBS; k++) {
    const uint32_t value = largest(config, board, &knobs[k]);
    if (!value) continue;
    n += (size_t)snprintf(text + n, EIE_FIT_TEXT - n, "%s%s %" PRIu32 " (%s)", n ? ", or " : "it fits with ",
                          knobs[k].key, value, knobs[k].cost);
    if (n >= EIE_FIT_TEXT - 80) break;
  }
  if (!n)
    snprintf(
        text, EIE_FIT_TEXT,
        "no single parameter helps: halve N_PE and the memories together, or leave --config and --set out "
        "and take the configuration that is proposed");
}
