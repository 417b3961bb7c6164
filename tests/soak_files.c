// SPDX-License-Identifier: Apache-2.0
// A case as a folder: the model, the inputs, the configuration as `eie` reads them, and the rest as words.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "eie_file.h"
#include "soak_case.h"

static eie_status write_text(const char *dir, const char *name, const char *text, eie_error *err) {
  char path[700];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return eie_file_write(path, text, strlen(text), err);
}

static eie_status write_config(const char *dir, const eie_config *c, eie_error *err) {
  char text[1000], name[100];
  size_t n = 0;
#define SOAK_LINE(field, key, lo, hi, what) \
  n += (size_t)snprintf(text + n, sizeof text - n, #key " = %u\n", c->field);
  EIE_CONFIG_PARAMETERS(SOAK_LINE)
#undef SOAK_LINE
  snprintf(name, sizeof name, "%s.cfg", c->name);
  return write_text(dir, name, text, err);
}

static eie_status write_words(const char *dir, const soak_case *c, eie_error *err) {
  char text[4000];
  size_t n = 0;
  n += (size_t)snprintf(text, sizeof text, "config %s\ndealing %s\nseed %llu\nstalls %llu\nrepeats %u\n",
                        c->config.name, c->dealing == EIE_DEAL_BALANCED ? "balanced" : "interleaved",
                        (unsigned long long)c->seed, (unsigned long long)c->stalls, c->repeats);
  for (uint32_t k = 0; k < c->n_actions; k++)
    n += (size_t)snprintf(text + n, sizeof text - n, "action %s program %u cycle %u pick %u\n",
                          soak_kind_name(c->actions[k].kind), c->actions[k].program, c->actions[k].cycle,
                          c->actions[k].pick);
  return write_text(dir, "case.txt", text, err);
}

eie_status soak_case_write(const char *dir, const soak_case *c, eie_error *err) {
  char path[700];
  if (mkdir(dir, 0777) && errno != EEXIST)
    return eie_fail(err, EIE_ERR_IO, "%s: cannot be made: %s", dir, strerror(errno));
  snprintf(path, sizeof path, "%s/model.safetensors", dir);
  EIE_TRY(eie_model_write(path, &c->model, err));
  snprintf(path, sizeof path, "%s/x.npy", dir);
  EIE_TRY(eie_activations_write(path, &c->inputs, err));
  EIE_TRY(write_config(dir, &c->config, err));
  return write_words(dir, c, err);
}

// ---- reading -------------------------------------------------------------------------------------

static int read_action(const char *line, soak_case *c) {
  char name[32];
  soak_action a = {SOAK_KINDS, 0, 0, 0};
  if (sscanf(line, "action %31s program %u cycle %u pick %u", name, &a.program, &a.cycle, &a.pick) != 4)
    return -1;
  for (int k = 0; k < SOAK_KINDS; k++)
    if (!strcmp(name, soak_kind_name((soak_kind)k))) a.kind = (soak_kind)k;
  if (a.kind == SOAK_KINDS || c->n_actions == SOAK_MOST_ACTIONS) return -1;
  c->actions[c->n_actions++] = a;
  return 0;
}

static int read_line(const char *line, soak_case *c) {
  char word[64];
  unsigned long long number;
  if (sscanf(line, "config %63s", word) == 1)
    return snprintf(c->config.name, sizeof c->config.name, "%s", word) < 0;
  if (sscanf(line, "dealing %63s", word) == 1) {
    c->dealing = strcmp(word, "balanced") ? EIE_DEAL_INTERLEAVED : EIE_DEAL_BALANCED;
    return strcmp(word, "balanced") && strcmp(word, "interleaved");
  }
  if (sscanf(line, "seed %llu", &number) == 1) return c->seed = number, 0;
  if (sscanf(line, "stalls %llu", &number) == 1) return c->stalls = number, 0;
  if (sscanf(line, "repeats %u", &c->repeats) == 1) return c->repeats < 1 || c->repeats > 100;
  return read_action(line, c);
}

static eie_status read_words(const char *dir, soak_case *c, eie_error *err) {
  char path[700];
  uint8_t *bytes = NULL;
  size_t size = 0;
  uint32_t number = 0;
  snprintf(path, sizeof path, "%s/case.txt", dir);
  EIE_TRY(eie_file_read(path, 1 << 16, &bytes, &size, err));
  eie_status status = EIE_OK;
  for (char *line = strtok((char *)bytes, "\n"); line && !status; line = strtok(NULL, "\n"), number++)
    if (read_line(line, c))
      status = eie_fail(err, EIE_ERR_INPUT, "%s: line %u is not of a case", path, number + 1);
  free(bytes);
  if (!status && (!c->config.name[0] || strchr(c->config.name, '/') || !c->repeats))
    status = eie_fail(err, EIE_ERR_INPUT, "%s: no configuration or no repeats", path);
  return status;
}

static eie_status read_parts(const char *dir, soak_case *c, eie_error *err) {
  char path[800];
  EIE_TRY(read_words(dir, c, err));
  snprintf(path, sizeof path, "%s/%s.cfg", dir, c->config.name);
  EIE_TRY(eie_config_read(path, &c->config, err));
  snprintf(path, sizeof path, "%s/model.safetensors", dir);
  EIE_TRY(eie_model_read(path, &c->model, err));
  snprintf(path, sizeof path, "%s/x.npy", dir);
  return eie_activations_read(path, c->model.layers[0].cols, c->model.input_frac, &c->inputs, err);
}

eie_status soak_case_read(const char *dir, soak_case *c, eie_error *err) {
  memset(c, 0, sizeof *c);
  const eie_status status = read_parts(dir, c, err);
  if (status) soak_case_free(c);
  return status;
}
