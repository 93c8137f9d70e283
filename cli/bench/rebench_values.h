// What rebench_import.c hands to rebench_runs.c: measurements as they stand in a data file, with
// their names as indices. For these two only.
#ifndef CLI_BENCH_REBENCH_VALUES_H
#define CLI_BENCH_REBENCH_VALUES_H

#include "cli/bench/campaign.h"
#include "support/diagnostic.h"

// Names that occurred, in order.
typedef struct RebenchNames {
    ARENA_VECTOR(const char *) names;
    size_t last; // the one that was looked up last, which is mostly wanted again
} RebenchNames;

// What of a measurement is a name.
typedef enum RebenchNameKind {
    REBENCH_EXECUTOR,
    REBENCH_MACHINE,
    REBENCH_SUITE,
    REBENCH_PROGRAM,
    REBENCH_NAME_KINDS
} RebenchNameKind;

typedef struct RebenchValue {
    size_t names[REBENCH_NAME_KINDS]; // indices into the lists
    int invocation, iteration;
    double microseconds;
    bool is_total; // not `runtime`, which counts where there is no total
    int line;
} RebenchValue;

// A file as it was read.
typedef struct RebenchValues {
    RebenchNames lists[REBENCH_NAME_KINDS];
    ARENA_VECTOR(RebenchValue) all;
} RebenchValues;

// Makes them the runs of the campaign and completes it. False after an error.
bool rebench_make_runs(Campaign *campaign, RebenchValues *values, Diagnostics *diagnostics);

#endif
