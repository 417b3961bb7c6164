// SPDX-License-Identifier: Apache-2.0
// Values as $readmemh words, the script, the manifest. The README is in vectors_readme.c.
#include "vectors_text.h"

#include <inttypes.h>

#include "eie_manifest_text.h"

static eie_status add_values(const vectors_run *r, uint32_t k, const char *name, eie_vectors *v,
                             eie_error *err) {
  vectors_text text;
  EIE_TRY(vectors_text_open(&text, err));
  const size_t n = (size_t)r->count * vectors_run_places(r->packed, k);
  for (size_t i = 0; i < n; i++) fprintf(text.out, "%04x\n", (uint16_t)r->values[k][i]);
  return vectors_text_keep(&text, v, name, EIE_VECTORS_ACTIVATIONS, 4, err);
}

static eie_status add_counters(const vectors_run *r, eie_vectors *v, eie_error *err) {
  vectors_text text;
  EIE_TRY(vectors_text_open(&text, err));
  for (size_t i = 0; i < r->recorder.n_counters; i++)
    fprintf(text.out, "%08" PRIx32 "\n", r->recorder.counters[i]);
  return vectors_text_keep(&text, v, VECTORS_COUNTERS, EIE_VECTORS_WORDS, 8, err);
}

eie_status vectors_add_values(const vectors_run *r, eie_vectors *v, eie_error *err) {
  EIE_TRY(add_values(r, 0, VECTORS_INPUTS, v, err));
  for (uint32_t l = 0; l < r->packed->n_layers; l++) {
    char name[EIE_VECTORS_NAME_SIZE];
    snprintf(name, sizeof name, "layer%" PRIu32 ".outputs.hex", l);
    EIE_TRY(add_values(r, l + 1, name, v, err));
  }
  return add_counters(r, v, err);
}

// ---- script ----

eie_status vectors_add_script(const vectors_run *r, eie_vectors *v, eie_error *err) {
  const vectors_script *s = &r->recorder.script;
  vectors_text text;
  EIE_TRY(vectors_text_open(&text, err));
  fprintf(text.out, "v %d # a vector set for the EIE array; README.md tells how to play it\n",
          VECTORS_VERSION);
  for (uint32_t k = 0; k < v->n_files; k++) {
    const eie_vectors_file *f = &v->files[k];
    fprintf(text.out, "f %" PRIu32 " %c %" PRIu32 " %zu %08" PRIx32 " %s\n", k, f->kind, f->digits, f->size,
            f->crc32, f->name);
  }
  for (size_t k = 0; k < s->count; k++) vectors_op_print(&s->ops[k], text.out);
  v->operations = s->count;
  v->compared = vectors_script_compared(s);
  if (fflush(text.out) == 0)
    fprintf(text.out,
            "e %" PRIu64 " %" PRIu64 " %08" PRIx32
            " # operations, words compared, CRC-32 of all lines above\n",
            v->operations, v->compared, vectors_crc32(text.text, text.size));
  return vectors_text_keep(&text, v, VECTORS_SCRIPT, EIE_VECTORS_TEXT, 0, err);
}

// ---- manifest ----

static void print_layer(FILE *out, const vectors_run *r, uint32_t k) {
  const eie_packed_layer *l = &r->packed->layers[k];
  static const char *const names[EIE_NUM_COUNTERS] = {"cycles",  "window",  "queue_full", "broadcasts",
                                                      "entries", "padding", "clamped",    "overflow"};
  fprintf(out, "    {\"name\": ");
  eie_manifest_string(out, l->name);
  fprintf(out, ", \"rows\": %" PRIu32 ", \"cols\": %" PRIu32 ", \"nnz\": %" PRIu32, l->rows, l->cols, l->nnz);
  fprintf(out, ", \"shift\": %" PRIu32 ", \"relu\": %" PRIu32, l->shift, l->relu);
  fprintf(out, ", \"weight_frac\": %" PRId32 ", \"in_frac\": %" PRId32 ", \"out_frac\": %" PRId32,
          l->weight_frac, l->in_frac, l->out_frac);
  fprintf(out, ", \"in_slots\": %" PRIu32 ", \"out_slots\": %" PRIu32, l->in_slots, l->out_slots);
  for (uint32_t c = 0; c < EIE_NUM_COUNTERS; c++)
    fprintf(out, ", \"%s\": %" PRIu64, names[c], r->sums[k * EIE_NUM_COUNTERS + c]);
  fprintf(out, "}%s\n", k + 1 < r->packed->n_layers ? "," : "");
}

static void print_manifest(FILE *out, const vectors_run *r, const eie_vectors *v) {
  const eie_packed *p = r->packed;
  fprintf(out, "{\n  \"format\": \"" VECTORS_FORMAT "\",\n  \"version\": %d,\n", VECTORS_VERSION);
  eie_manifest_config(out, &p->config);
  fprintf(out, "  \"dealing\": \"%s\",\n  \"seed\": \"%" PRIu64 "\",\n",
          p->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", p->seed);
  fprintf(out, "  \"input_frac\": %" PRId32 ",\n  \"all_visible\": %" PRIu32 ",\n", p->input_frac,
          p->all_visible);
  fprintf(out, "  \"loads\": %" PRIu32 ",\n  \"passes\": %" PRIu32 ",\n  \"inputs\": %" PRIu32 ",\n",
          p->n_loads, p->n_passes, r->count);
  fprintf(out,
          "  \"program_cycles\": %" PRIu64 ",\n  \"operations\": %" PRIu64 ",\n  \"compared\": %" PRIu64
          ",\n",
          r->program_cycles, v->operations, v->compared);
  fprintf(out, "  \"layers\": [\n");
  for (uint32_t k = 0; k < p->n_layers; k++) print_layer(out, r, k);
  fprintf(out, "  ],\n  \"files\": [\n");
  for (uint32_t k = 0; k < v->n_files; k++)
    fprintf(out, "    {\"name\": \"%s\", \"bytes\": %zu, \"crc32\": \"%08" PRIx32 "\"}%s\n", v->files[k].name,
            v->files[k].size, v->files[k].crc32, k + 1 < v->n_files ? "," : "");
  fprintf(out, "  ],\n");
}

eie_status vectors_add_manifest(const vectors_run *r, eie_vectors *v, eie_error *err) {
  vectors_text text;
  EIE_TRY(vectors_text_open(&text, err));
  print_manifest(text.out, r, v);
  if (fflush(text.out) == 0)
    fprintf(text.out, "  \"crc32\": \"%08" PRIx32 "\"\n}\n", vectors_crc32(text.text, text.size));
  return vectors_text_keep(&text, v, VECTORS_MANIFEST, EIE_VECTORS_TEXT, 0, err);
}
