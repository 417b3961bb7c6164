// SPDX-License-Identifier: Apache-2.0
// lockstep_speed MODEL INPUT CONFIG ROUNDS: what lock-step costs while the array runs (loading is not timed):
// processor time of the same program in the fast build and in lock-step, in turns, the best of ROUNDS. The
// model must fit in one load. docs/lockstep.md.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "device_bus.h"
#include "eie_golden.h"
#include "eie_image.h"
#include "eie_lockstep.h"
#include "eie_packed_source.h"
#include "eie_tensor.h"

enum { MOST_LAYERS = 16 };

typedef struct {
  eie_device *device;
  eie_driver driver;
  eie_device_bus bus;
  double best;      // seconds
  uint64_t cycles;  // clocked in that time
} runner;

static void must(eie_status status, const eie_error *err) {
  if (!status) return;
  fprintf(stderr, "lockstep_speed: %s\n", err->text);
  exit(1);
}

static void open_runner(runner *r, const eie_packed *packed, const eie_image *image, const eie_watch *watch) {
  eie_error err = {""};
  const eie_device_options options = {.seed = 1, .verbose = 1, .watch = watch};
  must(eie_device_open("verilator", &packed->config, &options, &r->device, &err), &err);
  must(eie_device_bus_open(&r->bus, r->device, &r->driver, &err), &err);
  must(eie_device_bus_check(&r->bus, eie_driver_check(&r->driver, image), &err), &err);
  must(eie_device_bus_check(&r->bus, eie_driver_load(&r->driver, image, 0), &err), &err);
}

static void run(runner *r, const eie_image *image, int16_t *const *vectors, eie_lockstep *lockstep) {
  eie_error err = {""};
  const uint64_t since = eie_device_cycles(r->device);
  const clock_t began = clock();
  if (lockstep) eie_lockstep_begin(lockstep, 0, 0, image->n_steps, vectors);
  eie_status status = eie_device_bus_check(
      &r->bus, eie_driver_run_program(&r->driver, image, 0, image->n_steps, vectors), &err);
  if (lockstep) status = eie_lockstep_end(lockstep, eie_device_cycles(r->device), status, &err);
  const double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
  must(status, &err);
  r->cycles = eie_device_cycles(r->device) - since;
  if (r->best == 0 || seconds < r->best) r->best = seconds;
}

static void golden_vectors(const eie_packed *packed, const int16_t *in, int16_t **vectors) {
  eie_error err = {""};
  eie_golden *golden = NULL;
  eie_counters c;
  for (uint32_t k = 0; k <= packed->n_layers; k++) {
    const uint32_t slots =
        k < packed->n_layers ? packed->layers[k].in_slots : packed->layers[k - 1].out_slots;
    vectors[k] = calloc((size_t)slots * packed->config.n_pe, sizeof **vectors);
    if (!vectors[k]) exit(1);
  }
  eie_packed_scatter(packed, 0, in, vectors[0]);
  must(eie_golden_open(packed, &golden, &err), &err);
  for (uint32_t p = 0; p < packed->n_passes; p++) {
    const uint32_t layer = packed->passes[p].layer;
    must(eie_golden_pass(golden, p, vectors[layer], vectors[layer + 1], &c, NULL, &err), &err);
  }
  eie_golden_close(golden);
}

int main(int argc, char **argv) {
  const eie_packed_source source = {.path = argc == 5 ? argv[1] : NULL,
                                    .config = argc == 5 ? argv[3] : NULL,
                                    .options = {.dealing = EIE_DEAL_BALANCED, .seed = 1}};
  eie_error err = {""};
  eie_packed packed;
  eie_model model = {0};
  eie_activations in;
  eie_packed_image image;
  eie_lockstep *lockstep = NULL;
  runner fast = {0}, step = {0};
  int16_t *vectors[MOST_LAYERS + 1];
  if (argc != 5) {
    fprintf(stderr, "lockstep_speed MODEL INPUT CONFIG ROUNDS\n");
    return 2;
  }
  must(eie_packed_source_read(&source, &packed, &model, &err), &err);
  must(eie_activations_read(argv[2], packed.layers[0].cols, packed.input_frac, &in, &err), &err);
  if (packed.n_loads != 1 || packed.n_layers > MOST_LAYERS) return 2;
  must(eie_packed_image_make(&packed, &image, &err), &err);
  golden_vectors(&packed, in.data, vectors);
  must(eie_lockstep_open(&packed, &lockstep, &err), &err);
  open_runner(&fast, &packed, &image.image, NULL);
  open_runner(&step, &packed, &image.image, eie_lockstep_watch(lockstep));
  for (int k = 0; k < atoi(argv[4]); k++) {
    run(&fast, &image.image, vectors, NULL);
    run(&step, &image.image, vectors, lockstep);
  }
  printf("%" PRIu64 " cycles: %.3f s, in lock-step %.3f s: %.2f times; %.0f and %.0f cycles a second\n",
         fast.cycles, fast.best, step.best, step.best / fast.best, (double)fast.cycles / fast.best,
         (double)step.cycles / step.best);
  eie_device_close(fast.device);
  eie_device_close(step.device);
  eie_lockstep_close(lockstep);
  eie_packed_image_free(&image);
  for (uint32_t k = 0; k <= packed.n_layers; k++) free(vectors[k]);
  eie_activations_free(&in);
  eie_packed_free(&packed);
  eie_model_free(&model);
  return 0;
}
