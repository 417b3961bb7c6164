// SPDX-License-Identifier: Apache-2.0
// Words for people. Switches, not tables of pointers, so that a core without a loader needs no relocation.
#include "eie_driver.h"

const char *eie_driver_status_text(eie_driver_status status) {
  switch (status) {
    case EIE_DRIVER_OK:
      return "good";
    case EIE_DRIVER_BUS:
      return "the bus refused an access";
    case EIE_DRIVER_DEAD:
      return "the bus did not answer";
    case EIE_DRIVER_ID:
      return "there is no accelerator at this address";
    case EIE_DRIVER_VERSION:
      return "the accelerator has another major version";
    case EIE_DRIVER_PARAMETER:
      return "the image was packed for another configuration";
    case EIE_DRIVER_IMAGE:
      return "the image reaches outside the array";
    case EIE_DRIVER_VERIFY:
      return "a memory does not hold what was written";
    case EIE_DRIVER_TIMEOUT:
      return "the array did not finish in time";
    case EIE_DRIVER_FAULT:
      return "the program stopped with a fault";
    case EIE_DRIVER_STATUS:
      return "STATUS contradicts what was started";
  }
  return "unknown status";
}

const char *eie_driver_parameter_name(uint32_t parameter) {
  switch (parameter) {
#define EIE_NAME(name) \
  case EIE_P_##name:   \
    return #name;
    EIE_DRIVER_PARAMETERS(EIE_NAME)
#undef EIE_NAME
    default:
      return "unknown parameter";
  }
}

const char *eie_driver_fault_name(uint32_t code) {
  switch (code) {
#define EIE_NAME(name, number, text) \
  case number:                       \
    return #name;
    EIE_FAULTS(EIE_NAME)
#undef EIE_NAME
    default:
      return "UNKNOWN";
  }
}

const char *eie_driver_fault_text(uint32_t code) {
  switch (code) {
#define EIE_TEXT(name, number, text) \
  case number:                       \
    return text;
    EIE_FAULTS(EIE_TEXT)
#undef EIE_TEXT
    default:
      return "a fault this driver does not know";
  }
}

const char *eie_driver_region_name(uint32_t region) {
  switch (region) {
    case EIE_REGION_REGISTER:
      return "register";
    case EIE_REGION_DESCRIPTOR:
      return "descriptor";
    case EIE_REGION_COUNTER:
      return "counter";
    case EIE_REGION_PE_COUNTER:
      return "PE counter";
    case EIE_REGION_SPMAT:
      return "Spmat";
    case EIE_REGION_POINTER:
      return "pointer";
    case EIE_REGION_CODEBOOK:
      return "codebook";
    case EIE_REGION_ACTIVATION:
      return "activation";
    default:
      return "unknown region";
  }
}
