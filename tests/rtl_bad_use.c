// SPDX-License-Identifier: Apache-2.0
// Bad use of the hardware, on the RTL in Verilator.
#define HARNESS_ENGINE "rtl"
#include "bad_use_checks.h"

int main(void) {
  const struct CMUnitTest tests[] = {BAD_USE_CHECKS};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
