// SPDX-License-Identifier: Apache-2.0
#include "report_number.h"

#include <inttypes.h>
#include <stdio.h>

const char *report_grouped(uint64_t value, report_number text) {
  report_number digits;
  int n = snprintf(digits, sizeof digits, "%" PRIu64, value), at = 0;
  for (int i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0) text[at++] = ',';
    text[at++] = digits[i];
  }
  text[at] = 0;
  return text;
}
