// SPDX-License-Identifier: Apache-2.0
// A packed model from a model file and a configuration, or from a packed directory.
#include "eie_packed_source.h"

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
  return eie_packed_read(s->path, packed, err);
}

static eie_status read_config(const eie_packed_source *s, eie_config *config, eie_error *err) {
  if (!s->config)
    return eie_fail(err, EIE_ERR_USE, "--config is missing: for which array is %s to be packed?", s->path);
  EIE_TRY(eie_config_read(s->config, config, err));
  if (!s->sets || s->sets->count == 0) return EIE_OK;
  for (uint32_t k = 0; k < s->sets->count; k++) EIE_TRY(eie_config_set(config, s->sets->items[k], err));
  return eie_config_check(config, err);
}

static eie_status pack_model(const eie_packed_source *s, eie_packed *packed, eie_model *model,
                             eie_error *err) {
  eie_config config;
  EIE_TRY(read_config(s, &config, err));
  EIE_TRY(eie_model_read(s->path, model, err));
  eie_status status = eie_pack(model, &config, &s->options, packed, err);
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
