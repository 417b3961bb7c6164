// SPDX-License-Identifier: Apache-2.0
// One beat a cycle, and the way there and back once an access of any number of beats, and a cycle for the
// turn where a read comes behind a write or the other way round (docs/host.md).
#include "predict_bus.h"

#include <stdlib.h>
#include <string.h>

#include "eie_image.h"

enum {
  WRITE_DELAY = 5,   // first beat offered to last response taken, one beat not counted
  READ_DELAY = 11,   // of a memory of the PEs, without the levels of the tree over them
  REGION_SHIFT = 29  // addresses of no array: the region is all that is looked at
};

typedef struct {
  eie_driver driver;
  uint32_t status;      // what STATUS reads as
  uint32_t read_delay;  // of this array
  int writing;          // the access before was a write
  uint64_t cycles[EIE_NUM_REGIONS];
  predicted_words words[EIE_NUM_REGIONS];
} counting_bus;

static void count_words(counting_bus *b, uint32_t address, uint32_t count) {
  b->words[address >> REGION_SHIFT].words += count;
  b->words[address >> REGION_SHIFT].runs++;
}

static uint32_t turn_of_bus(counting_bus *b, int writing) {
  const uint32_t cycles = b->writing != writing;
  b->writing = writing;
  return cycles;
}

static int count_read_many(void *context, uint32_t address, uint32_t stride, uint32_t *data, uint32_t count) {
  counting_bus *b = context;
  (void)stride;
  b->cycles[address >> REGION_SHIFT] += count + b->read_delay + turn_of_bus(b, 0);
  count_words(b, address, count);
  memset(data, 0, count * sizeof *data);
  return 0;
}

static int count_write_many(void *context, uint32_t address, uint32_t stride, const uint32_t *data,
                            uint32_t count) {
  counting_bus *b = context;
  (void)stride;
  (void)data;
  b->cycles[address >> REGION_SHIFT] += count + WRITE_DELAY + turn_of_bus(b, 1);
  count_words(b, address, count);
  return 0;
}

static int count_read(void *context, uint32_t address, uint32_t *data) {
  counting_bus *b = context;
  *data = address == EIE_REG_STATUS ? b->status : 0;
  (void)turn_of_bus(b, 0);
  count_words(b, address, 1);
  return 0;
}

static int count_write(void *context, uint32_t address, uint32_t data) {
  (void)data;
  (void)turn_of_bus(context, 1);
  count_words(context, address, 1);
  return 0;
}

// A link asks once whether the interrupt line is high, which takes no word.
static int count_wait(void *context, uint32_t limit) {
  (void)limit;
  count_words(context, 0, 0);
  return 0;
}

static void open_bus(counting_bus *b, const eie_packed *packed, const eie_image *image) {
  const uint32_t levels = (eie_clog2(packed->config.n_pe) + 1) / 2;  // children of a node: four
  memset(b, 0, sizeof *b);
  b->driver.bus = (eie_bus){b, count_read, count_write, count_read_many, count_write_many, count_wait};
  memcpy(b->driver.parameter, image->parameter, sizeof b->driver.parameter);
  b->driver.region_shift = REGION_SHIFT;
  b->read_delay = READ_DELAY + levels;
  b->writing = 1;  // the driver's last access before it loads enables the interrupt
}

static uint64_t take_cycles(counting_bus *b) {
  uint64_t sum = 0;
  for (uint32_t k = 0; k < EIE_NUM_REGIONS; k++) sum += b->cycles[k];
  memset(b->cycles, 0, sizeof b->cycles);
  return sum;
}

static predicted_words take_words(counting_bus *b, int (*counts)(uint32_t region)) {
  predicted_words sum = {0, 0};
  for (uint32_t k = 0; k < EIE_NUM_REGIONS; k++)
    if (counts(k)) sum.words += b->words[k].words, sum.runs += b->words[k].runs;
  memset(b->words, 0, sizeof b->words);
  return sum;
}

static int any_region(uint32_t region) {
  (void)region;
  return 1;
}

// What is not a part of a load.
static int io_region(uint32_t region) {
  return region == EIE_REGION_ACTIVATION || region == EIE_REGION_REGISTER;
}

static eie_driver_status run_once(counting_bus *b, const eie_image *image, int16_t *const *vectors,
                                  predicted_bus *bus) {
  eie_driver_status status = EIE_DRIVER_OK;
  for (uint32_t load = image->n_loads; load-- > 0 && !status;)
    status = eie_driver_load(&b->driver, image, load);
  bus->load = take_cycles(b);
  bus->load_words = take_words(b, any_region);
  b->writing = 0;  // the outputs of the input before were read
  for (uint32_t step = 0; step < image->n_steps && !status;) {
    const uint32_t count = eie_image_program(image, step);
    b->status = EIE_STATUS_DONE | count << 8;
    status = eie_driver_run_program(&b->driver, image, step, count, vectors);
    step += count;
  }
  bus->io = b->cycles[EIE_REGION_ACTIVATION];
  bus->io_words = take_words(b, io_region);
  return status;
}

static eie_status run_image(const eie_packed *packed, int16_t *const *vectors, predicted_bus *bus,
                            eie_error *err) {
  eie_packed_image image;
  counting_bus b;
  EIE_TRY(eie_packed_image_make(packed, &image, err));
  open_bus(&b, packed, &image.image);
  const eie_driver_status status = run_once(&b, &image.image, vectors, bus);
  eie_packed_image_free(&image);
  return status ? eie_fail(err, EIE_ERR_DEVICE, "the driver refuses the image: %s",
                           eie_driver_status_text(status))
                : EIE_OK;
}

eie_status predict_bus(const eie_packed *packed, predicted_bus *bus, eie_error *err) {
  uint32_t most = 0;
  for (uint32_t k = 0; k < packed->n_layers; k++) {
    if (packed->layers[k].in_slots > most) most = packed->layers[k].in_slots;
    if (packed->layers[k].out_slots > most) most = packed->layers[k].out_slots;
  }
  // What the vectors hold does not matter: one for all layers.
  int16_t *vector = calloc((size_t)most * packed->config.n_pe, sizeof *vector);
  int16_t **vectors = calloc(packed->n_layers + (size_t)1, sizeof *vectors);
  eie_status status = EIE_OK;
  if (vector && vectors) {
    for (uint32_t k = 0; k <= packed->n_layers; k++) vectors[k] = vector;
    status = run_image(packed, vectors, bus, err);
  } else {
    status = eie_fail(err, EIE_ERR_MEMORY, "no memory for the vectors of %u layers", packed->n_layers);
  }
  free(vector);
  free(vectors);
  return status;
}
