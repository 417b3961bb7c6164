// SPDX-License-Identifier: Apache-2.0
// Prints one of three views of firmware/eie_registers.def: `gen_registers sv` the RTL's constants,
// `h` the C header, `md` the page docs/registers.md. Refuses a table that contradicts itself.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eie_version.h"

// One row of any of the tables; each table uses the members that its macro in the .def names.
typedef struct {
  const char *name, *access, *fields, *what;
  unsigned long value;  // index, offset, mask or code
  unsigned word, lsb, width;
} row;

typedef struct {
  const row *rows;
  size_t count;
} table;

// The six macros expand to nothing except the one that a table defines again for itself.
#define EIE_REGION(n, index, what)
#define EIE_REG(n, offset, access, fields, what)
#define EIE_BITS(n, mask, what)
#define EIE_DESC(n, word, lsb, width, what)
#define EIE_COUNTER(n, index, what)
#define EIE_FAULT(n, code, what)

#undef EIE_REGION
#define EIE_REGION(n, index, what) {#n, "", "", what, index, 0, 0, 0},
static const row regions[] = {
#include "eie_registers.def"
};
#undef EIE_REGION
#define EIE_REGION(n, index, what)

#undef EIE_REG
#define EIE_REG(n, offset, access, fields, what) {#n, #access, fields, what, offset, 0, 0, 0},
static const row registers[] = {
#include "eie_registers.def"
};
#undef EIE_REG
#define EIE_REG(n, offset, access, fields, what)

#undef EIE_BITS
#define EIE_BITS(n, mask, what) {#n, "", "", what, mask, 0, 0, 0},
static const row bits[] = {
#include "eie_registers.def"
};
#undef EIE_BITS
#define EIE_BITS(n, mask, what)

#undef EIE_DESC
#define EIE_DESC(n, word, lsb, width, what) {#n, "", "", what, word, word, lsb, width},
static const row descriptor[] = {
#include "eie_registers.def"
};
#undef EIE_DESC
#define EIE_DESC(n, word, lsb, width, what)

#undef EIE_COUNTER
#define EIE_COUNTER(n, index, what) {#n, "", "", what, index, 0, 0, 0},
static const row counters[] = {
#include "eie_registers.def"
};
#undef EIE_COUNTER
#define EIE_COUNTER(n, index, what)

#undef EIE_FAULT
#define EIE_FAULT(n, code, what) {#n, "", "", what, code, 0, 0, 0},
static const row faults[] = {
#include "eie_registers.def"
};

#define TABLE(array) ((table){(array), sizeof(array) / sizeof((array)[0])})

static unsigned bit_of(unsigned long mask) {
  unsigned n = 0;
  while (!(mask >> n & 1)) n++;
  return n;
}

static unsigned descriptor_words(void) {
  unsigned words = 0;
  for (size_t k = 0; k < TABLE(descriptor).count; k++)
    if (descriptor[k].word + 1 > words) words = descriptor[k].word + 1;
  return words;
}

static unsigned long id_word(void) {
  return strtoul(registers[0].fields, NULL, 0);
}

// ------------------------------------------------------------------ the checks

static int refuse(const char *name, const char *why) {
  fprintf(stderr, "eie_registers.def: %s: %s\n", name, why);
  return -1;
}

// Names must differ, and so must values unless `same_value` is allowed.
static int check_distinct(table t, int same_value) {
  for (size_t a = 0; a < t.count; a++)
    for (size_t b = 0; b < a; b++) {
      if (!strcmp(t.rows[a].name, t.rows[b].name)) return refuse(t.rows[a].name, "named twice");
      if (!same_value && t.rows[a].value == t.rows[b].value)
        return refuse(t.rows[a].name, "value used twice");
    }
  return 0;
}

// Indices must count 0, 1, 2 ... in the order of the file.
static int check_dense(table t) {
  for (size_t k = 0; k < t.count; k++)
    if (t.rows[k].value != k) return refuse(t.rows[k].name, "indices must count up from 0 without a gap");
  return check_distinct(t, 0);
}

