// SPDX-License-Identifier: Apache-2.0
// The schedule of passes carries every activation to where it is read: a whole model run over one
// activation memory, as the driver does it, gives the outputs of the natural order.
#include "../cmodel/eie_golden.h"
#include "../cmodel/eie_pack_report.h"
#include "random_layers.h"

// The activation memory, full of rubbish at first, and what the host has of each layer's vectors.
typedef struct {
  const eie_packed *packed;
  int16_t *memory;   // [ACT_SLOTS * N]
  int16_t **vector;  // [n_layers + 1] packed order; vector[k] enters layer k
  uint8_t **known;   // [n_layers + 1][slots]: 1 where the host has vector[k]
} device;

static uint32_t slots_of(const eie_packed *packed, uint32_t k) {
  return k == packed->n_layers ? packed->layers[k - 1].out_slots : packed->layers[k].in_slots;
}

static device open_device(const eie_packed *packed) {
  const uint32_t n_pe = packed->config.n_pe, n = packed->n_layers + 1;
  const size_t bytes = (size_t)packed->config.act_slots * n_pe * 2;
  device d = {packed, malloc(bytes), calloc(n, sizeof *d.vector), calloc(n, sizeof *d.known)};
  memset(d.memory, 0x5a, bytes);
  for (uint32_t k = 0; k < n; k++) {
    d.vector[k] = calloc((size_t)slots_of(packed, k) * n_pe, 2);
    d.known[k] = calloc(slots_of(packed, k), 1);
  }
  return d;
}

static void close_device(device *d) {
  for (uint32_t k = 0; k <= d->packed->n_layers; k++) {
    free(d->vector[k]);
    free(d->known[k]);
  }
  free(d->memory);
  free(d->vector);
  free(d->known);
}

static void host_writes(device *d, const eie_pass *pass) {
  const uint32_t n_pe = d->packed->config.n_pe;
  assert_true(pass->host_in_slot + pass->host_in_slots <= d->packed->layers[pass->layer].in_slots);
  assert_true(pass->host_in_base + pass->host_in_slots <= d->packed->config.act_slots);
  for (uint32_t s = 0; s < pass->host_in_slots; s++) {
    assert_true(d->known[pass->layer][pass->host_in_slot + s]);  // the host must have it to write it
    memcpy(d->memory + (size_t)(pass->host_in_base + s) * n_pe,
           d->vector[pass->layer] + (size_t)(pass->host_in_slot + s) * n_pe, n_pe * 2);
  }
}

static void host_reads(device *d, const eie_pass *pass) {
  const uint32_t n_pe = d->packed->config.n_pe;
  for (uint32_t s = 0; s < pass->rows; s++) {
    memcpy(d->vector[pass->layer + 1] + (size_t)(pass->row_slot + s) * n_pe,
           d->memory + (size_t)(pass->out_base + s) * n_pe, n_pe * 2);
    d->known[pass->layer + 1][pass->row_slot + s] = 1;
  }
}

// Runs one pass from the memory to the memory.
static void run_pass(device *d, eie_golden *golden, uint32_t p) {
  const eie_pass *pass = &d->packed->passes[p];
  const uint32_t n_pe = d->packed->config.n_pe;
  const size_t in_n = (size_t)d->packed->layers[pass->layer].in_slots * n_pe;
  const size_t out_n = (size_t)d->packed->layers[pass->layer].out_slots * n_pe;
  int16_t *in = malloc(in_n * 2), *out = malloc(out_n * 2);
  eie_counters c;
  eie_error err = {""};
  memset(in, 0x33, in_n * 2);
  host_writes(d, pass);
  memcpy(in + (size_t)pass->col_slot * n_pe, d->memory + (size_t)pass->in_base * n_pe,
         (size_t)pass->col_slots * n_pe * 2);
  if (eie_golden_pass(golden, p, in, out, &c, NULL, &err) != EIE_OK) fail_msg("%s", err.text);
  if (pass->write_back) {
    memcpy(d->memory + (size_t)pass->out_base * n_pe, out + (size_t)pass->row_slot * n_pe,
           (size_t)pass->rows * n_pe * 2);
    if (pass->host_out || pass->layer + 1 == d->packed->n_layers) host_reads(d, pass);
  } else {
    assert_int_equal(pass->host_out, 0);
  }
  free(in);
  free(out);
}

