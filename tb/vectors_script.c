// SPDX-License-Identifier: Apache-2.0
#include "vectors_script.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int is_burst(const vectors_op *op) {
  return op->kind == VECTORS_WRITE_FILE || op->kind == VECTORS_READ_FILE;
}

static int goes_on(const vectors_op *last, const vectors_op *op) {
  return is_burst(last) && last->kind == op->kind && last->file == op->file && last->stride == op->stride &&
         op->first == last->first + last->count &&
         op->address == last->address + last->count * last->stride && strcmp(last->what, op->what) == 0;
}

eie_status vectors_script_add(vectors_script *s, const vectors_op *op, eie_error *err) {
  if (s->count && goes_on(&s->ops[s->count - 1], op)) {
    s->ops[s->count - 1].count += op->count;
    return EIE_OK;
  }
  if (s->count == s->room) {
    const size_t room = s->room ? 2 * s->room : 256;
    vectors_op *more = realloc(s->ops, room * sizeof *more);
    if (!more) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a script of %zu operations", room);
    s->ops = more;
    s->room = room;
  }
  s->ops[s->count++] = *op;
  return EIE_OK;
}

void vectors_script_free(vectors_script *s) {
  free(s->ops);
  memset(s, 0, sizeof *s);
}

void vectors_op_print(const vectors_op *op, FILE *out) {
  fprintf(out, "%c", op->kind);
  switch (op->kind) {
    case VECTORS_CYCLES:
      fprintf(out, " %" PRIu32, op->data);
      break;
    case VECTORS_WRITE:
      fprintf(out, " %08" PRIx32 " %08" PRIx32, op->address, op->data);
      break;
    case VECTORS_READ:
      fprintf(out, " %08" PRIx32 " %08" PRIx32 " %08" PRIx32, op->address, op->data, op->mask);
      break;
    case VECTORS_POLL:
      fprintf(out, " %08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %" PRIu32, op->address, op->data, op->mask,
              op->limit);
      break;
    case VECTORS_WRITE_FILE:
    case VECTORS_READ_FILE:
      fprintf(out, " %08" PRIx32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32, op->address,
              op->stride, op->count, op->file, op->first, op->slot);
      break;
  }
  fprintf(out, " # %s\n", op->what);
}

uint64_t vectors_script_compared(const vectors_script *s) {
  uint64_t words = 0;
  for (size_t k = 0; k < s->count; k++) {
    if (s->ops[k].kind == VECTORS_READ_FILE) words += s->ops[k].count;
    words += s->ops[k].kind == VECTORS_READ || s->ops[k].kind == VECTORS_POLL;
  }
  return words;
}
