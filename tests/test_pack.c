// SPDX-License-Identifier: Apache-2.0
// The packer: what it packs is the layer, it keeps every limit, and it deals well.
#include "packed_decode.h"

// The layers as dense matrices of codes, filled from the images.
typedef struct {
  const eie_packed *packed;
  const eie_pass *pass;
  const eie_layer *layer;
  const uint32_t *row_of, *col_of;  // by place; UINT32_MAX where nothing is
  uint8_t *codes;                   // [rows][cols]
} decoded;

static void take_weight(void *user, uint32_t pe, uint32_t slot, uint32_t column, int16_t word,
                        uint32_t code) {
  decoded *d = user;
  const uint32_t n_pe = d->packed->config.n_pe;
  const uint32_t row = d->row_of[(d->pass->row_slot + slot) * n_pe + pe];
  const uint32_t col = d->col_of[d->pass->col_slot * n_pe + column];
  assert_true(row != UINT32_MAX && col != UINT32_MAX);
  assert_int_equal(d->codes[(size_t)row * d->layer->cols + col], 0);
  assert_int_equal(word, d->layer->codebook[code]);
  d->codes[(size_t)row * d->layer->cols + col] = (uint8_t)code;
}

// place -> natural number, from the map natural number -> place (NULL: identity).
static uint32_t *inverse(const uint32_t *place, uint32_t count, uint32_t places) {
  uint32_t *of = malloc(places * sizeof *of);
  assert_non_null(of);
  memset(of, 0xff, places * sizeof *of);
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t p = place ? place[i] : i;
    assert_true(p < places);
    assert_int_equal(of[p], UINT32_MAX);
    of[p] = i;
  }
  return of;
}

static void expect_layer(const eie_layer *layer, const uint8_t *codes) {
  uint32_t found = 0;
  for (size_t i = 0; i < (size_t)layer->rows * layer->cols; i++) found += codes[i] != 0;
  assert_int_equal(found, layer->nnz);
  for (uint32_t c = 0; c < layer->cols; c++)
    for (uint32_t e = layer->indptr[c]; e < layer->indptr[c + 1]; e++)
      assert_int_equal(codes[(size_t)layer->indices[e] * layer->cols + c], layer->codes[e]);
}

static void expect_bias(const eie_packed *packed, const eie_pass *pass, const uint32_t *row_of,
                        const eie_layer *layer, const pe_image *m, uint32_t pe) {
  for (uint32_t slot = 0; slot < pass->rows; slot++) {
    const uint32_t row = row_of[(pass->row_slot + slot) * packed->config.n_pe + pe];
    const uint32_t *at = m->pointer + pass->bias_base + 2 * (size_t)slot;
    assert_true(pass->bias_base + 2 * slot + 1 < m->n_pointer);
    assert_true(at[0] < 65536 && at[1] < 65536);
    assert_int_equal((int32_t)(at[1] << 16 | at[0]), row == UINT32_MAX ? 0 : layer->bias[row]);
  }
}

// Decodes all passes of layer k and compares with the model's layer.
static void expect_decodes(const eie_packed *packed, const eie_model *model, uint32_t k) {
  const eie_layer *layer = &model->layers[k];
  const uint32_t n_pe = packed->config.n_pe, in = packed->layers[k].in_slots * n_pe;
  uint32_t *row_of = inverse(packed->layers[k].row_place, layer->rows, packed->layers[k].out_slots * n_pe);
  uint32_t *col_of = inverse(k ? packed->layers[k - 1].row_place : NULL, layer->cols, in);
  decoded d = {packed, NULL, layer, row_of, col_of, calloc((size_t)layer->rows * layer->cols, 1)};
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    uint32_t words[8];
    if (packed->passes[p].layer != k) continue;
    d.pass = &packed->passes[p];
    eie_packed_descriptor(packed, p, words);
    for (uint32_t pe = 0; pe < n_pe; pe++) {
      pe_image m = read_image(packed, d.pass->load, pe);
      const uint32_t padding = decode_pass(&m, &packed->config, words, pe, take_weight, &d);
      assert_int_equal(padding, d.pass->padding[pe]);
      if (d.pass->write_back) expect_bias(packed, d.pass, row_of, layer, &m, pe);
      free_image(&m);
    }
  }
  expect_layer(layer, d.codes);
  free(d.codes);
  free(row_of);
  free(col_of);
}

