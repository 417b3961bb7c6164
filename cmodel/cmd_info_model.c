// SPDX-License-Identifier: Apache-2.0
// eie info on a compressed model.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd_info.h"
#include "eie_cli.h"
#include "eie_model.h"

typedef struct {
  double density;
  uint32_t codes_used;
  double entropy;       // bits a weight
  int lowest, largest;  // of the shared weights in use, word 0 left out
  uint32_t empty_columns, empty_rows;
  uint64_t worst_sum;  // max over rows of sum |w| x 32768
} layer_facts;

static void count_codes(const eie_layer *l, layer_facts *f) {
  uint64_t uses[256] = {0};
  for (uint32_t i = 0; i < l->nnz; i++) uses[l->codes[i]]++;
  for (uint32_t code = 1; code < l->codebook_size; code++) {
    if (!uses[code]) continue;
    double p = (double)uses[code] / l->nnz;
    f->entropy -= p * log2(p);
    if (!f->codes_used || l->codebook[code] < f->lowest) f->lowest = l->codebook[code];
    if (!f->codes_used || l->codebook[code] > f->largest) f->largest = l->codebook[code];
    f->codes_used++;
  }
}

static eie_status sum_rows(const eie_layer *l, layer_facts *f, eie_error *err) {
  uint64_t *sum = calloc(l->rows, sizeof *sum);
  uint8_t *used = calloc(l->rows, sizeof *used);
  if (sum && used) {
    for (uint32_t i = 0; i < l->nnz; i++) {
      sum[l->indices[i]] += (uint64_t)labs(l->codebook[l->codes[i]]) * 32768;
      used[l->indices[i]] = 1;
    }
    for (uint32_t r = 0; r < l->rows; r++) {
      if (sum[r] > f->worst_sum) f->worst_sum = sum[r];
      f->empty_rows += !used[r];
    }
  }
  int bad = !sum || !used;
  free(sum);
  free(used);
  return bad ? eie_fail(err, EIE_ERR_MEMORY, "not enough memory to look at layer %s", l->name) : EIE_OK;
}

static eie_status find_facts(const eie_layer *l, layer_facts *f, eie_error *err) {
  *f = (layer_facts){.density = (double)l->nnz / l->rows / l->cols};
  count_codes(l, f);
  for (uint32_t c = 0; c < l->cols; c++) f->empty_columns += l->indptr[c + 1] == l->indptr[c];
  return sum_rows(l, f, err);
}

static int overflow_possible(const layer_facts *f) {
  return f->worst_sum > INT32_MAX;
}

static void print_layer(const eie_model *m, uint32_t k, const layer_facts *f) {
  const eie_layer *l = &m->layers[k];
  printf("\nlayer %u, %s: %u x %u (rows x columns)%s\n", k, l->name, l->rows, l->cols,
         l->relu ? ", ReLU" : "");
  printf("  weights     %u, density %.2f %%; %u empty columns, %u empty rows\n", l->nnz, 100 * f->density,
         f->empty_columns, f->empty_rows);
  printf(
      "  codebook    %u of %u shared weights in use, %d to %d; %d bits a code, entropy %.2f bits a weight\n",
      f->codes_used, l->codebook_size - 1, f->lowest, f->largest, l->codebook_size == 16 ? 4 : 8, f->entropy);
  printf("  fraction    input %d + weight %d - shift %u = output %d bits\n", eie_model_frac(m, k),
         l->weight_frac, l->shift, eie_model_frac(m, k + 1));
  printf("  largest sum %" PRIu64 ": a 32-bit accumulator %s\n", f->worst_sum,
         overflow_possible(f) ? "can overflow with some inputs" : "cannot overflow");
}

static cJSON *layer_json(const eie_model *m, uint32_t k, const layer_facts *f) {
  const eie_layer *l = &m->layers[k];
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "name", l->name);
  eie_json_add_u64(o, "rows", l->rows);
  eie_json_add_u64(o, "cols", l->cols);
  eie_json_add_u64(o, "weights", l->nnz);
  cJSON_AddNumberToObject(o, "density", f->density);
  eie_json_add_u64(o, "empty_columns", f->empty_columns);
  eie_json_add_u64(o, "empty_rows", f->empty_rows);
  eie_json_add_u64(o, "codebook_size", l->codebook_size);
  eie_json_add_u64(o, "codes_used", f->codes_used);
  cJSON_AddNumberToObject(o, "lowest_weight", f->lowest);
  cJSON_AddNumberToObject(o, "largest_weight", f->largest);
  cJSON_AddNumberToObject(o, "entropy_bits", f->entropy);
  cJSON_AddNumberToObject(o, "input_frac", eie_model_frac(m, k));
  cJSON_AddNumberToObject(o, "weight_frac", l->weight_frac);
  eie_json_add_u64(o, "shift", l->shift);
  cJSON_AddNumberToObject(o, "output_frac", eie_model_frac(m, k + 1));
  cJSON_AddBoolToObject(o, "relu", l->relu != 0);
  eie_json_add_u64(o, "worst_sum", f->worst_sum);
  cJSON_AddBoolToObject(o, "overflow_possible", overflow_possible(f));
  return o;
}

static void print_text(const char *path, const eie_model *m, const layer_facts *facts) {
  uint64_t weights = 0;
  for (uint32_t k = 0; k < m->n_layers; k++) weights += m->layers[k].nnz;
  printf("%s: compressed model, %u layer%s, %u -> %u, %" PRIu64 " weights\n", path, m->n_layers,
         m->n_layers == 1 ? "" : "s", m->layers[0].cols, m->layers[m->n_layers - 1].rows, weights);
  for (uint32_t k = 0; k < m->n_layers; k++) print_layer(m, k, &facts[k]);
}

static cJSON *make_json(const eie_model *m, const layer_facts *facts) {
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "kind", "model");
  cJSON_AddNumberToObject(root, "input_frac", m->input_frac);
  cJSON *layers = cJSON_AddArrayToObject(root, "layers");
  for (uint32_t k = 0; k < m->n_layers; k++) cJSON_AddItemToArray(layers, layer_json(m, k, &facts[k]));
  return root;
}

int eie_info_model(const char *path, int json) {
  eie_error err;
  eie_model model;
  eie_status status = eie_model_read(path, &model, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  layer_facts *facts = calloc(model.n_layers, sizeof *facts);
  if (!facts) status = eie_fail(&err, EIE_ERR_MEMORY, "%s: not enough memory to look at it", path);
  for (uint32_t k = 0; k < model.n_layers && status == EIE_OK; k++)
    status = find_facts(&model.layers[k], &facts[k], &err);
  int code = eie_cli_fail("info", status, &err);
  if (status == EIE_OK && json) code = eie_cli_json("info", make_json(&model, facts));
  if (status == EIE_OK && !json) print_text(path, &model, facts);
  free(facts);
  eie_model_free(&model);
  return code;
}
