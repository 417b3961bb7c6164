// SPDX-License-Identifier: Apache-2.0
// The README of a vector set: what a stranger needs who has the RTL and this directory.
#include <inttypes.h>

#include "vectors_text.h"

static void print_what(FILE *out, const vectors_run *r) {
  const eie_packed *p = r->packed;
  fprintf(out,
          "# Vectors for the EIE array\n\n"
          "Inputs: %" PRIu32 "; layers: %" PRIu32 "; passes: %" PRIu32 "; loads: %" PRIu32
          ". For the configuration `%s`. Made by `eie vectors`: the same\n"
          "arguments make the same bytes, and `eie vectors --check DIR` says whether this directory is still "
          "what was made.\n\n",
          r->count, p->n_layers, p->n_passes, p->n_loads, p->config.name);
  fprintf(out,
          "| layer | rows | columns | weights | shift | ReLU | cycles, all inputs "
          "|\n|---|---|---|---|---|---|---|\n");
  for (uint32_t k = 0; k < p->n_layers; k++) {
    const eie_packed_layer *l = &p->layers[k];
    fprintf(out,
            "| %" PRIu32 " `%s` | %" PRIu32 " | %" PRIu32 " | %" PRIu32 " | %" PRIu32 " | %s | %" PRIu64
            " |\n",
            k, l->name, l->rows, l->cols, l->nnz, l->shift, l->relu ? "yes" : "no",
            r->sums[k * EIE_NUM_COUNTERS + EIE_COUNTER_CYCLES]);
  }
}

static void print_parameters(FILE *out, const eie_config *c, const char *before) {
#define PRINT_PARAMETER(field, key, lo, hi, what) fprintf(out, " %s%s=%" PRIu32, before, #key, c->field);
  EIE_CONFIG_PARAMETERS(PRINT_PARAMETER)
#undef PRINT_PARAMETER
}

static void print_simulators(FILE *out, const eie_config *c) {
  fprintf(out,
          "\n## In a simulator\n\n"
          "`tb/replay_tb.sv` of the EIE sources plays this directory; it is plain SystemVerilog without any "
          "C. From the\n"
          "root of the sources, with DIR for this directory:\n\n"
          "    iverilog -g2012 -Irtl -s replay_tb -o replay.vvp \\\n     ");
  print_parameters(out, c, "-Preplay_tb.");
  fprintf(
      out,
      " \\\n      rtl/*_pkg.sv $(ls rtl/*.sv | grep -v _pkg) tb/replay_tb.sv\n"
      "    vvp -N replay.vvp +dir=DIR\n\n"
      "    verilator --binary --timing --assert -Wno-fatal -Irtl --top-module replay_tb -o replay \\\n     ");
  print_parameters(out, c, "-G");
  fprintf(out,
          " \\\n      rtl/*_pkg.sv $(ls rtl/*.sv | grep -v _pkg) tb/replay_tb.sv\n"
          "    obj_dir/replay +dir=DIR\n\n"
          "The last line begins with `REPLAY PASS`; anything else, and an exit status that is not 0, is a "
          "failure. The\n"
          "first difference ends the run: line of the script, address, expected and got, what it was. "
          "Another simulator\n"
          "needs the same files and parameters. `+nocheck=1` plays files whose checksums are wrong.\n");
}

static void print_files(FILE *out, const vectors_run *r) {
  fprintf(
      out,
      "\n## Files\n\n"
      "| file | what |\n|---|---|\n"
      "| `script.txt` | what to do on the bus, a line an operation |\n"
      "| `inputs.hex` | the inputs, one after the other: %" PRIu32
      " activations each, 4 digits, a line each |\n"
      "| `layer<K>.outputs.hex` | the outputs of layer K in the same form, `out_slots` x N_PE lines an input "
      "|\n"
      "| `counters.hex` | every counter that the script compares, 32 bits a line, in the script's order |\n"
      "| `image/` | the memories, one `$readmemh` file each, and how rows lie in them "
      "(`layer<K>.places.hex`) |\n"
      "| `manifest.json` | all parameters, layers, sums of the counters, size and CRC-32 of every file |\n\n"
      "Activation i of a vector is in PE i mod N_PE, slot i div N_PE. Output row r of layer K is activation\n"
      "`places[r]` of its vector, line r of `image/layer<K>.places.hex`; places without a row are 0.\n",
      vectors_run_places(r->packed, 0));
}

static void print_script(FILE *out) {
  fprintf(out,
          "\n## The script\n\n"
          "Addresses, data, masks and checksums are 8 hexadecimal digits, everything else is decimal. After "
          "`#` a line\n"
          "is for people. Reset the array, then play the lines in order; every access is 32 bits wide and "
          "answers OKAY.\n\n"
          "| line | what |\n|---|---|\n"
          "| `v VERSION` | version of this format: 1 |\n"
          "| `f NUMBER KIND DIGITS BYTES CRC32 NAME` | file NUMBER; each of its lines has DIGITS digits |\n"
          "| `n CYCLES` | let cycles pass |\n"
          "| `w ADDRESS DATA` | write |\n"
          "| `r ADDRESS DATA MASK` | read; (value and MASK) must be DATA |\n"
          "| `p ADDRESS DATA MASK LIMIT` | read until (value and MASK) is DATA, at most LIMIT times; else it "
          "failed |\n"
          "| `W ADDRESS STRIDE COUNT FILE FIRST SLOT` | write words FIRST .. FIRST + COUNT - 1 of a file; "
          "word k to "
          "ADDRESS + k x STRIDE |\n"
          "| `R ADDRESS STRIDE COUNT FILE FIRST SLOT` | read as many; each must be the file's |\n"
          "| `e OPERATIONS COMPARED CRC32` | the end: lines n to R played, words compared, CRC-32 of all "
          "lines above |\n\n"
          "SLOT is the slot of the layer's vector where a burst of activations begins. The words of a file, "
          "by its KIND:\n\n"
          "| KIND | word k |\n|---|---|\n"
          "| `w` | line k |\n"
          "| `a` | line k, 16 bits: written with zeros above, read back sign-extended |\n"
          "| `s` | with P = 32-bit parts of a line (rounded up) and S = P rounded up to a power of two: part "
          "k mod S "
          "(0: lowest 32 bits) of line k div S, 0 from part P on |\n"
          "| `e` | line k div 2 of this file, and of the next one when k is odd |\n"
          "| `-`, `o` | the script does not name it |\n\n"
          "CRC-32 is that of zlib, gzip and PNG. The manifest's own covers all bytes before its line.\n");
}

eie_status vectors_add_readme(const vectors_run *r, eie_vectors *v, eie_error *err) {
  vectors_text text;
  EIE_TRY(vectors_text_open(&text, err));
  print_what(text.out, r);
  print_simulators(text.out, &r->packed->config);
  print_files(text.out, r);
  print_script(text.out);
  return vectors_text_keep(&text, v, VECTORS_README, EIE_VECTORS_TEXT, 0, err);
}
