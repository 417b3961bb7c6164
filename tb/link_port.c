// SPDX-License-Identifier: Apache-2.0
// The serial port by termios and poll.
#define _DEFAULT_SOURCE  // cfmakeraw, the faster baud rates, flock
#include "link_port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

typedef struct {
  uint32_t baud;
  speed_t code;
} rate;

static const rate rates[] = {
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},     {115200, B115200},
    {230400, B230400},   {460800, B460800},   {500000, B500000},   {576000, B576000},   {921600, B921600},
    {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000},
    {3000000, B3000000}, {3500000, B3500000}, {4000000, B4000000}};
enum { N_RATES = sizeof rates / sizeof rates[0] };

eie_status link_port_name(const char *text, char *path, size_t size, uint32_t *baud, eie_error *err) {
  const char *colon = strrchr(text, ':'), *digits = colon ? colon + 1 : "";
  size_t length = strlen(text);
  *baud = 115200;
  if (colon && *digits && strspn(digits, "0123456789") == strlen(digits)) {
    const unsigned long value = strlen(digits) < 9 ? strtoul(digits, NULL, 10) : 0;
    length = (size_t)(colon - text);
    *baud = (uint32_t)value;
  }
  if (length == 0 || length >= size)
    return eie_fail(err, EIE_ERR_USE, "uart:%.100s: no port is named; write uart:/dev/ttyUSB0:115200", text);
  memcpy(path, text, length);
  path[length] = 0;
  for (int k = 0; k < N_RATES; k++)
    if (rates[k].baud == *baud) return EIE_OK;
  return eie_fail(err, EIE_ERR_USE,
                  "uart:%.100s: no such baud rate; there are 9600 to 115200, 230400, 460800, 500000, 921600 "
                  "and 1000000 to 4000000 in steps of 500000",
                  text);
}

static eie_status refused(const char *path, int why, eie_error *err) {
  if (why == EACCES)
    return eie_fail(err, EIE_ERR_IO,
                    "%.200s: no permission; serial ports belong to a group, often dialout (ls -l %.200s)",
                    path, path);
  if (why == ENOENT || why == ENXIO || why == ENODEV)
    return eie_fail(err, EIE_ERR_IO, "%.300s: there is no such port; is the board plugged in?", path);
  return eie_fail(err, EIE_ERR_IO, "%.300s: cannot be opened: %s", path, strerror(why));
}

static eie_status set_line(int port, const char *path, uint32_t baud, eie_error *err) {
  struct termios line;
  speed_t code = B115200;
  for (int k = 0; k < N_RATES; k++)
    if (rates[k].baud == baud) code = rates[k].code;
  if (tcgetattr(port, &line)) return eie_fail(err, EIE_ERR_IO, "%.300s: is not a serial port", path);
  cfmakeraw(&line);
  line.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CRTSCTS);
  line.c_cflag |= CLOCAL | CREAD | CS8;
  line.c_cc[VMIN] = 0;
  line.c_cc[VTIME] = 0;
  if (cfsetspeed(&line, code) || tcsetattr(port, TCSANOW, &line))
    return eie_fail(err, EIE_ERR_IO, "%.300s: cannot be set to %u baud: %s", path, baud, strerror(errno));
  tcflush(port, TCIOFLUSH);
  return EIE_OK;
}

eie_status link_port_open(const char *path, uint32_t baud, int *port, eie_error *err) {
  const int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return refused(path, errno, err);
  eie_status status = EIE_OK;
  if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
    status = eie_fail(err, EIE_ERR_IO, "%.300s: another program uses this port", path);
  if (!status) status = set_line(fd, path, baud, err);
  if (status)
    close(fd);
  else
    *port = fd;
  return status;
}

// 1: ready, 0: not within `ms`, -1: the port is gone.
static int await(int port, short events, int ms) {
  struct pollfd p = {.fd = port, .events = events};
  int n;
  do n = poll(&p, 1, ms);
  while (n < 0 && errno == EINTR);
  if (n <= 0) return n;
  return p.revents & events ? 1 : -1;
}

static eie_status gone(eie_error *err) {
  return eie_fail(err, EIE_ERR_DEVICE, "the serial port is gone (board unplugged or switched off?)");
}

eie_status link_port_write(int port, const uint8_t *bytes, size_t n, int ms, eie_error *err) {
  while (n > 0) {
    const ssize_t some = write(port, bytes, n);
    if (some < 0 && errno == EINTR) continue;
    if (some < 0 && errno != EAGAIN) return gone(err);
    if (some > 0) {
      bytes += some;
      n -= (size_t)some;
      continue;
    }
    const int ready = await(port, POLLOUT, ms);
    if (ready < 0) return gone(err);
    if (ready == 0)
      return eie_fail(err, EIE_ERR_DEVICE, "the serial port takes no bytes (%zu still to go)", n);
  }
  return EIE_OK;
}

eie_status link_port_read(int port, uint8_t *bytes, size_t size, int ms, size_t *n, eie_error *err) {
  *n = 0;
  const int ready = await(port, POLLIN, ms);
  if (ready < 0) return gone(err);
  if (ready == 0) return EIE_OK;
  const ssize_t some = read(port, bytes, size);
  if (some > 0) *n = (size_t)some;
  if (some == 0 || (some < 0 && errno != EAGAIN && errno != EINTR)) return gone(err);
  return EIE_OK;
}
