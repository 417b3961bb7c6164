// SPDX-License-Identifier: Apache-2.0
// A packed model from a model file and a configuration, or from a packed directory.
#include "eie_packed_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int is_directory(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static eie_status read_packed(const eie_packed_source *s, eie_packed *packed, eie_error *err) {
  if (s->config)
    return eie_fail(err, EIE_ERR_USE,
                    "%s is a packed directory and has its configuration; leave --config out", s->path);
  if (s->sets && s->sets->count)
    return eie_fail(err, EIE_ERR_USE, "%s is a packed directory and has its configuration; leave --set out",
                    s->path);
  if (s->calibrate)
    return eie_fail(err, EIE_ERR_USE, "%s is a packed directory: its rows are dealt; leave --calibrate out",
                    s->path);
  return eie_packed_read(s->path, packed, err);
}

// "pe64" with QUEUE_DEPTH 8 is "pe64_QUEUE_DEPTH8": another array, whose simulation is another build. A
// name that would be too long ends in a number drawn from it.
static void name_changes(const eie_config *before, eie_config *config) {
  char name[512];
  size_t n = (size_t)snprintf(name, sizeof name, "%s", before->name);
#define EIE_CHANGE(field, key, lo, hi, what) \
  if (config->field != before->field)        \
    n += (size_t)snprintf(name + n, sizeof name - n, "_" #key "%" PRIu32, config->field);
  EIE_CONFIG_PARAMETERS(EIE_CHANGE)
#undef EIE_CHANGE
  if (n < sizeof config->name) {
    memcpy(config->name, name, n + 1);
    return;
  }
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < n; i++) hash = (hash ^ (uint8_t)name[i]) * 16777619u;
  snprintf(config->name, sizeof config->name, "%.50s_%08" PRIx32, before->name, hash);
}

eie_status eie_packed_source_config(const char *name, const eie_option_list *sets, eie_config *config,
                                    eie_error *err) {
  eie_config read;
  EIE_TRY(eie_config_read(name, &read, err));
  *config = read;
  for (uint32_t k = 0; sets && k < sets->count; k++) EIE_TRY(eie_config_set(config, sets->items[k], err));
  EIE_TRY(eie_config_check(config, err));
  name_changes(&read, config);
  return EIE_OK;
}

eie_status eie_packed_source_pack(const eie_model *model, const eie_config *config,
                                  const eie_pack_options *options, const char *calibrate, eie_packed *packed,
                                  eie_error *err) {
  if (!calibrate) return eie_pack(model, config, options, packed, err);
  eie_activations inputs;
  EIE_TRY(eie_activations_read(calibrate, model->layers[0].cols, model->input_frac, &inputs, err));
  const eie_status status = eie_pack_calibrated(model, config, options, &inputs, packed, err);
  eie_activations_free(&inputs);
  if (status) eie_error_prefix(err, "--calibrate %s", calibrate);
  return status;
}

static eie_status pack_model(const eie_packed_source *s, eie_packed *packed, eie_model *model,
                             eie_error *err) {
  eie_config config;
  if (!s->config)
    return eie_fail(err, EIE_ERR_USE, "--config is missing: for which array is %s to be packed?", s->path);
  EIE_TRY(eie_packed_source_config(s->config, s->sets, &config, err));
  EIE_TRY(eie_model_read(s->path, model, err));
  eie_status status = eie_packed_source_pack(model, &config, &s->options, s->calibrate, packed, err);
  if (!status) return EIE_OK;
  eie_model_free(model);
  eie_error_prefix(err, "%s", s->path);
  return status;
}

eie_status eie_packed_source_read(const eie_packed_source *s, eie_packed *packed, eie_model *model,
                                  eie_error *err) {
  memset(model, 0, sizeof *model);
  return is_directory(s->path) ? read_packed(s, packed, err) : pack_model(s, packed, model, err);
}
