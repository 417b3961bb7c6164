// SPDX-License-Identifier: Apache-2.0
// The behavioural device: the register table in C over a model_array. It lets driver and harness be
// tested without a simulator, and is the second opinion on what an access or a fault should do.
#include <stdlib.h>
#include <string.h>

#include "eie_device.h"
#include "eie_version.h"
#include "model_array.h"

typedef struct {
  eie_device base;
  model_array a;
  uint64_t cycle, done_at;  // the running program ends when cycle reaches done_at
  uint32_t running, done, program, irq_enable, finished;
  uint64_t program_cycles, window;
  model_fault fault, coming;  // of the last program; of the running one, shown at its end
  uint32_t coming_finished;
} model_device;

static void advance(model_device *m, uint64_t cycles) {
  m->cycle += cycles;
  if (!m->running || m->cycle < m->done_at) return;
  m->running = 0;
  m->fault = m->coming;
  m->finished = m->coming_finished;
  m->done = m->fault.code == 0;
}

static void start(model_device *m) {
  uint32_t first = m->program & 0xFF, count = m->program >> 8 & 0xFF;
  m->done = m->finished = 0;
  m->fault = (model_fault){0};
  model_array_run(&m->a, first, count, &m->coming_finished, &m->coming);
  m->program_cycles = 2;
  m->window = 0;
  for (uint32_t k = 0; k < m->coming_finished; k++) {
    const uint64_t *counter = m->a.counter + (size_t)(first + k) * EIE_NUM_COUNTERS;
    m->program_cycles += counter[EIE_COUNTER_CYCLES];
    m->window += counter[EIE_COUNTER_WINDOW];
  }
  m->running = 1;
  m->done_at = m->cycle + m->program_cycles;
}

static uint8_t write_control(model_device *m, uint32_t data) {
  if (data == EIE_CTRL_START && !m->running) {
    start(m);
  } else if (data == EIE_CTRL_CLEAR && !m->running) {
    m->done = 0;
    m->fault = (model_fault){0};
  } else if (data == EIE_CTRL_ABORT && m->running) {
    m->coming = (model_fault){.code = EIE_FAULT_ABORTED, .descriptor = m->program & 0xFF};
    m->coming_finished = 0;
    model_array_clear(&m->a);
    m->done_at = m->cycle + 1;
  } else {
    return EIE_AXI_SLVERR;
  }
  return EIE_AXI_OKAY;
}

static uint8_t write_register(model_device *m, uint32_t offset, uint32_t data) {
  switch (offset) {
    case EIE_REG_CTRL:
      return write_control(m, data);
    case EIE_REG_PROGRAM:
      if (m->running) return EIE_AXI_SLVERR;
      m->program = data & 0xFFFF;
      return EIE_AXI_OKAY;
    case EIE_REG_IRQ_ENABLE:
      m->irq_enable = data & 3;
      return EIE_AXI_OKAY;
    default:
      return EIE_AXI_SLVERR;
  }
}

static uint8_t read_register(const model_device *m, uint32_t offset, uint32_t *data) {
  const model_array *a = &m->a;
  switch (offset) {
    case EIE_REG_ID:
      *data = EIE_ID_WORD;
      break;
    case EIE_REG_VERSION:
      *data = EIE_VERSION_MAJOR << 16 | EIE_VERSION_MINOR << 8 | EIE_VERSION_PATCH;
      break;
    case EIE_REG_STATUS:
      *data = (m->running ? EIE_STATUS_BUSY : 0u) | (m->done ? EIE_STATUS_DONE : 0u) |
              (m->fault.code ? EIE_STATUS_FAULT : 0u) | m->finished << 8;
      break;
    case EIE_REG_PROGRAM:
      *data = m->program;
      break;
    case EIE_REG_IRQ_ENABLE:
      *data = m->irq_enable;
      break;
    case EIE_REG_FAULT:
      *data = m->fault.code | m->fault.descriptor << 8 | m->fault.pe << 16;
      break;
    case EIE_REG_FAULT_ENTRY:
      *data = m->fault.entry;
      break;
    case EIE_REG_PROGRAM_CYCLES:
      *data = (uint32_t)m->program_cycles;
      break;
    case EIE_REG_PROGRAM_CYCLES_HIGH:
      *data = (uint32_t)(m->program_cycles >> 32);
      break;
    case EIE_REG_WINDOW:
      *data = (uint32_t)m->window;
      break;
    case EIE_REG_WINDOW_HIGH:
      *data = (uint32_t)(m->window >> 32);
      break;
#define EIE_PARAMETER(field, key, lo, hi, what) \
  case EIE_REG_##key:                           \
    *data = a->config.field;                    \
    break;
      EIE_CONFIG_PARAMETERS(EIE_PARAMETER)
#undef EIE_PARAMETER
    case EIE_REG_ADDRESS:
      *data = a->pe_shift | a->region_shift << 8 | a->part_shift << 16;
      break;
    default:
      return EIE_AXI_SLVERR;
  }
  return EIE_AXI_OKAY;
}

