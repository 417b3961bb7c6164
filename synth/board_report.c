// SPDX-License-Identifier: Apache-2.0
// synth_report build/synth/BOARD: what became of a board. Reads, in that folder, stat.json (Yosys),
// seedN.json and seedN.log (nextpnr; a seed with a log alone did not route), and where they are there
// netlist.json (of Yosys: cost by block, memories), seconds.txt ("yosys 123" a line) and versions.txt (a tool
// a line) and BOARD.cfg (the configuration that was synthesised; with it the folder may have any name); and
// the board's own files in synth/boards/BOARD ($EIE_BOARD_DIR/BOARD). Prints the report, and writes it there
// as report.txt, with summary.json.
//
// synth_report --table build/synth/BOARD...: the table of those boards, from summary.json, as Markdown.
//
// Exit status 2, with one sentence, when a file is missing or is not what it should be.
#include <stdlib.h>
#include <string.h>

#include "eie_file.h"
#include "report.h"

static eie_status write_files(const report *r, const char *text, size_t size, eie_error *err) {
  char path[1100];
  snprintf(path, sizeof path, "%s/report.txt", r->folder);
  EIE_TRY(eie_file_write(path, text, size, err));
  cJSON *root = report_summary(r);
  char *json = cJSON_Print(root);
  cJSON_Delete(root);
  if (!json) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the summary");
  snprintf(path, sizeof path, "%s/summary.json", r->folder);
  const eie_status status = eie_file_write(path, json, strlen(json), err);
  cJSON_free(json);
  return status;
}

static eie_status tell(const report *r, eie_error *err) {
  char *text = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&text, &size);
  if (!memory) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the report");
  report_print(r, memory);
  fclose(memory);
  const eie_status status = write_files(r, text, size, err);
  if (!status) fwrite(text, 1, size, stdout);
  free(text);
  return status;
}

static eie_status report_one(const char *folder, eie_error *err) {
  report *r = calloc(1, sizeof *r);
  if (!r) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the report");
  eie_status status = report_read(folder, r, err);
  if (!status) status = tell(r, err);
  report_free(r);
  free(r);
  return status;
}

static eie_status report_all(uint32_t n, char **folders, eie_error *err) {
  char *text = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&text, &size);
  if (!memory) return eie_fail(err, EIE_ERR_MEMORY, "no memory for the table");
  const eie_status status = report_table(n, folders, memory, err);
  fclose(memory);
  if (!status) fwrite(text, 1, size, stdout);
  free(text);
  return status;
}

int main(int argc, char **argv) {
  const int table = argc > 2 && strcmp(argv[1], "--table") == 0;
  if (!table && (argc != 2 || argv[1][0] == '-' || !argv[1][0])) {
    fprintf(stderr, "usage: synth_report build/synth/BOARD | synth_report --table build/synth/BOARD...\n");
    return 2;
  }
  eie_error err = {""};
  const eie_status status =
      table ? report_all((uint32_t)argc - 2, argv + 2, &err) : report_one(argv[1], &err);
  if (!status) return 0;
  fprintf(stderr, "synth_report: %s\n", err.text);
  return 2;
}
