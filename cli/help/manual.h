// Manual pages, made of what `--help` prints.
#ifndef CLI_HELP_MANUAL_H
#define CLI_HELP_MANUAL_H

#include "cli/command.h"
#include "support/text.h"

// Appends the page of a command, loopwright-NAME(1); of NULL: loopwright(1).
void manual_page(const Command *command, Text *out);

// Appends the page of the default loop's executable, som(1).
void manual_default_loop_page(Text *out);

#endif
