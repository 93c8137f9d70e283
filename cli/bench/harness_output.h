// What a run says by its exit status and by what it printed, in the lines of Are-We-Fast-Yet's
// harnesses. What a run is worth to a campaign is decided elsewhere (measure.h).
#ifndef CLI_BENCH_HARNESS_OUTPUT_H
#define CLI_BENCH_HARNESS_OUTPUT_H

#include "cli/bench/campaign.h"
#include "support/text.h"

typedef struct HarnessRun {
    RunVerdict verdict;
    const char *reason; // why it isn't verified; NULL if it is
    double *iterations; // microseconds, in order
    size_t count;
} HarnessRun;

// `status` is one of process_run's. What it answers lives in the arena.
HarnessRun harness_read(Arena *arena, int status, const Text *output, const Text *errors);

// The median of the iterations; RUN_NO_FIGURE: there are none.
double harness_median(Arena *arena, const HarnessRun *run);

// Why a program failed, in one line: its error, or the last that it had to say.
const char *harness_failure(Arena *arena, int status, const Text *output, const Text *errors);

#endif
