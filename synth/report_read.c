// SPDX-License-Identifier: Apache-2.0
// Reads the folder of a board: configuration, stat.json of Yosys, runs of nextpnr, netlist, times.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eie_board_text.h"
#include "eie_file.h"
#include "report.h"

enum { JSON_LIMIT = 1 << 28, TEXT_LIMIT = 1 << 16, PATH = 1200 };

eie_status report_read_json(const char *path, cJSON **root, eie_error *err) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  EIE_TRY(eie_file_read(path, JSON_LIMIT, &bytes, &size, err));
  cJSON *read = cJSON_Parse((const char *)bytes);
  free(bytes);
  if (!cJSON_IsObject(read)) {
    cJSON_Delete(read);
    return eie_fail(err, EIE_ERR_INPUT, "%s: not JSON, or not an object", path);
  }
  *root = read;
  return EIE_OK;
}

// "Yosys 0.70 (git ...)" -> "Yosys 0.70"
static void take_creator(const cJSON *stat, report *r) {
  const char *creator = cJSON_GetStringValue(cJSON_GetObjectItem(stat, "creator"));
  if (!creator) return;
  const char *bracket = strstr(creator, " (");
  const size_t n = bracket ? (size_t)(bracket - creator) : strlen(creator);
  snprintf(r->yosys, sizeof r->yosys, "%.*s", (int)(n > 60 ? 60 : n), creator);
}

static eie_status read_stat(report *r, eie_error *err) {
  char path[PATH];
  cJSON *stat = NULL;
  snprintf(path, sizeof path, "%s/stat.json", r->folder);
  EIE_TRY(report_read_json(path, &stat, err));
  const cJSON *kinds = cJSON_GetObjectItem(cJSON_GetObjectItem(stat, "design"), "num_cells_by_type"), *kind;
  uint64_t known = 0;
  cJSON_ArrayForEach(kind, kinds) {
    const report_kind k = report_kind_of(r->board.family, kind->string);
    if (!k.weight || !cJSON_IsNumber(kind) || kind->valuedouble < 0) continue;
    r->synthesised[k.resource] += k.weight * (uint64_t)kind->valuedouble;
    known++;
  }
  take_creator(stat, r);
  cJSON_Delete(stat);
  if (known) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT, "%s: no cell of family %s under design, num_cells_by_type", path,
                  eie_family_name(r->board.family));
}

// What nextpnr calls the resources; NULL: it does not tell.
static const char *packed_name(eie_family family, report_resource resource) {
  static const char *const names[EIE_NUM_FAMILIES][RES_NUM] = {
      [EIE_FAMILY_ECP5] = {"TRELLIS_COMB", "TRELLIS_FF", "DP16KD", NULL, "MULT18X18D"},
      [EIE_FAMILY_ICE40] = {"ICESTORM_LC", NULL, "ICESTORM_RAM", "ICESTORM_SPRAM", "ICESTORM_DSP"},
      [EIE_FAMILY_GOWIN] = {"LUT4", "DFF", "BSRAM", NULL, "MULT18X18"}};
  return names[family][resource];
}

static void take_used(report *r) {
  const cJSON *use = r->n_routed ? cJSON_GetObjectItem(r->seeds[r->best].report, "utilization") : NULL;
  for (int k = 0; k < RES_NUM; k++) {
    const char *name = packed_name(r->board.family, (report_resource)k);
    const cJSON *used = name ? cJSON_GetObjectItem(cJSON_GetObjectItem(use, name), "used") : NULL;
    r->used[k] = r->synthesised[k];
    if (!cJSON_IsNumber(used) || used->valuedouble < 0) continue;
    r->used[k] = (uint64_t)used->valuedouble;
    r->packed |= 1U << k;
  }
}

// A small text file that may be missing: "" then.
static eie_status read_text(const report *r, const char *file, char text[TEXT_LIMIT], eie_error *err) {
  char path[PATH];
  uint8_t *bytes = NULL;
  size_t size = 0;
  text[0] = 0;
  snprintf(path, sizeof path, "%s/%s", r->folder, file);
  if (access(path, F_OK) != 0) return EIE_OK;
  EIE_TRY(eie_file_read(path, TEXT_LIMIT - 1, &bytes, &size, err));
  memcpy(text, bytes, size + 1);
  free(bytes);
  return EIE_OK;
}

