// SPDX-License-Identifier: Apache-2.0
// The check can fail, on the RTL: the same planted faults as tests/test_harness.c has on the model.
#define HARNESS_ENGINE "rtl"
#include "harness_checks.h"
#include "rtl_part.h"

int main(void) {
  struct CMUnitTest tests[] = {HARNESS_CHECKS};
  static const char *const small[] = {"an_unspoilt_run_is_green", "a_flipped_bit_of_spmat_names_the_row",
                                      "a_flipped_bit_of_a_pointer_is_fault_pointer",
                                      "a_bit_that_a_memory_lost_is_found_by_reading_back",
                                      "a_flipped_bit_of_an_output_names_its_place"};
  KEEP_SMALL_PART(tests, small);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
