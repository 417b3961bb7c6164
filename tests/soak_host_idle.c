// SPDX-License-Identifier: Apache-2.0
// Actions before a program and behind its end.
#include "soak_host_parts.h"

// Descriptor `inside` of the program is a chain's first, as the packer made it.
static const eie_pass *pass_of(const soak_host *h, uint32_t inside) {
  return &h->plan->packed.passes[h->now->step + inside];
}

static uint32_t descriptor_word(const soak_host *h, uint32_t descriptor, uint32_t word, uint32_t *address) {
  *address = host_address(h, EIE_REGION_DESCRIPTOR, 0, descriptor * EIE_DESC_WORDS + word);
  return h->shadow[EIE_REGION_DESCRIPTOR].word[descriptor * EIE_DESC_WORDS + word];
}

eie_status host_run_to_end(soak_host *h, const soak_action *a, uint32_t *fault, uint32_t *status,
                           eie_error *err) {
  const uint64_t limit = 4 * h->now->cycles + 3000 + 8ull * h->c->config.rows * h->c->config.n_pe;
  if (!eie_device_irq(h->inner)) EIE_TRY(h->inner->ops->run(h->inner, limit, 1, err));
  if (!eie_device_irq(h->inner))
    return host_wrong(h, a, err, "irq_o did not rise within %llu cycles", (unsigned long long)limit);
  EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, status, err));
  EIE_TRY(host_read_good(h, a, EIE_REG_FAULT, fault, err));
  EIE_TRY(host_wait_idle(h, a, err));
  if (!(*status & EIE_STATUS_DONE) == !(*status & EIE_STATUS_FAULT) ||
      !(*status & EIE_STATUS_FAULT) != !*fault)
    return host_wrong(h, a, err, "STATUS 0x%x and FAULT 0x%x do not agree", *status, *fault);
  return EIE_OK;
}

// Starts `program` and wants fault `code` in `descriptor` with `layers` finished; then all as before.
static eie_status run_into_fault(soak_host *h, const soak_action *a, uint32_t program, uint32_t code,
                                 uint32_t descriptor, uint32_t layers, eie_error *err) {
  uint32_t fault = 0, status = 0;
  EIE_TRY(host_write_good(h, a, EIE_REG_PROGRAM, program, err));
  EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_START, err));
  EIE_TRY(host_run_to_end(h, a, &fault, &status, err));
  if ((fault & 0xFF) != code || (code != EIE_FAULT_PROGRAM && (fault >> 8 & 0xFF) != descriptor))
    return host_wrong(h, a, err, "FAULT is 0x%x, not code %u in descriptor %u", fault, code, descriptor);
  if ((status >> 8 & 0xFF) != layers)
    return host_wrong(h, a, err, "STATUS says %u layers, not %u", status >> 8 & 0xFF, layers);
  if (a->pick & 1) EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_CLEAR, err));
  return host_write_good(h, a, EIE_REG_PROGRAM, h->program_register, err);
}

static eie_status bad_program(soak_host *h, const soak_action *a, eie_error *err) {
  const uint32_t layers = h->c->config.layers;
  const uint32_t programs[] = {0,       layers - 1, 2 << 8 | (layers - 1), (layers + 1) << 8, 1 << 8 | layers,
                               255 << 8};
  EIE_TRY(run_into_fault(h, a, programs[a->pick / 2 % 6], EIE_FAULT_PROGRAM, 0, 0, err));
  return host_restore_activations(h, err);
}

// What is spoilt: word, new value, and the fault that must follow.
typedef struct {
  uint32_t word, value, code;
} spoilt;

static spoilt spoil(const soak_host *h, uint32_t descriptor, uint32_t pick) {
  uint32_t d[EIE_DESC_WORDS], address;
  const eie_config *c = &h->c->config;
  for (uint32_t k = 0; k < EIE_DESC_WORDS; k++) d[k] = descriptor_word(h, descriptor, k, &address);
  switch (pick % 8) {
    case 0:
      return (spoilt){0, d[0] & ~0x700u, EIE_FAULT_INPUT};
    case 1:
      return (spoilt){0, d[0] | 0x700u, EIE_FAULT_INPUT};
    case 2:
      return (spoilt){4, d[4] & 0xFFFF, EIE_FAULT_INPUT};
    case 3:
      return (spoilt){4, (c->act_slots + 1) << 16, EIE_FAULT_INPUT};
    case 4:
      return (spoilt){2, d[2] | 1, EIE_FAULT_COLUMNS};
    case 5:
      return (spoilt){1, d[1] & 0xFFFF0000u, EIE_FAULT_TILE_ROWS};
    case 6:
      return (spoilt){0, (d[0] & 0xFF00FFFFu) | c->layers << 16, EIE_FAULT_CODEBOOK};
    default:
      return (spoilt){0, d[0] ^ 1u << EIE_DESC_CHAIN_FIRST_LSB, EIE_FAULT_CHAIN};
  }
}

