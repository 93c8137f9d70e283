// A configuration for ReBench (smarr/ReBench) that measures the same campaign: for many machines,
// or with what only ReBench does. What it measures comes back by rebench_import (rebench_data.h),
// under the same names.
#ifndef CLI_BENCH_REBENCH_EXPORT_H
#define CLI_BENCH_REBENCH_EXPORT_H

#include "cli/bench/campaign.h"
#include "cli/bench/peers.h"
#include "support/text.h"

// A program in words: `-cp`, `bench/programs`, `Harness`, `Sieve`, `2`, `100`.
typedef struct RebenchProgram {
    const char *const *words;
    size_t count;
} RebenchProgram;

// How a subject is started: one of the two, or, of a control, none.
typedef struct RebenchSubject {
    const char *flags; // of a variant or an A/A row, as --variant= takes them
    const Peer *peer;
} RebenchSubject;

typedef struct RebenchExport {
    const Campaign *campaign;       // its subjects, programs, runs and layouts
    const RebenchSubject *subjects; // one for each
    const RebenchProgram *programs; // likewise
    const char *loopwright;         // our own executable
    const char *file;               // where the configuration goes to; "-": standard output
} RebenchExport;

// Appends the configuration. What can't be in it, a control or a program that a peer doesn't know,
// is left out with a note on stderr and in the file.
void rebench_export(const RebenchExport *request, Text *out);

#endif
