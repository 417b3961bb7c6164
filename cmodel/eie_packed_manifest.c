// SPDX-License-Identifier: Apache-2.0
// Prints manifest.json: always the same text for the same packed model, so that the reader can print it
// again and compare.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "eie_manifest_text.h"
#include "eie_packed_parts.h"

static void print_layer(FILE *out, const eie_packed_layer *l) {
  fprintf(out, "    {\"name\": ");
  eie_manifest_string(out, l->name);
  fprintf(out, ", \"rows\": %" PRIu32 ", \"cols\": %" PRIu32 ", \"nnz\": %" PRIu32, l->rows, l->cols, l->nnz);
  fprintf(out, ", \"shift\": %" PRIu32 ", \"relu\": %" PRIu32, l->shift, l->relu);
  fprintf(out, ", \"weight_frac\": %" PRId32 ", \"in_frac\": %" PRId32 ", \"out_frac\": %" PRId32,
          l->weight_frac, l->in_frac, l->out_frac);
  fprintf(out, ", \"in_slots\": %" PRIu32 ", \"out_slots\": %" PRIu32, l->in_slots, l->out_slots);
  fprintf(out, ", \"worst_sum\": \"%" PRIu64 "\", \"overflow_possible\": %" PRIu32 "}", l->worst_sum,
          l->overflow_possible);
}

static void print_pass(FILE *out, const eie_pass *p, uint32_t n_pe) {
  uint64_t entries = 0, padding = 0;
  for (uint32_t pe = 0; pe < n_pe; pe++) {
    entries += p->n_entries[pe];
    padding += p->padding[pe];
  }
#define PRINT_FIELD(field) fprintf(out, ", \"%s\": %" PRIu32, #field, p->field)
  fprintf(out, "    {\"layer\": %" PRIu32, p->layer);
  PRINT_FIELD(row_slot);
  PRINT_FIELD(rows);
  PRINT_FIELD(col_slot);
  PRINT_FIELD(col_slots);
  PRINT_FIELD(chain_first);
  PRINT_FIELD(write_back);
  PRINT_FIELD(load);
  PRINT_FIELD(descriptor);
  PRINT_FIELD(in_base);
  PRINT_FIELD(out_base);
  PRINT_FIELD(ptr_base);
  PRINT_FIELD(bias_base);
  PRINT_FIELD(codebook);
  PRINT_FIELD(host_in_slot);
  PRINT_FIELD(host_in_slots);
  PRINT_FIELD(host_in_base);
  PRINT_FIELD(host_out);
#undef PRINT_FIELD
  fprintf(out, ", \"entries\": %" PRIu64 ", \"padding\": %" PRIu64 "}", entries, padding);
}

static void print_body(FILE *out, const eie_packed *packed, const eie_packed_sum *sums) {
  const uint64_t n_files = eie_packed_file_count(packed);
  fprintf(out, "{\n  \"format\": \"%s\",\n  \"version\": %d,\n", EIE_PACKED_FORMAT, EIE_PACKED_VERSION);
  eie_manifest_config(out, &packed->config);
  fprintf(out, "  \"dealing\": \"%s\",\n  \"seed\": \"%" PRIu64 "\",\n",
          packed->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved", packed->seed);
  if (packed->calibrated)
    fprintf(out, "  \"calibrated\": %" PRIu32 ",\n  \"calibration_crc32\": \"%08" PRIx32 "\",\n",
            packed->calibrated, packed->calibration_crc32);
  fprintf(out, "  \"input_frac\": %" PRId32 ",\n  \"all_visible\": %" PRIu32 ",\n  \"loads\": %" PRIu32 ",\n",
          packed->input_frac, packed->all_visible, packed->n_loads);
  fprintf(out, "  \"layers\": [\n");
  for (uint32_t k = 0; k < packed->n_layers; k++) {
    print_layer(out, &packed->layers[k]);
    fprintf(out, k + 1 < packed->n_layers ? ",\n" : "\n  ],\n  \"passes\": [\n");
  }
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    print_pass(out, &packed->passes[p], packed->config.n_pe);
    fprintf(out, p + 1 < packed->n_passes ? ",\n" : "\n  ],\n  \"files\": [\n");
  }
  for (uint64_t i = 0; i < n_files; i++) {
    char name[EIE_PACKED_NAME_SIZE];
    const eie_packed_file file = eie_packed_file_at(packed, i);
    eie_packed_file_name(&file, name);
    fprintf(out, "    {\"name\": \"%s\", \"bytes\": %" PRIu64 ", \"crc32\": \"%08" PRIx32 "\"}", name,
            sums[i].bytes, sums[i].crc32);
    fprintf(out, i + 1 < n_files ? ",\n" : "\n  ],\n");
  }
}

eie_status eie_packed_manifest(const eie_packed *packed, const eie_packed_sum *sums, char **text,
                               size_t *size, eie_error *err) {
  char *made = NULL;
  size_t made_size = 0;
  FILE *out = open_memstream(&made, &made_size);
  if (!out) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the manifest");
  print_body(out, packed, sums);
  const int flushed = fflush(out);
  if (flushed == 0)
    fprintf(out, "  \"crc32\": \"%08lx\"\n}\n", crc32_z(crc32_z(0, NULL, 0), (const Bytef *)made, made_size));
  if (fclose(out) != 0 || flushed != 0) {
    free(made);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the manifest");
  }
  *text = made;
  *size = made_size;
  return EIE_OK;
}
