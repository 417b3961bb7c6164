// SPDX-License-Identifier: Apache-2.0
// The table of probes.
#include "lockstep_probes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLUSTER = 8, NAMES = 1 + EIE_PROBE_VALUES };  // CLUSTER: eie_pkg::ClusterSize

// Valid, then values; below eie_top or below a PE.
static const char *const names[EIE_STAGES][NAMES] = {
    [EIE_STAGE_LAUNCH] = {"u_ccu.pe_layer_start_o", "u_ccu.running_o", "u_ccu.descriptor_o"},
    [EIE_STAGE_COLUMN] = {"u_array.col_valid_i", "u_array.col_wb_i", "u_array.col_place_i"},
    [EIE_STAGE_VALUE] = {"u_array.value_valid", "u_array.rdata_root"},
    [EIE_STAGE_POINTERS] = {"u_ptr_read.d_valid_q", "u_ptr_read.d_first_q", "u_ptr_read.d_count"},
    [EIE_STAGE_ENTRY] = {"g_full.u_arith.valid5_q", "g_full.u_arith.index5_q", "g_full.u_arith.slot5_q",
                         "g_full.u_arith.weight5", "g_full.u_arith.act5", "g_full.u_arith.outside5_q"},
    [EIE_STAGE_UPDATE] = {"g_full.u_arith.valid8_q", "g_full.u_arith.slot8_q", "g_full.u_arith.sum8_q"},
    [EIE_STAGE_READ_OUT] = {"g_full.u_arith.wb7_q", "g_full.u_arith.slot7_q", "g_full.u_arith.wb_acc_o",
                            "u_ptr_read.bias_o"},
    [EIE_STAGE_WRITE_BACK] = {"u_write_back.act_we_o", "u_write_back.slot_q", "u_write_back.act6_q"},
};

void lockstep_pe_path(uint32_t pe, char *text, size_t size) {
  snprintf(text, size, "u_array.g_cluster[%u].g_pe[%u].u_pe", pe / CLUSTER, pe % CLUSTER);
}

static void fill(lockstep_probes *p, uint32_t probe) {
  char(*path)[EIE_PATH_SIZE] = &p->paths[(size_t)probe * NAMES];
  char below[EIE_PATH_SIZE / 2] = "";
  uint32_t pe;
  const eie_stage stage = lockstep_stage_of(probe, &pe);
  if (pe != UINT32_MAX) lockstep_pe_path(pe, below, sizeof below);
  for (uint32_t k = 0; k < NAMES && names[stage][k]; k++) {
    snprintf(path[k], EIE_PATH_SIZE, "%s%s%s", below, below[0] ? "." : "", names[stage][k]);
    if (k == 0)
      p->probes[probe].valid = path[0];
    else
      p->probes[probe].value[k - 1] = path[k];
  }
}

eie_status lockstep_probes_make(const eie_config *config, lockstep_probes *p, eie_error *err) {
  p->count = EIE_STAGES_OF_ARRAY + config->n_pe * EIE_STAGES_OF_PE;
  p->probes = calloc(p->count, sizeof *p->probes);
  p->paths = calloc((size_t)p->count * NAMES, sizeof *p->paths);
  if (!p->probes || !p->paths) {
    lockstep_probes_free(p);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the probes of %u PEs", config->n_pe);
  }
  for (uint32_t k = 0; k < p->count; k++) fill(p, k);
  return EIE_OK;
}

void lockstep_probes_free(lockstep_probes *p) {
  free(p->probes);
  free(p->paths);
  memset(p, 0, sizeof *p);
}
