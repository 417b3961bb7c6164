// SPDX-License-Identifier: Apache-2.0
// The save file, line by line. GTKWave finds a vector only by its name with its range, so widths are worked
// out here as eie_pkg does.
#include "wave_save.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eie_file.h"
#include "lockstep_probes.h"

// Of GTKWave: how a trace is shown.
enum {
  HEX = 0x22,
  BITS = 0x28,
  DECIMAL = 0x24,
  SIGNED = 0x424,
  FIXED = 0x40000424,
  BEGIN = 0x800200,
  END = 0x1000200
};

typedef enum {
  W1,
  W4,
  W7,
  W16,
  W32,
  CREDIT,
  PLACE,
  PTR,
  DIFF,
  ACT_COUNT,
  WORK_COUNT,
  RUN,
  CODE,
  ENTRY,
  ARITH_SLOT,
  ROW,
  ACC,
  ACT_SLOT
} width;
typedef enum { AS_BIT, AS_BITS, AS_NUMBER, AS_HEX, AS_INTEGER, AS_IN, AS_WEIGHT, AS_SUM, AS_OUT } look;

typedef struct {
  const char *name;  // below eie_top, or after a dot below the PE; without a width: the heading of a group
  width width;
  look look;
} line;

static const line lines[] = {
    {"Clock", W1, AS_BIT},
    {"clk_i", W1, AS_BIT},
    {"irq_o", W1, AS_BIT},
    {"Broadcast", W1, AS_BIT},
    {"u_ccu.state_q", W7, AS_BITS},
    {"u_ccu.pe_layer_start_o", W1, AS_BIT},
    {"u_ccu.fire_o", W1, AS_BIT},
    {"u_ccu.full_o", W1, AS_BIT},
    {"u_ccu.credits_q", CREDIT, AS_NUMBER},
    {"u_array.col_valid_i", W1, AS_BIT},
    {"u_array.col_wb_i", W1, AS_BIT},
    {"u_array.col_place_i", PLACE, AS_NUMBER},
    {"u_array.value_valid", W1, AS_BIT},
    {".val_i", W16, AS_IN},
    {"Pointer read", W1, AS_BIT},
    {".u_ptr_read.d_valid_q", W1, AS_BIT},
    {".u_ptr_read.d_first_q", PTR, AS_NUMBER},
    {".u_ptr_read.d_count", DIFF, AS_NUMBER},
    {".u_ptr_read.u_act_queue.count_q", ACT_COUNT, AS_NUMBER},
    {".u_ptr_read.head_valid_q", W1, AS_BIT},
    {".u_ptr_read.credit_o", W1, AS_BIT},
    {"Work queue", W1, AS_BIT},
    {".u_sequencer.item_valid_i", W1, AS_BIT},
    {".u_sequencer.item_ready_o", W1, AS_BIT},
    {".u_sequencer.item_first_i", PTR, AS_NUMBER},
    {".u_sequencer.u_work_queue.count_q", WORK_COUNT, AS_NUMBER},
    {"Sequencer", W1, AS_BIT},
    {".u_sequencer.valid_q", W1, AS_BIT},
    {".u_sequencer.entry_q", PTR, AS_NUMBER},
    {".u_sequencer.first_q", W1, AS_BIT},
    {".u_sequencer.left_q", ROW, AS_NUMBER},
    {".u_sequencer.act_q", W16, AS_IN},
    {"Spmat", W1, AS_BIT},
    {".u_spmat.entry_valid_q", W1, AS_BIT},
    {".u_spmat.entry_index_q", PTR, AS_NUMBER},
    {".u_spmat.entry_q", ENTRY, AS_HEX},
    {".g_full.u_arith.entry_run_i", RUN, AS_NUMBER},
    {".g_full.u_arith.entry_code_i", CODE, AS_NUMBER},
    {"Arithmetic", W1, AS_BIT},
    {".g_full.u_arith.valid4_q", W1, AS_BIT},
    {".g_full.u_arith.slot4_q", ARITH_SLOT, AS_NUMBER},
    {".g_full.u_arith.hit5_q", W4, AS_BITS},
    {".g_full.u_arith.index5_q", PTR, AS_NUMBER},
    {".g_full.u_arith.weight5", W16, AS_WEIGHT},
    {".g_full.u_arith.act5", W16, AS_IN},
    {".g_full.u_arith.near7_q", W1, AS_BIT},
    {".g_full.u_arith.product7", W32, AS_SUM},
    {".g_full.u_arith.operand", ACC, AS_SUM},
    {".g_full.u_arith.valid8_q", W1, AS_BIT},
    {".g_full.u_arith.slot8_q", ROW, AS_NUMBER},
    {".g_full.u_arith.sum8_q", ACC, AS_SUM},
    {"Write-back", W1, AS_BIT},
    {".g_full.u_arith.wb7_q", W1, AS_BIT},
    {".g_full.u_arith.slot7_q", ROW, AS_NUMBER},
    {".g_full.u_arith.wb_acc_o", ACC, AS_SUM},
    {".u_ptr_read.bias_o", W32, AS_SUM},
    {".u_write_back.act_we_o", W1, AS_BIT},
    {".u_write_back.slot_q", ACT_SLOT, AS_NUMBER},
    {".u_write_back.act6_q", W16, AS_OUT},
};

