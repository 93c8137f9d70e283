// Several programs at a time, each with an end to its patience: for programs that are somebody
// else's, of which any may hang, or print without end.
#ifndef CLI_PARALLEL_H
#define CLI_PARALLEL_H

#include "support/text.h"

#include <stdbool.h>

// What is kept of each stream of a program; the rest is read and dropped.
enum { PARALLEL_KEPT = 64 << 10 };

// One of the programs.
typedef struct ParallelRun {
    char *const *argv; // as process_run takes it
    double patience;   // in seconds: if it takes longer, it is ended by force
    // What came of it.
    int status;          // as process_run answers it
    int error;           // the errno, if that is -1
    bool is_late;        // it was ended for its time's sake
    double seconds;      // that it took, from its start to its end
    Text output, errors; // the caller's to free
} ParallelRun;

// Runs all, `width` at a time, in their order, and waits for them. `ended` is called after each,
// with how many have ended. A signal that ends us ends those that run, too.
void parallel_run(ParallelRun *runs, size_t count, size_t width, void (*ended)(size_t done));

// How many processors we may use, CHILDREN_MOST at most (interruption.h).
size_t parallel_processors(void);

#endif
