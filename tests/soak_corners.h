// SPDX-License-Identifier: Apache-2.0
// What the cases of a soak have had in them, counted. Behind these corners come one counter for each kind of
// host action that took place, and of ABORT and RESET one for each phase they fell into.
#ifndef SOAK_CORNERS_H
#define SOAK_CORNERS_H

#include <stdint.h>

#define SOAK_CORNERS(CORNER)                               \
  CORNER(FRESH, "on a configuration drawn at random")      \
  CORNER(STALLED, "with stalls on the bus")                \
  CORNER(REPEATED, "loaded and run twice")                 \
  CORNER(BALANCED, "dealt balanced")                       \
  CORNER(LAYERS_2, "of two layers and more")               \
  CORNER(LAYERS_5, "of five layers")                       \
  CORNER(ROW_TILES, "with a layer in row tiles")           \
  CORNER(COLUMN_TILES, "with a layer in column tiles")     \
  CORNER(BOTH_TILES, "with a layer in both")               \
  CORNER(LOADS, "of several loads")                        \
  CORNER(REUSED, "with activation slots used again")       \
  CORNER(ZERO_INPUT, "with an input of zeros")             \
  CORNER(EMPTY_COLUMNS, "with empty columns side by side") \
  CORNER(EMPTY_ROWS, "with empty rows")                    \
  CORNER(FULL_ROW, "with a full row")                      \
  CORNER(EXTREMES, "with extreme values")                  \
  CORNER(SHIFT_0, "with shift 0")                          \
  CORNER(SHIFT_31, "with shift 31")                        \
  CORNER(PADDED, "with padding entries issued")            \
  CORNER(QUEUE_FULL, "that waited for a full queue")       \
  CORNER(CLAMPED, "with outputs clamped")                  \
  CORNER(OVERFLOWED, "with an accumulator overflow")       \
  CORNER(HOST, "with host actions")

enum { SOAK_PHASES = 4 };  // launch, broadcasts and entries, drain, write-back

typedef enum {
#define SOAK_CORNER(name, what) SOAK_CORNER_##name,
  SOAK_CORNERS(SOAK_CORNER)
#undef SOAK_CORNER
      SOAK_NAMED_CORNERS
} soak_corner;

enum { SOAK_MOST_KINDS = 20, SOAK_ACTION_CORNER = SOAK_NAMED_CORNERS };
enum { SOAK_ABORT_CORNER = SOAK_ACTION_CORNER + SOAK_MOST_KINDS };
enum { SOAK_RESET_CORNER = SOAK_ABORT_CORNER + SOAK_PHASES };
enum { SOAK_CORNERS_ALL = SOAK_RESET_CORNER + SOAK_PHASES };

typedef struct {
  uint32_t of[SOAK_CORNERS_ALL];
} soak_corners;

#endif