static uint32_t larger(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

static uint32_t bits_of(width w, const eie_config *c) {
  const uint32_t ptr = eie_clog2(c->spmat_words * c->entries_per_word + 1), count = eie_clog2(c->rows + 1);
  switch (w) {
    case W4:
      return 4;
    case W7:
      return 7;
    case W16:
      return 16;
    case W32:
      return 32;
    case CREDIT:
      return eie_clog2(c->act_queue_depth + 1);
    case PLACE:
      return eie_index_w(c->ptr_depth);
    case PTR:
      return ptr;
    case DIFF:
      return larger(ptr, count) + 1;
    case ACT_COUNT:
      return eie_clog2(larger(c->act_queue_depth - 1, 2) + 1);
    case WORK_COUNT:
      return eie_clog2(c->queue_depth + 1);
    case RUN:
      return c->idx_w;
    case CODE:
      return c->code_w;
    case ENTRY:
      return c->code_w + c->idx_w;
    case ARITH_SLOT:
      return eie_clog2(c->rows + (1u << c->idx_w) + 1);
    case ROW:
      return eie_index_w(c->rows);
    case ACC:
      return c->acc_w;
    case ACT_SLOT:
      return eie_index_w(c->act_slots);
    default:
      return 1;
  }
}

static int is_heading(const line *l) {
  return l->name[0] >= 'A' && l->name[0] <= 'Z';
}

// Binary point of a number, 0 for an integer; *flags tells GTKWave how to show it.
static int32_t look_of(const line *l, const eie_wave_view *v, unsigned *flags) {
  static const unsigned plain[] = {BITS, BITS, DECIMAL, HEX, SIGNED};
  int32_t frac = 0;
  if (l->look == AS_IN) frac = v->in_frac;
  if (l->look == AS_WEIGHT) frac = v->weight_frac;
  if (l->look == AS_SUM) frac = v->in_frac + v->weight_frac;
  if (l->look == AS_OUT) frac = v->out_frac;
  *flags = l->look <= AS_INTEGER ? plain[l->look] : frac > 0 ? FIXED : SIGNED;
  return frac > 0 ? frac : 0;
}

static void print_signal(FILE *f, const line *l, const eie_wave_view *v) {
  char pe[EIE_PATH_SIZE];
  unsigned flags;
  const uint32_t bits = bits_of(l->width, v->config);
  const int32_t frac = look_of(l, v, &flags);
  lockstep_pe_path(v->pe, pe, sizeof pe);
  fprintf(f, "@%x\n", flags);
  if (frac) fprintf(f, "[fpshift_count] %d\n", frac);
  // Verilator puts the pins of eie_top into a scope of their own around it.
  fprintf(f, "%seie_top.%s%s", strcmp(v->engine, "verilator") ? "" : "eie_top.", l->name[0] == '.' ? pe : "",
          l->name);
  if (l->width == W1)
    fprintf(f, "\n");
  else
    fprintf(f, "[%u:0]\n", bits - 1);
}

static void print_lines(FILE *f, const eie_wave_view *v) {
  const char *open = NULL;
  for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++) {
    if (!is_heading(&lines[k])) {
      print_signal(f, &lines[k], v);
      continue;
    }
    if (open) fprintf(f, "@%x\n-%s\n", END, open);
    open = lines[k].name;
    fprintf(f, "@%x\n-%s\n", BEGIN, open);
  }
  if (open) fprintf(f, "@%x\n-%s\n", END, open);
}

static void print_save(FILE *f, const eie_wave_view *v) {
  const uint64_t begin = v->from ? v->from * EIE_WAVE_UNITS - 1 : 0;
  const double shown = v->to ? (double)(v->to - v->from + 1) * EIE_WAVE_UNITS : 400;
  char here[4096];
  const int known = v->wave[0] != '/' && getcwd(here, sizeof here);
  fprintf(f, "[*] eie sim, PE %u\n[dumpfile] \"%s%s%s\"\n", v->pe, known ? here : "", known ? "/" : "",
          v->wave);
  fprintf(f, "[timestart] %" PRIu64 "\n[size] 1600 1000\n", begin);
  // Zoom is the negative logarithm of the time in 200 pixels; then the cursor and 26 named markers, unset.
  fprintf(f, "*%f", -log2(shown / 6));
  if (v->cursor)
    fprintf(f, " %" PRIu64, v->cursor * EIE_WAVE_UNITS - 1);
  else
    fprintf(f, " -1");
  for (int k = 0; k < 26; k++) fprintf(f, " -1");
  fprintf(f, "\n");
  print_lines(f, v);
  fprintf(f, "[pattern_trace] 1\n[pattern_trace] 0\n");
}

eie_status eie_wave_save(const char *path, const eie_wave_view *view, eie_error *err) {
  char *text = NULL;
  size_t size = 0;
  FILE *f = open_memstream(&text, &size);
  if (!f) return eie_fail(err, EIE_ERR_MEMORY, "no memory for a save file");
  print_save(f, view);
  const int bad = ferror(f);
  eie_status status = fclose(f) || bad ? eie_fail(err, EIE_ERR_MEMORY, "no memory for a save file")
                                       : eie_file_write(path, text, size, err);
  free(text);
  return status;
}