// An address taken apart; `word` counts inside the PE, or through the region where there is no PE field.
typedef struct {
  uint32_t region, pe, word;
} place;

static int has_pe(uint32_t region) {
  return region == EIE_REGION_PE_COUNTER || region == EIE_REGION_SPMAT || region == EIE_REGION_POINTER ||
         region == EIE_REGION_CODEBOOK;
}

static uint32_t words_of(const model_array *a, uint32_t region) {
  switch (region) {
    case EIE_REGION_DESCRIPTOR:
      return a->config.layers * EIE_DESC_WORDS;
    case EIE_REGION_COUNTER:
      return a->config.layers * EIE_NUM_COUNTERS * 2;
    case EIE_REGION_PE_COUNTER:
      return 2;
    case EIE_REGION_SPMAT:
      return a->spmat_stride;
    case EIE_REGION_POINTER:
      return a->config.ptr_depth;
    case EIE_REGION_CODEBOOK:
      return a->config.layers << a->config.code_w;
    case EIE_REGION_ACTIVATION:
      return a->config.act_slots * a->config.n_pe;
    default:
      return 0;
  }
}

static int find_place(const model_array *a, uint32_t address, place *p) {
  uint64_t inside = address & ((1ull << a->region_shift) - 1);
  uint64_t region = (uint64_t)address >> a->region_shift;
  if (address & 3 || region >= EIE_NUM_REGIONS) return -1;
  p->region = (uint32_t)region;
  p->pe = has_pe(p->region) ? (uint32_t)(inside >> a->pe_shift) : 0;
  p->word = (uint32_t)((has_pe(p->region) ? inside & ((1ull << a->pe_shift) - 1) : inside) >> 2);
  return p->pe < a->config.n_pe && (p->region == EIE_REGION_REGISTER || p->word < words_of(a, p->region))
             ? 0
             : -1;
}

// Bits that exist of a 32-bit part of a Spmat word.
static uint32_t part_mask(const model_array *a, uint32_t word) {
  uint32_t part = word & ((1u << a->part_shift) - 1), bits = eie_word_w(&a->config);
  if (part * 32 >= bits) return 0;
  return bits - part * 32 >= 32 ? 0xFFFFFFFFu : (1u << (bits - part * 32)) - 1;
}

static uint8_t write_word(model_device *m, uint32_t address, uint32_t data, uint8_t strobes) {
  model_array *a = &m->a;
  place p;
  if (find_place(a, address, &p) || strobes != EIE_ALL_STROBES) return EIE_AXI_SLVERR;
  if (p.region == EIE_REGION_REGISTER) return write_register(m, address, data);
  if (m->running) return EIE_AXI_SLVERR;
  uint32_t words = words_of(a, p.region);
  switch (p.region) {
    case EIE_REGION_DESCRIPTOR:
      a->descriptor[p.word] = data;
      return EIE_AXI_OKAY;
    case EIE_REGION_SPMAT:
      a->spmat[(size_t)p.pe * words + p.word] = data & part_mask(a, p.word);
      return EIE_AXI_OKAY;
    case EIE_REGION_POINTER:
      a->pointer[(size_t)p.pe * words + p.word] = data & ((1u << eie_bank_w(&a->config)) - 1);
      return EIE_AXI_OKAY;
    case EIE_REGION_CODEBOOK:
      a->codebook[(size_t)p.pe * words + p.word] = (uint16_t)data;
      return EIE_AXI_OKAY;
    case EIE_REGION_ACTIVATION:
      a->activation[p.word] = (int16_t)(uint16_t)data;
      return EIE_AXI_OKAY;
    default:
      return EIE_AXI_SLVERR;
  }
}

