// SPDX-License-Identifier: Apache-2.0
// Numbers in reports for people.
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include <stdint.h>

typedef char report_number[32];

// 1234567 -> "1,234,567". Returns text.
const char *report_grouped(uint64_t value, report_number text);

#endif
