// The prompt's input: reading lines, on a terminal with editing and history, until they
// are a whole input. Nothing here knows a machine.
#ifndef RUNTIME_COMMAND_PROMPT_INPUT_H
#define RUNTIME_COMMAND_PROMPT_INPUT_H

#include "support/text.h"

#include <stdbool.h>
#include <stdio.h>

// An input has at most so many bytes.
enum { PROMPT_INPUT_MOST = 16 << 20 };

typedef struct PromptInput {
    FILE *stream;
    bool is_terminal;
    int line;      // how many lines were read
    bool too_long; // an input had more than PROMPT_INPUT_MOST bytes
    // libedit, if it is there: NULL otherwise
    void *library;
    bool keeps_history;
    char *(*read_line)(const char *prompt);
    int (*remember)(const char *line);
} PromptInput;

// Begins to read a stream; failures are reported to `errors`. If it and standard output are
// terminals, libedit is loaded; only then, so that other programs don't pay for it (about a
// millisecond of their start). Without libedit lines are read as they come.
void prompt_input_begin(PromptInput *input, FILE *stream, FILE *errors);

// Ends it: the history is kept.
void prompt_input_end(PromptInput *input, FILE *errors);

// Appends the next input (nothing, if it was interrupted: signals.h) to `text`: lines until they
// are whole, or until the stream ends. `first` becomes the number of its first line. False at the
// end of the stream, and when the input is too long.
bool prompt_input_read(PromptInput *input, Text *text, int *first);

// How far an input was looked at; zeroed at its beginning.
typedef struct PromptScan {
    size_t at, open; // bytes, brackets
    int last;        // the kind of the last token; 0: none
    char inside;     // the quote of a string or comment that didn't end; 0: none
} PromptScan;

// Looks at the lines that were added to an input. Whether nothing is missing at its end: a
// closing bracket, the end of a string or of a comment, or what has to follow a keyword, an
// operator, `:=` or `^`.
bool prompt_input_scan(PromptScan *scan, const char *chars, size_t length);

// Whether there are only blanks and comments.
bool prompt_input_is_blank(const char *chars, size_t length);

// Whether it begins as a class definition does: a name with a capital, `=`, perhaps
// another name, `(`.
bool prompt_input_begins_class(const char *chars, size_t length);

#endif
