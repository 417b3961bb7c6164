// SPDX-License-Identifier: Apache-2.0
// Prints the help of a subcommand in the order of a manual page, wrapped to 80 columns.
#ifndef EIE_CLI_HELP_H
#define EIE_CLI_HELP_H

#include "eie_cli.h"

int eie_cli_help(const eie_command *command);  // on stdout; returns 0

// Prints `text` wrapped: `column` is where the cursor is, `indent` where lines begin. An empty line in
// the text ends a paragraph.
void eie_cli_wrap(const char *text, unsigned column, unsigned indent);

#endif
