// SPDX-License-Identifier: Apache-2.0
// points_csv LIST DIR FIGURE FIELD ...: the results of a figure's points (bench/points.sh) as CSV on stdout:
// a header, then one row a point and layer: the values of the point's keys, then the fields of the layer.
// ".FIELD" is a field of the whole result, the same in each of its rows; null becomes an empty place.
//
// A point without a result, a result without layers or without a field, and points of one figure with other
// keys are errors (exit 2): a figure is whole or is not drawn.
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_error.h"
#include "eie_file.h"

enum { LINE_SIZE = 1024, WORD_SIZE = 256, PATH_SIZE = 1024, LIMIT = 1 << 26 };

typedef struct {
  const char *dir, *figure;
  char **fields;
  int n_fields;
  char header[WORD_SIZE];  // the keys of the first point: "rows,depth"
  int n_points;
} job;

// "rows=uniform,depth=8" -> names "rows,depth" and values "uniform,8". EIE_ERR_INPUT without '='.
static eie_status split_keys(const char *keys, char *names, char *values, eie_error *err) {
  int in_value = 0;
  for (const char *c = keys; *c; c++) {
    if (*c == ',')
      in_value = 0, *names++ = ',', *values++ = ',';
    else if (*c == '=' && !in_value)
      in_value = 1;
    else if (in_value)
      *values++ = *c;
    else
      *names++ = *c;
  }
  *names = *values = 0;
  return in_value ? EIE_OK : eie_fail(err, EIE_ERR_INPUT, "'%s' is not KEY=VALUE,KEY=VALUE", keys);
}

static eie_status print_value(const cJSON *v, const char *field, eie_error *err) {
  if (cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble) && fabs(v->valuedouble) < 1e15)
    printf(",%.0f", v->valuedouble);
  else if (cJSON_IsNumber(v))
    printf(",%.9g", v->valuedouble);
  else if (cJSON_IsBool(v))
    printf(",%d", cJSON_IsTrue(v));
  else if (cJSON_IsNull(v))
    printf(",");
  else if (cJSON_IsString(v) && !strpbrk(v->valuestring, ",\"\n"))
    printf(",%s", v->valuestring);
  else
    return eie_fail(err, EIE_ERR_INPUT, "no field '%s' that fits a table", field);
  return EIE_OK;
}

static eie_status print_layers(const job *j, const cJSON *root, const char *values, eie_error *err) {
  const cJSON *layers = cJSON_GetObjectItem(root, "layers"), *layer = NULL;
  if (!cJSON_IsArray(layers) || !cJSON_GetArraySize(layers)) return eie_fail(err, EIE_ERR_INPUT, "no layers");
  cJSON_ArrayForEach(layer, layers) {
    printf("%s", values);
    for (int f = 0; f < j->n_fields; f++) {
      const char *field = j->fields[f];
      const cJSON *from = field[0] == '.' ? root : layer;
      EIE_TRY(print_value(cJSON_GetObjectItem(from, field + (field[0] == '.')), field, err));
    }
    printf("\n");
  }
  return EIE_OK;
}

static void print_header(const job *j) {
  printf("%s", j->header);
  for (int f = 0; f < j->n_fields; f++) printf(",%s", j->fields[f] + (j->fields[f][0] == '.'));
  printf("\n");
}

static eie_status print_point(job *j, const char *keys, eie_error *err) {
  char names[WORD_SIZE], values[WORD_SIZE], path[PATH_SIZE];
  EIE_TRY(split_keys(keys, names, values, err));
  if (!j->n_points++) {
    snprintf(j->header, sizeof j->header, "%s", names);
    print_header(j);
  } else if (strcmp(names, j->header)) {
    return eie_fail(err, EIE_ERR_INPUT, "point %s of %s has not the keys %s", keys, j->figure, j->header);
  }
  snprintf(path, sizeof path, "%s/%s.%s.json", j->dir, j->figure, keys);
  uint8_t *text = NULL;
  size_t size = 0;
  EIE_TRY(eie_file_read(path, LIMIT, &text, &size, err));
  cJSON *root = cJSON_ParseWithLength((const char *)text, size);
  free(text);
  eie_status status =
      root ? print_layers(j, root, values, err) : eie_fail(err, EIE_ERR_INPUT, "this is not JSON");
  if (status) eie_error_prefix(err, "%s", path);
  cJSON_Delete(root);
  return status;
}

static eie_status print_figure(job *j, FILE *list, eie_error *err) {
  char line[LINE_SIZE], figure[WORD_SIZE], keys[WORD_SIZE];
  while (fgets(line, sizeof line, list)) {
    if (!strchr(line, '\n') && !feof(list)) return eie_fail(err, EIE_ERR_INPUT, "a line is too long");
    if (sscanf(line, "%255s %255s", figure, keys) == 2 && !strcmp(figure, j->figure))
      EIE_TRY(print_point(j, keys, err));
  }
  return j->n_points ? EIE_OK : eie_fail(err, EIE_ERR_INPUT, "no point of figure '%s'", j->figure);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "points_csv: give LIST DIR FIGURE FIELD ...\n");
    return 2;
  }
  job j = {.dir = argv[2], .figure = argv[3], .fields = argv + 4, .n_fields = argc - 4};
  eie_error err = {""};
  FILE *list = fopen(argv[1], "r");
  eie_status status = list ? print_figure(&j, list, &err) : eie_fail(&err, EIE_ERR_IO, "it cannot be read");
  if (list) fclose(list);
  if (status) fprintf(stderr, "points_csv: %s: %s\n", argv[1], err.text);
  if (!status && (fflush(stdout) || ferror(stdout))) status = EIE_ERR_IO;
  return status ? eie_exit_code(status) : 0;
}
