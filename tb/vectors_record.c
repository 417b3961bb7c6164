// SPDX-License-Identifier: Apache-2.0
// Every burst of the driver becomes one operation: registers with their values, memories, activations and
// counters by file and place.
#include "vectors_record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MARGIN = 1000, CLEAR_MARGIN = 10000 };

// Files in their order: inputs, outputs of each layer, counters, the image's.
uint32_t vectors_outputs_file(uint32_t layer) {
  return 1 + layer;
}

uint32_t vectors_counters_file(const eie_packed *packed) {
  return 1 + packed->n_layers;
}

uint32_t vectors_image_file(const eie_packed *packed, uint64_t packed_file) {
  return 2 + packed->n_layers + (uint32_t)packed_file;
}

// ---- names ----

static const char *register_name(uint32_t offset) {
#define EIE_NAME(name, at, access) \
  if (offset == (at)) return #name;
  EIE_REGISTERS(EIE_NAME)
#undef EIE_NAME
  return "no register";
}

static void say(vectors_op *op, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(vectors_op *op, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(op->what, sizeof op->what, format, args);
  va_end(args);
}

static uint32_t region_of(const vectors_recorder *r, uint32_t address) {
  return r->region_shift ? address >> r->region_shift : 0;
}

static uint32_t pe_of(const vectors_recorder *r, uint32_t address) {
  return (address & ((1u << r->region_shift) - 1)) >> r->pe_shift;
}

// Word of the region, or of one PE where the region has a PE field.
static uint32_t word_of(const vectors_recorder *r, uint32_t address, int of_pe) {
  return (address & ((1u << (of_pe ? r->pe_shift : r->region_shift)) - 1)) >> 2;
}

// ---- registers ----

static void say_register(const vectors_recorder *r, uint32_t offset, uint32_t data, vectors_op *op) {
  if (offset >= EIE_REG_N_PE && offset <= EIE_REG_LAYERS)
    say(op, "parameter %s: the vectors are for this configuration", register_name(offset));
  else if (offset == EIE_REG_PROGRAM)
    say(op, "input %" PRIu32 ": register PROGRAM, descriptors %" PRIu32 " to %" PRIu32, r->now.input,
        data & 0xFF, (data & 0xFF) + (data >> 8) - 1);
  else if (offset == EIE_REG_CTRL)
    say(op, "input %" PRIu32 ": register CTRL, START; passes %" PRIu32 " to %" PRIu32, r->now.input,
        r->now.step, r->now.step + r->now.steps - 1);
  else if (offset == EIE_REG_STATUS && r->now.steps)
    say(op, "input %" PRIu32 ": register STATUS after passes %" PRIu32 " to %" PRIu32, r->now.input,
        r->now.step, r->now.step + r->now.steps - 1);
  else
    say(op, "register %s", register_name(offset));
}

static eie_status record_register(vectors_recorder *r, vectors_op_kind kind, uint32_t offset, uint32_t data,
                                  eie_error *err) {
  vectors_op op = {.kind = kind, .address = offset, .data = data, .mask = 0xFFFFFFFFu};
  if (offset == EIE_REG_VERSION) {  // the driver wants its major version
    op.mask = 0xFFFF0000u;
    op.data &= op.mask;
  }
  say_register(r, offset, data, &op);
  r->awaited = 0;
  return vectors_script_add(&r->script, &op, err);
}

// The wait for the end of what runs; after reset the array clears its accumulators first. The number of reads
// is enough when each takes one cycle.
static eie_status record_wait(vectors_recorder *r, eie_error *err) {
  const uint64_t limit = r->now.steps ? r->now.cycles + IDLE_MARGIN : r->packed->config.rows + CLEAR_MARGIN;
  vectors_op op = {.kind = VECTORS_POLL, .address = EIE_REG_STATUS, .mask = EIE_STATUS_BUSY};
  op.limit = limit > UINT32_MAX ? UINT32_MAX : (uint32_t)limit;
  if (r->now.steps)
    say(&op, "input %" PRIu32 ": not BUSY any more; the program takes %" PRIu64 " cycles", r->now.input,
        r->now.cycles);
  else
    say(&op, "not BUSY any more: the array clears its accumulators after reset");
  EIE_TRY(vectors_script_add(&r->script, &op, err));
  r->awaited = 1;
  return EIE_OK;
}

// ---- memories ----

static eie_status record_image(vectors_recorder *r, int write, const eie_burst *b, eie_error *err) {
  const uint32_t region = region_of(r, b->address), pe = pe_of(r, b->address);
  const int of_pe = region != EIE_REGION_DESCRIPTOR;
  const uint64_t load_files = 2 + 3 * (uint64_t)r->packed->config.n_pe;
  uint64_t file = r->packed->n_layers + r->now.load * load_files;  // the descriptors'
  if (region == EIE_REGION_CODEBOOK) file += 1;
  if (region == EIE_REGION_SPMAT) file += 2 + 3 * (uint64_t)pe;
  if (region == EIE_REGION_POINTER) file += 3 + 3 * (uint64_t)pe;
  vectors_op op = {.kind = write ? VECTORS_WRITE_FILE : VECTORS_READ_FILE,
                   .address = b->address,
                   .stride = b->stride,
                   .count = b->count,
                   .file = vectors_image_file(r->packed, file),
                   .first = word_of(r, b->address, of_pe)};
  const char *suffix = write ? "" : " reads back";
  if (of_pe)
    say(&op, "load %" PRIu32 ": %s memory of PE %" PRIu32 "%s", r->now.load, eie_driver_region_name(region),
        pe, suffix);
  else
    say(&op, "load %" PRIu32 ": descriptors%s", r->now.load, write ? "" : " read back");
  return vectors_script_add(&r->script, &op, err);
}

// ---- activations ----

static uint32_t places_of(const vectors_recorder *r, uint32_t k) {
  const eie_packed *p = r->packed;
  return (k < p->n_layers ? p->layers[k].in_slots : p->layers[k - 1].out_slots) * p->config.n_pe;
}

// Where activation `word` of the memory lies in the vectors: that of the pass's inputs, or of the outputs of
// the last pass of the program that wrote there. -1: nowhere.
static int find_activations(const vectors_recorder *r, int write, uint32_t word, uint32_t *vector,
                            uint32_t *place) {
  const uint32_t n_pe = r->packed->config.n_pe, slot = word / n_pe;
  const eie_pass *first = &r->packed->passes[r->now.step];
  if (write) {
    *vector = first->layer;
    *place = word + (first->host_in_slot - first->host_in_base) * n_pe;
    return slot >= first->host_in_base && slot < first->host_in_base + first->host_in_slots ? 0 : -1;
  }
  for (uint32_t k = r->now.step + r->now.steps; k-- > r->now.step;) {
    const eie_pass *p = &r->packed->passes[k];
    if (!p->write_back || slot < p->out_base || slot >= p->out_base + p->rows) continue;
    *vector = p->layer + 1;
    *place = word + (p->row_slot - p->out_base) * n_pe;
    return 0;
  }
  return -1;
}

static eie_status disagree(const vectors_recorder *r, const eie_burst *b, uint32_t k, uint32_t want,
                           eie_error *err) {
  return eie_fail(err, EIE_ERR_UNEQUAL,
                  "input %" PRIu32 ", pass %" PRIu32 ": at address 0x%08" PRIx32
                  " the behavioural model has 0x%08" PRIx32 ", the golden model 0x%08" PRIx32,
                  r->now.input, r->now.step, b->address + k * b->stride, b->data[k], want);
}

static eie_status record_activations(vectors_recorder *r, int write, const eie_burst *b, eie_error *err) {
  const uint32_t word = word_of(r, b->address, 0);
  uint32_t vector = 0, place = 0;
  if (find_activations(r, write, word, &vector, &place) || place + b->count > places_of(r, vector))
    return eie_fail(err, EIE_ERR_UNEQUAL, "pass %" PRIu32 ": activation %" PRIu32 " belongs to no layer",
                    r->now.step, word);
  for (uint32_t k = 0; k < b->count; k++) {
    const int16_t want = r->now.want[vector][place + k];
    const uint32_t data = write ? (uint16_t)want : (uint32_t)(int32_t)want;
    if (b->data[k] != data) return disagree(r, b, k, data, err);
  }
  vectors_op op = {.kind = write ? VECTORS_WRITE_FILE : VECTORS_READ_FILE,
                   .address = b->address,
                   .stride = b->stride,
                   .count = b->count,
                   .file = vector == 0 ? 0 : vectors_outputs_file(vector - 1),
                   .first = r->now.input * places_of(r, vector) + place,
                   .slot = place / r->packed->config.n_pe};
  if (write)
    say(&op, "input %" PRIu32 ": activations into layer %" PRIu32 " (%s)", r->now.input, vector,
        r->packed->layers[vector].name);
  else
    say(&op, "input %" PRIu32 ": outputs of layer %" PRIu32 " (%s)", r->now.input, vector - 1,
        r->packed->layers[vector - 1].name);
  return vectors_script_add(&r->script, &op, err);
}

// ---- counters ----

// The counter behind an address: its value, and whether the behavioural model knows it too.
static int find_counter(const vectors_recorder *r, uint32_t address, uint64_t *value, int *model_knows) {
  const uint32_t region = region_of(r, address);
  *model_knows = 1;
  if (region == EIE_REGION_PE_COUNTER) {
    *value = r->now.busy[pe_of(r, address)];
    return 0;
  }
  if (region == EIE_REGION_COUNTER) {
    const uint32_t word = word_of(r, address, 0), index = word / 2 % EIE_NUM_COUNTERS;
    const uint32_t at = word / 2 / EIE_NUM_COUNTERS - r->packed->passes[r->now.step].descriptor;
    if (at >= r->now.steps) return -1;
    *value = r->now.counter[at * EIE_NUM_COUNTERS + index];
    *model_knows = index >= EIE_COUNTER_BROADCASTS;
    return 0;
  }
  *model_knows = 0;
  *value = address >= EIE_REG_WINDOW ? r->now.window : r->now.cycles;
  return address >= EIE_REG_PROGRAM_CYCLES && address <= EIE_REG_WINDOW_HIGH ? 0 : -1;
}

static eie_status keep_counter(vectors_recorder *r, uint32_t word, eie_error *err) {
  if (r->n_counters == r->counters_room) {
    const size_t room = r->counters_room ? 2 * r->counters_room : 1024;
    uint32_t *more = realloc(r->counters, room * sizeof *more);
    if (!more) return eie_fail(err, EIE_ERR_MEMORY, "no memory for %zu counters", room);
    r->counters = more;
    r->counters_room = room;
  }
  r->counters[r->n_counters++] = word;
  return EIE_OK;
}

static void say_counters(const vectors_recorder *r, const eie_burst *b, vectors_op *op) {
  const uint32_t region = region_of(r, b->address);
  if (region == EIE_REGION_COUNTER) {
    const uint32_t descriptor = word_of(r, b->address, 0) / 2 / EIE_NUM_COUNTERS;
    const uint32_t pass = r->now.step + descriptor - r->packed->passes[r->now.step].descriptor;
    say(op, "input %" PRIu32 ": counters of pass %" PRIu32 " (layer %" PRIu32 "), descriptor %" PRIu32,
        r->now.input, pass, r->packed->passes[pass].layer, descriptor);
  } else if (region == EIE_REGION_PE_COUNTER) {
    say(op, "input %" PRIu32 ": busy cycles of each PE, %s bits, passes %" PRIu32 " to %" PRIu32,
        r->now.input, b->address >> 2 & 1 ? "high" : "low", r->now.step, r->now.step + r->now.steps - 1);
  } else {
    say(op, "input %" PRIu32 ": registers PROGRAM_CYCLES and WINDOW, passes %" PRIu32 " to %" PRIu32,
        r->now.input, r->now.step, r->now.step + r->now.steps - 1);
  }
}

static eie_status record_counters(vectors_recorder *r, const eie_burst *b, eie_error *err) {
  vectors_op op = {.kind = VECTORS_READ_FILE,
                   .address = b->address,
                   .stride = b->stride,
                   .count = b->count,
                   .file = vectors_counters_file(r->packed),
                   .first = (uint32_t)r->n_counters};
  for (uint32_t k = 0; k < b->count; k++) {
    const uint32_t address = b->address + k * b->stride;
    uint64_t value = 0;
    int model_knows = 0;
    if (find_counter(r, address, &value, &model_knows))
      return eie_fail(err, EIE_ERR_UNEQUAL, "address 0x%08" PRIx32 " is no counter of this program", address);
    const uint32_t word = (uint32_t)(address >> 2 & 1 ? value >> 32 : value);
    if (model_knows && b->data[k] != word) return disagree(r, b, k, word, err);
    b->data[k] = word;
    EIE_TRY(keep_counter(r, word, err));
  }
  say_counters(r, b, &op);
  return vectors_script_add(&r->script, &op, err);
}

// ---- the device ----

static eie_status record_read(vectors_recorder *r, eie_burst *b, eie_error *err) {
  const uint32_t region = region_of(r, b->address);
  if (region == EIE_REGION_COUNTER || region == EIE_REGION_PE_COUNTER) return record_counters(r, b, err);
  if (region == EIE_REGION_ACTIVATION) return record_activations(r, 0, b, err);
  if (region != EIE_REGION_REGISTER) return record_image(r, 0, b, err);
  if (b->address >= EIE_REG_PROGRAM_CYCLES && b->address <= EIE_REG_WINDOW_HIGH)
    return record_counters(r, b, err);
  for (uint32_t k = 0; k < b->count; k++)
    EIE_TRY(record_register(r, VECTORS_READ, b->address + k * b->stride, b->data[k], err));
  return EIE_OK;
}

static eie_status record_write(vectors_recorder *r, const eie_burst *b, eie_error *err) {
  const uint32_t region = region_of(r, b->address);
  if (region == EIE_REGION_ACTIVATION) return record_activations(r, 1, b, err);
  if (region != EIE_REGION_REGISTER) return record_image(r, 1, b, err);
  for (uint32_t k = 0; k < b->count; k++)
    EIE_TRY(record_register(r, VECTORS_WRITE, b->address + k * b->stride, b->data[k], err));
  return EIE_OK;
}

static eie_status recorder_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  vectors_recorder *r = (vectors_recorder *)d;
  if (reads && reads->address == EIE_REG_STATUS && !r->awaited) EIE_TRY(record_wait(r, err));
  EIE_TRY(r->inner->ops->transfer(r->inner, writes, reads, err));
  if ((writes && writes->resp) || (reads && reads->resp))
    return eie_fail(err, EIE_ERR_UNEQUAL, "the behavioural model refused an access of the driver");
  if (writes) EIE_TRY(record_write(r, writes, err));
  return reads ? record_read(r, reads, err) : EIE_OK;
}