// Those before it in the program run to their end.
static eie_status bad_descriptor(soak_host *h, const soak_action *a, eie_error *err) {
  const uint32_t inside = a->pick / 16 % h->now->count, descriptor = pass_of(h, inside)->descriptor;
  const spoilt s = spoil(h, descriptor, a->pick / 2);
  uint32_t address;
  const uint32_t good = descriptor_word(h, descriptor, s.word, &address);
  EIE_TRY(host_write_good(h, a, address, s.value, err));
  EIE_TRY(run_into_fault(h, a, h->program_register, s.code, descriptor, inside, err));
  EIE_TRY(host_write_good(h, a, address, good, err));
  return host_restore_activations(h, err);
}

// Any pointer or bias of any PE. The array must end, with the fault that the pointer deserves or without one.
static eie_status bad_pointer(soak_host *h, const soak_action *a, eie_error *err) {
  const soak_shadow *s = &h->shadow[EIE_REGION_POINTER];
  uint32_t at = a->pick % h->region_words, fault = 0, status = 0;
  for (uint32_t k = 0; k < h->region_words && !s->known[at]; k++) at = (at + 1) % h->region_words;
  if (!s->known[at]) return EIE_OK;
  const uint32_t address = EIE_REGION_POINTER << h->region_shift | at << 2;
  const uint32_t value = a->pick & 1 ? a->pick >> 3 : s->word[at] ^ 1u << a->pick / 2 % 12;
  EIE_TRY(host_write_good(h, a, address, value, err));
  EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_START, err));
  EIE_TRY(host_run_to_end(h, a, &fault, &status, err));
  if (fault && (fault & 0xFF) != EIE_FAULT_SLOT && (fault & 0xFF) != EIE_FAULT_POINTER)
    return host_wrong(h, a, err, "FAULT is 0x%x with a spoilt pointer", fault);
  EIE_TRY(host_write_good(h, a, address, s->word[at], err));
  return host_restore_activations(h, err);
}

static eie_status rewrite(soak_host *h, const soak_action *a, eie_error *err) {
  const uint32_t descriptor = pass_of(h, a->pick % h->now->count)->descriptor;
  uint32_t address, back = 0;
  const uint32_t word = a->pick / 256 % EIE_DESC_WORDS, good = descriptor_word(h, descriptor, word, &address);
  EIE_TRY(host_write_good(h, a, address, a->pick ^ good, err));
  if (a->pick / 8 % 2) EIE_TRY(host_read_good(h, a, address, &back, err));
  if (a->pick / 8 % 2 && back != (a->pick ^ good))
    return host_wrong(h, a, err, "0x%08x holds 0x%08x, 0x%08x was written", address, back, a->pick ^ good);
  return host_write_good(h, a, address, good, err);
}

eie_status host_before(soak_host *h, const soak_action *a, eie_error *err) {
  const int restarts =
      a->kind == SOAK_BAD_PROGRAM || a->kind == SOAK_BAD_DESCRIPTOR || a->kind == SOAK_BAD_POINTER;
  if (restarts && (!h->now->fresh_chain || !h->may_restart)) return EIE_OK;
  // It may end without a fault, and must not leave a chain open.
  if (a->kind == SOAK_BAD_POINTER && !pass_of(h, h->now->count - 1)->write_back) return EIE_OK;
  // A wrong pointer reads entries that nobody wrote, which are X there.
  if (a->kind == SOAK_BAD_POINTER && h->icarus) return EIE_OK;
  host_count(h, a);
  switch (a->kind) {
    case SOAK_REWRITE:
      return rewrite(h, a, err);
    case SOAK_BAD_PROGRAM:
      return bad_program(h, a, err);
    case SOAK_BAD_DESCRIPTOR:
      return bad_descriptor(h, a, err);
    case SOAK_BAD_POINTER:
      return bad_pointer(h, a, err);
    case SOAK_IDLE_ABORT:
      return host_refused(h, a, EIE_REG_CTRL, 1, EIE_CTRL_ABORT, EIE_ALL_STROBES, err);
    default:
      return host_illegal(h, a, err);
  }
}

static eie_status expect_irq(soak_host *h, const soak_action *a, int want, eie_error *err) {
  EIE_TRY(eie_device_step(h->inner, 8, err));  // irq_o is a register behind the write
  if (!eie_device_irq(h->inner) == !want) return EIE_OK;
  return host_wrong(h, a, err, "irq_o is %d", !want);
}

eie_status host_after(soak_host *h, const soak_action *a, eie_error *err) {
  uint32_t status = 0;
  host_count(h, a);
  if (a->kind == SOAK_CLEAR) {
    EIE_TRY(host_write_good(h, a, EIE_REG_CTRL, EIE_CTRL_CLEAR, err));
    EIE_TRY(expect_irq(h, a, 0, err));
    EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
    return status & 7 ? host_wrong(h, a, err, "STATUS is 0x%x behind CLEAR", status) : EIE_OK;
  }
  EIE_TRY(host_read_good(h, a, EIE_REG_STATUS, &status, err));
  EIE_TRY(host_write_good(h, a, EIE_REG_IRQ_ENABLE, EIE_IRQ_FAULT, err));
  EIE_TRY(expect_irq(h, a, 0, err));
  EIE_TRY(host_write_good(h, a, EIE_REG_IRQ_ENABLE, h->irq_enable, err));
  return expect_irq(h, a, (status & EIE_STATUS_DONE) != 0, err);
}
