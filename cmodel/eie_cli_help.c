// SPDX-License-Identifier: Apache-2.0
// Help texts: NAME, SYNOPSIS, DESCRIPTION, OPTIONS, EXIT STATUS, EXAMPLES.
#include "eie_cli_help.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80, TEXT_INDENT = 4, OPTION_COLUMN = 28 };

// Up to the next blank; "[--limit N]" is one word.
static size_t word_length(const char *text) {
  size_t n = strcspn(text, " \n"), group = strcspn(text, "]");
  return text[0] == '[' && text[group] ? group + 1 : n;
}

void eie_cli_wrap(const char *text, unsigned column, unsigned indent) {
  while (*text) {
    if (text[0] == '\n' && text[1] == '\n') {
      printf("\n\n");
      column = 0;
    }
    text += strspn(text, " \n");
    size_t n = word_length(text);
    if (n == 0) break;
    if (column > indent && column + 1 + n > WIDTH) {
      printf("\n");
      column = 0;
    }
    if (column < indent) {
      printf("%*s", (int)(indent - column), "");
      column = indent;
    } else if (column > indent) {
      printf(" ");
      column++;
    }
    printf("%.*s", (int)n, text);
    column += (unsigned)n;
    text += n;
  }
  printf("\n");
}

static void print_option(const eie_option *o) {
  int n = o->letter ? printf("    -%c, --%s", o->letter, o->name) : printf("    --%s", o->name);
  if (o->value) n += printf(" %s", o->value);
  if (n + 2 > OPTION_COLUMN) {
    printf("\n");
    n = 0;
  }
  eie_cli_wrap(o->help, (unsigned)n, OPTION_COLUMN);
}

static const eie_option help_option = {.name = "help", .help = "print this text and end"};

static void print_lines(const char *lines) {
  while (*lines) {
    size_t n = strcspn(lines, "\n");
    printf("    %.*s\n", (int)n, lines);
    lines += n + (lines[n] == '\n');
  }
}

// The lines as they are; one that is too long is wrapped.
static void print_exit_status(const char *lines) {
  while (*lines) {
    char line[512];
    size_t n = strcspn(lines, "\n");
    snprintf(line, sizeof line, "%.*s", (int)n, lines);
    if (n + TEXT_INDENT > WIDTH)
      eie_cli_wrap(line, 0, TEXT_INDENT);
    else
      print_lines(line);
    lines += n + (lines[n] == '\n');
  }
}

int eie_cli_help(const eie_command *command) {
  printf("NAME\n    eie %s - %s\n\nSYNOPSIS\n", command->name, command->summary);
  int n = printf("    eie %s", command->name);
  eie_cli_wrap(command->synopsis, (unsigned)n, (unsigned)n + 1);
  printf("\nDESCRIPTION\n");
  eie_cli_wrap(command->description, 0, TEXT_INDENT);
  printf("\nOPTIONS\n");
  for (uint32_t i = 0; i < command->n_options; i++) print_option(&command->options[i]);
  print_option(&help_option);
  printf("\nEXIT STATUS\n");
  print_exit_status(command->exit_status
                        ? command->exit_status
                        : "0  done\n2  bad use or input; one line on stderr says what, where and what to do");
  if (command->examples) {
    printf("\nEXAMPLES\n");
    print_lines(command->examples);
  }
  return 0;
}
