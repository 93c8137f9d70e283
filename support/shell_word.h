// Words in commands for a shell: those that are shown, to be copied, those that /bin/sh is given,
// and those that somebody wrote as for a shell, where there is none.
#ifndef SUPPORT_SHELL_WORD_H
#define SUPPORT_SHELL_WORD_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>

// Appends the word so that a shell takes it as it is: in quotes, where it needs any.
void text_add_shell_word(Text *text, const char *word);

// Words, ended by a NULL.
typedef struct ShellWords {
    char **items;
    size_t count;
} ShellWords;

// Takes a text apart as a shell does into words: at blanks and ends of lines, with '…', "…" and \c.
// Nothing else means anything: `$`, `*` and `|` are characters of words. NULL if that is done;
// else where the quotes begin, or the backslash stands, that have no end.
const char *shell_words_split(Arena *arena, const char *text, ShellWords *words);

#endif
