// Words in commands for a shell: those that are shown, to be copied, and those that /bin/sh is
// given.
#ifndef SUPPORT_SHELL_WORD_H
#define SUPPORT_SHELL_WORD_H

#include "support/text.h"

// Appends the word so that a shell takes it as it is: in quotes, where it needs any.
void text_add_shell_word(Text *text, const char *word);

#endif
