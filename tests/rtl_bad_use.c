// SPDX-License-Identifier: Apache-2.0
// Bad use of the hardware, on the RTL.
#define HARNESS_ENGINE "rtl"
#include "bad_use_checks.h"
#include "rtl_part.h"

int main(void) {
  struct CMUnitTest tests[] = {BAD_USE_CHECKS};
  static const char *const small[] = {"while_busy_memories_and_start_are_refused_and_nothing_slows_down"};
  KEEP_SMALL_PART(tests, small);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