// Every memory of every load within its size; regions of one load in order and apart.
static void expect_limits(const eie_packed *packed) {
  const eie_config *c = &packed->config;
  uint32_t ptr_end = 0, descriptors = 0, load = 0;
  uint32_t *entry_end = calloc(c->n_pe, sizeof *entry_end);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const eie_pass *pass = &packed->passes[p];
    if (pass->load != load) {
      assert_int_equal(pass->load, load + 1);
      load = pass->load;
      ptr_end = descriptors = 0;
      memset(entry_end, 0, c->n_pe * sizeof *entry_end);
    }
    assert_int_equal(pass->descriptor, descriptors++);
    assert_true(descriptors <= c->layers && pass->codebook < c->layers);
    assert_true(pass->rows >= 1 && pass->rows <= c->rows);
    assert_true(pass->ptr_base % 2 == 0 && pass->ptr_base >= ptr_end);
    ptr_end = pass->ptr_base + pass->col_slots * c->n_pe + 1;
    if (pass->write_back) {
      assert_true(pass->bias_base % 2 == 0 && pass->bias_base >= ptr_end);
      ptr_end = pass->bias_base + 2 * pass->rows;
      assert_true(pass->out_base + pass->rows <= c->act_slots);
    }
    assert_true(ptr_end <= c->ptr_depth);
    assert_true(pass->col_slots >= 1 && pass->in_base + pass->col_slots <= c->act_slots);
    for (uint32_t pe = 0; pe < c->n_pe; pe++) {
      assert_true(pass->first_entry[pe] % c->entries_per_word == 0);
      assert_true(pass->first_entry[pe] >= entry_end[pe]);
      entry_end[pe] = pass->first_entry[pe] + pass->n_entries[pe];
      assert_true(entry_end[pe] <= c->spmat_words * c->entries_per_word);
    }
  }
  assert_int_equal(packed->n_loads, load + 1);
  free(entry_end);
}

// Tiles in order: rows outermost, columns inside, the whole layer covered once.
static void expect_tiles_cover(const eie_packed *packed) {
  uint32_t p = 0;
  for (uint32_t k = 0; k < packed->n_layers; k++)
    for (uint32_t row = 0; row < packed->layers[k].out_slots;) {
      const uint32_t rows = packed->passes[p].rows;
      for (uint32_t col = 0; col < packed->layers[k].in_slots; p++) {
        const eie_pass *pass = &packed->passes[p];
        assert_true(p < packed->n_passes && pass->layer == k);
        assert_true(pass->row_slot == row && pass->rows == rows && pass->col_slot == col);
        assert_int_equal(pass->chain_first, col == 0);
        col += pass->col_slots;
        assert_int_equal(pass->write_back, col == packed->layers[k].in_slots);
      }
      row += rows;
    }
  assert_int_equal(p, packed->n_passes);
}

static eie_packed pack_or_fail(const eie_model *model, const eie_config *config, eie_dealing dealing) {
  eie_packed packed;
  eie_error err = {""};
  const eie_pack_options options = {dealing, 1};
  if (eie_pack(model, config, &options, &packed, &err) != EIE_OK) fail_msg("%s", err.text);
  return packed;
}

