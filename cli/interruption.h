// What must not outlive us when a signal ends the program: files that are temporary or
// not finished, and the program that we wait for. Signals that end a program by default
// (SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU) are caught from the first use on,
// but for those that were ignored when we were started; our status is then still that
// of the signal. Files are removed at `exit`, too.
//
// State of the process, as signals are; not for several threads.
#ifndef CLI_INTERRUPTION_H
#define CLI_INTERRUPTION_H

#include "support/arena.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

// Puts off those signals, for what must not be left half done; answers what was put off
// before. Nests.
sigset_t interruption_hold(void);
void interruption_release(const sigset_t *before);

// A new, empty file that only its owner may use: `prefix`, six letters, `suffix`. It is
// removed if a signal ends us. NULL with errno set; the path lives in the arena.
char *temporary_file(Arena *arena, const char *prefix, const char *suffix);

// The folder for temporary files: $TMPDIR, else /tmp. It begins with no `-`.
const char *temporary_folder(Arena *arena);

// Removes a temporary file. NULL is allowed.
void temporary_remove(const char *path);

// Renames a temporary file: it is one no more. False with errno set, and the file is
// removed.
bool temporary_rename(const char *path, const char *target);

// Has a file that is about to be written removed if a signal ends us, until
// `unfinished_done`. Does nothing about one that is there and is no regular file.
void unfinished_begin(const char *path);
void unfinished_done(const char *path);

// Starts a child with fork, in a process group of its own, which is ended with us. In
// the child, answers 0, with signals as we found them; else as fork does. At most one
// child at a time.
pid_t child_fork(void);

// Waits for the child and answers its status, as waitpid gives it; -1 with errno set.
int child_wait(pid_t child);

#endif
