// What shells need to complete the words of `loopwright`, made of what `--help` prints.
#ifndef CLI_HELP_COMPLETION_H
#define CLI_HELP_COMPLETION_H

#include "support/text.h"

// Append the scripts: for bash, to be sourced; for zsh, to be found as `_loopwright` in its fpath.
void completion_bash(Text *out);
void completion_zsh(Text *out);

#endif
