// SPDX-License-Identifier: Apache-2.0
// A board behind a serial port as an eie_device: engine "uart:PATH[:BAUD]". docs/host-link.md.
// It has no clock that a program could move or read: cycles() is 0 and run() lets at least the time pass.
#ifndef EIE_DEVICE_UART_H
#define EIE_DEVICE_UART_H

#include "eie_device.h"

// Everything that crossed the wire since open.
typedef struct {
  uint64_t bytes_out, bytes_in;
  uint64_t frames;    // that were answered
  uint64_t repeated;  // sent once more
} eie_uart_counts;

// `port` is PATH or PATH:BAUD. Opens it, asks who is there and resets the accelerator.
eie_status eie_device_open_uart(const char *port, eie_device **device, eie_error *err);

// 0 when the device is a serial port and *counts was filled.
int eie_device_uart_counts(const eie_device *device, eie_uart_counts *counts);

// "uart:PORT" -> "PORT"; NULL when the engine is another.
const char *eie_device_uart_port(const char *engine);

#endif
