// Where the result of a command goes. A file is written beside its place and renamed once
// it is complete: at any time there is the old one or the new one, whole. A disk that is
// full, a limit, a signal leave the old one, and nothing besides (interruption.h).
//
// What is no regular file has nothing to lose, and nothing beside it: a device, a pipe with a
// name, and streams that we were started with are written directly. These are "-" (standard
// output), /dev/stdout, /dev/stderr and /dev/fd/N: to open one anew would empty the file that
// it may lead to.
//
// A link is followed, and stays. A file that is replaced keeps its permissions, and isn't if
// they don't allow writing.
#ifndef SUPPORT_OUTPUT_FILE_H
#define SUPPORT_OUTPUT_FILE_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct OutputFile {
    // What to write: a new file beside the place or, where that is written directly, the
    // place itself. For other programs: it begins with no `-`, but may be "-".
    const char *path;
    const char *target; // the place; NULL: it is written directly
    mode_t mode;
} OutputFile;

// Begins an output to `name`; strings live in the arena. False with errno set if it can't
// be written there. Whoever began must finish or abandon it.
bool output_file_begin(OutputFile *output, Arena *arena, const char *name);

// Writes a text to `path`. False with errno set; to be abandoned, then.
bool output_file_put(const OutputFile *output, const Text *text);

// Puts what was written to `path` into its place, as a program if it is `executable`. False
// with errno set; the place is as it was, then.
bool output_file_finish(const OutputFile *output, bool executable);

// Leaves the place as it was.
void output_file_abandon(const OutputFile *output);

// Writes a whole text to `name`, the steps above in one. False with errno set.
bool output_file_write(const char *name, const Text *text);

// For what grows while a program runs, and should be there if that is ended, such as a trace: opens
// what `name` means, as above, but a file itself, which is emptied. The descriptor, to be closed;
// -1 with errno set.
int output_file_open(const char *name);
// Appends a text. False with errno set.
bool output_file_append(int file, const Text *text);

#endif
