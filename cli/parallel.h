// Several programs at a time, each with limits of time and of output, so that each comes to an end:
// for programs that are somebody else's, of which any may hang, or print without end. None has any
// input. What an end means is the business of who asks.
#ifndef CLI_PARALLEL_H
#define CLI_PARALLEL_H

#include "support/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

// One of the programs.
typedef struct ParallelProgram {
    char *const *words;    // as process_run takes them; they must live until it has ended
    double seconds;        // the most that it may take,
    size_t output;         // and the most bytes that it may print, both streams together
    const char *directory; // where it is to work; NULL: where we do
    // It is ended as if it were late once this is set, by a signal's handler say; NULL: never.
    const volatile sig_atomic_t *stop;
} ParallelProgram;

typedef enum ParallelEnd {
    PARALLEL_EXITED,
    PARALLEL_KILLED,    // by a signal of its own
    PARALLEL_LATE,      // by us: it took longer
    PARALLEL_TALKATIVE, // likewise: it printed more
    PARALLEL_UNSTARTED,
} ParallelEnd;

// What came of it.
typedef struct ParallelOutcome {
    ParallelEnd end;
    int number;          // the exit status, the signal, or errno
    double seconds;      // that it took, from its start to its end
    Text output, errors; // up to the limit; each NUL in them is a '?'
} ParallelOutcome;

void parallel_outcome_free(ParallelOutcome *outcome);

// The exit status, as process_run answers it: 128 + N where signal N ended it, ours among them; -1
// with errno set where it could not be started.
int parallel_status(const ParallelOutcome *outcome);

// What runs, in order of their indices, `width` at a time: from 1 to CHILDREN_MOST
// (interruption.h).
typedef struct ParallelRuns {
    size_t count, width;
    void *context;
    ParallelProgram (*begin)(void *context, size_t index);
    // What has come of it, which is the caller's to free. False: none after this one is wanted.
    // Comes in any order; but if this one says so, all before it have their turn.
    bool (*end)(void *context, size_t index, ParallelOutcome *outcome);
} ParallelRuns;

// Runs all that are wanted and waits for them. A signal that ends us ends those that run, too.
void parallel_run(const ParallelRuns *runs);

// One alone. The outcome is the caller's to free.
ParallelOutcome parallel_run_one(const ParallelProgram *program);

// How many processors we may use, CHILDREN_MOST at most.
size_t parallel_processors(void);

#endif
