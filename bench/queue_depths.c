// SPDX-License-Identifier: Apache-2.0
// queue_depths uniform|uneven interleaved|balanced [LAYER ...]: the nine layers of the paper on pe64 with
// other queues: the cycles by the timing model, seed 1. One process packs a layer once for all depths. Prints
// JSON, an object a layer and depth. Series:
//   queue     2 to 256 places of work queue; ACT_QUEUE_DEPTH as it is in pe64
//   front32   2 to 64 places of activation queue before the 32 places of work queue
//   front4    the same before 4, from the round trip of a credit on: nearest to the paper's arrangement
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_gen.h"
#include "eie_predict.h"
#include "paper_layers.h"

enum { WORK_DEPTHS = 8, FRONT_DEPTHS = 12, ROUND_TRIP = 17, SHIFT = 14 };
static const uint32_t work_depths[WORK_DEPTHS] = {2, 4, 8, 16, 32, 64, 128, 256};
static const uint32_t front_depths[FRONT_DEPTHS] = {2, 4, 8, 12, 16, 17, 18, 19, 24, 32, 48, 64};

typedef struct {
  double uneven;
  eie_dealing dealing;
} setup;

typedef struct {
  eie_model model;
  eie_activations inputs;
  eie_packed packed;
  eie_compare_report report;
} work;

static eie_status prepare(const setup *s, const paper_layer *layer, work *w, eie_error *err) {
  const eie_gen_options options = {.rows = layer->rows,
                                   .cols = layer->cols,
                                   .density = layer->density,
                                   .act_density = layer->act_density,
                                   .uneven = s->uneven,
                                   .seed = 1,
                                   .count = 1,
                                   .relu = layer->relu,
                                   .shift = SHIFT,
                                   .codebook_size = 16};
  const eie_pack_options how = {.dealing = s->dealing, .seed = 1};
  eie_config config;
  EIE_TRY(eie_config_read("pe64", &config, err));
  EIE_TRY(eie_gen_model(&options, &w->model, err));
  EIE_TRY(eie_gen_activations(&options, &w->inputs, err));
  return eie_pack(&w->model, &config, &how, &w->packed, err);
}

// The packed layer does not depend on the queues: only the configuration that it carries is changed.
static eie_status predict(work *w, const paper_layer *layer, const char *series, uint32_t depth,
                          cJSON *layers, eie_error *err) {
  const eie_predict_job job = {.packed = &w->packed, .inputs = &w->inputs, .count = 1};
  EIE_TRY(eie_predict_run(&job, &w->report, err));
  const eie_compare_layer *sum = &w->report.sum;
  cJSON *object = cJSON_CreateObject();
  cJSON_AddItemToArray(layers, object);
  cJSON_AddStringToObject(object, "series", series);
  cJSON_AddNumberToObject(object, "depth", depth);
  cJSON_AddStringToObject(object, "name", layer->name);
  cJSON_AddNumberToObject(object, "useful", (double)sum->golden.useful);
  cJSON_AddNumberToObject(object, "entries", (double)sum->golden.entries);
  cJSON_AddNumberToObject(object, "cycles", (double)sum->cycles);
  cJSON_AddNumberToObject(object, "queue_full", (double)sum->queue_full);
  cJSON_AddNumberToObject(object, "ratio",
                          (double)sum->cycles * w->packed.config.n_pe / (double)sum->golden.useful);
  eie_compare_report_free(&w->report);
  return EIE_OK;
}

static eie_status sweep(work *w, const paper_layer *layer, cJSON *layers, eie_error *err) {
  eie_config *config = &w->packed.config;
  const eie_config own = *config;
  for (int i = 0; i < WORK_DEPTHS; i++) {
    config->queue_depth = work_depths[i];
    EIE_TRY(predict(w, layer, "queue", work_depths[i], layers, err));
  }
  for (int i = 0; i < FRONT_DEPTHS; i++) {
    config->act_queue_depth = front_depths[i];
    config->queue_depth = own.queue_depth;
    EIE_TRY(predict(w, layer, "front32", front_depths[i], layers, err));
    if (front_depths[i] < ROUND_TRIP) continue;
    config->queue_depth = 4;
    EIE_TRY(predict(w, layer, "front4", front_depths[i], layers, err));
  }
  return EIE_OK;
}

static eie_status run_layer(const setup *s, const paper_layer *layer, cJSON *layers, eie_error *err) {
  work w = {.model = {.n_layers = 0}};
  eie_status status = prepare(s, layer, &w, err);
  if (!status) status = sweep(&w, layer, layers, err);
  if (status) eie_error_prefix(err, "%s", layer->name);
  eie_compare_report_free(&w.report);
  eie_packed_free(&w.packed);
  eie_model_free(&w.model);
  eie_activations_free(&w.inputs);
  return status;
}

static int wanted(const char *name, int n, char **names) {
  for (int i = 0; i < n; i++)
    if (!strcmp(name, names[i])) return 1;
  return n == 0;
}

static int parse(int argc, char **argv, setup *s) {
  if (argc < 3) return 0;
  s->uneven = strcmp(argv[1], "uneven") ? 0 : 0.4;
  s->dealing = strcmp(argv[2], "balanced") ? EIE_DEAL_INTERLEAVED : EIE_DEAL_BALANCED;
  return (s->uneven > 0 || !strcmp(argv[1], "uniform")) &&
         (s->dealing == EIE_DEAL_BALANCED || !strcmp(argv[2], "interleaved"));
}

int main(int argc, char **argv) {
  setup s;
  if (!parse(argc, argv, &s)) {
    fprintf(stderr, "queue_depths: give uniform or uneven, interleaved or balanced, and layers if not all\n");
    return 2;
  }
  eie_error err = {""};
  eie_status status = EIE_OK;
  cJSON *root = cJSON_CreateObject(), *layers = cJSON_AddArrayToObject(root, "layers");
  for (int k = 0; k < PAPER_LAYERS && !status; k++)
    if (wanted(paper_layers[k].name, argc - 3, argv + 3))
      status = run_layer(&s, &paper_layers[k], layers, &err);
  if (!status && !cJSON_GetArraySize(layers))
    status = eie_fail(&err, EIE_ERR_USE, "no such layer: %s", argv[3]);
  char *text = cJSON_PrintUnformatted(root);
  if (status)
    fprintf(stderr, "queue_depths: %s\n", err.text);
  else
    puts(text);
  free(text);
  cJSON_Delete(root);
  return status ? eie_exit_code(status) : 0;
}
