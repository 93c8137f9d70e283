// What must not outlive us when a signal ends the program: files that are temporary, and
// the programs that we wait for. Signals that others send to end a program (SIGHUP, SIGINT,
// SIGTERM and the like) are caught from the first use on, but for those that
// were ignored when we were started; our status is then still that of the signal. Files are
// removed at `exit`, too.
//
// A handler may run between any two instructions, so what it reads is changed with those
// signals blocked, and it calls nothing that POSIX doesn't allow it.
//
// State of the process, as signals are; not for several threads.
#ifndef SUPPORT_INTERRUPTION_H
#define SUPPORT_INTERRUPTION_H

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

// A new, empty folder likewise: `prefix` and six letters. It is removed if all that is in it is.
char *temporary_folder_new(Arena *arena, const char *prefix);

// Makes what is at the path, or will be, a temporary file.
void temporary_adopt(const char *path);

// Removes a temporary file; what is none stays, and NULL is allowed.
void temporary_remove(const char *path);

// Removes all that are left.
void temporary_remove_all(void);

// Renames a temporary file: it is one no more. False with errno set, and the file is
// removed.
bool temporary_rename(const char *path, const char *target);

// How many children there may be at a time.
enum { CHILDREN_MOST = 64 };

// Starts a child with fork, in a process group of its own, which is ended with us. In
// the child, answers 0, with signals as we found them; else as fork does.
pid_t child_fork(void);

// Waits for the child and answers its status, as waitpid gives it; -1 with errno set.
int child_wait(pid_t child);

// Would child_wait answer at once?
bool child_has_ended(pid_t child);

// Ends the child, which has not been waited for, with its whole group, at once and by force.
void child_kill(pid_t child);

#endif
