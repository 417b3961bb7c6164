// SPDX-License-Identifier: Apache-2.0
// A simulated board behind a pseudo-terminal:
//
//   build/tests/board_sim [OPTIONS] LIBRARY        LIBRARY: build/board/NAME/libboard.so (tb/board.mk)
//
// Prints the path of the pseudo-terminal and plays what is written there on the board's rx pin, and what
// comes from its tx pin back: `eie sim --engine uart:PATH`. Ends when its standard input ends (the parent
// closed it or died), or by a signal. The line between can be made bad, from a seed, in each direction:
//
//   --seed S        of the noise, and of what registers and memories hold at power-on (default 1)
//   --flip P        a byte has one bit flipped with probability P
//   --drop P        a byte is lost
//   --double P      a byte comes twice
//   --garbage P     behind a byte come 1 to 20 random ones
//   --dead N        after N bytes in all nothing crosses any more
//   --echo          no board: what is written comes back
#define _XOPEN_SOURCE 700  // posix_openpt
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "board_pins.h"

enum {
  CHUNK = 200,     // clocks between two looks at the terminal while nothing comes or goes
  IDLE = 2000000,  // clocks without a byte after which the board is thought to have nothing to do
  REST = 20,       // ms that it then rests between two chunks
  BUFFER = 1 << 14
};

typedef struct {
  double flip, drop, twice, garbage;
  unsigned long long random, dead, crossed;
  unsigned long long spoilt;
} noise;

typedef struct {
  eie_board_pins pins;
  int terminal, echo;
  noise noise;
} board;

static unsigned next_random(noise *n) {  // xorshift64*
  n->random ^= n->random >> 12;
  n->random ^= n->random << 25;
  n->random ^= n->random >> 27;
  return (unsigned)(n->random * 0x2545F4914F6CDD1Du >> 32);
}

static int happens(noise *n, double probability) {
  const int yes = probability > 0 && next_random(n) < probability * 4294967296.0;
  n->spoilt += (unsigned)yes;
  return yes;
}

// What becomes of one byte on the wire: up to 24 of them in out[].
static size_t cross(noise *n, uint16_t byte, uint16_t *out) {
  size_t count = 0;
  if (n->dead && n->crossed >= n->dead) return 0;
  n->crossed++;
  if (happens(n, n->drop)) return 0;
  if (happens(n, n->flip)) byte ^= (uint16_t)(1u << next_random(n) % 8);
  out[count++] = byte;
  if (happens(n, n->twice)) out[count++] = byte;
  if (happens(n, n->garbage))
    for (unsigned k = 1 + next_random(n) % 20; k > 0; k--) out[count++] = next_random(n) & 0xFF;
  return count;
}

static void give_up(const char *what) {
  fprintf(stderr, "board_sim: %s\n", what);
  exit(1);
}

// The other end reads slowly: wait for it.
static void write_all(int fd, const uint8_t *bytes, size_t n) {
  while (n > 0) {
    const ssize_t some = write(fd, bytes, n);
    if (some > 0) {
      bytes += some;
      n -= (size_t)some;
    } else if (some < 0 && errno != EINTR && errno != EAGAIN) {
      return;  // nobody is there
    } else {
      struct pollfd p = {.fd = fd, .events = POLLOUT};
      poll(&p, 1, REST);
    }
  }
}

static void to_host(board *b, const uint16_t *bytes, size_t n) {
  uint8_t out[24 * 64];
  size_t count = 0;
  for (size_t k = 0; k < n; k++) {
    uint16_t crossed[24];
    const size_t some = cross(&b->noise, bytes[k], crossed);
    for (size_t i = 0; i < some; i++) out[count++] = (uint8_t)crossed[i];
  }
  write_all(b->terminal, out, count);
}

static size_t to_board(board *b, const uint8_t *bytes, size_t n) {
  size_t count = 0;
  for (size_t k = 0; k < n; k++) {
    uint16_t crossed[24];
    const size_t some = cross(&b->noise, bytes[k], crossed);
    if (some && !b->echo) b->pins.send(b->pins.sim, crossed, some);
    if (some && b->echo) write_all(b->terminal, &(const uint8_t){(uint8_t)crossed[0]}, 1);
    count += some;
  }
  return count;
}

