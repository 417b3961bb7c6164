// SPDX-License-Identifier: Apache-2.0
// A serial port, or a pseudo-terminal in its place: raw bytes, 8 data bits, no parity, one stop bit, no flow
// control. Every wait has an end.
#ifndef EIE_LINK_PORT_H
#define EIE_LINK_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

// "PATH" or "PATH:BAUD" to its parts; path[size]. Without BAUD, 115200.
eie_status link_port_name(const char *text, char *path, size_t size, uint32_t *baud, eie_error *err);

// Opens it for this process alone. The file descriptor is the caller's.
eie_status link_port_open(const char *path, uint32_t baud, int *port, eie_error *err);

// Writes all, or fails after `ms` without progress.
eie_status link_port_write(int port, const uint8_t *bytes, size_t n, int ms, eie_error *err);

// What came within `ms`: *n of at most `size` bytes, 0 when nothing did.
eie_status link_port_read(int port, uint8_t *bytes, size_t size, int ms, size_t *n, eie_error *err);

#endif
