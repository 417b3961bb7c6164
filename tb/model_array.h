// SPDX-License-Identifier: Apache-2.0
// The array as the register table describes it, without time: memories that the host writes and
// descriptors that run on them. It reads nothing but those memories, as the RTL does, and takes its
// arithmetic from the golden model's eie_pe_arith and eie_write_back. Its `cycles` are a plausible
// number, not the RTL's; every other counter is exact.
#ifndef EIE_MODEL_ARRAY_H
#define EIE_MODEL_ARRAY_H

#include <stdint.h>

#include "eie_config.h"
#include "eie_registers.h"

typedef struct {
  uint32_t code, descriptor, pe, entry;
} model_fault;

typedef struct {
  eie_config config;
  uint32_t pe_shift, region_shift, part_shift;
  uint32_t spmat_stride;  // 32-bit words of Spmat a PE
  uint32_t *descriptor;   // [LAYERS][8]
  uint32_t *spmat;        // [N][spmat_stride]
  uint32_t *pointer;      // [N][PTR_DEPTH]
  uint16_t *codebook;     // [N][LAYERS << CODE_W]
  int16_t *activation;    // [ACT_SLOTS][N]
  int64_t *acc;           // [N][ROWS]
  uint64_t *counter;      // [LAYERS][EIE_NUM_COUNTERS]
  uint64_t *busy;         // [N]
  uint32_t chain_open, chain_rows;
} model_array;

int model_array_alloc(model_array *a, const eie_config *config);  // 0, or -1 without memory
void model_array_free(model_array *a);
void model_array_clear(model_array *a);  // accumulators, and the chain that they belong to

// Runs descriptors first .. first + count - 1; *finished of them came to their end. *fault is set when
// one did not (code != 0).
void model_array_run(model_array *a, uint32_t first, uint32_t count, uint32_t *finished, model_fault *fault);

#endif