static void test_images_decode_to_the_layer(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("images decode to the layer", 11));
  for (uint32_t n = 0; n < 640; n++) {
    const uint32_t log2_pe = n % 9;
    const eie_config config = random_config(&r, log2_pe, eie_random_below(&r, 4));
    eie_model model;
    random_model(&r, between(&r, 1, 3), log2_pe > 5 && n % 5 ? 24 : 90, config.code_w, &model);
    eie_packed packed = pack_or_fail(&model, &config, n / 9 % 2 ? EIE_DEAL_BALANCED : EIE_DEAL_INTERLEAVED);
    expect_tiles_cover(&packed);
    expect_limits(&packed);
    if (packed.n_passes * config.n_pe < 20000)
      for (uint32_t k = 0; k < model.n_layers; k++) expect_decodes(&packed, &model, k);
    eie_packed_free(&packed);
    eie_model_free(&model);
  }
}

static uint64_t entry_cycles(const eie_packed *packed) {
  uint64_t sum = 0;
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    uint32_t fullest = 0;
    for (uint32_t pe = 0; pe < packed->config.n_pe; pe++)
      if (packed->passes[p].n_entries[pe] > fullest) fullest = packed->passes[p].n_entries[pe];
    sum += fullest;
  }
  return sum;
}

static void test_balanced_is_never_worse_than_interleaved(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, test_seed("balanced is never worse", 12));
  for (uint32_t n = 0; n < 120; n++) {
    const eie_config config = random_config(&r, n % 7, 1 + eie_random_below(&r, 4));
    eie_model model;
    random_model(&r, 1, 120, config.code_w, &model);
    eie_packed one = pack_or_fail(&model, &config, EIE_DEAL_INTERLEAVED);
    eie_packed two = pack_or_fail(&model, &config, EIE_DEAL_BALANCED);
    assert_true(entry_cycles(&two) <= entry_cycles(&one));
    eie_packed_free(&one);
    eie_packed_free(&two);
    eie_model_free(&model);
  }
}

static void test_interleaved_is_the_papers_rule(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 13);
  const eie_config config = random_config(&r, 3, 3);
  eie_model model;
  random_model(&r, 2, 60, config.code_w, &model);
  eie_packed packed = pack_or_fail(&model, &config, EIE_DEAL_INTERLEAVED);
  for (uint32_t row = 0; row < model.layers[0].rows; row++)
    assert_int_equal(packed.layers[0].row_place[row], row);  // place = slot * N + pe, with r mod N, r div N
  eie_packed_free(&packed);
  eie_model_free(&model);
}

static void test_packing_depends_on_nothing_but_its_inputs(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 14);
  const eie_config config = random_config(&r, 4, 4);
  eie_model model;
  random_model(&r, 1, 1, config.code_w, &model);
  eie_model_free(&model);
  model = (eie_model){.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  random_layer(&r, 300, 200, 0.1, 16, 16, &model.layers[0]);
  eie_packed one = pack_or_fail(&model, &config, EIE_DEAL_BALANCED);
  eie_packed two = pack_or_fail(&model, &config, EIE_DEAL_BALANCED);
  assert_memory_equal(one.layers[0].row_place, two.layers[0].row_place, 300 * sizeof(uint32_t));
  eie_packed_free(&one);
  eie_packed_free(&two);
  eie_model_free(&model);
}

