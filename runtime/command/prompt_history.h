// The lines of former sessions at the prompt: where they are kept, and by which of the
// editing library's functions. Not for what isn't typed on a terminal.
#ifndef RUNTIME_COMMAND_PROMPT_HISTORY_H
#define RUNTIME_COMMAND_PROMPT_HISTORY_H

#include <stdbool.h>
#include <stdio.h>

// Reads the lines that were kept; `library` is the editing library, which has readline's
// names for it. The file is $SOM_HISTORY (empty: none), else som/history in
// $XDG_STATE_HOME or ~/.local/state. False if there is something else in it, which must
// not be overwritten.
bool prompt_history_read(void *library, FILE *errors);

// Keeps the lines, the last thousand. The file is its owner's alone, and whole at any time.
// A failure, here and above, is reported only if SOM_HISTORY asked for the file.
void prompt_history_write(void *library, FILE *errors);

#endif
