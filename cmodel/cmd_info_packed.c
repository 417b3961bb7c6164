// SPDX-License-Identifier: Apache-2.0
// eie info on a packed directory: the report that `eie pack` gave when it made it.
#include <stdio.h>

#include "cmd_info.h"
#include "cmd_pack_json.h"
#include "eie_cli.h"

int eie_info_packed(const char *path, int json) {
  eie_error err;
  eie_packed packed;
  eie_pack_report report;
  eie_status status = eie_packed_read(path, &packed, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  status = eie_pack_report_make(&packed, &report, &err);
  if (status != EIE_OK) {
    eie_packed_free(&packed);
    return eie_cli_fail("info", status, &err);
  }
  int code = 0;
  if (json) code = eie_cli_json("info", eie_pack_json(&packed, &report));
  if (!json) eie_pack_report_print(&packed, &report, stdout);
  eie_pack_report_free(&report);
  eie_packed_free(&packed);
  return code;
}