static int check_registers(void) {
  table t = TABLE(registers);
  if (strcmp(t.rows[0].name, "ID") || !id_word()) return refuse("ID", "must come first, its fields the word");
  for (size_t k = 0; k < t.count; k++)
    if (t.rows[k].value % 4 || t.rows[k].value > 0xFFC) return refuse(t.rows[k].name, "no offset of a word");
  return check_distinct(t, 0);
}

static int check_descriptor(void) {
  unsigned long used[256] = {0};
  table t = TABLE(descriptor);
  for (size_t k = 0; k < t.count; k++) {
    const row *r = &t.rows[k];
    if (r->word > 255 || r->width < 1 || r->lsb + r->width > 32) return refuse(r->name, "outside its word");
    unsigned long mask = (r->width == 32 ? 0xFFFFFFFFul : (1ul << r->width) - 1) << r->lsb;
    if (used[r->word] & mask) return refuse(r->name, "overlaps another field");
    used[r->word] |= mask;
  }
  return check_distinct(t, 1);
}

static int check_all(void) {
  for (size_t k = 0; k < TABLE(bits).count; k++)
    if (!bits[k].value || bits[k].value & (bits[k].value - 1))
      return refuse(bits[k].name, "not a single bit");
  if (check_distinct(TABLE(bits), 1) || check_registers() || check_descriptor()) return -1;
  return check_dense(TABLE(regions)) || check_dense(TABLE(counters)) || check_dense(TABLE(faults)) ? -1 : 0;
}

// ------------------------------------------------------------------ SystemVerilog

// Prints prefix and name, "SEG0_START" as "Seg0Start".
static void print_camel(const char *prefix, const char *name) {
  fputs(prefix, stdout);
  for (int up = 1; *name; name++) {
    if (*name != '_') putchar(up ? toupper((unsigned char)*name) : tolower((unsigned char)*name));
    up = *name == '_';
  }
}

static void sv_int(const char *prefix, const char *name, const char *suffix, unsigned long value) {
  fputs("  localparam int ", stdout);
  print_camel(prefix, name);
  printf("%s = %lu;\n", suffix, value);
}

static void sv_table(const char *title, const char *prefix, table t) {
  printf("\n  // %s\n", title);
  for (size_t k = 0; k < t.count; k++) sv_int(prefix, t.rows[k].name, "", t.rows[k].value);
}

static void sv_registers(void) {
  printf("\n  // Byte offsets of the registers.\n");
  for (size_t k = 0; k < TABLE(registers).count; k++) {
    fputs("  localparam logic [11:0] ", stdout);
    print_camel("Reg", registers[k].name);
    printf(" = 12'h%03lX;\n", registers[k].value);
  }
}

static void sv_descriptor(void) {
  printf("\n  // Fields of a descriptor: 32-bit word, lowest bit, bits.\n");
  sv_int("DescWords", "", "", descriptor_words());
  for (size_t k = 0; k < TABLE(descriptor).count; k++) {
    sv_int("Desc", descriptor[k].name, "Word", descriptor[k].word);
    sv_int("Desc", descriptor[k].name, "Lsb", descriptor[k].lsb);
    sv_int("Desc", descriptor[k].name, "Width", descriptor[k].width);
  }
}

static void print_sv(void) {
  printf(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Constants of the address map. Printed by `make registers` from firmware/eie_registers.def:\n"
      "// change that file, not this one. What each means: docs/registers.md.\n"
      "`default_nettype none\n\n"
      "package eie_regs_pkg;\n\n"
      "  // What registers ID and VERSION read.\n");
  printf("  localparam logic [31:0] IdWord = 32'h%08lX;\n", id_word());
  printf("  localparam logic [31:0] VersionWord = 32'h%04X_%02X_%02X;  // %d.%d.%d\n", EIE_VERSION_MAJOR,
         EIE_VERSION_MINOR, EIE_VERSION_PATCH, EIE_VERSION_MAJOR, EIE_VERSION_MINOR, EIE_VERSION_PATCH);
  sv_table("Regions: the top field of an address.", "Region", TABLE(regions));
  sv_int("NumRegions", "", "", TABLE(regions).count);
  sv_registers();
  printf("\n  // Bit positions in CTRL, STATUS and IRQ_ENABLE.\n");
  for (size_t k = 0; k < TABLE(bits).count; k++) sv_int("Bit", bits[k].name, "", bit_of(bits[k].value));
  sv_descriptor();
  sv_table("Counters of a descriptor: index; two words each.", "Cnt", TABLE(counters));
  sv_int("NumCounters", "", "", TABLE(counters).count);
  sv_table("Fault codes.", "Fault", TABLE(faults));
  printf("\nendpackage\n\n`default_nettype wire\n");
}

