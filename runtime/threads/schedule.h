// A schedule decides which thread runs and when it is stopped, in the place of the system and its
// clock: by numbers that a seed gives, or by a file. So a program with several threads does the
// same whenever it is run with the same schedule, in every interpreter whose policy of polls is the
// same. That makes an error which threads have brought about one that can be run again, and to try
// seeds is a search for such errors (`loopwright race`).
//
// What is decided are *steps*: each poll that is executed while there are several threads, and each
// time when a thread yields, waits or ends. The ways to decide:
//
// - random: a turn lasts up to so many polls, and who is next is drawn among all who could run. How
//   many depends on the seed: 1, 2, 4, … in turn, up to the switch interval, a microsecond being a
//   poll, and to the number of steps that the program is said to have. So of a row of seeds some
//   switch at every poll, and some hardly ever.
// - pct: priorities are drawn, and the highest runs. At `depth - 1` steps, drawn among the first so
//   many, the running thread falls below all others. An error that depends on the order of `depth`
//   steps is found with a known probability (Burckhardt, Kothari, Musuvathi, Nagarakatte: A
//   Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, section 2).
//   Who yields falls, too, and so does who has run for a switch interval while others could have:
//   else a thread that waits in a loop would wait for ever.
// - replay: decisions are read from a file. Where that says nothing a thread goes on, and when it
//   can't the one that has waited longest is next.
//
// The format of files is docs/racing.md's. When time passes is the lock's matter (LockPlan).
#ifndef RUNTIME_THREADS_SCHEDULE_H
#define RUNTIME_THREADS_SCHEDULE_H

#include "runtime/threads/lock.h"

#include <stdio.h>

typedef struct Vm Vm;
typedef struct Schedule Schedule;

typedef enum ScheduleKind {
    SCHEDULE_NONE,
    SCHEDULE_RANDOM,
    SCHEDULE_PCT,
    SCHEDULE_REPLAY
} ScheduleKind;

typedef struct ScheduleOptions {
    ScheduleKind kind;
    uint64_t seed;
    uint64_t depth;     // of pct: one more than there are points of change
    uint64_t length;    // so many steps the program has, as far as one knows; 0: unknown
    const char *replay; // a file's name; "-": standard input
    const char *log;    // where decisions are written; NULL: nowhere
    bool lines;         // and where threads come by
    bool only_total;    // nothing but how many steps there were
    uint64_t most;      // the program ends after so many steps; 0: never
} ScheduleOptions;

// The options are copied, but not their strings. NULL after an error on the machine's error stream:
// a file can't be read, or written, or isn't one.
Schedule *schedule_new(Vm *vm, const ScheduleOptions *options);

// Writes what is left of the log. False if it couldn't be written, which has been reported. Nothing
// is noted from then on.
bool schedule_finish(Schedule *schedule);
void schedule_free(Schedule *schedule);

// What the lock asks. Its seats are those of threads (ThreadState.seat).
const LockPlan *schedule_plan(const Schedule *schedule);

// How many there have been, and whether these are as many as there may be.
uint64_t schedule_steps(const Schedule *schedule);
bool schedule_is_over(const Schedule *schedule);

// ---- Files -----------------------------------------------------------------------------------

// At its own step `count` the thread gives way to another one.
typedef struct ScheduleDecision {
    int64_t thread, next;
    uint64_t count;
} ScheduleDecision;

// Reads a file of decisions, sorted by thread and count; each step is there once. malloc's, NULL if
// there are none. False after errors on `errors`.
bool schedule_read(const char *name, FILE *errors, ScheduleDecision **decisions, size_t *count);

#endif
