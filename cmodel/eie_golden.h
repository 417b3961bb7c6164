// SPDX-License-Identifier: Apache-2.0
// The golden model: bit-exact results and counters of EIE layers. docs/arithmetic.md.
#ifndef EIE_GOLDEN_H
#define EIE_GOLDEN_H

#include <stdint.h>

#include "eie_model.h"
#include "eie_pack.h"

typedef struct {
  uint64_t broadcasts;  // non-zero activations
  uint64_t useful;      // stored weights (code != 0) x non-zero activations that meet
  uint64_t entries;     // entries issued, padding included (natural order: = useful)
  uint64_t padding;     // padding entries issued
  uint64_t clamped;     // outputs that the clamp to int16 changed
  uint32_t overflow;    // 1 when an accumulator left its width
} eie_counters;

void eie_counters_add(eie_counters *sum, const eie_counters *c);  // overflow is or-ed

// Blocks of the RTL by the same names; the bit-exact rules live in these and nowhere else in C.
// eie_pe_arith returns acc + weight * act wrapped to acc_w bits (32..48) and sets *overflow to 1 (it never
// clears it) when the sum needed wrapping. eie_write_back adds 1 to *clamped when the clamp changed the
// value, also where ReLU then makes it 0.
int64_t eie_pe_arith(int64_t acc, int16_t weight, int16_t act, uint32_t acc_w, uint32_t *overflow);
int16_t eie_write_back(int64_t acc, int32_t bias, uint32_t shift, uint32_t relu, uint32_t *clamped);
// eie_write_back of n rows with ACC_W 32; the value is how many the clamp changed. out may not overlap.
uint32_t eie_write_back_rows(const int32_t *acc, const int32_t *bias, uint32_t n, uint32_t shift,
                             uint32_t relu, int16_t *out);

// One layer in natural order with ACC_W 32: out[rows] from in[cols]. Adds to *c when not NULL.
// acc is scratch of rows words.
void eie_golden_layer(const eie_layer *layer, const int16_t *in, int16_t *out, int32_t *acc, eie_counters *c);

// A whole model on one vector, natural order; out[rows of the last layer]. counters: [n_layers] or
// NULL, added to. layer_out: NULL, or [n_layers] pointers (each may be NULL) that take every layer's
// outputs.
eie_status eie_golden_run(const eie_model *model, const int16_t *in, int16_t *out, eie_counters *counters,
                          int16_t *const *layer_out, eie_error *err);

// A model laid out once for many inputs: the same outputs and counters as eie_golden_run, faster
// (docs/golden-speed.md). `way` is EIE_GOLDEN_FASTEST but in tests and measurements, which name one; a
// layer or machine without that one takes another, and where an accumulator might overflow it is always
// the checked one.
typedef enum {
  EIE_GOLDEN_FASTEST,
  EIE_GOLDEN_CHECKED,     // eie_golden_layer
  EIE_GOLDEN_COLUMNS,     // compressed columns without checks
  EIE_GOLDEN_LANES,       // lanes of AVX-512, with VNNI where it is there
  EIE_GOLDEN_LANES_PLAIN  // the same without VNNI
} eie_golden_way;

typedef struct eie_golden_natural eie_golden_natural;

// Borrows `model` (checked) for its lifetime. Read-only afterwards: threads may share it. Laying out pays
// for many inputs (eie run: 100); EIE_GOLDEN_CHECKED lays nothing out.
eie_status eie_golden_natural_open(const eie_model *model, eie_golden_way way, eie_golden_natural **natural,
                                   eie_error *err);
void eie_golden_natural_close(eie_golden_natural *natural);

// Steps of the lane stream of layer k; 0: it has none.
uint32_t eie_golden_natural_steps(const eie_golden_natural *natural, uint32_t k);

// The way that layer k takes with these activations.
eie_golden_way eie_golden_natural_way(const eie_golden_natural *natural, uint32_t k, const int16_t *in);

// out[count][rows of the last layer] from in[count][cols of the first]. counters: [n_layers] or NULL, added
// to. At most `threads` threads (0: as many as the machine has cores); neither outputs nor counters depend on
// it.
eie_status eie_golden_natural_run(const eie_golden_natural *natural, uint32_t count, const int16_t *in,
                                  int16_t *out, eie_counters *counters, uint32_t threads, eie_error *err);

// The packed layers, pass by pass, in the RTL's order of additions and with its ACC_W.
typedef struct eie_golden eie_golden;

// Borrows `packed` for its lifetime.
eie_status eie_golden_open(const eie_packed *packed, eie_golden **golden, eie_error *err);
void eie_golden_close(eie_golden *golden);

// Runs pass p on in[layers[l].in_slots * N] (the whole input vector of its layer, packed order) and
// keeps the accumulators from pass to pass of a chain. With write_back, stores the tile's outputs to
// out[layers[l].out_slots * N] at their places. *c is set; busy[N] (may be NULL) gets entries issued
// a PE. An entry outside the tile: EIE_ERR_INPUT naming pass, PE and entry (what the RTL calls fault
// SLOT); an image made by eie_pack never has one.
eie_status eie_golden_pass(eie_golden *golden, uint32_t p, const int16_t *in, int16_t *out, eie_counters *c,
                           uint64_t *busy, eie_error *err);

#endif