static uint8_t read_word(model_device *m, uint32_t address, uint32_t *data) {
  const model_array *a = &m->a;
  place p;
  *data = 0;
  if (find_place(a, address, &p)) return EIE_AXI_SLVERR;
  uint32_t words = words_of(a, p.region), shift = p.word & 1 ? 32 : 0;
  switch (p.region) {
    case EIE_REGION_REGISTER:
      return read_register(m, address, data);
    case EIE_REGION_COUNTER:
      *data = (uint32_t)(a->counter[p.word / 2] >> shift);
      return EIE_AXI_OKAY;
    case EIE_REGION_PE_COUNTER:
      *data = (uint32_t)(a->busy[p.pe] >> shift);
      return EIE_AXI_OKAY;
    default:
      break;
  }
  if (m->running) return EIE_AXI_SLVERR;
  switch (p.region) {
    case EIE_REGION_DESCRIPTOR:
      *data = a->descriptor[p.word];
      break;
    case EIE_REGION_SPMAT:
      *data = a->spmat[(size_t)p.pe * words + p.word];
      break;
    case EIE_REGION_POINTER:
      *data = a->pointer[(size_t)p.pe * words + p.word];
      break;
    case EIE_REGION_CODEBOOK:
      *data = a->codebook[(size_t)p.pe * words + p.word];
      break;
    default:
      *data = (uint32_t)a->activation[p.word];
      break;
  }
  return EIE_AXI_OKAY;
}

static void note(eie_burst *burst, uint32_t beat, uint8_t resp) {
  if (resp == EIE_AXI_OKAY || burst->bad != burst->count) return;
  burst->bad = beat;
  burst->resp = resp;
}

static eie_status model_transfer(eie_device *d, eie_burst *writes, eie_burst *reads, eie_error *err) {
  model_device *m = (model_device *)d;
  (void)err;
  for (uint32_t k = 0; writes && k < writes->count; k++) {
    if (k == 0) writes->bad = writes->count, writes->resp = EIE_AXI_OKAY;
    note(writes, k, write_word(m, writes->address + k * writes->stride, writes->data[k], writes->strobes));
    advance(m, 1);
  }
  for (uint32_t k = 0; reads && k < reads->count; k++) {
    if (k == 0) reads->bad = reads->count, reads->resp = EIE_AXI_OKAY;
    note(reads, k, read_word(m, reads->address + k * reads->stride, &reads->data[k]));
    advance(m, 1);
  }
  return EIE_OK;
}

static int model_irq(eie_device *d) {
  const model_device *m = (const model_device *)d;
  return (m->done && m->irq_enable & EIE_IRQ_DONE) || (m->fault.code && m->irq_enable & EIE_IRQ_FAULT);
}

static eie_status model_run(eie_device *d, uint64_t cycles, int until_irq, eie_error *err) {
  model_device *m = (model_device *)d;
  (void)err;
  if (until_irq && m->running && m->done_at - m->cycle < cycles) {
    advance(m, m->done_at - m->cycle);
    if (model_irq(d)) return EIE_OK;
  }
  advance(m, cycles);
  return EIE_OK;
}

static eie_status model_reset(eie_device *d, eie_error *err) {
  model_device *m = (model_device *)d;
  (void)err;
  m->running = m->done = m->program = m->irq_enable = m->finished = 0;
  m->program_cycles = m->window = 0;
  m->fault = (model_fault){0};
  model_array_clear(&m->a);
  advance(m, 10);
  return EIE_OK;
}

static uint64_t model_cycles(eie_device *d) {
  return ((model_device *)d)->cycle;
}

static eie_status model_trace(eie_device *d, int on, eie_error *err) {
  (void)d, (void)on;
  return eie_fail(err, EIE_ERR_USE, "the behavioural model has no waves");
}

static void model_close(eie_device *d) {
  model_array_free(&((model_device *)d)->a);
  free(d);
}

static const eie_device_ops model_ops = {model_reset,  model_run,   model_transfer, model_irq,
                                         model_cycles, model_trace, model_close};

eie_status eie_device_open_model(const eie_config *config, const eie_device_options *options,
                                 eie_device **device, eie_error *err) {
  if (options->wave) return eie_fail(err, EIE_ERR_USE, "the behavioural model has no waves");
  model_device *m = calloc(1, sizeof *m);
  if (!m || model_array_alloc(&m->a, config)) {
    free(m);
    return eie_fail(err, EIE_ERR_MEMORY, "no memory for the behavioural model of %s", config->name);
  }
  m->base.ops = &model_ops;
  *device = &m->base;
  return EIE_OK;
}
