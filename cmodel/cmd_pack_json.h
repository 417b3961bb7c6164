// SPDX-License-Identifier: Apache-2.0
// The report on a packed model as JSON; `eie pack --json` and `eie info DIR --json` print it.
#ifndef CMD_PACK_JSON_H
#define CMD_PACK_JSON_H

#include <cjson/cJSON.h>

#include "eie_pack_report.h"

// The caller deletes the result. Missing members mean that memory ran out.
cJSON *eie_pack_json(const eie_packed *packed, const eie_pack_report *report);

#endif