static eie_status recorder_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  vectors_recorder *r = (vectors_recorder *)d;
  EIE_TRY(r->inner->ops->run(r->inner, cycles, until_irq, err));
  if (until_irq) return record_wait(r, err);
  vectors_op op = {.kind = VECTORS_CYCLES, .data = (uint32_t)cycles};
  say(&op, "after reset");
  return vectors_script_add(&r->script, &op, err);
}

static eie_status recorder_reset(eie_device *d, eie_error *err) {
  return eie_device_reset(((vectors_recorder *)d)->inner, err);
}

static int recorder_irq(eie_device *d) {
  return eie_device_irq(((vectors_recorder *)d)->inner);
}

static uint64_t recorder_cycles(eie_device *d) {
  return eie_device_cycles(((vectors_recorder *)d)->inner);
}

static eie_status recorder_trace(eie_device *d, int on, eie_error *err) {
  return eie_device_trace(((vectors_recorder *)d)->inner, on, err);
}

static void recorder_close(eie_device *d) {
  vectors_recorder_close((vectors_recorder *)d);
}

static const eie_device_ops recorder_ops = {recorder_reset,  recorder_run,   recorder_transfer, recorder_irq,
                                            recorder_cycles, recorder_trace, recorder_close};

// The address map is the configuration's; the driver learns it from a register, we from the model.
eie_status vectors_recorder_open(const eie_packed *packed, vectors_recorder *r, eie_error *err) {
  const eie_device_options options = {.seed = 1};
  uint32_t map = 0;
  uint8_t resp = 0;
  memset(r, 0, sizeof *r);
  r->base.ops = &recorder_ops;
  r->packed = packed;
  EIE_TRY(eie_device_open_model(&packed->config, &options, &r->inner, err));
  eie_status status = eie_device_read(r->inner, EIE_REG_ADDRESS, &map, &resp, err);
  r->pe_shift = map & 0xFF;
  r->region_shift = map >> 8 & 0xFF;
  if (status) vectors_recorder_close(r);
  return status;
}

void vectors_recorder_close(vectors_recorder *r) {
  eie_device_close(r->inner);
  vectors_script_free(&r->script);
  free(r->counters);
  memset(r, 0, sizeof *r);
}