// seconds.txt, "yosys 123" a line.
static eie_status read_times(report *r, eie_error *err) {
  char text[TEXT_LIMIT], *save = NULL;
  EIE_TRY(read_text(r, "seconds.txt", text, err));
  for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    report_time t;
    char rest;
    if (sscanf(line, "%39s %lf %c", t.what, &t.seconds, &rest) != 2 || !(t.seconds >= 0))
      return eie_fail(err, EIE_ERR_INPUT, "%s/seconds.txt: \"%.40s\" is not a name and seconds", r->folder,
                      line);
    if (r->n_times < REPORT_TIMES) r->times[r->n_times++] = t;
  }
  return EIE_OK;
}

static eie_status read_versions(report *r, eie_error *err) {
  char text[TEXT_LIMIT], *save = NULL;
  EIE_TRY(read_text(r, "versions.txt", text, err));
  for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
    const size_t used = strlen(r->versions);
    char *bracket = strstr(line, " (git");  // Yosys goes on about its compiler
    if (bracket) *bracket = 0;
    snprintf(r->versions + used, sizeof r->versions - used, "%s%s", used ? ", " : "", line);
  }
  return EIE_OK;
}

static eie_status read_grade(report *r, eie_error *err) {
  const char *folder = getenv("EIE_BOARD_DIR");
  char path[PATH];
  eie_board_text text;
  snprintf(path, sizeof path, "%s/%s/board.cfg", folder && *folder ? folder : EIE_SOURCE_DIR "/synth/boards",
           r->board.name);
  EIE_TRY(eie_board_text_read(path, &text, err));
  return eie_board_text_copy(&text, "GRADE", 0, r->grade, sizeof r->grade, err);
}

static eie_status read_netlist(report *r, eie_error *err) {
  char path[PATH];
  snprintf(path, sizeof path, "%s/netlist.json", r->folder);
  if (access(path, F_OK) != 0) return EIE_OK;
  return report_read_netlist(path, r->board.family, &r->netlist, err);
}

// "NAME" of the folder's NAME.cfg, the configuration that was synthesised, beside its copy of board.cfg.
// Without one the folder is called like the board, and the configuration is the board's own.
static eie_status find_name(const report *r, char *name, size_t size, eie_error *err) {
  const char *slash = strrchr(r->folder, '/');
  uint32_t found = 0;
  snprintf(name, size, "%.*s", (int)size - 1, slash ? slash + 1 : r->folder);
  DIR *dir = opendir(r->folder);
  for (struct dirent *e; dir && (e = readdir(dir));) {
    const size_t n = strlen(e->d_name);
    if (n <= 4 || n - 4 >= size || strcmp(e->d_name + n - 4, ".cfg") || !strcmp(e->d_name, "board.cfg"))
      continue;
    snprintf(name, size, "%.*s", (int)(n - 4), e->d_name);
    found++;
  }
  if (dir) closedir(dir);
  if (found < 2) return EIE_OK;
  return eie_fail(err, EIE_ERR_INPUT, "%s: has more than one configuration", r->folder);
}

static eie_status read_board(report *r, eie_error *err) {
  char name[sizeof r->board.name], path[PATH];
  EIE_TRY(find_name(r, name, sizeof name, err));
  EIE_TRY(eie_board_read(name, &r->board, err));
  snprintf(path, sizeof path, "%s/%s.cfg", r->folder, name);
  return access(path, F_OK) == 0 ? eie_config_read(path, &r->board.config, err) : EIE_OK;
}

eie_status report_read(const char *folder, report *r, eie_error *err) {
  snprintf(r->folder, sizeof r->folder, "%s", folder);
  for (size_t n = strlen(r->folder); n > 1 && r->folder[n - 1] == '/';) r->folder[--n] = 0;
  EIE_TRY(read_board(r, err));
  EIE_TRY(read_grade(r, err));
  EIE_TRY(read_stat(r, err));
  EIE_TRY(report_read_seeds(r, err));
  take_used(r);
  EIE_TRY(read_times(r, err));
  EIE_TRY(read_versions(r, err));
  return read_netlist(r, err);
}

void report_free(report *r) {
  for (uint32_t k = 0; k < r->n_seeds; k++) cJSON_Delete(r->seeds[k].report);
  free(r->netlist.macros);
}
