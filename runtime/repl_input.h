// The REPL's input: reading lines, on a terminal with editing and history, until they
// are a whole input. Nothing here knows a machine.
#ifndef RUNTIME_REPL_INPUT_H
#define RUNTIME_REPL_INPUT_H

#include "support/text.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct ReplInput {
    FILE *stream;
    bool is_terminal;
    int line; // how many lines were read
    // libedit, if it is there: NULL otherwise
    char *(*read_line)(const char *prompt);
    int (*remember)(const char *line);
} ReplInput;

// Begins to read a stream. If it and standard output are terminals, libedit is loaded;
// only then, so that other programs don't pay for it (about a millisecond of their start).
// Without libedit lines are read as they come.
void repl_input_begin(ReplInput *input, FILE *stream);

// Appends the next input to `text`: lines until they are whole, or until the stream
// ends. `first` becomes the number of its first line. False at the end of the stream.
bool repl_input_read(ReplInput *input, Text *text, int *first);

// Whether nothing is missing at the end of these bytes: a closing bracket, the end of a
// string or of a comment, or what has to follow a keyword, an operator, `:=` or `^`.
bool repl_input_is_whole(const char *chars, size_t length);

// Whether there are only blanks and comments.
bool repl_input_is_blank(const char *chars, size_t length);

// Whether it begins as a class definition does: a name with a capital, `=`, perhaps
// another name, `(`.
bool repl_input_begins_class(const char *chars, size_t length);

#endif
