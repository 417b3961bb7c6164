// SPDX-License-Identifier: Apache-2.0
// Bus accesses, identification, memories, start and wait, counters. The executor of whole images is in
// eie_driver_run.c, the words for people in eie_driver_text.c.
#include "eie_driver.h"

enum { CHUNK = 128 };  // words that pass through the stack at a time

static eie_driver_status bus_answer(eie_driver *d, int response, uint32_t address) {
  if (response == 0) return EIE_DRIVER_OK;
  d->why.where = address;
  d->why.response = (uint32_t)response;
  return response < 0 ? EIE_DRIVER_DEAD : EIE_DRIVER_BUS;
}

static eie_driver_status read_word(eie_driver *d, uint32_t address, uint32_t *data) {
  return bus_answer(d, d->bus.read(d->bus.context, address, data), address);
}

static eie_driver_status write_word(eie_driver *d, uint32_t address, uint32_t data) {
  return bus_answer(d, d->bus.write(d->bus.context, address, data), address);
}

eie_driver_status eie_driver_read_words(eie_driver *d, uint32_t address, uint32_t stride, uint32_t *words,
                                        uint32_t count) {
  if (d->bus.read_many)
    return bus_answer(d, d->bus.read_many(d->bus.context, address, stride, words, count), address);
  eie_driver_status status = EIE_DRIVER_OK;
  for (uint32_t k = 0; k < count && !status; k++) status = read_word(d, address + k * stride, &words[k]);
  return status;
}

eie_driver_status eie_driver_write_words(eie_driver *d, uint32_t address, uint32_t stride,
                                         const uint32_t *words, uint32_t count) {
  if (d->bus.write_many)
    return bus_answer(d, d->bus.write_many(d->bus.context, address, stride, words, count), address);
  eie_driver_status status = EIE_DRIVER_OK;
  for (uint32_t k = 0; k < count && !status; k++) status = write_word(d, address + k * stride, words[k]);
  return status;
}

static eie_driver_status read_identity(eie_driver *d) {
  uint32_t id = 0, map = 0;
  eie_driver_status status = read_word(d, EIE_REG_ID, &id);
  if (status) return status;
  d->why.wanted = EIE_ID_WORD;
  d->why.found = id;
  if (id != EIE_ID_WORD) return EIE_DRIVER_ID;
  status = read_word(d, EIE_REG_VERSION, &d->version);
  if (status) return status;
  d->why.wanted = EIE_DRIVER_MAJOR;
  d->why.found = d->version >> 16;
  if (d->version >> 16 != EIE_DRIVER_MAJOR) return EIE_DRIVER_VERSION;
  status = eie_driver_read_words(d, EIE_REG_N_PE, 4, d->parameter, EIE_NUM_PARAMETERS);
  if (status) return status;
  status = read_word(d, EIE_REG_ADDRESS, &map);
  d->pe_shift = map & 0xFF;
  d->region_shift = map >> 8 & 0xFF;
  d->part_shift = map >> 16 & 0xF;
  return status;
}

// Field by field: a struct assignment may become a call of memcpy, which a freestanding core need not have.
static void copy_bus(eie_bus *to, const eie_bus *from) {
  to->context = from->context;
  to->read = from->read;
  to->write = from->write;
  to->read_many = from->read_many;
  to->write_many = from->write_many;
  to->wait_irq = from->wait_irq;
}

eie_driver_status eie_driver_open(eie_driver *d, const eie_bus *bus) {
  copy_bus(&d->bus, bus);
  d->loaded = 0;
  eie_driver_status status = read_identity(d);
  if (status) return status;
  // Clearing takes at most a cycle an accumulator; leave room for a slow bus.
  status = eie_driver_wait_idle(d, d->parameter[EIE_P_ROWS] + 10000);
  if (status) return status;
  return write_word(d, EIE_REG_IRQ_ENABLE, d->bus.wait_irq ? EIE_IRQ_DONE | EIE_IRQ_FAULT : 0);
}

uint32_t eie_driver_address(const eie_driver *d, uint32_t region, uint32_t pe, uint32_t word) {
  return region << d->region_shift | pe << d->pe_shift | word << 2;
}

