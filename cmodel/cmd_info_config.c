// SPDX-License-Identifier: Apache-2.0
// eie info on a configuration: its parameters and what follows from them.
#include <stdio.h>

#include "cmd_info.h"
#include "eie_cli.h"
#include "eie_config.h"

static cJSON *make_json(const eie_config *c) {
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "kind", "configuration");
  cJSON_AddStringToObject(root, "name", c->name);
#define ADD(field, key, lo, hi, what) eie_json_add_u64(root, #key, c->field);
  EIE_CONFIG_PARAMETERS(ADD)
#undef ADD
  eie_json_add_u64(root, "entry_bits", eie_entry_w(c));
  eie_json_add_u64(root, "word_bits", eie_word_w(c));
  eie_json_add_u64(root, "pointer_bits", eie_ptr_w(c));
  return root;
}

static void print_text(const eie_config *c) {
  printf("configuration %s\n\n", c->name);
#define PRINT(field, key, lo, hi, what) printf("%-17s %7u  %s\n", #key, c->field, what);
  EIE_CONFIG_PARAMETERS(PRINT)
#undef PRINT
  double entries = (double)c->spmat_words * c->entries_per_word;
  printf("\nentry %u bits, Spmat word %u bits (%u parts on the bus), pointer %u bits\n", eie_entry_w(c),
         eie_word_w(c), eie_word_parts(c), eie_ptr_w(c));
  printf("holds %.0f entries and %.0f activations in %u PEs; %.1f Mbit of Spmat, %.1f Mbit of pointers\n",
         entries * c->n_pe, (double)c->act_slots * c->n_pe, c->n_pe,
         (double)c->spmat_words * eie_word_w(c) * c->n_pe / 1e6,
         (double)c->ptr_depth * eie_bank_w(c) * c->n_pe / 1e6);
}

int eie_info_config(const char *path, int json) {
  eie_error err;
  eie_config config;
  eie_status status = eie_config_read(path, &config, &err);
  if (status != EIE_OK) return eie_cli_fail("info", status, &err);
  if (json) return eie_cli_json("info", make_json(&config));
  print_text(&config);
  return 0;
}