// Bytes from the terminal within `ms`. Ends the program with the parent.
static size_t look(board *b, int ms) {
  uint8_t bytes[BUFFER];
  struct pollfd p[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = b->terminal, .events = POLLIN}};
  if (poll(p, 2, ms) <= 0) return 0;
  if (p[0].revents && read(STDIN_FILENO, bytes, sizeof bytes) <= 0) {
    if (b->noise.spoilt) fprintf(stderr, "board_sim: %llu faults on the line\n", b->noise.spoilt);
    exit(0);
  }
  if (!(p[1].revents & POLLIN)) return 0;
  const ssize_t n = read(b->terminal, bytes, sizeof bytes);
  return n > 0 ? to_board(b, bytes, (size_t)n) : 0;
}

// Clocks until told to end. While bytes come or go the terminal is looked at once a byte at most.
static void serve(board *b) {
  for (unsigned long long idle = 0;;) {
    if (look(b, b->echo || idle > IDLE ? REST : 0)) idle = 0;
    if (b->echo) continue;
    uint16_t bytes[64];
    const uint64_t ran = b->pins.run(b->pins.sim, CHUNK);
    if (b->pins.failure(b->pins.sim)) give_up(b->pins.failure(b->pins.sim));
    const size_t n = b->pins.receive(b->pins.sim, bytes, 64);
    idle = n > 0 ? 0 : idle + ran;
    if (n > 0) to_host(b, bytes, n);
  }
}

static void open_library(const char *path, unsigned long long seed, eie_board_pins *pins) {
  char why[600];
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol = NULL;
  if (library) symbol = dlsym(library, EIE_BOARD_OPEN_SYMBOL);
  if (!symbol) give_up(dlerror());
  eie_board_open_fn *open_board;
  memcpy(&open_board, &symbol, sizeof open_board);  // ISO C has no cast from object to function pointer
  if (open_board(seed, pins, why, sizeof why)) give_up(why);
}

// The slave end stays open here, so that the line does not hang up between two hosts.
static int open_terminal(void) {
  struct termios line;
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) || unlockpt(master)) give_up("no pseudo-terminal");
  const char *name = ptsname(master);
  const int slave = name ? open(name, O_RDWR | O_NOCTTY) : -1;
  if (slave < 0 || tcgetattr(slave, &line)) give_up("no pseudo-terminal");
  line.c_iflag = line.c_oflag = line.c_lflag = 0;
  tcsetattr(slave, TCSANOW, &line);
  fcntl(master, F_SETFL, O_NONBLOCK);
  printf("%s\n", name);
  fflush(stdout);
  return master;
}

// One option with its value; 0 when it is none.
static int take_option(board *b, const char *name, const char *value, unsigned long long *seed) {
  noise *n = &b->noise;
  const struct {
    const char *name;
    double *at;
  } chances[] = {
      {"--flip", &n->flip}, {"--drop", &n->drop}, {"--double", &n->twice}, {"--garbage", &n->garbage}};
  for (size_t k = 0; k < sizeof chances / sizeof chances[0]; k++) {
    if (strcmp(name, chances[k].name) != 0) continue;
    *chances[k].at = strtod(value, NULL);
    return 1;
  }
  if (strcmp(name, "--seed") == 0) return *seed = strtoull(value, NULL, 10), 1;
  if (strcmp(name, "--dead") == 0) return n->dead = strtoull(value, NULL, 10), 1;
  return 0;
}

int main(int argc, char **argv) {
  board b = {.terminal = -1};
  unsigned long long seed = 1;
  const char *library = NULL;
  for (int k = 1; k < argc; k++) {
    if (strcmp(argv[k], "--echo") == 0)
      b.echo = 1;
    else if (k + 1 < argc && take_option(&b, argv[k], argv[k + 1], &seed))
      k++;
    else if (argv[k][0] != '-' && !library)
      library = argv[k];
    else
      give_up(
          "usage: board_sim [--seed S] [--flip P] [--drop P] [--double P] [--garbage P] [--dead N] "
          "LIBRARY | --echo");
  }
  if (!library && !b.echo) give_up("which board? (build/board/NAME/libboard.so)");
  b.noise.random = seed * 0x9E3779B97F4A7C15u | 1;
  if (library) open_library(library, seed, &b.pins);
  b.terminal = open_terminal();
  serve(&b);
}
