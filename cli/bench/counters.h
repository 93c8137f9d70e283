// The processor's counters for a program that is run: instructions, cycles, branch misses, in user
// mode, by the kernel's perf events. Virtual machines mostly have none.
#ifndef CLI_BENCH_COUNTERS_H
#define CLI_BENCH_COUNTERS_H

#include <stdbool.h>

enum { COUNTERS = 3 };

typedef struct Counters {
    int files[COUNTERS]; // perf events; -1: none
} Counters;

// What was counted; RUN_NO_FIGURE where there is nothing.
typedef struct CounterFigures {
    double instructions, cycles, branch_misses;
} CounterFigures;

// From now on programs that this process starts are counted, from their `exec` on. What can't be
// counted isn't.
void counters_begin(Counters *counters);

// Ends it, and answers what those that have ended since then did.
CounterFigures counters_end(Counters *counters);

// Why nothing can be counted here, for people; NULL: it can.
const char *counters_missing(void);

#endif
