// SPDX-License-Identifier: Apache-2.0
// The script of a vector set: bus operations, one a line. docs/vectors-format.md.
#ifndef VECTORS_SCRIPT_H
#define VECTORS_SCRIPT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "eie_error.h"

typedef enum {
  VECTORS_CYCLES = 'n',      // let `data` cycles pass
  VECTORS_WRITE = 'w',       // write data
  VECTORS_READ = 'r',        // read; (value & mask) is data
  VECTORS_POLL = 'p',        // read until (value & mask) is data, at most `limit` times
  VECTORS_WRITE_FILE = 'W',  // write `count` words of a file, from its word `first` on
  VECTORS_READ_FILE = 'R'    // read `count` words, each is the file's
} vectors_op_kind;

enum { VECTORS_WHAT_SIZE = 200 };

typedef struct {
  vectors_op_kind kind;
  uint32_t address, data, mask, limit;
  uint32_t stride, count, file, first;  // of a burst: beat k at address + k * stride
  uint32_t slot;                        // activations: slot of the layer's vector where the burst begins
  char what[VECTORS_WHAT_SIZE];         // for a person: the rest of the line
} vectors_op;

typedef struct {
  vectors_op *ops;
  size_t count, room;
} vectors_script;  // zeroed: empty

// Adds an operation. A burst of activations that goes on where the last one ended becomes a part of it:
// drivers move them in pieces.
eie_status vectors_script_add(vectors_script *script, const vectors_op *op, eie_error *err);
void vectors_script_free(vectors_script *script);

void vectors_op_print(const vectors_op *op, FILE *out);

// Words that the script compares, a polled one included.
uint64_t vectors_script_compared(const vectors_script *script);

#endif