eie_driver_status eie_driver_load(eie_driver *d, const eie_image *image, uint32_t load) {
  const eie_load *l = &image->loads[load];
  d->loaded = 0;
  for (uint32_t b = 0; b < l->n_blocks; b++) {
    const eie_block *k = &l->blocks[b];
    eie_driver_status status =
        eie_driver_write_words(d, eie_driver_address(d, k->region, k->pe, k->first), 4, k->words, k->count);
    if (status) return status;
  }
  d->loaded = load + 1;
  return EIE_DRIVER_OK;
}

static eie_driver_status verify_block(eie_driver *d, const eie_block *k) {
  uint32_t found[CHUNK];
  for (uint32_t at = 0; at < k->count; at += CHUNK) {
    uint32_t n = k->count - at < CHUNK ? k->count - at : CHUNK;
    eie_driver_status status =
        eie_driver_read_words(d, eie_driver_address(d, k->region, k->pe, k->first + at), 4, found, n);
    if (status) return status;
    for (uint32_t i = 0; i < n; i++) {
      if (found[i] == k->words[at + i]) continue;
      d->why.region = k->region;
      d->why.pe = k->pe;
      d->why.word = k->first + at + i;
      d->why.wanted = k->words[at + i];
      d->why.found = found[i];
      return EIE_DRIVER_VERIFY;
    }
  }
  return EIE_DRIVER_OK;
}

eie_driver_status eie_driver_verify(eie_driver *d, const eie_image *image, uint32_t load) {
  const eie_load *l = &image->loads[load];
  eie_driver_status status = EIE_DRIVER_OK;
  for (uint32_t b = 0; b < l->n_blocks && !status; b++) status = verify_block(d, &l->blocks[b]);
  return status;
}

eie_driver_status eie_driver_write_activations(eie_driver *d, uint32_t slot, uint32_t slots,
                                               const int16_t *values) {
  uint32_t words[CHUNK];
  uint32_t first = slot * d->parameter[EIE_P_N_PE], count = slots * d->parameter[EIE_P_N_PE];
  for (uint32_t at = 0; at < count; at += CHUNK) {
    uint32_t n = count - at < CHUNK ? count - at : CHUNK;
    for (uint32_t i = 0; i < n; i++) words[i] = (uint16_t)values[at + i];
    eie_driver_status status =
        eie_driver_write_words(d, eie_driver_address(d, EIE_REGION_ACTIVATION, 0, first + at), 4, words, n);
    if (status) return status;
  }
  return EIE_DRIVER_OK;
}

eie_driver_status eie_driver_read_activations(eie_driver *d, uint32_t slot, uint32_t slots, int16_t *values) {
  uint32_t words[CHUNK];
  uint32_t first = slot * d->parameter[EIE_P_N_PE], count = slots * d->parameter[EIE_P_N_PE];
  for (uint32_t at = 0; at < count; at += CHUNK) {
    uint32_t n = count - at < CHUNK ? count - at : CHUNK;
    eie_driver_status status =
        eie_driver_read_words(d, eie_driver_address(d, EIE_REGION_ACTIVATION, 0, first + at), 4, words, n);
    if (status) return status;
    for (uint32_t i = 0; i < n; i++) values[at + i] = (int16_t)(uint16_t)words[i];
  }
  return EIE_DRIVER_OK;
}

eie_driver_status eie_driver_start(eie_driver *d, uint32_t first, uint32_t count) {
  eie_driver_status status = write_word(d, EIE_REG_PROGRAM, first | count << 8);
  return status ? status : write_word(d, EIE_REG_CTRL, EIE_CTRL_START);
}

eie_driver_status eie_driver_wait_idle(eie_driver *d, uint32_t limit) {
  uint32_t found = EIE_STATUS_BUSY;
  for (uint32_t poll = 0; poll < limit; poll++) {
    eie_driver_status status = read_word(d, EIE_REG_STATUS, &found);
    if (status) return status;
    if (!(found & EIE_STATUS_BUSY)) return EIE_DRIVER_OK;
  }
  d->why.found = found;
  return EIE_DRIVER_TIMEOUT;
}