// ------------------------------------------------------------------ C header

static void h_enum(const char *title, const char *prefix, table t, const char *format) {
  printf("// %s\nenum {\n", title);
  for (size_t k = 0; k < t.count; k++) {
    printf("  EIE_%s%s = ", prefix, t.rows[k].name);
    printf(format, t.rows[k].value);
    printf(",\n");
  }
}

// A list macro, so that tests and messages can go through a table: EIE_NAMES(X) X(name, value, text).
static void h_list(const char *macro, const char *columns, table t, int access) {
  printf("// %s(X) lists X(%s).\n#define %s(X)", macro, columns, macro);
  for (size_t k = 0; k < t.count; k++) {
    printf(" \\\n  X(%s, 0x%lX, ", t.rows[k].name, t.rows[k].value);
    if (access)
      printf("%s)", t.rows[k].access);
    else
      printf("\"%s\")", t.rows[k].what);
  }
  printf("\n\n");
}

static void h_descriptor(void) {
  printf("// Fields of a descriptor: 32-bit word, lowest bit, bits.\nenum {\n");
  printf("  EIE_DESC_WORDS = %u,\n", descriptor_words());
  for (size_t k = 0; k < TABLE(descriptor).count; k++) {
    const row *r = &descriptor[k];
    printf("  EIE_DESC_%s_WORD = %u, EIE_DESC_%s_LSB = %u, EIE_DESC_%s_WIDTH = %u,\n", r->name, r->word,
           r->name, r->lsb, r->name, r->width);
  }
  printf("};\n\n");
}

static void print_h(void) {
  printf(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Constants of the address map, for freestanding C. Printed by `make registers` from\n"
      "// firmware/eie_registers.def: change that file, not this one. What each means: docs/registers.md.\n"
      "#ifndef EIE_REGISTERS_H\n#define EIE_REGISTERS_H\n\n");
  printf("#define EIE_ID_WORD 0x%08lXu\n\n", id_word());
  h_enum("Regions: the top field of an address.", "REGION_", TABLE(regions), "%lu");
  printf("  EIE_NUM_REGIONS = %zu\n};\n\n", TABLE(regions).count);
  h_enum("Byte offsets of the registers.", "REG_", TABLE(registers), "0x%03lX");
  printf("};\n\n");
  h_enum("Bits of CTRL, STATUS and IRQ_ENABLE, as masks.", "", TABLE(bits), "0x%lX");
  printf("};\n\n");
  h_descriptor();
  h_enum("Counters of a descriptor: index; two words each.", "COUNTER_", TABLE(counters), "%lu");
  printf("  EIE_NUM_COUNTERS = %zu\n};\n\n", TABLE(counters).count);
  h_enum("Fault codes.", "FAULT_", TABLE(faults), "%lu");
  printf("  EIE_NUM_FAULTS = %zu\n};\n\n", TABLE(faults).count);
  h_list("EIE_REGISTERS", "name, offset, access: RO, RW or WO", TABLE(registers), 1);
  h_list("EIE_COUNTERS", "name, index, what it counts", TABLE(counters), 0);
  h_list("EIE_FAULTS", "name, code, what it says", TABLE(faults), 0);
  printf("#endif\n");
}

// ------------------------------------------------------------------ page

static void md_cell(const char *text) {
  fputs("| ", stdout);
  for (; *text; text++) {
    if (*text == '|') putchar('\\');
    putchar(*text);
  }
  putchar(' ');
}

