// Runs of the program that is raced, several at a time: the interpreter with a schedule, and what
// became of it. A run has no input, and limits of time and of output, so that each comes to an end.
// What an end means is the business of verdict.h.
#ifndef CLI_RACE_RACE_RUN_H
#define CLI_RACE_RACE_RUN_H

#include "cli/process.h"

#include <stddef.h>
#include <stdint.h>

enum {
    RACE_MOST_JOBS = 64,         // as many children as there may be
    RACE_MOST_OUTPUT = 16 << 20, // bytes; who prints more is ended
};

typedef enum RaceEnd {
    RACE_EXITED,
    RACE_KILLED,        // by a signal of its own
    RACE_OUT_OF_TIME,   // by us
    RACE_TOO_TALKATIVE, // likewise
    RACE_NEVER_STARTED,
} RaceEnd;

typedef struct RaceOutcome {
    RaceEnd end;
    int number; // the exit status, the signal, or errno
    Text output, errors;
} RaceOutcome;

void race_outcome_free(RaceOutcome *outcome);

// What runs, in order of their indices, `jobs` at a time.
typedef struct RaceRuns {
    size_t count;
    int jobs;
    int seconds; // the most that a run may take
    void *context;
    // The words of the run: a program and its arguments, NULL after them. They must live until
    // it has ended.
    char *const *(*begin)(void *context, size_t index);
    // What has come of it, which is the caller's to free. False: none after this one is wanted.
    // Comes in any order; but if this one says so, all before it have their turn.
    bool (*end)(void *context, size_t index, RaceOutcome *outcome);
} RaceRuns;

void race_run_all(const RaceRuns *runs);

// One run.
RaceOutcome race_run(char *const *words, int seconds);

#endif