// Until done or fault shows, by interrupt or by polling.
static eie_driver_status wait_end(eie_driver *d, uint32_t limit, uint32_t *found) {
  *found = 0;
  if (d->bus.wait_irq) {
    int late = d->bus.wait_irq(d->bus.context, limit);
    eie_driver_status status = read_word(d, EIE_REG_STATUS, found);
    d->why.found = *found;
    return status ? status : late ? EIE_DRIVER_TIMEOUT : EIE_DRIVER_OK;
  }
  for (uint32_t poll = 0; poll < limit; poll++) {
    eie_driver_status status = read_word(d, EIE_REG_STATUS, found);
    if (status || *found & (EIE_STATUS_DONE | EIE_STATUS_FAULT)) return status;
  }
  d->why.found = *found;
  return EIE_DRIVER_TIMEOUT;
}

eie_driver_status eie_driver_wait(eie_driver *d, uint32_t count, uint32_t limit) {
  uint32_t found;
  eie_driver_status status = wait_end(d, limit, &found);
  if (status) return status;
  if (found & EIE_STATUS_FAULT) {
    status = eie_driver_fault(d, &d->why.fault);
    if (!status) status = eie_driver_wait_idle(d, d->parameter[EIE_P_ROWS] + 10000);
    return status ? status : EIE_DRIVER_FAULT;
  }
  d->why.wanted = EIE_STATUS_DONE | count << 8;
  d->why.found = found;
  return found == d->why.wanted ? EIE_DRIVER_OK : EIE_DRIVER_STATUS;
}

eie_driver_status eie_driver_abort(eie_driver *d) {
  return write_word(d, EIE_REG_CTRL, EIE_CTRL_ABORT);
}

eie_driver_status eie_driver_clear(eie_driver *d) {
  return write_word(d, EIE_REG_CTRL, EIE_CTRL_CLEAR);
}

eie_driver_status eie_driver_fault(eie_driver *d, eie_fault *fault) {
  uint32_t word = 0;
  eie_driver_status status = read_word(d, EIE_REG_FAULT, &word);
  if (status) return status;
  fault->code = word & 0xFF;
  fault->descriptor = word >> 8 & 0xFF;
  fault->pe = word >> 16 & 0xFF;
  return read_word(d, EIE_REG_FAULT_ENTRY, &fault->entry);
}

static uint64_t two_words(uint32_t low, uint32_t high) {
  return (uint64_t)high << 32 | low;
}

eie_driver_status eie_driver_counters(eie_driver *d, uint32_t descriptor,
                                      uint64_t counter[EIE_NUM_COUNTERS]) {
  uint32_t words[2 * EIE_NUM_COUNTERS];
  uint32_t address = eie_driver_address(d, EIE_REGION_COUNTER, 0, descriptor * 2 * EIE_NUM_COUNTERS);
  eie_driver_status status = eie_driver_read_words(d, address, 4, words, 2 * EIE_NUM_COUNTERS);
  if (status) return status;
  for (uint32_t k = 0; k < EIE_NUM_COUNTERS; k++) counter[k] = two_words(words[2 * k], words[2 * k + 1]);
  return EIE_DRIVER_OK;
}

eie_driver_status eie_driver_pe_busy(eie_driver *d, uint64_t *busy) {
  uint32_t low[CHUNK], high[CHUNK];
  uint32_t n_pe = d->parameter[EIE_P_N_PE], stride = 1u << d->pe_shift;
  for (uint32_t at = 0; at < n_pe; at += CHUNK) {
    uint32_t n = n_pe - at < CHUNK ? n_pe - at : CHUNK;
    uint32_t address = eie_driver_address(d, EIE_REGION_PE_COUNTER, at, 0);
    eie_driver_status status = eie_driver_read_words(d, address, stride, low, n);
    if (status) return status;
    status = eie_driver_read_words(d, address + 4, stride, high, n);
    if (status) return status;
    for (uint32_t i = 0; i < n; i++) busy[at + i] = two_words(low[i], high[i]);
  }
  return EIE_DRIVER_OK;
}

eie_driver_status eie_driver_program_cycles(eie_driver *d, uint64_t *cycles, uint64_t *window) {
  uint32_t words[4];
  eie_driver_status status = eie_driver_read_words(d, EIE_REG_PROGRAM_CYCLES, 4, words, 4);
  if (status) return status;
  *cycles = two_words(words[0], words[1]);
  *window = two_words(words[2], words[3]);
  return EIE_DRIVER_OK;
}
