// SPDX-License-Identifier: Apache-2.0
#include "eie_manifest_text.h"

#include <inttypes.h>

void eie_manifest_string(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') fputc('\\', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

void eie_manifest_config(FILE *out, const eie_config *config) {
  fprintf(out, "  \"config\": {\"name\": ");
  eie_manifest_string(out, config->name);
#define PRINT_PARAMETER(field, key, lo, hi, what) fprintf(out, ", \"%s\": %" PRIu32, #key, config->field);
  EIE_CONFIG_PARAMETERS(PRINT_PARAMETER)
#undef PRINT_PARAMETER
  fprintf(out, "},\n");
}