static void md_addresses(void) {
  printf(
      "# Registers and address map\n\n"
      "Printed by `make registers` from [firmware/eie_registers.def](../firmware/eie_registers.def), which "
      "is\n"
      "also the source of `rtl/eie_regs_pkg.sv` and `firmware/eie_registers.h`; "
      "`tests/registers_current.sh`\n"
      "refuses a difference. Everything below is reached through one AXI4-Lite slave of 32 bits.\n\n"
      "## How to compute an address\n\n"
      "    byte address = region << region_shift | pe << pe_shift | word << 2\n\n"
      "The two shifts depend on the configuration: `pe_shift` leaves room for the longest memory of a PE,\n"
      "`region_shift` for all PEs. The registers are region 0, so their addresses are their offsets "
      "whatever\n"
      "the shifts are, and a host starts by reading register `ADDRESS` (0x%03lX):\n\n",
      registers[TABLE(registers).count - 1].value);
  printf(
      "    a            = read(ADDRESS)\n"
      "    pe_shift     = a & 0xFF\n"
      "    region_shift = a >> 8 & 0xFF\n"
      "    part_stride  = 1 << (a >> 16 & 0xF)     32-bit parts between two Spmat words\n\n"
      "For example, part 1 of Spmat word 10 of PE 3 is at\n"
      "`%lu << region_shift | 3 << pe_shift | (10 * part_stride + 1) << 2`.\n"
      "An access that meets no register or no memory word, or a write to what is read-only, answers SLVERR "
      "and\n"
      "changes nothing; while the array is busy only registers and counters can be read.\n",
      regions[4].value);
}

static void md_registers(void) {
  printf("\n## Registers\n\n| offset | name | access | fields | what |\n|---|---|---|---|---|\n");
  for (size_t k = 0; k < TABLE(registers).count; k++) {
    const row *r = &registers[k];
    printf("| 0x%03lX | `%s` | %s ", r->value, r->name, r->access);
    md_cell(r->fields);
    md_cell(r->what);
    printf("|\n");
  }
  printf("\nSingle bits by name:\n\n| name | bit |\n|---|---|\n");
  for (size_t k = 0; k < TABLE(bits).count; k++)
    printf("| `EIE_%s` | %u |\n", bits[k].name, bit_of(bits[k].value));
}

static void md_descriptor(void) {
  printf("\n## Descriptor\n\n%u words each.", descriptor_words());
  printf(" Bits that no field names are ignored.\n\n| word | bits | field | what |\n|---|---|---|---|\n");
  for (size_t k = 0; k < TABLE(descriptor).count; k++) {
    const row *r = &descriptor[k];
    if (r->width == 1)
      printf("| %u | [%u] | `%s` ", r->word, r->lsb, r->name);
    else
      printf("| %u | [%u:%u] | `%s` ", r->word, r->lsb + r->width - 1, r->lsb, r->name);
    md_cell(r->what);
    printf("|\n");
  }
}

static void md_table(const char *title, const char *text, const char *column, table t) {
  printf("\n## %s\n\n%s| %s | name | what |\n|---|---|---|\n", title, text, column);
  for (size_t k = 0; k < t.count; k++) {
    printf("| %lu | `%s` ", t.rows[k].value, t.rows[k].name);
    md_cell(t.rows[k].what);
    printf("|\n");
  }
}

static void print_md(void) {
  md_addresses();
  md_table("Regions", "", "region", TABLE(regions));
  md_registers();
  md_descriptor();
  md_table("Counters",
           "48 bits, stop at full scale; at TECH 2 (iCE40) 24 bits, read as 48: full scale is 16,777,215. "
           "Kept for each descriptor and written at its end.\n\n",
           "counter", TABLE(counters));
  md_table("Faults", "The code in register `FAULT`.\n\n", "code", TABLE(faults));
}

int main(int argc, char **argv) {
  const char *view = argc == 2 ? argv[1] : "";
  if (check_all()) return 1;
  if (!strcmp(view, "sv"))
    print_sv();
  else if (!strcmp(view, "h"))
    print_h();
  else if (!strcmp(view, "md"))
    print_md();
  else {
    fprintf(stderr, "usage: gen_registers sv|h|md\n");
    return 2;
  }
  if (fflush(stdout) || ferror(stdout)) {
    fprintf(stderr, "gen_registers: could not write the output\n");
    return 1;
  }
  return 0;
}
