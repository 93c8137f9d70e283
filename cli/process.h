// Running other programs: the LLVM helpers, the system's cc, emitted interpreters. Always by
// a list of words and never through a shell, so that no path needs quoting.
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>

// Runs argv[0] (looked up in PATH) with the NULL-terminated arguments and waits. What
// it prints to stdout goes to `output`, to stderr to `errors`; NULL leaves the stream
// as ours. Standard input is empty. A signal that ends us ends it, too. Returns its exit
// status, 128 + N if signal N ended it, or -1 with errno set if it could not be started.
int process_run(char *const argv[], Text *output, Text *errors);

// A program that was started by process_start: its number, and what to read of it. The ends of
// pipes are the caller's to close; -1: the stream is ours.
typedef struct Process {
    int id; // for child_wait (interruption.h)
    int output, errors;
} Process;

// What a program is started with.
typedef struct ProcessStart {
    char *const *words;    // as process_run takes them
    const char *directory; // where it is to work, and where a relative words[0] with a slash is
                           // looked for; NULL: where we do
    bool output, errors;   // which of its streams are to be read; the others are ours
} ProcessStart;

// Starts a program as process_run does, without waiting: false with errno set if it can't be.
bool process_start(const ProcessStart *start, Process *process);

// The exit status, as process_run answers it, of what child_wait has answered.
int process_status(int waited);

// The program that process_run would start for that name, as an absolute path, so that it can be
// started from another directory as well. NULL: there is none.
const char *process_find(Arena *arena, const char *name);

// A path as an argument of another program, which might take one that begins with `-`
// for an option: `./` comes in front. "-" alone stays.
const char *process_path(Arena *arena, const char *path);

// The folder that our own executable stands in, found once; ends without a slash.
const char *process_own_folder(void);

#endif
