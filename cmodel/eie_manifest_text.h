// SPDX-License-Identifier: Apache-2.0
// What the manifests of packed directories and of vector sets print alike.
#ifndef EIE_MANIFEST_TEXT_H
#define EIE_MANIFEST_TEXT_H

#include <stdio.h>

#include "eie_config.h"

// Printable ASCII as a JSON string.
void eie_manifest_string(FILE *out, const char *text);

// The line `  "config": {...},` with the name and every parameter.
void eie_manifest_config(FILE *out, const eie_config *config);

#endif