// After the program every output is still at its place.
static void expect_all_visible(device *d) {
  const uint32_t n_pe = d->packed->config.n_pe;
  for (uint32_t p = 0; p < d->packed->n_passes; p++) {
    assert_int_equal(d->packed->passes[p].host_out, 0);
    if (d->packed->passes[p].write_back) host_reads(d, &d->packed->passes[p]);
  }
  for (uint32_t k = 1; k <= d->packed->n_layers; k++)
    for (uint32_t s = 0; s < slots_of(d->packed, k); s++) assert_int_equal(d->known[k][s], 1);
  for (uint32_t k = 1; k < d->packed->n_layers; k++)  // what layer k read is what is there at the end
    assert_memory_equal(d->vector[k],
                        d->memory + (size_t)d->packed->passes[0].in_base * n_pe +
                            ((size_t)slots_of(d->packed, 0)) * n_pe +
                            (k > 1 ? (size_t)slots_of(d->packed, 1) * n_pe : 0),
                        (size_t)slots_of(d->packed, k) * n_pe * 2);
}

static void expect_model_runs(const eie_model *model, const eie_packed *packed, const int16_t *in) {
  const uint32_t last = model->n_layers - 1, rows = model->layers[last].rows;
  int16_t *want = malloc(rows * 2), *got = malloc(rows * 2);
  eie_golden *golden;
  eie_error err;
  device d = open_device(packed);
  assert_int_equal(eie_golden_run(model, in, want, NULL, NULL, &err), EIE_OK);
  eie_packed_scatter(packed, 0, in, d.vector[0]);
  memset(d.known[0], 1, slots_of(packed, 0));
  assert_int_equal(eie_golden_open(packed, &golden, &err), EIE_OK);
  for (uint32_t p = 0; p < packed->n_passes; p++) run_pass(&d, golden, p);
  for (uint32_t s = 0; s < slots_of(packed, packed->n_layers); s++)
    assert_int_equal(d.known[packed->n_layers][s], 1);
  eie_packed_gather(packed, packed->n_layers, d.vector[packed->n_layers], got);
  assert_memory_equal(got, want, rows * 2);
  if (packed->all_visible) expect_all_visible(&d);
  eie_golden_close(golden);
  close_device(&d);
  free(want);
  free(got);
}

static void test_a_model_runs_through_one_activation_memory(void **state) {
  (void)state;
  eie_random r;
  uint32_t visible = 0, spilled = 0, reused = 0;
  eie_random_seed(&r, test_seed("activation memory", 31));
  for (uint32_t n = 0; n < 600; n++) {
    eie_config config = random_config(&r, n % 6, 1 + eie_random_below(&r, 4));
    const eie_pack_options options = {n / 6 % 2 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED, n};
    eie_model model;
    eie_packed packed;
    eie_error err = {""};
    config.acc_w = 32;
    random_model(&r, 3, 50, config.code_w, &model);
    if (eie_pack(&model, &config, &options, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
    int16_t *in = random_input(&r, model.layers[0].cols);
    expect_model_runs(&model, &packed, in);
    uint32_t read_back = 0;
    for (uint32_t p = 0; p < packed.n_passes; p++) read_back |= packed.passes[p].host_out;
    visible += packed.all_visible;
    spilled += read_back;
    reused += !read_back && !packed.all_visible;
    free(in);
    eie_packed_free(&packed);
    eie_model_free(&model);
  }
  assert_true(visible > 20 && spilled > 20 && reused > 5);  // each kind was met
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_model_runs_through_one_activation_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