// One row, one column at the given gap: its encoding, by hand.
static void expect_gap(uint32_t idx_w, uint32_t gap, uint32_t padding, uint32_t run) {
  eie_random r;
  eie_random_seed(&r, 15);
  eie_config config = random_config(&r, 0, 4);
  config.idx_w = idx_w;
  config.code_w = 4;
  config.rows = 4096;
  config.ptr_depth = 8192 * 2;
  config.spmat_words = 1024;
  config.act_slots = 4096;
  eie_model model = {.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  eie_layer *layer = model.layers;
  *layer = (eie_layer){.name = "gap", .rows = gap + 1, .cols = 1, .nnz = 1, .codebook_size = 16};
  eie_error err;
  assert_int_equal(eie_layer_alloc(layer, &err), EIE_OK);
  layer->indices[0] = gap;
  layer->codes[0] = 5;
  layer->indptr[1] = 1;
  eie_packed packed = pack_or_fail(&model, &config, EIE_DEAL_INTERLEAVED);
  assert_int_equal(packed.passes[0].n_entries[0], padding + 1);
  assert_int_equal(packed.passes[0].padding[0], padding);
  for (uint32_t e = 0; e < padding; e++)
    assert_int_equal(packed.passes[0].entries[0][e], ((1u << idx_w) - 1) << 4);
  assert_int_equal(packed.passes[0].entries[0][padding], run << 4 | 5);
  eie_packed_free(&packed);
  eie_model_free(&model);
}

static void test_long_gaps_become_padding(void **state) {
  (void)state;
  expect_gap(4, 0, 0, 0);
  expect_gap(4, 15, 0, 15);
  expect_gap(4, 16, 1, 0);
  expect_gap(4, 31, 1, 15);
  expect_gap(4, 32, 2, 0);
  expect_gap(6, 63, 0, 63);
  expect_gap(6, 64, 1, 0);
  expect_gap(8, 1000, 3, 1000 - 3 * 256);
}

static void test_codes_above_the_width_are_refused_with_the_remedy(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 16);
  eie_config config = random_config(&r, 1, 2);
  config.code_w = 4;
  eie_model model = {.n_layers = 1, .layers = calloc(1, sizeof(eie_layer))};
  random_layer(&r, 20, 20, 0.5, 256, 256, model.layers);
  model.layers[0].codes[0] = 16;
  eie_packed packed = {.n_layers = 77};
  eie_error err = {""};
  const eie_pack_options options = {EIE_DEAL_BALANCED, 1};
  assert_int_equal(eie_pack(&model, &config, &options, &packed, &err), EIE_ERR_FIT);
  assert_non_null(strstr(err.text, "CODE_W = 8"));
  assert_non_null(strstr(err.text, "layer 0"));
  assert_int_equal(packed.n_layers, 77);  // outputs unchanged
  for (uint32_t e = 0; e < model.layers[0].nnz; e++) model.layers[0].codes[e] = 1 + e % 15;
  assert_int_equal(eie_pack(&model, &config, &options, &packed, &err), EIE_OK);
  eie_packed_free(&packed);
  eie_model_free(&model);
}

static void test_scatter_and_gather_are_inverse(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 17);
  const eie_config config = random_config(&r, 3, 4);
  eie_model model;
  random_model(&r, 2, 70, config.code_w, &model);
  eie_packed packed = pack_or_fail(&model, &config, EIE_DEAL_BALANCED);
  for (uint32_t k = 0; k <= 2; k++) {
    const uint32_t n = k == 2 ? model.layers[1].rows : model.layers[k].cols;
    const uint32_t slots = k == 2 ? packed.layers[1].out_slots : packed.layers[k].in_slots;
    int16_t *in = random_input(&r, n), *back = calloc(n + 1, sizeof *back);
    int16_t *place = malloc((size_t)slots * config.n_pe * sizeof *place);
    eie_packed_scatter(&packed, k, in, place);
    eie_packed_gather(&packed, k, place, back);
    assert_memory_equal(in, back, n * sizeof *in);
    free(in);
    free(back);
    free(place);
  }
  eie_packed_free(&packed);
  eie_model_free(&model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_images_decode_to_the_layer),
      cmocka_unit_test(test_balanced_is_never_worse_than_interleaved),
      cmocka_unit_test(test_interleaved_is_the_papers_rule),
      cmocka_unit_test(test_packing_depends_on_nothing_but_its_inputs),
      cmocka_unit_test(test_long_gaps_become_padding),
      cmocka_unit_test(test_codes_above_the_width_are_refused_with_the_remedy),
      cmocka_unit_test(test_scatter_and_gather_are_inverse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
