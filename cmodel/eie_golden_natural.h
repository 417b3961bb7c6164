// SPDX-License-Identifier: Apache-2.0
// Private to the natural-order golden model: a layer laid out for speed. docs/golden-speed.md.
//
// Lane stream: the rows, sorted by length, in groups of 16 lanes; a group is a sequence of steps of one
// cache line: 32 words of 16 bits, two for each lane.
//
//   | 15 .. 10 |  9 .. 6 | 5 .. 0 |
//   |  advance |   code  | column |
//
//   column   of the activation in the step's window of 64 columns
//   code     index into the 16-word codebook; 0: nothing here, its product is 0
//   advance  of the first word: the window moves on by this many times 32 columns before the step
#ifndef EIE_GOLDEN_NATURAL_H
#define EIE_GOLDEN_NATURAL_H

#include "eie_golden.h"

enum {
  LANES = 16,           // rows of a group
  STEP_WORDS = 32,      // words of a step
  WINDOW = 64,          // columns that a step sees
  WINDOW_ADVANCE = 32,  // columns
  MOST_ADVANCE = 63,    // WINDOW_ADVANCEs in one step
  CODE_SHIFT = 6,
  ADVANCE_SHIFT = 10,
  ALIGNMENT = 64  // bytes
};

typedef struct {
  uint32_t n_groups;
  uint32_t *first;   // [n_groups + 1] first step of each group; owned, as all below
  uint16_t *words;   // [first[n_groups]][STEP_WORDS], aligned
  uint32_t *row_of;  // [n_groups * LANES] row of each lane; lanes behind the last row: rows
  int32_t *bias;     // [n_groups * LANES]
} lane_stream;

// Compressed columns with row and code in one word: row << 4 | code in 16 bits where every row and code
// fits, else row << 8 | code in 32.
typedef struct {
  uint16_t *narrow;  // [nnz] or NULL; owned
  uint32_t *wide;    // [nnz] or NULL; owned
} column_words;

typedef struct {
  const eie_layer *layer;  // borrowed
  uint64_t weight_bound;   // max over rows of sum |w|: no accumulator passes it times max |a|
  column_words columns;
  lane_stream lanes;  // n_groups 0: this layer has none (256 words, or no AVX-512)
} natural_layer;

// What one thread works in; sizes serve every layer of the model.
typedef struct {
  int16_t *in;       // activations, zeros behind them up to a whole window; aligned
  int32_t *acc;      // accumulators; aligned
  int16_t *places;   // outputs in the order of the lanes
  int16_t *next[2];  // outputs of inner layers
} natural_work;

eie_status natural_work_alloc(const eie_golden_natural *n, natural_work *w, eie_error *err);
void natural_work_free(natural_work *w);
// One input through all layers; counters [n_layers] are added to.
void natural_run_one(const eie_golden_natural *n, const int16_t *in, int16_t *out, natural_work *w,
                     eie_counters *counters);
const eie_model *natural_model(const eie_golden_natural *n);

// 1 when this machine runs lane streams (AVX-512 BW).
int natural_lanes_supported(void);
// acc[n_groups * LANES] = the sums of all lanes. in: as natural_work. codebook: 16 words.
// vnni 0: does without AVX-512 VNNI even where it is there.
void natural_lanes_run(const lane_stream *s, const int16_t *codebook, const int16_t *in, int32_t *acc,
                       int vnni);
int natural_lanes_vnni(void);
eie_status natural_lanes_build(const eie_layer *layer, lane_stream *s, eie_error *err);
void natural_lanes_free(lane_stream *s);

// acc[rows] = the sums of all rows; only where no accumulator can overflow.
void natural_columns_run(const column_words *w, const eie_layer *layer, const int16_t *in, int32_t *acc);
eie_status natural_columns_build(const eie_layer *layer, column_words *w, eie_error *err);
void natural_columns_free(column_words *w);

#endif
