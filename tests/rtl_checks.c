// SPDX-License-Identifier: Apache-2.0
// The check can fail, on the RTL: the same planted faults as tests/test_harness.c has on the model.
#define HARNESS_ENGINE "rtl"
#include "harness_checks.h"

int main(void) {
  const struct CMUnitTest tests[] = {HARNESS_CHECKS};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
